/** The settings of sockets, timers and paths that say what they wait for. Each kind shares one list. */

import type { SettingValue, Unit } from './unit.ts';

const listenSettings = [
  'ListenStream',
  'ListenDatagram',
  'ListenSequentialPacket',
  'ListenFIFO',
  'ListenNetlink',
  'ListenSpecial',
  'ListenMessageQueue',
  'ListenUSBFunction',
];

const timerSettings = [
  'OnCalendar',
  'OnActiveSec',
  'OnBootSec',
  'OnStartupSec',
  'OnUnitActiveSec',
  'OnUnitInactiveSec',
];

const pathSettings = ['PathExists', 'PathExistsGlob', 'PathChanged', 'PathModified', 'DirectoryNotEmpty'];

/** What a socket listens on. */
export function listenAddresses(unit: Unit): readonly SettingValue[] {
  return unit.sharedList('Socket', listenSettings);
}

/** When a timer elapses. */
export function timerValues(unit: Unit): readonly SettingValue[] {
  return unit.sharedList('Timer', timerSettings);
}

/** What a path unit watches. */
export function watchedPaths(unit: Unit): readonly SettingValue[] {
  return unit.sharedList('Path', pathSettings);
}

/** True for a socket that starts an instance for each connection. */
export function isAccepting(unit: Unit): boolean {
  return unit.boolean('Socket', 'Accept') === true;
}

/** True if a socket has an address that it cannot accept connections on, whatever Accept= says. */
export function hasUnacceptable(unit: Unit): boolean {
  return listenAddresses(unit).some(({ entry }) => !/Stream|SequentialPacket/.test(entry.key));
}

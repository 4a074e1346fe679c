/**
 * What the manager demands of a unit once all its files are read; a unit that does not meet it gets the load state
 * `bad-setting` (seen on 252, 257 and 262). One row a demand.
 */

import type { UnitType } from '../formats/unit/directives.ts';
import { splitWords } from '../formats/unit/settings/grammar.ts';
import { escapeUnitPath } from '../formats/unit/settings/unit-name.ts';
import type { Place } from '../problems/problem.ts';
import { serviceType } from './service-type.ts';
import type { Unit } from './unit.ts';

interface Demand {
  readonly types: readonly UnitType[];
  /** True if the unit is refused. */
  readonly isBroken: (unit: Unit) => boolean;
  readonly message: string;
  /** The setting to blame if it is there; else the whole unit. */
  readonly setting?: string;
}

const listenSettings = [
  'ListenStream',
  'ListenDatagram',
  'ListenSequentialPacket',
  'ListenFIFO',
  'ListenNetlink',
  'ListenSpecial',
  'ListenMessageQueue',
  'ListenUSBFunction',
] as const;

/** Paths that systemd mounts itself or that it leaves alone; a mount unit for one is refused. */
const apiMountPoints = ['/proc', '/sys', '/dev', '/dev/shm', '/dev/pts', '/run'];

const demands: readonly Demand[] = [
  {
    types: ['service'],
    isBroken: (unit) => !has(unit, 'ExecStart') && !has(unit, 'ExecStop') && !hasSuccessAction(unit),
    message: 'The service has neither ExecStart= nor ExecStop= nor SuccessAction=',
  },
  {
    types: ['service'],
    isBroken: (unit) => serviceType(unit) !== 'oneshot' && !has(unit, 'ExecStart'),
    message: 'The service has no ExecStart=, which only Type=oneshot may lack',
  },
  {
    types: ['service'],
    isBroken: (unit) =>
      !has(unit, 'ExecStart') && !hasSuccessAction(unit) && unit.boolean('Service', 'RemainAfterExit') !== true,
    message: 'The service has neither ExecStart= nor SuccessAction= nor RemainAfterExit=yes',
  },
  {
    types: ['service'],
    isBroken: (unit) => serviceType(unit) !== 'oneshot' && commandCount(unit, 'ExecStart') > 1,
    message: 'Several ExecStart= are allowed with Type=oneshot only',
    setting: 'ExecStart',
  },
  {
    types: ['service'],
    isBroken: (unit) =>
      serviceType(unit) === 'oneshot' && ['always', 'on-success'].includes(unit.text('Service', 'Restart') ?? ''),
    message: 'Restart= cannot be "always" or "on-success" with Type=oneshot',
    setting: 'Restart',
  },
  {
    types: ['service'],
    isBroken: (unit) =>
      serviceType(unit) === 'oneshot' && unit.list('Service', 'RestartForceExitStatus').some(isNotEmpty),
    message: 'RestartForceExitStatus= does not go with Type=oneshot',
    setting: 'RestartForceExitStatus',
  },
  {
    types: ['service'],
    isBroken: (unit) => serviceType(unit) === 'dbus' && unit.last('Service', 'BusName') === undefined,
    message: 'Type=dbus needs BusName=',
    setting: 'Type',
  },
  {
    types: ['service', 'socket', 'mount', 'swap'],
    isBroken: (unit) =>
      unit.last(unit.ownSection, 'PAMName') !== undefined &&
      !['control-group', 'mixed'].includes(unit.text(unit.ownSection, 'KillMode') ?? 'control-group'),
    message: 'PAMName= demands KillMode=control-group or mixed',
    setting: 'KillMode',
  },
  {
    types: ['socket'],
    isBroken: (unit) => listenSettings.every((key) => !has(unit, key)),
    message: 'The socket has no Listen…=',
  },
  {
    types: ['socket'],
    isBroken: (unit) =>
      isAccepting(unit) && listenSettings.some((key) => !/Stream|SequentialPacket/.test(key) && has(unit, key)),
    message: 'Accept=yes goes with ListenStream= and ListenSequentialPacket= only',
    setting: 'Accept',
  },
  {
    types: ['socket'],
    isBroken: (unit) => isAccepting(unit) && unit.text('Socket', 'MaxConnections') === '0',
    message: 'MaxConnections=0 does not go with Accept=yes',
    setting: 'MaxConnections',
  },
  {
    types: ['socket'],
    isBroken: (unit) => isAccepting(unit) && unit.last('Socket', 'Service') !== undefined,
    message: 'Service= does not go with Accept=yes',
    setting: 'Service',
  },
  {
    types: ['socket'],
    isBroken: (unit) => has(unit, 'Symlinks') && fileNodeCount(unit) !== 1,
    message: 'Symlinks= needs exactly one FIFO or socket in the file system',
    setting: 'Symlinks',
  },
  {
    types: ['timer'],
    isBroken: (unit) =>
      ['OnCalendar', 'OnActiveSec', 'OnBootSec', 'OnStartupSec', 'OnUnitActiveSec', 'OnUnitInactiveSec'].every(
        (key) => !has(unit, key),
      ) &&
      unit.boolean('Timer', 'OnClockChange') !== true &&
      unit.boolean('Timer', 'OnTimezoneChange') !== true,
    message: 'The timer has no On…=',
  },
  {
    types: ['path'],
    isBroken: (unit) =>
      ['PathExists', 'PathExistsGlob', 'PathChanged', 'PathModified', 'DirectoryNotEmpty'].every(
        (key) => !has(unit, key),
      ),
    message: 'The path unit watches nothing',
  },
  {
    types: ['mount', 'automount'],
    isBroken: (unit) => !matchesName(unit, 'Where'),
    message: 'Where= does not fit the name of the unit',
    setting: 'Where',
  },
  {
    types: ['mount'],
    isBroken: (unit) => apiMountPoints.includes(expanded(unit, 'Where') ?? ''),
    message: 'systemd mounts this path itself',
    setting: 'Where',
  },
  {
    types: ['mount'],
    isBroken: (unit) => unit.files.length > 0 && unit.last('Mount', 'What') === undefined,
    message: 'The mount unit has no What=',
  },
  {
    types: ['swap'],
    isBroken: (unit) => unit.last('Swap', 'What') === undefined || !matchesName(unit, 'What'),
    message: 'What= does not fit the name of the unit',
    setting: 'What',
  },
  {
    types: ['slice'],
    isBroken: (unit) => unit.name !== '-.slice' && /^-|--|-\.slice$|@/.test(unit.name),
    message: 'This is no name of a slice',
  },
];

/** The first demand that a unit with all its files does not meet. */
export function verifyUnit(unit: Unit): { readonly place: Place; readonly message: string } | undefined {
  for (const demand of demands) {
    if (!demand.types.includes(unit.type) || !demand.isBroken(unit)) continue;
    const blamed = demand.setting === undefined ? undefined : unit.all(unit.ownSection, demand.setting).at(-1);
    return { place: blamed === undefined ? unit.filePlace : unit.place(blamed), message: demand.message };
  }
  return undefined;
}

function isNotEmpty(value: { readonly entry: { readonly value: string } }): boolean {
  return value.entry.value !== '';
}

function has(unit: Unit, key: string): boolean {
  return unit.list(unit.ownSection, key).length > 0;
}

function hasSuccessAction(unit: Unit): boolean {
  return (unit.text('Unit', 'SuccessAction') ?? 'none') !== 'none';
}

function commandCount(unit: Unit, key: string): number {
  let count = 0;
  for (const { entry } of unit.list('Service', key)) count += / ; /.test(entry.value) ? 2 : 1;
  return count;
}

/** True for a socket that starts an instance for each connection. */
export function isAccepting(unit: Unit): boolean {
  return unit.boolean('Socket', 'Accept') === true;
}

function fileNodeCount(unit: Unit): number {
  let count = unit.list('Socket', 'ListenFIFO').length;
  for (const key of ['ListenStream', 'ListenDatagram', 'ListenSequentialPacket']) {
    for (const { entry } of unit.list('Socket', key)) if (/^[/%]/.test(entry.value)) count += 1;
  }
  return count;
}

function expanded(unit: Unit, key: string): string | undefined {
  const text = unit.text(unit.ownSection, key);
  const result = text === undefined ? undefined : unit.expand(text);
  return result?.kind === 'value' ? result.value : undefined;
}

/** Mounts, automounts and swaps are named after their path; an unset Where= is taken from the name. */
function matchesName(unit: Unit, key: string): boolean {
  const path = expanded(unit, key);
  if (path === undefined) return true;
  const escaped =
    splitWords(path, { backslash: 'keep', unquote: false }).words.length === 0 ? undefined : escapeUnitPath(path);
  return escaped === undefined || unit.names.includes(`${escaped}.${unit.type}`);
}

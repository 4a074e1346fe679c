/**
 * What the manager demands of a unit once all its files are read; a unit that does not meet it gets the load state
 * `bad-setting` (seen on 252, 257 and 262). One row a demand.
 */

import { type UnitType, unitTypes } from '../formats/unit/directives.ts';
import { parseExecLine } from '../formats/unit/settings/exec-line.ts';
import { splitWords } from '../formats/unit/settings/grammar.ts';
import { escapeUnitPath, parseUnitName } from '../formats/unit/settings/unit-name.ts';
import type { Place } from '../problems/problem.ts';
import type { Behaviour, Systemd } from '../versions/systemd.ts';
import { hasUnacceptable, isAccepting, listenAddresses, timerValues, watchedPaths } from './activation-settings.ts';
import { busName, serviceType } from './service-type.ts';
import type { Unit } from './unit.ts';

interface Demand {
  readonly types: readonly UnitType[];
  /** True if the unit is refused. */
  readonly isBroken: (unit: Unit, systemd: Systemd) => boolean;
  readonly message: string;
  /** The setting to blame if it is there; else the whole unit. */
  readonly setting?: string;
  /** Implied dependencies are added between: those demands that are checked before leave a refused unit without any. */
  readonly when?: 'before-implied' | 'last';
  /** The demand came with this behaviour. */
  readonly needs?: Behaviour;
  /** The demand was dropped with this behaviour. */
  readonly until?: Behaviour;
  /** Before this behaviour the demand was checked with the others. */
  readonly isCheckedLaterBefore?: Behaviour;
}

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
    isBroken: (unit, systemd) => serviceType(unit) !== 'oneshot' && commandCount(unit, 'ExecStart', systemd) > 1,
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
    until: 'unit-oneshot-may-force-restart',
  },
  {
    types: ['service'],
    isBroken: (unit) => serviceType(unit) === 'dbus' && busName(unit) === undefined,
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
    when: 'before-implied',
    isCheckedLaterBefore: 'unit-contexts-verified-first',
  },
  {
    types: ['service', 'socket', 'mount', 'swap'],
    isBroken: (unit) =>
      unit.boolean(unit.ownSection, 'DynamicUser') === true &&
      /^-?~$/.test(unit.text(unit.ownSection, 'WorkingDirectory') ?? ''),
    message: 'WorkingDirectory=~ does not go with DynamicUser=yes',
    setting: 'WorkingDirectory',
    when: 'before-implied',
    needs: 'unit-refuses-home-of-dynamic-user',
  },
  {
    types: ['socket'],
    isBroken: (unit) => listenAddresses(unit).length === 0,
    message: 'The socket has no Listen…=',
  },
  {
    types: ['socket'],
    isBroken: (unit) => isAccepting(unit) && hasUnacceptable(unit),
    message: 'Accept=yes goes with ListenStream= and ListenSequentialPacket= only',
    setting: 'Accept',
  },
  {
    types: ['socket'],
    isBroken: (unit, systemd) =>
      unit.text('Socket', 'MaxConnections') === '0' &&
      (isAccepting(unit) || systemd.has('unit-refuses-no-connections')),
    message: 'MaxConnections= must be greater than 0',
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
      timerValues(unit).length === 0 &&
      unit.boolean('Timer', 'OnClockChange') !== true &&
      unit.boolean('Timer', 'OnTimezoneChange') !== true,
    message: 'The timer has no On…=',
  },
  {
    types: ['path'],
    isBroken: (unit) => watchedPaths(unit).length === 0,
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
    isBroken: (unit) => !matchesName(unit, 'What'),
    message: 'What= does not fit the name of the unit',
    setting: 'What',
  },
  {
    types: unitTypes,
    isBroken: (unit) => unit.text('Unit', 'OnFailureJobMode') === 'isolate' && wordCount(unit, 'OnFailure') > 1,
    message: 'OnFailureJobMode=isolate goes with one unit in OnFailure= only',
    when: 'last',
  },
];

/** When demands are checked: early ones, those of the type, and what follows when everything else is good. */
const moments: readonly Demand['when'][] = ['before-implied', undefined, 'last'];

/** The first demand that a unit with all its files does not meet. */
export function verifyUnit(
  unit: Unit,
  systemd: Systemd,
): { readonly place: Place; readonly message: string; readonly when: Demand['when'] } | undefined {
  for (const moment of moments) {
    for (const demand of demands) {
      if (!demand.types.includes(unit.type) || (demand.until !== undefined && systemd.has(demand.until))) continue;
      if (demand.needs !== undefined && !systemd.has(demand.needs)) continue;
      const isLater = demand.isCheckedLaterBefore !== undefined && !systemd.has(demand.isCheckedLaterBefore);
      if ((isLater ? undefined : demand.when) !== moment || !demand.isBroken(unit, systemd)) continue;
      const blamed = demand.setting === undefined ? undefined : unit.all(unit.ownSection, demand.setting).at(-1);
      const place = blamed === undefined ? unit.filePlace : unit.place(blamed);
      return { place, message: demand.message, when: moment };
    }
  }
  return undefined;
}

function isNotEmpty(value: { readonly entry: { readonly value: string } }): boolean {
  return value.entry.value !== '';
}

function has(unit: Unit, key: string): boolean {
  return unit.usable(unit.ownSection, key).length > 0;
}

function hasSuccessAction(unit: Unit): boolean {
  return (unit.text('Unit', 'SuccessAction') ?? 'none') !== 'none';
}

/** How many other units a setting of [Unit] names. */
function wordCount(unit: Unit, key: string): number {
  const words = unit.all('Unit', key).flatMap(({ entry }) => entry.value.split(/[ \t]+/));
  const names = words.filter((word) => (word.includes('%') || parseUnitName(word)) && !unit.names.includes(word));
  return new Set(names).size;
}

function commandCount(unit: Unit, key: string, systemd: Systemd): number {
  let count = 0;
  for (const { entry } of unit.usable('Service', key))
    count += parseExecLine(entry.value, { systemd, key }).commands.length;
  return count;
}

function fileNodeCount(unit: Unit): number {
  return listenAddresses(unit).filter(
    ({ entry }) =>
      entry.key === 'ListenFIFO' || (/Stream|Datagram|SequentialPacket/.test(entry.key) && /^[/%]/.test(entry.value)),
  ).length;
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

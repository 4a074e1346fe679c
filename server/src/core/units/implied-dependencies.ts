/**
 * The dependencies that nobody writes: what the manual pages list under "Implicit Dependencies" and "Default Dependencies".
 * One row each, with the setting that is the reason. Those that paths imply are in mounts-for.ts, those of targets on what
 * they pull in are in target-orderings.ts.
 */

import type { UnitType } from '../formats/unit/directives.ts';
import { parseBoolean } from '../formats/unit/settings/boolean.ts';
import { escapeUnitName, escapeUnitPath, parseUnitName } from '../formats/unit/settings/unit-name.ts';
import type { Place } from '../problems/problem.ts';
import type { Behaviour, Systemd } from '../versions/systemd.ts';
import { hasUnacceptable, isAccepting, timerValues } from './activation-settings.ts';
import type { DependencyHost, FoundDependency } from './dependencies.ts';
import {
  isBindMount,
  isExtrinsicMount,
  isNetworkMount,
  mountOptions,
  mountPoint,
  mountSource,
} from './mount-options.ts';
import { busName, serviceType } from './service-type.ts';
import { hasDefaultDependencies } from './target-orderings.ts';
import type { DependencyKind, SettingValue, Unit } from './unit.ts';

/** What a row's condition finds: the setting that is the reason, or only that it holds. */
type Reason = SettingValue | boolean | undefined;

interface ImpliedRow {
  readonly types: readonly UnitType[];
  /** Also demands that the unit has default dependencies, which is then the reason that is given. */
  readonly byDefault?: true;
  readonly when?: (unit: Unit, host: DependencyHost) => Reason;
  /** `Kind name` pairs between commas, or what yields them. */
  readonly adds: string | ((unit: Unit, host: DependencyHost) => readonly string[]);
  /** The manual page's reason; default: the setting that `when` returns, or DefaultDependencies=. */
  readonly because?: string;
  /** Added before the unit is checked for the first time, so that refused units have it too. */
  readonly isEarly?: true;
  /** Does not hold from this behaviour on. */
  readonly until?: Behaviour;
}

const executing: readonly UnitType[] = ['service', 'socket', 'mount', 'swap'];
const withSlice: readonly UnitType[] = ['service', 'socket', 'mount', 'swap', 'slice', 'scope'];

const rows: readonly ImpliedRow[] = [
  // systemd.service(5)
  {
    types: ['service'],
    byDefault: true,
    adds: 'Requires sysinit.target, After sysinit.target, After basic.target, Conflicts shutdown.target, Before shutdown.target',
  },
  {
    types: ['service'],
    when: (unit) => (serviceType(unit) === 'dbus' ? busName(unit) : undefined),
    adds: 'Requires dbus.socket, After dbus.socket',
  },
  // systemd.socket(5)
  {
    types: ['socket'],
    byDefault: true,
    adds: 'Before sockets.target, Requires sysinit.target, After sysinit.target, Conflicts shutdown.target, Before shutdown.target',
  },
  { types: ['socket'], when: (unit) => unit.last('Socket', 'BindToDevice'), adds: boundInterface },
  // systemd.timer(5)
  {
    types: ['timer'],
    byDefault: true,
    adds: 'Before timers.target, Requires sysinit.target, After sysinit.target, Conflicts shutdown.target, Before shutdown.target',
  },
  {
    types: ['timer'],
    byDefault: true,
    when: (unit) => timerValues(unit).findLast(({ entry }) => entry.key === 'OnCalendar'),
    adds: 'After time-set.target, After time-sync.target',
  },
  // systemd.path(5)
  {
    types: ['path'],
    byDefault: true,
    adds: 'Before paths.target, Requires sysinit.target, After sysinit.target, Conflicts shutdown.target, Before shutdown.target',
  },
  // systemd.target(5), systemd.slice(5), systemd.scope(5)
  { types: ['target'], byDefault: true, adds: 'Conflicts shutdown.target, Before shutdown.target' },
  {
    types: ['slice'],
    byDefault: true,
    when: (unit) => unit.name !== '-.slice' && unit.name !== 'system.slice',
    because: 'DefaultDependencies=',
    adds: 'Conflicts shutdown.target, Before shutdown.target',
  },
  // systemd.mount(5), systemd.automount(5), systemd.swap(5)
  { types: ['mount'], byDefault: true, when: isPassing, because: 'DefaultDependencies=', adds: mountOrder },
  {
    types: ['mount'],
    byDefault: true,
    when: (unit) => isPassing(unit) && isNetworkMount(unit),
    because: '_netdev or a network file system',
    adds: 'After network.target, Wants network-online.target, After network-online.target',
  },
  {
    types: ['mount'],
    byDefault: true,
    when: (unit) => isPassing(unit) && unit.text('Mount', 'Type') === 'tmpfs',
    because: 'Type=tmpfs',
    adds: 'After swap.target',
  },
  { types: ['mount'], when: (unit) => unit.last('Mount', 'What'), adds: mountedDevice },
  {
    types: ['mount'],
    when: (unit) => unit.last('Mount', 'Options'),
    adds: quotaServices,
    until: 'fstab-makes-quota-units',
  },
  {
    types: executing,
    when: (unit, host) => privateTmp(host, unit)?.isConnected,
    because: 'PrivateTmp=',
    until: 'unit-wants-mounts-for',
    adds: 'Wants tmp.mount, After tmp.mount',
  },
  {
    types: ['automount'],
    byDefault: true,
    adds: 'After local-fs-pre.target, Before local-fs.target, Conflicts umount.target, Before umount.target',
  },
  {
    types: ['swap'],
    byDefault: true,
    // A container has no swaps of its own.
    when: (_, host) => host.inputs.environment.container !== true,
    because: 'DefaultDependencies=',
    adds: 'Before swap.target, Conflicts umount.target, Before umount.target',
  },
  { types: ['swap'], when: (unit) => unit.last('Swap', 'What'), adds: swapDevice },
  // systemd.exec(5)
  {
    types: executing,
    when: (unit) =>
      ['StateDirectory', 'CacheDirectory', 'LogsDirectory']
        .map((key) => unit.list(unit.ownSection, key).at(0))
        .find((value) => value !== undefined),
    adds: 'After systemd-remount-fs.service',
  },
  {
    types: executing,
    when: (unit, host) => privateTmp(host, unit)?.isConnected,
    because: 'PrivateTmp=',
    adds: 'After systemd-tmpfiles-setup.service',
  },
  { types: executing, when: (unit) => unit.last(unit.ownSection, 'RootImage'), adds: 'After systemd-udevd.service' },
  {
    types: executing,
    when: usesLoopDevices,
    isEarly: true,
    adds: ['loop', 'dm_mod', 'dm_verity']
      .flatMap((module) => [`Wants modprobe@${module}.service`, `After modprobe@${module}.service`])
      .join(', '),
  },
  { types: executing, when: (unit) => unit.last(unit.ownSection, 'LogNamespace'), adds: logNamespace },
  {
    types: executing,
    when: (unit) => logNamespaceOf(unit) === undefined && logsToJournal(unit),
    because: 'StandardOutput=',
    adds: 'After systemd-journald.socket',
  },
  // systemd.resource-control(5)
  {
    types: withSlice,
    when: (unit) =>
      ['ManagedOOMSwap', 'ManagedOOMMemoryPressure']
        .map((key) => unit.last(unit.ownSection, key))
        .find((value) => value?.entry.value === 'kill'),
    adds: 'Wants systemd-oomd.service, After systemd-oomd.service',
  },
];

/** All implied dependencies of a unit, in the order of the table; `early`: only those that a unit refused early has. */
export function impliedDependencies(
  host: DependencyHost,
  unit: Unit,
  extent: 'all' | 'early' = 'all',
): readonly FoundDependency[] {
  const found: FoundDependency[] = [];
  const { systemd } = host.inputs;
  for (const row of rows) {
    if (!row.types.includes(unit.type) || (extent === 'early' && row.isEarly !== true)) continue;
    if (executing.includes(unit.type) && row.types === executing && !isExecuting(unit)) continue;
    if (row.byDefault && !hasDefaultDependencies(unit)) continue;
    if (row.until !== undefined && systemd.has(row.until)) continue;
    const reason = row.when === undefined ? true : row.when(unit, host);
    if (reason === undefined || reason === false) continue;
    const place = reason === true ? unit.filePlace : unit.place(reason);
    const implied = row.because ?? (reason === true ? 'DefaultDependencies=' : `${reason.entry.key}=`);
    const adds = typeof row.adds === 'string' ? row.adds.split(', ') : row.adds(unit, host);
    for (const added of adds) {
      const cut = added.indexOf(' ');
      found.push({ kind: added.slice(0, cut) as DependencyKind, target: added.slice(cut + 1), place, implied });
    }
  }
  if (extent === 'all') found.push(...triggered(host, unit));
  return found;
}

/** True if the manager runs programs for the unit, so that the settings of systemd.exec(5) mean something. */
export function isExecuting(unit: Unit): boolean {
  // Mounts that come from the kernel are not mounted by the manager.
  if (unit.type === 'mount') return unit.files.length > 0;
  if (unit.type !== 'socket') return executing.includes(unit.type);
  return ['ExecStartPre', 'ExecStartPost', 'ExecStopPre', 'ExecStopPost'].some(
    (key) => unit.list('Socket', key).length > 0,
  );
}

/** What sockets, timers, paths and automounts start. */
function triggered(host: DependencyHost, unit: Unit): readonly FoundDependency[] {
  const { target, value } = triggeredUnit(host, unit);
  if (target === undefined) return [];
  const place = value === undefined ? unit.filePlace : unit.place(value);
  const implied = value === undefined ? `same name as the ${unit.type}` : `${value.entry.key}=`;
  return [
    { kind: 'Triggers', target, place, implied },
    { kind: 'Before', target, place, implied },
  ];
}

/**
 * The unit that a socket, timer, path or automount starts, and the setting that names it. Accepting sockets start instances
 * that exist only then.
 */
export function triggeredUnit(
  host: Pick<DependencyHost, 'expandName'>,
  unit: Unit,
): { readonly target: string | undefined; readonly value?: SettingValue } {
  const stem = unit.name.slice(0, unit.name.lastIndexOf('.'));
  if (unit.type === 'automount') return { target: `${stem}.mount` };
  const key = unit.type === 'socket' ? 'Service' : unit.type === 'timer' || unit.type === 'path' ? 'Unit' : undefined;
  if (key === undefined || (unit.type === 'socket' && isAccepting(unit) && !hasUnacceptable(unit))) {
    return { target: undefined };
  }
  // Of several Service= the last counts, of several Unit= the first; a unit that names itself is not believed.
  const values = unit.all(unit.ownSection, key);
  for (const value of key === 'Unit' ? values : values.toReversed()) {
    const target = host.expandName(unit, value.entry.value);
    if (target === undefined || unit.names.includes(target)) continue;
    if (key === 'Service' && !target.endsWith('.service')) continue;
    return { target, value };
  }
  return { target: `${stem}.service` };
}

/** The slice of a unit (systemd.slice(5)), with the setting that names it. */
function sliceOf(
  host: DependencyHost,
  unit: Unit,
): { readonly slice: string | undefined; readonly value?: SettingValue } {
  if (unit.type === 'slice') return { slice: parentSlice(unit.name) };
  // What names no slice is ignored, and the assignment before it counts.
  for (const value of unit.all(unit.ownSection, 'Slice').toReversed()) {
    const slice = host.expandName(unit, value.entry.value);
    if (slice?.endsWith('.slice')) return { slice, value };
  }
  if (unit.name === 'init.scope' || (unit.type === 'mount' && isExtrinsicMount(unit))) return { slice: '-.slice' };
  const parsed = parseUnitName(unit.name);
  if (!parsed?.instance) return { slice: 'system.slice' };
  return { slice: `system-${escapeUnitName(parsed.prefix)}.slice` };
}

/** `a-b.slice` → `a.slice`, `a.slice` → `-.slice`; undefined for the root slice. */
function parentSlice(name: string): string | undefined {
  if (name === '-.slice') return undefined;
  const dash = name.lastIndexOf('-');
  return dash <= 0 ? '-.slice' : `${name.slice(0, dash)}.slice`;
}

/** The slice that a refused unit has been given before it was refused, and that is loaded for it. */
export function sliceReference(host: DependencyHost, unit: Unit): FoundDependency | undefined {
  const slice = withSlice.includes(unit.type) ? sliceOf(host, unit).slice : undefined;
  return slice === undefined ? undefined : { kind: 'References', target: slice, place: unit.filePlace };
}

/** A unit needs its slice and comes after it (systemd.resource-control(5), "Implicit Dependencies"). */
export function sliceDependencies(host: DependencyHost, unit: Unit): readonly FoundDependency[] {
  if (!withSlice.includes(unit.type)) return [];
  const { slice, value } = sliceOf(host, unit);
  if (slice === undefined) return [];
  const place = value === undefined ? unit.filePlace : unit.place(value);
  return [
    { kind: 'Requires', target: slice, place, implied: 'Slice=' },
    { kind: 'After', target: slice, place, implied: 'Slice=' },
  ];
}

/** PrivateTmp=, set or implied by DynamicUser=: the system's own directories that the unit's are made in. */
export interface PrivateTmp {
  /** Directories of the system that it needs; empty if all of it lies in file systems of the unit's own. */
  readonly paths: readonly string[];
  /** True if the unit's directories are made in those of the system, which must be cleaned before. */
  readonly isConnected: boolean;
  readonly place: Place;
  readonly implied: string;
}

export function privateTmp(host: DependencyHost, unit: Unit): PrivateTmp | undefined {
  if (!isExecuting(unit)) return undefined;
  const { systemd } = host.inputs;
  const section = unit.ownSection;
  const written = unit.last(section, 'PrivateTmp');
  const hasOwnRoot = ['RootDirectory', 'RootImage'].some((key) => unit.last(section, key) !== undefined);
  if (written !== undefined && parseBoolean(written.entry.value) === true) {
    // Early units get a /tmp of their own, since the system's may not be mounted yet.
    const isEarly = !hasOwnRoot && !hasDefaultDependencies(unit) && systemd.has('unit-early-private-tmp-disconnected');
    return {
      paths: isEarly ? ['/var/tmp'] : connectedPaths(systemd),
      isConnected: true,
      place: unit.place(written),
      implied: 'PrivateTmp=',
    };
  }
  const dynamic = unit.last(section, 'DynamicUser');
  const isDynamic = dynamic !== undefined && parseBoolean(dynamic.entry.value) === true;
  const reason = written?.entry.value === 'disconnected' ? written : isDynamic ? dynamic : undefined;
  if (reason === undefined) return undefined;
  const common = { place: unit.place(reason), implied: `${reason.entry.key}=` };
  if (reason === dynamic && !systemd.has('unit-dynamic-user-tmp-disconnected')) {
    return { ...common, paths: connectedPaths(systemd), isConnected: true };
  }
  // The mount point of the unit's own /var/tmp must be there, unless it brings its own root.
  const needsVar = systemd.has('unit-disconnected-tmp-wants-var') && hasDefaultDependencies(unit) && !hasOwnRoot;
  return { ...common, paths: needsVar ? ['/var'] : [], isConnected: false };
}

/** Before 256 the weak need of /tmp was one of tmp.mount by name. */
function connectedPaths(systemd: Systemd): readonly string[] {
  return systemd.has('unit-wants-mounts-for') ? ['/tmp', '/var/tmp'] : ['/var/tmp'];
}

/** Outputs that end in the journal, for which its socket must be there first. */
const journalOutputs: ReadonlySet<string> = new Set([
  'journal',
  'journal+console',
  'kmsg',
  'kmsg+console',
  'syslog',
  'syslog+console',
]);

/** Inputs that the output follows if it is not set. */
const inheritedInputs = /^(tty|tty-force|tty-fail|socket|fd(:.*)?)$/;

/** Everything that StandardOutput= and StandardError= take; other words are ignored. */
const knownOutputs =
  /^(inherit|null|tty|socket|fd(:.*)?|(journal|kmsg|syslog)(\+console)?|(file|append|truncate):\/.*)$/;

function outputOf(unit: Unit, key: string): string | undefined {
  const values = unit.all(unit.ownSection, key);
  return values.findLast((value) => knownOutputs.test(value.entry.value))?.entry.value;
}

function logsToJournal(unit: Unit): boolean {
  const input = unit.text(unit.ownSection, 'StandardInput') ?? 'null';
  const written = outputOf(unit, 'StandardOutput');
  const output =
    written === undefined || written === 'inherit' ? (inheritedInputs.test(input) ? 'inherit' : 'journal') : written;
  return journalOutputs.has(output) || journalOutputs.has(outputOf(unit, 'StandardError') ?? 'inherit');
}

/** The name of the journal that the unit logs to; undefined for the system's. */
function logNamespaceOf(unit: Unit): string | undefined {
  const text = unit.text(unit.ownSection, 'LogNamespace');
  const expanded = text === undefined ? undefined : unit.expand(text);
  return expanded?.kind === 'value' && /^[0-9A-Za-z:_.@-]+$/.test(expanded.value) ? expanded.value : undefined;
}

function logNamespace(unit: Unit, host: DependencyHost): readonly string[] {
  const instance = logNamespaceOf(unit);
  if (instance === undefined) return [];
  const units = [`systemd-journald@${instance}.socket`, `systemd-journald-varlink@${instance}.socket`];
  if (host.inputs.systemd.has('unit-log-namespace-sync')) units.push(`systemd-journald-sync@${instance}.service`);
  return units.flatMap((name) => [`Requires ${name}`, `After ${name}`]);
}

/** Images are set up with loop devices; where devices are closed off, their modules must be there before. */
function usesLoopDevices(unit: Unit): Reason {
  const section = unit.ownSection;
  const image = unit.last(section, 'RootImage') ?? unit.list(section, 'MountImages').at(0);
  if (image === undefined) return undefined;
  const policy = unit.text(section, 'DevicePolicy') ?? 'auto';
  const isClosed =
    policy !== 'auto' ||
    unit.boolean(section, 'PrivateDevices') === true ||
    unit.list(section, 'DeviceAllow').length > 0;
  return isClosed ? image : undefined;
}

function isPassing(unit: Unit): boolean {
  return !isExtrinsicMount(unit);
}

function mountOrder(unit: Unit): readonly string[] {
  const kind = isNetworkMount(unit) ? 'remote' : 'local';
  return [
    `After ${kind}-fs-pre.target`,
    ...(mountOptions(unit).includes('nofail') ? [] : [`Before ${kind}-fs.target`]),
    'Conflicts umount.target',
    'Before umount.target',
  ];
}

/** The device unit of a path below /dev or /sys; containers have no device units. */
function deviceUnit(path: string | undefined, host: DependencyHost): string | undefined {
  if (host.inputs.environment.container === true || path === undefined || !/^\/+(dev|sys)\/./.test(path))
    return undefined;
  const escaped = escapeUnitPath(path);
  const name = `${escaped}.device`;
  return escaped === undefined || parseUnitName(name) === undefined ? undefined : name;
}

/** Specifications such as `UUID=` stand for links below /dev/disk. */
const diskLinks: Readonly<Record<string, string>> = {
  LABEL: 'by-label',
  UUID: 'by-uuid',
  PARTUUID: 'by-partuuid',
  PARTLABEL: 'by-partlabel',
};

/** The device node that a What= or an fstab(5) field stands for. */
export function devicePath(what: string): string {
  const match = /^([A-Z]+)=(.*)$/.exec(what);
  const directory = match?.[1] !== undefined && Object.hasOwn(diskLinks, match[1]) ? diskLinks[match[1]] : undefined;
  if (directory === undefined || match?.[2] === undefined) return what;
  const value = match[2].replace(/^"(.*)"$/, '$1');
  // udev escapes what is not safe in a file name.
  const escaped = value.replace(
    /[^0-9A-Za-z#+\-.:=@_]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `/dev/disk/${directory}/${escaped}`;
}

function mountedDevice(unit: Unit, host: DependencyHost): readonly string[] {
  const what = mountSource(unit);
  if (what === undefined || isBindMount(unit) || mountPoint(unit) === '/') return [];
  const device = deviceUnit(host.inputs.systemd.has('unit-mount-what-tags') ? devicePath(what) : what, host);
  if (device === undefined) return [];
  const isBound = mountOptions(unit).some((option) => /^x-systemd\.device-bound(=(1|yes|y|true|t|on))?$/.test(option));
  return [
    `${isBound ? 'BindsTo' : 'Requires'} ${device}`,
    `After ${device}`,
    `After blockdev@${device.replace(/device$/, 'target')}`,
  ];
}

function swapDevice(unit: Unit, host: DependencyHost): readonly string[] {
  const what = mountSource(unit);
  if (what !== undefined && !/^\/+(dev|sys)\/./.test(what)) return ['After systemd-remount-fs.service'];
  const device = deviceUnit(what, host);
  if (device === undefined) return [];
  return [`Requires ${device}`, `After ${device}`, `After blockdev@${device.replace(/device$/, 'target')}`];
}

function quotaServices(unit: Unit): readonly string[] {
  const wantsQuota = mountOptions(unit).some((option) => /^(usr|grp|prj)?(j?quota)(=.*)?$/.test(option));
  const hasQuota = unit.text('Mount', 'Type') !== 'tmpfs' && !isBindMount(unit) && !isNetworkMount(unit);
  if (!wantsQuota || !hasQuota) return [];
  return ['systemd-quotacheck.service', 'quotaon.service'].flatMap((name) => [`Before ${name}`, `Wants ${name}`]);
}

function boundInterface(unit: Unit, host: DependencyHost): readonly string[] {
  const name = unit.text('Socket', 'BindToDevice') ?? '';
  if (name === 'lo') return [];
  const device = deviceUnit(`/sys/subsystem/net/devices/${name}`, host);
  return device === undefined ? [] : [`BindsTo ${device}`, `After ${device}`];
}

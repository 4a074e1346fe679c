/**
 * The paths whose mount units a unit needs: written ones (RequiresMountsFor=, WantsMountsFor=) and those that other settings
 * imply (the "Implicit Dependencies" of systemd.exec(5), systemd.mount(5), systemd.socket(5), …).
 */

import type { UnitType } from '../formats/unit/directives.ts';
import { splitWords } from '../formats/unit/settings/grammar.ts';
import { parseUnitDirectories } from '../formats/unit/settings/paths.ts';
import { escapeUnitName } from '../formats/unit/settings/unit-name.ts';
import type { Place } from '../problems/problem.ts';
import type { Span } from '../text/source-text.ts';
import { pathComponents } from '../tree/tree.ts';
import type { DependencyHost } from './dependencies.ts';
import { isExecuting, privateTmp } from './implied-dependencies.ts';
import { isBindMount, isLoopMount, isNetworkMount, mountPoint, mountSource } from './mount-options.ts';
import type { SettingValue, Unit } from './unit.ts';

/** The mount units of a path and of all its parents, outermost first. */
export interface MountsFor {
  readonly kind: 'Requires' | 'Wants';
  readonly mountNames: readonly string[];
  readonly place: Place;
  readonly implied: string;
}

interface NeededPath {
  readonly path: string;
  readonly kind: 'Requires' | 'Wants';
  readonly place: Place;
  readonly implied: string;
}

/** One row a setting: which unit types, how its value names paths, and how strongly they are needed. */
interface PathRow {
  readonly types: readonly UnitType[] | 'executing' | 'all';
  readonly keys: readonly string[];
  readonly section?: 'Unit';
  readonly kind:
    | 'Requires'
    | 'Wants'
    | ((value: SettingValue, host: DependencyHost) => 'Requires' | 'Wants' | undefined);
  readonly paths: (value: SettingValue, unit: Unit, host: DependencyHost) => readonly PathPart[];
  /** Only the last assignment counts. */
  readonly isScalar?: true;
}

interface PathPart {
  readonly path: string;
  readonly span?: Span;
}

/** Base directories of StateDirectory= and its kin. */
const directoryBases: Readonly<Record<string, string>> = {
  RuntimeDirectory: '/run',
  StateDirectory: '/var/lib',
  CacheDirectory: '/var/cache',
  LogsDirectory: '/var/log',
  ConfigurationDirectory: '/etc',
};

const rows: readonly PathRow[] = [
  { types: 'executing', keys: Object.keys(directoryBases), kind: 'Requires', paths: unitDirectoryPaths },
  {
    types: 'executing',
    keys: ['WorkingDirectory'],
    isScalar: true,
    // Before 256 a directory that may be missing needed no mounts.
    kind: ({ entry }, host) =>
      !entry.value.startsWith('-')
        ? 'Requires'
        : host.inputs.systemd.has('unit-wants-mounts-for')
          ? 'Wants'
          : undefined,
    paths: ({ entry }) => (/^-?~/.test(entry.value) ? [] : [{ path: entry.value.replace(/^-/, '') }]),
  },
  {
    types: 'executing',
    keys: ['RootDirectory', 'RootImage'],
    isScalar: true,
    kind: (_, host) => (host.inputs.systemd.has('unit-wants-mounts-for') ? 'Wants' : 'Requires'),
    paths: wholeValue,
  },
  {
    types: ['path'],
    keys: ['PathExists', 'PathExistsGlob', 'PathChanged', 'PathModified', 'DirectoryNotEmpty'],
    kind: 'Requires',
    paths: wholeValue,
  },
  {
    types: ['socket'],
    keys: [
      'ListenStream',
      'ListenDatagram',
      'ListenSequentialPacket',
      'ListenFIFO',
      'ListenSpecial',
      'ListenUSBFunction',
    ],
    kind: 'Requires',
    paths: wholeValue,
  },
  {
    types: ['mount'],
    keys: ['What'],
    isScalar: true,
    kind: 'Requires',
    paths: (value, unit) => (isBindMount(unit) || isLoopMount(unit) || !isNetworkMount(unit) ? wholeValue(value) : []),
  },
  { types: 'all', keys: ['RequiresMountsFor'], section: 'Unit', kind: 'Requires', paths: pathWords },
  { types: 'all', keys: ['WantsMountsFor'], section: 'Unit', kind: 'Wants', paths: pathWords },
];

function wholeValue({ entry }: SettingValue): readonly PathPart[] {
  return [{ path: entry.value }];
}

function pathWords({ entry }: SettingValue): readonly PathPart[] {
  return splitWords(entry.value, { backslash: 'drop' }).words.map((word) => ({ path: word.value, span: word.span }));
}

function unitDirectoryPaths({ entry }: SettingValue, _unit: Unit, host: DependencyHost): readonly PathPart[] {
  const base = directoryBases[entry.key] ?? '/';
  const { directories } = parseUnitDirectories(entry.value, { systemd: host.inputs.systemd, key: entry.key });
  return directories.map(({ path, span }) => ({ path: `${base}/${path}`, span }));
}

/** All mount units that a unit needs for its paths. */
export function mountsFor(host: DependencyHost, unit: Unit): readonly MountsFor[] {
  return neededPaths(host, unit).flatMap(({ path, ...needed }) => {
    const mountNames = mountUnitsOf(path);
    return mountNames === undefined ? [] : [{ ...needed, mountNames }];
  });
}

function neededPaths(host: DependencyHost, unit: Unit): readonly NeededPath[] {
  const needed: NeededPath[] = [];
  for (const row of rows) {
    const isMeant =
      row.types === 'all' || (row.types === 'executing' ? isExecuting(unit) : row.types.includes(unit.type));
    if (!isMeant) continue;
    const section = row.section ?? unit.ownSection;
    for (const key of row.keys) {
      const last = unit.last(section, key);
      const all = row.section === 'Unit' ? unit.all(section, key) : unit.list(section, key);
      const values = row.isScalar ? (last === undefined ? [] : [last]) : all;
      for (const value of values) {
        const kind = typeof row.kind === 'string' ? row.kind : row.kind(value, host);
        if (kind === undefined) continue;
        for (const part of row.paths(value, unit, host)) {
          const expanded = unit.expand(part.path);
          if (expanded.kind !== 'value') continue;
          needed.push({ path: expanded.value, kind, place: unit.place(value, part.span), implied: `${key}=` });
        }
      }
    }
  }
  needed.push(...placeBoundPaths(host, unit));
  return needed;
}

/** Paths that come from the unit as a whole. */
function placeBoundPaths(host: DependencyHost, unit: Unit): readonly NeededPath[] {
  const needed: NeededPath[] = [];
  if (unit.type === 'mount' || unit.type === 'automount') {
    const where = mountPoint(unit);
    const place = unit.filePlace;
    const parent = where === undefined ? [] : pathComponents(where).slice(0, -1);
    if (where !== undefined && where !== '/') {
      needed.push({ path: `/${parent.join('/')}`, kind: 'Requires', place, implied: 'Where=' });
    }
  }
  if (unit.type === 'swap') {
    const what = mountSource(unit);
    if (what !== undefined) needed.push({ path: what, kind: 'Requires', place: unit.filePlace, implied: 'What=' });
  }
  if (unit.type === 'timer') {
    const persistent = unit.last('Timer', 'Persistent');
    if (persistent !== undefined && unit.boolean('Timer', 'Persistent') === true) {
      const place = unit.place(persistent);
      needed.push({
        path: `/var/lib/systemd/timers/stamp-${unit.name}`,
        kind: 'Requires',
        place,
        implied: 'Persistent=',
      });
    }
  }
  const temporary = privateTmp(host, unit);
  const kind = host.inputs.systemd.has('unit-wants-mounts-for') ? 'Wants' : 'Requires';
  for (const path of temporary?.paths ?? []) {
    needed.push({
      path,
      kind,
      place: temporary?.place ?? unit.filePlace,
      implied: temporary?.implied ?? 'PrivateTmp=',
    });
  }
  return needed;
}

/** Longest unit name less `.mount`: no mount unit can exist for a path whose escaped form is longer. */
const longestEscaped = 255 - '.mount'.length;

/** `/a/b` → `-.mount`, `a.mount`, `a-b.mount`; undefined if it is no absolute path without `..`. */
function mountUnitsOf(path: string): readonly string[] | undefined {
  if (!path.startsWith('/')) return undefined;
  const parts = pathComponents(path);
  if (parts.includes('..')) return undefined;
  const names = ['-.mount'];
  let escaped = '';
  for (const part of parts) {
    // Only a dot at the very beginning is escaped.
    const more = escapeUnitName(`x${part}`).slice(1);
    escaped = escaped === '' ? escapeUnitName(part) : `${escaped}-${more}`;
    if (escaped.length > longestEscaped) break;
    names.push(`${escaped}.mount`);
  }
  return names;
}

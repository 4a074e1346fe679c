/**
 * The `%` specifiers of tmpfiles.d(5), sysusers.d(5), the [Install] section and the settings of units: one row each with
 * where it may stand, what it needs and how it is looked up. Expansion happens exactly once; values are not expanded again.
 */

import type { BootInputs } from '../boot/boot-inputs.ts';
import { parseEnvironmentFile } from '../image/os-release.ts';
import { decodeText, encodeText } from '../text/bytes.ts';
import type { Tree } from '../tree/tree.ts';
import type { Behaviour } from '../versions/systemd.ts';

/** `unit-install`: also the names in dependencies, which know the same letters; `unit`: all other settings of units. */
export type SpecifierFormat = 'tmpfiles' | 'sysusers' | 'unit-install' | 'unit';

export type Expansion =
  | { readonly kind: 'value'; readonly value: string }
  /** A letter or digit after `%` that the format does not know in this version. `at` is the offset of the `%`. */
  | { readonly kind: 'unknown-specifier'; readonly at: number; readonly letter: string }
  /** The system does not hold the information (yet): no os-release, no machine id. */
  | { readonly kind: 'no-information'; readonly at: number; readonly letter: string }
  /** The file that should tell holds something invalid. */
  | { readonly kind: 'invalid-information'; readonly at: number; readonly letter: string }
  /** The real system will know, but the files do not tell. */
  | { readonly kind: 'unknowable'; readonly at: number; readonly letter: string }
  | { readonly kind: 'too-long' };

type Lookup =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'no-information' }
  | { readonly kind: 'invalid-information' }
  | { readonly kind: 'unknowable' };

/** What specifiers are looked up in. Values that need reading are read once, at their first use. */
export interface SpecifierContext {
  readonly inputs: BootInputs;
  readonly tree: Tree;
  /** For `unit-install` and `unit`: the unit that the text belongs to. */
  readonly unit?: UnitSpecifiers;
  readonly osRelease: () => ReadonlyMap<string, string> | undefined;
}

export interface UnitSpecifiers {
  /** Full unit name, for a template without instance. */
  readonly name: string;
  readonly defaultInstance?: string;
  /** For `unit`: the file that defines the unit (`%y`, `%Y`). */
  readonly fragmentPath?: string;
  /** For `unit`: undo the escaping of names (systemd-escape(1)); undefined if an escape is bad. */
  readonly unescape?: (text: string) => string | undefined;
  readonly unescapePath?: (text: string) => string | undefined;
}

export interface SpecifierRow {
  readonly letter: string;
  readonly formats: readonly SpecifierFormat[];
  /** The behaviour without which tmpfiles.d does not know it. */
  readonly tmpfilesNeeds?: Behaviour;
  /** The behaviour without which settings of units do not know it. */
  readonly unitNeeds?: Behaviour;
  /** For people: what it stands for. */
  readonly what: string;
  readonly lookup: (context: SpecifierContext) => Lookup;
}

const everywhere: readonly SpecifierFormat[] = ['tmpfiles', 'sysusers', 'unit-install', 'unit'];
const exceptNames: readonly SpecifierFormat[] = ['tmpfiles', 'unit'];
const unitNames: readonly SpecifierFormat[] = ['unit-install', 'unit'];
const unitOnly: readonly SpecifierFormat[] = ['unit'];

export const specifierRows: readonly SpecifierRow[] = [
  { letter: 'a', formats: everywhere, what: 'architecture', lookup: (c) => known(c.inputs.machine.architecture) },
  {
    letter: 'A',
    formats: everywhere,
    tmpfilesNeeds: 'tmpfiles-os-image-specifiers',
    what: 'IMAGE_VERSION= of os-release',
    lookup: (c) => osReleaseField(c, 'IMAGE_VERSION'),
  },
  { letter: 'b', formats: everywhere, what: 'boot id', lookup: (c) => known(c.inputs.machine.bootId) },
  { letter: 'B', formats: everywhere, what: 'BUILD_ID= of os-release', lookup: (c) => osReleaseField(c, 'BUILD_ID') },
  {
    letter: 'C',
    formats: exceptNames,
    what: 'cache directory, /var/cache',
    lookup: (c) => directory(c, '/var/cache'),
  },
  {
    letter: 'D',
    formats: exceptNames,
    tmpfilesNeeds: 'specifier-data-directory',
    unitNeeds: 'unit-specifier-data-directory',
    what: 'shared data directory, /usr/share',
    lookup: () => value('/usr/share'),
  },
  { letter: 'c', formats: unitOnly, what: 'control group path', lookup: () => unknowable },
  {
    letter: 'd',
    formats: unitOnly,
    what: 'directory of the credentials',
    lookup: (c) => unitPart(c, (unit) => `/run/credentials/${unit.name}`),
  },
  { letter: 'E', formats: unitOnly, what: 'configuration directory, /etc', lookup: () => value('/etc') },
  { letter: 'f', formats: unitOnly, what: 'path that the name stands for', lookup: pathOf },
  {
    letter: 'g',
    formats: ['tmpfiles', 'unit-install', 'unit'],
    what: 'group name of the manager, root',
    lookup: () => value('root'),
  },
  {
    letter: 'G',
    formats: ['tmpfiles', 'unit-install', 'unit'],
    what: 'group id of the manager, 0',
    lookup: () => value('0'),
  },
  {
    letter: 'h',
    formats: exceptNames,
    what: 'home directory of the manager',
    lookup: (c) => value(c.inputs.machine.home),
  },
  { letter: 'H', formats: everywhere, what: 'host name', lookup: (c) => known(c.inputs.machine.hostName) },
  { letter: 'i', formats: unitNames, what: 'instance', lookup: (c) => unitPart(c, instanceOf) },
  { letter: 'I', formats: unitOnly, what: 'instance, unescaped', lookup: (c) => unescapedPart(c, instanceOf) },
  { letter: 'j', formats: unitNames, what: 'last part of the prefix', lookup: (c) => unitPart(c, lastOfPrefix) },
  { letter: 'J', formats: unitOnly, what: '%j, unescaped', lookup: (c) => unescapedPart(c, lastOfPrefix) },
  {
    letter: 'l',
    formats: everywhere,
    what: 'host name up to the first dot',
    lookup: (c) => known(shortName(c.inputs.machine.hostName)),
  },
  { letter: 'L', formats: exceptNames, what: 'log directory, /var/log', lookup: (c) => directory(c, '/var/log') },
  { letter: 'm', formats: everywhere, what: 'machine id', lookup: machineId },
  {
    letter: 'M',
    formats: everywhere,
    tmpfilesNeeds: 'tmpfiles-os-image-specifiers',
    what: 'IMAGE_ID= of os-release',
    lookup: (c) => osReleaseField(c, 'IMAGE_ID'),
  },
  { letter: 'n', formats: unitNames, what: 'full unit name', lookup: (c) => unitPart(c, fullName) },
  {
    letter: 'N',
    formats: unitNames,
    what: 'unit name without its type',
    lookup: (c) => unitPart(c, prefixAndInstance),
  },
  { letter: 'o', formats: everywhere, what: 'ID= of os-release', lookup: (c) => osReleaseField(c, 'ID') },
  { letter: 'p', formats: unitNames, what: 'part before the @', lookup: (c) => unitPart(c, prefixOf) },
  { letter: 'P', formats: unitOnly, what: '%p, unescaped', lookup: (c) => unescapedPart(c, prefixOf) },
  {
    letter: 'q',
    formats: everywhere,
    tmpfilesNeeds: 'tmpfiles-os-image-specifiers',
    what: 'pretty host name',
    lookup: (c) => known(c.inputs.machine.prettyHostName ?? shortName(c.inputs.machine.hostName)),
  },
  { letter: 'r', formats: unitOnly, what: 'control group path of the slice', lookup: () => unknowable },
  { letter: 'R', formats: unitOnly, what: 'control group path of the manager', lookup: () => unknowable },
  { letter: 's', formats: unitOnly, what: 'shell of the manager', lookup: () => unknowable },
  { letter: 'S', formats: exceptNames, what: 'state directory, /var/lib', lookup: (c) => directory(c, '/var/lib') },
  { letter: 't', formats: exceptNames, what: 'runtime directory, /run', lookup: (c) => directory(c, '/run') },
  {
    letter: 'T',
    formats: ['tmpfiles', 'sysusers', 'unit'],
    what: 'directory for temporary files',
    lookup: (c) => value(c.inputs.machine.temporary),
  },
  {
    letter: 'u',
    formats: ['tmpfiles', 'unit-install', 'unit'],
    what: 'user name of the manager, root',
    lookup: () => value('root'),
  },
  {
    letter: 'U',
    formats: ['tmpfiles', 'unit-install', 'unit'],
    what: 'user id of the manager, 0',
    lookup: () => value('0'),
  },
  { letter: 'v', formats: everywhere, what: 'kernel release', lookup: (c) => known(c.inputs.machine.kernelRelease) },
  {
    letter: 'V',
    formats: ['tmpfiles', 'sysusers', 'unit'],
    what: 'directory for larger temporary files',
    lookup: (c) => value(c.inputs.machine.persistentTemporary),
  },
  {
    letter: 'w',
    formats: everywhere,
    what: 'VERSION_ID= of os-release',
    lookup: (c) => osReleaseField(c, 'VERSION_ID'),
  },
  {
    letter: 'W',
    formats: everywhere,
    what: 'VARIANT_ID= of os-release',
    lookup: (c) => osReleaseField(c, 'VARIANT_ID'),
  },
  { letter: 'y', formats: unitOnly, what: 'path of the unit file', lookup: (c) => fragmentOf(c, (path) => path) },
  {
    letter: 'Y',
    formats: unitOnly,
    what: 'directory of the unit file',
    lookup: (c) => fragmentOf(c, (path) => path.slice(0, path.lastIndexOf('/')) || '/'),
  },
];

const rowsByLetter = new Map(specifierRows.map((row) => [row.letter, row]));

/** A context for tmpfiles.d and sysusers.d lines. os-release is read from the tree as it stands at the first use. */
export function specifierContext(tree: Tree, inputs: BootInputs): SpecifierContext {
  let read = false;
  let fields: ReadonlyMap<string, string> | undefined;
  return {
    inputs,
    tree,
    osRelease: () => {
      if (!read) {
        read = true;
        fields = readOsRelease(tree);
      }
      return fields;
    },
  };
}

/** The same context for the settings of a unit. */
export function unitSpecifierContext(base: SpecifierContext, unit: UnitSpecifiers): SpecifierContext {
  return { ...base, unit };
}

/** The row of a letter, if the format knows it in the context's version. */
export function findSpecifier(
  letter: string,
  format: SpecifierFormat,
  inputs: Pick<BootInputs, 'systemd'>,
): SpecifierRow | undefined {
  const row = rowsByLetter.get(letter);
  if (row === undefined || !row.formats.includes(format)) return undefined;
  if (format === 'tmpfiles' && row.tmpfilesNeeds !== undefined && !inputs.systemd.has(row.tmpfilesNeeds))
    return undefined;
  if (format === 'unit' && row.unitNeeds !== undefined && !inputs.systemd.has(row.unitNeeds)) return undefined;
  return row;
}

/**
 * Expands every specifier of a text. A `%` before anything but a letter or digit, and one at the end, stays as it is.
 * `maximum` is the greatest number of bytes of the result (PATH_MAX - 1, UNIT_NAME_MAX, …).
 */
export function expandSpecifiers(
  text: string,
  format: SpecifierFormat,
  context: SpecifierContext,
  maximum = 4095,
): Expansion {
  let at = text.indexOf('%');
  if (at === -1) return limited(text, maximum);
  let result = '';
  let plainFrom = 0;
  for (; at !== -1; at = text.indexOf('%', plainFrom)) {
    const letter = text.charAt(at + 1);
    result += text.slice(plainFrom, at);
    plainFrom = Math.min(at + 2, text.length);
    if (letter === '%') {
      result += '%';
      continue;
    }
    const row = findSpecifier(letter, format, context.inputs);
    if (row === undefined) {
      if (/^[A-Za-z0-9]$/.test(letter)) return { kind: 'unknown-specifier', at, letter };
      result += `%${letter}`;
      continue;
    }
    const found = row.lookup(context);
    if (found.kind !== 'value') return { kind: found.kind, at, letter };
    result += found.value;
  }
  return limited(result + text.slice(plainFrom), maximum);
}

function limited(value: string, maximum: number): Expansion {
  // No character takes more than three bytes a UTF-16 unit, so most texts need no encoding to be judged.
  if (value.length * 3 > maximum && encodeText(value).length > maximum) return { kind: 'too-long' };
  return { kind: 'value', value };
}

const unknowable: Lookup = { kind: 'unknowable' };

function value(text: string): Lookup {
  return { kind: 'value', value: text };
}

function known(text: string | undefined): Lookup {
  return text === undefined ? unknowable : value(text);
}

function shortName(hostName: string | undefined): string | undefined {
  return hostName?.split('.', 1)[0];
}

/** Versions before 258 put the root in front of these under --root (semantics 0). */
function directory(context: SpecifierContext, path: string): Lookup {
  const isPrefixed = context.unit === undefined && context.inputs.systemd.has('tmpfiles-prefixed-directories');
  return value(isPrefixed ? context.inputs.rootPrefix + path : path);
}

function osReleaseField(context: SpecifierContext, field: string): Lookup {
  const fields = context.osRelease();
  if (fields !== undefined) return value(fields.get(field) ?? '');
  return { kind: hidesOsRelease(context.tree) ? 'unknowable' : 'no-information' };
}

/** The fields of /etc/os-release, else /usr/lib/os-release (os-release(5)); undefined if there is neither. */
export function readOsRelease(tree: Tree): ReadonlyMap<string, string> | undefined {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const found = tree.walk(path);
    // Only a missing file leads to the next one; any other failure ends the search.
    if (found.kind === 'not-a-directory' || found.kind === 'loop') return undefined;
    const inode = found.kind === 'found' ? found.inode : undefined;
    if (inode?.type !== 'file') continue;
    const content = inode.content;
    if (content.kind === 'bytes') return parseEnvironmentFile(decodeText(content.bytes));
  }
  return undefined;
}

/** True if there is an os-release whose content the image leaves out. */
function hidesOsRelease(tree: Tree): boolean {
  return ['/etc/os-release', '/usr/lib/os-release'].some((path) => {
    const inode = tree.lookup(path);
    return inode?.type === 'file' && inode.content.kind === 'unknown';
  });
}

/** At boot PID 1 has set an id before anything else runs; offline it is what the root's file says. */
function machineId(context: SpecifierContext): Lookup {
  if (context.inputs.semantics === 'boot') return known(context.inputs.machine.machineId);
  const inode = context.tree.lookup('/etc/machine-id');
  if (inode === undefined) return { kind: 'no-information' };
  if (inode.type !== 'file') return { kind: 'invalid-information' };
  const content = inode.content;
  if (content.kind !== 'bytes') return { kind: 'unknowable' };
  const text = decodeText(content.bytes);
  if (text === '' || text === 'uninitialized' || text === 'uninitialized\n') return { kind: 'no-information' };
  const id = /^([0-9A-Fa-f]{32})\n?$/.exec(text)?.[1];
  if (id === undefined) return { kind: 'invalid-information' };
  return /^0+$/.test(id) ? { kind: 'no-information' } : value(id.toLowerCase());
}

function unitPart(context: SpecifierContext, part: (unit: UnitSpecifiers) => string): Lookup {
  return context.unit === undefined ? unknowable : value(part(context.unit));
}

function unescapedPart(context: SpecifierContext, part: (unit: UnitSpecifiers) => string): Lookup {
  const text = context.unit === undefined ? undefined : context.unit.unescape?.(part(context.unit));
  return text === undefined ? { kind: 'invalid-information' } : value(text);
}

function pathOf({ unit }: SpecifierContext): Lookup {
  if (unit === undefined) return unknowable;
  const path = unit.unescapePath?.(instanceOf(unit) || prefixOf(unit));
  return path === undefined ? { kind: 'invalid-information' } : value(path);
}

function fragmentOf(context: SpecifierContext, part: (path: string) => string): Lookup {
  const path = context.unit?.fragmentPath;
  return path === undefined ? { kind: 'no-information' } : value(part(path));
}

function withoutType(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

function prefixOf(unit: UnitSpecifiers): string {
  const stem = withoutType(unit.name);
  const at = stem.indexOf('@');
  return at === -1 ? stem : stem.slice(0, at);
}

function lastOfPrefix(unit: UnitSpecifiers): string {
  const prefix = prefixOf(unit);
  return prefix.slice(prefix.lastIndexOf('-') + 1);
}

function instanceOf(unit: UnitSpecifiers): string {
  const stem = withoutType(unit.name);
  const at = stem.indexOf('@');
  const instance = at === -1 ? '' : stem.slice(at + 1);
  return instance === '' ? (unit.defaultInstance ?? '') : instance;
}

function prefixAndInstance(unit: UnitSpecifiers): string {
  const stem = withoutType(unit.name);
  return stem.endsWith('@') ? stem + (unit.defaultInstance ?? '') : stem;
}

function fullName(unit: UnitSpecifiers): string {
  const type = unit.name.slice(unit.name.lastIndexOf('.'));
  return withoutType(unit.name).endsWith('@') ? prefixAndInstance(unit) + type : unit.name;
}

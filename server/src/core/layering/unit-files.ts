/**
 * Where unit files are: search path, names, fragments, aliases, masks, drop-ins (systemd.unit(5), Unit File Load Path).
 * Two readers share the lower half: PID 1's loader (`findFragment`, `findDropIns`) and the [Install] logic of
 * `systemctl preset-all` (boot/preset), which looks files up one by one and knows fewer drop-in directories.
 */

import type { BootInputs } from '../boot/boot-inputs.ts';
import type { UnitType } from '../formats/unit/directives.ts';
import { instanceOf, parseUnitName, templateOf, type UnitName } from '../formats/unit/settings/unit-name.ts';
import { compareBytes } from '../text/bytes.ts';
import type { Inode } from '../tree/inode.ts';
import { baseName, joinPath, parentPath, pathComponents, type Tree } from '../tree/tree.ts';
import type { Systemd } from '../versions/systemd.ts';
import { isHiddenOrBackup, isResolvable, isResolvableFromOutside } from './config-files.ts';

/** What a directory of the search path is for. */
type UnitDirectoryKind = 'control' | 'transient' | 'generator' | 'config' | 'attached' | 'vendor';

interface UnitDirectory {
  readonly path: string;
  readonly kind: UnitDirectoryKind;
}

const unitDirectoryRows: readonly (UnitDirectory & { readonly onlySplitUsr?: boolean })[] = [
  { path: '/etc/systemd/system.control', kind: 'control' },
  { path: '/run/systemd/system.control', kind: 'control' },
  { path: '/run/systemd/transient', kind: 'transient' },
  { path: '/run/systemd/generator.early', kind: 'generator' },
  { path: '/etc/systemd/system', kind: 'config' },
  { path: '/etc/systemd/system.attached', kind: 'attached' },
  { path: '/run/systemd/system', kind: 'config' },
  { path: '/run/systemd/system.attached', kind: 'attached' },
  { path: '/run/systemd/generator', kind: 'generator' },
  { path: '/usr/local/lib/systemd/system', kind: 'vendor' },
  { path: '/lib/systemd/system', kind: 'vendor', onlySplitUsr: true },
  { path: '/usr/lib/systemd/system', kind: 'vendor' },
  { path: '/run/systemd/generator.late', kind: 'generator' },
];

/** The directory that enablement links are made in. */
export const persistentConfig = '/etc/systemd/system';

/** Search directories of system units, best first. */
export function unitDirectories(systemd: Systemd): readonly UnitDirectory[] {
  return unitDirectoryRows.filter((row) => row.onlySplitUsr !== true || systemd.build.splitUsr);
}

/** A unit directory that exists. Stale as soon as one is made or removed. */
export interface OpenUnitDirectory {
  readonly path: string;
  /** The path with links resolved. */
  readonly realPath: string;
  readonly inode: Inode;
  /** Names of entries that may be directories with drop-ins or dependency links: few units have any. */
  readonly dropInDirectories: ReadonlySet<string>;
}

class OpenDirectory implements OpenUnitDirectory {
  readonly path: string;
  readonly realPath: string;
  readonly inode: Inode;
  #dropInDirectories: ReadonlySet<string> | undefined;

  constructor(path: string, realPath: string, inode: Inode) {
    this.path = path;
    this.realPath = realPath;
    this.inode = inode;
  }

  get dropInDirectories(): ReadonlySet<string> {
    this.#dropInDirectories ??= new Set(
      this.inode.names().filter((name) => /\.(?:d|wants|requires|upholds)$/.test(name)),
    );
    return this.#dropInDirectories;
  }
}

/** The unit directories of a tree, best first: most of the search path does not exist. */
export function openUnitDirectories(tree: Tree, inputs: BootInputs): readonly OpenUnitDirectory[] {
  const open: OpenUnitDirectory[] = [];
  for (const { path } of unitDirectories(inputs.systemd)) {
    const found = tree.walk(path);
    if (found.kind !== 'found' || found.inode.type !== 'directory') continue;
    open.push(new OpenDirectory(path, found.path, found.inode));
  }
  return open;
}

/** Entries of a unit directory that systemd may take for units: regular files and links with a valid name. */
export function unitEntries(directory: Inode): string[] {
  const names: string[] = [];
  for (const name of directory.names()) {
    if (isHiddenOrBackup(name) || parseUnitName(name) === undefined) continue;
    const type = directory.child(name)?.type;
    if (type === 'file' || type === 'symlink') names.push(name);
  }
  return names;
}

/** Every unit name that stands in the search path with the path of its best entry, sorted by name. */
export function listUnitNames(tree: Tree, inputs: BootInputs): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, inode } of openUnitDirectories(tree, inputs)) {
    for (const name of unitEntries(inode)) if (!found.has(name)) found.set(name, joinPath(path, name));
  }
  return new Map([...found].sort((a, b) => compareBytes(a[0], b[0])));
}

/** Unit types whose units may have other names, and those that may be templates. */
const aliasTypes: ReadonlySet<UnitType> = new Set<UnitType>(['service', 'socket', 'target', 'device', 'timer', 'path']);
const templateTypes: ReadonlySet<UnitType> = new Set<UnitType>(['service', 'socket', 'target', 'timer', 'path']);

export function mayBeTemplate(name: UnitName): boolean {
  return templateTypes.has(name.type);
}

export function mayHaveAliases(name: UnitName): boolean {
  return aliasTypes.has(name.type);
}

/**
 * Whether a link of one unit name may point to another. `bad-source`: the link's own name or type forbids it;
 * `bad-target`: the two do not fit together; `self`: both are the same name.
 */
export type AliasCheck = 'valid' | 'self' | 'bad-source' | 'bad-target';

export function checkAlias(link: string, target: string): AliasCheck {
  const from = parseUnitName(link);
  if (from === undefined || !mayHaveAliases(from)) return 'bad-source';
  if (from.instance !== undefined && !mayBeTemplate(from)) return 'bad-source';
  if (link === target) return 'self';
  const to = parseUnitName(target);
  if (to === undefined) return 'bad-target';
  const isSameKind = nameKind(from) === nameKind(to);
  if (!isSameKind && !(nameKind(from) === 'instance' && nameKind(to) === 'template')) return 'bad-target';
  if (nameKind(to) === 'instance' && from.instance !== to.instance) return 'bad-target';
  return from.type === to.type ? 'valid' : 'bad-target';
}

/** plain: no `@`; template: nothing between `@` and the type; instance: something. */
export type NameKind = 'plain' | 'template' | 'instance';

export function nameKind(name: UnitName): NameKind {
  if (name.instance === undefined) return 'plain';
  return name.instance === '' ? 'template' : 'instance';
}

/** What a link in a unit directory is. */
export type UnitLink =
  /** Another name of a unit in the search path. */
  | { readonly kind: 'alias'; readonly path: string }
  /** A unit file outside of the search path, or /dev/null. */
  | { readonly kind: 'linked'; readonly path: string }
  | { readonly kind: 'invalid'; readonly reason: 'bad-source' | 'bad-target' | 'self' | 'loop' | 'missing' };

/**
 * Reads a link that stands in a unit directory. The target is followed up to its last component, which is not, and need
 * not exist. `searchPath` is what counts as inside.
 */
export function readUnitLink(tree: Tree, linkPath: string, searchPath: readonly string[]): UnitLink {
  const link = tree.lookup(linkPath, { follow: false });
  if (link?.type !== 'symlink') return { kind: 'invalid', reason: 'missing' };
  const target = link.target ?? '';
  const absolute = target.startsWith('/') ? target : joinPath(parentPath(linkPath), target);
  const path = realPath(tree, absolute, { follow: false });
  if (path.kind === 'failed') return { kind: 'invalid', reason: path.reason === 'loop' ? 'loop' : 'missing' };
  if (!isBelowAny(path.path, searchPath)) return { kind: 'linked', path: path.path };
  const check = checkAlias(baseName(linkPath), baseName(path.path));
  return check === 'valid' ? { kind: 'alias', path: path.path } : { kind: 'invalid', reason: check };
}

export type RealPath =
  | { readonly kind: 'path'; readonly path: string; readonly exists: boolean }
  | { readonly kind: 'failed'; readonly reason: 'loop' | 'missing' | 'not-a-directory' };

/** Resolves a path as chase() does when the end may be missing; a missing part that holds `..` fails. */
export function realPath(tree: Tree, path: string, options: { readonly follow: boolean }): RealPath {
  const found = tree.walk(path, options);
  switch (found.kind) {
    case 'found':
      return { kind: 'path', path: found.path, exists: true };
    case 'missing':
      if (found.missing.includes('..')) return { kind: 'failed', reason: 'missing' };
      return { kind: 'path', path: joinPath(found.path, found.missing.join('/')), exists: false };
    case 'not-a-directory':
      return { kind: 'failed', reason: 'not-a-directory' };
    default:
      return { kind: 'failed', reason: 'loop' };
  }
}

export function isBelowAny(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path === directory || path.startsWith(`${directory}/`));
}

/** True for what masks a unit: an empty regular file or any character device. Unknown content counts as not empty. */
export function isNullOrEmpty(inode: Inode): boolean {
  return inode.type === 'char' || (inode.type === 'file' && inode.size === 0);
}

/** What the loader finds for a unit name. */
export type Fragment =
  | {
      readonly kind: 'found';
      /** Where the unit file was found; for aliases the real unit's, for a linked unit the link's. */
      readonly path: string;
      readonly inode: Inode;
      /** All names of the unit that the asked name belongs to, sorted: the real one, the asked one and aliases. */
      readonly names: readonly string[];
    }
  | { readonly kind: 'masked'; readonly path: string }
  /** A link leads to a unit that does not exist, or in circles. */
  | { readonly kind: 'dangling'; readonly path: string }
  | { readonly kind: 'missing' };

/** The loader's view of a tree's unit directories: which file each name leads to. Stale as soon as the tree changes. */
export interface UnitNameMap {
  readonly tree: Tree;
  /** Where each name's best usable entry is and the name it points to; a target of undefined means a file or linked. */
  readonly entries: ReadonlyMap<string, { readonly path: string; readonly target: string | undefined }>;
  /** Names that lead to the same unit, by its own name. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

/** systemd follows at most this many aliases. */
const ALIASES_MAX = 8;

/** Reads the names in all unit directories; links that are not valid aliases are passed over. */
export function readUnitNames(tree: Tree, inputs: BootInputs): UnitNameMap {
  const entries = new Map<string, { path: string; target: string | undefined }>();
  const searchPath = unitDirectories(inputs.systemd).map((directory) => directory.path);
  const open = openUnitDirectories(tree, inputs);
  for (const { realPath } of open) if (!searchPath.includes(realPath)) searchPath.push(realPath);
  for (const { path: directoryPath, inode: directory } of open) {
    for (const name of unitEntries(directory)) {
      if (entries.has(name)) continue;
      const path = joinPath(directoryPath, name);
      if (directory.child(name)?.type === 'file') {
        entries.set(name, { path, target: undefined });
        continue;
      }
      const link = readUnitLink(tree, path, searchPath);
      if (link.kind === 'linked') entries.set(name, { path, target: undefined });
      else if (link.kind === 'alias') entries.set(name, { path, target: baseName(link.path) });
    }
  }
  const aliases = new Map<string, string[]>();
  for (const name of [...entries.keys()].sort(compareBytes)) {
    const end = followNames(entries, name);
    if (end.kind !== 'file') continue;
    const real = ownName(baseName(end.path), parseUnitName(name)?.instance);
    const known = aliases.get(real);
    if (known === undefined) aliases.set(real, [name]);
    else known.push(name);
  }
  return { tree, entries, aliases };
}

type NamesEnd =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'dangling'; readonly path: string }
  | { readonly kind: 'missing' };

function followNames(entries: UnitNameMap['entries'], name: string): NamesEnd {
  let at = name;
  let last = '';
  for (let hops = 0; hops < ALIASES_MAX; hops++) {
    let entry = entries.get(at);
    if (entry === undefined && at !== name) entry = entries.get(templateOf(at) ?? '');
    if (entry === undefined) return last === '' ? { kind: 'missing' } : { kind: 'dangling', path: last };
    if (entry.target === undefined) return { kind: 'file', path: entry.path };
    last = entry.path;
    at = entry.target;
  }
  return { kind: 'dangling', path: last };
}

/** A template that an instance's link leads to stands for that instance. */
function ownName(fileName: string, instance: string | undefined): string {
  const parsed = parseUnitName(fileName);
  return parsed?.instance === '' && instance ? instanceOf(parsed, instance) : fileName;
}

/** Finds the file of a unit as PID 1 does: aliases are followed, an instance falls back to its template. */
export function findFragment(names: UnitNameMap, unit: string): Fragment {
  const parsed = parseUnitName(unit);
  let end = followNames(names.entries, unit);
  const template = templateOf(unit);
  if (end.kind !== 'file' && template !== undefined) {
    const other = followNames(names.entries, template);
    if (other.kind !== 'missing') end = other;
  }
  if (end.kind !== 'file') return end;
  const inode = names.tree.lookup(end.path);
  if (inode === undefined) {
    const real = realPath(names.tree, end.path, { follow: true });
    const isMask = real.kind === 'path' && real.path === '/dev/null';
    return { kind: isMask ? 'masked' : 'dangling', path: end.path };
  }
  if (isNullOrEmpty(inode)) return { kind: 'masked', path: end.path };
  const all = new Set<string>();
  const addAll = (name: string) => {
    all.add(name);
    for (const alias of names.aliases.get(name) ?? []) all.add(alias);
  };
  const real = ownName(baseName(end.path), parsed?.instance);
  addAll(unit);
  addAll(real);
  if (parsed?.instance) {
    // Aliases of the template are aliases of each instance, unless that instance has a file of its own.
    for (const alias of names.aliases.get(baseName(end.path)) ?? []) {
      const aliasName = parseUnitName(alias);
      if (aliasName?.instance !== '') continue;
      const instance = instanceOf(aliasName, parsed.instance);
      const own = followNames(names.entries, instance);
      if (own.kind !== 'file' || baseName(own.path) === baseName(end.path)) all.add(instance);
    }
  }
  return { kind: 'found', path: end.path, inode, names: [...all].sort(compareBytes) };
}

/** A file of a `.d` directory that counts, or the mask that hides its namesakes. */
export interface DropIn {
  readonly path: string;
  readonly name: string;
  readonly isMask: boolean;
}

/**
 * The drop-ins of a unit as PID 1 applies them, in order: those of every name (the unit's own first), of the names cut
 * at dashes, and of the type, from all directories; one winner a file name, sorted by it. `suffix` may also be `.wants`
 * and the like, whose entries are found by the same rule.
 */
export function findDropIns(
  tree: Tree,
  names: readonly string[],
  inputs: BootInputs,
  suffix = '.d',
  directories: readonly OpenUnitDirectory[] = openUnitDirectories(tree, inputs),
): readonly DropIn[] {
  const collected = new DropInCollector(tree, suffix === '.d' ? '.conf' : '', inputs);
  for (const name of names) {
    const variants = dropInNames(name);
    for (const directory of directories) for (const variant of variants) collected.add(directory, variant + suffix);
  }
  const type = parseUnitName(names[0] ?? '')?.type;
  if (type !== undefined) for (const directory of directories) collected.add(directory, type + suffix);
  return collected.dropIns();
}

/**
 * The drop-ins that enabling a unit reads: only `NAME.d` of all directories and, for an instance, then `TEMPLATE.d`. The
 * [Install] sections of type-wide drop-ins and of names cut at dashes have no effect (seen on 252, 257 and 262).
 */
export function findInstallDropIns(
  tree: Tree,
  unit: string,
  inputs: BootInputs,
  directories: readonly OpenUnitDirectory[] = openUnitDirectories(tree, inputs),
): readonly DropIn[] {
  const collected = new DropInCollector(tree, '.conf', inputs);
  for (const directory of directories) collected.add(directory, `${unit}.d`);
  const template = templateOf(unit);
  if (template !== undefined) for (const directory of directories) collected.add(directory, `${template}.d`);
  return collected.dropIns();
}

/** A unit name, its template and the forms cut at dashes, most specific first: `a-b@c.service` … `a-@.service`. */
export function dropInNames(name: string): readonly string[] {
  const variants: string[] = [];
  addDropInNames(name, variants);
  return variants;
}

function addDropInNames(name: string, variants: string[]): void {
  const parsed = parseUnitName(name);
  if (parsed === undefined) return;
  variants.push(name);
  if (parsed.instance) addDropInNames(`${parsed.prefix}@.${parsed.type}`, variants);
  const prefix = cutAtDash(parsed.prefix);
  if (prefix === undefined) return;
  // A template's shorter form is a plain name; only instances keep what stands behind the `@`.
  addDropInNames(
    parsed.instance ? `${prefix}@${parsed.instance}.${parsed.type}` : `${prefix}.${parsed.type}`,
    variants,
  );
}

/** `a-b` → `a-`, `a-b-` → `a-`; undefined if nothing is left to cut. A dash at the end is chopped once. */
function cutAtDash(prefix: string): string | undefined {
  let rest = prefix;
  let wasChopped = false;
  for (;;) {
    const dash = rest.lastIndexOf('-');
    if (dash <= 0) return undefined;
    if (dash + 1 < rest.length || wasChopped) return rest.slice(0, dash + 1);
    rest = rest.slice(0, dash);
    wasChopped = true;
  }
}

/** One winner a file name, the first that is added. */
class DropInCollector {
  readonly #tree: Tree;
  readonly #fileSuffix: string;
  /** Files for which this is false are passed over. */
  readonly #counts: (tree: Tree, path: string) => boolean;
  readonly #winners = new Map<string, string>();

  constructor(tree: Tree, fileSuffix: string, inputs: BootInputs) {
    this.#tree = tree;
    this.#fileSuffix = fileSuffix;
    // systemctl lists drop-ins without telling the function about the root, unlike preset files.
    const resolves = inputs.semantics === 'offline' ? isResolvableFromOutside : isResolvable;
    this.#counts = inputs.systemd.has('circular-config-link-passed-over') ? resolves : () => true;
  }

  add(parent: OpenUnitDirectory, name: string): void {
    if (!parent.dropInDirectories.has(name)) return;
    const found = this.#tree.walk(joinPath(parent.path, name));
    if (found.kind !== 'found' || found.inode.type !== 'directory') return;
    for (const file of found.inode.names()) {
      if (!file.endsWith(this.#fileSuffix) || isHiddenOrBackup(file) || this.#winners.has(file)) continue;
      const path = joinPath(found.path, file);
      if (!this.#counts(this.#tree, path)) continue;
      this.#winners.set(file, path);
    }
  }

  /** Sorted by file name. */
  dropIns(): readonly DropIn[] {
    return [...this.#winners]
      .sort((a, b) => compareBytes(a[0], b[0]))
      .map(([name, path]) => ({ path, name, isMask: isMaskAt(this.#tree, path) }));
  }
}

function isMaskAt(tree: Tree, path: string): boolean {
  const entry = tree.lookup(path, { follow: false });
  if (entry?.type === 'symlink' && pathComponents(entry.target ?? '').join('/') === 'dev/null') return true;
  const inode = tree.lookup(path);
  return inode !== undefined && isNullOrEmpty(inode);
}

/**
 * Which package owns which path. Read from dpkg's database in the image as shipped (dpkg(1), /var/lib/dpkg): `status` and
 * `info/PACKAGE.list`, which hold conffiles too. The databases of rpm are SQLite or Berkeley DB, which we do not read; there
 * nothing is owned and names decide.
 */

import { compareBytes, decodeText } from '../text/bytes.ts';
import type { Inode } from '../tree/inode.ts';
import type { Tree } from '../tree/tree.ts';

export interface PackageIndex {
  /** False if the image has no database that can be read. */
  readonly isKnown: boolean;
  /** The packages that own a path; directories have many owners. Sorted. */
  ownersOf(path: string): readonly string[];
  /** Paths of a package, in the order of its list. */
  filesOf(name: string): readonly string[];
  /** Those of its paths that lie below /etc, /var and /srv. */
  stateFilesOf(name: string): readonly string[];
  /** The source package that a package was built from; its own name if nothing else is said. */
  sourceOf(name: string): string;
  /** The installed packages that were built from a source package. */
  packagesOf(source: string): readonly string[];
  /** The script that makes what a package needs after it was unpacked (deb-postinst(5)); empty if there is none. */
  installScriptOf(name: string): string;
}

const database = '/var/lib/dpkg';
const NONE: readonly string[] = [];

/** The packages of an image. Nothing is read before it is asked for. */
export function readPackages(shipped: Tree): PackageIndex {
  let lists: ReadonlyMap<string, string> | undefined;
  let owners: ReadonlyMap<string, readonly string[]> | undefined;
  let sources: ReadonlyMap<string, string> | undefined;
  let bySource: ReadonlyMap<string, readonly string[]> | undefined;
  const files = new Map<string, readonly string[]>();
  const stateFiles = new Map<string, readonly string[]>();
  const searched = new Map<string, readonly string[]>();
  const allLists = () => {
    lists ??= readLists(shipped);
    return lists;
  };
  const index: PackageIndex = {
    get isKnown() {
      return allLists().size > 0;
    },
    ownersOf: (path) => {
      const plain = plainUsr(path);
      if (indexed.test(plain)) {
        owners ??= indexOwners(allLists());
        return owners.get(plain) ?? NONE;
      }
      let found = searched.get(plain);
      if (found === undefined) {
        found = searchOwners(allLists(), plain);
        searched.set(plain, found);
      }
      return found;
    },
    filesOf: (name) => {
      let own = files.get(name);
      if (own === undefined) {
        const lines = (allLists().get(name) ?? '').split('\n');
        own = lines.filter((line) => line.startsWith('/') && line !== '/.').map(plainUsr);
        files.set(name, own);
      }
      return own;
    },
    stateFilesOf: (name) => {
      let own = stateFiles.get(name);
      if (own === undefined) {
        own = [...(allLists().get(name) ?? '').matchAll(/^\/(?:etc|var|srv)\/[^\n]*/gm)].map(([line]) => line);
        stateFiles.set(name, own);
      }
      return own;
    },
    sourceOf: (name) => {
      sources ??= readSources(shipped);
      return sources.get(name) ?? name;
    },
    packagesOf: (source) => {
      bySource ??= groupBySource(allLists().keys(), (name) => index.sourceOf(name));
      return bySource.get(source) ?? NONE;
    },
    installScriptOf: (name) => textOf(shipped.lookup(`${database}/info/${name}.postinst`)),
  };
  return index;
}

function groupBySource(
  names: Iterable<string>,
  sourceOf: (name: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const group = groups.get(sourceOf(name));
    if (group === undefined) groups.set(sourceOf(name), [name]);
    else group.push(name);
  }
  return groups;
}

/** Where the paths lie that are asked for most; they are a tenth of all, and indexing all would take longer than the rest. */
const indexed = /^\/(?:etc|var|usr\/s?bin|usr\/libexec|usr\/lib\/systemd)\//;
const indexedLines = /^\/(?:etc|var|(?:usr\/)?s?bin|usr\/libexec|(?:usr\/)?lib\/systemd)\/.*$/gm;

/** The texts of all lists by package. */
function readLists(shipped: Tree): ReadonlyMap<string, string> {
  const lists = new Map<string, string>();
  const directory = shipped.lookup(`${database}/info`);
  if (directory?.type !== 'directory') return lists;
  for (const file of directory.names().sort(compareBytes)) {
    if (!file.endsWith('.list')) continue;
    // `PACKAGE:ARCHITECTURE.list` where packages of several architectures may stand side by side.
    const name = file.slice(0, -'.list'.length).replace(/:.*$/, '');
    lists.set(name, `${lists.get(name) ?? ''}${textOf(directory.child(file))}`);
  }
  return lists;
}

function indexOwners(lists: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const [name, text] of lists) {
    for (const [line] of text.matchAll(indexedLines)) {
      const path = plainUsr(line);
      const known = owners.get(path);
      if (known === undefined) owners.set(path, [name]);
      else if (known.at(-1) !== name) known.push(name);
    }
  }
  return owners;
}

function searchOwners(lists: ReadonlyMap<string, string>, path: string): readonly string[] {
  const owners: string[] = [];
  const lines = [`\n${path}\n`];
  if (/^\/usr\/lib/.test(path)) lines.push(`\n${path.slice('/usr'.length)}\n`);
  for (const [name, text] of lists) if (lines.some((line) => text.includes(line))) owners.push(name);
  return owners;
}

/** Packages built before the merge of /usr list their files below /bin, /lib and /sbin. */
function plainUsr(path: string): string {
  return /^\/(?:s?bin|lib(?:32|64|x32)?)\//.test(path) ? `/usr${path}` : path;
}

function textOf(inode: Inode | undefined): string {
  const content = inode?.content;
  return content?.kind === 'bytes' ? decodeText(content.bytes) : '';
}

function readSources(shipped: Tree): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  let name = '';
  const status = textOf(shipped.lookup(`${database}/status`));
  for (const [line] of status.matchAll(/^(?:Package|Source): .*$/gm)) {
    if (line.startsWith('Package: ')) name = line.slice('Package: '.length).trim();
    else sources.set(name, line.slice('Source: '.length).replace(/\(.*/, '').trim());
  }
  return sources;
}

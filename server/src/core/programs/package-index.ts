/**
 * Which package owns which path. Read from dpkg's database in the image as shipped (dpkg(1), /var/lib/dpkg): `status`,
 * `info/PACKAGE.list` and `info/PACKAGE.conffiles`. The databases of rpm are SQLite or Berkeley DB, which we do not read; for
 * them nothing is owned and names decide.
 */

import { decodeText } from '../text/bytes.ts';
import type { Tree } from '../tree/tree.ts';

export interface PackageIndex {
  /** False if the image has no database that can be read. */
  readonly isKnown: boolean;
  /** The packages that own a path; directories have many owners. Sorted. */
  ownersOf(path: string): readonly string[];
  /** Paths of a package, in the order of its list. */
  filesOf(name: string): readonly string[];
  /** The source package that a package was built from; its own name if nothing else is said. */
  sourceOf(name: string): string;
  /** The script that makes what a package needs after it was unpacked (deb-postinst(5)); empty if there is none. */
  installScriptOf(name: string): string;
}

const database = '/var/lib/dpkg';

/** The packages of an image. Nothing is read before the first question; then all lists are. */
export function readPackages(shipped: Tree): PackageIndex {
  let loaded: Loaded | undefined;
  const load = (): Loaded => {
    loaded ??= loadDatabase(shipped);
    return loaded;
  };
  return {
    get isKnown() {
      return load().files.size > 0;
    },
    ownersOf: (path) => load().owners.get(plainUsr(path)) ?? NONE,
    filesOf: (name) => load().files.get(name) ?? NONE,
    sourceOf: (name) => load().sources.get(name) ?? name,
    installScriptOf: (name) => textOf(shipped, `${database}/info/${name}.postinst`),
  };
}

const NONE: readonly string[] = [];

interface Loaded {
  readonly owners: ReadonlyMap<string, readonly string[]>;
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly sources: ReadonlyMap<string, string>;
}

function loadDatabase(shipped: Tree): Loaded {
  const owners = new Map<string, string[]>();
  const files = new Map<string, string[]>();
  const directory = shipped.lookup(`${database}/info`);
  const names = directory?.type === 'directory' ? directory.names().filter((name) => name.endsWith('.list')) : [];
  for (const listName of names.sort()) {
    const content = directory?.child(listName)?.content;
    if (content?.kind !== 'bytes') continue;
    // `PACKAGE:ARCHITECTURE.list` where packages of several architectures may stand side by side.
    const name = listName.slice(0, -'.list'.length).replace(/:.*$/, '');
    const own: string[] = [];
    for (const line of decodeText(content.bytes).split('\n')) {
      if (!line.startsWith('/') || line === '/.') continue;
      const path = plainUsr(line);
      own.push(path);
      const known = owners.get(path);
      if (known === undefined) owners.set(path, [name]);
      else if (known.at(-1) !== name) known.push(name);
    }
    files.set(name, own);
  }
  return { owners, files, sources: files.size === 0 ? new Map() : readSources(shipped) };
}

function textOf(tree: Tree, path: string): string {
  const content = tree.lookup(path)?.content;
  return content?.kind === 'bytes' ? decodeText(content.bytes) : '';
}

/** Packages built before the merge of /usr list their files below /bin, /lib and /sbin. */
function plainUsr(path: string): string {
  return /^\/(?:s?bin|lib(?:32|64|x32)?)\//.test(path) ? `/usr${path}` : path;
}

function readSources(shipped: Tree): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  let name = '';
  for (const line of textOf(shipped, `${database}/status`).split('\n')) {
    if (line.startsWith('Package: ')) name = line.slice('Package: '.length).trim();
    else if (line.startsWith('Source: ')) sources.set(name, line.slice('Source: '.length).replace(/\(.*/, '').trim());
  }
  return sources;
}

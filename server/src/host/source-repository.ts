/**
 * A directory with loose files (units, tmpfiles.d and sysusers.d lines, presets, parts of roots) as an image: each file
 * stands where packaging would install it and remembers where it lies, over a base. Nothing is built: a file that a build
 * step fills in is taken as it is.
 */

import type { FileContent, Image, ImageNode, ImageProblem, InodeType } from '../core/image/image.ts';
import { layerImages } from '../core/image/layered-image.ts';
import { emptyRoot, ensureDirectory, MemoryNode, memoryImage, placeNode } from '../core/image/memory-image.ts';
import { compareBytes, decodeText } from '../core/text/bytes.ts';
import { isRootLike } from './directory-kind.ts';
import { installedPath, type RepositoryNames } from './installed-path.ts';

interface RepositoryOptions {
  /** What the files are laid over; without one there is nothing below them. */
  readonly base?: Image;
  /** Entries that are looked at. Default: 50,000. */
  readonly entriesMax?: number;
  /** Directories, by their path below the top, whose files belong to something else. */
  readonly skip?: (directory: string) => boolean;
}

/** An opened repository also tells which file stands where. */
export type OpenRepositoryResult =
  | {
      readonly kind: 'opened';
      readonly image: Image;
      /** The repository's files, by the path at which each is installed; parts joined by `/`. */
      readonly files: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'failed'; readonly message: string };

const DEPTH_MAX = 16;
/** Longer files are no configuration. */
const TEXT_MAX = 1024 * 1024;

/** Directories of version control, dependencies and build results, and those whose files are not installed. */
const SKIPPED =
  /^(?:\..*|node_modules|vendor|third[_-]party|subprojects|__pycache__|venv|build|dist|target|tests?|testing|test[_-].*|testdata|fixtures|specs?|examples?|samples?|demos?|docs?|documentation|man|po|autopkgtest)$/i;

/** Names under which parts of a root are kept; their content is taken as it lies. */
const ROOT_PARTS =
  /^(?:mkosi\.(?:extra|skeleton)|mkosi\.(?:extra|skeleton)\..*|rootfs|root|overlay|files|fs|airootfs)$/;

/** Lays the loose files of an opened directory over a base. Fails if there is not one. */
export function openSourceRepository(directory: Image, options: RepositoryOptions = {}): OpenRepositoryResult {
  const collector = new Collector(directory, options);
  collector.collect();
  if (collector.count === 0) {
    const what = 'no root file system, and no unit, tmpfiles.d, sysusers.d or preset file was found in it';
    return { kind: 'failed', message: `${directory.label}: ${what}` };
  }
  const own = collector.paths;
  const upper = memoryImage(directory.label, collector.root, {
    completeness: 'partial',
    isOwn: (path) => own.has(path),
    problems: () => [...directory.problems(), ...collector.problems],
  });
  const image = options.base === undefined ? upper : layerImages(upper, options.base);
  return { kind: 'opened', image, files: collector.files };
}

interface Pending {
  readonly node: ImageNode;
  readonly directories: readonly string[];
}

class Collector {
  readonly root = emptyRoot();
  readonly paths = new Set<string>();
  readonly files = new Map<string, string>();
  readonly problems: ImageProblem[] = [];
  count = 0;
  readonly #directory: Image;
  readonly #names: RepositoryNames;
  readonly #entriesMax: number;
  readonly #skip: (directory: string) => boolean;
  #entries = 0;

  constructor(directory: Image, options: RepositoryOptions) {
    this.#directory = directory;
    this.#entriesMax = options.entriesMax ?? 50_000;
    this.#skip = options.skip ?? (() => false);
    this.#names = repositoryNames(directory);
  }

  /** Goes through the directories level by level, so that of two files for one place the one nearer the top wins. */
  collect(): void {
    let level: Pending[] = [{ node: this.#directory.root, directories: [] }];
    for (let depth = 0; depth < DEPTH_MAX && level.length > 0; depth++) {
      const next: Pending[] = [];
      for (const pending of level) if (!this.#collectDirectory(pending, next)) return;
      level = next;
    }
    if (level.length > 0) this.#report('/', `directories deeper than ${DEPTH_MAX} levels were not searched`);
  }

  #collectDirectory({ node, directories }: Pending, next: Pending[]): boolean {
    // What debhelper built from the loose files lies below debian/PACKAGE.
    if (directories.at(-2) === 'debian' && isRootLike(node)) return true;
    if (isPartOfRoot(node, directories)) return this.#takeRoot(node, directories, '');
    for (const name of [...node.names()].sort(compareBytes)) {
      if (!this.#mayGoOn()) return false;
      const child = node.child(name);
      if (child?.type === 'directory') {
        if (SKIPPED.test(name) || this.#skip([...directories, name].join('/'))) continue;
        const pending = { node: child, directories: [...directories, name] };
        // What is packaged wins over what upstream offers.
        if (name === 'debian') next.unshift(pending);
        else next.push(pending);
        continue;
      }
      if (child?.type !== 'file') continue;
      const path = installedPath({ directories, name, text: () => textOf(child) }, this.#names);
      if (path !== undefined) this.#place(path, child, [...directories, name]);
    }
    return true;
  }

  /** Takes a directory that is laid out like a root; `prefix` is where in the image we are. */
  #takeRoot(node: ImageNode, directories: readonly string[], prefix: string): boolean {
    for (const name of [...node.names()].sort(compareBytes)) {
      if (!this.#mayGoOn()) return false;
      const child = node.child(name);
      if (child === undefined || (prefix === '' && (name.startsWith('.') || child.type === 'file'))) continue;
      const path = `${prefix}/${name}`;
      const below = [...directories, name];
      if (child.type !== 'directory') this.#place(path, child, below);
      else if (below.length < DEPTH_MAX * 2) {
        ensureDirectory(this.root, path);
        this.paths.add(path);
        if (!this.#takeRoot(child, below, path)) return false;
      }
    }
    return true;
  }

  #place(path: string, node: ImageNode, components: readonly string[]): void {
    if (node.type !== 'file' && node.type !== 'symlink') return;
    const origin = `${originPrefix(this.#directory.label)}${components.join('/')}`;
    if (this.paths.has(path)) {
      this.#report(`/${components.join('/')}`, `is left out: another file is installed as ${path} already`);
      return;
    }
    this.paths.add(path);
    this.files.set(path, components.join('/'));
    this.count += 1;
    const target = node.target;
    const placed =
      target === undefined ? new OriginNode(node, origin) : new MemoryNode('symlink', { ...LINK, target, origin });
    placeNode(this.root, path, placed);
  }

  #mayGoOn(): boolean {
    this.#entries += 1;
    if (this.#entries === this.#entriesMax + 1) {
      this.#report('/', `only the first ${this.#entriesMax} entries were searched for configuration`);
    }
    return this.#entries <= this.#entriesMax;
  }

  #report(path: string, message: string): void {
    this.problems.push({ path, message });
  }
}

const LINK = { mode: 0o777, uid: 0, gid: 0 } as const;

function isPartOfRoot(node: ImageNode, directories: readonly string[]): boolean {
  const name = directories.at(-1) ?? '';
  if (ROOT_PARTS.test(name)) return ['usr', 'etc'].some((part) => node.child(part)?.type === 'directory');
  return isRootLike(node);
}

/** A path as the user would write it: relative to where the directory was named. */
function originPrefix(label: string): string {
  if (label === '.' || label === './') return '';
  return label.endsWith('/') ? label : `${label}/`;
}

function repositoryNames(directory: Image): RepositoryNames {
  const control = directory.root.child('debian')?.child('control');
  const text = control?.type === 'file' ? (textOf(control) ?? '') : '';
  const packages = [...text.matchAll(/^Package:[ \t]*(\S+)/gm)].map((match) => match[1] ?? '');
  const source = /^Source:[ \t]*(\S+)/m.exec(text)?.[1];
  const label = directory.label.split('/').filter((part) => part !== '' && !part.startsWith('.'));
  // debhelper's files without a package name belong to the first binary package (debhelper(7)).
  return { main: packages[0] ?? source ?? label.at(-1) ?? 'local', packages };
}

function textOf(node: ImageNode): string | undefined {
  if (node.size === undefined || node.size > TEXT_MAX) return undefined;
  const content = node.read();
  return content.kind === 'bytes' ? decodeText(content.bytes) : undefined;
}

/** A file of the repository as it will be installed: owned by root, writable for root only. */
class OriginNode implements ImageNode {
  readonly type: InodeType = 'file';
  readonly mode: number;
  readonly uid = 0;
  readonly gid = 0;
  readonly size: number | undefined;
  readonly modified: undefined;
  readonly origin: string;
  readonly #node: ImageNode;

  constructor(node: ImageNode, origin: string) {
    this.mode = ((node.mode ?? 0) & 0o100) === 0 ? 0o644 : 0o755;
    this.size = node.size;
    this.origin = origin;
    this.#node = node;
  }

  names(): readonly string[] {
    return [];
  }

  child(): undefined {
    return undefined;
  }

  read(): FileContent {
    return this.#node.read();
  }
}

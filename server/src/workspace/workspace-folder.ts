/**
 * A folder of the workspace: its files with the editor's buffers over them, and the sets in it, found by themselves. Every
 * change makes a new revision; sets are made anew for each, from nodes and parses that stay.
 */

import type { Image, ImageNode } from '../core/image/image.ts';
import { emptyRoot, memoryImage, placeNode } from '../core/image/memory-image.ts';
import { compareBytes } from '../core/text/bytes.ts';
import { directoryKindOf, isCompleteRoot } from '../host/directory-kind.ts';
import { openSourceRepository } from '../host/source-repository.ts';
import { CheckedSet, type SetOptions } from './checked-set.ts';
import { bufferNode, LiveDirectory, nodeAt } from './live-directory.ts';

/** Where the files of a folder come from: a directory of this machine, or the editor. */
export interface FolderHost {
  /** The folder itself; undefined if it cannot be read. */
  root(): ImageNode | undefined;
  /** The node of a path as it is now, nothing remembered; undefined if there is none. */
  fresh(path: readonly string[]): ImageNode | undefined;
  /** Absolute paths in executables below a directory of the folder. */
  embeddedPaths?(directory: string): ((program: string) => readonly string[] | undefined) | undefined;
}

/** How deep below the folder a root of an image is looked for. */
const ROOT_DEPTH = 3;
const NO_ROOTS = /^(?:\..*|node_modules|usr|etc|var|lib|proc|sys|dev|run)$/;

export class WorkspaceFolder {
  readonly uri: string;
  readonly name: string;
  /** Counts changes. */
  revision = 0;
  readonly #host: FolderHost;
  readonly #buffers = new Map<string, string>();
  #root: LiveDirectory;
  #sets: { readonly revision: number; readonly sets: readonly CheckedSet[] } | undefined;
  #base: Image | undefined;
  #options: SetOptions;
  #roots: readonly string[] | undefined;

  constructor(uri: string, name: string, host: FolderHost, options: SetOptions) {
    this.uri = uri;
    this.name = name;
    this.#host = host;
    this.#options = options;
    this.#root = new LiveDirectory(host.root());
  }

  /** What loose files are laid over; undefined: nothing. */
  setBase(base: Image | undefined): void {
    this.#base = base;
    this.revision += 1;
  }

  setOptions(options: SetOptions): void {
    this.#options = options;
    this.revision += 1;
  }

  get options(): SetOptions {
    return this.#options;
  }

  /** The folder's files as they are, buffers included. */
  get root(): ImageNode {
    return this.#root;
  }

  /** Lays an editor's buffer over a file. */
  setBuffer(file: string, text: string): void {
    const path = file.split('/');
    const onDisk = this.#buffers.has(file) ? undefined : nodeAt(this.#root, path);
    const rights = onDisk ?? nodeAt(this.#root, path);
    this.#buffers.set(file, text);
    this.#root.replace(path, bufferNode(text, rights));
    this.revision += 1;
  }

  /** The editor lets go of a file: what is on disk counts again. */
  dropBuffer(file: string): void {
    if (!this.#buffers.delete(file)) return;
    this.refresh(file);
  }

  /** A file or directory was made, changed or removed on disk. What is open in the editor stays as the editor has it. */
  refresh(file: string): void {
    if (this.#buffers.has(file)) return;
    const path = file.split('/');
    this.#root.replace(path, this.#host.fresh(path) ?? null);
    for (const [buffer, text] of this.#buffers) {
      if (buffer.startsWith(`${file}/`)) this.#root.replace(buffer.split('/'), bufferNode(text, undefined));
    }
    this.#roots = undefined;
    this.revision += 1;
  }

  /** The sets as the files are now. */
  get sets(): readonly CheckedSet[] {
    if (this.#sets?.revision !== this.revision) this.#sets = { revision: this.revision, sets: this.#findSets() };
    return this.#sets.sets;
  }

  #findSets(): readonly CheckedSet[] {
    const sets: CheckedSet[] = [];
    if (this.#root.names().length === 0) return sets;
    if (directoryKindOf(this.#root) === 'root') return [this.#rootSet('')];
    this.#roots ??= findRoots(this.#root, '', ROOT_DEPTH);
    for (const directory of this.#roots) sets.push(this.#rootSet(directory));
    const roots = new Set(this.#roots);
    const opened = openSourceRepository(memoryImage(this.name, this.#root), {
      ...(this.#base === undefined ? {} : { base: this.#base }),
      skip: (directory) => roots.has(directory),
    });
    if (opened.kind === 'opened') {
      sets.push(new CheckedSet('repository', '', opened.image, this.#options, opened.files));
    }
    return sets;
  }

  #rootSet(directory: string): CheckedSet {
    const root = directory === '' ? this.#root : nodeAt(this.#root, directory.split('/'));
    const embeddedPaths = this.#host.embeddedPaths?.(directory);
    const image = memoryImage(directory === '' ? this.name : directory, root ?? emptyRoot(), {
      ...(embeddedPaths === undefined ? {} : { embeddedPaths }),
    });
    return new CheckedSet('root', directory, image, this.#options, undefined);
  }
}

/** Directories with a whole system in them, sorted. */
function findRoots(node: ImageNode, directory: string, depth: number): string[] {
  const found: string[] = [];
  for (const name of [...node.names()].sort(compareBytes)) {
    if (NO_ROOTS.test(name)) continue;
    const child = node.child(name);
    if (child?.type !== 'directory') continue;
    const path = directory === '' ? name : `${directory}/${name}`;
    if (isCompleteRoot(child)) found.push(path);
    else if (depth > 1) found.push(...findRoots(child, path, depth - 1));
  }
  return found;
}

/** A file that lies in no folder, alone over the base. Undefined if its name says that it is not installed. */
export function documentSet(
  uri: string,
  path: string,
  text: string,
  base: Image | undefined,
  options: SetOptions,
): CheckedSet | undefined {
  const root = emptyRoot();
  const name = path
    .split('/')
    .filter((part) => part !== '')
    .slice(-2)
    .join('/');
  placeNode(root, `/${name}`, bufferNode(text, undefined));
  const opened = openSourceRepository(memoryImage('.', root), base === undefined ? {} : { base });
  if (opened.kind !== 'opened') return undefined;
  const files = new Map([...opened.files].map(([image]) => [image, uri]));
  return new CheckedSet('document', '', opened.image, options, files);
}

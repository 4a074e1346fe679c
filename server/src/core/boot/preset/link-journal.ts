/** Changes of directory entries that can be taken back, so that a run can be tried in different orders. */

import type { Cause } from '../../problems/problem.ts';
import { Inode } from '../../tree/inode.ts';
import { joinPath, pathComponents, type Tree } from '../../tree/tree.ts';

/** The longest file name in bytes that Linux file systems take. */
const NAME_MAX = 255;

export class LinkJournal {
  readonly #tree: Tree;
  readonly #undo: (() => void)[] = [];
  /** Paths whose entry was set or removed, with the target of the link that stands there now. */
  readonly #changed = new Map<string, string | undefined>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  readonly #before = new Map<string, string | undefined>();

  /** Directories made so far, counted so that caches of directories know when they are stale. */
  directoriesMade = 0;

  /** Paths that were changed and what they are now: the target of a link, undefined for nothing. */
  get changed(): ReadonlyMap<string, string | undefined> {
    return this.#changed;
  }

  /** Target of the link that stood at a changed path before; undefined for none. */
  before(path: string): string | undefined {
    return this.#before.get(path);
  }

  setLink(parent: Inode, directory: string, name: string, target: string, cause: Cause): void {
    const path = joinPath(directory, name);
    this.#noteBefore(parent, path, name);
    this.#set(parent, name, Inode.create({ type: 'symlink', mode: 0o777, target, cause }));
    this.#changed.set(path, target);
  }

  remove(parent: Inode, directory: string, name: string): void {
    const path = joinPath(directory, name);
    this.#noteBefore(parent, path, name);
    this.#set(parent, name, undefined);
    this.#changed.set(path, undefined);
  }

  #noteBefore(parent: Inode, path: string, name: string): void {
    if (!this.#before.has(path)) this.#before.set(path, parent.child(name)?.target);
  }

  /** The directory at a path, made with its missing parents; undefined if something stands in the way. */
  ensureDirectory(path: string, cause: Cause): { readonly inode: Inode; readonly path: string } | undefined {
    let inode = this.#tree.root;
    let real = '/';
    const components = pathComponents(path);
    // Unit names are ASCII, so their length is that in bytes.
    if (components.some((name) => name.length > NAME_MAX)) return undefined;
    for (const name of components) {
      const found = this.#tree.walk(joinPath(real, name));
      if (found.kind === 'found') {
        if (found.inode.type !== 'directory') return undefined;
        inode = found.inode;
        real = found.path;
        continue;
      }
      // The parent of a link's missing target is not made.
      if (found.kind !== 'missing' || found.parent !== inode || found.missing.length > 1) return undefined;
      if (inode.child(name) !== undefined || this.#tree.isReadOnly(real)) return undefined;
      const made = Inode.create({ type: 'directory', mode: 0o755, cause });
      this.#set(inode, name, made);
      this.directoriesMade += 1;
      inode = made;
      real = joinPath(real, name);
    }
    return { inode, path: real };
  }

  /** Takes everything back. */
  undo(): void {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) undo();
    this.#changed.clear();
    this.#before.clear();
  }

  #set(parent: Inode, name: string, inode: Inode | undefined): void {
    const before = parent.child(name);
    this.#undo.push(() => (before === undefined ? parent.remove(name) : parent.set(name, before)));
    if (inode === undefined) parent.remove(name);
    else parent.set(name, inode);
  }
}

/** Changes of directory entries that can be taken back, so that a run can be tried in different orders. */

import type { Cause } from '../../problems/problem.ts';
import { Inode } from '../../tree/inode.ts';
import { joinPath, pathComponents, type Tree } from '../../tree/tree.ts';

export class LinkJournal {
  readonly #tree: Tree;
  readonly #undo: (() => void)[] = [];
  /** Paths whose entry was set or removed, with the target of the link that stands there now. */
  readonly #changed = new Map<string, string | undefined>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Directories made so far, counted so that caches of directories know when they are stale. */
  directoriesMade = 0;

  /** Paths that were changed and what they are now: the target of a link, undefined for nothing. */
  get changed(): ReadonlyMap<string, string | undefined> {
    return this.#changed;
  }

  setLink(parent: Inode, directory: string, name: string, target: string, cause: Cause): void {
    this.#set(parent, name, Inode.create({ type: 'symlink', mode: 0o777, target, cause }));
    this.#changed.set(joinPath(directory, name), target);
  }

  remove(parent: Inode, directory: string, name: string): void {
    this.#set(parent, name, undefined);
    this.#changed.set(joinPath(directory, name), undefined);
  }

  /** The directory at a path, made with its missing parents; undefined if something stands in the way. */
  ensureDirectory(path: string, cause: Cause): { readonly inode: Inode; readonly path: string } | undefined {
    let inode = this.#tree.root;
    let real = '/';
    for (const name of pathComponents(path)) {
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
  }

  #set(parent: Inode, name: string, inode: Inode | undefined): void {
    const before = parent.child(name);
    this.#undo.push(() => (before === undefined ? parent.remove(name) : parent.set(name, before)));
    if (inode === undefined) parent.remove(name);
    else parent.set(name, inode);
  }
}

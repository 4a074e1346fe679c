/**
 * Paths as the tool's system calls see them, next to Tree.walk, which is how systemd's chase() sees them. Under --root an
 * absolute symlink and a `..` at the root lead such a call into the calling system; what is there is not the image's, so
 * the walk ends. At boot the root is the root.
 */

import type { GlobFileSystem } from '../../pattern/glob.ts';
import type { Inode } from '../../tree/inode.ts';
import { joinPath, pathComponents, type Tree } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';
import { isNameTooLong } from './new-inode.ts';

export type ProcessWalk =
  | {
      readonly kind: 'found';
      readonly inode: Inode;
      /** Real path. */
      readonly path: string;
      /** The directory that holds it and its real path; the root's own for the root. */
      readonly parent: Inode;
      readonly parentPath: string;
      readonly name: string;
    }
  /** Everything but the last component exists: `parent` is a directory in which `name` could be made. */
  | { readonly kind: 'absent'; readonly parent: Inode; readonly parentPath: string; readonly name: string }
  /** ENOENT on the way, ENOTDIR, ELOOP, ENAMETOOLONG, or out of the image. */
  | { readonly kind: 'no-entry' | 'not-a-directory' | 'loop' | 'name-too-long' | 'outside' };

/** MAXSYMLINKS of the kernel. */
const SYMLINKS_MAX = 40;

interface Step {
  readonly inode: Inode;
  readonly path: string;
  readonly name: string;
}

/** Walks an absolute path as a system call of the tool does. */
export function walkAsProcess(
  tree: Tree,
  inputs: BootInputs,
  path: string,
  options: { readonly follow: boolean },
): ProcessWalk {
  const isOffline = inputs.semantics === 'offline';
  const pending = pathComponents(path).reverse();
  const passed: Step[] = [{ inode: tree.root, path: '/', name: '' }];
  let here: Step = { inode: tree.root, path: '/', name: '' };
  let symlinks = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (here.inode.type !== 'directory') return { kind: 'not-a-directory' };
    if (name === '..') {
      if (passed.length === 1 && isOffline) return { kind: 'outside' };
      if (passed.length > 1) passed.pop();
      here = passed.at(-1) ?? here;
      continue;
    }
    if (isNameTooLong(name)) return { kind: 'name-too-long' };
    const child = here.inode.child(name);
    if (child === undefined) {
      if (pending.length > 0) return { kind: 'no-entry' };
      return { kind: 'absent', parent: here.inode, parentPath: here.path, name };
    }
    if (child.type === 'symlink' && (options.follow || pending.length > 0)) {
      symlinks += 1;
      if (symlinks > SYMLINKS_MAX) return { kind: 'loop' };
      const target = child.target ?? '';
      if (target.startsWith('/')) {
        if (isOffline) return { kind: 'outside' };
        passed.length = 1;
        here = passed[0] ?? here;
      }
      pending.push(...pathComponents(target).reverse());
      continue;
    }
    here = { inode: child, path: joinPath(here.path, name), name };
    passed.push(here);
  }
  const above = passed.at(-2) ?? here;
  return {
    kind: 'found',
    inode: here.inode,
    path: here.path,
    parent: above.inode,
    parentPath: above.path,
    name: here.name,
  };
}

/** The tree as glob(3) sees it from the tool's process. */
export function globFileSystem(tree: Tree, inputs: BootInputs): GlobFileSystem {
  return {
    exists: (path) => walkAsProcess(tree, inputs, path, { follow: false }).kind === 'found',
    list: (path) => {
      const found = walkAsProcess(tree, inputs, path, { follow: false });
      return found.kind === 'found' && found.inode.type === 'directory' ? found.inode.names() : undefined;
    },
  };
}

/**
 * Walking into a root as a process outside of it does that puts the root's path in front of a path and leaves the rest to
 * the kernel: symlinks to absolute paths, and `..` above the root, lead out into the caller's own file system.
 */

import type { Inode } from './inode.ts';
import { joinPath, pathComponents, type Tree, type WalkOptions, type WalkResult } from './tree.ts';

/** The kernel gives up after this many symlinks (path_resolution(7)). */
const MAXSYMLINKS = 40;

/** `outside`: the path leads out of the root, to `path` of the calling system. */
type OutsideWalkResult = WalkResult | { readonly kind: 'outside'; readonly path: string };

/** Walks an absolute path from the root. See {@link Tree.walk} for the results. */
export function walkFromOutside(
  tree: Tree,
  path: string,
  options: Pick<WalkOptions, 'follow'> = {},
): OutsideWalkResult {
  const pending = pathComponents(path).reverse();
  const above: { readonly inode: Inode; readonly path: string; readonly name: string }[] = [];
  let here = { inode: tree.root, path: '/', name: '' };
  let symlinks = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (here.inode.type !== 'directory') return { kind: 'not-a-directory', inode: here.inode, path: here.path };
    if (name === '..') {
      const parent = above.pop();
      if (parent === undefined) return { kind: 'outside', path: ['..', ...pending.reverse()].join('/') };
      here = parent;
      continue;
    }
    const child = here.inode.child(name);
    if (child === undefined) {
      return { kind: 'missing', parent: here.inode, path: here.path, missing: [name, ...pending.reverse()] };
    }
    const childPath = joinPath(here.path, name);
    if (child.type === 'symlink' && (options.follow !== false || pending.length > 0)) {
      symlinks += 1;
      if (symlinks > MAXSYMLINKS) return { kind: 'loop', path: childPath };
      const target = child.target ?? '';
      if (target.startsWith('/')) return { kind: 'outside', path: [target, ...pending.reverse()].join('/') };
      pending.push(...pathComponents(target).reverse());
      continue;
    }
    above.push(here);
    here = { inode: child, path: childPath, name };
  }
  return { kind: 'found', inode: here.inode, path: here.path, parent: (above.at(-1) ?? here).inode, name: here.name };
}

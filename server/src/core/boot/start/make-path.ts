/** Making what a start makes: directories with their parents, files, nodes, links, each with the line as its cause. */

import type { Cause, Place } from '../../problems/problem.ts';
import { Inode, type NewInode } from '../../tree/inode.ts';
import { joinPath, type Tree } from '../../tree/tree.ts';
import { isKernelPath } from '../path-facts.ts';
import { isNameTooLong } from '../tmpfiles/new-inode.ts';

function causeOf(place: Place, action: Cause['action']): Cause {
  return { phase: 'start', action, ...place };
}

/** Makes an inode with its missing parents. False if something stands in the way or the file system is read-only. */
export function makePath(
  tree: Tree,
  path: string,
  start: NewInode,
  place: Place,
  parentMode = 0o755,
): { readonly kind: 'made'; readonly inode: Inode } | { readonly kind: 'exists'; readonly inode: Inode } | undefined {
  const found = tree.walk(path);
  if (found.kind === 'found') return { kind: 'exists', inode: found.inode };
  if (found.kind !== 'missing' || isKernelPath(found.path) || found.missing.includes('..')) return undefined;
  if (tree.isReadOnly(found.path) || found.missing.some(isNameTooLong)) return undefined;
  let parent = found.parent;
  let at = found.path;
  const names = [...found.missing];
  const last = names.pop();
  if (last === undefined) return undefined;
  for (const name of names) {
    at = joinPath(at, name);
    // A dangling link on the way cannot be a directory.
    if (parent.child(name) !== undefined) return undefined;
    const made = Inode.create({ type: 'directory', mode: parentMode, cause: causeOf(place, 'parent') });
    parent.set(name, made);
    parent = made;
  }
  if (parent.child(last) !== undefined) return undefined;
  const inode = Inode.create({ ...start, cause: causeOf(place, 'created') });
  parent.set(last, inode);
  return { kind: 'made', inode };
}

/** Sets rights and owner of an inode that is there, and says so if that changed anything. */
export function adjust(
  inode: Inode,
  rights: { readonly mode: number; readonly uid: number | undefined; readonly gid: number | undefined },
  place: Place,
): void {
  if (inode.mode === rights.mode && inode.uid === rights.uid && inode.gid === rights.gid) return;
  inode.mode = rights.mode;
  inode.uid = rights.uid;
  inode.gid = rights.gid;
  inode.addCause(causeOf(place, 'changed'));
}

/** Puts a symlink, with missing parents, where nothing is. */
export function makeLink(tree: Tree, path: string, target: string, place: Place): void {
  const found = tree.walk(path, { follow: false });
  if (found.kind === 'found') return;
  makePath(tree, path, { type: 'symlink', mode: 0o777, target }, place);
}

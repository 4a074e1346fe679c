/** Rights and owners: what the mode, user and group columns do to an inode. */

import type { Inode } from '../../tree/inode.ts';
import { causeOf, type Item, type ItemOwner } from './item.ts';
import type { Run } from './run.ts';

/**
 * Whether the inode was there before: `existing` leaves out columns that are for new inodes only; the target of a copy never
 * counts as existing, even when nothing was copied.
 */
export type Creation = 'new' | 'copy' | 'existing';

/** Applies the columns. `path` is the inode's real path, for the question whether its file system is read-only. */
export function setPermissions(run: Run, item: Item, inode: Inode, path: string, creation: Creation): boolean {
  if (item.mode === undefined && item.user === undefined && item.group === undefined) return true;
  const uid = wantedId(item.user, inode.uid, creation);
  const gid = wantedId(item.group, inode.gid, creation);
  const mode = inode.type === 'symlink' ? inode.mode : wantedMode(item, inode, creation);
  if (uid === inode.uid && gid === inode.gid && mode === inode.mode) return true;
  if (run.isReadOnly(path)) {
    return run.fail(item, path, 'read-only', `"${path}" cannot be changed: the file system is read-only`);
  }
  inode.uid = uid;
  inode.gid = gid;
  inode.mode = mode;
  if (creation !== 'new') {
    inode.addCause(causeOf(item, 'changed'));
    run.note(item, { kind: 'changed', path });
  }
  return true;
}

function wantedId(owner: ItemOwner | undefined, present: number | undefined, creation: Creation): number | undefined {
  if (owner === undefined || (creation === 'existing' && owner.onlyCreate)) return present;
  return owner.id;
}

function wantedMode(item: Item, inode: Inode, creation: Creation): number | undefined {
  const mode = item.mode;
  if (mode === undefined || (creation === 'existing' && mode.onlyCreate)) return inode.mode;
  if (!mode.isMasked) return mode.bits;
  if (inode.mode === undefined) return undefined;
  let bits = mode.bits;
  for (const right of [0o111, 0o222, 0o444]) if ((inode.mode & right) === 0) bits &= ~right;
  return inode.type === 'directory' ? bits : bits & 0o777;
}

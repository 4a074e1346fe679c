/** Making inodes as the kernel does: set-group-ID directories and default access control lists are inherited. */

import { encodeText } from '../../text/bytes.ts';
import { Inode, type NewInode } from '../../tree/inode.ts';
import { joinPath } from '../../tree/tree.ts';
import { inheritAcl } from './access-control.ts';
import { causeOf, type Effect, type Item } from './item.ts';
import type { Run } from './run.ts';

const SET_GROUP_ID = 0o2000;
/** NAME_MAX, in bytes. */
const NAME_MAX = 255;

export function isNameTooLong(name: string): boolean {
  // No UTF-16 unit takes more than three bytes, so most names need not be encoded.
  return name.length > NAME_MAX / 3 && (name.length > NAME_MAX || encodeText(name).length > NAME_MAX);
}

/** A directory to make something in. */
export interface Location {
  readonly parent: Inode;
  /** Real path of the directory. */
  readonly parentPath: string;
  readonly name: string;
}

/** Makes an inode, in place of whatever has the name. Undefined, and a failure, if that cannot be. */
export function makeInode(
  run: Run,
  item: Item,
  at: Location,
  start: NewInode,
  kind: Extract<Effect['kind'], 'created' | 'parent' | 'copied'> = 'created',
): Inode | undefined {
  const path = joinPath(at.parentPath, at.name);
  if (isNameTooLong(at.name)) {
    run.fail(item, path, 'name-too-long', `"${at.name}" is longer than a file name may be`);
    return undefined;
  }
  if (run.isReadOnly(at.parentPath)) {
    run.fail(item, path, 'read-only', `"${path}" cannot be made: the file system is read-only`);
    return undefined;
  }
  const inode = Inode.create({ ...start, cause: causeOf(item, kind) });
  if (at.parent.mode === undefined) inode.gid = at.parent.gid === 0 ? 0 : undefined;
  else if ((at.parent.mode & SET_GROUP_ID) !== 0) {
    inode.gid = at.parent.gid;
    if (inode.type === 'directory') inode.mode = (inode.mode ?? 0) | SET_GROUP_ID;
  }
  if (at.parent.facts.length > 0) inheritAcl(at.parent, inode, item);
  at.parent.set(at.name, inode);
  run.note(item, { kind, path });
  return inode;
}

/** Bits that mkdir(2) takes from its mode argument; the others come from the directory or from chmod(2). */
export function directoryMode(mode: number): number {
  return mode & 0o1777;
}

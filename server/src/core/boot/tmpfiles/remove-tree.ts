/** Removing a directory with all that is in it, as rm -rf does. */

import type { Inode } from '../../tree/inode.ts';
import { joinPath } from '../../tree/tree.ts';
import type { Item } from './item.ts';
import type { Location } from './new-inode.ts';
import type { Run } from './run.ts';

/** Removes a directory. False, and a failure, if its file system or one in it is read-only. */
export function removeTree(run: Run, item: Item, at: Location, directory: Inode): boolean {
  const path = joinPath(at.parentPath, at.name);
  if (!removeContents(run, item, directory, path)) return false;
  at.parent.remove(at.name);
  run.note(item, { kind: 'removed', path });
  return true;
}

/** Removes what is in a directory. */
export function removeContents(run: Run, item: Item, directory: Inode, path: string): boolean {
  let isDone = true;
  for (const name of directory.names()) {
    if (run.isReadOnly(path)) {
      return run.fail(item, path, 'read-only', `"${path}" cannot be emptied: the file system is read-only`);
    }
    const child = directory.child(name);
    const isKept = child?.type === 'directory' && !removeContents(run, item, child, joinPath(path, name));
    if (isKept) isDone = false;
    else directory.remove(name);
  }
  return isDone;
}

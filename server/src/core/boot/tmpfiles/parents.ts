/** Missing parents, and with the modifier `=` what of another type stands in the way. */

import type { InodeType } from '../../image/image.ts';
import { isUnsafeStep, joinPath, pathComponents } from '../../tree/tree.ts';
import { claim, type Item } from './item.ts';
import { isNameTooLong, type Location, makeInode } from './new-inode.ts';
import { removeTree } from './remove-tree.ts';
import type { Run } from './run.ts';

/** Makes the missing parents of a line's path, 0755. What goes wrong shows when the path itself is made. */
export function makeParents(run: Run, item: Item): void {
  const names = pathComponents(item.path);
  if (names.includes('..') || names.some(isNameTooLong)) return;
  let path = '';
  for (const name of names.slice(0, -1)) {
    path += `/${name}`;
    const found = run.walk(path, { follow: true });
    if (found.kind === 'found' && found.inode.type === 'directory') {
      claim(found.inode, item, 'parent');
      continue;
    }
    if (found.kind !== 'absent') return;
    // A dangling symlink is not made into a directory, though the walk ends where one could be.
    if (run.walk(path, { follow: false }).kind === 'found') return;
    if (run.isReadOnly(found.parentPath)) return;
    const made = makeInode(run, item, found, { type: 'directory', mode: 0o755 }, 'parent');
    if (made === undefined) return;
    // mkdir_parents sets the mode once more, which takes an inherited set-group-ID bit away.
    made.mode = 0o755;
  }
}

/**
 * Removes each component of a line's path that is not a directory, and the last one if it is not of the type, then makes the
 * parents. A symlink to a directory is a directory. False, and a failure, if that cannot be done.
 */
export function replaceWrongTypes(run: Run, item: Item, lastType: InodeType | undefined): boolean {
  const names = pathComponents(item.path);
  let here = { inode: run.tree.root, path: '/' };
  for (const [i, name] of names.entries()) {
    const isLast = i === names.length - 1;
    if (isLast && lastType === undefined) return true;
    const path = joinPath(here.path, name);
    if (name === '..') return run.fail(item, item.path, 'path-not-normalized', `"${item.path}" contains ".."`);
    const at: Location = { parent: here.inode, parentPath: here.path, name };
    const entry = here.inode.child(name);
    if (isLast) return entry === undefined || entry.type === lastType || removeEntry(run, item, at);
    if (entry !== undefined) {
      const found = run.walk(path, { follow: true });
      if (found.kind === 'found') {
        if (isUnsafeStep(here.inode, found.inode)) {
          const text = `the walk to "${item.path}" goes from "${here.path}" to "${path}", which another user owns`;
          return run.fail(item, item.path, 'unsafe-transition', text, run.originOf(found.inode));
        }
        if (found.inode.type === 'directory') {
          here = { inode: found.inode, path: found.path };
          continue;
        }
      } else if (found.kind !== 'absent' && found.kind !== 'no-entry' && found.kind !== 'outside') {
        return run.fail(item, item.path, 'parent-loop', `"${path}" cannot be looked up`);
      }
      if (!removeEntry(run, item, at)) return false;
    }
    const made = makeInode(run, item, at, { type: 'directory', mode: 0o755 }, 'parent');
    if (made === undefined) return false;
    here = { inode: made, path };
  }
  return true;
}

function removeEntry(run: Run, item: Item, at: Location): boolean {
  const path = joinPath(at.parentPath, at.name);
  const present = at.parent.child(at.name);
  if (run.isReadOnly(at.parentPath)) {
    return run.fail(item, path, 'read-only', `"${path}" cannot be replaced: the file system is read-only`);
  }
  run.say(item, 'notice', 'wrong-type-removed', `"${path}" is of the wrong type and is removed`, { subject: path });
  if (present?.type === 'directory') return removeTree(run, item, at, present);
  at.parent.remove(at.name);
  run.note(item, { kind: 'removed', path });
  return true;
}

/** What --remove, --clean and --purge do (semantics 2.9). */

import type { AgeBy } from '../../formats/tmpfiles/age.ts';
import type { Inode } from '../../tree/inode.ts';
import { joinPath } from '../../tree/tree.ts';
import type { Item } from './item.ts';
import { openParent } from './open-parent.ts';
import type { ProcessWalk } from './process-paths.ts';
import { removeContents, removeTree } from './remove-tree.ts';
import type { Run } from './run.ts';

type Found = Extract<ProcessWalk, { kind: 'found' }>;

/** What decides whether something in a directory is old enough. */
interface Limit {
  /** Nanoseconds; undefined: everything is old enough. */
  readonly cutoff: bigint | undefined;
  readonly byForFiles: AgeBy;
  readonly byForDirectories: AgeBy;
  readonly keepFirstLevel: boolean;
}

const noTimes: AgeBy = { access: false, birth: false, change: false, modification: false };
const anything: Limit = {
  cutoff: undefined,
  byForFiles: noTimes,
  byForDirectories: noTimes,
  keepFirstLevel: false,
};

/** The remove step of a line: r, R and D. */
export function removeItem(run: Run, item: Item): void {
  switch (item.type.letter) {
    case 'r':
      for (const path of run.matches(item)) removeOne(run, item, path);
      return;
    case 'R':
      for (const path of run.matches(item)) removeWhole(run, item, path, anything);
      return;
    case 'D':
      emptyDirectory(run, item);
      return;
    default:
      return;
  }
}

/** The purge step: what a line with `$` would make goes away; in 256, which lacks the modifier, what any line would. */
export function purgeItem(run: Run, item: Item): void {
  const isMarked = item.line.modifiers.has('purge') || !run.inputs.systemd.has('tmpfiles-modifier-purge');
  if (!item.type.purgeable || !isMarked) return;
  const paths = item.type.path === 'glob' ? run.matches(item) : [item.path];
  for (const path of paths) removeWhole(run, item, path, anything);
}

/** The clean step: what is older than the line's age goes away. */
export function cleanItem(run: Run, item: Item): void {
  const { age } = item;
  const { systemd } = run.inputs;
  const isRemoving = item.type.letter === 'r' || item.type.letter === 'R';
  if (isRemoving ? !systemd.has('tmpfiles-age-on-remove') : !item.type.uses.includes('age')) return;
  const countsFailures = systemd.has('tmpfiles-clean-failure-counts');
  // These versions open the directory before they look at the age.
  if (countsFailures && item.type.path === 'literal' && findToClean(run, item, item.path) === undefined) return;
  if (age === undefined) return;
  const now = run.inputs.now;
  if (now === undefined) {
    run.say(item, 'info', 'age-unknown', 'the time of the run is not known, so nothing is cleaned');
    return;
  }
  const nowInMicroseconds = now / 1000n;
  if (nowInMicroseconds < age.span) return;
  const { byForFiles, byForDirectories, keepFirstLevel } = age;
  const cutoff = (nowInMicroseconds - age.span) * 1000n;
  const limit: Limit = { cutoff, byForFiles, byForDirectories, keepFirstLevel };
  const isLiteral =
    item.type.path === 'literal' || (item.type.letter === 'x' && !systemd.has('tmpfiles-clean-matches-x'));
  for (const path of isLiteral ? [item.path] : run.matches(item)) {
    // Only this step of these types asks for a safe way to the path.
    if (isRemoving && openParent(run, item, path) === undefined) continue;
    if (item.type.letter === 'r') removeIfOld(run, item, path, limit);
    else if (item.type.letter === 'R') removeWhole(run, item, path, limit);
    else {
      const before = run.hasFailed;
      const found = findToClean(run, item, path);
      if (found !== undefined) {
        cleanDirectory(run, item, found.inode, found.path, path, limit, limit.keepFirstLevel);
      }
      if (isLiteral && !countsFailures) run.hasFailed = before;
    }
  }
}

/** The directory to clean; undefined, and a failure unless nothing or something else is there, if it cannot be opened. */
function findToClean(run: Run, item: Item, path: string): Found | undefined {
  const found = run.walk(path, { follow: false });
  if (found.kind === 'loop' || found.kind === 'name-too-long') failToOpen(run, item, path, found.kind);
  return found.kind === 'found' && found.inode.type === 'directory' ? found : undefined;
}

/** remove(3): a file, or a directory that is empty. */
function removeOne(run: Run, item: Item, path: string): void {
  const found = run.walk(path, { follow: false });
  if (found.kind !== 'found') return;
  if (found.path === '/' && (run.inputs.semantics === 'boot' || found.inode.names().length === 0)) {
    removeRoot(run, item, found.inode);
  } else if (run.isReadOnly(found.parentPath)) {
    run.fail(item, path, 'read-only', `"${path}" cannot be removed: the file system is read-only`);
  } else if (found.inode.type === 'directory' && found.inode.names().length > 0) {
    run.fail(item, path, 'directory-not-empty', `"${path}" is a directory that is not empty, so r cannot remove it`);
  } else removeEntry(run, item, found);
}

function removeEntry(run: Run, item: Item, found: Found): void {
  found.parent.remove(found.name);
  run.note(item, { kind: 'removed', path: found.path });
}

function removeIfOld(run: Run, item: Item, path: string, limit: Limit): void {
  const found = run.walk(path, { follow: false });
  if (found.kind === 'found' && isOld(run, item, found.inode, path, limit)) removeOne(run, item, path);
}

/** A whole tree. Versions since 256 spare what has a line of its own and what cleaning spares. */
function removeWhole(run: Run, item: Item, path: string, limit: Limit): void {
  const found = run.walk(path, { follow: false });
  failUnlessOpen(run, item, path, found);
  if (found.kind !== 'found') return;
  const { inode, parent, parentPath, name } = found;
  if (!run.inputs.systemd.has('tmpfiles-remove-honours-lines')) {
    if (found.path === '/') removeRoot(run, item, inode);
    else if (run.isReadOnly(parentPath)) {
      run.fail(item, path, 'read-only', `"${path}" cannot be removed: the file system is read-only`);
    } else if (inode.type === 'directory') removeTree(run, item, { parent, parentPath, name }, inode);
    else removeEntry(run, item, found);
    return;
  }
  if (inode.type === 'directory') {
    if (!cleanDirectory(run, item, inode, found.path, path, limit, limit.keepFirstLevel)) return;
    if (!isOld(run, item, inode, path, limit) || inode.names().length > 0) return;
  } else if (!isOld(run, item, inode, path, limit)) return;
  removeOne(run, item, path);
}

/** At boot nothing can remove the root; with --root it is a directory like any other, of which we keep the empty shell. */
function removeRoot(run: Run, item: Item, root: Inode): void {
  if (run.inputs.semantics === 'boot') {
    run.fail(item, '/', 'path-is-root', 'the root directory itself cannot be removed');
  } else if (removeContents(run, item, root, '/')) run.note(item, { kind: 'removed', path: '/' });
}

/** Old versions take a path with too many symlinks for one that does not exist. */
function failUnlessOpen(run: Run, item: Item, path: string, found: ProcessWalk): void {
  if (found.kind === 'name-too-long') failToOpen(run, item, path, found.kind);
  if (found.kind === 'loop' && run.inputs.systemd.has('tmpfiles-remove-honours-lines')) {
    failToOpen(run, item, path, found.kind);
  }
}

function failToOpen(run: Run, item: Item, path: string, why: 'loop' | 'name-too-long'): void {
  if (why === 'loop') run.fail(item, path, 'parent-loop', `the way to "${path}" has too many symlinks`);
  else run.fail(item, path, 'name-too-long', `"${path}" contains a name that is too long`);
}

/** The remove step of D: the contents of a directory, nothing of anything else. */
function emptyDirectory(run: Run, item: Item): void {
  const found = run.walk(item.path, { follow: false });
  failUnlessOpen(run, item, item.path, found);
  if (found.kind !== 'found' || found.inode.type !== 'directory') return;
  if (run.inputs.systemd.has('tmpfiles-remove-honours-lines')) {
    cleanDirectory(run, item, found.inode, found.path, item.path, anything, false);
  } else if (found.inode.names().length > 0 && removeContents(run, item, found.inode, found.path)) {
    run.note(item, { kind: 'removed', path: joinPath(found.path, '*') });
  }
}

/** A level deeper than this is left alone (MAX_DEPTH). */
const DEPTH_MAX = 256;

/** Removes what is old enough in a directory. False if something could not be removed that should have been. */
function cleanDirectory(
  run: Run,
  item: Item,
  directory: Inode,
  realPath: string,
  path: string,
  limit: Limit,
  keepThisLevel: boolean,
  depth = 0,
): boolean {
  let isDone = true;
  for (const name of directory.names()) {
    const inode = directory.child(name);
    const childPath = joinPath(path, name);
    const childRealPath = joinPath(realPath, name);
    if (inode === undefined || isMountPoint(run, childRealPath) || run.plan.hasOwnLine(childPath)) continue;
    if (inode.type === 'directory') {
      if (depth < DEPTH_MAX) {
        const isChildDone = cleanDirectory(run, item, inode, childRealPath, childPath, limit, false, depth + 1);
        isDone &&= isChildDone;
      }
      if (keepThisLevel || !isOld(run, item, inode, childPath, limit) || inode.names().length > 0) continue;
    } else {
      if (((inode.mode ?? 0) & 0o1000) !== 0 || inode.type === 'char' || inode.type === 'block') continue;
      if (keepThisLevel || !isOld(run, item, inode, childPath, limit)) continue;
    }
    if (run.isReadOnly(realPath)) {
      isDone = run.fail(item, childPath, 'read-only', `"${childPath}" cannot be removed: the file system is read-only`);
      continue;
    }
    directory.remove(name);
    run.note(item, { kind: 'removed', path: childPath });
  }
  return isDone;
}

function isMountPoint(run: Run, realPath: string): boolean {
  return run.tree.readOnly.includes(realPath) || run.tree.writable.includes(realPath);
}

/** Whether all times that count lie before the cutoff. What this run has made or whose times are unknown is not old. */
function isOld(run: Run, item: Item, inode: Inode, path: string, limit: Limit): boolean {
  if (limit.cutoff === undefined) return true;
  const by = inode.type === 'directory' ? limit.byForDirectories : limit.byForFiles;
  const node = inode.lower;
  if (node === undefined) return false;
  const times = [
    by.modification ? node.modified : 0n,
    by.access ? node.accessed : 0n,
    by.change ? node.changed : 0n,
    by.birth ? node.born : 0n,
  ];
  const { cutoff } = limit;
  if (times.some((time) => time !== undefined && time >= cutoff)) return false;
  if (!times.includes(undefined)) return true;
  run.say(item, 'info', 'age-unknown', `the age of "${path}" is not known, so it is kept`, { subject: path });
  return false;
}

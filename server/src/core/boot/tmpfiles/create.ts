/** What --create does with each line type (semantics 2.8). */

import type { FileContent, InodeType } from '../../image/image.ts';
import type { Inode, InodeFact, NewInode } from '../../tree/inode.ts';
import { joinPath, parentPath } from '../../tree/tree.ts';
import { setAcl } from './access-control.ts';
import { copyTree } from './copy-tree.ts';
import { changePerhaps, isAccepting, isStepOpen } from './devices.ts';
import { causeOf, claim, type Item } from './item.ts';
import { directoryMode, type Location, makeInode } from './new-inode.ts';
import { failUnsafe, isNormalized, openParent, reportWrongType, unreachableCodes } from './open-parent.ts';
import { makeParents, replaceWrongTypes } from './parents.ts';
import { type Creation, setPermissions } from './permissions.ts';
import { removeTree } from './remove-tree.ts';
import type { Run } from './run.ts';

type Action = (run: Run, item: Item) => void;

const actions: Readonly<Record<string, Action>> = {
  f: (run, item) => atOwnPath(run, item, item.line.modifiers.has('appendOrForce') ? truncateFile : createFile),
  F: (run, item) => atOwnPath(run, item, truncateFile),
  w: (run, item) => atMatches(run, item, writeFile),
  d: (run, item) => atOwnPath(run, item, createDirectory),
  D: (run, item) => atOwnPath(run, item, createDirectory),
  v: (run, item) => atOwnPath(run, item, createDirectory),
  q: (run, item) => atOwnPath(run, item, createDirectory),
  Q: (run, item) => atOwnPath(run, item, createDirectory),
  e: (run, item) => atMatches(run, item, adjustDirectory),
  p: (run, item) => atOwnPath(run, item, (...rest) => createSpecial(...rest, { type: 'fifo' })),
  c: createDevice,
  b: createDevice,
  L: createSymlink,
  C: (run, item) => atOwnPath(run, item, copyTree),
  z: (run, item) => atMatches(run, item, adjust),
  m: (run, item) => atMatches(run, item, adjust),
  Z: (run, item) => atTrees(run, item, adjustOne),
  t: (run, item) => atMatches(run, item, (...rest) => atSafePath(...rest, setXattrs)),
  T: (run, item) => atTrees(run, item, setXattrs),
  a: (run, item) => atMatches(run, item, (...rest) => atSafePath(...rest, setAccessControl)),
  A: (run, item) => atTrees(run, item, setAccessControl),
  h: (run, item) => atMatches(run, item, (...rest) => atSafePath(...rest, setAttributes)),
  H: (run, item) => atTrees(run, item, setAttributes),
  k: (run, item) => atMatches(run, item, (...rest) => atSafePath(...rest, setCapabilities)),
  K: (run, item) => atTrees(run, item, setCapabilities),
};

/** Runs the create step of a line. */
export function createItem(run: Run, item: Item): void {
  actions[item.type.letter]?.(run, item);
}

function atOwnPath(run: Run, item: Item, action: (run: Run, item: Item, at: Location) => void): void {
  if (!preparePath(run, item)) return;
  const at = openParent(run, item, item.path);
  if (at !== undefined) action(run, item, at);
}

function preparePath(run: Run, item: Item): boolean {
  if (item.line.modifiers.has('tryReplace')) return replaceWrongTypes(run, item, item.type.makes);
  makeParents(run, item);
  return true;
}

function pathOf(at: Location): string {
  return joinPath(at.parentPath, at.name);
}

function createFile(run: Run, item: Item, at: Location): void {
  const present = at.parent.child(at.name);
  if (present === undefined) {
    const made = makeInode(run, item, at, { type: 'file', mode: item.createMode, content: item.content });
    if (made !== undefined) setPermissions(run, item, made, pathOf(at), 'new');
    return;
  }
  if (present.type !== 'file') failNotFile(run, item, present, pathOf(at));
  else {
    run.note(item, { kind: 'kept', path: pathOf(at) });
    claim(present, item, 'created');
    setPermissions(run, item, present, pathOf(at), 'existing');
  }
}

function failNotFile(run: Run, item: Item, present: Inode, path: string): void {
  const text = `"${path}" exists and is no regular file but a ${present.type}`;
  run.fail(item, path, 'not-a-regular-file', text, run.originOf(present));
}

function truncateFile(run: Run, item: Item, at: Location): void {
  const present = at.parent.child(at.name);
  if (present === undefined || present.type !== 'file') {
    createFile(run, item, at);
    return;
  }
  const path = pathOf(at);
  if (run.isReadOnly(path)) {
    // Nothing needs to be written if the file is empty and is to stay so.
    if (present.size !== 0 || !isEmpty(item.content)) {
      run.fail(item, path, 'read-only', `"${path}" cannot be emptied: the file system is read-only`);
      return;
    }
  } else if (present.size !== 0 || !isEmpty(item.content)) {
    present.content = item.content;
    noteChange(run, item, present, path);
  }
  setPermissions(run, item, present, path, 'existing');
}

function isEmpty(content: FileContent): boolean {
  return content.kind === 'bytes' && content.bytes.length === 0;
}

function noteChange(run: Run, item: Item, inode: Inode, path: string): void {
  inode.addCause(causeOf(item, 'changed'));
  run.note(item, { kind: 'changed', path });
}

/** Writes to whatever is there, also through a symlink. */
function writeFile(run: Run, item: Item, path: string): void {
  const at = openParent(run, item, path);
  if (at === undefined) return;
  const found = run.walk(joinPath(at.parentPath, at.name), { follow: true });
  switch (found.kind) {
    case 'absent':
    case 'no-entry':
    case 'outside':
      return;
    case 'loop':
    case 'name-too-long':
    case 'not-a-directory':
      run.fail(item, path, 'not-writable', `"${path}" cannot be opened for writing`);
      return;
    case 'found':
      break;
    default:
      found satisfies never;
      return;
  }
  const { inode } = found;
  // A root that is only files has no process that reads the fifo; open(2) never opens a socket.
  if (inode.type === 'directory' || inode.type === 'fifo' || inode.type === 'socket') {
    const text = `"${path}" cannot be written: it is a ${inode.type}`;
    run.fail(item, path, 'not-writable', text, run.originOf(inode));
    return;
  }
  if ((inode.type === 'char' || inode.type === 'block') && !isAccepting(inode)) {
    const text = `the driver of "${path}" decides whether this write works, so what follows from it is not known`;
    run.leaveOpen(item, path, 'device-write-unknown', text);
    changePerhaps(inode, () => setPermissions(run, item, inode, found.path, 'existing'));
    return;
  }
  if (inode.type === 'file') {
    if (run.isReadOnly(found.path)) {
      run.fail(item, path, 'read-only', `"${path}" cannot be written: the file system is read-only`);
      return;
    }
    if (!isEmpty(item.content)) {
      inode.content = overwrite(inode.content, item.content, item.line.modifiers.has('appendOrForce'));
      noteChange(run, item, inode, found.path);
    }
  }
  setPermissions(run, item, inode, found.path, 'existing');
}

function overwrite(old: FileContent, added: FileContent, appends: boolean): FileContent {
  if (old.kind !== 'bytes' || added.kind !== 'bytes') {
    return { kind: 'unknown', reason: 'written over content that is not known' };
  }
  const from = appends ? old.bytes.length : 0;
  const bytes = new Uint8Array(Math.max(old.bytes.length, from + added.bytes.length));
  bytes.set(old.bytes);
  bytes.set(added.bytes, from);
  return { kind: 'bytes', bytes };
}

function createDirectory(run: Run, item: Item, at: Location): void {
  const present = at.parent.child(at.name);
  const path = pathOf(at);
  if (present === undefined) {
    const made = makeInode(run, item, at, { type: 'directory', mode: directoryMode(item.createMode) });
    if (made !== undefined) setPermissions(run, item, made, path, 'new');
    return;
  }
  run.note(item, { kind: 'kept', path });
  if (present.type === 'directory') {
    claim(present, item, 'created');
    setPermissions(run, item, present, path, 'existing');
  } else reportWrongType(run, item, present, path, 'error', 'directory');
}

function adjustDirectory(run: Run, item: Item, path: string): void {
  const found = run.walkSafely(path, { follow: true });
  if (found.kind === 'missing') return;
  if (found.kind === 'unsafe') {
    failUnsafe(run, item, path, found);
    return;
  }
  if (found.kind !== 'found') {
    run.fail(item, path, unreachableCodes[found.kind], `"${path}" cannot be reached`);
    return;
  }
  if (isStepOpen(found)) leaveStepOpen(run, item, path);
  if (found.inode.type === 'directory') setPermissions(run, item, found.inode, found.path, 'existing');
  else reportWrongType(run, item, found.inode, path, 'warning', 'directory');
}

function createDevice(run: Run, item: Item): void {
  const device = item.device;
  if (device === undefined) return;
  const type = item.type.letter === 'c' ? 'char' : 'block';
  atOwnPath(run, item, (...rest) => createSpecial(...rest, { type, device }));
}

/** Fifos and device nodes. */
function createSpecial(run: Run, item: Item, at: Location, start: NewInode): void {
  const path = pathOf(at);
  const present = at.parent.child(at.name);
  const isPermitted = start.type === 'fifo' || run.inputs.mayMakeDevices;
  let creation: Creation = 'existing';
  let inode = present;
  if (present === undefined || present.type !== start.type) {
    if (present !== undefined && !item.line.modifiers.has('appendOrForce')) {
      run.note(item, { kind: 'kept', path });
      reportWrongType(run, item, present, path, 'warning', wantedNames[start.type] ?? start.type);
      return;
    }
    if (!isPermitted) {
      run.say(item, 'info', 'device-not-permitted', `"${path}" is not made: device nodes may not be made here`);
      return;
    }
    if (present !== undefined && !removeForReplacement(run, item, at, present)) return;
    inode = makeInode(run, item, at, { ...start, mode: item.createMode });
    creation = 'new';
  } else run.note(item, { kind: 'kept', path });
  if (inode !== undefined) setPermissions(run, item, inode, path, creation);
}

const wantedNames: Readonly<Partial<Record<InodeType, string>>> = {
  fifo: 'named pipe',
  char: 'character device',
  block: 'block device',
};

/** Makes room for the thing that `+` puts in the place of another. */
function removeForReplacement(run: Run, item: Item, at: Location, present: Inode): boolean {
  const path = pathOf(at);
  if (run.isReadOnly(at.parentPath)) {
    return run.fail(item, path, 'read-only', `"${path}" cannot be replaced: the file system is read-only`);
  }
  if (present.type === 'directory') return removeTree(run, item, at, present);
  at.parent.remove(at.name);
  run.note(item, { kind: 'removed', path });
  return true;
}

function createSymlink(run: Run, item: Item): void {
  const target = item.argument;
  if (target === undefined || !preparePath(run, item)) return;
  // The parents are there by now even if the link is not made.
  if (item.line.modifiers.has('conditional') && !targetExists(run, item, target)) return;
  const at = openParent(run, item, item.path);
  if (at !== undefined) linkTo(run, item, at, target);
}

function linkTo(run: Run, item: Item, at: Location, target: string): void {
  const path = pathOf(at);
  const present = at.parent.child(at.name);
  if (present !== undefined) {
    if (present.type === 'symlink' && present.target === target) {
      run.note(item, { kind: 'kept', path });
      setPermissions(run, item, present, path, 'existing');
      return;
    }
    if (!item.line.modifiers.has('appendOrForce')) {
      run.note(item, { kind: 'kept', path, code: 'link-place-taken' });
      const what = present.type === 'symlink' ? `a symlink to "${present.target ?? ''}"` : `a ${present.type}`;
      const related = run.originOf(present);
      run.say(item, 'info', 'link-place-taken', `"${path}" exists and is ${what}, so it is left as it is`, {
        subject: path,
        ...(related === undefined ? {} : { related }),
      });
      return;
    }
    if (!removeForReplacement(run, item, at, present)) return;
    const isByPath = present.type === 'directory' && run.inputs.systemd.has('tmpfiles-link-replaces-by-whole-path');
    if (isByPath && run.walk(item.path, { follow: false }).kind !== 'absent') {
      run.fail(item, path, 'link-out-of-reach', `"${path}" was a directory, and its place leads out of the root`);
      return;
    }
  }
  const made = makeInode(run, item, at, { type: 'symlink', mode: 0o777, target });
  if (made !== undefined) setPermissions(run, item, made, path, 'new');
}

/** `L?`: the target is looked up inside the root by the safe rule, its last component not followed. */
function targetExists(run: Run, item: Item, target: string): boolean {
  const isFromLink = run.inputs.systemd.has('tmpfiles-conditional-link-from-link');
  const base = isFromLink ? parentPath(item.path) : '/';
  const path = target.startsWith('/') ? target : joinPath(base, target);
  const found = run.walkSafely(path, { follow: false });
  switch (found.kind) {
    case 'found': {
      const wantsDirectory = /\/\.?$/.test(path) && run.inputs.systemd.has('tmpfiles-conditional-link-trailing-slash');
      if (!wantsDirectory || found.inode.type === 'directory') return true;
      const text = `"${path}" is no directory but a ${found.inode.type}`;
      return run.fail(item, item.path, 'link-target-unreachable', text, run.originOf(found.inode));
    }
    case 'missing':
      run.say(item, 'info', 'link-target-missing', `there is no "${path}", so no link is made`, { subject: item.path });
      return false;
    case 'unsafe':
      failUnsafe(run, item, path, found);
      return false;
    default:
      return run.fail(item, item.path, 'link-target-unreachable', `"${path}" cannot be looked up`);
  }
}

function atMatches(run: Run, item: Item, action: (run: Run, item: Item, path: string) => void): void {
  for (const path of run.matches(item)) action(run, item, path);
}

type InodeAction = (run: Run, item: Item, inode: Inode, path: string) => void;

/** The inode at a path, walked by the safe rule, the last component not followed. */
function atSafePath(run: Run, item: Item, path: string, action: InodeAction): void {
  if (!isNormalized(run, item, path)) return;
  const found = run.walkSafely(path, { follow: false });
  if (found.kind === 'unsafe') failUnsafe(run, item, path, found);
  else if (found.kind !== 'found') run.fail(item, path, unreachableCodes[found.kind], `"${path}" cannot be reached`);
  else if (isStepOpen(found)) {
    leaveStepOpen(run, item, path);
    changePerhaps(found.inode, () => action(run, item, found.inode, found.path));
  } else action(run, item, found.inode, found.path);
}

function leaveStepOpen(run: Run, item: Item, path: string): void {
  const text = `whether the walk to "${path}" is safe is not known: an earlier line may have changed its owner or not`;
  run.leaveOpen(item, path, 'unsafe-transition-unknown', text);
}

function adjust(run: Run, item: Item, path: string): void {
  atSafePath(run, item, path, adjustOne);
}

function adjustOne(run: Run, item: Item, inode: Inode, path: string): void {
  setPermissions(run, item, inode, path, 'existing');
}

/** Every inode of the trees that the path matches, symlinks not followed. */
function atTrees(run: Run, item: Item, action: InodeAction): void {
  const isSafe = run.inputs.systemd.has('tmpfiles-recursive-walks-safely');
  for (const path of run.matches(item)) {
    if (isSafe) {
      atSafePath(run, item, path, (_run, _item, inode, realPath) => visitTree(run, item, inode, realPath, action));
      continue;
    }
    const found = run.walk(path, { follow: false });
    if (found.kind === 'found') visitTree(run, item, found.inode, found.path, action);
  }
}

function visitTree(run: Run, item: Item, inode: Inode, path: string, action: InodeAction): void {
  action(run, item, inode, path);
  if (inode.type !== 'directory') return;
  for (const name of inode.names()) {
    const child = inode.child(name);
    if (child !== undefined) visitTree(run, item, child, joinPath(path, name), action);
  }
}

function setAccessControl(run: Run, item: Item, inode: Inode, path: string): void {
  if (item.acl === undefined || inode.type === 'symlink') return;
  if (item.acl.access.length === 0 && (item.acl.default.length === 0 || inode.type !== 'directory')) return;
  if (!mayChange(run, item, path)) return;
  setAcl(item, item.acl, inode);
  noteChange(run, item, inode, path);
}

function mayChange(run: Run, item: Item, path: string): boolean {
  if (!run.isReadOnly(path)) return true;
  return run.fail(item, path, 'read-only', `"${path}" cannot be changed: the file system is read-only`);
}

function setXattrs(run: Run, item: Item, inode: Inode, path: string): void {
  for (const [name, value] of item.xattrs) {
    if (!mayChange(run, item, path)) return;
    // xattr(7): only these classes exist, and `user.` is for regular files and directories.
    const isKnown = /^(?:user|trusted|security|system)\../.test(name);
    const isForbidden = name.startsWith('user.') && inode.type !== 'file' && inode.type !== 'directory';
    if (!isKnown || isForbidden) {
      run.fail(item, path, 'xattr-not-possible', `"${name}" cannot be set on "${path}", a ${inode.type}`);
      return;
    }
    addFact(run, item, inode, path, 'xattr', `${name}=${value}`);
  }
}

function setAttributes(run: Run, item: Item, inode: Inode, path: string): void {
  if (inode.type !== 'file' && inode.type !== 'directory') {
    const text = `file attributes cannot be set on "${path}", a ${inode.type}`;
    run.fail(item, path, 'attributes-not-possible', text, run.originOf(inode));
    return;
  }
  if (item.argument !== undefined) addFact(run, item, inode, path, 'attributes', item.argument);
}

function setCapabilities(run: Run, item: Item, inode: Inode, path: string): void {
  if (item.argument === undefined || inode.type !== 'file') return;
  if (mayChange(run, item, path)) addFact(run, item, inode, path, 'capabilities', item.argument);
}

function addFact(run: Run, item: Item, inode: Inode, path: string, kind: InodeFact['kind'], text: string): void {
  inode.addFact({ kind, text, cause: causeOf(item, 'changed') });
  noteChange(run, item, inode, path);
}

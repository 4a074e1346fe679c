/** C lines: copying a file or a tree, hard links and all (copy_tree in systemd). */

import type { Inode } from '../../tree/inode.ts';
import { joinPath } from '../../tree/tree.ts';
import type { Item } from './item.ts';
import { type Location, makeInode } from './new-inode.ts';
import { setPermissions } from './permissions.ts';
import type { Run } from './run.ts';

/** What became of one inode of the source. */
type Copied = 'copied' | 'exists' | 'clash' | 'failed';

interface Copy {
  readonly run: Run;
  readonly item: Item;
  readonly merges: boolean;
  /** Copies of inodes of the source, for hard links; undefined for a single file, whose links are not kept. */
  readonly links: Map<Inode, Inode> | undefined;
}

/** Deeper trees than this are not copied (COPY_DEPTH_MAX counts two for each level). */
const DEPTH_MAX = 1024;

export function copyTree(run: Run, item: Item, at: Location): void {
  const source = run.walk(item.argument ?? '/', { follow: false });
  const path = joinPath(at.parentPath, at.name);
  const { systemd } = run.inputs;
  const merges = item.line.modifiers.has('appendOrForce') && systemd.has('tmpfiles-copy-merge');
  let result: Copied = 'failed';
  if (source.kind === 'found') {
    const links = source.inode.type === 'directory' ? new Map<Inode, Inode>() : undefined;
    result = copyInode({ run, item, merges, links }, source.inode, at, 0);
  }
  const present = at.parent.child(at.name);
  const isStrict = systemd.has('tmpfiles-copy-type-clash-fails');
  if (present === undefined || source.kind !== 'found') {
    if (result === 'failed' && present === undefined && run.isReadOnly(at.parentPath)) return;
    run.fail(item, path, 'copy-failed', `"${item.argument ?? ''}" cannot be copied to "${path}"`);
    return;
  }
  if (isStrict && (result === 'clash' || result === 'failed')) {
    const text = `"${item.argument ?? ''}" cannot be copied to "${path}": a ${present.type} is in the way`;
    run.fail(item, path, 'copy-type-clash', text, run.originOf(present));
    return;
  }
  if (result !== 'copied') {
    run.note(item, { kind: 'kept', path, code: 'copy-place-taken' });
    const related = run.originOf(present);
    const text = `"${path}" exists, so nothing is copied to it`;
    run.say(item, 'info', 'copy-place-taken', text, { subject: path, ...(related === undefined ? {} : { related }) });
  }
  // Before 258 the source is looked at through a symlink, and a dangling one is an error.
  const compared = isStrict ? source : run.walk(item.argument ?? '/', { follow: true });
  if (compared.kind !== 'found') {
    run.fail(item, path, 'copy-source-dangling', `the source "${item.argument ?? ''}" is a dangling symlink`);
    return;
  }
  if (compared.inode.type === present.type) {
    setPermissions(run, item, present, path, result === 'copied' ? 'new' : 'copy');
  }
}

function copyInode(copy: Copy, source: Inode, at: Location, depth: number): Copied {
  if (source.type === 'directory') return copyDirectory(copy, source, at, depth);
  if (at.parent.child(at.name) !== undefined) return 'exists';
  const { run, item } = copy;
  const linked = source.type === 'symlink' ? undefined : copy.links?.get(source);
  if (linked !== undefined) {
    at.parent.set(at.name, linked);
    return 'copied';
  }
  const isDevice = source.type === 'char' || source.type === 'block';
  if (isDevice && !run.inputs.mayMakeDevices) return 'failed';
  const made = makeInode(
    run,
    item,
    at,
    {
      type: source.type,
      ...(source.type === 'file' ? { content: source.content } : {}),
      ...(source.target === undefined ? {} : { target: source.target }),
      ...(source.device === undefined ? {} : { device: source.device }),
    },
    'copied',
  );
  if (made === undefined) return 'failed';
  takeRights(item, source, made);
  if (source.type !== 'symlink') copy.links?.set(source, made);
  return 'copied';
}

function copyDirectory(copy: Copy, source: Inode, at: Location, depth: number): Copied {
  if (depth > DEPTH_MAX) return 'failed';
  const { run, item } = copy;
  const path = joinPath(at.parentPath, at.name);
  const names = source.names();
  const present = at.parent.child(at.name);
  let directory = present;
  if (present === undefined) {
    directory = makeInode(run, item, at, { type: 'directory', mode: 0o755 }, 'copied');
    if (directory === undefined) return 'failed';
  } else if (present.type !== 'directory') {
    // A dangling symlink counts as there, one to a directory as a clash, even when that is empty.
    const target = present.type === 'symlink' ? run.walk(path, { follow: true }) : undefined;
    if (target === undefined) return 'clash';
    if (target.kind !== 'found') return 'exists';
    if (target.inode.type !== 'directory') return 'clash';
    return target.inode.names().length > 0 && !copy.merges ? 'exists' : 'clash';
  } else if (!copy.merges && present.names().length > 0) return 'exists';
  if (directory === undefined) return 'failed';
  let result: Copied = 'copied';
  for (const name of names) {
    const child = source.child(name);
    if (child === undefined) continue;
    const one = copyInode(copy, child, { parent: directory, parentPath: path, name }, depth + 1);
    if (one === 'failed' || one === 'clash' || (one === 'exists' && !copy.merges)) result = one;
  }
  if (present === undefined) takeRights(item, source, directory);
  return result;
}

/** Mode from the source; owner from the line, else from the source. */
function takeRights(item: Item, source: Inode, made: Inode): void {
  made.mode = source.mode;
  made.uid = item.user === undefined ? source.uid : item.user.id;
  made.gid = item.group === undefined ? source.gid : item.group.id;
}

/** What a simulation changed: every inode that was made, altered, replaced or removed, compared with the image below. */

import type { ImageNode } from '../image/image.ts';
import { compareBytes } from '../text/bytes.ts';
import type { Inode } from './inode.ts';
import { joinPath, type Tree } from './tree.ts';

export type Change = 'created' | 'modified' | 'removed' | 'none';

export interface TreeEntry {
  readonly path: string;
  readonly change: Change;
  /** The inode as it stands; for removed ones undefined. */
  readonly inode: Inode | undefined;
  /** The image's node at this path before. */
  readonly before: ImageNode | undefined;
}

export interface ListOptions {
  /** Also entries that did not change, which reads the whole subtree from the image. Default: false. */
  readonly all?: boolean;
}

/** Entries below a directory (itself not included), sorted by path bytes within each directory, parents first. */
export function* listEntries(tree: Tree, from = '/', options: ListOptions = {}): Generator<TreeEntry> {
  const start = from === '/' ? tree.root : tree.lookup(from, { follow: false });
  if (start !== undefined) yield* listBelow(start, start.lower, from, options);
}

function* listBelow(
  directory: Inode,
  before: ImageNode | undefined,
  path: string,
  options: ListOptions,
): Generator<TreeEntry> {
  const touched = new Map(directory.touchedEntries());
  const names = new Set<string>(touched.keys());
  const replaced = before !== undefined && directory.lower !== before;
  if (options.all || directory.lower === undefined) for (const name of directory.names()) names.add(name);
  if (replaced && before.type === 'directory') for (const name of before.names()) names.add(name);
  for (const name of [...names].sort(compareBytes)) {
    const entryPath = joinPath(path, name);
    const inode = options.all ? directory.child(name) : (touched.get(name) ?? undefined);
    const nodeBefore = before?.type === 'directory' ? before.child(name) : undefined;
    if (inode === undefined) {
      if (nodeBefore !== undefined) yield* listRemoved(nodeBefore, entryPath);
      continue;
    }
    const change = changeOf(inode, nodeBefore);
    if (change !== 'none' || options.all) yield { path: entryPath, change, inode, before: nodeBefore };
    if (inode.type === 'directory') yield* listBelow(inode, nodeBefore, entryPath, options);
    else if (nodeBefore?.type === 'directory') yield* listRemovedBelow(nodeBefore, entryPath);
  }
}

function* listRemoved(node: ImageNode, path: string): Generator<TreeEntry> {
  yield { path, change: 'removed', inode: undefined, before: node };
  yield* listRemovedBelow(node, path);
}

function* listRemovedBelow(node: ImageNode, path: string): Generator<TreeEntry> {
  if (node.type !== 'directory') return;
  for (const name of [...node.names()].sort(compareBytes)) {
    const child = node.child(name);
    if (child !== undefined) yield* listRemoved(child, joinPath(path, name));
  }
}

function changeOf(inode: Inode, before: ImageNode | undefined): Change {
  if (before === undefined) return 'created';
  if (
    inode.type !== before.type ||
    inode.mode !== before.mode ||
    inode.uid !== before.uid ||
    inode.gid !== before.gid ||
    inode.target !== before.target ||
    inode.facts.length > 0 ||
    inode.device?.major !== before.device?.major ||
    inode.device?.minor !== before.device?.minor ||
    (inode.type === 'file' && inode.lower !== before && !hasSameContent(inode, before)) ||
    (inode.type === 'file' && inode.hasOwnContent && !hasSameContent(inode, before))
  ) {
    return 'modified';
  }
  return 'none';
}

function hasSameContent(inode: Inode, before: ImageNode): boolean {
  const now = inode.content;
  const then = before.read();
  if (now.kind !== 'bytes' || then.kind !== 'bytes') return false;
  return now.bytes.length === then.bytes.length && now.bytes.every((byte, i) => byte === then.bytes[i]);
}

/** The tree that PID 1 finds: what each volatile mode leaves of the image, before any phase has run. */

import type { ImageNode } from '../image/image.ts';
import type { Cause } from '../problems/problem.ts';
import { Inode } from '../tree/inode.ts';
import { baseName, parentPath, Tree } from '../tree/tree.ts';

/** As `systemd-nspawn --volatile=` names them. */
export type VolatileMode = 'yes' | 'state' | 'no' | 'overlay';

export const volatileModes: readonly VolatileMode[] = ['yes', 'state', 'no', 'overlay'];

const cause: Cause = { phase: 'skeleton', file: '/', action: 'created' };

/** File systems that the kernel fills; their content is no matter of the image. */
export const apiFileSystems: readonly string[] = ['/dev', '/proc', '/sys'];

/** Directories that PID 1 or the container manager makes in an empty root (semantics 7; mount-setup of systemd). */
const baseDirectories: readonly (readonly [string, number])[] = [
  ['/dev', 0o755],
  ['/proc', 0o755],
  ['/sys', 0o755],
  ['/run', 0o755],
  ['/tmp', 0o1777],
  ['/root', 0o750],
  ['/var', 0o755],
  ['/etc', 0o755],
];

/** Files of the kernel that configuration copies from; they exist on every machine, with content of their own (proc(5)). */
const kernelFiles: readonly string[] = [
  '/proc/cmdline',
  '/proc/cpuinfo',
  '/proc/meminfo',
  '/proc/sys/kernel/hostname',
  '/proc/sys/kernel/osrelease',
  '/proc/sys/kernel/random/boot_id',
  '/proc/sys/kernel/random/uuid',
  '/proc/version',
];

/** Top-level links of a merged /usr, as an image may have them. */
const mergedLinks: readonly string[] = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** The tree of a volatile mode. `isMerged` is false if an image with separate /bin cannot boot with `yes`. */
export function makeSkeleton(root: ImageNode, mode: VolatileMode): { readonly tree: Tree; readonly isMerged: boolean } {
  const isMerged = mergedLinks.every((name) => root.child(name)?.type !== 'directory');
  if (mode === 'yes') {
    const empty = emptySystem(root);
    addKernelFiles(empty);
    return { tree: empty, isMerged };
  }
  const tree = new Tree(root);
  if (mode === 'state') {
    replaceDirectory(tree, '/var', 0o755);
    tree.readOnly = ['/'];
    tree.writable = ['/var', '/run', '/tmp', '/dev', '/proc', '/sys'];
  }
  for (const path of apiFileSystems) replaceDirectory(tree, path, 0o755);
  addKernelFiles(tree);
  replaceDirectory(tree, '/run', 0o755);
  if (tree.lookup('/tmp', { follow: false }) === undefined || mode === 'state') replaceDirectory(tree, '/tmp', 0o1777);
  return { tree, isMerged };
}

/** Only /usr survives, read-only; the links into it come from the image. */
function emptySystem(root: ImageNode): Tree {
  const tree = new Tree();
  const usr = root.child('usr');
  if (usr !== undefined) tree.root.set('usr', tree.adopt(usr));
  for (const name of mergedLinks) {
    const link = root.child(name);
    if (link?.type === 'symlink') tree.root.set(name, tree.adopt(link));
  }
  for (const [path, mode] of baseDirectories) replaceDirectory(tree, path, mode);
  tree.readOnly = ['/usr'];
  return tree;
}

function addKernelFiles(tree: Tree): void {
  for (const path of kernelFiles) {
    tree.ensureDirectory(parentPath(path), cause);
    const content = { kind: 'unknown', reason: 'the kernel makes it up' } as const;
    tree.place(path, { type: 'file', mode: 0o444, content, cause });
  }
}

function replaceDirectory(tree: Tree, path: string, mode: number): void {
  tree.lookup(parentPath(path))?.set(baseName(path), Inode.create({ type: 'directory', mode, cause }));
}

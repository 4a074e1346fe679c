/** Telling a root file system from a directory with loose files, by its entries. */

import type { ImageNode } from '../core/image/image.ts';

type DirectoryKind = 'root' | 'repository' | 'oci-layout';

/** Names of hier(7) and of what tools leave at the top of a root. */
const ROOT_NAMES = new Set([
  ...['bin', 'boot', 'dev', 'efi', 'etc', 'home', 'lib', 'lib32', 'lib64', 'libx32', 'media', 'mnt', 'nix', 'opt'],
  ...['proc', 'root', 'run', 'sbin', 'srv', 'sys', 'tmp', 'usr', 'var', 'lost+found', '.snapshot', '.dockerenv'],
]);

/** What only an installed system has. */
const SYSTEM_FILES = [
  'usr/lib/os-release',
  'etc/os-release',
  'usr/lib/systemd/systemd',
  'lib/systemd/systemd',
  'usr/bin/systemd-tmpfiles',
];

/**
 * A directory is a root if it has `usr` (or `etc` and `lib`) together with systemd or an os-release, or if all its entries
 * have names that belong at the top of a root: that makes the small trees of tests roots, and an empty directory too.
 */
export function directoryKindOf(root: ImageNode): DirectoryKind {
  if (root.child('oci-layout')?.type === 'file') return 'oci-layout';
  const hasUsr = root.child('usr')?.type === 'directory';
  const hasEtcAndLib = root.child('etc')?.type === 'directory' && root.child('lib') !== undefined;
  if ((hasUsr || hasEtcAndLib) && SYSTEM_FILES.some((path) => nodeAt(root, path) !== undefined)) return 'root';
  return root.names().every((name) => ROOT_NAMES.has(name)) ? 'root' : 'repository';
}

/** True for a directory that holds a whole system: `usr` with systemd or an os-release. */
export function isCompleteRoot(directory: ImageNode): boolean {
  return (
    directory.child('usr')?.type === 'directory' && SYSTEM_FILES.some((path) => nodeAt(directory, path) !== undefined)
  );
}

/** True for a directory inside a repository that is laid out like a root: it has a `usr` or `etc` with configuration. */
export function isRootLike(directory: ImageNode): boolean {
  const parts = ['usr/lib/systemd', 'usr/lib/tmpfiles.d', 'usr/lib/sysusers.d', 'etc/systemd', 'etc/tmpfiles.d'];
  return parts.some((path) => nodeAt(directory, path)?.type === 'directory');
}

/** The node at a relative path, symlinks not followed. */
function nodeAt(root: ImageNode, path: string): ImageNode | undefined {
  let node: ImageNode | undefined = root;
  for (const name of path.split('/')) node = node?.child(name);
  return node;
}

/** Trees for the differential tests: described as values, built on disk, read back. Needs root (chown, mknod). */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { decodeText, encodeText } from '../../src/core/text/bytes.ts';

/** One inode of a test root. Nodes are made in order; parents that are missing are made 0755 root:root. */
export interface NodeSpec {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket' | 'hardlink';
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Content of a file; target of a symlink; path of the linked inode for a hardlink. */
  readonly text?: string;
  /** Modification and access time, in seconds since the epoch. */
  readonly time?: number;
}

/** What two inodes are compared by, type first; the other properties by type. Undefined: our side cannot know it. */
export type Properties = readonly (string | undefined)[];

export type TreeListing = ReadonlyMap<string, Properties>;

function bytesPath(directory: string, path: string): Buffer {
  return Buffer.from(encodeText(directory + path));
}

/** Makes the nodes below a new directory. Nodes that cannot be made (a file where a parent should be) are left out. */
export function buildTree(directory: string, nodes: readonly NodeSpec[]): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  chmodSync(directory, 0o755);
  const later: (() => void)[] = [];
  for (const node of nodes) {
    const path = bytesPath(directory, node.path);
    try {
      mkdirSync(bytesPath(directory, node.path.slice(0, node.path.lastIndexOf('/'))), { recursive: true, mode: 0o755 });
      makeNode(directory, node, path);
    } catch {
      continue;
    }
    if (node.type === 'hardlink') continue;
    lchownSync(path, node.uid ?? 0, node.gid ?? 0);
    if (node.type !== 'symlink') {
      chmodSync(path, node.mode ?? (node.type === 'directory' ? 0o755 : 0o644));
      if (node.time !== undefined) later.push(() => utimesSync(path, node.time ?? 0, node.time ?? 0));
    }
  }
  for (const setTime of later.reverse()) setTime();
}

function makeNode(directory: string, node: NodeSpec, path: Buffer): void {
  switch (node.type) {
    case 'file':
      writeFileSync(path, encodeText(node.text ?? ''), { flag: 'wx' });
      return;
    case 'directory':
      mkdirSync(path, { recursive: true });
      return;
    case 'symlink':
      symlinkSync(Buffer.from(encodeText(node.text ?? '/')), path);
      return;
    case 'hardlink':
      linkSync(bytesPath(directory, node.text ?? ''), path);
      return;
    case 'fifo':
      execFileSync('mknod', [path.toString('latin1'), 'p'], { stdio: 'ignore' });
      return;
    case 'char':
      execFileSync('mknod', [path.toString('latin1'), 'c', '1', '3'], { stdio: 'ignore' });
      return;
    case 'block':
      execFileSync('mknod', [path.toString('latin1'), 'b', '7', '99'], { stdio: 'ignore' });
      return;
    case 'socket':
      makeSocket(path.toString('latin1'));
      return;
    default:
      throw new Error(`unknown type ${node.type satisfies never}`);
  }
}

/** A socket inode without a listener: bound, then left behind. */
function makeSocket(path: string): void {
  execFileSync('perl', [
    '-MSocket',
    '-e',
    'socket(S,PF_UNIX,SOCK_STREAM,0)&&bind(S,sockaddr_un($ARGV[0]))||exit 1',
    path,
  ]);
}

/** Everything below a directory, by path inside it. */
export function readTree(directory: string): TreeListing {
  const listing = new Map<string, Properties>();
  const visit = (path: string): void => {
    const full = bytesPath(directory, path);
    const stat = lstatSync(full);
    const owner = [`uid ${stat.uid}`, `gid ${stat.gid}`];
    const rights = [formatMode(stat.mode & 0o7777), ...owner];
    if (stat.isSymbolicLink()) {
      listing.set(path, ['symlink', ...owner, decodeText(readlinkSync(full, { encoding: 'buffer' }))]);
    } else if (stat.isFile()) {
      listing.set(path, ['file', ...rights, describeContent(readFileSync(full))]);
    } else if (stat.isDirectory()) {
      if (path !== '') listing.set(path, ['directory', ...rights]);
      for (const name of readdirSync(full, { encoding: 'buffer' })) visit(`${path}/${decodeText(name)}`);
    } else if (stat.isCharacterDevice() || stat.isBlockDevice()) {
      listing.set(path, [stat.isBlockDevice() ? 'block' : 'char', ...rights, `${stat.rdev >> 8}:${stat.rdev & 255}`]);
    } else {
      listing.set(path, [stat.isFIFO() ? 'fifo' : 'socket', ...rights]);
    }
  };
  // A tool may have removed the root itself.
  if (existsSync(directory)) visit('');
  return listing;
}

export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** Short contents as they are, long ones by their hash. */
export function describeContent(bytes: Uint8Array): string {
  if (bytes.length <= 200) return JSON.stringify(decodeText(bytes));
  return `${bytes.length} bytes sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

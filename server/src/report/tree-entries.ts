/** The entries of a simulated tree as reports list them: attributes, owners' names, content hash, origin. */

import type { InodeType } from '../core/image/image.ts';
import type { Cause, Phase } from '../core/problems/problem.ts';
import { compareBytes } from '../core/text/bytes.ts';
import { type Change, listEntries } from '../core/tree/changes.ts';
import type { Inode } from '../core/tree/inode.ts';
import type { Tree } from '../core/tree/tree.ts';

/** One entry; what is undefined is not known. */
export interface ReportEntry {
  readonly path: string;
  readonly change: Change;
  readonly type: InodeType | undefined;
  readonly mode: string | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly user: string | undefined;
  readonly group: string | undefined;
  readonly target: string | undefined;
  readonly device: string | undefined;
  readonly size: number | undefined;
  readonly sha256: string | undefined;
  readonly phase: Phase;
  readonly origin: readonly Cause[];
  readonly facts: readonly { readonly kind: string; readonly text: string }[];
}

/** Names of ids, for people. */
export interface OwnerNames {
  readonly user: (uid: number) => string | undefined;
  readonly group: (gid: number) => string | undefined;
}

export interface EntryOptions {
  /** The directory below which to list. Default: the root. */
  readonly from?: string;
  /** Also entries that did not change. */
  readonly all: boolean;
  readonly names: OwnerNames;
  /** SHA-256 of a content in hexadecimal digits; absent: contents are not read. See `loadSha256`. */
  readonly sha256?: (bytes: Uint8Array) => string;
}

/** The hash function; loaded only where it is wanted, because that takes as long as a whole phase. */
export async function loadSha256(): Promise<(bytes: Uint8Array) => string> {
  const { createHash } = await import('node:crypto');
  return (bytes) => createHash('sha256').update(bytes).digest('hex');
}

/** Entries sorted by path bytes. Contents are hashed only for entries that are listed. */
export function reportEntries(tree: Tree, options: EntryOptions): ReportEntry[] {
  const entries: ReportEntry[] = [];
  for (const entry of listEntries(tree, options.from ?? '/', { all: options.all })) {
    entries.push(
      entry.inode === undefined
        ? removedEntry(entry.path)
        : presentEntry(entry.path, entry.change, entry.inode, options),
    );
  }
  return entries.sort((a, b) => compareBytes(a.path, b.path));
}

function removedEntry(path: string): ReportEntry {
  return {
    path,
    change: 'removed',
    type: undefined,
    mode: undefined,
    uid: undefined,
    gid: undefined,
    user: undefined,
    group: undefined,
    target: undefined,
    device: undefined,
    size: undefined,
    sha256: undefined,
    phase: 'image',
    origin: [],
    facts: [],
  };
}

function presentEntry(path: string, change: Change, inode: Inode, { names, sha256 }: EntryOptions): ReportEntry {
  const isFile = inode.type === 'file';
  const content = isFile && sha256 !== undefined ? inode.content : undefined;
  return {
    path,
    change,
    type: inode.type,
    mode: inode.type === 'symlink' || inode.mode === undefined ? undefined : inode.mode.toString(8).padStart(4, '0'),
    uid: inode.uid,
    gid: inode.gid,
    user: inode.uid === undefined ? undefined : names.user(inode.uid),
    group: inode.gid === undefined ? undefined : names.group(inode.gid),
    target: inode.target,
    device: inode.device === undefined ? undefined : `${inode.device.major}:${inode.device.minor}`,
    size: isFile ? inode.size : undefined,
    sha256: content?.kind === 'bytes' ? sha256?.(content.bytes) : undefined,
    // What an early unit's start makes and a line names, too, is the line's.
    phase: (inode.causes.find(({ phase }) => phase !== 'start') ?? inode.causes[0])?.phase ?? 'image',
    origin: inode.causes,
    facts: inode.facts.map(({ kind, text }) => ({ kind, text })),
  };
}

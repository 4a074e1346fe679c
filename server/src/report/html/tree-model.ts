/** The resulting tree, with what the reset loses in its place. */

import type { InodeType } from '../../core/image/image.ts';
import type { Cause } from '../../core/problems/problem.ts';
import { compareBytes } from '../../core/text/bytes.ts';
import { listEntries } from '../../core/tree/changes.ts';
import type { Inode } from '../../core/tree/inode.ts';
import { baseName, parentPath, Tree } from '../../core/tree/tree.ts';
import { ownerNames } from '../owner-names.ts';
import { reportEntries } from '../tree-entries.ts';
import { shortCause } from '../tree-text.ts';
import type { ReportInput } from './input.ts';

/** `kept`: as it is today. */
export type TreeBadge = 'kept' | 'new' | 'changed' | 'lost';

export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly isDirectory: boolean;
  readonly mode: string;
  readonly owner: string;
  readonly target: string | undefined;
  readonly phase: string;
  readonly by: string;
  readonly badge: TreeBadge;
  /** Entries below that are lost and not shown. */
  hiddenBelow: number;
  /** The cause that needs the lost path, and a unit of it. */
  readonly need: { readonly cause: string; readonly unit: string } | undefined;
  readonly children: TreeRow[];
}

/** A lost entry that nothing is known to need: name with `/` behind a directory's, mode, number of the owner, entries. */
export type PackedEntry = readonly [string, string, number, (readonly PackedEntry[])?];

export interface PackedTree {
  readonly owners: readonly string[];
  /** Below each directory that is shown. */
  readonly at: readonly (readonly [string, readonly PackedEntry[]])[];
}

export interface TreeModel {
  readonly roots: readonly TreeRow[];
  readonly shownCount: number;
  readonly lostCount: number;
  readonly packed: PackedTree;
  /** Entries that are neither shown nor packed, because there are too many. */
  readonly leftOut: number;
}

const ROWS_MAX = 4000;
const PACKED_MAX = 12_000;

const phases: Readonly<Record<string, string>> = {
  image: 'image',
  skeleton: 'skeleton',
  preset: 'preset',
  sysusers: 'sysusers',
  tmpfiles: 'tmpfiles',
  start: 'unit start',
};

interface Lost {
  readonly path: string;
  readonly type: InodeType;
  readonly mode: string;
  readonly owner: string;
  readonly target: string | undefined;
}

/** `needOf` names the cause that misses a lost path. */
export function buildTree(
  input: ReportInput,
  needOf: (path: string) => { readonly cause: string; readonly unit: string } | undefined,
): TreeModel {
  const { tree, simulation } = input;
  const isState = (path: string) => /^\/(etc|var)\//.test(path);
  const shipped = new Tree(simulation.image.root);
  const shippedNames = ownerNames(shipped);
  const lost: Lost[] = [];
  for (const from of ['/etc', '/var']) {
    for (const { path, inode } of listEntries(shipped, from, { all: true })) {
      if (inode === undefined || tree.lookup(path, { follow: false }) !== undefined) continue;
      lost.push({
        path,
        type: inode.type,
        mode: inode.type === 'symlink' || inode.mode === undefined ? '' : octal(inode.mode),
        owner: ownerText(inode.uid, inode.gid, shippedNames),
        target: inode.target,
      });
    }
  }
  const names = ownerNames(tree);
  const state = ['/etc', '/var'].flatMap((from) => reportEntries(tree, { names, from, all: true }));
  const elsewhere = reportEntries(tree, { names, all: false }).filter(
    ({ path, phase, type }) => !isState(path) && type !== undefined && phase !== 'skeleton' && phase !== 'image',
  );
  const entries = [...state, ...elsewhere].sort((a, b) => compareBytes(a.path, b.path));
  const rows = new Map<string, TreeRow>();
  const roots: TreeRow[] = [];
  /** A directory that is listed for what lies in it. */
  const standing = (path: string): TreeRow => {
    const inode = tree.lookup(path, { follow: false });
    if (inode === undefined) return bare(path);
    const mode = inode.mode === undefined ? '' : octal(inode.mode);
    return { ...bare(path), mode, owner: ownerText(inode.uid, inode.gid, names), ...madeBy(inode.causes) };
  };
  const put = (row: TreeRow): TreeRow => {
    rows.set(row.path, row);
    const parent = parentPath(row.path);
    if (parent === '/') roots.push(row);
    else (rows.get(parent) ?? put(standing(parent))).children.push(row);
    return row;
  };
  for (const path of ['/etc', '/var']) put(standing(path));
  let leftOut = 0;
  for (const entry of entries) {
    if (rows.has(entry.path)) continue;
    if (rows.size >= ROWS_MAX) {
      leftOut += 1;
      continue;
    }
    put({
      path: entry.path,
      name: baseName(entry.path),
      isDirectory: entry.type === 'directory',
      mode: entry.mode ?? '',
      owner: `${entry.user ?? entry.uid ?? '?'}:${entry.group ?? entry.gid ?? '?'}`,
      target: entry.target,
      ...madeBy(entry.origin),
      badge: badgeOf(tree.lookup(entry.path, { follow: false }), shipped.lookup(entry.path, { follow: false })),
      hiddenBelow: 0,
      need: undefined,
      children: [],
    });
  }
  const packed = placeLost(lost, rows, put, needOf);
  sortRows(roots);
  return {
    roots,
    shownCount: rows.size,
    lostCount: lost.length,
    packed: packed.tree,
    leftOut: leftOut + packed.leftOut,
  };
}

/** Whether an entry is what the image ships at its path, whoever made it. */
function badgeOf(now: Inode | undefined, then: Inode | undefined): TreeBadge {
  if (now === undefined || then === undefined) return 'new';
  const isSame =
    now.type === then.type &&
    now.mode === then.mode &&
    now.uid === then.uid &&
    now.gid === then.gid &&
    now.target === then.target &&
    (now.type !== 'file' || hasSameContent(now, then));
  return isSame ? 'kept' : 'changed';
}

/** Contents that are not known are not called changed. */
function hasSameContent(now: Inode, then: Inode): boolean {
  const [a, b] = [now.content, then.content];
  if (a.kind !== 'bytes' || b.kind !== 'bytes') return true;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
}

function bare(path: string): TreeRow {
  return {
    path,
    name: baseName(path),
    isDirectory: true,
    mode: '',
    owner: '',
    target: undefined,
    phase: '',
    by: '',
    badge: 'kept',
    hiddenBelow: 0,
    need: undefined,
    children: [],
  };
}

function madeBy(causes: readonly Cause[]): Pick<TreeRow, 'phase' | 'by'> {
  const [cause] = causes;
  return cause === undefined
    ? { phase: 'image', by: 'as shipped' }
    : {
        phase: phases[cause.phase] ?? cause.phase,
        by: cause.line === undefined && cause.phase !== 'skeleton' ? baseName(cause.file) : shortCause(cause),
      };
}

/** Lost paths that are needed, and the directories above them, become rows; the others are packed for the page's script. */
function placeLost(
  lost: readonly Lost[],
  rows: Map<string, TreeRow>,
  put: (row: TreeRow) => TreeRow,
  needOf: (path: string) => { readonly cause: string; readonly unit: string } | undefined,
): { readonly tree: PackedTree; readonly leftOut: number } {
  const shown = new Set<string>();
  for (const { path } of lost) {
    if (needOf(path) === undefined) continue;
    for (let at = path; at !== '/' && !shown.has(at); at = parentPath(at)) shown.add(at);
  }
  const owners = new Map<string, number>();
  const at = new Map<string, PackedEntry[]>();
  const packedAt = new Map<string, PackedEntry[]>();
  let packedCount = 0;
  let leftOut = 0;
  for (const { path, type, mode, owner, target } of lost) {
    const isDirectory = type === 'directory';
    const row = rows.get(path);
    if (shown.has(path)) {
      if (row === undefined) {
        const need = needOf(path);
        put({
          ...bare(path),
          isDirectory,
          mode,
          owner,
          target,
          phase: 'nothing',
          by: 'brings it back',
          badge: 'lost',
          need,
        });
      }
      continue;
    }
    if (row !== undefined) continue;
    if (packedCount >= PACKED_MAX) {
      leftOut += 1;
      continue;
    }
    packedCount += 1;
    const number = owners.get(owner) ?? owners.size;
    owners.set(owner, number);
    const below: PackedEntry[] = [];
    const entry: PackedEntry = isDirectory
      ? [`${baseName(path)}/`, mode, number, below]
      : [baseName(path), mode, number];
    if (isDirectory) packedAt.set(path, below);
    const parent = parentPath(path);
    const siblings = packedAt.get(parent) ?? at.get(parent) ?? [];
    if (!packedAt.has(parent)) at.set(parent, siblings);
    siblings.push(entry);
    for (let up = parent; up !== '/'; up = parentPath(up)) {
      const above = rows.get(up);
      if (above?.badge === 'lost') above.hiddenBelow += 1;
    }
  }
  return { tree: { owners: [...owners.keys()], at: [...at].filter(([path]) => rows.has(path)) }, leftOut };
}

/** Below a directory, by name. Recursion is as deep as the tree. */
function sortRows(rows: TreeRow[]): void {
  rows.sort((a, b) => compareBytes(a.name, b.name));
  for (const row of rows) sortRows(row.children);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function ownerText(uid: number | undefined, gid: number | undefined, names: ReturnType<typeof ownerNames>): string {
  const user = uid === undefined ? '?' : (names.user(uid) ?? uid);
  const group = gid === undefined ? '?' : (names.group(gid) ?? gid);
  return `${user}:${group}`;
}

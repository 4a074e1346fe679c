/** The two lists of a snapshot (contract, "Snapshots"): files whose content was left out, and paths inside programs. */

import { decodeText } from '../core/text/bytes.ts';
import type { ArchiveTree } from './archive-tree.ts';

/** Gives the files of `.snapshot/manifest.jsonl` their real size and an unknown content. */
export function applyManifest(tree: ArchiveTree, bytes: Uint8Array): void {
  forEachRow(tree, 'manifest.jsonl', bytes, (row) => {
    const { path, size, kind } = row;
    if (typeof path !== 'string' || typeof size !== 'number') return false;
    const node = tree.find(path);
    // A link of the same file elsewhere in the tree may have been listed already; the node is one.
    if (node?.type === 'file') {
      node.size = size;
      node.content = unknownContent(typeof kind === 'string' ? kind : 'other');
    }
    return true;
  });
}

/** The paths that `.snapshot/exec-strings.jsonl` lists, by the program's path. */
export function readEmbeddedPaths(tree: ArchiveTree, bytes: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const programs = new Map<string, readonly string[]>();
  forEachRow(tree, 'exec-strings.jsonl', bytes, (row) => {
    const { path, paths } = row;
    if (typeof path !== 'string' || !Array.isArray(paths)) return false;
    programs.set(
      path,
      paths.filter((entry) => typeof entry === 'string'),
    );
    return true;
  });
  return programs;
}

const unknownContents = new Map<string, { readonly kind: 'unknown'; readonly reason: string }>();

function unknownContent(kind: string): { readonly kind: 'unknown'; readonly reason: string } {
  const known = unknownContents.get(kind);
  if (known !== undefined) return known;
  const made = { kind: 'unknown', reason: `its content was left out of the snapshot (${kind})` } as const;
  if (unknownContents.size < 100) unknownContents.set(kind, made);
  return made;
}

function forEachRow(
  tree: ArchiveTree,
  name: string,
  bytes: Uint8Array,
  take: (row: Record<string, unknown>) => boolean,
): void {
  let line = 0;
  for (const text of decodeText(bytes).split('\n')) {
    line += 1;
    if (text === '') continue;
    const row = parseRow(text);
    if (row === undefined || !take(row)) {
      tree.report(`/.snapshot/${name}`, `line ${line} is not an entry of the list`);
    }
  }
}

function parseRow(text: string): Record<string, unknown> | undefined {
  try {
    const row: unknown = JSON.parse(text);
    return typeof row === 'object' && row !== null ? { ...row } : undefined;
  } catch {
    return undefined;
  }
}

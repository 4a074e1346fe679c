/**
 * Mends paths as they are found in machine code. Compilers copy short strings with constants of 8 or 16 bytes inside the
 * instructions: of such a path only the first bytes stand together, or its two halves overlap, or several follow one another.
 */

import { parentPath } from '../tree/tree.ts';

export interface EmbeddedSurroundings {
  /** Whether the shipped image has the path. */
  isShipped(path: string): boolean;
  /** Paths of the program's own package, which a beginning may stand for. */
  readonly ownPaths: readonly string[];
}

/** Bytes of one constant in a vector register. */
const wide = 16;
/** Bytes of one constant in a general register. */
const narrow = 8;

const root = /^\/(?:etc|var|run|srv|opt|usr)\//;

/** The paths that the texts of an executable stand for, each once. What needs no mending comes out as it is. */
export function mendEmbedded(texts: readonly string[], surroundings: EmbeddedSurroundings): readonly string[] {
  const mended = new Set<string>();
  const beginnings = new Set<string>();
  for (const text of texts) {
    for (const piece of splitConstants(text)) {
      mended.add(piece);
      if (surroundings.isShipped(piece)) continue;
      const joined = joinOverlap(piece, surroundings);
      if (joined !== undefined) mended.add(joined);
      const beginning = beginningOf(piece);
      if (beginning !== undefined) beginnings.add(beginning);
    }
  }
  // The longest first: what they are completed to is not what the shorter ones stand for.
  for (const beginning of [...beginnings].sort((a, b) => b.length - a.length)) {
    const open = surroundings.ownPaths.filter((path) => isCompletion(path, beginning) && !mended.has(path));
    const [only] = open;
    if (only !== undefined && open.length === 1) mended.add(only);
  }
  return [...mended];
}

/** Whole constants in a row: each but the last has 16 bytes and begins like a path. */
function splitConstants(text: string): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > wide && root.test(rest.slice(wide))) {
    pieces.push(rest.slice(0, wide));
    rest = rest.slice(wide);
  }
  return [...pieces, rest];
}

/** A string of 17 to 31 bytes is copied in two constants, the second of which begins inside the first. */
function joinOverlap(piece: string, { isShipped }: EmbeddedSurroundings): string | undefined {
  if (piece.length <= wide || piece.length > 2 * wide || isShipped(parentPath(piece))) return undefined;
  const first = piece.slice(0, wide);
  const second = piece.slice(wide);
  for (let shared = Math.min(second.length, wide) - 1; shared > 0; shared -= 1) {
    if (!first.endsWith(second.slice(0, shared))) continue;
    const joined = first + second.slice(shared);
    if (isShipped(joined) || isShipped(parentPath(joined))) return joined;
  }
  return undefined;
}

/** The part of a path that one constant holds; behind eight bytes the next instruction begins with a prefix byte. */
function beginningOf(piece: string): string | undefined {
  if (piece.length === wide) return piece;
  return /^.{8}[A-Zf]\d?$/.test(piece) ? piece.slice(0, narrow) : undefined;
}

function isCompletion(path: string, beginning: string): boolean {
  return path.startsWith(beginning) && !path.slice(beginning.length).includes('/');
}

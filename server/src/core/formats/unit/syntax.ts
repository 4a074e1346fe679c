/**
 * The syntax tree of a unit file. Its nodes cover the whole text without gaps, so that printing them gives the text
 * back; `sections` is the part of it that systemd reads.
 */

import type { Problem } from '../../problems/problem.ts';
import type { Span } from '../../text/source-text.ts';

/** A physical line of nothing but blanks. */
export interface BlankNode {
  readonly kind: 'blank';
  readonly span: Span;
}

/** A line whose first visible character is `#` or `;`. A comment inside a continued entry belongs to that entry. */
export interface CommentNode {
  readonly kind: 'comment';
  readonly span: Span;
}

/** A line `[Name]`. The span of every node includes its line end. */
export interface SectionHeader {
  readonly kind: 'section';
  readonly span: Span;
  readonly name: string;
  /** The name without its brackets. */
  readonly nameSpan: Span;
}

/** An assignment. */
export interface UnitEntry {
  readonly kind: 'entry';
  readonly span: Span;
  readonly key: string;
  readonly keySpan: Span;
  /** Offset of the `=`. */
  readonly equals: number;
  /** The value as systemd's parsers get it: continuation lines joined by one blank, comments between them left out. */
  readonly value: string;
  /** From the value's first to its last character in the text; empty and just after the `=` if there is no value. */
  readonly valueSpan: Span;
  /** Where the pieces of a value of several lines stand in the text; undefined if the value stands on one line. */
  readonly pieces: readonly ValuePiece[] | undefined;
}

/** From `offset` in the value on, up to the next piece, the value's characters stand in the text from `text` on. */
export interface ValuePiece {
  readonly offset: number;
  readonly text: number;
}

/** Why a line is neither an entry nor a section header. The first two are ignored, the others end the reading. */
export type JunkReason =
  | 'missing-equals-sign'
  | 'missing-key'
  | 'invalid-section-header'
  | 'invalid-utf8'
  | 'line-too-long';

/** A line that systemd cannot use. */
export interface JunkNode {
  readonly kind: 'junk';
  readonly span: Span;
  readonly reason: JunkReason;
}

export type UnitNode = BlankNode | CommentNode | SectionHeader | UnitEntry | JunkNode;

/** A section as it stands in the file; a name may come more than once. */
export interface UnitSection {
  readonly name: string;
  readonly header: SectionHeader;
  readonly entries: readonly UnitEntry[];
  readonly junk: readonly JunkNode[];
}

export interface UnitDocument {
  readonly text: string;
  /** Every line, in order, without gaps. */
  readonly nodes: readonly UnitNode[];
  /** What systemd reads: nothing behind a line that ends the reading, nothing before the first section. */
  readonly sections: readonly UnitSection[];
  /** What is wrong whatever the unit's type; see `checkUnit` for the rest. */
  readonly problems: readonly Problem[];
  /**
   * Set if a line ended the reading: a fragment then fails to load (load state `error`), a drop-in counts up to that
   * line.
   */
  readonly failure: Problem | undefined;
}

/** The offset in the text of an offset in an entry's value. */
export function textOffset(entry: UnitEntry, offset: number): number {
  const pieces = entry.pieces;
  if (pieces === undefined) return entry.valueSpan.start + offset;
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece === undefined ? entry.valueSpan.start : piece.text + offset - piece.offset;
}

/** The span in the text of a span in an entry's value. */
export function textSpan(entry: UnitEntry, span: Span): Span {
  const start = textOffset(entry, span.start);
  // The end is exclusive: it belongs to the piece of the last character, not to the piece that begins there.
  return { start, end: span.end > span.start ? textOffset(entry, span.end - 1) + 1 : start };
}

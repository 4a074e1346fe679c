/**
 * What stands under the cursor, read from the text alone and from half-typed lines above all: those are what is completed.
 * The syntax trees judge whole lines; here only what is before the cursor counts, and nothing is ever wrong.
 */

import { isBlank } from '../../core/text/words.ts';
import type { FeatureDocument } from '../feature-document.ts';

/** The word that the cursor stands in or behind. */
export interface CursorWord {
  /** Where its content begins, behind an opening quote. */
  readonly start: number;
  /** Where what a completion replaces ends: the rest of the word. */
  readonly end: number;
  /** The content up to the cursor. */
  readonly before: string;
  readonly isQuoted: boolean;
}

/** A line of words: tmpfiles.d, sysusers.d, presets. */
export interface LineCursor {
  /** Words that end before the cursor, as they stand, quotes included. */
  readonly words: readonly string[];
  readonly word: CursorWord;
}

export type UnitCursor =
  | { readonly kind: 'section'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'key';
      readonly section: string | undefined;
      readonly start: number;
      readonly end: number;
      readonly hasEquals: boolean;
    }
  | {
      readonly kind: 'value';
      readonly section: string;
      readonly key: string;
      /** The value up to the cursor; lines are joined as systemd joins them. */
      readonly before: string;
      readonly words: readonly string[];
      readonly word: CursorWord;
    };

interface ScannedWords {
  readonly words: readonly string[];
  /** Of the last word's content, and whether a quote is open. */
  readonly start: number;
  readonly isQuoted: boolean;
}

/** Splits what stands before a cursor; a quote that is not closed reaches up to the cursor. */
function scanWords(text: string, most = Number.POSITIVE_INFINITY): ScannedWords {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
    const start = at;
    if (words.length >= most) return { words, start, isQuoted: false };
    let quote = '';
    for (; at < text.length; at++) {
      const char = text.charAt(at);
      if (char === '\\') at += 1;
      else if (quote !== '') {
        if (char === quote) quote = '';
      } else if (char === '"' || char === "'") quote = char;
      else if (isBlank(text.charCodeAt(at))) break;
    }
    if (at >= text.length) {
      const isQuoted = /["']/.test(text.charAt(start));
      return { words, start: isQuoted ? start + 1 : start, isQuoted };
    }
    words.push(text.slice(start, at));
  }
}

/** The end of the word that goes on at an offset. */
function wordEnd(text: string, offset: number, lineEnd: number): number {
  let end = offset;
  while (end < lineEnd && !/[\s"']/.test(text.charAt(end))) {
    if (text.charAt(end) === '\\' && end + 1 === lineEnd) break;
    end += 1;
  }
  return end;
}

function lineAt(document: FeatureDocument, offset: number): { readonly line: number; start: number; end: number } {
  const { line } = document.lines.position(offset);
  const span = document.lines.lineSpan(line) ?? { start: offset, end: offset };
  const end = span.end > span.start && document.text.charAt(span.end - 1) === '\r' ? span.end - 1 : span.end;
  return { line, start: span.start, end: Math.max(end, span.start) };
}

/**
 * The words of a line up to the cursor; undefined in comments.
 * @param comments the characters that begin one
 * @param most words before the rest of the line counts as one
 */
export function lineCursor(
  document: FeatureDocument,
  offset: number,
  comments: string,
  most?: number,
): LineCursor | undefined {
  const { text } = document;
  const { start, end } = lineAt(document, offset);
  const line = text.slice(start, end);
  const first = line.trimStart().charAt(0);
  if (first !== '' && comments.includes(first)) return undefined;
  const before = text.slice(start, Math.min(offset, end));
  const scanned = scanWords(before, most);
  return {
    words: scanned.words,
    word: {
      start: start + scanned.start,
      end: wordEnd(text, start + before.length, end),
      before: before.slice(scanned.start),
      isQuoted: scanned.isQuoted,
    },
  };
}

/** What a cursor in a unit file is in; undefined in comments and where nothing is to be completed. */
export function unitCursor(document: FeatureDocument, offset: number): UnitCursor | undefined {
  const { text } = document;
  const current = lineAt(document, offset);
  const lineText = (line: number) => {
    const span = document.lines.lineSpan(line);
    return span === undefined ? '' : text.slice(span.start, span.end).replace(/\r$/, '');
  };
  if (isComment(lineText(current.line))) return undefined;
  const first = firstLine(current.line, lineText);
  const opening = lineText(first);
  const openingStart = document.lines.lineSpan(first)?.start ?? 0;
  const here = Math.min(offset, current.end);
  if (first === current.line && /^\s*\[/.test(opening)) {
    const start = current.start + opening.indexOf('[') + 1;
    if (here < start) return undefined;
    const close = opening.indexOf(']');
    if (close !== -1 && here > current.start + close) return undefined;
    return { kind: 'section', start, end: close === -1 ? current.end : current.start + close + 1 };
  }
  const section = sectionAbove(first, lineText);
  const equals = opening.indexOf('=');
  if (first === current.line && (equals === -1 || here <= openingStart + equals)) {
    const start = openingStart + (opening.length - opening.trimStart().length);
    const before = text.slice(start, here);
    if (/\s/.test(before)) return undefined;
    const rest = /^[^\s=]*/.exec(text.slice(here, current.end))?.[0].length ?? 0;
    return { kind: 'key', section, start: Math.min(start, here), end: here + rest, hasEquals: equals !== -1 };
  }
  if (equals === -1 || section === undefined) return undefined;
  return valueCursor(document, { first, section, equals, here, current, lineText });
}

function valueCursor(
  document: FeatureDocument,
  at: {
    readonly first: number;
    readonly section: string;
    readonly equals: number;
    readonly here: number;
    readonly current: { readonly line: number; readonly start: number; readonly end: number };
    readonly lineText: (line: number) => string;
  },
): UnitCursor {
  const { text } = document;
  const { current, here } = at;
  const opening = at.lineText(at.first);
  let before = '';
  // Where the last line's part begins, in the joined value and in the text.
  let lastFrom = 0;
  let lastStart = here;
  for (let line = at.first; line <= current.line; line++) {
    const whole = at.lineText(line);
    if (line !== at.first && isComment(whole)) continue;
    const skip = line === at.first ? at.equals + 1 : 0;
    const lineStart = document.lines.lineSpan(line)?.start ?? 0;
    const part = line === current.line ? text.slice(lineStart + skip, here) : whole.slice(skip, -1);
    lastFrom = before.length;
    lastStart = lineStart + skip;
    before += line === current.line ? part : `${part} `;
  }
  const scanned = scanWords(before);
  // A quoted word of several lines is replaced from the last line on.
  const from = Math.max(scanned.start, lastFrom);
  const lead = before.length - before.trimStart().length;
  return {
    kind: 'value',
    section: at.section,
    key: opening.slice(0, at.equals).trim(),
    before: before.slice(lead),
    words: scanned.words,
    word: {
      start: lastStart + from - lastFrom,
      end: wordEnd(text, here, current.end),
      before: before.slice(from),
      isQuoted: scanned.isQuoted,
    },
  };
}

function isComment(line: string): boolean {
  return /^\s*[#;]/.test(line);
}

/** The line that an entry begins on: lines that end in a backslash go on, comments between them do not count. */
function firstLine(line: number, lineText: (line: number) => string): number {
  let first = line;
  for (let above = line - 1; above >= 1; above--) {
    const text = lineText(above);
    if (isComment(text)) continue;
    if (!text.endsWith('\\')) break;
    first = above;
  }
  return first;
}

function sectionAbove(line: number, lineText: (line: number) => string): string | undefined {
  for (let above = line - 1; above >= 1; above--) {
    const name = /^\s*\[([^\]]*)\]\s*$/.exec(lineText(above))?.[1];
    if (name !== undefined && !lineText(above - 1).endsWith('\\')) return name;
  }
  return undefined;
}

/**
 * Splitting a configuration file into lines as systemd reads tmpfiles.d, sysusers.d and preset files. A line ends at a
 * newline, a carriage return or a NUL byte, and at the runs of them that other systems write (CR LF, LF CR, each with a
 * NUL after it). So the line numbers that the tools print can differ from those of an editor.
 */

import { encodeText } from './bytes.ts';
import type { Span } from './source-text.ts';
import { isBlank } from './words.ts';

/** A line of this many bytes or more ends the reading of the file: the tool gives up there (LONG_LINE_MAX). */
const LONG_LINE_MAX = 1048576;

/** One line that is neither empty nor too long. */
interface ConfigLine {
  /** As the tools count, from 1. */
  readonly number: number;
  /** Without the blanks at both ends. */
  readonly span: Span;
}

interface ConfigLines {
  /** Lines with something in them, comments included. */
  readonly lines: readonly ConfigLine[];
  /** The line at which the reading ends because it is too long; it and everything after it is lost. */
  readonly tooLong: ConfigLine | undefined;
}

/** Finds the lines of a text. Linear in its length. */
export function readConfigLines(text: string): ConfigLines {
  const lines: ConfigLine[] = [];
  const hasOddEnds = text.includes('\r') || text.includes('\0');
  let number = 0;
  for (let at = 0; at < text.length; ) {
    number += 1;
    const end = hasOddEnds ? findLineEnd(text, at) : findNewline(text, at);
    if (isTooLong(text, at, end)) return { lines, tooLong: { number, span: { start: at, end } } };
    let first = at;
    let last = end;
    while (first < last && isBlank(text.charCodeAt(first))) first += 1;
    while (last > first && isBlank(text.charCodeAt(last - 1))) last -= 1;
    if (first < last) lines.push({ number, span: { start: first, end: last } });
    at = hasOddEnds ? skipLineEnd(text, end) : end + 1;
  }
  return { lines, tooLong: undefined };
}

function findNewline(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

function findLineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at += 1;
  return at;
}

/** Each of the end characters counts once in one line end, and nothing follows a NUL. */
function skipLineEnd(text: string, from: number): number {
  const seen = new Set<number>();
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (!isLineEnd(code) || seen.has(code)) break;
    seen.add(code);
    at += 1;
    if (code === 0) break;
  }
  return at;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0;
}

function isTooLong(text: string, start: number, end: number): boolean {
  const length = end - start;
  // A UTF-16 unit is at most three bytes of UTF-8, so shorter lines need no encoding to be judged.
  if (length * 3 < LONG_LINE_MAX) return false;
  return length >= LONG_LINE_MAX || encodeText(text.slice(start, end)).length >= LONG_LINE_MAX;
}

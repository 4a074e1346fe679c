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

/** The line at which the reading of a file ends. */
interface LongLine {
  /** As the tools count, from 1. */
  readonly number: number;
  readonly span: Span;
}

/**
 * Goes from line to line of a text; linear in its length. A file may have very many lines, so the one that was reached is told
 * by plain numbers and nothing is made for it.
 */
export class ConfigLines {
  /** Of the line that was reached: as the tools count, from 1. */
  number = 0;
  /** Where it begins and ends, without the blanks at both ends. */
  start = 0;
  end = 0;
  /** The line at which the reading ended because it is too long; it and everything after it is lost. */
  tooLong: LongLine | undefined;
  readonly #text: string;
  readonly #hasOddEnds: boolean;
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#hasOddEnds = text.includes('\r') || text.includes('\0');
  }

  /** Goes on to the next line with something in it, comments included. False if there is none. */
  advance(): boolean {
    const text = this.#text;
    let at = this.#next;
    while (at < text.length) {
      this.number += 1;
      const end = this.#hasOddEnds ? findLineEnd(text, at) : findNewline(text, at);
      if (isTooLong(text, at, end)) {
        this.tooLong = { number: this.number, span: { start: at, end } };
        this.#next = text.length;
        return false;
      }
      let first = at;
      let last = end;
      while (first < last && isBlank(text.charCodeAt(first))) first += 1;
      while (last > first && isBlank(text.charCodeAt(last - 1))) last -= 1;
      at = this.#hasOddEnds ? skipLineEnd(text, end) : end + 1;
      if (first < last) {
        this.start = first;
        this.end = last;
        this.#next = at;
        return true;
      }
    }
    this.#next = at;
    return false;
  }
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
  let hasNewline = false;
  let hasReturn = false;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0) return at + 1;
    if (code === 10 && !hasNewline) hasNewline = true;
    else if (code === 13 && !hasReturn) hasReturn = true;
    else break;
    at += 1;
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

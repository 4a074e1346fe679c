/**
 * Splitting a line into words the way systemd's configuration formats do, with exact spans. The four formats differ only
 * in which escapes they know; the options say which.
 */

import { escapedByte, normalizeText } from './bytes.ts';
import type { Span } from './source-text.ts';

/** One word: where it stands, with its quotes, and what it means without them. */
export interface Word {
  readonly span: Span;
  readonly value: string;
}

export interface WordProblem {
  readonly code: 'unterminated-quote' | 'trailing-backslash' | 'unknown-escape';
  readonly span: Span;
}

/**
 * A word that was read. One object for word and result, and the text of a word that stands as it is meant is cut out only when
 * asked for: files consist of little else than words, and most of them are only looked at.
 */
export class ReadWord implements Word {
  readonly start: number;
  readonly end: number;
  /** Where to go on: the start of what follows, blanks skipped. */
  readonly next: number;
  readonly #text: string;
  #value: string | undefined;

  /** Without a value, the word means what stands there. */
  constructor(text: string, start: number, end: number, next: number, value?: string) {
    this.#text = text;
    this.start = start;
    this.end = end;
    this.next = next;
    this.#value = value;
  }

  get kind(): 'word' {
    return 'word';
  }

  get span(): Span {
    return { start: this.start, end: this.end };
  }

  get value(): string {
    this.#value ??= this.#text.slice(this.start, this.end);
    return this.#value;
  }

  get word(): Word {
    return this;
  }
}

export type WordResult =
  | ReadWord
  | { readonly kind: 'end'; readonly next: number }
  | { readonly kind: 'problem'; readonly problem: WordProblem };

export interface WordOptions {
  /**
   * What a backslash does. `c`: the C escapes, unknown ones are a problem; `c-relaxed`: the same, unknown ones are kept
   * with their backslash; `drop`: the next character is taken as it is; `keep`: nothing, it is an ordinary character.
   */
  readonly backslash: 'c' | 'c-relaxed' | 'drop' | 'keep';
  /** False leaves quotes in the value and lets words split inside them. Default: true. */
  readonly unquote?: boolean;
  /** Characters between words. Default: blank, tab, newline, carriage return (systemd's WHITESPACE). */
  readonly separators?: string;
}

const WHITESPACE = ' \t\n\r';

/** True for the characters that systemd strips and splits at. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** Reads the word that begins at or after an offset. `next` is where to go on: the start of what follows, blanks skipped. */
export function readWord(text: string, from: number, end: number, options: WordOptions): WordResult {
  const separators = options.separators ?? WHITESPACE;
  const unquote = options.unquote ?? true;
  let at = from;
  if (options.separators === undefined) {
    const simple = readSimpleWord(text, from, end, unquote);
    if (simple !== undefined) return simple;
  }
  while (at < end && separators.includes(text.charAt(at))) at += 1;
  if (at >= end) return { kind: 'end', next: end };
  const start = at;
  let value = '';
  let hasRawBytes = false;
  let quote = '';
  let quoteStart = 0;
  let plainFrom = at;
  while (at < end) {
    const char = text.charAt(at);
    if (char === '\\' && options.backslash !== 'keep') {
      value += text.slice(plainFrom, at);
      if (at + 1 >= end) {
        if (options.backslash === 'c-relaxed' && quote === '') {
          value += '\\';
          at += 1;
          plainFrom = at;
          continue;
        }
        return { kind: 'problem', problem: { code: 'trailing-backslash', span: { start: at, end } } };
      }
      if (options.backslash === 'drop') {
        plainFrom = at + 1;
        at += 2;
        // A surrogate pair is one character to the reader; its second half follows by itself.
        continue;
      }
      const cEscape = readCEscape(text, at + 1, end);
      if (cEscape !== undefined) {
        value += cEscape.value;
        hasRawBytes ||= cEscape.isByte;
        at = cEscape.next;
        plainFrom = at;
        continue;
      }
      if (options.backslash === 'c') {
        return { kind: 'problem', problem: { code: 'unknown-escape', span: { start: at, end: at + 2 } } };
      }
      plainFrom = at;
      at += 2;
      continue;
    }
    if (quote !== '') {
      if (char === quote) {
        value += text.slice(plainFrom, at);
        plainFrom = at + 1;
        quote = '';
      }
      at += 1;
      continue;
    }
    if (unquote && (char === '"' || char === "'")) {
      value += text.slice(plainFrom, at);
      plainFrom = at + 1;
      quote = char;
      quoteStart = at;
      at += 1;
      continue;
    }
    if (separators.includes(char)) break;
    at += 1;
  }
  if (quote !== '')
    return { kind: 'problem', problem: { code: 'unterminated-quote', span: { start: quoteStart, end } } };
  value += text.slice(plainFrom, at);
  const wordEnd = at;
  while (at < end && separators.includes(text.charAt(at))) at += 1;
  return new ReadWord(text, start, wordEnd, at, hasRawBytes ? normalizeText(value) : value);
}

/** Reads the words of the lines of a text, one after the other. One reader does for all lines. */
export class WordReader {
  /** Where the next word is looked for: behind the last one and the blanks that follow it. */
  at = 0;
  /** What ended the reading of the line early. */
  problem: WordProblem | undefined = undefined;
  readonly text: string;
  readonly #options: WordOptions;
  #end = 0;

  constructor(text: string, options: WordOptions) {
    this.text = text;
    this.#options = options;
  }

  /** Goes to the line between two offsets. */
  start(start: number, end: number): void {
    this.at = start;
    this.#end = end;
    this.problem = undefined;
  }

  /** The next word; undefined at the end and from a problem on. */
  read(): ReadWord | undefined {
    if (this.at >= this.#end || this.problem !== undefined) return undefined;
    const result = readWord(this.text, this.at, this.#end, this.#options);
    if (result.kind === 'problem') {
      this.problem = result.problem;
      return undefined;
    }
    this.at = result.next;
    return result.kind === 'word' ? result : undefined;
  }
}

/**
 * The word at an offset if it has neither quotes nor backslashes, or is one pair of quotes without backslashes, as nearly all
 * are; undefined if it is another.
 */
function readSimpleWord(text: string, from: number, end: number, unquote: boolean): WordResult | undefined {
  let start = from;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  if (start >= end) return { kind: 'end', next: end };
  const first = text.charCodeAt(start);
  if (first === 34 || first === 39) return unquote ? readQuotedWord(text, start, end, first) : undefined;
  let at = start;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32) {
      if (isBlank(code)) break;
    } else if (code === 34 || code === 39 || code === 92) return undefined;
  }
  return new ReadWord(text, start, at, skipBlanks(text, at, end));
}

function readQuotedWord(text: string, start: number, end: number, quote: number): ReadWord | undefined {
  for (let at = start + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) return undefined;
    if (code !== quote) continue;
    const after = at + 1;
    if (after < end && !isBlank(text.charCodeAt(after))) return undefined;
    return new ReadWord(text, start, after, skipBlanks(text, after, end), text.slice(start + 1, at));
  }
  return undefined;
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

export interface CEscape {
  readonly value: string;
  /** True if the value is one raw byte, which may be part of a longer UTF-8 sequence. */
  readonly isByte: boolean;
  /** The offset after the escape. */
  readonly next: number;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  s: ' ',
};

/** Reads the escape whose first character after the backslash is at the offset. Undefined: not an escape systemd knows. */
export function readCEscape(text: string, at: number, end: number): CEscape | undefined {
  const char = text.charAt(at);
  const simple = Object.hasOwn(SIMPLE_ESCAPES, char) ? SIMPLE_ESCAPES[char] : undefined;
  if (simple !== undefined) return { value: simple, isByte: false, next: at + 1 };
  if (char === 'x') return readNumber(text, at + 1, end, 2, 16);
  if (char === 'u') return readNumber(text, at + 1, end, 4, 16);
  if (char === 'U') return readNumber(text, at + 1, end, 8, 16);
  if (char >= '0' && char <= '7') return readNumber(text, at, end, 3, 8);
  return undefined;
}

function readNumber(text: string, at: number, end: number, digits: number, base: number): CEscape | undefined {
  const source = text.slice(at, Math.min(at + digits, end));
  if (source.length < digits || !(base === 8 ? /^[0-7]+$/ : /^[0-9A-Fa-f]+$/).test(source)) return undefined;
  const value = Number.parseInt(source, base);
  if (value === 0) return undefined;
  const next = at + digits;
  if (digits === 8 || digits === 4) {
    const isSurrogate = value >= 0xd800 && value <= 0xdfff;
    if (value > 0x10ffff || isSurrogate) return undefined;
    return { value: String.fromCodePoint(value), isByte: false, next };
  }
  if (value > 0xff) return undefined;
  return { value: escapedByte(value), isByte: value >= 0x80, next };
}

/** Undoes the C escapes of a whole text. Returns the offset of the first bad escape if there is one. */
export function unescapeC(text: string): { readonly value: string } | { readonly badAt: number } {
  let value = '';
  let hasRawBytes = false;
  let plainFrom = 0;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', plainFrom)) {
    const cEscape = readCEscape(text, at + 1, text.length);
    if (cEscape === undefined) return { badAt: at };
    value += text.slice(plainFrom, at) + cEscape.value;
    hasRawBytes ||= cEscape.isByte;
    plainFrom = cEscape.next;
  }
  value += text.slice(plainFrom);
  return { value: hasRawBytes ? normalizeText(value) : value };
}

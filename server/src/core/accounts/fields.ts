/**
 * What the four account databases have in common: lines of fields between colons, read as tolerantly as glibc's
 * fgetpwent(3) and its siblings do and written as strictly as putpwent(3) and its siblings do.
 */

import { decodeText, encodeText } from '../text/bytes.ts';

/** A database as it was read: its entries in order, and the lines that glibc passes over. */
export interface AccountFile<Entry> {
  readonly entries: readonly Entry[];
  /** Numbers (from 1) of the lines that are neither an entry, nor a comment, nor blank. */
  readonly invalidLines: readonly number[];
}

/** Ids are unsigned 32-bit numbers; text that is a greater number makes its line invalid. */
const ID_MAX = 0xffffffff;

/** Reads every line with a format's parser, which answers undefined for a line that it does not understand. */
export function readAccountLines<Entry>(
  text: string,
  parseLine: (fields: FieldReader, line: number) => Entry | undefined,
): AccountFile<Entry> {
  const entries: Entry[] = [];
  const invalidLines: number[] = [];
  let line = 0;
  let nul = text.indexOf('\0');
  for (let at = 0; at < text.length; ) {
    line += 1;
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const from = at;
    let start = from;
    while (start < end && isSpace(text.charCodeAt(start))) start += 1;
    at = end + 1;
    // A C string ends at its first NUL, so whatever follows one on a line does not exist for glibc.
    if (nul !== -1 && nul < start) nul = text.indexOf('\0', start);
    const stop = nul !== -1 && nul < end ? nul : end;
    const isTerminated = stop === end && newline !== -1;
    const content = isTerminated || start === from ? text.slice(start, stop) : shiftLeft(text.slice(from, stop));
    if (content === '' || content.startsWith('#')) continue;
    const entry = parseLine(new FieldReader(content), line);
    if (entry === undefined) invalidLines.push(line);
    else entries.push(entry);
  }
  return { entries, invalidLines };
}

/**
 * glibc removes the blanks in front of a line by moving the rest of it to the left, without the byte that ends it. A
 * newline ends the line all the same, but a line that has none keeps its last bytes twice.
 */
function shiftLeft(line: string): string {
  const bytes = encodeText(line);
  let blanks = 0;
  while (blanks < bytes.length && isSpace(bytes[blanks] ?? 0)) blanks += 1;
  if (blanks === bytes.length) return '';
  bytes.copyWithin(0, blanks);
  return decodeText(bytes);
}

/** isspace(3) in the C locale. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** True for the entries that NIS compatibility mode reads (passwd(5), `+` and `-`). */
export function isNisName(name: string): boolean {
  return name.startsWith('+') || name.startsWith('-');
}

/** Takes one field after the other from a line. */
export class FieldReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The text up to the next colon; empty at the end of the line. */
  text(): string {
    const colon = this.#text.indexOf(':', this.#at);
    const field = this.#text.slice(this.#at, colon === -1 ? undefined : colon);
    this.#at = colon === -1 ? this.#text.length : colon + 1;
    return field;
  }

  /** Everything that is left, colons included. */
  rest(): string {
    const field = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return field;
  }

  /** A number that must be there; undefined if it is none. */
  number(): number | undefined {
    const field = this.text();
    return field === '' ? undefined : parseNumber(field);
  }

  /** A number or nothing (`absent`). Undefined if the line ends before the field or the field is something else. */
  optionalNumber<Absent>(absent: Absent): number | Absent | undefined {
    if (this.isAtEnd) return undefined;
    const field = this.text();
    return field === '' ? absent : parseNumber(field);
  }

  /** The same for the last field of a line, which no colon may follow. */
  lastNumber<Absent>(absent: Absent): number | Absent | undefined {
    if (this.isAtEnd) return absent;
    return parseNumber(this.rest());
  }

  skipSpace(): void {
    while (this.#at < this.#text.length && isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }
}

/** strtoul(3) with base 10 on a whole field: blanks and a sign in front are taken, anything behind is not. */
function parseNumber(field: string): number | undefined {
  const match = /^[ \t\n\v\f\r]*(\+|-)?([0-9]+)$/.exec(field);
  if (match === null) return undefined;
  const value = Number(match[2]);
  // A negative number wraps to a 64-bit one, which is out of range.
  if (value > ID_MAX || (match[1] === '-' && value !== 0)) return undefined;
  return value;
}

/** Names between commas: blanks in front of a name are dropped, empty names are passed over. */
export function parseList(field: string): string[] {
  const names: string[] = [];
  for (const part of field.split(',')) {
    const name = part.replace(/^[ \t\n\v\f\r]+/, '');
    if (name !== '') names.push(name);
  }
  return names;
}

/** True if glibc agrees to write the text as a field. */
export function isWritableField(field: string | undefined): boolean {
  return field === undefined || !(field.includes(':') || field.includes('\n'));
}

/** True if glibc agrees to write the names as a list. */
export function isWritableList(names: readonly string[]): boolean {
  return names.every((name) => isWritableField(name) && !name.includes(','));
}

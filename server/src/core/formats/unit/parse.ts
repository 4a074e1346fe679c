/**
 * Reading unit files: lines, comments, continuation lines, sections and assignments, as systemd 252 to 262 read them.
 * Nothing here knows which sections and keys exist; see check.ts.
 */

import type { Problem } from '../../problems/problem.ts';
import { decodeText } from '../../text/bytes.ts';
import type { Span } from '../../text/source-text.ts';
import { newestKnownVersion, Systemd } from '../../versions/systemd.ts';
import type {
  JunkNode,
  JunkReason,
  SectionHeader,
  UnitDocument,
  UnitEntry,
  UnitNode,
  UnitSection,
  ValuePiece,
} from './syntax.ts';

/** Longest physical line that is read and longest joined line, in bytes (systemd's LONG_LINE_MAX). */
const longestLine = 1024 * 1024;
const byteOrderMark = 0xfeff;

/**
 * Reads a unit file or a drop-in. Never throws; the nodes cover the text without gaps. The version only decides which odd
 * section names end the reading.
 */
export function parseUnit(text: string, systemd: Systemd = new Systemd(newestKnownVersion)): UnitDocument {
  return new UnitReader(text, systemd.has('unit-strict-names') ? strictName : looseName).read();
}

interface ParsedBytes {
  readonly isStrict: boolean;
  readonly document: UnitDocument;
}

const parsedBytes = new WeakMap<Uint8Array, ParsedBytes>();

/** Reads a unit file's content. Whoever asks for the same bytes again, another phase or simulation, gets the same document. */
export function parseUnitBytes(bytes: Uint8Array, systemd: Systemd): UnitDocument {
  const isStrict = systemd.has('unit-strict-names');
  const known = parsedBytes.get(bytes);
  if (known?.isStrict === isStrict) return known.document;
  const document = parseUnit(decodeText(bytes), systemd);
  parsedBytes.set(bytes, { isStrict, document });
  return document;
}

/** Section names that are refused: control characters, quotes, backslashes; later also glob characters and no name. */
const looseName = /[\x01-\x1f\x7f"'\\]/;
const strictName = /[\x01-\x1f\x7f"'\\*?[]|^$/;

/** A logical line that is still being gathered: its text so far and where the pieces of it stand. */
interface Continuation {
  readonly start: number;
  readonly parts: string[];
  readonly pieces: ValuePiece[];
  length: number;
  byteLength: number;
}

interface OpenSection {
  readonly name: string;
  readonly header: SectionHeader;
  readonly entries: UnitEntry[];
  readonly junk: JunkNode[];
}

class UnitReader {
  readonly #text: string;
  readonly #nodes: UnitNode[] = [];
  readonly #sections: UnitSection[] = [];
  readonly #problems: Problem[] = [];
  #section: OpenSection | undefined;
  #failure: Problem | undefined;
  /** False if no line can hold anything that systemd takes for invalid UTF-8. */
  readonly #mayBeInvalid: boolean;
  #sawByteOrderMark = false;

  readonly #refusedName: RegExp;

  constructor(text: string, refusedName: RegExp) {
    this.#text = text;
    this.#refusedName = refusedName;
    this.#mayBeInvalid = suspectCharacter.test(text);
  }

  read(): UnitDocument {
    const text = this.#text;
    const length = text.length;
    // Carriage returns and NULs end lines too; most texts have none and are scanned for newlines only.
    const hasOddLineEnds = text.includes('\r') || text.includes('\0');
    let continuation: Continuation | undefined;
    let start = 0;
    while (start < length) {
      let end: number;
      let next: number;
      if (hasOddLineEnds) {
        end = start;
        while (end < length && lineEndBit(text.charCodeAt(end)) === 0) end += 1;
        next = afterLineEnd(text, end);
      } else {
        end = text.indexOf('\n', start);
        if (end === -1) end = length;
        next = end === length ? length : end + 1;
      }
      continuation = this.#readLine(start, end, next, continuation);
      start = next;
    }
    if (continuation !== undefined) this.#readJoined(continuation, length);
    return {
      text,
      nodes: this.#nodes,
      sections: this.#sections,
      problems: this.#problems,
      failure: this.#failure,
    };
  }

  /** Reads one physical line; returns the continuation that is open after it. */
  #readLine(start: number, end: number, next: number, open: Continuation | undefined): Continuation | undefined {
    const text = this.#text;
    if (end - start >= longestLine / 3 && byteLength(text.slice(start, end)) >= longestLine) {
      this.#addJunk({ start: open?.start ?? start, end: next }, 'line-too-long', { start, end });
      return undefined;
    }
    let from = start;
    let at = skipInlineBlanks(text, start, end);
    const first = at < end ? text.charCodeAt(at) : -1;
    if (first === 35 || first === 59) {
      // A comment between continuation lines is skipped and does not end the entry.
      if (open === undefined) this.#nodes.push(new PlainNode('comment', start, next));
      return open;
    }
    if (!this.#sawByteOrderMark && text.charCodeAt(start) === byteOrderMark && start < end) {
      // The mark is skipped only once, on whatever line it comes first, and only after comments were told apart.
      this.#sawByteOrderMark = true;
      from = start + 1;
      at = skipInlineBlanks(text, from, end);
    }
    const continues = end > from && text.charCodeAt(end - 1) === 92 && endsInOddBackslashes(text, from, end);
    if (open === undefined && !continues) {
      if (at >= end) this.#nodes.push(new PlainNode('blank', start, next));
      else this.#readPlain(start, at, end, next);
      return undefined;
    }
    const line = open ?? { start, parts: [], pieces: [], length: 0, byteLength: 0 };
    const part = text.slice(from, continues ? end - 1 : end);
    const bytes = byteLength(part) + (continues ? 1 : 0);
    if (open !== undefined && line.byteLength + bytes > longestLine) {
      this.#addJunk({ start: line.start, end: next }, 'line-too-long', { start: line.start, end });
      return undefined;
    }
    line.pieces.push({ offset: line.length, text: from });
    line.parts.push(part);
    line.length += part.length;
    line.byteLength += bytes;
    if (!continues) {
      this.#readJoined(line, next);
      return undefined;
    }
    // The backslash stands for one blank, so that its own offset maps to itself.
    line.parts.push(' ');
    line.length += 1;
    return line;
  }

  /** A logical line of one physical line, its first visible character at `from`. */
  #readPlain(start: number, from: number, lineEnd: number, next: number): void {
    const text = this.#text;
    let end = lineEnd;
    while (end > from && isInlineBlank(text.charCodeAt(end - 1))) end -= 1;
    if (this.#mayBeInvalid && suspectCharacter.test(text.slice(from, end)) && isInvalid(text.slice(from, end))) {
      this.#addJunk({ start, end: next }, 'invalid-utf8', { start: from, end });
      return;
    }
    if (text.charCodeAt(from) === 91) {
      const name = text.slice(from + 1, end - 1);
      if (end - from < 2 || text.charCodeAt(end - 1) !== 93 || this.#refusedName.test(name)) {
        this.#addJunk({ start, end: next }, 'invalid-section-header', { start: from, end });
        return;
      }
      this.#addSection({
        kind: 'section',
        span: { start, end: next },
        name,
        nameSpan: { start: from + 1, end: end - 1 },
      });
      return;
    }
    let equals = from;
    while (equals < end && text.charCodeAt(equals) !== 61) equals += 1;
    if (equals >= end) {
      this.#addJunk({ start, end: next }, 'missing-equals-sign', { start: from, end });
      return;
    }
    if (equals === from) {
      this.#addJunk({ start, end: next }, 'missing-key', { start: from, end });
      return;
    }
    let keyEnd = equals;
    while (keyEnd > from && isInlineBlank(text.charCodeAt(keyEnd - 1))) keyEnd -= 1;
    const key = text.slice(from, keyEnd);
    this.#addEntry(new PlainEntry(text, { key, start, from, equals, end, next }));
  }

  /** A logical line that was joined from several physical lines. */
  #readJoined(line: Continuation, next: number): void {
    const joined = line.parts.join('');
    const span = { start: line.start, end: next };
    let from = 0;
    let end = joined.length;
    while (from < end && isInlineBlank(joined.charCodeAt(from))) from += 1;
    while (end > from && isInlineBlank(joined.charCodeAt(end - 1))) end -= 1;
    if (from === end) {
      this.#nodes.push({ kind: 'blank', span });
      return;
    }
    const place = (start: number, stop: number): Span => ({
      start: pieceOffset(line.pieces, start),
      end: pieceOffset(line.pieces, stop - 1) + 1,
    });
    const visible = joined.slice(from, end);
    if (this.#mayBeInvalid && isInvalid(visible)) {
      this.#addJunk(span, 'invalid-utf8', place(from, end));
      return;
    }
    if (visible.startsWith('[')) {
      const name = visible.slice(1, -1);
      if (visible.length < 2 || !visible.endsWith(']') || this.#refusedName.test(name)) {
        this.#addJunk(span, 'invalid-section-header', place(from, end));
        return;
      }
      const nameSpan = name === '' ? place(from, from + 1) : place(from + 1, end - 1);
      this.#addSection({ kind: 'section', span, name, nameSpan });
      return;
    }
    const equals = joined.indexOf('=', from);
    if (equals === -1 || equals >= end) {
      this.#addJunk(span, 'missing-equals-sign', place(from, end));
      return;
    }
    if (equals === from) {
      this.#addJunk(span, 'missing-key', place(from, end));
      return;
    }
    let keyEnd = equals;
    while (keyEnd > from && isInlineBlank(joined.charCodeAt(keyEnd - 1))) keyEnd -= 1;
    const valueStart = skipInlineBlanks(joined, equals + 1, end);
    const equalsAt = pieceOffset(line.pieces, equals);
    const pieces: ValuePiece[] = [];
    for (const [index, piece] of line.pieces.entries()) {
      const stop = line.pieces[index + 1]?.offset ?? joined.length;
      if (stop <= valueStart || piece.offset >= end) continue;
      const skipped = Math.max(0, valueStart - piece.offset);
      pieces.push({ offset: piece.offset + skipped - valueStart, text: piece.text + skipped });
    }
    this.#addEntry({
      kind: 'entry',
      span,
      key: joined.slice(from, keyEnd),
      keySpan: place(from, keyEnd),
      equals: equalsAt,
      value: joined.slice(valueStart, end),
      valueSpan: valueStart < end ? place(valueStart, end) : { start: equalsAt + 1, end: equalsAt + 1 },
      pieces: valueStart < end ? pieces : undefined,
    });
  }

  #addSection(header: SectionHeader): void {
    this.#nodes.push(header);
    if (this.#failure !== undefined) return;
    const section: OpenSection = { name: header.name, header, entries: [], junk: [] };
    this.#section = section;
    this.#sections.push(section);
  }

  #addEntry(entry: UnitEntry): void {
    this.#nodes.push(entry);
    if (this.#failure !== undefined) return;
    if (this.#section === undefined) this.#reportOutside({ start: entry.keySpan.start, end: entry.keySpan.end });
    else this.#section.entries.push(entry);
  }

  #addJunk(span: Span, reason: JunkReason, visible: Span): void {
    const node: JunkNode = { kind: 'junk', span, reason };
    this.#nodes.push(node);
    if (this.#failure !== undefined) return;
    if (reason === 'missing-equals-sign' || reason === 'missing-key') {
      if (this.#section === undefined) this.#reportOutside(visible);
      else this.#section.junk.push(node);
      return;
    }
    this.#failure = { code: fatalCodes[reason], severity: 'error', span: visible, message: fatalMessages[reason] };
    this.#problems.push(this.#failure);
  }

  #reportOutside(span: Span): void {
    const quoted = this.#text.slice(span.start, Math.min(span.end, span.start + 60));
    this.#problems.push({
      code: 'assignment-outside-section',
      severity: 'warning',
      span,
      message: `"${quoted}" stands before the first section header and is ignored`,
    });
  }
}

/**
 * Blank and comment lines and entries of one line are by far the most nodes. They keep numbers only and make their spans and
 * values when asked, so that a large file does not become a heap of small objects.
 */
class PlainNode<Kind extends 'blank' | 'comment'> {
  readonly kind: Kind;
  readonly #start: number;
  readonly #end: number;

  constructor(kind: Kind, start: number, end: number) {
    this.kind = kind;
    this.#start = start;
    this.#end = end;
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }
}

/** Offsets of an entry of one line: the line, its key, the `=`, the end of its value, the next line. */
interface EntryOffsets {
  readonly key: string;
  readonly start: number;
  readonly from: number;
  readonly equals: number;
  readonly end: number;
  readonly next: number;
}

class PlainEntry implements UnitEntry {
  readonly key: string;
  readonly equals: number;
  readonly #text: string;
  readonly #start: number;
  readonly #from: number;
  readonly #end: number;
  readonly #next: number;

  constructor(text: string, offsets: EntryOffsets) {
    this.key = offsets.key;
    this.equals = offsets.equals;
    this.#text = text;
    this.#start = offsets.start;
    this.#from = offsets.from;
    this.#end = offsets.end;
    this.#next = offsets.next;
  }

  get kind(): 'entry' {
    return 'entry';
  }

  get pieces(): undefined {
    return undefined;
  }

  get span(): Span {
    return { start: this.#start, end: this.#next };
  }

  get keySpan(): Span {
    return { start: this.#from, end: this.#from + this.key.length };
  }

  get value(): string {
    return this.#text.slice(this.#valueStart(), this.#end);
  }

  get valueSpan(): Span {
    return { start: this.#valueStart(), end: this.#end };
  }

  #valueStart(): number {
    return skipInlineBlanks(this.#text, this.equals + 1, this.#end);
  }
}

const fatalCodes = {
  'invalid-section-header': 'invalid-section-header',
  'invalid-utf8': 'invalid-utf8',
  'line-too-long': 'line-too-long',
} as const;

const fatalMessages = {
  'invalid-section-header': 'This is no valid section header; systemd stops reading the file here',
  'invalid-utf8': 'This line is not valid UTF-8; systemd stops reading the file here',
  'line-too-long': 'This line is longer than 1 MiB; systemd stops reading the file here',
} as const;

/** Blanks within a line: what systemd strips, less the line ends. */
function isInlineBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function skipInlineBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isInlineBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function lineEndBit(code: number): number {
  if (code === 10) return 1;
  if (code === 13) return 2;
  return code === 0 ? 4 : 0;
}

/** One line end is any run of \n, \r and NUL in which none comes twice and nothing follows the NUL. */
function afterLineEnd(text: string, from: number): number {
  let seen = 0;
  let at = from;
  while (at < text.length) {
    const bit = lineEndBit(text.charCodeAt(at));
    if (bit === 0 || (seen & bit) !== 0 || (seen & 4) !== 0) break;
    seen |= bit;
    at += 1;
  }
  return at;
}

function endsInOddBackslashes(text: string, from: number, end: number): boolean {
  let at = end;
  while (at > from && text.charCodeAt(at - 1) === 92) at -= 1;
  return (end - at) % 2 === 1;
}

function pieceOffset(pieces: readonly ValuePiece[], offset: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece === undefined ? offset : piece.text + offset - piece.offset;
}

/** Any code unit that can be part of what systemd takes for invalid UTF-8: surrogates and noncharacters. */
const suspectCharacter = /[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/;

/** True for text with raw bytes, lone surrogates or Unicode noncharacters, which systemd takes for invalid UTF-8. */
function isInvalid(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0xd800) continue;
    if (code <= 0xdfff) {
      const point = text.codePointAt(at) ?? 0;
      if (point <= 0xffff || (point & 0xfffe) === 0xfffe) return true;
      at += 1;
    } else if ((code >= 0xfdd0 && code <= 0xfdef) || code >= 0xfffe) return true;
  }
  return false;
}

/** Length in UTF-8 bytes; raw bytes count as one each, as decodeText made them. */
function byteLength(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    // Each half of a surrogate pair counts 2, a raw byte 1, all else up to U+FFFF 2 or 3.
    if (code < 0x800) bytes += 1;
    else if (code < 0xd800 || code > 0xdfff) bytes += 2;
    else if ((text.codePointAt(at) ?? 0) > 0xffff) {
      bytes += 2;
      at += 1;
    }
  }
  return bytes;
}

/**
 * Parses tmpfiles.d(5) files. Every line gets the problems that its text alone shows, each with the stage at which the real
 * tool meets it: the simulation stops at the first stage that drops the line, an editor shows them all.
 */

import type { MessageSeverity, Problem } from '../../problems/problem.ts';
import { findSpecifier } from '../../specifier/specifier.ts';
import { encodeText } from '../../text/bytes.ts';
import { ConfigLines } from '../../text/config-lines.ts';
import type { Span } from '../../text/source-text.ts';
import { readWord, unescapeC, type Word, WordReader } from '../../text/words.ts';
import type { Systemd } from '../../versions/systemd.ts';
import { parseAcl } from './acl.ts';
import { type Age, parseAge } from './age.ts';
import { decodeBase64 } from './base64.ts';
import { findLineType, type LineType } from './line-types.ts';
import { findModifier, type ModifierName } from './modifiers.ts';
import { Blank, type ColumnUse, Comment, innerSpan, isUnset, Line, type LinePlace, splitColumns } from './nodes.ts';
import type {
  LineProblem,
  Mode,
  ParsedArgument,
  Stage,
  TmpfilesDocument,
  TmpfilesLine,
  TmpfilesNode,
} from './syntax.ts';

const NO_MODIFIERS: ReadonlySet<ModifierName> = new Set();

/** Parses a file. Never throws; linear in the length of the text. */
export function parseTmpfiles(text: string, systemd: Systemd): TmpfilesDocument {
  const lines = new ConfigLines(text);
  const nodes: TmpfilesNode[] = [];
  const problems: Problem[] = [];
  const reader = new LineReader(text, systemd);
  let from = 0;
  while (lines.advance()) {
    const start = indentStart(text, from, lines.start);
    if (start > from) nodes.push(new Blank(from, start));
    const end = endOfLine(text, lines.end);
    if (text.charCodeAt(lines.start) === 35) nodes.push(new Comment(start, end, lines.start, lines.end));
    else {
      const line = reader.read(lines.number, start, end, lines.start, lines.end);
      // One at a time: a line of a mebibyte can have more problems than a call takes arguments.
      for (const problem of line.problems) problems.push(problem);
      nodes.push(line);
    }
    from = end;
  }
  const { tooLong } = lines;
  if (tooLong !== undefined) {
    const span = tooLong.span;
    if (span.start > from) nodes.push(new Blank(from, span.start));
    nodes.push({ kind: 'unread', full: { start: span.start, end: text.length }, span, line: tooLong.number });
    const message = 'this line is too long, so reading ends here and the rest of the file is lost';
    problems.push({ code: 'line-too-long', severity: 'error', span, message });
  } else if (from < text.length) nodes.push(new Blank(from, text.length));
  return { text, nodes, problems };
}

/** Where the blanks in front of a line's first character begin. */
function indentStart(text: string, from: number, at: number): number {
  let start = at;
  while (start > from && isInlineBlank(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

/** The offset after one line end; further ends belong to the blank lines that follow. */
function endOfLine(text: string, from: number): number {
  let at = from;
  while (isInlineBlank(text.charCodeAt(at))) at += 1;
  if (text.charCodeAt(at) === 13) at += 1;
  if (text.charCodeAt(at) === 10) at += 1;
  return at;
}

function isInlineBlank(code: number): boolean {
  return code === 32 || code === 9;
}

const NO_PROBLEMS: readonly LineProblem[] = [];

/** Reads lines, one after the other; collects the problems of each in the order of the checks. */
class LineReader {
  readonly #text: string;
  readonly #systemd: Systemd;
  readonly #reader: WordReader;
  /** Of the line that is being read. */
  #problems: LineProblem[] | undefined;
  #start = 0;
  #end = 0;
  /** Types with modifiers, modes and ages repeat from line to line. */
  readonly #modifierSets = new Map<string, ReadonlySet<ModifierName>>();
  readonly #modes = new Map<string, Mode>();
  readonly #ages = new Map<string, ReturnType<typeof parseAge>>();

  constructor(text: string, systemd: Systemd) {
    this.#text = text;
    this.#systemd = systemd;
    this.#reader = new WordReader(text, { backslash: systemd.has('tmpfiles-c-escapes') ? 'c' : 'drop' });
  }

  /** Reads the line with a number whose node and whose first and last characters stand at the offsets. */
  read(number: number, fullStart: number, fullEnd: number, start: number, end: number): TmpfilesLine {
    this.#problems = undefined;
    this.#start = start;
    this.#end = end;
    const place: LinePlace = { line: number, fullStart, fullEnd, start, end };
    const { type: typeWord, path, mode: modeWord, age: ageWord, argument } = splitColumns(this.#reader, start, end);
    const { problem } = this.#reader;
    if (problem !== undefined) {
      this.#refuse('words', problem.code, problem.span, wordProblems[problem.code]);
      return this.#brokenLine(place, 'nothing');
    }
    if (typeWord === undefined || path === undefined) {
      this.#refuse('words', 'missing-path', this.#span(), 'the line has a type but no path');
      return this.#brokenLine(place, 'nothing');
    }
    const letter = typeWord.value.charAt(0);
    if (letter === '') {
      this.#refuse('words', 'missing-type', typeWord.span, 'the type is empty');
      return this.#brokenLine(place, 'path');
    }
    const modifiers = this.#readModifiers(typeWord);
    this.#checkPath(path);
    const type = findLineType(letter, this.#systemd);
    let parsedArgument: ParsedArgument | undefined;
    if (type === undefined && letter.charCodeAt(0) >= 0x80) {
      // Said where the modifiers are read, unless it is a single byte that is no character.
      if (isSingleByte(letter)) {
        this.#refuse('type', 'unknown-line-type', typeWord.span, 'a byte that is no character is no line type');
      }
    } else if (type === undefined) {
      const span = innerSpan(typeWord, 0, 1);
      this.#refuse('type', 'unknown-line-type', span, `there is no line type "${letter}" in this version of systemd`);
    } else {
      parsedArgument = this.#checkType(type, modifiers, argument, typeWord);
      if (argument !== undefined) this.#checkArgument(type, modifiers, argument);
      if (!type.refusesBase64) parsedArgument = this.#checkContent(modifiers, argument, typeWord) ?? parsedArgument;
    }
    const mode = this.#readMode(modeWord);
    const age = this.#readAge(ageWord, type);
    return new Line(this.#reader, place, 'all', {
      letter,
      type,
      modifiers,
      mode,
      age,
      parsedArgument,
      problems: this.#problems ?? NO_PROBLEMS,
    });
  }

  /** A line whose words do not get as far as a type and a path. */
  #brokenLine(place: LinePlace, use: ColumnUse): TmpfilesLine {
    return new Line(this.#reader, place, use, {
      letter: '',
      type: undefined,
      modifiers: NO_MODIFIERS,
      mode: undefined,
      age: undefined,
      parsedArgument: undefined,
      problems: this.#problems ?? NO_PROBLEMS,
    });
  }

  /** Of the line that is being read. */
  #span(): Span {
    return { start: this.#start, end: this.#end };
  }

  #report(problem: LineProblem): void {
    // Most lines that have one have just one; an array that is made for one keeps no room for more.
    if (this.#problems === undefined) this.#problems = [problem];
    else this.#problems.push(problem);
  }

  #refuse(stage: Stage, code: string, span: Span, message: string): void {
    this.#report({ stage, effect: 'refused', code, severity: 'error', span, message });
  }

  #drop(stage: Stage, code: string, span: Span, message: string): void {
    this.#report({ stage, effect: 'dropped', code, severity: 'error', span, message });
  }

  #warn(stage: Stage, code: string, span: Span, message: string, severity: MessageSeverity = 'warning'): void {
    this.#report({ stage, effect: 'none', code, severity, span, message });
  }

  #readModifiers(word: Word): ReadonlySet<ModifierName> {
    // The type is one byte; the other bytes of a longer character are taken for modifiers.
    if (
      word.value.charCodeAt(0) >= 0x80 &&
      encodeText(String.fromCodePoint(word.value.codePointAt(0) ?? 0)).length > 1
    ) {
      this.#refuse('modifiers', 'unknown-modifier', word.span, `"${word.value}" does not begin with a type letter`);
      return NO_MODIFIERS;
    }
    if (word.value.length === 1) return NO_MODIFIERS;
    const known = this.#modifierSets.get(word.value);
    if (known !== undefined) return known;
    const found = new Set<ModifierName>();
    for (let i = 1; i < word.value.length; i++) {
      const sign = word.value.charAt(i);
      const modifier = findModifier(sign, this.#systemd);
      if (modifier === undefined) {
        const span = innerSpan(word, i, i + 1);
        const message = `there is no modifier "${sign}" in this version of systemd`;
        this.#refuse('modifiers', 'unknown-modifier', span, message);
        return found;
      }
      if (found.has(modifier)) {
        const span = innerSpan(word, i, i + 1);
        this.#refuse('modifiers', 'repeated-modifier', span, `the modifier "${sign}" stands twice`);
        return found;
      }
      found.add(modifier);
    }
    this.#modifierSets.set(word.value, found);
    return found;
  }

  #checkPath(path: Word): void {
    if (!this.#checkSpecifiers('path', path, path.value)) return;
    // A path that begins with a specifier shows only later whether it is absolute.
    if (path.value.startsWith('/') || isSpecifierAt(path.value, 0)) return;
    this.#refuse('path', 'path-not-absolute', path.span, `the path "${path.value}" is not absolute`);
  }

  /** False if an unknown specifier was found. `value` is the word with escapes undone. */
  #checkSpecifiers(stage: Stage, word: Word, value: string): boolean {
    for (let at = value.indexOf('%'); at !== -1; at = value.indexOf('%', at + 2)) {
      const letter = value.charAt(at + 1);
      if (!/^[A-Za-z0-9]$/.test(letter)) continue;
      if (findSpecifier(letter, 'tmpfiles', { systemd: this.#systemd }) !== undefined) continue;
      const span = value === word.value ? innerSpan(word, at, at + 2) : word.span;
      this.#refuse(stage, 'unknown-specifier', span, `there is no specifier "%${letter}" in tmpfiles.d`);
      return false;
    }
    return true;
  }

  #checkType(
    type: LineType,
    modifiers: ReadonlySet<ModifierName>,
    argument: Word | undefined,
    typeWord: Word,
  ): ParsedArgument | undefined {
    if (type.argument === 'none' && argument !== undefined) {
      const isRefused = this.#systemd.has('tmpfiles-refuse-argument');
      const message = `${type.letter} lines take no argument, but there is "${argument.value}"`;
      if (isRefused) this.#refuse('type', 'unexpected-argument', argument.span, message);
      else this.#warn('type', 'unexpected-argument', argument.span, `${message}; it is ignored`);
    }
    if (type.refusesBase64 && modifiers.has('base64')) {
      this.#refuse('type', 'base64-not-allowed', typeWord.span, `${type.letter} lines do not take the modifier "~"`);
    }
    let parsed: ParsedArgument | undefined;
    if (argument !== undefined) parsed = this.#parseArgument(type, argument);
    else if (type.requiresArgument) {
      this.#refuse('type', 'missing-argument', this.#span(), `${type.letter} lines need an argument`);
    }
    if (modifiers.has('purge') && !type.purgeable) {
      this.#refuse('type', 'purge-not-allowed', typeWord.span, `${type.letter} lines do not take the modifier "$"`);
    }
    if (modifiers.has('conditional') && type.argument !== 'target') {
      this.#refuse('type', 'conditional-not-allowed', typeWord.span, 'only L lines take the modifier "?"');
    }
    return parsed;
  }

  #parseArgument(type: LineType, argument: Word): ParsedArgument | undefined {
    const { value, span } = argument;
    switch (type.argument) {
      case 'device': {
        const device = parseDevice(value);
        if (device === undefined) {
          this.#refuse('type', 'invalid-device-number', span, `"${value}" is not a device number MAJOR:MINOR`);
          return undefined;
        }
        return { kind: 'device', ...device };
      }
      case 'xattrs':
        return { kind: 'xattrs', pairs: this.#readXattrs(argument) };
      case 'acl': {
        const acl = parseAcl(value, this.#systemd);
        if (acl !== undefined) return { kind: 'acl', acl };
        this.#warn('type', 'invalid-acl', span, `"${value}" is not an access control list; it is ignored`);
        return undefined;
      }
      case 'attributes': {
        const problem = attributesProblem(value);
        if (problem === undefined) return undefined;
        const start = span.start + problem.at;
        this.#refuse('type', 'invalid-attributes', { start, end: Math.min(start + 1, span.end) }, problem.message);
        return undefined;
      }
      case 'capabilities':
        if (!isCapabilities(value)) {
          this.#warn('type', 'invalid-capabilities', span, `"${value}" are not capabilities; they are ignored`);
        }
        return undefined;
      default:
        return undefined;
    }
  }

  #readXattrs(argument: Word): [string, string][] {
    const pairs: [string, string][] = [];
    for (let at = argument.span.start; ; ) {
      const result = readWord(this.#text, at, argument.span.end, { backslash: 'c' });
      if (result.kind === 'end') return pairs;
      if (result.kind === 'problem') {
        const message = `${wordProblems[result.problem.code]}; the rest is ignored`;
        this.#warn('type', 'invalid-xattr', result.problem.span, message);
        return pairs;
      }
      at = result.next;
      const { value, span } = result.word;
      const equals = value.indexOf('=');
      if (equals > 0 && equals < value.length - 1) pairs.push([value.slice(0, equals), value.slice(equals + 1)]);
      else
        this.#warn('type', 'invalid-xattr', span, `"${value}" is not an extended attribute NAME=VALUE; it is ignored`);
    }
  }

  #checkArgument(type: LineType, modifiers: ReadonlySet<ModifierName>, argument: Word): void {
    if (modifiers.has('base64') || !type.expandsArgument) return;
    const unescaped = unescapeC(argument.value);
    if (!('value' in unescaped)) {
      const start = argument.span.start + unescaped.badAt;
      const span = { start, end: Math.min(start + 2, argument.span.end) };
      const escaped = this.#text.slice(span.start, span.end);
      this.#refuse('argument', 'unknown-escape', span, `"${escaped}" is not an escape that systemd knows`);
      return;
    }
    const word = { span: argument.span, value: argument.value };
    if (!this.#checkSpecifiers('argument', word, unescaped.value)) return;
    if (type.argument !== 'source' || unescaped.value.startsWith('/') || isSpecifierAt(unescaped.value, 0)) return;
    this.#refuse('source', 'source-not-absolute', argument.span, `the source "${unescaped.value}" is not absolute`);
  }

  #checkContent(
    modifiers: ReadonlySet<ModifierName>,
    argument: Word | undefined,
    typeWord: Word,
  ): ParsedArgument | undefined {
    if (modifiers.has('credential')) return undefined;
    if (!modifiers.has('base64') || argument === undefined) return undefined;
    const bytes = decodeBase64(argument.value);
    if (bytes !== undefined) return { kind: 'base64', bytes };
    const message = `"${argument.value}" is not base64, which the modifier "~" of "${typeWord.value}" asks for`;
    this.#drop('content', 'invalid-base64', argument.span, message);
    return undefined;
  }

  #readMode(word: Word | undefined): Mode | undefined {
    if (word === undefined || isUnset(word)) return undefined;
    let mode = this.#modes.get(word.value);
    if (mode === undefined) {
      mode = parseMode(word.value);
      if (mode !== undefined) this.#modes.set(word.value, mode);
    }
    if (mode !== undefined) return mode;
    this.#refuse('mode', 'invalid-mode', word.span, `"${word.value}" is not a mode in octal digits up to 7777`);
    return undefined;
  }

  #readAge(word: Word | undefined, type: LineType | undefined): Age | undefined {
    if (word === undefined || isUnset(word)) return undefined;
    let result = this.#ages.get(word.value);
    if (result === undefined) {
      result = parseAge(word.value);
      this.#ages.set(word.value, result);
    }
    if ('age' in result) {
      if (result.age.keepFirstLevel && type?.letter === 'r' && this.#systemd.has('tmpfiles-age-on-remove')) {
        this.#refuse('age', 'age-modifier-not-allowed', word.span, 'r lines do not take an age with "~"');
      }
      return result.age;
    }
    const what = result.problem === 'invalid-age' ? 'a time span' : 'a choice of times from "abcmABCM"';
    this.#refuse('age', result.problem, word.span, `"${result.part}" is not ${what}`);
    return undefined;
  }
}

const wordProblems = {
  'unterminated-quote': 'the quote that begins here is never closed',
  'trailing-backslash': 'the line ends with a backslash that escapes nothing',
  'unknown-escape': 'this is not an escape that systemd knows',
} as const;

/** A mode as the column has it; undefined if it is none. */
function parseMode(text: string): Mode | undefined {
  let at = 0;
  let isMasked = false;
  let onlyCreate = false;
  for (; text[at] === '~' || text[at] === ':'; at++) {
    if (text[at] === '~') isMasked = true;
    else onlyCreate = true;
  }
  const digits = text.slice(at);
  const bits = /^[ \t\n\r]*[0-7]+$/.test(digits) ? Number.parseInt(digits.trim(), 8) : Number.NaN;
  return bits <= 0o7777 ? { bits, isMasked, onlyCreate } : undefined;
}

/** True if the first character of a text is one byte. */
function isSingleByte(text: string): boolean {
  if (text.charCodeAt(0) < 0x80) return true;
  return encodeText(String.fromCodePoint(text.codePointAt(0) ?? 0)).length === 1;
}

function isSpecifierAt(text: string, at: number): boolean {
  return text[at] === '%' && /^[A-Za-z0-9]$/.test(text.charAt(at + 1));
}

const MAJOR_MAX = 0xfff;
const MINOR_MAX = 0xfffff;

function parseDevice(text: string): { readonly major: number; readonly minor: number } | undefined {
  const match = /^([0-9]{1,21}):(.*)$/s.exec(text);
  const major = parseUnsigned(match?.[1] ?? '');
  const minor = parseUnsigned(match?.[2] ?? '');
  if (major === undefined || minor === undefined || major > MAJOR_MAX || minor > MINOR_MAX) return undefined;
  return { major, minor };
}

/** A number as systemd's safe_atou reads it: 0x, 0o, 0b and a leading 0 choose the base, blanks may stand before it. */
function parseUnsigned(text: string): number | undefined {
  const match = /^[ \t\n\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/.exec(text);
  const digits = match?.[2];
  if (digits === undefined) return undefined;
  const isOctal = /^0[0-7]+$/.test(digits);
  const value = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  return value > 0xffffffff || (match?.[1] === '-' && value !== 0) ? undefined : value;
}

const ATTRIBUTES = 'ASDacdeijsutTCP';

/** What is wrong with the argument of an h line, and at which offset; undefined: nothing. */
function attributesProblem(text: string): { readonly at: number; readonly message: string } | undefined {
  const hasSign = '+-='.includes(text.charAt(0));
  if (hasSign && text.length === 1 && text !== '=') return { at: 0, message: `"${text}" names no file attribute` };
  for (let at = hasSign ? 1 : 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (!ATTRIBUTES.includes(letter)) return { at, message: `there is no file attribute "${letter}"` };
  }
  return undefined;
}

/** cap_from_text(3): clauses of names and of operators with flags. */
function isCapabilities(text: string): boolean {
  return text
    .trim()
    .split(/\s+/)
    .every((clause) => /^(?:(?:all|cap_[a-z_]+|[0-9]+)(?:,(?:cap_[a-z_]+|[0-9]+))*)?(?:[-+=][eip]*)+$/i.test(clause));
}

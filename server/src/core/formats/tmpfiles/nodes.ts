/**
 * The nodes of a tmpfiles.d syntax tree as the parser makes them. A file may have very many, and what is kept of a file costs
 * more than reading it; so they keep offsets only. Spans are made, and the words of a line split again, when asked for.
 */

import type { Span } from '../../text/source-text.ts';
import type { Word, WordReader } from '../../text/words.ts';
import type { Age } from './age.ts';
import type { LineType } from './line-types.ts';
import type { ModifierName } from './modifiers.ts';
import type { BlankNode, CommentNode, LineProblem, Mode, Owner, ParsedArgument, TmpfilesLine } from './syntax.ts';

const COLON = 58;

/** The columns of a line as they stand; undefined where the line is shorter. */
interface Columns {
  readonly type: Word | undefined;
  readonly path: Word | undefined;
  readonly mode: Word | undefined;
  readonly user: Word | undefined;
  readonly group: Word | undefined;
  readonly age: Word | undefined;
  /** The rest of the line, raw; undefined if there is none or it is `-`. */
  readonly argument: Word | undefined;
}

/** Splits the line that stands between two offsets. The reader tells what is wrong. */
export function splitColumns(reader: WordReader, start: number, end: number): Columns {
  reader.start(start, end);
  const type = reader.read();
  const path = reader.read();
  const mode = reader.read();
  const user = reader.read();
  const group = reader.read();
  const age = reader.read();
  const argument = age === undefined || reader.at >= end ? undefined : readArgument(reader.text, reader.at, end);
  return { type, path, mode, user, group, age, argument };
}

function readArgument(text: string, start: number, end: number): Word | undefined {
  const value = text.slice(start, end);
  return value === '-' ? undefined : { span: { start, end }, value };
}

export class Blank implements BlankNode {
  readonly #start: number;
  readonly #end: number;

  constructor(start: number, end: number) {
    this.#start = start;
    this.#end = end;
  }

  get kind(): 'blank' {
    return 'blank';
  }

  get full(): Span {
    return { start: this.#start, end: this.#end };
  }
}

export class Comment implements CommentNode {
  readonly #fullStart: number;
  readonly #fullEnd: number;
  readonly #start: number;
  readonly #end: number;

  constructor(fullStart: number, fullEnd: number, start: number, end: number) {
    this.#fullStart = fullStart;
    this.#fullEnd = fullEnd;
    this.#start = start;
    this.#end = end;
  }

  get kind(): 'comment' {
    return 'comment';
  }

  get full(): Span {
    return { start: this.#fullStart, end: this.#fullEnd };
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }
}

/** Number and offsets of a line: of its node, and of its first and behind its last character. */
export interface LinePlace {
  readonly line: number;
  readonly fullStart: number;
  readonly fullEnd: number;
  readonly start: number;
  readonly end: number;
}

/** What the columns of a line came to, as far as it is kept. */
type Read = Pick<TmpfilesLine, 'letter' | 'type' | 'modifiers' | 'mode' | 'age' | 'parsedArgument' | 'problems'>;

/** Which columns of a line can be used: of one that is broken off early none, of one with an empty type the path. */
export type ColumnUse = 'all' | 'path' | 'nothing';

export class Line implements TmpfilesLine {
  readonly line: number;
  readonly letter: string;
  readonly type: LineType | undefined;
  readonly modifiers: ReadonlySet<ModifierName>;
  readonly mode: Mode | undefined;
  readonly age: Age | undefined;
  readonly parsedArgument: ParsedArgument | undefined;
  readonly problems: readonly LineProblem[];
  readonly #reader: WordReader;
  readonly #fullStart: number;
  readonly #fullEnd: number;
  readonly #start: number;
  readonly #end: number;
  readonly #use: ColumnUse;
  #columns: Columns | undefined;

  constructor(reader: WordReader, place: LinePlace, use: ColumnUse, read: Read) {
    this.line = place.line;
    this.letter = read.letter;
    this.type = read.type;
    this.modifiers = read.modifiers;
    this.mode = read.mode;
    this.age = read.age;
    this.parsedArgument = read.parsedArgument;
    this.problems = read.problems;
    this.#reader = reader;
    this.#fullStart = place.fullStart;
    this.#fullEnd = place.fullEnd;
    this.#start = place.start;
    this.#end = place.end;
    this.#use = use;
    this.#columns = undefined;
  }

  get kind(): 'line' {
    return 'line';
  }

  get full(): Span {
    return { start: this.#fullStart, end: this.#fullEnd };
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }

  get words(): readonly Word[] {
    const { type, path, mode, user, group, age } = this.#split();
    return [type, path, mode, user, group, age].filter((word) => word !== undefined);
  }

  get path(): Word | undefined {
    return this.#use === 'nothing' ? undefined : this.#split().path;
  }

  get user(): Owner | undefined {
    return this.#use === 'all' ? readOwner(this.#split().user) : undefined;
  }

  get group(): Owner | undefined {
    return this.#use === 'all' ? readOwner(this.#split().group) : undefined;
  }

  get argument(): Word | undefined {
    return this.#use === 'all' ? this.#split().argument : undefined;
  }

  #split(): Columns {
    this.#columns ??= splitColumns(this.#reader, this.#start, this.#end);
    return this.#columns;
  }
}

function readOwner(word: Word | undefined): Owner | undefined {
  if (word === undefined || isUnset(word)) return undefined;
  if (word.value.charCodeAt(0) !== COLON) return { name: word.value, onlyCreate: false, span: word.span };
  return { name: word.value.slice(1), onlyCreate: true, span: innerSpan(word, 1, word.value.length) };
}

/** True for a column that says nothing. */
export function isUnset(word: Word): boolean {
  return word.value === '' || word.value === '-';
}

/** The span of a part of a word's value; the whole word if quotes or escapes make the place unclear. */
export function innerSpan(word: Word, from: number, to: number): Span {
  const { start, end } = word.span;
  return end - start === word.value.length ? { start: start + from, end: start + to } : word.span;
}

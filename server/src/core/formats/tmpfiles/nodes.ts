/**
 * The nodes of a tmpfiles.d syntax tree as the parser makes them. A file may have very many, and what is kept of a file costs
 * more than reading it; so they keep offsets only. Spans are made, and the words of a line split again, when asked for.
 */

import type { Span } from '../../text/source-text.ts';
import { readWord, type Word, type WordProblem } from '../../text/words.ts';
import type { Age } from './age.ts';
import type { LineType } from './line-types.ts';
import type { ModifierName } from './modifiers.ts';
import type { BlankNode, CommentNode, LineProblem, Mode, Owner, ParsedArgument, TmpfilesLine } from './syntax.ts';

/** As many words as columns that are split; the rest of a line is the argument. */
export const WORDS_MAX = 6;
const COLON = 58;

/** A text and how its lines are split; all lines of a file share one. */
export interface Splitting {
  readonly text: string;
  readonly words: { readonly backslash: 'c' | 'drop' };
}

interface Columns {
  readonly words: readonly Word[];
  /** The rest of the line, raw; undefined if there is none or it is `-`. */
  readonly argument: Word | undefined;
  /** What made the splitting end early. */
  readonly problem: WordProblem | undefined;
}

/** Splits the line that stands between two offsets. */
export function splitColumns({ text, words: options }: Splitting, start: number, end: number): Columns {
  const words: Word[] = [];
  let at = start;
  while (words.length < WORDS_MAX) {
    const result = readWord(text, at, end, options);
    if (result.kind === 'problem') return { words, argument: undefined, problem: result.problem };
    if (result.kind === 'end') return { words, argument: undefined, problem: undefined };
    words.push(result.word);
    at = result.next;
  }
  const value = text.slice(at, end);
  const argument = value === '' || value === '-' ? undefined : { span: { start: at, end }, value };
  return { words, argument, problem: undefined };
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

export class Line implements TmpfilesLine {
  readonly line: number;
  readonly letter: string;
  readonly type: LineType | undefined;
  readonly modifiers: ReadonlySet<ModifierName>;
  readonly mode: Mode | undefined;
  readonly age: Age | undefined;
  readonly parsedArgument: ParsedArgument | undefined;
  readonly problems: readonly LineProblem[];
  readonly #splitting: Splitting;
  readonly #fullStart: number;
  readonly #fullEnd: number;
  readonly #start: number;
  readonly #end: number;
  /** How many words stand for columns: all, or those before the one that makes the line unreadable. */
  readonly #readable: number;
  #columns: Columns | undefined;

  constructor(splitting: Splitting, place: LinePlace, readable: number, read: Read) {
    this.line = place.line;
    this.letter = read.letter;
    this.type = read.type;
    this.modifiers = read.modifiers;
    this.mode = read.mode;
    this.age = read.age;
    this.parsedArgument = read.parsedArgument;
    this.problems = read.problems;
    this.#splitting = splitting;
    this.#fullStart = place.fullStart;
    this.#fullEnd = place.fullEnd;
    this.#start = place.start;
    this.#end = place.end;
    this.#readable = readable;
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
    return this.#split().words;
  }

  get path(): Word | undefined {
    return this.#column(1);
  }

  get user(): Owner | undefined {
    return readOwner(this.#column(3));
  }

  get group(): Owner | undefined {
    return readOwner(this.#column(4));
  }

  get argument(): Word | undefined {
    return this.#readable === WORDS_MAX ? this.#split().argument : undefined;
  }

  #split(): Columns {
    this.#columns ??= splitColumns(this.#splitting, this.#start, this.#end);
    return this.#columns;
  }

  #column(index: number): Word | undefined {
    return index < this.#readable ? this.#split().words[index] : undefined;
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

/**
 * The nodes of a sysusers.d syntax tree as the parser makes them. What is kept of a large file costs more than reading it; so
 * they keep offsets and what a line means, and make spans and split the words of a line again when asked for.
 */

import type { Span } from '../../text/source-text.ts';
import { type WordOptions, WordReader } from '../../text/words.ts';
import type { SysusersLineType } from './line-types.ts';
import type { SysusersComment, SysusersLine, SysusersMeaning, SysusersWords } from './syntax.ts';

/** A backslash only protects the character after it. */
const splitting: WordOptions = { backslash: 'drop' };

/** What splits the lines of a text. */
export function columnReader(text: string): WordReader {
  return new WordReader(text, splitting);
}

/**
 * Splits the line that stands between two offsets; undefined if there is not even a type. The reader tells where the last
 * column ended and what is wrong.
 */
export function splitColumns(reader: WordReader, start: number, end: number): SysusersWords | undefined {
  reader.start(start, end);
  const type = reader.read();
  if (type === undefined) return undefined;
  const name = reader.read();
  const id = reader.read();
  const gecos = reader.read();
  const home = reader.read();
  const shell = reader.read();
  return { type, name, id, gecos, home, shell };
}

export class Comment implements SysusersComment {
  readonly number: number;
  readonly #start: number;
  readonly #end: number;

  constructor(number: number, start: number, end: number) {
    this.number = number;
    this.#start = start;
    this.#end = end;
  }

  get kind(): 'comment' {
    return 'comment';
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }
}

export class Line implements SysusersLine {
  readonly number: number;
  readonly type: SysusersLineType | undefined;
  readonly meaning: SysusersMeaning;
  readonly hasSpecifiers: boolean;
  readonly #reader: WordReader;
  readonly #start: number;
  readonly #end: number;
  #words: SysusersWords | undefined;

  constructor(
    reader: WordReader,
    number: number,
    start: number,
    end: number,
    type: SysusersLineType | undefined,
    meaning: SysusersMeaning,
    hasSpecifiers: boolean,
  ) {
    this.number = number;
    this.type = type;
    this.meaning = meaning;
    this.hasSpecifiers = hasSpecifiers;
    this.#reader = reader;
    this.#start = start;
    this.#end = end;
    this.#words = undefined;
  }

  get kind(): 'line' {
    return 'line';
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }

  get words(): SysusersWords | undefined {
    this.#words ??= splitColumns(this.#reader, this.#start, this.#end);
    return this.#words;
  }
}

/**
 * The nodes of a sysusers.d syntax tree as the parser makes them. What is kept of a large file costs more than reading it; so
 * they keep offsets, and make spans and split the words of a line again when asked for.
 */

import type { Span } from '../../text/source-text.ts';
import { type WordOptions, type WordProblem, WordReader } from '../../text/words.ts';
import type { SysusersLineType } from './line-types.ts';
import type { SysusersComment, SysusersLine, SysusersMeaning, SysusersWords } from './syntax.ts';

/** A backslash only protects the character after it. */
const splitting: WordOptions = { backslash: 'drop' };

interface Columns {
  /** Undefined if there is not even a type. */
  readonly words: SysusersWords | undefined;
  /** Where the splitting ended: behind the last word and the blanks that follow it. */
  readonly at: number;
  /** What made it end early. */
  readonly problem: WordProblem | undefined;
}

/** Splits the line that stands between two offsets. */
export function splitColumns(text: string, start: number, end: number): Columns {
  const reader = new WordReader(text, start, end, splitting);
  const type = reader.read();
  const name = reader.read();
  const id = reader.read();
  const gecos = reader.read();
  const home = reader.read();
  const shell = reader.read();
  const words = type === undefined ? undefined : { type, name, id, gecos, home, shell };
  return { words, at: reader.at, problem: reader.problem };
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

/** What a line comes to by its words; the parser's own check, handed in because it is asked again. */
type Interpret = (words: SysusersWords) => SysusersMeaning;

export class Line implements SysusersLine {
  readonly number: number;
  readonly type: SysusersLineType | undefined;
  readonly hasSpecifiers: boolean;
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;
  readonly #interpret: Interpret;
  /** Set from the beginning if the line is refused. */
  #meaning: SysusersMeaning | undefined;
  #words: SysusersWords | undefined;

  constructor(
    text: string,
    place: { readonly number: number; readonly start: number; readonly end: number },
    type: SysusersLineType | undefined,
    hasSpecifiers: boolean,
    meaning: SysusersMeaning,
    interpret: Interpret,
  ) {
    this.number = place.number;
    this.type = type;
    this.hasSpecifiers = hasSpecifiers;
    this.#text = text;
    this.#start = place.start;
    this.#end = place.end;
    this.#interpret = interpret;
    this.#meaning = meaning.kind === 'refused' ? meaning : undefined;
    this.#words = undefined;
  }

  get kind(): 'line' {
    return 'line';
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }

  get words(): SysusersWords | undefined {
    this.#words ??= splitColumns(this.#text, this.#start, this.#end).words;
    return this.#words;
  }

  get meaning(): SysusersMeaning {
    // Only a line that is refused has no words.
    this.#meaning ??= this.#interpret(this.words as SysusersWords);
    return this.#meaning;
  }
}

/** Quotes from the image's files: the guilty line, its neighbours, what is to be marked, and the colours of the grammars. */

import { INITIAL, type StateStack } from 'vscode-textmate';
import type { Place } from '../../core/problems/problem.ts';
import type { RuleContext } from '../../core/rules/rule-context.ts';
import { rangeOf } from '../../core/text/source-text.ts';
import { type Grammars, languageOf } from './grammars.ts';

/** Piece of a line; `style` is a class of the page's style sheet. */
export interface Piece {
  readonly text: string;
  readonly style: string | undefined;
  readonly isMarked: boolean;
}

export interface QuotedLine {
  readonly number: number;
  readonly isContext: boolean;
  readonly pieces: readonly Piece[];
}

export interface Quote {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly lines: readonly QuotedLine[];
  /** Characters before the mark, for what stands below it. */
  readonly indent: number;
  readonly note: string | undefined;
}

/** Longer lines are cut around the mark. */
const WIDTH = 66;
const LEAD = 24;
/** Highlighting reads a file from its start, because a line's meaning depends on those before it. */
const HIGHLIGHTED_LINES_MAX = 4000;
const LINE_LENGTH_MAX = 2000;

/** Scopes and the classes they are shown in; the first that is part of a token's innermost scopes counts. */
const styles: readonly (readonly [string, string])[] = [
  ['comment', 'yc'],
  ['invalid', 'yi'],
  ['keyword.operator', 'yo'],
  ['punctuation', 'yo'],
  ['keyword.other.unit', 'yn'],
  ['keyword', 'yk'],
  ['storage', 'yk'],
  ['support.type.property-name', 'yk'],
  ['entity.name.type.section', 'yh'],
  ['entity.name', 'yf'],
  ['support', 'yf'],
  ['variable', 'yv'],
  ['constant.other.placeholder', 'yv'],
  ['constant.character.escape', 'yv'],
  ['constant', 'yn'],
  ['string', 'ys'],
  ['markup', 'ys'],
];

export class Quotes {
  readonly #context: RuleContext;
  readonly #grammars: Grammars | undefined;
  readonly #states = new Map<string, StateStack[]>();

  /** Without grammars the quotes have no colours. */
  constructor(context: RuleContext, grammars: Grammars | undefined) {
    this.#context = context;
    this.#grammars = grammars;
  }

  /** Line and column of a place; undefined for a place without a line. */
  position(place: Place): { readonly line: number; readonly column: number } | undefined {
    if (place.line === undefined && place.span === undefined) return undefined;
    return rangeOf(this.#context.source(place.file), place.line, place.span).start;
  }

  /** A quote of a place; undefined if the file cannot be read or the place names no line of it. */
  quote(place: Place, note: string | undefined, withContext: boolean): Quote | undefined {
    if (place.line === undefined && place.span === undefined) return undefined;
    const source = this.#context.source(place.file);
    if (source === undefined) return undefined;
    const range = rangeOf(source, place.line, place.span);
    const { line, column } = range.start;
    const text = this.#line(place.file, line);
    if (text === undefined) return undefined;
    const isWhole = place.span === undefined;
    const trimmed = text.trimEnd();
    const start = isWhole ? text.length - text.trimStart().length : column - 1;
    const end = isWhole ? trimmed.length : range.end.line === line ? range.end.column - 1 : trimmed.length;
    const cutAt = trimmed.length > WIDTH && start > WIDTH - LEAD ? start - LEAD : 0;
    const lines: QuotedLine[] = [];
    const add = (number: number, marks: readonly [number, number] | undefined, from: number) => {
      const content = this.#line(place.file, number);
      if (content === undefined || (marks === undefined && content.trim() === '')) return;
      lines.push({
        number,
        isContext: marks === undefined,
        pieces: this.#pieces(place.file, number, content.trimEnd(), marks, from),
      });
    };
    if (withContext && line > 1) add(line - 1, undefined, 0);
    add(line, [start, Math.max(end, start + 1)], cutAt);
    if (withContext) add(line + 1, undefined, 0);
    const lead = expandTabs(text.slice(cutAt, start)).length + (cutAt > 0 ? 1 : 0);
    return { file: place.file, line, column, lines, indent: lead, note };
  }

  #line(file: string, number: number): string | undefined {
    const source = this.#context.source(file);
    const span = source?.lines.lineSpan(number);
    return source === undefined || span === undefined ? undefined : source.slice(span);
  }

  #pieces(
    file: string,
    number: number,
    text: string,
    marks: readonly [number, number] | undefined,
    cutAt: number,
  ): Piece[] {
    const tokens = this.#tokens(file, number, text);
    const until = cutAt + WIDTH < text.length ? cutAt + WIDTH - 1 : text.length;
    const cuts = new Set([cutAt, until, ...(marks ?? [])]);
    for (const token of tokens) cuts.add(token.start);
    const edges = [...cuts].filter((edge) => edge >= cutAt && edge <= until).sort((a, b) => a - b);
    const pieces: Piece[] = cutAt > 0 ? [{ text: '…', style: 'yc', isMarked: false }] : [];
    let at = 0;
    for (const [i, edge] of edges.entries()) {
      const end = edges[i + 1];
      if (end === undefined) break;
      while ((tokens[at + 1]?.start ?? Number.POSITIVE_INFINITY) <= edge) at += 1;
      pieces.push({
        text: expandTabs(text.slice(edge, end)),
        style: tokens[at]?.style,
        isMarked: marks !== undefined && edge >= marks[0] && end <= marks[1],
      });
    }
    if (until < text.length) pieces.push({ text: '…', style: 'yc', isMarked: false });
    return pieces;
  }

  #tokens(
    file: string,
    number: number,
    text: string,
  ): { readonly start: number; readonly style: string | undefined }[] {
    const language = languageOf(file);
    const grammar = language === undefined ? undefined : this.#grammars?.[language];
    if (grammar === undefined || number > HIGHLIGHTED_LINES_MAX || text.length > LINE_LENGTH_MAX) {
      return [{ start: 0, style: undefined }];
    }
    const states = this.#states.get(file) ?? [INITIAL];
    this.#states.set(file, states);
    while (states.length < number) {
      const before = this.#line(file, states.length) ?? '';
      const state = states[states.length - 1] ?? INITIAL;
      states.push(before.length > LINE_LENGTH_MAX ? state : grammar.tokenizeLine(before, state).ruleStack);
    }
    return grammar.tokenizeLine(text, states[number - 1] ?? INITIAL).tokens.map(({ startIndex, scopes }) => ({
      start: startIndex,
      style: styleOf(scopes),
    }));
  }
}

function styleOf(scopes: readonly string[]): string | undefined {
  for (const scope of scopes.toReversed()) {
    const style = styles.find(([prefix]) => scope === prefix || scope.startsWith(`${prefix}.`));
    if (style !== undefined) return style[1];
  }
  return undefined;
}

function expandTabs(text: string): string {
  return text.replaceAll('\t', '    ');
}

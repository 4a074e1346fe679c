/** What the value grammars share: the result of a check, and the checks of words, paths and specifiers. */

import type { MessageSeverity } from '../../../problems/problem.ts';
import { encodeText } from '../../../text/bytes.ts';
import type { Span } from '../../../text/source-text.ts';
import { readWord, type Word, type WordOptions } from '../../../text/words.ts';
import type { Systemd } from '../../../versions/systemd.ts';

/** What is wrong with a value; the span lies in the value. */
export interface ValueProblem {
  readonly code: string;
  readonly severity: MessageSeverity;
  readonly span: Span;
  readonly message: string;
  /** True if systemd refuses to load the unit; otherwise it ignores the value or the part of it. */
  readonly stopsUnit?: true;
}

/**
 * A value's check. It says only what is certain: an empty list means that the value is good or that nobody can tell
 * without a running system.
 */
export type SettingGrammar = (value: string, context: GrammarContext) => readonly ValueProblem[];

export interface GrammarContext {
  readonly systemd: Systemd;
  /** The setting's name without `=`. */
  readonly key: string;
}

export function wholeSpan(value: string): Span {
  return { start: 0, end: value.length };
}

/** A problem of a value or part of it that makes systemd ignore it. */
export function badValue(code: string, value: string, message: string, span: Span = wholeSpan(value)): ValueProblem {
  return { code, severity: 'warning', span, message };
}

/** The same problem in a setting in which it makes the unit fail to load. */
export function stopping(problem: ValueProblem): ValueProblem {
  return { ...problem, severity: 'error', stopsUnit: true };
}

/** Text for a message, cut if it is long. */
export function quoted(text: string): string {
  return `"${text.length > 80 ? `${text.slice(0, 77)}...` : text}"`;
}

const systemLetters = 'aAbBHlqmMovwWgGuU';
const nameLetters = `ijnNp${systemLetters}`;
const unitLetters = `${nameLetters}IJPfyYcrRCdELSthsTV`;

/** The first specifier that systemd does not know, as in systemd.unit(5), "Specifiers". */
export function unknownSpecifier(
  value: string,
  context: GrammarContext,
  kind: 'unit' | 'unit-name' = 'unit',
): ValueProblem | undefined {
  for (let at = value.indexOf('%'); at !== -1; at = value.indexOf('%', at + 2)) {
    const letter = value.charAt(at + 1);
    if (!/^[A-Za-z0-9]$/.test(letter)) continue;
    const known = kind === 'unit-name' ? nameLetters : unitLetters;
    if (known.includes(letter)) continue;
    if (letter === 'D' && kind === 'unit' && context.systemd.has('unit-specifier-data-directory')) continue;
    return badValue('unknown-specifier', value, `"%${letter}" is no specifier`, { start: at, end: at + 2 });
  }
  return undefined;
}

/** True if a specifier makes the text something that only the running system knows. */
export function hasSpecifier(text: string): boolean {
  return /%[A-Za-z]/.test(text);
}

export interface Words {
  readonly words: readonly Word[];
  /** Set if the rest of the value cannot be split; the words before it are given. */
  readonly problem: ValueProblem | undefined;
}

/** Splits a value into words. */
export function splitWords(value: string, options: WordOptions): Words {
  const words: Word[] = [];
  for (let at = 0; ; ) {
    const read = readWord(value, at, value.length, options);
    if (read.kind === 'end') return { words, problem: undefined };
    if (read.kind === 'problem') return { words, problem: wordProblem(value, read.problem) };
    words.push(read.word);
    at = read.next;
  }
}

const wordMessages = {
  'unterminated-quote': 'A quote is opened and not closed',
  'trailing-backslash': 'A backslash at the end quotes nothing',
  'unknown-escape': 'This is no escape sequence',
} as const;

export function wordProblem(value: string, problem: { code: keyof typeof wordMessages; span: Span }): ValueProblem {
  const text = value.slice(problem.span.start, problem.span.end);
  return badValue(problem.code, value, `${wordMessages[problem.code]}: ${quoted(text)}`, problem.span);
}

export interface PathRules {
  readonly kind: 'absolute' | 'relative' | 'any';
  /** Paths below /dev, /proc and /sys are refused. */
  readonly outsideApiFileSystems?: boolean;
}

/** What systemd's path check says of one path. Specifiers make parts of a path unknown. */
export function checkPath(
  path: string,
  span: Span,
  rules: PathRules,
  context: GrammarContext,
): ValueProblem | undefined {
  const problem = (code: string, message: string) => badValue(code, path, message, span);
  const beginsUnknown = /^%[A-Za-z]/.test(path);
  if (rules.kind === 'absolute' && !path.startsWith('/') && !beginsUnknown) {
    return problem('path-not-absolute', `${quoted(path)} is not an absolute path`);
  }
  if (rules.kind === 'relative' && path.startsWith('/')) {
    return problem('path-absolute', `${quoted(path)} is an absolute path, and only a relative one is allowed`);
  }
  if (path === '') return problem('path-empty', 'The path is empty');
  if (path.length > 255 && !hasSpecifier(path)) {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const size = parts.reduce((sum, part) => sum + encodeText(part).length + 1, path.startsWith('/') ? 0 : -1);
    if (size >= 4096 || parts.some((part) => encodeText(part).length > 255)) {
      return problem('path-too-long', `The path ${quoted(path)} or a part of it is too long`);
    }
  }
  const parts = path.split('/');
  const dropsParents = path.startsWith('/') && context.systemd.has('unit-paths-drop-leading-parents');
  const from = dropsParents ? parts.findIndex((part) => !['', '.', '..'].includes(part)) : 0;
  if (from !== -1 && parts.includes('..', from)) {
    return problem('path-not-normalized', `${quoted(path)} contains ".."`);
  }
  if (rules.outsideApiFileSystems && /^\/+(\.\/+)*(dev|proc|sys)(\/|$)/.test(path)) {
    return problem('path-in-api-file-system', `${quoted(path)} lies in /dev, /proc or /sys`);
  }
  return undefined;
}

/** Problems without the holes. */
export function listed(problems: readonly (ValueProblem | undefined)[]): readonly ValueProblem[] {
  return problems.filter((problem) => problem !== undefined);
}

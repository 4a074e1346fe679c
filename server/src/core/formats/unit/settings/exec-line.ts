/** Command lines of `ExecStart=` and its kin (systemd.service(5), "Command lines"). */

import { encodeText } from '../../../text/bytes.ts';
import type { Span } from '../../../text/source-text.ts';
import { isBlank, readWord, type Word } from '../../../text/words.ts';
import {
  badValue,
  type GrammarContext,
  hasSpecifier,
  quoted,
  type SettingGrammar,
  stopping,
  unknownSpecifier,
  type ValueProblem,
  wordProblem,
} from './grammar.ts';

/** What the characters before the path ask for. */
export interface ExecPrefixes {
  /** `-`: every failure of the command counts as success. */
  readonly ignoreFailure: boolean;
  /** `@`: the second word is argv[0]. */
  readonly ownArgumentZero: boolean;
  /** `:`: no `$VARIABLE` expansion. */
  readonly noExpansion: boolean;
  /** `+`, `!`, `!!`: how much of the user and sandbox settings applies. Only one of them can stand. */
  readonly privileges: 'as-set' | 'full' | 'no-user-change' | 'ambient';
  /** `|`: run by the user's shell. */
  readonly shell: boolean;
}

/** One command. Spans lie in the value. */
export interface ExecCommand {
  readonly span: Span;
  readonly prefixes: ExecPrefixes;
  /** The program without its prefixes; specifiers stand as they are. Empty only with `|`, for the shell alone. */
  readonly path: Word;
  /** The words behind the path. With `@`, the first of them is argv[0]. */
  readonly words: readonly Word[];
}

export interface ExecLine {
  readonly commands: readonly ExecCommand[];
  readonly problems: readonly ValueProblem[];
}

/** Reads a command line. The commands before a problem are kept, as systemd keeps them. */
export function parseExecLine(value: string, context: GrammarContext): ExecLine {
  const commands: ExecCommand[] = [];
  const problems: ValueProblem[] = [];
  for (let at = 0; at < value.length; ) {
    const first = readExecWord(value, at, problems);
    if (first.kind === 'end') break;
    if (first.kind === 'problem') {
      problems.push({ ...first.problem, severity: 'error' });
      break;
    }
    at = first.next;
    if (first.word.value === ';') continue;
    const read = readCommand(value, first.word, at, context, problems);
    if (read === undefined) break;
    commands.push(read.command);
    if (!read.hasSeparator) break;
    at = read.next;
  }
  return { commands, problems };
}

export const execGrammar: SettingGrammar = (value, context) => parseExecLine(value, context).problems;

type ReadWord =
  | { readonly kind: 'end' }
  | { readonly kind: 'problem'; readonly problem: ValueProblem }
  | { readonly kind: 'word'; readonly word: Word; readonly next: number };

/** A word with C escapes. Unknown escapes are kept as they stand, which systemd warns of. */
function readExecWord(value: string, at: number, problems: ValueProblem[]): ReadWord {
  const strict = readWord(value, at, value.length, { backslash: 'c' });
  if (strict.kind === 'word') return strict;
  if (strict.kind === 'end') return { kind: 'end' };
  const relaxed = readWord(value, at, value.length, { backslash: 'c-relaxed' });
  if (relaxed.kind !== 'word') {
    const problem = relaxed.kind === 'problem' ? relaxed.problem : strict.problem;
    return { kind: 'problem', problem: wordProblem(value, problem) };
  }
  problems.push({
    ...wordProblem(value, strict.problem),
    message: `The unknown escape ${quoted(value.slice(strict.problem.span.start, strict.problem.span.end))} is kept as it stands`,
  });
  return relaxed;
}

function readCommand(
  value: string,
  first: Word,
  from: number,
  context: GrammarContext,
  problems: ValueProblem[],
): { readonly command: ExecCommand; readonly next: number; readonly hasSeparator: boolean } | undefined {
  const { prefixes, length, hasRemovedPrefix } = readPrefixes(first.value, context);
  // The prefixes can be told apart in the text only if no quote or escape stands in the way.
  const isPlain = value.slice(first.span.start, first.span.end) === first.value;
  const path: Word = {
    value: first.value.slice(length),
    span: isPlain ? { start: first.span.start + length, end: first.span.end } : first.span,
  };
  const fail = (problem: ValueProblem): undefined => {
    problems.push(prefixes.ignoreFailure ? problem : stopping(problem));
    return undefined;
  };
  if (hasRemovedPrefix) {
    const message = `The prefix "!!" has no effect in systemd ${context.systemd.version}; remove it`;
    problems.push(badValue('removed-prefix', value, message, first.span));
  }
  const bad = checkProgram(path, prefixes, context);
  if (bad !== undefined) return fail(bad);

  const words: Word[] = [];
  let at = from;
  let hasSeparator = false;
  while (at < value.length) {
    const separator = separatorAt(value, at);
    if (separator === 'separator') {
      hasSeparator = true;
      at = skipBlanks(value, at + 1);
      break;
    }
    if (separator === 'escaped') {
      words.push({ span: { start: at, end: at + 2 }, value: ';' });
      at = skipBlanks(value, at + 2);
      continue;
    }
    const read = readExecWord(value, at, problems);
    if (read.kind === 'end') break;
    if (read.kind === 'problem') return fail(read.problem);
    const specifier = unknownSpecifier(read.word.value, context);
    if (specifier !== undefined) return fail({ ...specifier, span: read.word.span });
    words.push(read.word);
    at = read.next;
  }
  if (prefixes.ownArgumentZero && !prefixes.shell && words.length === 0) {
    const message = 'The prefix "@" asks for a second word, and there is none';
    return fail(badValue('missing-argument-zero', value, message, first.span));
  }
  const end = words.at(-1)?.span.end ?? first.span.end;
  return { command: { span: { start: first.span.start, end }, prefixes, path, words }, next: at, hasSeparator };
}

interface ReadPrefixes {
  readonly prefixes: ExecPrefixes;
  /** How many characters they take. */
  readonly length: number;
  /** `!!` in a version that ignores it. */
  readonly hasRemovedPrefix: boolean;
}

/** Each prefix counts once; `+`, `!` and `!!` exclude each other. What does not fit belongs to the path. */
function readPrefixes(word: string, context: GrammarContext): ReadPrefixes {
  let ignoreFailure = false;
  let ownArgumentZero = false;
  let noExpansion = false;
  let shell = false;
  let privileges: ExecPrefixes['privileges'] = 'as-set';
  let length = 0;
  for (; length < word.length; length++) {
    const char = word.charAt(length);
    if (char === '-' && !ignoreFailure) ignoreFailure = true;
    else if (char === '@' && !ownArgumentZero) ownArgumentZero = true;
    else if (char === ':' && !noExpansion) noExpansion = true;
    else if (char === '|' && !shell && context.systemd.has('unit-exec-shell-prefix')) shell = true;
    else if (char === '+' && privileges === 'as-set') privileges = 'full';
    else if (char === '!' && privileges === 'as-set') privileges = 'no-user-change';
    else if (char === '!' && privileges === 'no-user-change') privileges = 'ambient';
    else break;
  }
  const hasRemovedPrefix = privileges === 'ambient' && context.systemd.has('unit-exec-ambient-prefix-removed');
  if (hasRemovedPrefix) privileges = 'as-set';
  return { prefixes: { ignoreFailure, ownArgumentZero, noExpansion, privileges, shell }, length, hasRemovedPrefix };
}

function checkProgram(path: Word, prefixes: ExecPrefixes, context: GrammarContext): ValueProblem | undefined {
  // The shell gets the text as it is; nothing about it is checked.
  if (prefixes.shell) return undefined;
  const text = path.value;
  const problem = (code: string, message: string) => badValue(code, text, message, path.span);
  const specifier = unknownSpecifier(text, context);
  if (specifier !== undefined) return { ...specifier, span: path.span };
  if (text === '') return problem('missing-program', 'The command names no program');
  const isUnknown = hasSpecifier(text);
  const refused = context.systemd.has('unit-strict-names') ? /[\x01-\x1f\x7f"'\\*?[]/ : /[\x01-\x1f\x7f"'\\]/;
  if (refused.test(text)) {
    return problem('invalid-program', `The program ${quoted(text)} contains a character that is not allowed there`);
  }
  const namesDirectory = context.systemd.has('unit-exec-refuses-dots') ? /(^|\/)\.{0,2}$/ : /\/$/;
  if (namesDirectory.test(text))
    return problem('program-is-directory', `${quoted(text)} names a directory, not a program`);
  if (text.startsWith('/')) {
    const isLong = text.length >= 256 && text.split('/').some((part) => encodeText(part).length > 255);
    if (!isUnknown && (isLong || text.length >= 4096))
      return problem('path-too-long', 'The path of the program is too long');
    return undefined;
  }
  if (/^%[A-Za-z]/.test(text)) return undefined;
  if (text.includes('/') || text === '.' || text === '..' || (!isUnknown && encodeText(text).length > 255)) {
    const message = `${quoted(text)} is neither an absolute path nor the bare name of a program`;
    return problem('relative-program', message);
  }
  return undefined;
}

function separatorAt(value: string, at: number): 'separator' | 'escaped' | undefined {
  const escaped = value.startsWith('\\;', at);
  if (!escaped && value.charAt(at) !== ';') return undefined;
  const after = at + (escaped ? 2 : 1);
  if (after < value.length && !isBlank(value.charCodeAt(after))) return undefined;
  return escaped ? 'escaped' : 'separator';
}

function skipBlanks(value: string, from: number): number {
  let at = from;
  while (at < value.length && isBlank(value.charCodeAt(at))) at += 1;
  return at;
}

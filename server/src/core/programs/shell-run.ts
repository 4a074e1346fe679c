/**
 * Runs a shell script on paper: tests of files are answered from the tree of the moment, everything else that only a
 * running system knows is unknown, and then both ways are gone. What comes out is which files the script runs, reads and
 * sources, whether that is sure, and whether it ends by itself before the end.
 */

import { fnmatch } from '../pattern/fnmatch.ts';
import type { ShellNode, ShellWord } from './shell-syntax.ts';

/**
 * `run`: a command; `source`: `. file`; `argument`: named as an argument of another command or assigned to a variable;
 * `read`, `write`: redirections; `require`: the script ends with an error because a test of the path says that it is absent.
 */
export type ShellUse = 'run' | 'source' | 'argument' | 'read' | 'write' | 'require';

export interface ShellReference {
  readonly use: ShellUse;
  /** A path, or for `run` maybe a bare name. */
  readonly path: string;
  readonly line: number;
  /** True if nothing unknown decides whether the script comes here. */
  readonly isSure: boolean;
  /** True if the script ends with an error if the path is missing. */
  readonly isFatal: boolean;
  /** For `run`: the expanded arguments; undefined where they are not known. */
  readonly arguments?: readonly (string | undefined)[];
}

export interface ShellSurroundings {
  /** Whether a file test holds; undefined if it cannot be known. `operator` is the letter of test(1). */
  test(operator: string, path: string): boolean | undefined;
  /** The text of a file that is sourced, if it is there. */
  sourceText(path: string): string | undefined;
  /** The syntax of a script or a file that it sources. */
  parse(text: string): ShellNode;
}

export interface ShellStart {
  readonly text: string;
  /** `$0`, `$1`, … */
  readonly positional: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  /** Whether `set -e` holds from the start (`#!/bin/sh -e`). */
  readonly exitsOnError: boolean;
  /** Whether a missing `. file` ends the script: POSIX says so, bash does it only in its POSIX mode. */
  readonly isStrict: boolean;
}

export interface ShellRun {
  /** In the order of the script's commands. */
  readonly references: readonly ShellReference[];
  /** The variables as the script leaves them, where their values are known: what its programs find in their environment. */
  readonly variables: ReadonlyMap<string, string>;
}

/** What a script does on paper. */
export function runShell(start: ShellStart, surroundings: ShellSurroundings): ShellRun {
  const run = new Run(start, surroundings);
  run.node(surroundings.parse(start.text), { isTested: false, isSure: true });
  return { references: run.references, variables: run.knownVariables() };
}

/** How a command ended: its truth, or unknown. */
type Truth = boolean | undefined;

interface Context {
  /** The command's status is looked at, so `set -e` does not count. */
  readonly isTested: boolean;
  readonly isSure: boolean;
}

const commandsMax = 20_000;
const callsMax = 20;
const referencesMax = 5000;
const wordsMax = 200;
/** Longer words are no names of files. */
const wordMax = 4096;
/** Characters of words that are expanded in all. */
const workMax = 4 * 1024 * 1024;

class Run {
  readonly references: ShellReference[] = [];
  readonly #surroundings: ShellSurroundings;
  readonly #variables: Map<string, string | undefined>;
  readonly #functions = new Map<string, ShellNode>();
  readonly #isStrict: boolean;
  #positional: readonly string[];
  #exitsOnError: boolean;
  /** `yes`: nothing behind runs; `maybe`: what follows is not sure. */
  #hasEnded: 'no' | 'maybe' | 'yes' = 'no';
  #hasReturned: 'no' | 'maybe' | 'yes' = 'no';
  #commands = 0;
  #calls = 0;
  #sources = 0;
  #work = 0;
  /** Paths whose absence made the last tests false, for blaming an `exit 1`. */
  #absent: { readonly path: string; readonly line: number }[] = [];

  constructor(start: ShellStart, surroundings: ShellSurroundings) {
    this.#surroundings = surroundings;
    this.#variables = new Map(start.environment);
    this.#positional = start.positional;
    this.#exitsOnError = start.exitsOnError;
    this.#isStrict = start.isStrict;
  }

  knownVariables(): ReadonlyMap<string, string> {
    const known = new Map<string, string>();
    for (const [name, value] of this.#variables) if (value !== undefined) known.set(name, value);
    return known;
  }

  node(node: ShellNode, context: Context): Truth {
    if (this.#hasEnded === 'yes' || this.#hasReturned === 'yes' || this.#commands > commandsMax) return undefined;
    const isMaybeOver = this.#hasEnded === 'maybe' || this.#hasReturned === 'maybe';
    const here: Context = isMaybeOver ? { ...context, isSure: false } : context;
    switch (node.kind) {
      case 'simple':
        return this.#simple(node, here);
      case 'list': {
        let truth: Truth = true;
        for (const item of node.items) truth = this.node(item, here);
        return truth;
      }
      case 'not': {
        const truth = this.node(node.body, { ...here, isTested: true });
        return truth === undefined ? undefined : !truth;
      }
      case 'chain':
        return this.#chain(node, here);
      case 'pipe': {
        let truth: Truth;
        node.commands.forEach((command, index) => {
          const isLast = index === node.commands.length - 1;
          truth = this.#inSubshell(() => this.node(command, isLast ? here : { ...here, isTested: true }));
        });
        return truth;
      }
      case 'subshell':
        return this.#inSubshell(() => this.node(node.body, here));
      case 'background':
        this.#inSubshell(() => this.node(node.body, { ...here, isTested: true }));
        return true;
      case 'if': {
        const absentBefore = this.#absent;
        const truth = this.node(node.condition, { ...here, isTested: true });
        let result: Truth;
        if (truth === true) result = this.node(node.then, here);
        else if (truth === false) result = this.node(node.otherwise, here);
        else {
          this.#maybe(() => this.node(node.then, { ...here, isSure: false }));
          this.#maybe(() => this.node(node.otherwise, { ...here, isSure: false }));
        }
        this.#absent = absentBefore;
        return result;
      }
      case 'case':
        return this.#case(node, here);
      case 'loop': {
        if (node.condition !== undefined) this.node(node.condition, { ...here, isTested: true });
        this.#maybe(() => this.node(node.body, { ...here, isSure: false }));
        return undefined;
      }
      case 'function':
        this.#functions.set(node.name, node.body);
        return true;
    }
  }

  /** `&&` goes on if what stands before holds, `||` if it does not; of both the status of the last command counts. */
  #chain(node: Extract<ShellNode, { kind: 'chain' }>, context: Context): Truth {
    const tested = { ...context, isTested: true };
    let truth = this.node(node.first, tested);
    node.rest.forEach(({ operator, node: next }, index) => {
      const stops = operator === '||';
      if (truth === stops) return;
      const here = index === node.rest.length - 1 ? context : tested;
      if (truth !== undefined) {
        truth = this.node(next, here);
        return;
      }
      const other = this.#maybe(() => this.node(next, { ...here, isSure: false }));
      truth = other === stops ? stops : undefined;
    });
    return truth;
  }

  /** What happens in there may not happen at all. */
  #maybe(body: () => Truth): Truth {
    const truth = body();
    if (this.#hasEnded === 'yes') this.#hasEnded = 'maybe';
    if (this.#hasReturned === 'yes') this.#hasReturned = 'maybe';
    return truth;
  }

  #inSubshell(body: () => Truth): Truth {
    const ended = this.#hasEnded;
    const returned = this.#hasReturned;
    const truth = body();
    this.#hasEnded = ended;
    this.#hasReturned = returned;
    return truth;
  }

  #case(node: Extract<ShellNode, { kind: 'case' }>, context: Context): Truth {
    const word = this.#expand(node.word.raw);
    for (const arm of node.arms) {
      const patterns = arm.patterns.map((pattern) => this.#expand(pattern, true));
      if (word !== undefined && patterns.every((pattern) => pattern !== undefined)) {
        if (patterns.some((pattern) => pattern !== undefined && fnmatch(pattern, word)))
          return this.node(arm.body, context);
        continue;
      }
      this.#maybe(() => this.node(arm.body, { ...context, isSure: false }));
    }
    return word === undefined ? undefined : true;
  }

  #simple(node: Extract<ShellNode, { kind: 'simple' }>, context: Context): Truth {
    this.#commands += 1;
    for (const assignment of node.assignments) {
      const equals = assignment.raw.indexOf('=');
      const value = this.#expand(assignment.raw.slice(equals + 1));
      const name = assignment.raw.slice(0, equals);
      if (name.endsWith('+')) {
        const old = this.#variables.get(name.slice(0, -1));
        this.#variables.set(name.slice(0, -1), old === undefined || value === undefined ? undefined : old + value);
        // One that may not happen leaves the value unknown, unless it had none.
      } else if (context.isSure || !this.#variables.has(name)) this.#variables.set(name, value);
      else if (this.#variables.get(name) !== value) this.#variables.set(name, undefined);
    }
    for (const redirect of node.redirects) {
      const path = this.#expand(redirect.word.raw);
      if (path?.startsWith('/')) {
        this.#add(
          redirect.operator === '<' ? 'read' : 'write',
          path,
          redirect.word.line,
          context,
          this.#isFatal(context),
        );
      }
    }
    const first = node.words[0];
    if (first === undefined) return true;
    const words = this.#expandWords(node.words);
    const name = words[0];
    if (name === undefined) return undefined;
    return this.#command(name, words, node, context);
  }

  #isFatal(context: Context): boolean {
    return this.#exitsOnError && !context.isTested;
  }

  #command(
    name: string,
    words: readonly (string | undefined)[],
    node: Extract<ShellNode, { kind: 'simple' }>,
    context: Context,
  ): Truth {
    const line = node.line;
    switch (name) {
      case ':':
      case 'true':
        return true;
      case 'false':
        return false;
      case '[':
      case '[[':
      case 'test':
        return this.#test(name === 'test' ? words.slice(1) : words.slice(1, -1), line);
      case 'exit':
      case 'return': {
        const status = words[1];
        const isError = status !== undefined && status !== '0';
        if (isError && context.isSure) this.#blame(context);
        // An error that something unknown leads to is taken not to happen: the image's maker saw the script work.
        if (context.isSure) this.#end(name, 'yes');
        else if (!isError) this.#end(name, 'maybe');
        return !isError;
      }
      case 'set':
        for (const word of words.slice(1)) {
          if (word !== undefined && /^-[a-z]*e/.test(word)) this.#exitsOnError = true;
          else if (word !== undefined && /^\+[a-z]*e/.test(word)) this.#exitsOnError = false;
        }
        if (words[1] === '-o' && words[2] === 'errexit') this.#exitsOnError = true;
        return true;
      case '.':
      case 'source': {
        const path = words[1];
        if (path?.startsWith('/')) {
          this.#add('source', path, line, context, this.#isStrict || this.#isFatal(context));
          this.#source(path, context);
        }
        return undefined;
      }
      case 'export':
      case 'readonly':
      case 'local':
      case 'declare':
        for (const word of node.words.slice(1)) {
          const equals = word.raw.indexOf('=');
          if (equals > 0) this.#variables.set(word.raw.slice(0, equals), this.#expand(word.raw.slice(equals + 1)));
        }
        return true;
      case 'shift':
        this.#positional = [this.#positional[0] ?? '', ...this.#positional.slice(2)];
        return true;
      case 'command':
        if (words[1] === '-v' || words[1] === '-V') return undefined;
        return words[1] === undefined ? undefined : this.#command(words[1], words.slice(1), node, context);
      case 'exec':
        if (words.length > 1) {
          this.#external(words.slice(1), line, context, true);
          this.#hasEnded = context.isSure ? 'yes' : 'maybe';
        }
        return undefined;
      case 'eval':
        return undefined;
      default:
    }
    const body = this.#functions.get(name);
    if (body !== undefined) return this.#call(body, words, context);
    this.#external(words, line, context, this.#isFatal(context));
    return undefined;
  }

  /** `return` ends a function only, and outside of one a sourced file. */
  #end(name: 'exit' | 'return', how: 'maybe' | 'yes'): void {
    if (name === 'exit') this.#hasEnded = how;
    else this.#hasReturned = how;
  }

  #call(body: ShellNode, words: readonly (string | undefined)[], context: Context): Truth {
    if (this.#calls >= callsMax) return undefined;
    const positional = this.#positional;
    this.#positional = [positional[0] ?? '', ...words.slice(1).map((word) => word ?? '')];
    this.#calls += 1;
    const before = this.#hasReturned;
    this.#hasReturned = 'no';
    const truth = this.node(body, context);
    const isWhole = this.#hasReturned === 'no';
    this.#hasReturned = before;
    this.#calls -= 1;
    this.#positional = positional;
    return isWhole ? truth : undefined;
  }

  #source(path: string, context: Context): void {
    const text = this.#sources < callsMax ? this.#surroundings.sourceText(path) : undefined;
    if (text === undefined) return;
    this.#sources += 1;
    // What a sourced file does belongs to the script, but its lines do not: only its settings are taken over.
    const before = this.references.length;
    const returned = this.#hasReturned;
    this.#hasReturned = 'no';
    this.node(this.#surroundings.parse(text), { ...context, isTested: true });
    this.#hasReturned = returned;
    const kept = this.references.slice(before).filter((reference) => reference.use === 'require');
    this.references.length = before;
    this.references.push(...kept);
  }

  #external(words: readonly (string | undefined)[], line: number, context: Context, isFatal: boolean): void {
    const [name, ...rest] = words;
    if (name === undefined || name === '' || this.references.length >= referencesMax) return;
    this.references.push({ use: 'run', path: name, line, isSure: context.isSure, isFatal, arguments: rest });
    for (const word of rest) {
      const path = word === undefined ? undefined : /(?:^|=)(\/[^\s]*)$/.exec(word)?.[1];
      if (path !== undefined) this.#add('argument', path, line, context, isFatal);
    }
  }

  #add(use: ShellUse, path: string, line: number, context: Context, isFatal: boolean): void {
    if (this.references.length >= referencesMax) return;
    this.references.push({ use, path, line, isSure: context.isSure, isFatal });
  }

  /** An end with an error: the files whose absence led there are required. */
  #blame(context: Context): void {
    for (const { path, line } of this.#absent) this.#add('require', path, line, context, true);
  }

  #test(words: readonly (string | undefined)[], line: number): Truth {
    let negated = false;
    let rest = words;
    while (rest[0] === '!') {
      negated = !negated;
      rest = rest.slice(1);
    }
    for (const [operator, stops] of [
      ['-o', true],
      ['||', true],
      ['-a', false],
      ['&&', false],
    ] as const) {
      const at = rest.indexOf(operator, 1);
      if (at > 0 && at < rest.length - 1 && rest.length < 40) {
        const left = this.#test(rest.slice(0, at), line);
        const right = this.#test(rest.slice(at + 1), line);
        const truth =
          left === stops || right === stops ? stops : left === undefined || right === undefined ? undefined : !stops;
        return truth === undefined ? undefined : truth !== negated;
      }
    }
    const truth = this.#plainTest(rest, line);
    return truth === undefined ? undefined : truth !== negated;
  }

  #plainTest(words: readonly (string | undefined)[], line: number): Truth {
    const [first, second, third] = words;
    if (words.length === 1) return first === undefined ? undefined : first !== '';
    if (words.length === 2) {
      if (second === undefined) return undefined;
      if (first === '-n') return second !== '';
      if (first === '-z') return second === '';
      if (first === undefined || !/^-[a-zA-Z]$/.test(first) || !second.startsWith('/')) return undefined;
      const truth = this.#surroundings.test(first.slice(1), second);
      if (truth === false) this.#absent = [...this.#absent.slice(-7), { path: second, line }];
      return truth;
    }
    if (words.length !== 3 || first === undefined || third === undefined) return undefined;
    if (second === '=' || second === '==') return first === third;
    return second === '!=' ? first !== third : undefined;
  }

  #expandWords(words: readonly ShellWord[]): readonly (string | undefined)[] {
    const all: (string | undefined)[] = [];
    for (const { raw } of words.slice(0, wordsMax)) {
      const value = this.#expand(raw);
      // An unquoted variable is split into words; one that is empty is none.
      if (value !== undefined && /^\$(?:\w+|\{\w+\})$/.test(raw))
        all.push(...value.split(/\s+/).filter((part) => part !== ''));
      else all.push(value);
    }
    return all;
  }

  /** The word's text; undefined if a part of it is not known. `isPattern` leaves quotes' meaning to the pattern. */
  #expand(raw: string, isPattern = false): string | undefined {
    this.#work += raw.length;
    if (raw.length > wordMax || this.#work > workMax) return undefined;
    if (!/["'\\$`]/.test(raw)) return raw;
    let text = '';
    let quote = '';
    for (let at = 0; at < raw.length; at++) {
      const char = raw.charAt(at);
      if (quote === "'") {
        if (char === "'") quote = '';
        else text += char;
      } else if (char === "'" && quote === '') quote = "'";
      else if (char === '"') quote = quote === '"' ? '' : '"';
      else if (char === '\\') {
        at += 1;
        text +=
          quote === '"' && !'"\\$`'.includes(raw.charAt(at))
            ? `\\${raw.charAt(at)}`
            : isPattern
              ? `\\${raw.charAt(at)}`
              : raw.charAt(at);
      } else if (char === '`') {
        const end = raw.indexOf('`', at + 1);
        const value = end === -1 ? undefined : this.#substitute(raw.slice(at + 1, end));
        if (value === undefined) return undefined;
        text += value;
        at = end;
      } else if (char === '$') {
        const part = this.#expansion(raw, at);
        if (part === undefined) return undefined;
        text += part.value;
        at = part.next - 1;
      } else text += char;
    }
    return text;
  }

  /** The expansion that begins with the `$` at an offset; undefined if its value is not known. */
  #expansion(raw: string, at: number): { readonly value: string; readonly next: number } | undefined {
    const opening = raw.charAt(at + 1);
    if (opening === '{' || opening === '(') {
      const end = closingAt(raw, at + 2, opening === '{' ? '}' : ')');
      const inside = raw.slice(at + 2, end);
      const braced = /^(\w+|[@*#?$!-])([\s\S]*)$/.exec(inside);
      const value =
        opening === '('
          ? this.#substitute(inside)
          : braced === null
            ? undefined
            : this.#variable(braced[1] ?? '', braced[2] === '' ? undefined : braced[2]);
      return value === undefined ? undefined : { value, next: end + 1 };
    }
    const name = /^(?:[A-Za-z_]\w*|\d|[@*#?$!-])/.exec(raw.slice(at + 1, at + 200))?.[0];
    if (name === undefined) return { value: '$', next: at + 1 };
    const value = this.#variable(name, undefined);
    return value === undefined ? undefined : { value, next: at + 1 + name.length };
  }

  /** Command substitution: only what is a matter of names can be known. */
  #substitute(command: string): string | undefined {
    const match = /^\s*(dirname|basename|echo)\s+(?:--\s+)?(\S+)\s*$/.exec(command);
    const path = match?.[2] === undefined ? undefined : this.#expand(match[2]);
    if (path === undefined) return undefined;
    if (match?.[1] === 'echo') return path;
    const cut = path.lastIndexOf('/');
    if (match?.[1] === 'basename') return path.slice(cut + 1);
    return cut === -1 ? '.' : path.slice(0, cut) || '/';
  }

  #variable(name: string, suffix: string | undefined): string | undefined {
    if (/^[@*#?$!-]$/.test(name)) return name === '@' || name === '*' ? this.#positional.slice(1).join(' ') : undefined;
    const isPositional = /^\d$/.test(name);
    const isSet = isPositional ? this.#positional[Number(name)] !== undefined : this.#variables.has(name);
    const value = isPositional ? (this.#positional[Number(name)] ?? '') : isSet ? this.#variables.get(name) : '';
    if (suffix === undefined || value === undefined) return value;
    const match = /^(:?[-=+]|%%?|##?)([\s\S]*)$/.exec(suffix);
    if (match === null) return undefined;
    const [, operator = '', word = ''] = match;
    const isEmpty = operator.startsWith(':') ? value === '' : !isSet;
    if (operator.endsWith('-') || operator.endsWith('=')) {
      const result = isEmpty ? this.#expand(word) : value;
      if (operator.endsWith('=')) this.#variables.set(name, result);
      return result;
    }
    if (operator.endsWith('+')) return isEmpty ? '' : this.#expand(word);
    const pattern = this.#expand(word, true);
    return pattern === undefined ? undefined : removeAffix(value, operator, pattern);
  }
}

/** The offset of the bracket that closes what begins at an offset, or the text's end. */
function closingAt(text: string, from: number, closer: '}' | ')'): number {
  const opener = closer === '}' ? '{' : '(';
  let depth = 0;
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || (char === "'" && closer === ')')) quote = char;
    else if (char === opener) depth += 1;
    else if (char === closer) {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return text.length;
}

/** Longer values are not cut: no path of a script is. */
const affixMax = 512;

/** `${name#pattern}`, `##`, `%` and `%%`: the value without the shortest or longest part that matches at its begin or end. */
function removeAffix(value: string, operator: string, pattern: string): string | undefined {
  if (value.length > affixMax || pattern.length > affixMax) return undefined;
  const isPrefix = operator.startsWith('#');
  for (let step = 0; step <= value.length; step += 1) {
    const size = operator.length === 1 ? step : value.length - step;
    const cut = isPrefix ? size : value.length - size;
    if (fnmatch(pattern, isPrefix ? value.slice(0, cut) : value.slice(cut))) {
      return isPrefix ? value.slice(cut) : value.slice(0, cut);
    }
  }
  return value;
}

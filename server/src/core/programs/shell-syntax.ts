/**
 * The syntax of shell scripts as far as it says which commands run under which conditions (POSIX.1-2024, Shell Command
 * Language). Anything unusual is passed over, never an error: words keep their raw text, with quotes and expansions.
 */

/** A word as written, and its line from 1. */
export interface ShellWord {
  readonly raw: string;
  readonly line: number;
}

export type ShellNode =
  | {
      readonly kind: 'simple';
      /** `NAME=value` in front of the command. */
      readonly assignments: readonly ShellWord[];
      readonly words: readonly ShellWord[];
      /** Files that the command reads (`<`) or writes (`>`, `>>`). */
      readonly redirects: readonly { readonly operator: '<' | '>'; readonly word: ShellWord }[];
      readonly line: number;
    }
  | { readonly kind: 'not'; readonly body: ShellNode }
  /** `a && b || c`, from left to right. */
  | {
      readonly kind: 'chain';
      readonly first: ShellNode;
      readonly rest: readonly { readonly operator: '&&' | '||'; readonly node: ShellNode }[];
    }
  | { readonly kind: 'pipe'; readonly commands: readonly ShellNode[] }
  | { readonly kind: 'list'; readonly items: readonly ShellNode[] }
  | { readonly kind: 'subshell'; readonly body: ShellNode }
  | { readonly kind: 'background'; readonly body: ShellNode }
  | { readonly kind: 'if'; readonly condition: ShellNode; readonly then: ShellNode; readonly otherwise: ShellNode }
  | {
      readonly kind: 'case';
      readonly word: ShellWord;
      readonly arms: readonly { readonly patterns: readonly string[]; readonly body: ShellNode }[];
    }
  | { readonly kind: 'loop'; readonly condition: ShellNode | undefined; readonly body: ShellNode }
  | { readonly kind: 'function'; readonly name: string; readonly body: ShellNode };

type Token =
  | { readonly kind: 'word'; readonly raw: string; readonly line: number }
  | { readonly kind: 'operator'; readonly text: string; readonly line: number };

/** Longer scripts are not read: no start script is. */
const textMax = 512 * 1024;
const depthMax = 60;

/** Reads a script. Never fails; what cannot be understood is left out. */
export function parseShell(text: string): ShellNode {
  const reader = new Reader(tokensOf(text.slice(0, textMax)));
  const items: ShellNode[] = [];
  while (!reader.isAtEnd) {
    items.push(reader.list(0));
    // A closing word without its opening one.
    reader.skip();
  }
  return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'list', items };
}

const operators = [
  '&&',
  '||',
  ';;',
  ';&',
  '<<-',
  '<<',
  '>>',
  '>&',
  '<&',
  '>|',
  '&>',
  ';',
  '&',
  '|',
  '(',
  ')',
  '<',
  '>',
];

const operatorStarts = '&|;<>()';

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const hereDocuments: { readonly end: string; readonly strips: boolean }[] = [];
  let awaitsHereDocument: '<<' | '<<-' | undefined;
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\n') {
      tokens.push({ kind: 'operator', text: '\n', line });
      line += 1;
      at += 1;
      for (let here = hereDocuments.shift(); here !== undefined; here = hereDocuments.shift()) {
        for (;;) {
          if (at >= text.length) break;
          const next = text.indexOf('\n', at);
          const end = next === -1 ? text.length : next;
          const content = text.slice(at, end);
          at = Math.min(text.length, end + 1);
          line += 1;
          if ((here.strips ? content.replace(/^\t+/, '') : content) === here.end) break;
        }
      }
      continue;
    }
    if (char === ' ' || char === '\t' || char === '\r') {
      at += 1;
      continue;
    }
    if (char === '\\' && text[at + 1] === '\n') {
      at += 2;
      line += 1;
      continue;
    }
    if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
      continue;
    }
    // A digit in front of a redirection is the file descriptor.
    const behind = text.charAt(at + 1);
    const from = char >= '0' && char <= '9' && (behind === '<' || behind === '>') ? at + 1 : at;
    const operator = operatorStarts.includes(text.charAt(from))
      ? operators.find((candidate) => text.startsWith(candidate, from))
      : undefined;
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator, line });
      at = from + operator.length;
      awaitsHereDocument = operator === '<<' || operator === '<<-' ? operator : undefined;
      continue;
    }
    const end = wordEnd(text, at);
    const raw = text.slice(at, end).replaceAll('\\\n', '');
    tokens.push({ kind: 'word', raw, line });
    if (awaitsHereDocument !== undefined) {
      hereDocuments.push({ end: raw.replace(/["'\\]/g, ''), strips: awaitsHereDocument === '<<-' });
      awaitsHereDocument = undefined;
    }
    for (let i = at; i < end; i++) if (text.charCodeAt(i) === 10) line += 1;
    at = end;
  }
  return tokens;
}

/** The end of the word that begins at an offset: quotes, `$(…)`, `${…}` and backquotes belong to it. */
function wordEnd(text: string, from: number): number {
  let at = from;
  const closers: string[] = [];
  while (at < text.length) {
    const char = text.charAt(at);
    const closer = closers.at(-1);
    if (closer === "'") {
      if (char === "'") closers.pop();
      at += 1;
      continue;
    }
    if (char === '\\') {
      at += 2;
      continue;
    }
    if (closer !== undefined && char === closer) {
      closers.pop();
      at += 1;
      continue;
    }
    if (char === '$' && (text[at + 1] === '(' || text[at + 1] === '{')) {
      closers.push(text[at + 1] === '(' ? ')' : '}');
      at += 2;
    } else if (char === '`') {
      closers.push('`');
      at += 1;
    } else if (char === '"') {
      closers.push('"');
      at += 1;
    } else if (char === "'" && closer !== '"' && closer !== '}') {
      closers.push("'");
      at += 1;
    } else if (char === '(' && closer === ')') {
      closers.push(')');
      at += 1;
    } else if (closer === undefined && ' \t\r\n;&|()<>'.includes(char)) break;
    else at += 1;
  }
  return Math.max(from + 1, Math.min(at, text.length));
}

const closingWords = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}']);

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  skip(): void {
    this.#at += 1;
  }

  /** Commands up to a word or operator that closes what is around them. */
  list(depth: number): ShellNode {
    const items: ShellNode[] = [];
    for (;;) {
      while (this.#isOperator('\n', ';')) this.#at += 1;
      if (this.isAtEnd || this.#isOperator(')', ';;', ';&') || this.#isClosing()) break;
      const start = this.#at;
      const item = this.#andOr(depth);
      if (this.#isOperator('&')) {
        this.#at += 1;
        items.push({ kind: 'background', body: item });
      } else items.push(item);
      // Whatever cannot be read is left out.
      if (this.#at === start) this.#at += 1;
    }
    return { kind: 'list', items };
  }

  #andOr(depth: number): ShellNode {
    const first = this.#pipeline(depth);
    const rest: { operator: '&&' | '||'; node: ShellNode }[] = [];
    for (;;) {
      const operator = this.#operator();
      if (operator !== '&&' && operator !== '||') return rest.length === 0 ? first : { kind: 'chain', first, rest };
      this.#at += 1;
      this.#skipNewlines();
      rest.push({ operator, node: this.#pipeline(depth) });
    }
  }

  #pipeline(depth: number): ShellNode {
    let isNegated = false;
    for (; this.#isWord('!'); this.#at += 1) isNegated = !isNegated;
    const first = this.#command(depth);
    const commands = [first];
    while (this.#isOperator('|')) {
      this.#at += 1;
      this.#skipNewlines();
      commands.push(this.#command(depth));
    }
    const pipe: ShellNode = commands.length === 1 ? first : { kind: 'pipe', commands };
    return isNegated ? { kind: 'not', body: pipe } : pipe;
  }

  #command(depth: number): ShellNode {
    if (depth > depthMax) return this.#simple();
    const node = this.#compound(depth + 1);
    if (node === undefined) return this.#simple();
    // Redirections of the whole.
    while (this.#isOperator('<', '>', '>>', '<<', '<<-', '>&', '<&', '>|', '&>')) {
      this.#at += 1;
      if (this.#tokens[this.#at]?.kind === 'word') this.#at += 1;
    }
    return node;
  }

  #compound(depth: number): ShellNode | undefined {
    if (this.#isOperator('(')) {
      this.#at += 1;
      const body = this.list(depth);
      if (this.#isOperator(')')) this.#at += 1;
      return { kind: 'subshell', body };
    }
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word') return undefined;
    switch (token.raw) {
      case '{': {
        this.#at += 1;
        const body = this.list(depth);
        this.#expect('}');
        return body;
      }
      case 'if': {
        this.#at += 1;
        return this.#if(depth);
      }
      case 'while':
      case 'until': {
        this.#at += 1;
        const condition = this.list(depth);
        return { kind: 'loop', condition, body: this.#doBody(depth) };
      }
      case 'for': {
        this.#at += 1;
        while (!this.isAtEnd && !this.#isWord('do')) this.#at += 1;
        return { kind: 'loop', condition: undefined, body: this.#doBody(depth) };
      }
      case 'case': {
        this.#at += 1;
        return this.#case(depth);
      }
      case 'function': {
        const name = this.#tokens[this.#at + 1];
        if (name?.kind !== 'word') return undefined;
        this.#at += 2;
        this.#skipParentheses();
        return this.#functionBody(name.raw, depth);
      }
      default: {
        const [, open, close] = this.#tokens.slice(this.#at, this.#at + 3);
        const isFunction =
          open?.kind === 'operator' && open.text === '(' && close?.kind === 'operator' && close.text === ')';
        if (!isFunction) return undefined;
        this.#at += 3;
        return this.#functionBody(token.raw, depth);
      }
    }
  }

  #functionBody(name: string, depth: number): ShellNode {
    this.#skipNewlines();
    return { kind: 'function', name, body: this.#command(depth) };
  }

  #if(depth: number): ShellNode {
    if (depth > depthMax) return { kind: 'list', items: [] };
    const condition = this.list(depth);
    this.#expect('then');
    const then = this.list(depth);
    let otherwise: ShellNode = { kind: 'list', items: [] };
    if (this.#isWord('elif')) {
      this.#at += 1;
      return { kind: 'if', condition, then, otherwise: this.#if(depth + 1) };
    }
    if (this.#isWord('else')) {
      this.#at += 1;
      otherwise = this.list(depth);
    }
    this.#expect('fi');
    return { kind: 'if', condition, then, otherwise };
  }

  #doBody(depth: number): ShellNode {
    this.#expect('do');
    const body = this.list(depth);
    this.#expect('done');
    return body;
  }

  #case(depth: number): ShellNode {
    const token = this.#tokens[this.#at];
    const word: ShellWord = token?.kind === 'word' ? token : { raw: '', line: token?.line ?? 1 };
    this.#at += 1;
    this.#skipNewlines();
    this.#expect('in');
    const arms: { patterns: string[]; body: ShellNode }[] = [];
    while (!this.isAtEnd) {
      this.#skipNewlines();
      if (this.#isWord('esac')) break;
      const start = this.#at;
      const patterns: string[] = [];
      while (!this.isAtEnd) {
        const next = this.#tokens[this.#at];
        this.#at += 1;
        if (next?.kind === 'word') patterns.push(next.raw);
        else if (next?.text === ')') break;
      }
      arms.push({ patterns, body: this.list(depth) });
      if (this.#isOperator(';;', ';&')) this.#at += 1;
      if (this.#at === start) this.#at += 1;
    }
    this.#expect('esac');
    return { kind: 'case', word, arms };
  }

  #simple(): ShellNode {
    const assignments: ShellWord[] = [];
    const words: ShellWord[] = [];
    const redirects: { operator: '<' | '>'; word: ShellWord }[] = [];
    const line = this.#tokens[this.#at]?.line ?? 1;
    while (!this.isAtEnd) {
      const token = this.#tokens[this.#at];
      if (token === undefined) break;
      if (token.kind === 'word') {
        if (words.length === 0 && /^[A-Za-z_]\w*\+?=/.test(token.raw)) assignments.push(token);
        else words.push(token);
        this.#at += 1;
        continue;
      }
      if (!/^(?:[<>]|&>)/.test(token.text)) break;
      const target = this.#tokens[this.#at + 1];
      this.#at += 1;
      if (target?.kind !== 'word') continue;
      this.#at += 1;
      if (token.text === '<') redirects.push({ operator: '<', word: target });
      else if (token.text === '>' || token.text === '>>' || token.text === '>|' || token.text === '&>') {
        redirects.push({ operator: '>', word: target });
      }
    }
    return { kind: 'simple', assignments, words, redirects, line };
  }

  #operator(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'operator' ? token.text : undefined;
  }

  #isOperator(...texts: readonly string[]): boolean {
    const operator = this.#operator();
    return operator !== undefined && texts.includes(operator);
  }

  #isWord(raw: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' && token.raw === raw;
  }

  #isClosing(): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' && closingWords.has(token.raw);
  }

  #expect(raw: string): void {
    if (this.#isWord(raw)) this.#at += 1;
  }

  #skipNewlines(): void {
    while (this.#isOperator('\n')) this.#at += 1;
  }

  #skipParentheses(): void {
    while (this.#isOperator('(', ')')) this.#at += 1;
  }
}

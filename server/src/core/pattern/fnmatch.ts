/**
 * fnmatch(3) as glibc does it in the C locale: over bytes, with bracket expressions, in time proportional to the product
 * of both lengths at worst. tmpfiles.d, presets and unit conditions use it with different flags.
 */

import { encodeText } from '../text/bytes.ts';

export interface FnmatchFlags {
  /** FNM_NOESCAPE: a backslash is an ordinary character. */
  readonly noEscape?: boolean;
  /** FNM_PATHNAME: a slash is matched by a slash only. */
  readonly pathname?: boolean;
  /** FNM_PERIOD: a leading dot is matched by a dot only; with `pathname` also one after a slash. */
  readonly period?: boolean;
}

/** A pattern ready to be matched many times. */
export interface CompiledPattern {
  matches(text: string): boolean;
}

type Token =
  | { readonly kind: 'literal'; readonly code: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'set'; readonly members: Uint8Array; readonly negated: boolean }
  /** Something glibc gives up on, such as a backslash at the end: matches nothing, not even itself. */
  | { readonly kind: 'never' };

const SLASH = 47;
const DOT = 46;
const BACKSLASH = 92;
const OPEN = 91;
const CLOSE = 93;

/** True if the text matches the whole pattern. */
export function fnmatch(pattern: string, text: string, flags: FnmatchFlags = {}): boolean {
  return compilePattern(pattern, flags).matches(text);
}

/** Reads a pattern once. */
export function compilePattern(pattern: string, flags: FnmatchFlags = {}): CompiledPattern {
  const bytes = toByteString(pattern);
  if (!hasSpecial(bytes, flags)) return { matches: (text) => text === pattern };
  const tokens = readTokens(bytes, flags);
  return { matches: (text) => matchTokens(tokens, toByteString(text), flags) };
}

function hasSpecial(pattern: string, flags: FnmatchFlags): boolean {
  for (let i = 0; i < pattern.length; i++) {
    const code = pattern.charCodeAt(i);
    if (code === 42 || code === 63 || code === OPEN || (code === BACKSLASH && !flags.noEscape)) return true;
  }
  return false;
}

/** A string with one unit a byte, as the C locale sees the text. */
function toByteString(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x80) continue;
    let result = '';
    for (const byte of encodeText(text)) result += String.fromCharCode(byte);
    return result;
  }
  return text;
}

function readTokens(pattern: string, flags: FnmatchFlags): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const code = pattern.charCodeAt(at);
    if (code === 42) {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (code === 63) tokens.push({ kind: 'any' });
    else if (code === OPEN) {
      const bracket = readBracket(pattern, at + 1, flags);
      if (bracket === undefined) tokens.push({ kind: 'literal', code });
      else {
        tokens.push(bracket.token);
        at = bracket.next - 1;
      }
    } else if (code === BACKSLASH && !flags.noEscape) {
      at += 1;
      const escaped = pattern.charCodeAt(at);
      // After a star glibc looks for an escaped character in this component only, where no slash can be.
      const isLost = at >= pattern.length || (escaped === SLASH && flags.pathname === true && followsStar(tokens));
      tokens.push(isLost ? { kind: 'never' } : { kind: 'literal', code: escaped });
    } else tokens.push({ kind: 'literal', code });
  }
  return tokens;
}

function followsStar(tokens: readonly Token[]): boolean {
  let last = tokens.length - 1;
  while (tokens[last]?.kind === 'any') last -= 1;
  return tokens[last]?.kind === 'star';
}

/** The bracket expression whose inside begins at the offset. Undefined: it does not end, so the bracket is ordinary. */
function readBracket(pattern: string, from: number, flags: FnmatchFlags): { token: Token; next: number } | undefined {
  const members = new Uint8Array(256);
  const negated = pattern[from] === '!' || pattern[from] === '^';
  const first = negated ? from + 1 : from;
  let at = first;
  // Where glibc gives up reading; members named before that still match.
  let isBroken = false;
  const add = (code: number): void => {
    if (!isBroken) members[code] = 1;
  };
  for (;;) {
    if (at >= pattern.length) return isBroken ? { token: { kind: 'never' }, next: at } : undefined;
    let code = pattern.charCodeAt(at);
    if (code === CLOSE && at > first) break;
    if (code === OPEN && pattern[at + 1] === ':') {
      const name = /^[a-y]{0,255}(?=:\])/.exec(pattern.slice(at + 2, at + 260))?.[0];
      if (name !== undefined) {
        const isMember = Object.hasOwn(characterClasses, name) ? characterClasses[name] : undefined;
        if (isMember === undefined) isBroken = true;
        else for (let byte = 0; byte < 128; byte++) if (isMember(byte)) add(byte);
        at += name.length + 4;
        continue;
      }
    }
    const symbol = code === OPEN ? readSymbol(pattern, at) : undefined;
    if (symbol === 'broken') {
      isBroken = true;
      at += 2;
      continue;
    }
    if (symbol !== undefined) {
      code = symbol.code;
      at = symbol.next;
      if (symbol.isClass) {
        add(code);
        continue;
      }
    } else {
      if (code === BACKSLASH && !flags.noEscape) {
        at += 1;
        if (at >= pattern.length) return { token: { kind: 'never' }, next: at };
        code = pattern.charCodeAt(at);
      }
      at += 1;
    }
    if (pattern[at] !== '-' || pattern[at + 1] === ']') {
      add(code);
      continue;
    }
    at += 1;
    if (at >= pattern.length) return { token: { kind: 'never' }, next: at };
    let last = pattern.charCodeAt(at);
    const lastSymbol = last === OPEN ? readSymbol(pattern, at) : undefined;
    if (lastSymbol !== undefined && lastSymbol !== 'broken' && !lastSymbol.isClass) {
      last = lastSymbol.code;
      at = lastSymbol.next;
    } else {
      if (last === BACKSLASH && !flags.noEscape) {
        at += 1;
        if (at >= pattern.length) return { token: { kind: 'never' }, next: at };
        last = pattern.charCodeAt(at);
      }
      at += 1;
    }
    for (let byte = code; byte <= last; byte++) add(byte);
  }
  return { token: isBroken && negated ? { kind: 'never' } : { kind: 'set', members, negated }, next: at + 1 };
}

/** `[.x.]` and `[=x=]`: in the C locale each byte is its own collating symbol and its own equivalence class. */
function readSymbol(
  pattern: string,
  at: number,
): { readonly code: number; readonly next: number; readonly isClass: boolean } | 'broken' | undefined {
  const mark = pattern[at + 1];
  if (mark !== '.' && mark !== '=') return undefined;
  if (pattern[at + 3] === mark && pattern[at + 4] === ']') {
    return { code: pattern.charCodeAt(at + 2), next: at + 5, isClass: mark === '=' };
  }
  if (mark === '=') return undefined;
  return 'broken';
}

function isBetween(code: number, from: number, to: number): boolean {
  return code >= from && code <= to;
}

const isDigit = (code: number) => isBetween(code, 48, 57);
const isUpper = (code: number) => isBetween(code, 65, 90);
const isLower = (code: number) => isBetween(code, 97, 122);
const isAlphanumeric = (code: number) => isDigit(code) || isUpper(code) || isLower(code);
const isGraphic = (code: number) => isBetween(code, 33, 126);

const characterClasses: Readonly<Record<string, (code: number) => boolean>> = {
  alnum: isAlphanumeric,
  alpha: (code) => isUpper(code) || isLower(code),
  blank: (code) => code === 32 || code === 9,
  cntrl: (code) => code < 32 || code === 127,
  digit: isDigit,
  graph: isGraphic,
  lower: isLower,
  print: (code) => isBetween(code, 32, 126),
  punct: (code) => isGraphic(code) && !isAlphanumeric(code),
  space: (code) => code === 32 || isBetween(code, 9, 13),
  upper: isUpper,
  xdigit: (code) => isDigit(code) || isBetween(code, 65, 70) || isBetween(code, 97, 102),
};

/**
 * Only the last star is ever tried again: giving an earlier one more could not match what a later one cannot reach. With
 * `pathname` this holds within each component, and slashes of pattern and text pair up one to one.
 */
function matchTokens(tokens: readonly Token[], text: string, flags: FnmatchFlags): boolean {
  let token = 0;
  let at = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < text.length || token < tokens.length) {
    const current = tokens[token];
    if (current?.kind === 'star') {
      if (isProtectedDot(text, at, flags)) return false;
      starToken = token;
      starAt = at;
      token += 1;
      continue;
    }
    if (current !== undefined && at < text.length && matchesOne(current, text, at, flags)) {
      token += 1;
      at += 1;
      continue;
    }
    if (starToken === -1 || starAt >= text.length) return false;
    if (flags.pathname && text.charCodeAt(starAt) === SLASH) return false;
    starAt += 1;
    at = starAt;
    token = starToken + 1;
  }
  return true;
}

function matchesOne(token: Token, text: string, at: number, flags: FnmatchFlags): boolean {
  const code = text.charCodeAt(at);
  if (token.kind === 'literal') return token.code === code;
  if (token.kind === 'never' || token.kind === 'star') return false;
  if (flags.pathname && code === SLASH) return false;
  if (isProtectedDot(text, at, flags)) return false;
  return token.kind === 'any' || (token.members[code] === 1) !== token.negated;
}

function isProtectedDot(text: string, at: number, flags: FnmatchFlags): boolean {
  if (!flags.period || text.charCodeAt(at) !== DOT) return false;
  return at === 0 || (flags.pathname === true && text.charCodeAt(at - 1) === SLASH);
}

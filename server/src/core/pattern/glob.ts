/**
 * glob(3) with brace expansion over a simulated tree, as tmpfiles.d uses it: a leading dot must be named, `.` and `..` are
 * never found, the directory that a pattern lists must not itself be a symlink. Results are sorted by bytes within each
 * alternative; the real tool takes them in the order of the directory, which no image tells.
 */

import { compareBytes } from '../text/bytes.ts';
import { compilePattern } from './fnmatch.ts';

/** What globbing needs of a file system. Paths are absolute. */
export interface GlobFileSystem {
  /** Whether something is at a path, its last component not followed. */
  exists(path: string): boolean;
  /** Names in a directory; undefined if the path, last component not followed, is not a directory. */
  list(path: string): readonly string[] | undefined;
}

/** Braces multiply; a pattern with more alternatives than this is taken to match nothing beyond them. */
const ALTERNATIVES_MAX = 4096;

const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const COMMA = 44;
const BACKSLASH = 92;

/** Paths that a pattern matches. A path that two alternatives match comes twice, as from glob(3). */
export function glob(files: GlobFileSystem, pattern: string): string[] {
  const found: string[] = [];
  for (const alternative of expandBraces(pattern)) found.push(...globPath(files, alternative));
  return found;
}

/** The alternatives of a pattern, outermost braces first, left to right. */
export function expandBraces(pattern: string): string[] {
  const results: string[] = [];
  const pending = [pattern];
  while (pending.length > 0 && results.length + pending.length <= ALTERNATIVES_MAX) {
    const current = pending.pop();
    if (current === undefined) break;
    const alternatives = expandFirstBrace(current);
    if (alternatives === undefined) results.push(current);
    else pending.push(...alternatives.reverse());
  }
  return results;
}

/** Undefined: there is no brace, or one that is not closed, which makes all of them ordinary characters. */
function expandFirstBrace(pattern: string): string[] | undefined {
  let open = 0;
  while (open < pattern.length && pattern.charCodeAt(open) !== OPEN_BRACE) {
    open += pattern.charCodeAt(open) === BACKSLASH && open + 1 < pattern.length ? 2 : 1;
  }
  if (open >= pattern.length) return undefined;
  const pieces: string[] = [];
  let from = open + 1;
  for (;;) {
    const end = findBraceEnd(pattern, from);
    if (end === undefined) return undefined;
    pieces.push(pattern.slice(from, end));
    from = end + 1;
    if (pattern.charCodeAt(end) === CLOSE_BRACE) break;
  }
  return pieces.map((piece) => pattern.slice(0, open) + piece + pattern.slice(from));
}

/** The comma or closing brace that ends the alternative that begins at the offset. */
function findBraceEnd(pattern: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < pattern.length; at++) {
    const code = pattern.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === OPEN_BRACE) depth += 1;
    else if (code === CLOSE_BRACE) {
      if (depth === 0) return at;
      depth -= 1;
    } else if (code === COMMA && depth === 0) return at;
  }
  return undefined;
}

function globPath(files: GlobFileSystem, pattern: string): string[] {
  const cut = pattern.lastIndexOf('/');
  if (cut === -1) return [];
  const name = pattern.slice(cut + 1);
  const parent = pattern.slice(0, cut);
  const directories = hasMagic(parent) ? globPath(files, parent) : [undoEscapes(parent)];
  if (!hasMagic(name)) {
    const plain = undoEscapes(name);
    return directories.map((directory) => `${directory}/${plain}`).filter((path) => files.exists(path));
  }
  const compiled = compilePattern(name, { period: true });
  const found: string[] = [];
  for (const directory of directories) {
    const names = files.list(directory === '' ? '/' : directory);
    if (names === undefined) continue;
    const matching = names.filter((entry) => compiled.matches(entry)).sort(compareBytes);
    for (const entry of matching) found.push(`${directory}/${entry}`);
  }
  return found;
}

/** True for `*`, `?` and a bracket that is closed, unless escaped. */
function hasMagic(text: string): boolean {
  let isOpen = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '*' || char === '?') return true;
    if (char === '\\') at += 1;
    else if (char === '[') isOpen = true;
    else if (char === ']' && isOpen) return true;
  }
  return false;
}

function undoEscapes(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/gs, '$1') : text;
}

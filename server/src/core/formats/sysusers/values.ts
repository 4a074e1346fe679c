/** What systemd takes as a name, an id, a gecos field or a path in sysusers.d and the account databases. */

import { encodeText } from '../../text/bytes.ts';
import type { Systemd } from '../../versions/systemd.ts';

/** Ids that mean "no id" in 16 and in 32 bits. */
const INVALID_IDS: readonly number[] = [0xffff, 0xffffffff];
/** Names must fit into utmp(5), with a NUL. */
const NAME_BYTES_MAX = 31;
const PATH_COMPONENT_MAX = 255;

/** A user or group id: decimal digits without sign or leading zero. Undefined if the text is none. */
export function parseId(text: string): number | undefined {
  if (text.length === 0 || text.length > 10 || (text.length > 1 && text.charCodeAt(0) === 48)) return undefined;
  let id = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    id = id * 10 + digit;
  }
  return id > 0xffffffff || INVALID_IDS.includes(id) ? undefined : id;
}

/** `LOW-HIGH` or one id. A backslash stands for nothing but protects the character after it, as in a word. */
export function parseIdRange(text: string): { readonly from: number; readonly to: number } | undefined {
  let low = '';
  let at = 0;
  while (at < text.length && text[at] !== '-') {
    if (text[at] === '\\') at += 1;
    if (at >= text.length) return undefined;
    low += text[at];
    at += 1;
  }
  const from = parseId(low);
  if (from === undefined) return undefined;
  const to = at < text.length ? parseId(text.slice(at + 1)) : from;
  return to === undefined || to < from ? undefined : { from, to };
}

/** The strict rules by which systemd itself names accounts (systemd.io/USER_NAMES, "strict mode"). */
export function isAccountName(text: string): boolean {
  if (text.length === 0 || text.length > NAME_BYTES_MAX) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Letters in either case and the underscore; digits and the hyphen not in front.
    const isLetter = ((code | 32) >= 97 && (code | 32) <= 122) || code === 95;
    const isInner = (code >= 48 && code <= 57) || code === 45;
    if (!isLetter && !(isInner && at > 0)) return false;
  }
  return true;
}

/** A gecos field: valid UTF-8 without colons and control characters. */
export function isGecos(text: string): boolean {
  return isCleanText(text) && !text.includes(':');
}

/** A home directory or a shell: an absolute path without `..`, colons and control characters, already simplified. */
export function isAccountPath(path: string): boolean {
  if (!path.startsWith('/') || path.includes(':') || !isCleanText(path)) return false;
  if (path.includes('/..') && path.split('/').includes('..')) return false;
  // A UTF-16 unit is at most three bytes, so no component of a short path can be too long.
  if (path.length * 3 <= PATH_COMPONENT_MAX) return true;
  return path.split('/').every((name) => encodeText(name).length <= PATH_COMPONENT_MAX);
}

/** A shell: a path as of a home directory, but not the root directory. */
export function isShell(path: string, systemd: Systemd): boolean {
  return isAccountPath(path) && !(path === '/' && systemd.has('sysusers-shell-is-no-directory'));
}

/**
 * An absolute path without empty components, `.` and a trailing slash. `..` stays, except at the beginning in versions
 * that drop it there. Other texts stay as they are.
 */
export function simplifyPath(path: string, systemd: Systemd): string {
  if (!path.startsWith('/')) return path;
  const isSimple = !path.includes('//') && !path.includes('/.') && (path === '/' || !path.endsWith('/'));
  if (isSimple) return path;
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (systemd.has('paths-drop-leading-dot-dot')) while (names[0] === '..') names.shift();
  return `/${names.join('/')}`;
}

/**
 * True for valid UTF-8 without control characters and without the noncharacters of Unicode, which systemd refuses too.
 * Bytes that are not valid UTF-8 stand as lone surrogates.
 */
function isCleanText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 127) return false;
    if (code >= 0xd800 && code <= 0xdfff) {
      const point = text.codePointAt(i) ?? code;
      if (point <= 0xffff || (point & 0xfffe) === 0xfffe) return false;
      i += 1;
    } else if ((code >= 0xfdd0 && code <= 0xfdef) || code >= 0xfffe) return false;
  }
  return true;
}

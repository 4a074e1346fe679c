/** Unit names: what is valid, their parts, and the escaping of systemd-escape(1). */

import { encodeText, escapedByte, normalizeText } from '../../../text/bytes.ts';
import { type UnitType, unitTypes } from '../directives.ts';

/** A valid unit name and its parts. */
export interface UnitName {
  readonly name: string;
  /** What stands before the `@` or, without one, before the type. */
  readonly prefix: string;
  /** Undefined for a plain name, empty for a template. */
  readonly instance: string | undefined;
  readonly type: UnitType;
}

/** Longest name in bytes, less one (UNIT_NAME_MAX counts the terminator). */
const longestName = 255;
const types = new Set<string>(unitTypes);

function isUnitType(text: string): text is UnitType {
  return types.has(text);
}

/** The parts of a unit name; undefined if systemd does not take it for one. */
export function parseUnitName(name: string): UnitName | undefined {
  const dot = name.lastIndexOf('.');
  const type = name.slice(dot + 1);
  if (dot < 1 || name.length > longestName || !isUnitType(type)) return undefined;
  const body = name.slice(0, dot);
  const at = body.indexOf('@');
  if (at === 0 || !/^[@0-9A-Za-z:_.\\-]+$/.test(body)) return undefined;
  return at === -1
    ? { name, prefix: body, instance: undefined, type }
    : { name, prefix: body.slice(0, at), instance: body.slice(at + 1), type };
}

/** The template that an instance is made from: `a@b.service` → `a@.service`. Undefined for other names. */
export function templateOf(name: string): string | undefined {
  const parsed = parseUnitName(name);
  return parsed?.instance ? `${parsed.prefix}@.${parsed.type}` : undefined;
}

/** The instance of a template: `a@.service` and `b` → `a@b.service`. */
export function instanceOf(template: UnitName, instance: string): string {
  return `${template.prefix}@${instance}.${template.type}`;
}

/** Escapes a text for use in a unit name, as `systemd-escape` does without options. */
export function escapeUnitName(text: string): string {
  let result = '';
  for (const [index, byte] of encodeText(text).entries()) {
    const char = String.fromCharCode(byte);
    if (char === '/') result += '-';
    else if (/[0-9A-Za-z:_.]/.test(char) && !(index === 0 && char === '.')) result += char;
    else result += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return result;
}

/** Undoes {@link escapeUnitName}; undefined if an escape is bad. */
export function unescapeUnitName(text: string): string | undefined {
  let isGood = true;
  const result = text.replace(/-|\\(x[0-9a-fA-F]{2})?/g, (part, code: string | undefined) => {
    if (part === '-') return '/';
    if (code === undefined) isGood = false;
    return code === undefined ? '' : escapedByte(Number.parseInt(code.slice(1), 16));
  });
  return isGood ? normalizeText(result) : undefined;
}

/** Escapes a path for use in a unit name, as `systemd-escape --path` does: `/` → `-`, `/a//b/` → `a-b`. */
export function escapeUnitPath(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return undefined;
  return parts.length === 0 ? '-' : escapeUnitName(parts.join('/'));
}

/** The absolute path that an escaped path stands for; undefined if it stands for none. */
export function unescapeUnitPath(escaped: string): string | undefined {
  if (escaped === '-') return '/';
  const path = unescapeUnitName(escaped);
  if (path === undefined || path === '') return undefined;
  // A slash at either end or two in a row cannot come from a path that was escaped.
  const parts = path.split('/');
  return parts.some((part) => part === '' || part === '.' || part === '..') ? undefined : `/${path}`;
}

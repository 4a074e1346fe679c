/** Access control lists in the text form of tmpfiles.d(5) and acl_from_text(3). */

import type { Systemd } from '../../versions/systemd.ts';

export type AclTag = 'user-owner' | 'user' | 'group-owner' | 'group' | 'mask' | 'other';

export interface AclEntry {
  readonly tag: AclTag;
  /** Name or number of `user` and `group` entries. */
  readonly qualifier: string | undefined;
  /** rwx as in a mode: 0…7. */
  readonly rights: number;
  /** `X`: the x bit only counts for directories and for files that have some x bit. */
  readonly conditionalExecute: boolean;
}

export interface Acl {
  readonly access: readonly AclEntry[];
  readonly default: readonly AclEntry[];
}

/** Entries of an ACL; undefined if the real tool cannot read it. Names are not looked up. */
export function parseAcl(text: string, systemd: Systemd): Acl | undefined {
  const access: AclEntry[] = [];
  const defaults: AclEntry[] = [];
  const knowsX = systemd.has('acl-conditional-execute');
  for (const part of text.split(',')) {
    if (part === '') continue;
    const fields = part.split(':');
    const isDefault = fields[0] === 'default' || fields[0] === 'd';
    if (isDefault) fields.shift();
    // A qualifier of blanks is refused, while blanks around a field are passed over.
    if (fields.some((field) => field !== '' && field.trim() === '')) return undefined;
    const entry = parseEntry(
      fields.map((field) => field.trim()),
      knowsX,
    );
    if (entry === undefined) return undefined;
    (isDefault ? defaults : access).push(entry);
  }
  return { access, default: defaults };
}

function parseEntry(fields: readonly string[], knowsX: boolean): AclEntry | undefined {
  const [kind = '', qualifier = '', rightsText = ''] = fields;
  // Entries without a qualifier may leave out its colon in old versions, which use acl_from_text(3) alone.
  const isShort = !knowsX && fields.length === 2 && (isMask(kind) || isOther(kind));
  if (fields.length !== 3 && !isShort) return undefined;
  const text = isShort ? qualifier : rightsText;
  const who = isShort ? '' : qualifier;
  const rights = parseRights(text, knowsX);
  if (rights === undefined) return undefined;
  if (isUser(kind) || isGroup(kind)) {
    const base = isUser(kind) ? 'user' : 'group';
    return who === ''
      ? { tag: `${base}-owner`, qualifier: undefined, ...rights }
      : { tag: base, qualifier: who, ...rights };
  }
  if (who !== '') return undefined;
  if (isMask(kind)) return { tag: 'mask', qualifier: undefined, ...rights };
  return isOther(kind) ? { tag: 'other', qualifier: undefined, ...rights } : undefined;
}

const isUser = (kind: string) => kind === 'user' || kind === 'u';
const isGroup = (kind: string) => kind === 'group' || kind === 'g';
const isMask = (kind: string) => kind === 'mask' || kind === 'm';
const isOther = (kind: string) => kind === 'other' || kind === 'o';

/** One to three signs, no letter twice; acl_from_text(3) takes a comment after them. */
function parseRights(
  text: string,
  knowsX: boolean,
): { readonly rights: number; readonly conditionalExecute: boolean } | undefined {
  const signs = text.replace(/\s*#.*$/s, '');
  if (signs.length < 1 || signs.length > 3) return undefined;
  let rights = 0;
  let conditionalExecute = false;
  for (const sign of signs) {
    if (sign === '-') continue;
    const isConditional = sign === 'X' && knowsX;
    const bit = isConditional ? 1 : 'xwr'.includes(sign) ? 1 << 'xwr'.indexOf(sign) : 0;
    if (bit === 0 || (rights & bit) !== 0) return undefined;
    rights |= bit;
    conditionalExecute ||= isConditional;
  }
  return { rights, conditionalExecute };
}

/** An ACL in the short form of acl_to_text(3), entries separated by commas. */
export function printAclEntries(entries: readonly AclEntry[]): string {
  return entries
    .map((entry) => {
      const name = entry.tag.replace('-owner', '').charAt(0);
      const rights = `${entry.rights & 4 ? 'r' : '-'}${entry.rights & 2 ? 'w' : '-'}${entry.rights & 1 ? 'x' : '-'}`;
      return `${name}:${entry.qualifier ?? ''}:${rights}`;
    })
    .join(',');
}

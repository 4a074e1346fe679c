/** Access control lists of simulated inodes: a and A lines, inheritance from default lists, and what the mode shows of them. */

import { type Acl, type AclEntry, parseAcl, printAclEntries } from '../../formats/tmpfiles/acl.ts';
import type { Inode, InodeFact } from '../../tree/inode.ts';
import { newestKnownVersion, Systemd } from '../../versions/systemd.ts';
import type { AccountLookup } from './account-lookup.ts';
import { causeOf, type Item } from './item.ts';

/** Stored lists are in acl_to_text(3)'s form, which every version reads alike. */
const storedForm = new Systemd(newestKnownVersion);

/** The names of an ACL turned into numbers; undefined if one of them does not exist, which makes the tool ignore the ACL. */
export function resolveAcl(acl: Acl, accounts: AccountLookup): Acl | undefined {
  const access = resolveEntries(acl.access, accounts);
  const defaults = resolveEntries(acl.default, accounts);
  return access === undefined || defaults === undefined ? undefined : { access, default: defaults };
}

function resolveEntries(entries: readonly AclEntry[], accounts: AccountLookup): AclEntry[] | undefined {
  const resolved: AclEntry[] = [];
  for (const entry of entries) {
    if (entry.qualifier === undefined || /^[+-]?[0-9]+$/.test(entry.qualifier)) {
      resolved.push(entry);
      continue;
    }
    const found = entry.tag === 'user' ? accounts.user(entry.qualifier) : accounts.group(entry.qualifier);
    if (found.kind === 'missing') return undefined;
    // An id that is not known stays a name: it does not change what the mode shows.
    resolved.push(found.kind === 'found' ? { ...entry, qualifier: String(found.id) } : entry);
  }
  return resolved;
}

/** Does what an a line does to one inode that is not a symlink. */
export function setAcl(item: Item, acl: Acl, inode: Inode): void {
  const appends = item.line.modifiers.has('appendOrForce');
  if (acl.access.length > 0) {
    const entries = decideExecute(acl.access, inode, appends);
    const list = appends ? merged(accessEntries(inode), entries) : entries;
    setAccess(inode, withBase(withMask(list), inode.mode), item);
  }
  if (acl.default.length > 0 && inode.type === 'directory') {
    const list = appends ? merged(storedEntries(inode, 'default-acl') ?? [], acl.default) : acl.default;
    storeFact(inode, 'default-acl', withBase(withMask(list), inode.mode), item);
  }
}

/** `X` grants x on directories, and on files for which the other entries grant it to anybody. */
function decideExecute(entries: readonly AclEntry[], inode: Inode, appends: boolean): AclEntry[] {
  const plain = entries.filter((entry) => !entry.conditionalExecute);
  const before = accessEntries(inode).filter(
    (entry) => entry.tag !== 'mask' && (appends || (entry.tag !== 'user' && entry.tag !== 'group')),
  );
  const grants = inode.type === 'directory' || [...before, ...plain].some((entry) => (entry.rights & 1) !== 0);
  const conditional = entries.filter((entry) => entry.conditionalExecute);
  // The mask of the unconditional entries is made while the line is read, and then kept.
  const base = appends || plain.length === 0 ? plain : withMask(plain);
  return [...base, ...conditional.map((entry) => (grants ? entry : { ...entry, rights: entry.rights & 6 }))];
}

/** Gives a new inode what its directory's default list says; the mode it would have had is a further limit. */
export function inheritAcl(parent: Inode, inode: Inode, item: Item): void {
  const defaults = storedEntries(parent, 'default-acl');
  if (defaults === undefined || inode.type === 'symlink') return;
  const mode = inode.mode ?? 0o777;
  const hasMask = defaults.some((entry) => entry.tag === 'mask');
  const limited = defaults.map((entry) => {
    const limit = modeRights(entry, mode, hasMask);
    return limit === undefined ? entry : { ...entry, rights: entry.rights & limit };
  });
  setAccess(inode, limited, item);
  if (inode.type === 'directory') storeFact(inode, 'default-acl', defaults, item);
}

/** The rights that the mode shows for an entry: its group bits are the mask where there is one. */
function modeRights(entry: AclEntry, mode: number, hasMask: boolean): number | undefined {
  switch (entry.tag) {
    case 'user-owner':
      return (mode >> 6) & 7;
    case 'other':
      return mode & 7;
    case 'mask':
      return (mode >> 3) & 7;
    case 'group-owner':
      return hasMask ? undefined : (mode >> 3) & 7;
    default:
      return undefined;
  }
}

/** The list as it stands: later changes of the mode have changed its entries. */
function accessEntries(inode: Inode): AclEntry[] {
  const stored = storedEntries(inode, 'acl') ?? baseEntries(inode.mode);
  const hasMask = stored.some((entry) => entry.tag === 'mask');
  const { mode } = inode;
  if (mode === undefined) return stored;
  return stored.map((entry) => ({ ...entry, rights: modeRights(entry, mode, hasMask) ?? entry.rights }));
}

/** What the mode says as entries; none if it is not known. */
function baseEntries(mode: number | undefined): AclEntry[] {
  if (mode === undefined) return [];
  return [
    { tag: 'user-owner', qualifier: undefined, rights: (mode >> 6) & 7, conditionalExecute: false },
    { tag: 'group-owner', qualifier: undefined, rights: (mode >> 3) & 7, conditionalExecute: false },
    { tag: 'other', qualifier: undefined, rights: mode & 7, conditionalExecute: false },
  ];
}

function merged(old: readonly AclEntry[], added: readonly AclEntry[]): AclEntry[] {
  const list = [...old];
  for (const entry of added) {
    const at = list.findIndex((other) => other.tag === entry.tag && other.qualifier === entry.qualifier);
    if (at === -1) list.push(entry);
    else list[at] = entry;
  }
  return list;
}

/** Entries for single users and groups need a mask; it grants what any of them and the owning group are granted. */
function withMask(entries: readonly AclEntry[]): AclEntry[] {
  const isNamed = (entry: AclEntry) => entry.tag === 'user' || entry.tag === 'group';
  if (entries.some((entry) => entry.tag === 'mask') || !entries.some(isNamed)) return [...entries];
  let rights = 0;
  for (const entry of entries) if (isNamed(entry) || entry.tag === 'group-owner') rights |= entry.rights;
  return [...entries, { tag: 'mask', qualifier: undefined, rights, conditionalExecute: false }];
}

function withBase(entries: readonly AclEntry[], mode: number | undefined): AclEntry[] {
  const missing = baseEntries(mode).filter((base) => !entries.some((entry) => entry.tag === base.tag));
  return [...entries, ...missing];
}

function setAccess(inode: Inode, entries: readonly AclEntry[], item: Item): void {
  const rightsOf = (tag: AclEntry['tag']) => entries.find((entry) => entry.tag === tag)?.rights;
  const group = rightsOf('mask') ?? rightsOf('group-owner') ?? 0;
  const bits = ((rightsOf('user-owner') ?? 0) << 6) | (group << 3) | (rightsOf('other') ?? 0);
  if (inode.mode !== undefined) inode.mode = (inode.mode & 0o7000) | bits;
  storeFact(inode, 'acl', entries, item);
}

function storedEntries(inode: Inode, kind: InodeFact['kind']): AclEntry[] | undefined {
  const fact = inode.facts.find((one) => one.kind === kind);
  return fact === undefined ? undefined : [...(parseAcl(fact.text, storedForm)?.access ?? [])];
}

function storeFact(inode: Inode, kind: InodeFact['kind'], entries: readonly AclEntry[], item: Item): void {
  inode.facts = inode.facts.filter((fact) => fact.kind !== kind);
  inode.addFact({ kind, text: printAclEntries(entries), cause: causeOf(item, 'changed') });
}

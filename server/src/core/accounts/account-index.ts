/** Looking up accounts by name and by id, as every reader of the files does: the first entry wins. */

import type { GroupEntry } from './group.ts';
import type { PasswdEntry } from './passwd.ts';

export interface AccountIndex<Entry> {
  readonly byName: ReadonlyMap<string, Entry>;
  readonly byId: ReadonlyMap<number, Entry>;
}

/** An index of the users of a passwd file. */
export function indexUsers(entries: readonly PasswdEntry[]): AccountIndex<PasswdEntry> {
  return indexAccounts(entries, (entry) => entry.uid);
}

/** An index of the groups of a group file. */
export function indexGroups(entries: readonly GroupEntry[]): AccountIndex<GroupEntry> {
  return indexAccounts(entries, (entry) => entry.gid);
}

function indexAccounts<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  idOf: (entry: Entry) => number,
): AccountIndex<Entry> {
  const byName = new Map<string, Entry>();
  const byId = new Map<number, Entry>();
  for (const entry of entries) {
    if (!byName.has(entry.name)) byName.set(entry.name, entry);
    if (!byId.has(idOf(entry))) byId.set(idOf(entry), entry);
  }
  return { byName, byId };
}

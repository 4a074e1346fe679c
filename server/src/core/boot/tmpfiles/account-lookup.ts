/**
 * Who the user and group columns mean: a number, or a name looked up as semantics.md section 0 says. Offline, the root's own
 * files alone count and only `root` is known without them; at boot NSS also knows the account nobody.
 */

import { parseGroup } from '../../accounts/group.ts';
import { parsePasswd } from '../../accounts/passwd.ts';
import { decodeText } from '../../text/bytes.ts';
import type { Tree } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';

export type Lookup =
  | { readonly kind: 'found'; readonly id: number }
  | { readonly kind: 'missing' }
  /** The files that would tell have unknown content. */
  | { readonly kind: 'unknown' };

interface Database {
  readonly ids: ReadonlyMap<string, number>;
  /** False: a file exists whose content is not known. */
  readonly isKnown: boolean;
}

const NOBODY = 65534;

/** Ids that stand for "no id" (user_is_valid in systemd): 16- and 32-bit minus one. */
function isReserved(id: number): boolean {
  return id === 0xffff || id === 0xffffffff;
}

/** The number if the text is one by systemd's strict rule: decimal, no sign, no leading zero, not reserved. */
export function parseId(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(text)) return undefined;
  const id = Number(text);
  return id > 0xffffffff || isReserved(id) ? undefined : id;
}

/** Looks accounts up in a tree as it is now; each file is read once, at the first name that needs it. */
export class AccountLookup {
  readonly #tree: Tree;
  readonly #inputs: BootInputs;
  #users: Database | undefined;
  #groups: Database | undefined;

  constructor(tree: Tree, inputs: BootInputs) {
    this.#tree = tree;
    this.#inputs = inputs;
  }

  user(name: string): Lookup {
    this.#users ??= this.#read('passwd');
    return this.#find(name, this.#users, 'nobody');
  }

  group(name: string): Lookup {
    this.#groups ??= this.#read('group');
    return this.#find(name, this.#groups, this.#inputs.systemd.build.nobodyGroup);
  }

  #find(name: string, database: Database, nobody: string): Lookup {
    const number = parseId(name);
    if (number !== undefined) return { kind: 'found', id: number };
    if (name === 'root') return { kind: 'found', id: 0 };
    const id = database.ids.get(name);
    if (id !== undefined) return { kind: 'found', id };
    if (this.#inputs.semantics === 'boot' && name === nobody) return { kind: 'found', id: NOBODY };
    return database.isKnown ? { kind: 'missing' } : { kind: 'unknown' };
  }

  #read(file: 'passwd' | 'group'): Database {
    const ids = new Map<string, number>();
    let isKnown = true;
    // rpm-ostree keeps the vendor's accounts in /usr/lib; the tool reads them offline only, at boot NSS may (altfiles).
    const paths = this.#inputs.semantics === 'offline' ? [`/etc/${file}`, `/usr/lib/${file}`] : [`/etc/${file}`];
    for (const path of paths) {
      const inode = this.#tree.lookup(path);
      if (inode?.type !== 'file') continue;
      const content = inode.content;
      if (content.kind === 'unknown') isKnown = false;
      if (content.kind !== 'bytes') continue;
      for (const [name, id] of readAccounts(decodeText(content.bytes), file)) if (!ids.has(name)) ids.set(name, id);
    }
    return { ids, isKnown };
  }
}

function readAccounts(text: string, file: 'passwd' | 'group'): (readonly [string, number])[] {
  if (file === 'passwd') return parsePasswd(text).entries.map((entry) => [entry.name, entry.uid]);
  return parseGroup(text).entries.map((entry) => [entry.name, entry.gid]);
}

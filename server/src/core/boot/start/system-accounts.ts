/**
 * Users and groups as a starting service finds them: /etc/passwd and /etc/group of the moment, what systemd itself knows
 * (root, nobody), and the further sources that nsswitch.conf(5) names, as far as they are files.
 */

import { parseGroup } from '../../accounts/group.ts';
import { parsePasswd } from '../../accounts/passwd.ts';
import type { FileContent } from '../../image/image.ts';
import { decodeText } from '../../text/bytes.ts';
import type { Tree } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';
import { parseId } from '../tmpfiles/account-lookup.ts';

export interface UserAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Undefined: nothing usable (systemd takes `/` for that). */
  readonly home: string | undefined;
  readonly shell: string | undefined;
  /** True for root and nobody, which systemd knows without looking (get_user_creds). */
  readonly isSynthesized: boolean;
}

export interface GroupAccount {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export type AccountAnswer<Account> =
  | { readonly kind: 'found'; readonly account: Account }
  | { readonly kind: 'missing' }
  /** A source that counts cannot be read from here. */
  | { readonly kind: 'unknown' };

const NOBODY = 65534;

/** Sources of nsswitch.conf(5) that are files in the passwd(5) format, with the directory that holds them. */
const fileSources: Readonly<Record<string, string>> = {
  files: '/etc',
  compat: '/etc',
  altfiles: '/usr/lib',
  extrausers: '/var/lib/extrausers',
};

/** Directories of JSON user records that nss-systemd reads (nss-systemd(8), userdb drop-ins). */
const recordDirectories: readonly string[] = ['/etc/userdb', '/run/userdb', '/run/host/userdb', '/usr/lib/userdb'];

/** Sources that are a part of glibc itself (2.34); the others need their module. */
const builtIn: ReadonlySet<string> = new Set(['files', 'compat']);

/** Where glibc looks for modules; below the first also in the directories of multiarch. */
const moduleDirectories: readonly string[] = ['/usr/lib', '/usr/lib64'];

interface Sources {
  /** Directories of passwd and group files, in order. */
  readonly directories: readonly string[];
  readonly hasRecords: boolean;
  /** False: a source that only the running system can ask. */
  readonly isComplete: boolean;
}

interface Table<Account> {
  readonly byName: ReadonlyMap<string, Account>;
  readonly byId: ReadonlyMap<number, Account>;
  readonly isKnown: boolean;
}

/** Looks accounts up in a tree as it is now: a file is read again when its content was replaced. */
export class SystemAccounts {
  readonly #tree: Tree;
  readonly #inputs: BootInputs;
  readonly #users = new Map<string, { readonly content: FileContent; readonly table: Table<UserAccount> }>();
  readonly #groups = new Map<string, { readonly content: FileContent; readonly table: Table<GroupAccount> }>();
  #switch:
    | { readonly content: FileContent | undefined; readonly sources: Readonly<Record<string, Sources>> }
    | undefined;

  constructor(tree: Tree, inputs: BootInputs) {
    this.#tree = tree;
    this.#inputs = inputs;
  }

  /** As `User=` is resolved: a number needs an account of that id, except root's and nobody's (systemd.exec(5)). */
  user(name: string): AccountAnswer<UserAccount> {
    const id = parseId(name);
    if (name === 'root' || id === 0) {
      return { kind: 'found', account: synthesized('root', 0, '/root', '/bin/sh') };
    }
    if (name === 'nobody' || id === NOBODY) {
      return { kind: 'found', account: synthesized('nobody', NOBODY, undefined, undefined) };
    }
    return this.#search(
      'passwd',
      (directory) => this.#userTable(`${directory}/passwd`),
      (table) => (id === undefined ? table.byName.get(name) : table.byId.get(id)),
      () => this.#userRecord(name, id),
    );
  }

  /** As `Group=` and `SupplementaryGroups=` are resolved. */
  group(name: string): AccountAnswer<GroupAccount> {
    const id = parseId(name);
    if (name === 'root' || id === 0) return { kind: 'found', account: { name: 'root', gid: 0, members: [] } };
    const nobody = this.#inputs.systemd.build.nobodyGroup;
    if (name === nobody || id === NOBODY) {
      return { kind: 'found', account: { name: nobody, gid: NOBODY, members: [] } };
    }
    return this.#search(
      'group',
      (directory) => this.#groupTable(`${directory}/group`),
      (table) => (id === undefined ? table.byName.get(name) : table.byId.get(id)),
      () => this.#groupRecord(name, id),
    );
  }

  /** Groups that list a user as a member; undefined if that cannot be told. */
  groupsOf(user: string): readonly number[] | undefined {
    const sources = this.#sources().group;
    if (sources === undefined || !sources.isComplete) return undefined;
    const gids: number[] = [];
    for (const directory of sources.directories) {
      const table = this.#groupTable(`${directory}/group`);
      if (!table.isKnown) return undefined;
      for (const group of table.byName.values()) if (group.members.includes(user)) gids.push(group.gid);
    }
    return gids;
  }

  #search<Account>(
    database: 'passwd' | 'group',
    tableOf: (directory: string) => Table<Account>,
    find: (table: Table<Account>) => Account | undefined,
    findRecord: () => Account | undefined,
  ): AccountAnswer<Account> {
    const sources = this.#sources()[database];
    let isKnown = sources?.isComplete ?? false;
    for (const directory of sources?.directories ?? ['/etc']) {
      const table = tableOf(directory);
      const account = find(table);
      if (account !== undefined) return { kind: 'found', account };
      if (!table.isKnown) isKnown = false;
    }
    const record = sources?.hasRecords === true ? findRecord() : undefined;
    if (record !== undefined) return { kind: 'found', account: record };
    return { kind: isKnown ? 'missing' : 'unknown' };
  }

  #sources(): Readonly<Record<string, Sources>> {
    const inode = this.#tree.lookup('/etc/nsswitch.conf');
    const content = inode?.type === 'file' ? inode.content : undefined;
    if (this.#switch === undefined || this.#switch.content !== content) {
      this.#switch = { content, sources: readSources(content, (name) => this.#hasModule(name)) };
    }
    return this.#switch.sources;
  }

  /** A source without its module is passed over (nss(5)). A tree that shows no C library does not show modules either. */
  #hasModule(source: string): boolean {
    return builtIn.has(source) || this.#hasLibrary(`libnss_${source}.so.2`) || !this.#hasLibrary('libc.so.6');
  }

  #hasLibrary(file: string): boolean {
    for (const directory of moduleDirectories) {
      const inode = this.#tree.lookup(directory);
      if (inode?.type !== 'directory') continue;
      if (inode.child(file) !== undefined) return true;
      for (const name of inode.names()) {
        if (name.includes('-linux-') && this.#tree.lookup(`${directory}/${name}/${file}`) !== undefined) return true;
      }
    }
    return false;
  }

  #userTable(path: string): Table<UserAccount> {
    return this.#table(path, this.#users, (text) =>
      parsePasswd(text).entries.map((entry) => ({
        id: entry.uid,
        account: {
          name: entry.name,
          uid: entry.uid,
          gid: entry.gid,
          home: entry.home.startsWith('/') && !/^\/+$/.test(entry.home) ? entry.home : undefined,
          shell: entry.shell === '' ? undefined : entry.shell,
          isSynthesized: false,
        },
      })),
    );
  }

  #groupTable(path: string): Table<GroupAccount> {
    return this.#table(path, this.#groups, (text) =>
      parseGroup(text).entries.map((entry) => ({
        id: entry.gid,
        account: { name: entry.name, gid: entry.gid, members: entry.members },
      })),
    );
  }

  #table<Account extends { readonly name: string }>(
    path: string,
    cache: Map<string, { readonly content: FileContent; readonly table: Table<Account> }>,
    read: (text: string) => readonly { readonly id: number; readonly account: Account }[],
  ): Table<Account> {
    const inode = this.#tree.lookup(path);
    if (inode?.type !== 'file') return { byName: new Map(), byId: new Map(), isKnown: true };
    const content = inode.content;
    const cached = cache.get(path);
    if (cached?.content === content) return cached.table;
    const byName = new Map<string, Account>();
    const byId = new Map<number, Account>();
    if (content.kind === 'bytes') {
      for (const { id, account } of read(decodeText(content.bytes))) {
        if (!byName.has(account.name)) byName.set(account.name, account);
        if (!byId.has(id)) byId.set(id, account);
      }
    }
    const table = { byName, byId, isKnown: content.kind === 'bytes' };
    cache.set(path, { content, table });
    return table;
  }

  #userRecord(name: string, id: number | undefined): UserAccount | undefined {
    const record = this.#record(`${id ?? name}.user`);
    if (record === undefined) return undefined;
    const { uid, gid } = record;
    if (typeof uid !== 'number') return undefined;
    const home = record.homeDirectory;
    return {
      name: typeof record.userName === 'string' ? record.userName : name,
      uid,
      gid: typeof gid === 'number' ? gid : uid,
      home: typeof home === 'string' && home.startsWith('/') && home !== '/' ? home : undefined,
      shell: typeof record.shell === 'string' ? record.shell : undefined,
      isSynthesized: false,
    };
  }

  #groupRecord(name: string, id: number | undefined): GroupAccount | undefined {
    const record = this.#record(`${id ?? name}.group`);
    if (record === undefined || typeof record.gid !== 'number') return undefined;
    return { name: typeof record.groupName === 'string' ? record.groupName : name, gid: record.gid, members: [] };
  }

  #record(fileName: string): Readonly<Record<string, unknown>> | undefined {
    if (fileName.includes('/')) return undefined;
    for (const directory of recordDirectories) {
      const inode = this.#tree.lookup(`${directory}/${fileName}`);
      if (inode?.type !== 'file' || inode.content.kind !== 'bytes') continue;
      const record = parseObject(decodeText(inode.content.bytes));
      if (record !== undefined) return record;
    }
    return undefined;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function synthesized(name: string, id: number, home: string | undefined, shell: string | undefined): UserAccount {
  return { name, uid: id, gid: id, home, shell, isSynthesized: true };
}

/** Without nsswitch.conf glibc asks the files alone (since 2.33; before, "files" as well for these two). */
const defaultSources: Sources = { directories: ['/etc'], hasRecords: false, isComplete: true };

function readSources(
  content: FileContent | undefined,
  hasModule: (source: string) => boolean,
): Readonly<Record<string, Sources>> {
  if (content === undefined) return { passwd: defaultSources, group: defaultSources };
  const unknown = { ...defaultSources, isComplete: false };
  if (content.kind !== 'bytes') return { passwd: unknown, group: unknown };
  const found: Record<string, Sources> = { passwd: defaultSources, group: defaultSources };
  for (const line of decodeText(content.bytes).split('\n')) {
    const match = /^[ \t]*(passwd|group)[ \t]*:([^#]*)/.exec(line);
    if (match?.[1] === undefined) continue;
    const names = (match[2] ?? '').replace(/\[[^\]]*\]/g, ' ').split(/[ \t]+/);
    const sources = names.filter((name) => name !== '' && hasModule(name));
    found[match[1]] = {
      directories: sources.flatMap((name) => (Object.hasOwn(fileSources, name) ? [fileSources[name] ?? '/etc'] : [])),
      hasRecords: sources.includes('systemd'),
      isComplete: sources.every((name) => Object.hasOwn(fileSources, name) || name === 'systemd'),
    };
  }
  return found;
}

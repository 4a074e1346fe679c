/**
 * What all sysusers.d files together declare: users, groups, memberships and ranges, in reading order, the first of equal
 * names kept (semantics 3.2, sysusers.d(5)).
 */

import type { GroupEntry, SysusersEntry, UserEntry } from '../../formats/sysusers/syntax.ts';
import type { Message, Place } from '../../problems/problem.ts';
import { joinPath, type Tree } from '../../tree/tree.ts';
import type { Systemd } from '../../versions/systemd.ts';
import { IdRanges } from './id-ranges.ts';

/** A user or group that is to exist, and what became of it so far. */
export interface Declaration {
  readonly name: string;
  /** The `u` or `g` line's meaning; for one that only an `m` line implies, as if it were a plain line. */
  readonly entry: UserEntry | GroupEntry;
  /** The line that declares or implies it. */
  readonly place: Place;
  readonly isImplied: boolean;
  uid: number | undefined;
  gid: number | undefined;
  /** True if the group is not the user's own, so that a clash of its id with the user's does not matter. */
  hasFixedGroup: boolean;
  createsUser: boolean;
  createsGroup: boolean;
}

export class Declarations {
  readonly users = new Map<string, Declaration>();
  readonly groups = new Map<string, Declaration>();
  /** The line that names each member first, by group and member, both in reading order. */
  readonly members = new Map<string, Map<string, Place>>();
  readonly ranges = new IdRanges();
  readonly #tree: Tree;
  readonly #systemd: Systemd;

  constructor(tree: Tree, systemd: Systemd) {
    this.#tree = tree;
    this.#systemd = systemd;
  }

  /** Takes a line's entry. Returns the message if it conflicts with an earlier line and is dropped. */
  add(entry: SysusersEntry, place: Place): Message | undefined {
    switch (entry.kind) {
      case 'range':
        this.ranges.add(entry.from, entry.to);
        return undefined;
      case 'member': {
        const members = this.members.get(entry.group);
        if (members === undefined) this.members.set(entry.group, new Map([[entry.user, place]]));
        else if (!members.has(entry.user)) members.set(entry.user, place);
        return undefined;
      }
      case 'user':
      case 'group': {
        const known = entry.kind === 'user' ? this.users : this.groups;
        const earlier = known.get(entry.name);
        if (earlier === undefined) {
          known.set(entry.name, declare(entry, place, false));
          return undefined;
        }
        return this.#isEquivalent(entry, earlier.entry) ? undefined : conflict(entry, place, earlier);
      }
      default:
        return entry satisfies never;
    }
  }

  /** Declares the users and groups that only `m` lines name, after all others. */
  addImplied(): void {
    for (const [group, members] of this.members) {
      for (const [user, place] of members) {
        if (!this.users.has(user)) this.users.set(user, declare(plainUser(user), place, true));
      }
      const [first] = members.values();
      if (first !== undefined && !this.users.has(group) && !this.groups.has(group)) {
        const entry: GroupEntry = { kind: 'group', name: group, gid: undefined, idPath: undefined };
        this.groups.set(group, declare(entry, first, true));
      }
    }
  }

  /** The shell that a user line comes to. `uid` is the user's id if it is known already. */
  shellOf(user: UserEntry, uid: number | undefined): string {
    if (user.shell !== undefined) return user.shell;
    const { noLogin, rootShell } = this.#systemd.build;
    if (uid !== 0) return noLogin;
    return this.#tree.walk(rootShell).kind === 'found' ? rootShell : '/bin/sh';
  }

  #isEquivalent(a: UserEntry | GroupEntry, b: UserEntry | GroupEntry): boolean {
    if (a.gid !== b.gid || a.idPath !== b.idPath) return false;
    if (a.kind !== 'user' || b.kind !== 'user') return a.kind === b.kind;
    if (a.uid !== b.uid || a.gecos !== b.gecos || a.home !== b.home) return false;
    return this.#isSameShell(this.shellOf(a, a.uid), this.shellOf(b, b.uid));
  }

  #isSameShell(a: string, b: string): boolean {
    if (a === b || (noLoginShells.has(a) && noLoginShells.has(b))) return true;
    const [realA, realB] = [this.#resolve(a), this.#resolve(b)];
    return realA !== undefined && realA === realB;
  }

  /** Where a path leads, whether it exists or not. */
  #resolve(path: string): string | undefined {
    const found = this.#tree.walk(path);
    if (found.kind === 'found') return found.path;
    return found.kind === 'missing' ? joinPath(found.path, found.missing.join('/')) : undefined;
  }
}

/** All of these only end a login, so systemd does not tell them apart. */
const noLoginShells: ReadonlySet<string> = new Set(
  ['nologin', 'false', 'true'].flatMap((name) => [
    `/bin/${name}`,
    `/usr/bin/${name}`,
    ...(name === 'nologin' ? [`/sbin/${name}`, `/usr/sbin/${name}`] : []),
  ]),
);

function plainUser(name: string): UserEntry {
  const none = { uid: undefined, gid: undefined, groupName: undefined, idPath: undefined };
  return {
    kind: 'user',
    name,
    ...none,
    gecos: undefined,
    home: undefined,
    shell: undefined,
    isLocked: false,
    unknown: [],
  };
}

function declare(entry: UserEntry | GroupEntry, place: Place, isImplied: boolean): Declaration {
  return {
    name: entry.name,
    entry,
    place,
    isImplied,
    uid: entry.kind === 'user' ? entry.uid : undefined,
    gid: entry.gid,
    hasFixedGroup: entry.kind === 'user' && entry.gid !== undefined,
    createsUser: false,
    createsGroup: false,
  };
}

function conflict(entry: UserEntry | GroupEntry, place: Place, earlier: Declaration): Message {
  return {
    code: 'conflicting-line',
    severity: 'warning',
    phase: 'sysusers',
    text: `${entry.kind} "${entry.name}" was declared differently before, so this line is ignored`,
    place,
    related: [{ ...earlier.place, message: `the line that counts for ${entry.kind} "${entry.name}"` }],
    subject: entry.name,
  };
}

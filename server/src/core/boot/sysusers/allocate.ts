/** Choosing ids for the declared users and groups: explicit, from a path, from each other, or the next free one. */

import type { AccountIndex } from '../../accounts/account-index.ts';
import type { GroupEntry } from '../../accounts/group.ts';
import type { PasswdEntry } from '../../accounts/passwd.ts';
import type { Message, MessageSeverity } from '../../problems/problem.ts';
import type { Tree } from '../../tree/tree.ts';
import { walkFromOutside } from '../../tree/walk-from-outside.ts';
import type { BootInputs } from '../boot-inputs.ts';
import type { Declaration, Declarations } from './declarations.ts';

/** Why an account has the id that it has. */
export interface IdChoice {
  /**
   * `explicit`: the line says so; `path`: owner of the file that the line names; `group`: a user took its group's id;
   * `user`: a group took its user's id; `automatic`: the next free one.
   */
  readonly from: 'explicit' | 'path' | 'group' | 'user' | 'automatic';
  /** The id that the line asked for, if another account has it. */
  readonly taken?: number;
}

/** The accounts that are to be created, in the order in which they were queued, by their id. */
export interface Allocation {
  readonly users: Map<number, Declaration>;
  readonly groups: Map<number, Declaration>;
  readonly userIds: ReadonlyMap<Declaration, IdChoice>;
  readonly groupIds: ReadonlyMap<Declaration, IdChoice>;
}

interface AccountDatabase {
  readonly users: AccountIndex<PasswdEntry>;
  readonly groups: AccountIndex<GroupEntry>;
}

/** Gives every declared account its ids: all groups in reading order, then all users. */
export function allocateIds(
  tree: Tree,
  inputs: BootInputs,
  declarations: Declarations,
  database: AccountDatabase,
  messages: Message[],
): Allocation {
  const allocator = new Allocator(tree, inputs, declarations, database, messages);
  for (const group of declarations.groups.values()) allocator.addGroup(group);
  for (const user of declarations.users.values()) allocator.processUser(user);
  return allocator;
}

class Allocator implements Allocation {
  readonly users = new Map<number, Declaration>();
  readonly groups = new Map<number, Declaration>();
  readonly userIds = new Map<Declaration, IdChoice>();
  readonly groupIds = new Map<Declaration, IdChoice>();
  readonly #tree: Tree;
  readonly #inputs: BootInputs;
  readonly #declarations: Declarations;
  readonly #database: AccountDatabase;
  readonly #messages: Message[];

  constructor(
    tree: Tree,
    inputs: BootInputs,
    declarations: Declarations,
    database: AccountDatabase,
    messages: Message[],
  ) {
    this.#tree = tree;
    this.#inputs = inputs;
    this.#declarations = declarations;
    this.#database = database;
    this.#messages = messages;
  }

  processUser(user: Declaration): void {
    const groupName = user.entry.kind === 'user' ? user.entry.groupName : undefined;
    let queued: Declaration | undefined;
    if (user.gid === undefined) {
      queued = this.#declarations.groups.get(groupName ?? user.name);
      // A group that a user line creates along with its user counts as well.
      if (queued === undefined && groupName !== undefined) queued = this.#declarations.users.get(groupName);
    }
    if (queued?.createsGroup) {
      user.gid = queued.gid;
      user.hasFixedGroup = true;
    } else if (groupName !== undefined) {
      const group = this.#database.groups.byName.get(groupName);
      if (group === undefined) {
        const text = `there is no group "${groupName}", so user "${user.name}" is not created`;
        this.#say('group-not-found', 'error', user, text);
        return;
      }
      user.gid = group.gid;
      user.hasFixedGroup = true;
    } else if (!this.addGroup(user)) return;
    this.#addUser(user);
  }

  /** Makes sure that the group of a declaration exists. False if it cannot. */
  addGroup(item: Declaration): boolean {
    const existing = this.#database.groups.byName.get(item.name);
    if (existing !== undefined) {
      item.gid = existing.gid;
      return true;
    }
    let choice: IdChoice | undefined;
    let taken: number | undefined;
    if (item.gid !== undefined) {
      const isFree = this.#isGidFree(item.gid, item.name, false);
      if (item.hasFixedGroup) {
        if (!isFree) return true;
        const text = `no group has the id ${item.gid} that "${item.name}" is to have, and a group line must create it first`;
        this.#say('group-id-missing', 'error', item, text);
        return false;
      }
      if (isFree) choice = { from: 'explicit' };
      else {
        taken = item.gid;
        const text = `the id ${item.gid} wanted for group "${item.name}" is used already, so it gets another one`;
        this.#say('group-id-taken', 'info', item, text);
        item.gid = undefined;
      }
    }
    if (choice === undefined && item.uid !== undefined && this.#isGidFree(item.uid, item.name, true)) {
      item.gid = item.uid;
      choice = { from: 'user' };
    }
    if (choice === undefined) {
      const candidate = this.#ownerOfPath(item)?.gid;
      if (candidate !== undefined && this.#isSuitable(candidate) && this.#isGidFree(candidate, item.name, true)) {
        item.gid = candidate;
        choice = { from: 'path' };
      }
    }
    if (choice === undefined) {
      item.gid = this.#nextId((id) => this.#isGidFree(id, item.name, true));
      if (item.gid === undefined) {
        this.#say('no-free-id', 'error', item, `no id is left for group "${item.name}", so it is not created`);
        return false;
      }
      choice = { from: 'automatic' };
    }
    const gid = item.gid ?? 0;
    this.groups.set(gid, item);
    this.groupIds.set(item, taken === undefined ? choice : { ...choice, taken });
    item.createsGroup = true;
    this.#say('creating-group', 'info', item, `group "${item.name}" is created with id ${gid}`);
    return true;
  }

  #addUser(item: Declaration): void {
    const existing = this.#database.users.byName.get(item.name);
    if (existing !== undefined) {
      item.uid = existing.uid;
      return;
    }
    let choice: IdChoice | undefined;
    let taken: number | undefined;
    if (item.uid !== undefined) {
      if (this.#isUidFree(item.uid, item.name, !item.hasFixedGroup)) choice = { from: 'explicit' };
      else {
        taken = item.uid;
        const text = `the id ${item.uid} wanted for user "${item.name}" is used already, so it gets another one`;
        this.#say('user-id-taken', 'info', item, text);
        item.uid = undefined;
      }
    }
    if (choice === undefined) {
      const candidate = this.#ownerOfPath(item)?.uid;
      if (candidate !== undefined && this.#isSuitable(candidate) && this.#isUidFree(candidate, item.name, true)) {
        item.uid = candidate;
        choice = { from: 'path' };
      }
    }
    if (choice === undefined && item.gid !== undefined && this.#isUidFree(item.gid, item.name, true)) {
      item.uid = item.gid;
      choice = { from: 'group' };
    }
    if (choice === undefined) {
      item.uid = this.#nextId((id) => this.#isUidFree(id, item.name, true));
      if (item.uid === undefined) {
        this.#say('no-free-id', 'error', item, `no id is left for user "${item.name}", so it is not created`);
        return;
      }
      choice = { from: 'automatic' };
    }
    const uid = item.uid ?? 0;
    this.users.set(uid, item);
    this.userIds.set(item, taken === undefined ? choice : { ...choice, taken });
    item.createsUser = true;
    this.#say('creating-user', 'info', item, `user "${item.name}" is created with id ${uid} and group ${item.gid}`);
  }

  /** `withGroups`: the number must not be the id of a group of another name either. */
  #isUidFree(uid: number, name: string, withGroups: boolean): boolean {
    if (this.users.has(uid) || this.#database.users.byId.has(uid)) return false;
    if (!withGroups) return true;
    const queued = this.groups.get(uid);
    const existing = this.#database.groups.byId.get(uid);
    return (queued === undefined || queued.name === name) && (existing === undefined || existing.name === name);
  }

  /** `withUsers`: the number must not be the id of a user of another name either (before 257: of any user). */
  #isGidFree(gid: number, name: string, withUsers: boolean): boolean {
    if (this.groups.has(gid) || this.#database.groups.byId.has(gid)) return false;
    if (!withUsers) return true;
    const queued = this.users.get(gid);
    const existing = this.#database.users.byId.get(gid);
    if (!this.#inputs.systemd.has('sysusers-group-takes-user-id'))
      return queued === undefined && existing === undefined;
    // At boot NSS is asked too, and a user that it knows by the id is in the way whatever its name.
    if (existing !== undefined && this.#inputs.semantics === 'boot') return false;
    return (queued === undefined || queued.name === name) && (existing === undefined || existing.name === name);
  }

  #isSuitable(id: number): boolean {
    return id > 0 && this.#declarations.ranges.has(id);
  }

  #nextId(isFree: (id: number) => boolean): number | undefined {
    for (let id = this.#declarations.ranges.next(); id !== undefined; id = this.#declarations.ranges.next()) {
      if (isFree(id)) return id;
    }
    return undefined;
  }

  #ownerOfPath(item: Declaration): { readonly uid: number | undefined; readonly gid: number | undefined } | undefined {
    const path = item.entry.idPath;
    if (path === undefined) return undefined;
    const { semantics, systemd } = this.#inputs;
    const staysInside = semantics === 'boot' || systemd.has('sysusers-id-path-in-root');
    const walk = staysInside ? this.#tree.walk(path) : walkFromOutside(this.#tree, path);
    return walk.kind === 'found' ? walk.inode : undefined;
  }

  #say(code: string, severity: MessageSeverity, item: Declaration, text: string): void {
    this.#messages.push({ code, severity, phase: 'sysusers', text, place: item.place, subject: item.name });
  }
}

/** What a set offers to completion: accounts, units, paths. Each list is made once a set, when it is first asked for. */

import type { Outcome } from '../../core/boot/start/unit-outcome.ts';
import { readGroup, readPasswd } from '../../core/boot/sysusers/write-databases.ts';
import { listUnitNames } from '../../core/layering/unit-files.ts';
import type { Cause } from '../../core/problems/problem.ts';
import { compareBytes } from '../../core/text/bytes.ts';
import { Tree } from '../../core/tree/tree.ts';
import type { CheckedSet } from '../../workspace/checked-set.ts';

/** A user or group after the boot, or one that is asked for and nobody makes. */
export interface AccountRow {
  readonly name: string;
  readonly detail: string;
  /** A file of the set makes it. */
  readonly isOwn: boolean;
}

export interface UnitRow {
  readonly name: string;
  /** What the boot does with it, if it is loaded. */
  readonly detail: string | undefined;
  readonly isOwn: boolean;
}

export class SetOffers {
  /** The image as it is shipped. */
  readonly shipped: Tree;
  readonly #set: CheckedSet;
  #users: readonly AccountRow[] | undefined;
  #groups: readonly AccountRow[] | undefined;
  #wanted: { readonly users: readonly string[]; readonly groups: readonly string[] } | undefined;
  #units: readonly UnitRow[] | undefined;

  constructor(set: CheckedSet) {
    this.#set = set;
    this.shipped = new Tree(set.image.root);
  }

  /** Users after the boot, the set's own first. */
  get users(): readonly AccountRow[] {
    this.#users ??= this.#accounts('users');
    return this.#users;
  }

  get groups(): readonly AccountRow[] {
    this.#groups ??= this.#accounts('groups');
    return this.#groups;
  }

  /** Names that units and tmpfiles.d lines ask for and that no account has after the boot. */
  get wanted(): { readonly users: readonly string[]; readonly groups: readonly string[] } {
    this.#wanted ??= this.#findWanted();
    return this.#wanted;
  }

  /** Units that have a file or that the manager makes up; the set's own first. */
  get units(): readonly UnitRow[] {
    this.#units ??= this.#findUnits();
    return this.#units;
  }

  #accounts(which: 'users' | 'groups'): readonly AccountRow[] {
    const { simulation, inputs, image } = this.#set;
    const { sysusers, units } = simulation;
    let rows: readonly { readonly name: string; readonly id: number; readonly cause?: Cause | undefined }[];
    if (sysusers.kind === 'ran') {
      rows =
        which === 'users'
          ? sysusers.result.users.map(({ entry, cause }) => ({ name: entry.name, id: entry.uid, cause }))
          : sysusers.result.groups.map(({ entry, cause }) => ({ name: entry.name, id: entry.gid, cause }));
    } else {
      // Nothing makes accounts, so there are those that the files have.
      const read = which === 'users' ? readPasswd(units.finalTree, inputs) : readGroup(units.finalTree, inputs);
      const entries = 'failure' in read ? [] : read.entries;
      rows = entries.map((entry) => ({ name: entry.name, id: 'uid' in entry ? entry.uid : entry.gid }));
    }
    if (!rows.some(({ name }) => name === 'root')) rows = [{ name: 'root', id: 0 }, ...rows];
    return ownFirst(
      rows.map(({ name, id, cause }) => ({
        name,
        detail: cause === undefined ? `id ${id}` : `id ${id}, ${cause.file}`,
        isOwn: cause !== undefined && image.isOwn(cause.file),
      })),
    );
  }

  #findWanted(): { readonly users: readonly string[]; readonly groups: readonly string[] } {
    const users = new Set<string>();
    const groups = new Set<string>();
    for (const { unit } of this.#set.simulation.units.outcomes) {
      const section = unit.ownSection;
      if (/^(?:1|yes|y|true|t|on)$/i.test(unit.last(section, 'DynamicUser')?.entry.value ?? '')) continue;
      const names = (key: string) => unit.list(section, key).flatMap(({ entry }) => entry.value.split(/\s+/));
      for (const name of [...names('User'), ...names('SocketUser')]) users.add(name);
      for (const name of [...names('Group'), ...names('SupplementaryGroups'), ...names('SocketGroup')]) {
        groups.add(name);
      }
    }
    for (const { code, place } of this.#set.simulation.messages) {
      if ((code !== 'unknown-user' && code !== 'unknown-group') || place?.span === undefined) continue;
      const name = this.#set.result.context.source(place.file)?.slice(place.span) ?? '';
      (code === 'unknown-user' ? users : groups).add(name.replace(/^:/, ''));
    }
    const missing = (names: ReadonlySet<string>, known: readonly AccountRow[]) => {
      const have = new Set(known.map(({ name }) => name));
      return [...names].filter((name) => /^[A-Za-z_][\w.-]*\$?$/.test(name) && !have.has(name)).sort(compareBytes);
    };
    return { users: missing(users, this.users), groups: missing(groups, this.groups) };
  }

  #findUnits(): readonly UnitRow[] {
    const { simulation, image, inputs } = this.#set;
    const rows = new Map<string, UnitRow>();
    for (const [name, path] of listUnitNames(simulation.tree, inputs)) {
      rows.set(name, { name, detail: undefined, isOwn: image.isOwn(path) });
    }
    for (const { unit, outcome } of simulation.units.outcomes) {
      if (unit.loadState === 'not-found') continue;
      const own = unit.fragmentPath !== undefined && image.isOwn(unit.fragmentPath);
      for (const name of unit.names) rows.set(name, { name, detail: outcomeWords[outcome], isOwn: own });
    }
    return ownFirst([...rows.values()].sort((a, b) => compareBytes(a.name, b.name)));
  }
}

const outcomeWords: Readonly<Record<Outcome, string>> = {
  active: 'starts at boot',
  ran: 'runs at boot',
  failed: 'fails at boot',
  'dep-failed': 'a dependency fails at boot',
  'assert-failed': 'an assertion fails at boot',
  skipped: 'skipped at boot',
  idle: 'not started at boot',
  unloaded: 'not started at boot',
  absent: 'no unit file',
  masked: 'masked',
  unknown: 'unknown whether it starts',
};

function ownFirst<Row extends { readonly isOwn: boolean }>(rows: readonly Row[]): readonly Row[] {
  return [...rows.filter(({ isOwn }) => isOwn), ...rows.filter(({ isOwn }) => !isOwn)];
}

const offers = new WeakMap<CheckedSet, SetOffers>();

export function offersOf(set: CheckedSet): SetOffers {
  let index = offers.get(set);
  if (index === undefined) {
    index = new SetOffers(set);
    offers.set(set, index);
  }
  return index;
}

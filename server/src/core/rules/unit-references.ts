/**
 * Which units name which paths and accounts in their settings, drop-ins included, so that a finding about a path or a user can
 * say who suffers. Whether such a unit really fails is decided elsewhere (core/boot/start).
 */

import type { Place } from '../problems/problem.ts';
import { compareBytes } from '../text/bytes.ts';
import { accountSettings, directorySettings } from '../units/naming-settings.ts';
import type { Unit } from '../units/unit.ts';
import type { RuleContext } from './rule-context.ts';

export interface UnitReference {
  readonly unit: string;
  /** The path named or made; empty for accounts. */
  readonly path: string;
  readonly setting: string;
  readonly place: Place;
}

/** Settings whose paths a unit does not need: conditions ask, and documentation only tells. */
const harmless =
  /^(Condition|Assert|Documentation$|Description$|RequiresMountsFor$|WantsMountsFor$|InaccessiblePaths$)/;

export class UnitReferences {
  readonly #paths = new Map<string, UnitReference[]>();
  readonly #accounts = new Map<string, UnitReference[]>();
  /** Paths that a unit's own *Directory= settings make. */
  readonly #made = new Map<string, UnitReference[]>();
  readonly #wanted = new Set<string>();

  constructor(context: RuleContext) {
    const { outcomes, transaction } = context.simulation.units;
    for (const { unit, activatedBy } of outcomes) {
      if (transaction.jobs.has(unit) || activatedBy.length > 0) this.#wanted.add(unit.name);
      if (unit.type !== 'target' && unit.type !== 'slice') this.#read(unit);
    }
  }

  /** Wanted units that name a path, or one below it. Sorted by unit. */
  needing(path: string): UnitReference[] {
    const found: UnitReference[] = [];
    for (const [named, references] of this.#paths) {
      if (named === path || named.startsWith(`${path}/`))
        found.push(...references.filter(({ unit }) => this.isWanted(unit)));
    }
    return found.sort((a, b) => compareBytes(a.unit, b.unit));
  }

  /** Wanted units that run as, or are owned by, an account. */
  usingAccount(kind: 'user' | 'group', name: string): UnitReference[] {
    return (this.#accounts.get(`${kind} ${name}`) ?? []).filter(({ unit }) => this.isWanted(unit));
  }

  /** Units whose StateDirectory= and the like make a path or something below it. */
  making(path: string): UnitReference[] {
    const found: UnitReference[] = [];
    for (const [made, references] of this.#made) {
      if (made === path || made.startsWith(`${path}/`)) found.push(...references);
    }
    return found;
  }

  /** True if the boot starts the unit, or something may start it later. */
  isWanted(unit: string): boolean {
    return this.#wanted.has(unit);
  }

  #read(unit: Unit): void {
    for (const file of unit.files) {
      for (const section of file.document.sections) {
        if (section.name !== unit.ownSection) continue;
        for (const entry of section.entries) {
          if (harmless.test(entry.key)) continue;
          for (const match of entry.value.matchAll(/[^\s"'=:,;]+/g)) {
            const span = { start: match.index, end: match.index + match[0].length };
            const place = unit.place({ path: file.path, entry }, span);
            this.#note(match[0], { unit: unit.name, setting: entry.key, place });
          }
        }
      }
    }
  }

  #note(word: string, reference: Omit<UnitReference, 'path'>): void {
    const account = accountSettings[reference.setting];
    const directory = directorySettings[reference.setting];
    if (account !== undefined) {
      add(this.#accounts, `${account} ${word}`, { ...reference, path: '' });
      return;
    }
    const path =
      directory === undefined ? /^[+@!|]*(\/[^%*?$]+)$/.exec(word)?.[1]?.replace(/\/+$/, '') : `${directory}/${word}`;
    // `-` in front forgives a missing path in every setting that takes paths.
    if (path === undefined || path === '' || word.startsWith('-')) return;
    add(directory === undefined ? this.#paths : this.#made, path, { ...reference, path });
  }
}

function add(map: Map<string, UnitReference[]>, key: string, reference: UnitReference): void {
  const references = map.get(key);
  if (references === undefined) map.set(key, [reference]);
  else references.push(reference);
}

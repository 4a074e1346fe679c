/** What the simulation of a set found, by the names that features ask for. Made once a simulation, each table when first used. */

import type { EnablementLink, UnitPreset } from '../core/boot/preset/run-presets.ts';
import { SystemAccounts } from '../core/boot/start/system-accounts.ts';
import type { UnitOutcome } from '../core/boot/start/unit-outcome.ts';
import type { LineOutcome } from '../core/boot/tmpfiles/run-tmpfiles.ts';
import type { LocatedFinding } from '../core/problems/problem.ts';
import type { Tree } from '../core/tree/tree.ts';
import type { CheckedSet } from '../workspace/checked-set.ts';

export class SetFacts {
  readonly set: CheckedSet;
  readonly #outcomes: () => ReadonlyMap<string, UnitOutcome>;
  readonly #presets: () => ReadonlyMap<string, UnitPreset>;
  readonly #presetsByLine: () => ReadonlyMap<string, readonly UnitPreset[]>;
  readonly #links: () => ReadonlyMap<string, readonly EnablementLink[]>;
  readonly #sufferers: () => ReadonlyMap<string, readonly UnitOutcome[]>;
  readonly #findings: () => ReadonlyMap<string, readonly LocatedFinding[]>;
  readonly #lines: () => ReadonlyMap<string, readonly LineOutcome[]>;
  readonly #accounts: () => SystemAccounts;
  readonly #shippedAccounts: () => SystemAccounts;

  constructor(set: CheckedSet) {
    this.set = set;
    const { simulation } = set;
    const outcomes = () => simulation.units.outcomes;
    const preset = simulation.presets.kind === 'ran' ? simulation.presets.result : undefined;
    this.#outcomes = once(() => {
      const byName = new Map<string, UnitOutcome>();
      for (const outcome of outcomes()) {
        for (const name of outcome.unit.names) byName.set(name, outcome);
        byName.set(outcome.unit.name, outcome);
      }
      return byName;
    });
    this.#presets = once(() => new Map((preset?.units ?? []).map((unit) => [unit.unit, unit])));
    this.#presetsByLine = once(() =>
      groupBy(preset?.units ?? [], ({ rule }) => (rule === undefined ? [] : [lineKey(rule.file, rule.line ?? 0)])),
    );
    this.#links = once(() => groupBy(preset?.links ?? [], ({ unit }) => [unit]));
    this.#sufferers = once(() => groupBy(outcomes(), ({ obstacles }) => obstacles.map(({ subject }) => subject)));
    this.#findings = once(() =>
      // Findings about units name the unit before what it misses.
      groupBy(set.result.findings, ({ subject = '' }) => [subject, subject.slice(subject.indexOf(' ') + 1)]),
    );
    this.#lines = once(() => groupBy(set.result.context.tmpfilesOutcomes(), ({ file }) => [file]));
    this.#accounts = once(() => new SystemAccounts(this.tree, simulation.inputs));
    this.#shippedAccounts = once(() => new SystemAccounts(this.shipped, simulation.inputs));
  }

  /** As it stands when all start jobs are done. */
  get tree(): Tree {
    return this.set.simulation.units.finalTree;
  }

  /** The image as it was shipped. */
  get shipped(): Tree {
    return this.set.result.context.shipped;
  }

  get isPartial(): boolean {
    return this.set.image.completeness === 'partial';
  }

  /** By any of its names. */
  outcome(unit: string): UnitOutcome | undefined {
    return this.#outcomes().get(unit);
  }

  preset(unit: string): UnitPreset | undefined {
    return this.#presets().get(unit);
  }

  /** False for a unit that has no [Install] section, in its file or its drop-ins. */
  isInstallable(unit: string): boolean {
    const files = this.outcome(unit)?.unit.files;
    return files?.some(({ document }) => document.sections.some(({ name }) => name === 'Install')) ?? true;
  }

  /** The units on which a preset line decides. */
  presetsOfLine(file: string, line: number): readonly UnitPreset[] {
    return this.#presetsByLine().get(lineKey(file, line)) ?? [];
  }

  enablementLinks(unit: string): readonly EnablementLink[] {
    return this.#links().get(unit) ?? [];
  }

  /** Units that have an obstacle about a path, an account or a unit. */
  sufferers(subject: string): readonly UnitOutcome[] {
    return this.#sufferers().get(subject) ?? [];
  }

  findings(subject: string): readonly LocatedFinding[] {
    return this.#findings().get(subject) ?? [];
  }

  /** What became of the tmpfiles.d lines of a file. */
  lines(file: string): readonly LineOutcome[] {
    return this.#lines().get(file) ?? [];
  }

  /**
   * What became of a tmpfiles.d line. It is found by its text, which may have moved since the simulation; of several with
   * the same text the nearest is meant.
   */
  lineOutcome(file: string, line: number, text: string): LineOutcome | undefined {
    const source = this.set.result.context.source(file);
    let best: LineOutcome | undefined;
    for (const outcome of this.lines(file)) {
      const { node } = outcome;
      if (best !== undefined && Math.abs(node.line - line) >= Math.abs(best.node.line - line)) continue;
      if (source?.slice(node.span) === text) best = outcome;
    }
    return best;
  }

  /** Accounts as they are after the boot. */
  get accounts(): SystemAccounts {
    return this.#accounts();
  }

  /** Accounts as the image has them today. */
  get shippedAccounts(): SystemAccounts {
    return this.#shippedAccounts();
  }

  userName(uid: number | undefined): string {
    if (uid === undefined) return '?';
    const found = this.accounts.user(String(uid));
    return found.kind === 'found' ? found.account.name : String(uid);
  }

  groupName(gid: number | undefined): string {
    if (gid === undefined) return '?';
    const found = this.accounts.group(String(gid));
    return found.kind === 'found' ? found.account.name : String(gid);
  }
}

const known = new WeakMap<CheckedSet, SetFacts>();

/** The facts of a set; one object a simulation. */
export function setFacts(set: CheckedSet): SetFacts {
  let facts = known.get(set);
  if (facts === undefined) {
    facts = new SetFacts(set);
    known.set(set, facts);
  }
  return facts;
}

function lineKey(file: string, line: number): string {
  return `${line} ${file}`;
}

function once<Value extends object>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

function groupBy<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}

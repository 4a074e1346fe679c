/** The jobs of a transaction while it is made: who brought each, what the target needs, what goes when one is dropped. */

import type { Dependency, Unit } from '../../units/unit.ts';

/** Who brought a job. */
export interface PulledIn {
  readonly unit: Unit;
  readonly dependency: Dependency;
}

interface JobNode {
  kind: 'start' | 'verify';
  readonly pulledInBy: PulledIn[];
  /** Units whose jobs cannot stay without this one. */
  readonly neededBy: Set<Unit>;
  readonly needs: Set<Unit>;
  isRequired: boolean;
  isDoubtful: boolean;
}

export class JobGraph {
  readonly target: Unit;
  readonly #nodes = new Map<Unit, JobNode>();

  constructor(target: Unit) {
    this.target = target;
    this.#nodes.set(target, newNode('start'));
  }

  get units(): Iterable<Unit> {
    return this.#nodes.keys();
  }

  node(unit: Unit): Readonly<JobNode> | undefined {
    return this.#nodes.get(unit);
  }

  /** Adds a job and who brought it. True if the unit's dependencies must now be looked at. */
  add(unit: Unit, kind: 'start' | 'verify', by: PulledIn, matters: boolean): boolean {
    let node = this.#nodes.get(unit);
    const isNew = node === undefined || (node.kind === 'verify' && kind === 'start');
    if (node === undefined) {
      node = newNode(kind);
      this.#nodes.set(unit, node);
    }
    if (kind === 'start') node.kind = 'start';
    node.pulledInBy.push(by);
    if (matters) {
      node.neededBy.add(by.unit);
      this.#nodes.get(by.unit)?.needs.add(unit);
    }
    // A verify job brings nothing of its own.
    return isNew && kind === 'start';
  }

  /** Marks what the target needs through requirements alone. */
  markRequired(): void {
    const queue = [this.target];
    for (let at = 0; at < queue.length; at++) {
      const unit = queue[at];
      const node = unit === undefined ? undefined : this.#nodes.get(unit);
      if (node === undefined || node.isRequired) continue;
      node.isRequired = true;
      queue.push(...node.needs);
    }
  }

  /** Drops a job and all jobs that cannot stay without it. Returns what went. */
  drop(unit: Unit): ReadonlySet<Unit> {
    const gone = this.dependents(unit);
    for (const one of gone) this.#nodes.delete(one);
    return gone;
  }

  /** A unit and all whose jobs cannot stay without its job. */
  dependents(unit: Unit): ReadonlySet<Unit> {
    const found = new Set<Unit>();
    if (!this.#nodes.has(unit)) return found;
    found.add(unit);
    for (const one of found) {
      for (const other of this.#nodes.get(one)?.neededBy ?? []) if (this.#nodes.has(other)) found.add(other);
    }
    return found;
  }

  /** Says of units' jobs, and of those that need them, that another boot may not have them. */
  doubt(units: Iterable<Unit>): void {
    const queue = [...units];
    for (let at = 0; at < queue.length; at++) {
      const unit = queue[at];
      const node = unit === undefined ? undefined : this.#nodes.get(unit);
      if (node === undefined || node.isDoubtful) continue;
      node.isDoubtful = true;
      queue.push(...node.neededBy);
    }
  }

  /** Drops jobs that nobody brings any more. A boot does not do so. */
  collectGarbage(): void {
    const kept = new Set([this.target]);
    const brings = new Map<Unit, Unit[]>();
    for (const [unit, node] of this.#nodes) {
      for (const { unit: by } of node.pulledInBy) {
        const list = brings.get(by);
        if (list === undefined) brings.set(by, [unit]);
        else list.push(unit);
      }
    }
    for (const unit of kept) for (const other of brings.get(unit) ?? []) if (this.#nodes.has(other)) kept.add(other);
    for (const unit of [...this.#nodes.keys()]) if (!kept.has(unit)) this.#nodes.delete(unit);
  }
}

function newNode(kind: 'start' | 'verify'): JobNode {
  return { kind, pulledInBy: [], neededBy: new Set(), needs: new Set(), isRequired: false, isDoubtful: false };
}

/**
 * The order of jobs: After= and Before= between units that have jobs, cycles broken by dropping a job that the target does
 * not require, and one order for the rest that is always the same.
 */

import { compareBytes } from '../../text/bytes.ts';
import type { UnitStore } from '../../units/load-units.ts';
import type { Dependency, Unit } from '../../units/unit.ts';
import type { JobGraph } from './job-graph.ts';

/** A unit of a cycle and what puts it before the next one. */
export interface CycleMember {
  readonly unit: Unit;
  /** The Before= of this unit or the After= of the next one. */
  readonly dependency: Dependency;
  /** The unit that has the dependency. */
  readonly owner: Unit;
}

export interface OrderingCycle {
  /** Each comes before the next one, the last before the first. */
  readonly members: readonly CycleMember[];
  /** The job that was dropped; absent if all members are required, which fails the whole transaction. */
  readonly dropped: Unit | undefined;
  /** Members that another boot may drop instead. */
  readonly candidates: readonly Unit[];
}

export interface OrderedJob {
  readonly unit: Unit;
  readonly waitsFor: readonly Unit[];
}

export interface OrderedJobs {
  readonly cycles: readonly OrderingCycle[];
  readonly failure?: string;
  /** The jobs that are left, in order. */
  readonly order: () => readonly OrderedJob[];
}

/** Breaks the cycles among the jobs of a graph and orders what is left. */
export function orderJobs(store: UnitStore, graph: JobGraph): OrderedJobs {
  const followers = readFollowers(store, graph);
  const { cycles, failure } = breakCycles(store, graph, followers);
  return {
    cycles,
    ...(failure === undefined ? {} : { failure }),
    order: () => sortJobs(graph, followers),
  };
}

type Followers = Map<Unit, Unit[]>;

/** For each unit with a job those that come after it, by name. */
function readFollowers(store: UnitStore, graph: JobGraph): Followers {
  const sets = new Map<Unit, Set<Unit>>();
  for (const unit of graph.units) sets.set(unit, new Set());
  for (const unit of graph.units) {
    for (const { kind, target } of unit.dependencies) {
      if (kind !== 'After' && kind !== 'Before') continue;
      const other = store.load(target);
      if (other === unit || graph.node(other) === undefined) continue;
      if (kind === 'After') sets.get(other)?.add(unit);
      else sets.get(unit)?.add(other);
    }
  }
  const followers: Followers = new Map();
  for (const unit of [...sets.keys()].sort(byName)) {
    followers.set(unit, [...(sets.get(unit) ?? [])].sort(byName));
  }
  return followers;
}

function byName(a: Unit, b: Unit): number {
  return compareBytes(a.name, b.name);
}

/** Cycles that are told; more are broken, but nobody reads that many. */
const cyclesMaximum = 100;

interface Step {
  readonly unit: Unit;
  next: number;
}

/**
 * Walks along the order from every job. Whoever meets its own path has found a cycle; after a job is dropped, the walk goes on
 * from the last step before it. What was left behind is free of cycles and stays so, since jobs only go.
 */
function breakCycles(
  store: UnitStore,
  graph: JobGraph,
  followers: Followers,
): { readonly cycles: readonly OrderingCycle[]; readonly failure?: string } {
  const cycles: OrderingCycle[] = [];
  let failure: string | undefined;
  const done = new Set<Unit>();
  const positions = new Map<Unit, number>();
  for (const first of followers.keys()) {
    if (done.has(first) || graph.node(first) === undefined) continue;
    const path: Step[] = [{ unit: first, next: 0 }];
    positions.set(first, 0);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const list = followers.get(step.unit) ?? [];
      const next = list[step.next];
      step.next += 1;
      if (next === undefined) {
        done.add(step.unit);
        positions.delete(step.unit);
        path.pop();
        continue;
      }
      if (done.has(next) || graph.node(next) === undefined) continue;
      const start = positions.get(next);
      if (start === undefined) {
        positions.set(next, path.length);
        path.push({ unit: next, next: 0 });
        continue;
      }
      // systemd goes back from where it stands and takes the first that nobody requires.
      const dropped = path.findLast((one, at) => at >= start && graph.node(one.unit)?.isRequired === false)?.unit;
      if (cycles.length < cyclesMaximum) {
        const units = path.slice(start).map((one) => one.unit);
        const candidates = units.filter((unit) => graph.node(unit)?.isRequired === false);
        if (candidates.length > 1) graph.doubt(candidates);
        cycles.push({ members: cycleMembers(store, units), dropped, candidates });
      }
      if (dropped === undefined) {
        failure ??= `${next.name} is in a circle of After= and Before= in which all units are required`;
        // The rest is ordered as if this step were not written.
        list.splice(step.next - 1, 1);
        step.next -= 1;
        continue;
      }
      let from = path.length;
      for (const unit of graph.drop(dropped)) from = Math.min(from, positions.get(unit) ?? from);
      for (const one of path.splice(from)) positions.delete(one.unit);
      // What led to the dropped job may lead elsewhere, too.
      const last = path.at(-1);
      if (last !== undefined) last.next -= 1;
    }
  }
  return failure === undefined ? { cycles } : { cycles, failure };
}

function cycleMembers(store: UnitStore, units: readonly Unit[]): readonly CycleMember[] {
  return units.flatMap((unit, at) => {
    const next = units[(at + 1) % units.length] ?? unit;
    const before = unit.dependencies.find(({ kind, target }) => kind === 'Before' && store.load(target) === next);
    if (before !== undefined) return [{ unit, dependency: before, owner: unit }];
    const after = next.dependencies.find(({ kind, target }) => kind === 'After' && store.load(target) === unit);
    return after === undefined ? [] : [{ unit, dependency: after, owner: next }];
  });
}

/** Among jobs that are free to start the first by name goes first. */
function sortJobs(graph: JobGraph, followers: Followers): readonly OrderedJob[] {
  const waitsFor = new Map<Unit, Unit[]>();
  const open = new Map<Unit, number>();
  for (const unit of graph.units) waitsFor.set(unit, []);
  for (const [unit, list] of followers) {
    if (graph.node(unit) === undefined) continue;
    for (const other of list) waitsFor.get(other)?.push(unit);
  }
  const free = new NameHeap();
  for (const [unit, list] of waitsFor) {
    open.set(unit, list.length);
    if (list.length === 0) free.push(unit);
  }
  const ordered: OrderedJob[] = [];
  for (let unit = free.pop(); unit !== undefined; unit = free.pop()) {
    ordered.push({ unit, waitsFor: waitsFor.get(unit) ?? [] });
    for (const other of followers.get(unit) ?? []) {
      const left = open.get(other);
      if (left === undefined) continue;
      open.set(other, left - 1);
      if (left === 1) free.push(other);
    }
  }
  return ordered;
}

/** A binary heap of units by name. */
class NameHeap {
  readonly #units: Unit[] = [];

  push(unit: Unit): void {
    const units = this.#units;
    let at = units.length;
    units.push(unit);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = units[parent];
      if (above === undefined || byName(above, unit) <= 0) break;
      units[at] = above;
      at = parent;
    }
    units[at] = unit;
  }

  pop(): Unit | undefined {
    const units = this.#units;
    const [first] = units;
    const last = units.pop();
    if (first === undefined || last === undefined || units.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = units[child];
      if (left === undefined) break;
      const right = units[child + 1];
      if (right !== undefined && byName(right, left) < 0) child += 1;
      const smaller = units[child];
      if (smaller === undefined || byName(smaller, last) >= 0) break;
      units[at] = smaller;
      at = child;
    }
    units[at] = last;
    return first;
  }
}

/**
 * Which start jobs the start of a unit brings, and in which order: what the manager's transaction does with the loaded units
 * before anything runs. Conditions, failures and the tree are nobody's business here.
 */

import type { UnitStore } from '../../units/load-units.ts';
import type { Dependency, DependencyKind, Unit } from '../../units/unit.ts';
import { type ConflictResolution, resolveConflicts } from './conflicts.ts';
import { JobGraph, type PulledIn } from './job-graph.ts';
import { type OrderingCycle, orderJobs } from './order-jobs.ts';
import { findRefused, type RefusedUnit } from './refused-units.ts';

/** A start job that the transaction keeps. */
export interface Job {
  readonly unit: Unit;
  /** All units whose jobs brought it, each with the dependency; empty for the target itself. */
  readonly pulledInBy: readonly PulledIn[];
  /** True if the target needs it through requirements alone, so that no conflict and no cycle can drop it. */
  readonly isRequired: boolean;
  /** False if another boot of the same image may not have it: systemd breaks conflicts and cycles as its hash tables fall. */
  readonly isCertain: boolean;
  /** Units with jobs that are over before this one begins. */
  readonly waitsFor: readonly Unit[];
}

export interface Transaction {
  readonly target: Unit;
  readonly jobs: ReadonlyMap<Unit, Job>;
  /** The jobs in the order of work: after all that they wait for; among those that are free to start, by name. */
  readonly order: readonly Job[];
  /** Units whose start somebody asked for and that have no job because they, or what they require, cannot be loaded. */
  readonly refused: readonly RefusedUnit[];
  readonly conflicts: readonly ConflictResolution[];
  readonly cycles: readonly OrderingCycle[];
  /** Why there is no transaction at all: the target is refused, or the required jobs contradict each other. */
  readonly failure?: string;
}

const requirements: ReadonlySet<DependencyKind> = new Set<DependencyKind>(['Requires', 'BindsTo']);
const wishes: ReadonlySet<DependencyKind> = new Set<DependencyKind>(['Wants', 'Upholds']);

/** The transaction of a boot: the target is isolated, and what a dropped job has brought stays. */
export function planTransaction(store: UnitStore, target: string): Transaction {
  return plan(store, target, { collectsGarbage: false });
}

/** The transaction of starting one more unit of a running system. Units that run already are in it, too. */
export function planStart(store: UnitStore, unit: string): Transaction {
  return plan(store, unit, { collectsGarbage: true });
}

function plan(store: UnitStore, name: string, options: { readonly collectsGarbage: boolean }): Transaction {
  const target = store.load(name);
  const refusedUnits = findRefused(store, target);
  const graph = new JobGraph(target);
  const refused = new Map<Unit, RefusedUnit>();
  const targetRefused = refusedUnits.get(target);
  if (
    targetRefused !== undefined &&
    (targetRefused.isUnloadable || store.inputs.systemd.has('transaction-drops-refused-jobs'))
  ) {
    return emptyTransaction(target, targetRefused);
  }
  gatherJobs(store, graph, refusedUnits, refused);
  graph.markRequired();
  const conflicts = resolveConflicts(store, graph);
  const ordered = orderJobs(store, graph);
  if (options.collectsGarbage) graph.collectGarbage();
  const failure = conflicts.failure ?? ordered.failure;
  const jobs = new Map<Unit, Job>();
  for (const { unit, waitsFor } of ordered.order()) {
    const node = graph.node(unit);
    // A Requisite= alone only asks whether the unit is active.
    if (node?.kind !== 'start') continue;
    const { pulledInBy, isRequired, isDoubtful } = node;
    jobs.set(unit, { unit, pulledInBy, isRequired, isCertain: !isDoubtful, waitsFor });
  }
  return {
    target,
    jobs,
    order: [...jobs.values()],
    refused: [...refused.values()],
    conflicts: conflicts.resolutions,
    cycles: ordered.cycles,
    ...(failure === undefined ? {} : { failure }),
  };
}

function emptyTransaction(target: Unit, refusal: RefusedUnit): Transaction {
  const failure = `${target.name} cannot be started: ${refusal.message}`;
  return { target, jobs: new Map(), order: [], refused: [refusal], conflicts: [], cycles: [], failure };
}

/** Follows requirements and wishes from the target on. Refused units are left out, each told once. */
function gatherJobs(
  store: UnitStore,
  graph: JobGraph,
  refusedUnits: ReadonlyMap<Unit, RefusedUnit>,
  refused: Map<Unit, RefusedUnit>,
): void {
  const keepsRefused = !store.inputs.systemd.has('transaction-drops-refused-jobs');
  const queue: Unit[] = [graph.target];
  const pull = (unit: Unit, dependency: Dependency, kind: 'start' | 'verify', matters: boolean) => {
    const other = store.load(dependency.target);
    const refusal = refusedUnits.get(other);
    if (refusal !== undefined && kind === 'start') {
      refused.set(other, refusal);
      if (refusal.isUnloadable || !keepsRefused) return;
    }
    if (refusal?.isUnloadable) return;
    if (graph.add(other, kind, { unit, dependency }, matters)) queue.push(other);
  };
  for (let at = 0; at < queue.length; at++) {
    const unit = queue[at];
    if (unit === undefined) break;
    for (const dependency of unit.dependencies) {
      if (requirements.has(dependency.kind)) pull(unit, dependency, 'start', true);
      else if (dependency.kind === 'Requisite') pull(unit, dependency, 'verify', true);
      // Before 254 a unit whose requirement cannot be queued keeps its job, but what it wants is not looked at any more.
      else if (wishes.has(dependency.kind) && !refusedUnits.has(unit)) pull(unit, dependency, 'start', false);
    }
  }
}

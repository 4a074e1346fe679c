/** Units that cannot be queued: they are not loaded, or they require one that cannot be queued. */

import type { Place } from '../../problems/problem.ts';
import type { UnitStore } from '../../units/load-units.ts';
import type { Dependency, DependencyKind, LoadState, Unit } from '../../units/unit.ts';

export interface RefusedUnit {
  readonly unit: Unit;
  /** True if the unit itself is not loaded; otherwise a requirement is to blame. */
  readonly isUnloadable: boolean;
  /** The requirement to blame. */
  readonly because?: Dependency;
  /** The unit at the end of the chain of requirements: the one that is not loaded. */
  readonly root: Unit;
  readonly place: Place;
  /** A clause: `x.service is not found`. */
  readonly message: string;
}

const stateWords: Readonly<Record<LoadState, string | undefined>> = {
  loaded: undefined,
  stub: undefined,
  'not-found': 'is not found',
  masked: 'is masked',
  'bad-setting': 'has a bad setting',
  error: 'fails to load',
};

const requirements: ReadonlySet<DependencyKind> = new Set<DependencyKind>(['Requires', 'BindsTo']);

/** All refused units among those that a unit brings. Requirements carry the refusal on, wishes do not. */
export function findRefused(store: UnitStore, target: Unit): ReadonlyMap<Unit, RefusedUnit> {
  const refused = new Map<Unit, RefusedUnit>();
  const queue: Unit[] = [];
  for (const unit of reachable(store, target)) {
    const words = stateWords[unit.loadState];
    if (words === undefined) continue;
    const place = unit.loadFailure?.place ?? unit.filePlace;
    refused.set(unit, { unit, isUnloadable: true, root: unit, place, message: `${unit.name} ${words}` });
    queue.push(unit);
  }
  for (let at = 0; at < queue.length; at++) {
    const bad = queue[at];
    const refusal = bad === undefined ? undefined : refused.get(bad);
    if (bad === undefined || refusal === undefined) continue;
    for (const { source, dependency } of store.incoming(bad)) {
      // A Requisite= queues no start, so it only asks whether the unit is loaded.
      const isCarried = requirements.has(dependency.kind) || (dependency.kind === 'Requisite' && refusal.isUnloadable);
      if (!isCarried || refused.has(source)) continue;
      const { root, message } = refusal;
      const { place } = dependency;
      refused.set(source, { unit: source, isUnloadable: false, because: dependency, root, place, message });
      queue.push(source);
    }
  }
  return refused;
}

const bringing: ReadonlySet<DependencyKind> = new Set<DependencyKind>([
  'Requires',
  'BindsTo',
  'Requisite',
  'Wants',
  'Upholds',
]);

function reachable(store: UnitStore, target: Unit): ReadonlySet<Unit> {
  const seen = new Set([target]);
  // A set yields what is added while it is walked.
  for (const unit of seen) {
    for (const { kind, target: name } of unit.dependencies) if (bringing.has(kind)) seen.add(store.load(name));
  }
  return seen;
}

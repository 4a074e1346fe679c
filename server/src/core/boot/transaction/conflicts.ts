/**
 * Jobs that exclude each other: the start of a unit with Conflicts= stops the other one. What the target requires stays;
 * where it requires neither, the unit that has the Conflicts= stays. But the hash table decides where both have one, and where
 * others that are to start need the other unit: they would be stopped with it, and dropping such a stop first saves it
 * (seen on 252 and 257: either, by chance).
 */

import { compareBytes } from '../../text/bytes.ts';
import type { UnitStore } from '../../units/load-units.ts';
import type { Dependency, DependencyKind, Unit } from '../../units/unit.ts';
import type { JobGraph } from './job-graph.ts';

export interface ConflictResolution {
  readonly kept: Unit;
  readonly dropped: Unit;
  /** The Conflicts= and the unit that has it. */
  readonly unit: Unit;
  readonly dependency: Dependency;
  /** False if another boot may keep the other one. */
  readonly isCertain: boolean;
}

export interface Conflicts {
  readonly resolutions: readonly ConflictResolution[];
  readonly failure?: string;
}

/** Drops jobs until no two of them exclude each other. */
export function resolveConflicts(store: UnitStore, graph: JobGraph): Conflicts {
  const resolutions: ConflictResolution[] = [];
  let failure: string | undefined;
  const units = [...graph.units].sort((a, b) => compareBytes(a.name, b.name));
  for (const unit of units) {
    for (const dependency of unit.dependencies) {
      if (dependency.kind !== 'Conflicts') continue;
      const other = store.load(dependency.target);
      const node = graph.node(unit);
      const otherNode = graph.node(other);
      if (node?.kind !== 'start' || otherNode?.kind !== 'start') continue;
      if (node.isRequired && otherNode.isRequired) {
        failure ??= `${unit.name} and ${other.name} are both required and exclude each other`;
        continue;
      }
      const isCertain = node.isRequired || otherNode.isRequired || !isSavedByChance(store, graph, unit, other);
      const [kept, dropped] = otherNode.isRequired ? [other, unit] : [unit, other];
      graph.drop(dropped);
      if (!isCertain) graph.doubt([kept]);
      resolutions.push({ kept, dropped, unit, dependency, isCertain });
    }
  }
  return failure === undefined ? { resolutions } : { resolutions, failure };
}

/** Units with these on a unit are stopped with it (systemd.unit(5)). */
const stoppedTogether: ReadonlySet<DependencyKind> = new Set<DependencyKind>([
  'Requires',
  'BindsTo',
  'Requisite',
  'PartOf',
]);

/** True if the conflicting unit may win although another one has the Conflicts=. */
function isSavedByChance(store: UnitStore, graph: JobGraph, unit: Unit, other: Unit): boolean {
  return (
    store.incoming(other).some(({ source, dependency }) => {
      if (source === unit || graph.node(source)?.kind !== 'start') return false;
      return stoppedTogether.has(dependency.kind);
    }) || other.dependencies.some(({ kind, target }) => kind === 'Conflicts' && store.load(target) === unit)
  );
}

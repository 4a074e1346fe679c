/** Targets come after what they pull in (systemd.target(5), "Default Dependencies"). */

import type { FoundDependency } from './dependencies.ts';
import type { DependencyKind, Unit } from './unit.ts';

interface OrderingHost {
  read(name: string): Unit;
  hasDependency(unit: Unit, kind: DependencyKind, target: Unit): boolean;
  incoming(unit: Unit): Iterable<{ readonly source: Unit; readonly dependency: { readonly kind: DependencyKind } }>;
}

const pulling: ReadonlySet<DependencyKind> = new Set<DependencyKind>([
  'Wants',
  'Requires',
  'Requisite',
  'BindsTo',
  'Upholds',
]);

/** True unless the unit sets `DefaultDependencies=no`. */
export function hasDefaultDependencies(unit: Unit): boolean {
  return unit.boolean('Unit', 'DefaultDependencies') !== false;
}

function isLoaded(unit: Unit): boolean {
  return unit.loadState === 'loaded' || unit.loadState === 'stub';
}

/** The orderings that newly loaded units bring. Every dependency of theirs must be known. */
export function targetOrderings(
  host: OrderingHost,
  units: readonly Unit[],
): readonly { readonly unit: Unit; readonly found: FoundDependency }[] {
  const orderings: { unit: Unit; found: FoundDependency }[] = [];
  const made = new Map<Unit, Set<Unit>>();
  const order = (target: Unit, other: Unit, kind: DependencyKind) => {
    if (target.type !== 'target' || target === other || !pulling.has(kind)) return;
    if (!isLoaded(target) || !isLoaded(other)) return;
    if (!hasDefaultDependencies(target) || !hasDefaultDependencies(other)) return;
    // What is ordered the other way round already stays so.
    if (host.hasDependency(target, 'Before', other) || host.hasDependency(other, 'After', target)) return;
    if (made.get(other)?.has(target)) return;
    const before = made.get(target);
    if (before === undefined) made.set(target, new Set([other]));
    else if (before.has(other)) return;
    else before.add(other);
    const found = {
      kind: 'After',
      target: other.name,
      place: target.filePlace,
      implied: 'DefaultDependencies=',
    } as const;
    orderings.push({ unit: target, found });
  };
  for (const unit of units) {
    for (const dependency of unit.dependencies) order(unit, host.read(dependency.target), dependency.kind);
    for (const { source, dependency } of host.incoming(unit)) order(source, unit, dependency.kind);
  }
  return orderings;
}

/** PROVISIONAL */
import { compareBytes } from '../../text/bytes.ts';
import type { UnitStore } from '../../units/load-units.ts';
import type { Dependency, Unit } from '../../units/unit.ts';

export interface PullIn {
  readonly unit: Unit;
  readonly dependency: Dependency;
}
export interface Job {
  readonly unit: Unit;
  readonly pulledInBy: PullIn[];
}
export interface Transaction {
  readonly jobs: ReadonlyMap<Unit, Job>;
  readonly order: readonly Job[];
  readonly cycles: readonly { readonly members: readonly PullIn[]; readonly dropped: Unit | undefined }[];
}
const starting = new Set(['Wants', 'Requires', 'BindsTo', 'Upholds']);
export function planTransaction(store: UnitStore, target: string): Transaction {
  const jobs = new Map<Unit, Job>();
  const first = store.load(target);
  const queue = [first];
  jobs.set(first, { unit: first, pulledInBy: [] });
  for (let at = 0; at < queue.length; at++) {
    const unit = queue[at] as Unit;
    for (const dependency of unit.dependencies) {
      if (!starting.has(dependency.kind)) continue;
      const other = store.load(dependency.target);
      if (other.loadState !== 'loaded' && other.loadState !== 'stub') continue;
      const job = jobs.get(other);
      if (job !== undefined) job.pulledInBy.push({ unit, dependency });
      else {
        jobs.set(other, { unit: other, pulledInBy: [{ unit, dependency }] });
        queue.push(other);
      }
    }
  }
  const after = new Map<Unit, Set<Unit>>();
  for (const unit of jobs.keys()) after.set(unit, new Set());
  for (const unit of jobs.keys())
    for (const { kind, target: name } of unit.dependencies) {
      const other = kind === 'After' || kind === 'Before' ? store.find(name) : undefined;
      if (other === undefined || !jobs.has(other) || other === unit) continue;
      if (kind === 'After') after.get(unit)?.add(other);
      else after.get(other)?.add(unit);
    }
  const order: Job[] = [];
  const state = new Map<Unit, number>();
  const visit = (unit: Unit) => {
    if (state.has(unit)) return;
    state.set(unit, 1);
    for (const other of [...(after.get(unit) ?? [])].sort((a, b) => compareBytes(a.name, b.name))) visit(other);
    order.push(jobs.get(unit) as Job);
  };
  for (const unit of [...jobs.keys()].sort((a, b) => compareBytes(a.name, b.name))) visit(unit);
  return { jobs, order, cycles: [] };
}

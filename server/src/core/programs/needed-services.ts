/**
 * Services that a unit cannot do without although it does not say so: a tool of a daemon that only reads what the daemon
 * provides. Ordering behind it, the same source package, the name and shared directories tell; nothing of it is certain.
 */

import type { Place, RelatedPlace } from '../problems/problem.ts';
import type { Unit } from '../units/unit.ts';
import type { ProgramView } from './program-view.ts';
import { collectReferences } from './references.ts';
import { failureThreshold, neededServiceWeights } from './weights.ts';

export interface NeededService {
  /** The other unit's name as the ordering has it. */
  readonly unit: string;
  readonly weight: number;
  readonly place: Place;
  readonly chain: readonly RelatedPlace[];
}

/** The services that must run for a unit to start, by evidence of threshold weight. `load` finds a unit by its name. */
export function findNeededServices(
  unit: Unit,
  view: ProgramView,
  load: (name: string) => Unit | undefined,
): readonly NeededService[] {
  if (unit.type !== 'service' || unit.last('Service', 'Type')?.entry.value === 'oneshot') return [];
  const source = sourceOf(unit, view);
  if (source === undefined) return [];
  const needed: NeededService[] = [];
  for (const setting of unit.list('Unit', 'After')) {
    for (const name of setting.entry.value.split(/\s+/)) {
      if (!name.endsWith('.service')) continue;
      const other = load(name);
      if (other === undefined || other === unit || sourceOf(other, view) !== source) continue;
      const stem = stemOf(other);
      const table = neededServiceWeights;
      let rest = 1 - table['same-source'].weight;
      const extendsName = stem !== stemOf(unit) && stemOf(unit).startsWith(stem);
      if (extendsName) rest *= 1 - table['name-extends'].weight;
      if (sharesDirectory(unit, stem, view)) rest *= 1 - table['shares-directory'].weight;
      const weight = Math.round((1 - rest) * 1000) / 1000;
      if (weight < failureThreshold) continue;
      const place = unit.place(setting);
      const chain = [
        { ...place, message: `orders it behind ${other.name}` },
        { ...other.filePlace, message: `comes from the same source package, ${source}` },
      ];
      needed.push({ unit: other.name, weight, place, chain });
    }
  }
  return needed;
}

function stemOf(unit: Unit): string {
  return unit.name.replace(/(?:@.*)?\.service$/, '');
}

function sourceOf(unit: Unit, view: ProgramView): string | undefined {
  const [owner] = unit.fragmentPath === undefined ? [] : view.packages.ownersOf(unit.fragmentPath);
  return owner === undefined ? undefined : view.packages.sourceOf(owner);
}

/** True if the unit works in a directory below /run or /var that is called like the other one. */
function sharesDirectory(unit: Unit, stem: string, view: ProgramView): boolean {
  for (const key of ['StateDirectory', 'CacheDirectory', 'LogsDirectory', 'RuntimeDirectory']) {
    if (unit.list('Service', key).some((setting) => setting.entry.value.split(/\s+/).includes(stem))) return true;
  }
  return collectReferences(unit, view).paths.some(
    ({ path }) => /^\/(?:run|var)\//.test(path) && path.split('/').slice(2, -1).includes(stem),
  );
}

/** A unit store over files in one text. */

import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { Tree } from '../../src/core/tree/tree.ts';
import { UnitStore } from '../../src/core/units/load-units.ts';
import type { DependencyKind, Unit } from '../../src/core/units/unit.ts';
import { imageOf } from './file-set.ts';
import { testInputs } from './inputs.ts';

const vendor = '/usr/lib/systemd/system';

/** `--- name` without a slash is a unit of the vendor. */
export function storeOf(text: string, version = 257, changes: Partial<BootInputs> = {}): UnitStore {
  const image = imageOf(` \n${text}`.replace(/\n--- (?=[^/\s])/g, `\n--- ${vendor}/`));
  return new UnitStore(new Tree(image.root), testInputs(version, changes));
}

/** A service that does nothing, with further lines of its own. */
export function service(name: string, unit = '', own = ''): string {
  return `\n--- ${name}\n[Unit]\n${unit}\n[Service]\nExecStart=/usr/bin/true\n${own}\n`;
}

/** The names that a unit depends on, own dependencies and for orders those of others, sorted. */
export function namesOf(store: UnitStore, unit: Unit, kind: DependencyKind): string[] {
  const names = new Set<string>();
  for (const dependency of unit.dependencies) {
    if (dependency.kind === kind) names.add(store.load(dependency.target).name);
  }
  const inverse = kind === 'After' ? 'Before' : kind === 'Before' ? 'After' : undefined;
  for (const { source, dependency } of store.incoming(unit)) {
    if (dependency.kind === inverse) names.add(source.name);
  }
  return [...names].sort();
}

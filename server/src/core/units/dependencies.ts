/**
 * The dependencies that somebody wrote: the settings of the [Unit] section and of other sections that name units, and the
 * links in `.wants`, `.requires` and `.upholds` directories. `implied-dependencies.ts` has the rest.
 */

import type { BootInputs } from '../boot/boot-inputs.ts';
import type { UnitType } from '../formats/unit/directives.ts';
import { splitWords } from '../formats/unit/settings/grammar.ts';
import { parseUnitName } from '../formats/unit/settings/unit-name.ts';
import type { findDropIns } from '../layering/unit-files.ts';
import type { Place } from '../problems/problem.ts';
import type { Tree } from '../tree/tree.ts';
import type { Dependency, DependencyKind, SettingValue, Unit } from './unit.ts';

/** What the collectors of dependencies may ask: the units' files, never their dependencies. */
export interface DependencyHost {
  readonly tree: Tree;
  readonly inputs: BootInputs;
  read(name: string): Unit;
  expandName(unit: Unit, text: string): string | undefined;
  resolveTemplate(unit: Unit, text: string): string | undefined;
  linkEntries(unit: Unit, suffix: string): ReturnType<typeof findDropIns>;
  sourceOf(path: string): Place | undefined;
}

/** A dependency on its way into the store. */
export interface FoundDependency {
  /** `References`: the unit is loaded for it, and nothing else that concerns a start. */
  readonly kind: DependencyKind | 'References';
  readonly target: string;
  readonly place: Place;
  readonly implied?: string;
  /** The unit that gets the dependency if it is another one than the unit that implies it. */
  readonly owner?: string;
}

/** Settings of [Unit] that name units. An empty value does not reset them (systemd.unit(5)). */
const unitSettings: readonly (readonly [string, FoundDependency['kind']])[] = [
  ['Wants', 'Wants'],
  ['Requires', 'Requires'],
  ['RequiresOverridable', 'Requires'],
  ['Requisite', 'Requisite'],
  ['RequisiteOverridable', 'Requisite'],
  ['BindsTo', 'BindsTo'],
  ['BindTo', 'BindsTo'],
  ['PartOf', 'PartOf'],
  ['Upholds', 'Upholds'],
  ['Conflicts', 'Conflicts'],
  ['Before', 'Before'],
  ['After', 'After'],
  ['OnFailure', 'OnFailure'],
  ['OnSuccess', 'OnSuccess'],
  ['PropagatesReloadTo', 'References'],
  ['ReloadPropagatedFrom', 'References'],
  ['PropagateReloadTo', 'References'],
  ['PropagateReloadFrom', 'References'],
  ['PropagatesStopTo', 'References'],
  ['StopPropagatedFrom', 'References'],
  ['JoinsNamespaceOf', 'References'],
];

/** Settings of other sections that name a unit, which is then loaded even if another assignment counts in the end. */
const referringSettings = { Slice: 'slice', Unit: undefined, Service: 'service' } as const;

const linkDirectories: readonly (readonly [string, DependencyKind])[] = [
  ['.wants', 'Wants'],
  ['.requires', 'Requires'],
  ['.upholds', 'Upholds'],
];

/** The dependencies that the settings of a unit's files name. */
export function writtenDependencies(host: DependencyHost, unit: Unit): readonly FoundDependency[] {
  const found: FoundDependency[] = [];
  for (const [key, kind] of unitSettings) {
    for (const value of unit.all('Unit', key)) {
      for (const word of namesIn(value)) {
        const target = host.expandName(unit, word.value);
        if (target !== undefined) found.push({ kind, target, place: unit.place(value, word.span) });
      }
    }
  }
  for (const [key, type] of Object.entries(referringSettings)) {
    for (const value of unit.all(unit.ownSection, key)) {
      const target = host.expandName(unit, value.entry.value);
      if (target === undefined || (type !== undefined && parseUnitName(target)?.type !== type)) continue;
      found.push({ kind: 'References', target, place: unit.place(value) });
    }
  }
  for (const { place, socket } of serviceSockets(host, unit)) {
    found.push({ kind: 'Wants', target: socket, place, implied: 'Sockets=' });
    found.push({ kind: 'After', target: socket, place, implied: 'Sockets=' });
    // The socket starts the service, whether it knows of it or not.
    found.push({ kind: 'Triggers', target: unit.name, owner: socket, place, implied: 'Sockets=' });
  }
  return found;
}

function namesIn(value: SettingValue): ReturnType<typeof splitWords>['words'] {
  return splitWords(value.entry.value, { backslash: 'keep', unquote: false }).words;
}

/** The sockets that a service names itself (systemd.service(5), Sockets=). */
function serviceSockets(
  host: DependencyHost,
  unit: Unit,
): readonly { readonly place: Place; readonly socket: string }[] {
  if (unit.type !== 'service') return [];
  return unit.all('Service', 'Sockets').flatMap((value) =>
    splitWords(value.entry.value, { backslash: 'drop', unquote: false }).words.flatMap((word) => {
      const socket = host.expandName(unit, word.value);
      if (socket === undefined || parseUnitName(socket)?.type !== 'socket') return [];
      return [{ place: unit.place(value, word.span), socket }];
    }),
  );
}

/** The dependencies that links make. The link's name counts; where it leads and whether it leads anywhere does not. */
export function linkedDependencies(host: DependencyHost, unit: Unit): readonly FoundDependency[] {
  const found: FoundDependency[] = [];
  for (const [suffix, kind] of linkDirectories) {
    if (suffix === '.upholds' && !host.inputs.systemd.has('upheld-by')) continue;
    for (const entry of host.linkEntries(unit, suffix)) {
      if (entry.isMask || host.tree.lookup(entry.path, { follow: false })?.type !== 'symlink') continue;
      const target = host.resolveTemplate(unit, entry.name);
      if (target === undefined) continue;
      found.push({ kind, target, place: host.sourceOf(entry.path) ?? { file: entry.path } });
    }
  }
  return found;
}

/** Units of these types cannot fail, so that OnFailure= has no effect on them. */
const neverFailing: ReadonlySet<UnitType> = new Set<UnitType>(['device', 'slice']);

/** The dependency as the manager takes it: none on the unit itself, none that would delay a device. */
export function addableDependency(unit: Unit, target: Unit, found: FoundDependency): Dependency | undefined {
  const { kind, implied } = found;
  if (kind === 'References' || unit === target) return undefined;
  // Slices have no instances; such a name is refused where it is written.
  if (target.type === 'slice' && target.name.includes('@')) return undefined;
  if (kind === 'Before' && target.type === 'device') return undefined;
  if (kind === 'OnFailure' && neverFailing.has(unit.type)) return undefined;
  return { kind, target: found.target, place: found.place, ...(implied === undefined ? {} : { implied }) };
}

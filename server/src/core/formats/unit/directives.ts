/** Which sections and settings unit files have, in which versions, and where they are documented. */

import { nearestName } from '../../text/nearest-name.ts';
import type { Systemd } from '../../versions/systemd.ts';
import { directiveGroups, directiveTypes } from './directives.generated.ts';

type DirectiveGroup = keyof typeof directiveGroups;

export const unitTypes = [
  'service',
  'socket',
  'device',
  'mount',
  'automount',
  'swap',
  'target',
  'timer',
  'path',
  'slice',
  'scope',
] as const;

export type UnitType = (typeof unitTypes)[number];

/** One setting of a section. */
export interface Directive {
  readonly section: string;
  readonly name: string;
  /** systemd's own name of the value type, for people; `settings/` decides by grammar. */
  readonly type: string;
  /** First version; absent: the oldest version we know has it. */
  readonly since?: number;
  /** Last version in which it has an effect; later ones mention that it was removed and ignore it. */
  readonly last?: number;
  /** The manual page. */
  readonly page: string;
}

interface SectionRow {
  readonly groups: readonly DirectiveGroup[];
  /** Settings that every version mentions as removed and ignores; `--dump-configuration-items` leaves them out. */
  readonly removed?: string;
}

const executing: readonly DirectiveGroup[] = ['exec', 'kill', 'resource-control'];

const sectionRows: Readonly<Record<string, SectionRow>> = {
  Unit: { groups: ['Unit'], removed: 'IgnoreOnSnapshot' },
  Install: { groups: ['Install'] },
  Service: { groups: ['Service', ...executing], removed: 'SysVStartPriority BusPolicy Capabilities NetClass' },
  Socket: { groups: ['Socket', ...executing], removed: 'Capabilities NetClass' },
  Mount: { groups: ['Mount', ...executing], removed: 'Capabilities NetClass' },
  Swap: { groups: ['Swap', ...executing], removed: 'Capabilities NetClass' },
  Automount: { groups: ['Automount'] },
  Timer: { groups: ['Timer'] },
  Path: { groups: ['Path'] },
  Slice: { groups: ['Slice', 'resource-control'], removed: 'NetClass' },
  Scope: { groups: ['Scope', 'kill', 'resource-control'], removed: 'NetClass' },
  Target: { groups: [] },
  Device: { groups: [] },
};

const pages: Readonly<Record<DirectiveGroup, string>> = {
  Unit: 'systemd.unit(5)',
  Install: 'systemd.unit(5)',
  Service: 'systemd.service(5)',
  Socket: 'systemd.socket(5)',
  Mount: 'systemd.mount(5)',
  Swap: 'systemd.swap(5)',
  Automount: 'systemd.automount(5)',
  Timer: 'systemd.timer(5)',
  Path: 'systemd.path(5)',
  Slice: 'systemd.slice(5)',
  Scope: 'systemd.scope(5)',
  exec: 'systemd.exec(5)',
  kill: 'systemd.kill(5)',
  'resource-control': 'systemd.resource-control(5)',
};

/** The section names that the loader knows for a unit type; for an unknown type all of them. */
export function sectionsOf(type: UnitType | undefined): readonly string[] {
  return type === undefined
    ? Object.keys(sectionRows)
    : ['Unit', type.charAt(0).toUpperCase() + type.slice(1), 'Install'];
}

const decoded = new Map<string, ReadonlyMap<string, Directive>>();

/** Every setting of a section by name, decoded at the first use. Empty for an unknown section. */
export function directivesOf(section: string): ReadonlyMap<string, Directive> {
  const known = decoded.get(section);
  if (known !== undefined) return known;
  const directives = new Map<string, Directive>();
  const row = Object.hasOwn(sectionRows, section) ? sectionRows[section] : undefined;
  const types = directiveTypes.split('|');
  for (const group of row?.groups ?? []) {
    for (const item of directiveGroups[group].split(' ')) {
      const [name = '', type = '', since = '', last = ''] = item.split(',');
      if (name === '') continue;
      directives.set(name, {
        section,
        name,
        type: types[Number(type)] ?? '',
        ...(since === '' ? {} : { since: Number(since) }),
        ...(last === '' ? {} : { last: Number(last) }),
        page: pages[group],
      });
    }
  }
  for (const name of row?.removed?.split(' ') ?? []) {
    directives.set(name, { section, name, type: '', last: 0, page: 'systemd.unit(5)' });
  }
  decoded.set(section, directives);
  return directives;
}

/** A setting by section and name, whatever the version. Names are case-sensitive, as in systemd. */
export function findDirective(section: string, name: string): Directive | undefined {
  return directivesOf(section).get(name);
}

/** True if a version knows the setting, be it only to say that it was removed. */
export function isKnownDirective(directive: Directive, systemd: Systemd): boolean {
  return directive.since === undefined || directive.since <= systemd.version;
}

/** The known setting of the section that a misspelt name was probably meant to be. */
export function nearestDirective(section: string, name: string, systemd: Systemd): string | undefined {
  const names: string[] = [];
  for (const directive of directivesOf(section).values()) {
    if (isKnownDirective(directive, systemd) && directive.last === undefined) names.push(directive.name);
  }
  return nearestName(name, names);
}

/** The sections, of those given, that have a setting of this name. */
export function sectionsWith(name: string, sections: readonly string[], systemd: Systemd): readonly string[] {
  return sections.filter((section) => {
    const directive = findDirective(section, name);
    return directive !== undefined && isKnownDirective(directive, systemd);
  });
}

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

const noGroups: readonly DirectiveGroup[] = [];
const valueTypes = directiveTypes.split('|');
const found = new Map<string, Map<string, Directive>>();

/** Every setting of a section by name. Empty for an unknown section. */
export function directivesOf(section: string): ReadonlyMap<string, Directive> {
  const directives = new Map<string, Directive>();
  const row = rowOf(section);
  const names = (row?.groups ?? []).flatMap((group) => directiveGroups[group].split(' '));
  for (const item of [...names, ...(row?.removed?.split(' ') ?? [])]) {
    const [name = ''] = item.split(',', 1);
    const directive = findDirective(section, name);
    if (directive !== undefined) directives.set(name, directive);
  }
  return directives;
}

function rowOf(section: string): SectionRow | undefined {
  return Object.hasOwn(sectionRows, section) ? sectionRows[section] : undefined;
}

/** A setting by section and name, whatever the version. Names are case-sensitive, as in systemd. */
export function findDirective(section: string, name: string): Directive | undefined {
  let known = found.get(section);
  if (known === undefined) {
    if (rowOf(section) === undefined) return undefined;
    known = new Map();
    found.set(section, known);
  }
  let directive = known.get(name);
  if (directive === undefined) {
    directive = readDirective(section, name);
    if (directive !== undefined) known.set(name, directive);
  }
  return directive;
}

/** Looks a setting up in the lists, of which a run needs so few that decoding them all would take longer. */
function readDirective(section: string, name: string): Directive | undefined {
  if (!/^[A-Za-z]\w*$/.test(name)) return undefined;
  const row = rowOf(section);
  if (row?.removed?.split(' ').includes(name)) return { section, name, type: '', last: 0, page: 'systemd.unit(5)' };
  for (const group of row?.groups ?? noGroups) {
    const list = directiveGroups[group];
    const at = list.startsWith(`${name},`) ? 0 : list.indexOf(` ${name},`) + 1;
    if (at === 0 && !list.startsWith(`${name},`)) continue;
    const end = list.indexOf(' ', at);
    const [, type = '', since = '', last = ''] = list.slice(at, end === -1 ? list.length : end).split(',');
    return {
      section,
      name,
      type: valueTypes[Number(type)] ?? '',
      ...(since === '' ? {} : { since: Number(since) }),
      ...(last === '' ? {} : { last: Number(last) }),
      page: pages[group],
    };
  }
  return undefined;
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

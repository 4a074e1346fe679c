/** Whose unit it is: its packages and the names it goes by, so that a path or account can be told to be its own. */

import { baseName, parentPath } from '../tree/tree.ts';
import type { Unit } from '../units/unit.ts';
import type { ProgramView } from './program-view.ts';

/**
 * `own`: of the unit's package; `sibling`: of another package of the same source; `named`: owned by nobody, but carries the
 * unit's, its program's or its package's name; `foreign`: anything else.
 */
export type Relation = 'own' | 'sibling' | 'named' | 'foreign';

export interface Identity {
  readonly packages: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
  /** Names without what all names have in common: lower case, no `d` at the end, letters and digits only. */
  readonly names: ReadonlySet<string>;
}

export function identityOf(unit: Unit, programs: readonly string[], view: ProgramView): Identity {
  const packages = new Set<string>();
  const fragment = unit.fragmentPath === undefined ? [] : view.packages.ownersOf(unit.fragmentPath);
  for (const owner of fragment) packages.add(owner);
  const names = new Set<string>();
  for (const name of unit.names) addName(names, name.replace(/(?:@.*)?\.[a-z]+$/, ''));
  for (const program of programs) {
    // A shell or tool of another package lends its name to nobody.
    const owners = view.packages.ownersOf(program);
    if (owners.length === 0 || owners.some((owner) => packages.has(owner))) addName(names, baseName(program));
  }
  const sources = new Set([...packages].map((name) => view.packages.sourceOf(name)));
  for (const name of [...packages, ...sources]) addName(names, name);
  return { packages, sources, names };
}

/** Words that programs of all kinds carry in their names. */
const commonWords =
  /[-_.](?:daemon|server|service|client|common|core|base|utils|tools|bin|starter|systemd|wrapper|helper|libev)$/;

function addName(names: Set<string>, name: string): void {
  let short = name.toLowerCase();
  for (;;) {
    names.add(plainName(short));
    const next = short.replace(commonWords, '').replace(/[-_.]?\d[\d.]*$/, '');
    if (next === short) break;
    short = next;
  }
  names.delete('');
}

const plainNames = new Map<string, string>();

/** A name as it is compared: `_lldpd`, `lldpd` and `lldp` are the same. */
function plainName(name: string): string {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  let plain = name
    .toLowerCase()
    .replace(/^(?:_|debian-)/, '')
    .replace(/[^a-z0-9]/g, '');
  if (plain.length > 3) plain = plain.replace(/d$/, '');
  // The same few hundred names are asked for again and again.
  if (plainNames.size > 10_000) plainNames.clear();
  plainNames.set(name, plain);
  return plain;
}

/** True if two names are the same without what all names have in common. */
export function namesMatch(one: string, other: string): boolean {
  return plainName(one) === plainName(other);
}

/** True if a file's own name says that it is the main configuration: `sshd_config`, `named.conf`, `config` in `/etc/privoxy`. */
export function isMainFile(path: string, identity: Identity): boolean {
  const stem = baseName(path).replace(/\.[^.]*$/, '');
  if (/(?:key|pem|crt|csr|cert|sock|pid|lock|log|db|hosts|allow|deny|users|secrets|passwd)$/i.test(baseName(path)))
    return false;
  if (hasName(stem, identity) || stem.split(/[-_.]/).some((part) => part.length > 2 && hasName(part, identity)))
    return true;
  // `/etc/demo/agent.ini` of `demo-agent`.
  if (hasName(`${baseName(parentPath(path))}-${stem}`, identity)) return true;
  return /^(?:config|main|default|server|settings|daemon|daemons)$/.test(stem) && carriesName(path, identity);
}

/** True if one of the path's components carries one of the names. */
export function carriesName(path: string, identity: Identity): boolean {
  return path
    .split('/')
    .slice(2)
    .some((component) => hasName(component, identity) || hasName(component.replace(/\.[^.]*$/, ''), identity));
}

export function hasName(name: string, identity: Identity): boolean {
  return identity.names.has(plainName(name)) || identity.names.has(plainName(name.replace(/[-_.]?\d[\d.]*$/, '')));
}

/** How a path belongs to a unit. */
export function relationOf(path: string, identity: Identity, view: ProgramView): Relation {
  const owners = view.packages.ownersOf(path);
  if (owners.some((owner) => identity.packages.has(owner))) return 'own';
  if (owners.some((owner) => identity.sources.has(view.packages.sourceOf(owner)))) return 'sibling';
  if (owners.length > 0) return 'foreign';
  return carriesName(path, identity) ? 'named' : 'foreign';
}

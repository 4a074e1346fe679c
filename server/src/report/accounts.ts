/** Users and groups after the boot: for people and as JSON, each with the line that made it. */

import { parseGroup } from '../core/accounts/group.ts';
import { parsePasswd } from '../core/accounts/passwd.ts';
import type { SimulationResult } from '../core/boot/simulate.ts';
import type { Cause } from '../core/problems/problem.ts';
import { decodeText } from '../core/text/bytes.ts';
import { causeToJson } from './json.ts';
import { printable, type Style } from './style.ts';
import { shortCause } from './tree-text.ts';

interface Account {
  readonly name: string;
  readonly id: number;
  readonly cause: Cause | undefined;
}

interface UserAccount extends Account {
  readonly gid: number;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
}

interface GroupAccount extends Account {
  readonly members: readonly string[];
}

/** The users in the order of /etc/passwd; those that no line of this boot made have no cause. */
export function usersOf(simulation: SimulationResult): UserAccount[] {
  const causes = new Map<string, Cause | undefined>();
  if (simulation.sysusers.kind === 'ran') {
    for (const { entry, cause } of simulation.sysusers.result.users) causes.set(entry.name, cause);
  }
  return parsePasswd(textOf(simulation, '/etc/passwd')).entries.map(({ name, uid, gid, gecos, home, shell }) => ({
    name,
    id: uid,
    gid,
    gecos,
    home,
    shell,
    cause: causes.get(name),
  }));
}

/** The groups in the order of /etc/group. */
export function groupsOf(simulation: SimulationResult): GroupAccount[] {
  const causes = new Map<string, Cause | undefined>();
  if (simulation.sysusers.kind === 'ran') {
    for (const { entry, cause } of simulation.sysusers.result.groups) causes.set(entry.name, cause);
  }
  return parseGroup(textOf(simulation, '/etc/group')).entries.map(({ name, gid, members }) => ({
    name,
    id: gid,
    members,
    cause: causes.get(name),
  }));
}

function textOf(simulation: SimulationResult, path: string): string {
  const inode = simulation.tree.lookup(path);
  return inode?.type === 'file' && inode.content.kind === 'bytes' ? decodeText(inode.content.bytes) : '';
}

/** The fields `users` and `groups` of the JSON. */
export function accountsToJson(simulation: SimulationResult): object {
  const origin = (cause: Cause | undefined) =>
    cause === undefined ? { phase: 'image' } : { phase: cause.phase, origin: [causeToJson(cause)] };
  return {
    users: usersOf(simulation).map(({ name, id, gid, gecos, home, shell, cause }) => ({
      name,
      uid: id,
      gid,
      gecos,
      home,
      shell,
      ...origin(cause),
    })),
    groups: groupsOf(simulation).map(({ name, id, members, cause }) => ({ name, gid: id, members, ...origin(cause) })),
  };
}

/** A table of the users, then one of the groups that are no user's own. */
export function usersAndGroups(simulation: SimulationResult, style: Style): string[] {
  const users = usersOf(simulation);
  const own = new Set(users.map(({ name, gid }) => `${name} ${gid}`));
  const groups = groupsOf(simulation).filter(
    ({ name, id, members }) => !own.has(`${name} ${id}`) || members.length > 0,
  );
  const rows = [
    ...users.map(({ name, id, gid, home, cause }) => ['user', name, `${id}:${gid}`, home, made(cause)]),
    ...groups.map(({ name, id, members, cause }) => ['group', name, String(id), members.join(','), made(cause)]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.min(32, Math.max(0, ...rows.map((row) => printable(row[column] ?? '').length))),
  );
  return rows.map((row) => {
    const cells = widths.map((width, column) => printable(row[column] ?? '').padEnd(width));
    return ` ${cells.slice(0, 1).map(style.dim).concat(cells.slice(1)).join('  ')}  ${style.dim(row[4] ?? '')}`.trimEnd();
  });
}

function made(cause: Cause | undefined): string {
  return cause === undefined ? 'image' : shortCause(cause);
}

/** The field `presets`: what became of each unit and why. */
export function presetsToJson(simulation: SimulationResult): object[] {
  if (simulation.presets.kind !== 'ran') return [];
  const { units, links } = simulation.presets.result;
  return units.map(({ unit, verdict, rule, instances, pulledBy }) => ({
    unit,
    verdict,
    ...(rule === undefined ? {} : { origin: [{ file: rule.file, line: rule.line }] }),
    ...(instances.length === 0 ? {} : { instances }),
    ...(pulledBy.length === 0 ? {} : { pulledBy: pulledBy.map(({ file, line }) => ({ file, line })) }),
    links: links.filter((link) => link.unit === unit).map((link) => link.path),
  }));
}

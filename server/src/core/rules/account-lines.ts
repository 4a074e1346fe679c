/** The sysusers.d lines that make an account of the shipped image again, with its ids, its group and its memberships. */

import { parseGroup } from '../accounts/group.ts';
import { parsePasswd } from '../accounts/passwd.ts';
import type { Suggestion } from '../problems/problem.ts';
import type { RuleContext } from './rule-context.ts';

/** The advice to declare an account; none for a number, which no line can stand for. */
export function declareAccount(
  kind: 'user' | 'group',
  name: string,
  context: RuleContext,
): { readonly suggestion?: Suggestion } {
  if (/^\d+$/.test(name)) return {};
  return { suggestion: { file: `/usr/lib/sysusers.d/${name}.conf`, lines: accountLines(kind, name, context) } };
}

/** Lines for a user or group; without one of that name in the image, a line with an automatic id. */
export function accountLines(kind: 'user' | 'group', name: string, context: RuleContext): readonly string[] {
  const user = parsePasswd(context.shippedText('/etc/passwd') ?? '').entries.find((entry) => entry.name === name);
  const groups = parseGroup(context.shippedText('/etc/group') ?? '').entries;
  const group = groups.find((entry) => entry.name === name);
  if (user === undefined) {
    if (kind === 'user') return [`u ${name} - "${name}"`];
    const members = (group?.members ?? []).map((member) => `m ${member} ${name}`);
    return [`g ${name} ${group?.gid ?? '-'}`, ...members];
  }
  const lines: string[] = [];
  let id = String(user.uid);
  if (user.gid !== user.uid) {
    // A group that the line names by number or name has to be declared by a line of its own.
    const primary = groups.find((entry) => entry.gid === user.gid);
    if (primary !== undefined) lines.push(`g ${primary.name} ${primary.gid}`);
    id = primary === undefined ? id : `${user.uid}:${primary.name}`;
  }
  const gecos = user.gecos === '' ? '-' : `"${user.gecos.replace(/["\\]/g, '')}"`;
  lines.push(`u ${name} ${id} ${gecos} ${user.home === '' ? '-' : user.home} ${user.shell === '' ? '-' : user.shell}`);
  for (const other of groups) if (other.members.includes(name)) lines.push(`m ${name} ${other.name}`);
  return lines;
}

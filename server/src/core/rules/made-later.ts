/** What the boot makes, only too late for the unit that needs it. */

import type { RuleContext } from './rule-context.ts';

/** True if systemd-sysusers makes the account, so that a unit that misses it merely starts too early. */
export function isMadeLater(kind: 'user' | 'group', name: string, context: RuleContext): boolean {
  const { sysusers } = context.simulation;
  if (sysusers.kind !== 'ran') return false;
  return kind === 'user'
    ? sysusers.result.users.some(({ entry }) => entry.name === name || String(entry.uid) === name)
    : sysusers.result.groups.some(({ entry }) => entry.name === name || String(entry.gid) === name);
}

/** True if a path is there once systemd-tmpfiles has run. */
export function isPathMadeLater(path: string, context: RuleContext): boolean {
  return context.simulation.tree.lookup(path) !== undefined;
}

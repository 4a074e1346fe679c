import { baseName, parentPath } from '../tree/tree.ts';
import type { Rule } from './rule.ts';

/** Directories that nobody asked for, made on the way to a private one. */
export const implicitParentRootOwned: Rule = {
  id: 'implicit-parent-root-owned',
  severity: 'info',
  phase: 'tmpfiles',
  title: 'a missing parent is made for root, although the line is for another user',
  manual: {
    what: 'Lines for a user other than root whose path has missing parents below /var/lib, /var/cache, /var/log, /var/spool, /run or /srv.',
    why: 'The parents belong to root with 0755: the user cannot make anything beside the path, and others can look in.',
    fix: 'Declare the parents by lines of their own.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
d /var/lib/harbor/boats 0700 12 12 -
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
d /var/lib/harbor 0755 12 12 -
d /var/lib/harbor/boats 0700 12 12 -
`,
    references: ['tmpfiles.d(5)', 'NixOS/nixpkgs#60219'],
  },
  *check(context) {
    for (const { path, place, result } of context.tmpfilesOutcomes()) {
      if (result.kind !== 'applied' || path === undefined || (result.user?.id ?? 0) === 0) continue;
      for (const { kind, path: parent } of result.effects) {
        if (kind !== 'parent' || !/^\/(var\/(lib|cache|log|spool)|run|srv)\/./.test(parent)) continue;
        yield {
          message: `${parent} is made as root:root 0755 on the way to ${baseName(path)}`,
          place,
          consequence: `the owner of ${path} cannot write in ${parentPath(path)}`,
          help: `declare ${parent} by a line of its own`,
          subject: parent,
        };
      }
    }
  },
};

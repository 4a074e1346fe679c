import type { IdChoice } from '../boot/sysusers/allocate.ts';
import type { Place } from '../problems/problem.ts';
import type { Rule } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Directories that survive a reset of /etc alone. */
const persistent = /^\/(var\/(lib|spool|cache|log|db|opt)|srv|home|opt)\//;

/** State that belongs to an account whose id is handed out anew whenever /etc is emptied. */
export const floatingIdOwnsState: Rule = {
  id: 'floating-id-owns-state',
  severity: 'info',
  phase: 'sysusers',
  title: 'persistent state belongs to an account without a fixed id',
  manual: {
    what: 'Looks for d, D, v, q and Q lines of tmpfiles.d that give a directory below /var, /srv or /home to an account whose sysusers.d line has "-" as its id, where no Z line hands its content over too. Directories that a unit makes with StateDirectory= and the like are left out: systemd hands those over with their content.',
    why: 'When /etc is emptied and /var is kept, the account may get another number: an update may have added an account before it. The directory follows, because tmpfiles sets its owner, but the files in it keep the old number, and the service gets "permission denied".',
    fix: 'Fix the id in sysusers.d, add a Z line for the directory, or use StateDirectory= instead.',
    bad: `--- /usr/lib/sysusers.d/lantern.conf
u lantern -
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0750 lantern lantern -
`,
    good: `--- /usr/lib/sysusers.d/lantern.conf
u lantern -
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0750 lantern lantern -
Z /var/lib/lantern - lantern lantern -
`,
    references: ['sysusers.d(5)', 'nikstur/userborn#35', 'bootc-dev/bootc#1263'],
  },
  *check(context) {
    const floating = floatingUsers(context);
    const outcomes = context.tmpfilesOutcomes();
    const covered = new Set(outcomes.filter(({ node }) => node.letter === 'Z').map(({ path }) => path));
    for (const { node, path, place, result } of outcomes) {
      const user = node.user?.name;
      if (!/^[dDvqQ]$/.test(node.letter) || result.kind !== 'applied' || path === undefined || user === undefined)
        continue;
      const account = floating.get(user);
      if (account === undefined || !persistent.test(path) || covered.has(path)) continue;
      if (context.references.making(path).length > 0) continue;
      yield {
        message: `${path} belongs to "${user}", whose id is handed out anew when /etc is emptied`,
        place,
        consequence: 'if /var is kept, the files in it may belong to another account afterwards',
        help: 'fix the id in sysusers.d, or hand the content over with a Z line',
        suggestion: { file: place.file, lines: [`Z ${path} - ${user} ${node.group?.name ?? '-'} -`] },
        related:
          account.place === undefined ? [] : [{ ...account.place, message: `"${user}" is declared without an id` }],
        subject: path,
      };
    }
  },
};

/** Users with an automatic id, and the line that declares them. */
export function floatingUsers(
  context: RuleContext,
): ReadonlyMap<string, { readonly place: Place | undefined; readonly id: IdChoice }> {
  const { sysusers } = context.simulation;
  const users = new Map<string, { place: Place | undefined; id: IdChoice }>();
  if (sysusers.kind !== 'ran') return users;
  for (const { entry, id, cause } of sysusers.result.users) {
    if (id !== undefined && (id.from === 'automatic' || id.from === 'group'))
      users.set(entry.name, { place: cause, id });
  }
  return users;
}

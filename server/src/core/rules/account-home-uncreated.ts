import { parsePasswd } from '../accounts/passwd.ts';
import type { Rule } from './rule.ts';
import { joined } from './unit-findings.ts';

/** Homes that count as "none" by convention. */
const noHome: ReadonlySet<string> = new Set([
  '',
  '/',
  '/nonexistent',
  '/dev/null',
  '/proc',
  '/root',
  '/usr/sbin',
  '/bin',
  '/dev',
]);

/** Users of starting services whose home directory nothing makes. */
export const accountHomeUncreated: Rule = {
  id: 'account-home-uncreated',
  severity: 'warning',
  phase: 'start',
  title: 'a service needs the home of its user, and nothing makes it',
  manual: {
    what: 'Looks for the home directories of the users that starting services run as, where the unit depends on them: WorkingDirectory=~, PAMName=, or an environment that names the home.',
    why: 'systemd-sysusers writes the home into /etc/passwd but makes no directory. WorkingDirectory=~ then fails with 200/CHDIR; a program that goes to $HOME finds nothing there.',
    fix: 'Add a d line for the home to tmpfiles.d, or a StateDirectory= that is the home.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
User=lantern
Environment=HOME=/var/lib/lantern
[Install]
WantedBy=multi-user.target
--- /usr/lib/sysusers.d/lantern.conf
u lantern - "Lantern" /var/lib/lantern
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
User=lantern
Environment=HOME=/var/lib/lantern
StateDirectory=lantern
[Install]
WantedBy=multi-user.target
--- /usr/lib/sysusers.d/lantern.conf
u lantern - "Lantern" /var/lib/lantern
`,
    references: ['sysusers.d(5)', 'WorkingDirectory= in systemd.exec(5)', 'systemd/systemd#18123'],
  },
  *check(context) {
    const { finalTree, outcomes } = context.simulation.units;
    const { sysusers } = context.simulation;
    const homes = new Map(
      parsePasswd(context.simulatedText('/etc/passwd') ?? '').entries.map(({ name, home }) => [name, home]),
    );
    const needing = new Map<string, string[]>();
    for (const { unit, outcome } of outcomes) {
      if (outcome !== 'active' && outcome !== 'ran') continue;
      const user = unit.last('Service', 'User')?.entry.value;
      const home = user === undefined ? undefined : homes.get(user);
      if (user === undefined || home === undefined || noHome.has(home)) continue;
      const names = unit
        .list('Service', 'Environment')
        .some(({ entry }) => entry.value.split(/[\s"']+/).some((word) => word === `HOME=${home}`));
      if (!names && unit.last('Service', 'PAMName') === undefined) continue;
      if (finalTree.lookup(home) === undefined) needing.set(user, [...(needing.get(user) ?? []), unit.name]);
    }
    for (const [user, units] of needing) {
      const home = homes.get(user) ?? '';
      const cause =
        sysusers.kind === 'ran' ? sysusers.result.users.find(({ entry }) => entry.name === user)?.cause : undefined;
      const first = outcomes.find(({ unit }) => unit.name === units[0])?.unit;
      yield {
        message: `nothing makes ${home}, the home of "${user}"`,
        place: cause ?? first?.filePlace ?? { file: '/etc/passwd' },
        consequence: `${joined(units)} ${units.length === 1 ? 'starts' : 'start'} without a home directory`,
        suggestion: { file: `/usr/lib/tmpfiles.d/${user}.conf`, lines: [`d ${home} 0750 ${user} ${user} -`] },
        affects: units,
        subject: user,
      };
    }
  },
};

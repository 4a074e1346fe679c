import { declareAccount } from './account-lines.ts';
import { isMadeLater } from './made-later.ts';
import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Services that run as a user whom nobody makes. */
export const unitUserUndeclared: Rule = {
  id: 'unit-user-undeclared',
  severity: 'error',
  phase: 'start',
  title: 'a unit runs as a user that does not exist',
  manual: {
    what: 'Looks up the user in User= of every unit in the databases as they stand when the unit starts. DynamicUser=, root, nobody and users from /usr/lib/passwd (altfiles) and /usr/lib/userdb count as existing. A number needs an entry, too.',
    why: 'The service fails with 217/USER before its program is run. Packages often create their user in a maintainer script, and that is lost with /etc/passwd.',
    fix: 'Declare the user in /usr/lib/sysusers.d, or use DynamicUser=yes.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
User=lantern
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
User=lantern
[Install]
WantedBy=multi-user.target
--- /usr/lib/sysusers.d/lantern.conf
u lantern - "Lantern"
`,
    references: ['User= in systemd.exec(5)', 'sysusers.d(5)', 'flatcar/sysext-bakery#238'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['user-missing'], ({ obstacle }) => {
      if (isMadeLater('user', obstacle.subject, context)) return undefined;
      return declareAccount('user', obstacle.subject, context);
    });
  },
};

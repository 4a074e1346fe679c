import { declareAccount } from './account-lines.ts';
import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Services whose program changes to an account that nobody makes. */
export const programAccountLost: Rule = {
  id: 'program-account-lost',
  severity: 'warning',
  phase: 'start',
  title: 'a program changes to an account that a reset removes',
  manual: {
    what: "Collects the accounts that the program of a unit asks for by itself: options such as --user, its configuration, names in its executable, the unit's or package's own name. Those that the image's /etc/passwd has and the rebuilt one lacks are reported.",
    why: 'The manager starts the program as root, and the program ends because it cannot drop its privileges. This is an inference.',
    fix: 'Declare the account in /usr/lib/sysusers.d.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/lanternd --user lantern
[Install]
WantedBy=multi-user.target
--- /usr/bin/lanternd 0755
#!/bin/sh
id -u "$2" >/dev/null
--- /etc/passwd
lantern:x:106:106:Lantern:/var/lib/lantern:/usr/sbin/nologin
--- /etc/group
lantern:x:106:
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/lanternd --user lantern
[Install]
WantedBy=multi-user.target
--- /usr/bin/lanternd 0755
#!/bin/sh
id -u "$2" >/dev/null
--- /etc/passwd
lantern:x:106:106:Lantern:/var/lib/lantern:/usr/sbin/nologin
--- /etc/group
lantern:x:106:
--- /usr/lib/sysusers.d/lantern.conf
u lantern -
`,
    references: ['sysusers.d(5)'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['account-lost'], ({ obstacle }) => {
      const isUser = [...context.shippedUsers.values()].includes(obstacle.subject);
      return declareAccount(isUser ? 'user' : 'group', obstacle.subject, context);
    });
  },
};

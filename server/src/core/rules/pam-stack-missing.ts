import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Services with PAMName= for which no PAM configuration is left. */
export const pamStackMissing: Rule = {
  id: 'pam-stack-missing',
  severity: 'error',
  phase: 'start',
  title: 'PAMName= finds no PAM configuration',
  manual: {
    what: 'Looks for the service file of PAMName=, or else for "other", in the directories where PAM reads its configuration, in the tree as it stands when the unit starts.',
    why: 'The service fails with 224/PAM. With no configuration at all nobody can log in either.',
    fix: "Ship the stack in /usr/lib/pam.d if the distribution's PAM reads it, or bring /etc/pam.d back with a C line of tmpfiles.d from /usr/share/factory.",
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
User=root
PAMName=lantern
[Install]
WantedBy=multi-user.target
--- /etc/pam.d/lantern
auth required pam_permit.so
account required pam_permit.so
session required pam_permit.so
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
User=root
PAMName=lantern
[Install]
WantedBy=multi-user.target
--- /usr/share/factory/etc/pam.d/lantern
auth required pam_permit.so
account required pam_permit.so
session required pam_permit.so
--- /usr/lib/tmpfiles.d/pam.conf
C /etc/pam.d
`,
    references: ['PAMName= in systemd.exec(5)', 'systemd/particleos: mkosi.extra/usr/lib/tmpfiles.d/etc.conf'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['pam-stack-missing'], () => ({
      help: 'ship /usr/share/factory/etc/pam.d and copy it with "C /etc/pam.d" in tmpfiles.d',
    }));
  },
};

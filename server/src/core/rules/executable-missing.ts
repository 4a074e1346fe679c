import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Commands whose program, or its interpreter, is not there when the unit starts. */
export const executableMissing: Rule = {
  id: 'executable-missing',
  severity: 'error',
  phase: 'start',
  title: 'a command names a program that does not exist',
  manual: {
    what: 'Looks for the programs of all commands of a unit, and for the interpreters of scripts, in the tree as it stands when the unit starts. Links are followed, so that one into /etc/alternatives counts as gone with its target.',
    why: 'The service fails with 203/EXEC. Programs and scripts below /etc, /var, /opt or behind /etc/alternatives do not survive a reset.',
    fix: 'Move the program to /usr, or name the file itself instead of the alternative.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/etc/lantern/start.sh
[Install]
WantedBy=multi-user.target
--- /etc/lantern/start.sh 0755
#!/usr/bin/sh
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/libexec/lantern-start.sh
[Install]
WantedBy=multi-user.target
--- /usr/libexec/lantern-start.sh 0755
#!/usr/bin/sh
`,
    references: ['ExecStart= in systemd.service(5)', 'coreos/rpm-ostree#1614', 'openSUSE/transactional-update#56'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['executable-missing', 'interpreter-missing'], ({ obstacle }) =>
      obstacle.cause === 'dangling-link-into-etc'
        ? { help: 'name the program itself instead of the alternative' }
        : /^\/(etc|var)\//.test(obstacle.subject)
          ? { help: 'move the program to /usr' }
          : {},
    );
  },
};

import { declareAccount } from './account-lines.ts';
import { isMadeLater } from './made-later.ts';
import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Services that run with a group which nobody makes. */
export const unitGroupUndeclared: Rule = {
  id: 'unit-group-undeclared',
  severity: 'error',
  phase: 'start',
  title: 'a unit runs with a group that does not exist',
  manual: {
    what: 'Looks up the groups in Group= and SupplementaryGroups= of every unit in the databases as they stand when the unit starts. A number needs an entry, too.',
    why: 'The service fails with 216/GROUP before its program is run.',
    fix: 'Declare the group in /usr/lib/sysusers.d with a g line.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
SupplementaryGroups=lamps
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
SupplementaryGroups=lamps
[Install]
WantedBy=multi-user.target
--- /usr/lib/sysusers.d/lantern.conf
g lamps -
`,
    references: ['Group= in systemd.exec(5)', 'coreos/fedora-coreos-tracker#1524'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['group-missing'], ({ obstacle }) => {
      if (isMadeLater('group', obstacle.subject, context)) return undefined;
      return declareAccount('group', obstacle.subject, context);
    });
  },
};

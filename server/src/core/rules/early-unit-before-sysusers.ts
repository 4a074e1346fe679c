import { isMadeLater } from './made-later.ts';
import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Units that start before systemd-sysusers has made their account. */
export const earlyUnitBeforeSysusers: Rule = {
  id: 'early-unit-before-sysusers',
  severity: 'error',
  phase: 'start',
  title: 'a unit starts before its user or group is made',
  manual: {
    what: 'Looks for units with DefaultDependencies=no whose user or group comes from sysusers.d, but whose start job runs before systemd-sysusers.service has finished.',
    why: 'On every later boot the account is there. On the first one, or on a stateless system on each one, the unit fails with 217/USER or 216/GROUP.',
    fix: 'Order the unit after systemd-sysusers.service, or drop DefaultDependencies=no.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Unit]
DefaultDependencies=no
Before=systemd-sysusers.service
[Service]
ExecStart=/usr/bin/true
User=lantern
[Install]
WantedBy=sysinit.target
--- /usr/lib/sysusers.d/lantern.conf
u lantern -
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Unit]
DefaultDependencies=no
After=systemd-sysusers.service
[Service]
ExecStart=/usr/bin/true
User=lantern
[Install]
WantedBy=sysinit.target
--- /usr/lib/sysusers.d/lantern.conf
u lantern -
`,
    references: ['systemd-sysusers.service(8)', 'systemd/systemd#15724'],
  },
  *check(context) {
    yield* obstacleFindings(
      context,
      ['user-missing', 'group-missing', 'socket-owner-missing'],
      ({ outcome, obstacle }) => {
        const isUser = obstacle.code === 'user-missing' || obstacle.result?.startsWith('217') === true;
        if (!isMadeLater(isUser ? 'user' : 'group', obstacle.subject, context)) return undefined;
        return {
          message: `${outcome.unit.name} starts before systemd-sysusers makes the ${isUser ? 'user' : 'group'} "${obstacle.subject}"`,
          help: 'add After=systemd-sysusers.service to [Unit]',
        };
      },
    );
  },
};

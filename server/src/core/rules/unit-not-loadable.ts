import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Units that systemd refuses to load. */
export const unitNotLoadable: Rule = {
  id: 'unit-not-loadable',
  severity: 'error',
  phase: 'start',
  title: 'systemd refuses to load a unit',
  manual: {
    what: 'Loads every unit with its drop-ins as PID 1 does and reports those that it refuses: a service without a command, a command that is neither an absolute path nor a bare name, a bad User=, a file that cannot be read, and so on.',
    why: 'The unit cannot be started; what requires it fails, too.',
    fix: 'Mend the line; "systemd-analyze verify" says the same on a running system.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=bin/lanternd
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    references: ['systemd.service(5)', 'systemd.unit(5)'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['bad-setting'], ({ outcome }) => ({
      consequence: `${outcome.unit.name} is not loaded`,
    }));
  },
};

import { pathLine, tmpfilesFileOf } from './path-lines.ts';
import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Services whose program expects a directory or file below /var or /run that nothing makes. */
export const programPathLost: Rule = {
  id: 'program-path-lost',
  severity: 'warning',
  phase: 'start',
  title: 'a program expects a path below /var or /run that nothing makes',
  manual: {
    what: 'Collects the paths below /var and /run that the program of a unit refers to: words of its command line, scripts that it runs, paths embedded in its executable, the configuration files that survive. What the image ships, what the program cannot make itself, and what nothing makes again, is reported.',
    why: 'The manager starts the program, and the program ends because it cannot open its state or its log. This is an inference: a program may make its directory itself.',
    fix: 'Add StateDirectory=, CacheDirectory=, LogsDirectory= or RuntimeDirectory= to the unit, or a d line to tmpfiles.d.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/lanternd --state /var/lib/lantern
User=lantern
[Install]
WantedBy=multi-user.target
--- /usr/bin/lanternd 0755
#!/bin/sh
cd "$2"
--- /var/lib/lantern/ 0750 106:106
--- /usr/lib/sysusers.d/lantern.conf
u lantern 106
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/lanternd --state /var/lib/lantern
User=lantern
StateDirectory=lantern
[Install]
WantedBy=multi-user.target
--- /usr/bin/lanternd 0755
#!/bin/sh
cd "$2"
--- /var/lib/lantern/ 0750 106:106
--- /usr/lib/sysusers.d/lantern.conf
u lantern 106
`,
    references: ['tmpfiles.d(5)', 'StateDirectory= in systemd.exec(5)'],
  },
  *check(context) {
    const codes = ['state-path-lost', 'log-path-lost', 'runtime-path-lost', 'path-read-only'] as const;
    yield* obstacleFindings(context, codes, ({ outcome, obstacle }) => {
      const shipped = context.shipped.lookup(obstacle.subject, { follow: false });
      if (shipped?.type !== 'directory') return {};
      const lines = [pathLine(obstacle.subject, shipped, context)];
      return { suggestion: { file: tmpfilesFileOf(outcome.unit.name), lines } };
    });
  },
};

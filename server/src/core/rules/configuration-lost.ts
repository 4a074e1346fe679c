import { tmpfilesFileOf } from './path-lines.ts';
import type { Rule, RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Services whose program reads a configuration that the reset has taken away. */
export const configurationLost: Rule = {
  id: 'configuration-lost',
  severity: 'warning',
  phase: 'start',
  title: 'a program reads a configuration that a reset removes',
  manual: {
    what: 'Collects what the program of a unit refers to: words of its command line, its environment, scripts that it runs, paths embedded in its executable. What the image ships below /etc, what belongs to the same package or carries its name, and what nothing brings back, is reported with the way that leads there.',
    why: 'The manager starts the program, and the program ends at once because it cannot open its configuration. This is an inference: a program may have defaults.',
    fix: 'Ship the file in /usr/share/factory/etc and copy it with a C line of tmpfiles.d, or let the program read a file below /usr.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/lanternd --config /etc/lantern/lantern.conf
[Install]
WantedBy=multi-user.target
--- /usr/bin/lanternd 0755
#!/bin/sh
exec cat /etc/lantern/lantern.conf
--- /etc/lantern/lantern.conf
bright = yes
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/lanternd --config /etc/lantern/lantern.conf
[Install]
WantedBy=multi-user.target
--- /usr/bin/lanternd 0755
#!/bin/sh
exec cat /etc/lantern/lantern.conf
--- /etc/lantern/lantern.conf
bright = yes
--- /usr/share/factory/etc/lantern/lantern.conf
bright = yes
--- /usr/lib/tmpfiles.d/lantern.conf
C /etc/lantern/lantern.conf
`,
    references: ['tmpfiles.d(5)', 'systemd.exec(5)'],
  },
  *check(context) {
    const codes = ['configuration-lost', 'options-lost', 'script-command-missing', 'bus-policy-lost'] as const;
    yield* obstacleFindings(context, codes, ({ outcome, obstacle }) =>
      factoryCopy(obstacle.subject, outcome.unit.name, context),
    );
  },
};

/** How the factory brings a lost path of /etc back from the factory. */
function factoryCopy(path: string, unit: string, context: RuleContext): Partial<RuleFinding> {
  if (context.shipped.lookup(path, { follow: false }) === undefined || !path.startsWith('/etc/')) return {};
  return { help: `ship it as /usr/share/factory${path} and add "C ${path}" to ${tmpfilesFileOf(unit)}` };
}

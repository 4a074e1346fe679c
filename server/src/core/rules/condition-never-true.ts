import type { Rule } from './rule.ts';

/** Units that the boot starts, but whose condition asks for what the reset has taken away. */
export const conditionNeverTrue: Rule = {
  id: 'condition-never-true',
  severity: 'warning',
  phase: 'start',
  title: 'a unit is skipped because its condition asks for a lost path',
  manual: {
    what: 'Evaluates the conditions of every unit that the boot starts on the tree of that moment, and reports those that are false for a path below /etc or /var which the image ships and nothing makes again.',
    why: 'A unit with an unmet condition is skipped without any error. The service that ran today is silently not there after the reset.',
    fix: 'Make the path with tmpfiles.d, or drop the condition. If the service must not be missing, use Assert…= so that it shows.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Unit]
ConditionPathExists=/etc/lantern.conf
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
--- /etc/lantern.conf
bright
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Unit]
ConditionPathExists=/etc/lantern.conf
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
--- /etc/lantern.conf
bright
--- /usr/share/factory/etc/lantern.conf
bright
--- /usr/lib/tmpfiles.d/lantern.conf
C /etc/lantern.conf
`,
    references: ['systemd.unit(5), "Conditions and Asserts"', 'mondoohq/cnspec#1521'],
  },
  *check(context) {
    for (const { unit, outcome, condition } of context.simulation.units.outcomes) {
      if (outcome !== 'skipped' && outcome !== 'assert-failed') continue;
      if (condition?.place === undefined || condition.value !== 'false' || condition.isEnvironmental) continue;
      const path = /=[|!]*(\/(?:etc|var)\/[^*?[\s]+)$/.exec(condition.text ?? '')?.[1];
      if (path === undefined || context.shipped.lookup(path) === undefined) continue;
      yield {
        message: `${condition.text} is never met: ${condition.reason ?? 'the path is lost'}`,
        place: condition.place,
        ...(outcome === 'assert-failed' ? { severity: 'error' as const } : {}),
        consequence: outcome === 'assert-failed' ? `${unit.name} fails` : `${unit.name} is skipped, and nobody is told`,
        help: `let tmpfiles.d make ${path}, or drop the condition`,
        affects: [unit.name],
        related: [{ file: path, message: 'the image ships it; nothing brings it back' }],
        subject: `${unit.name} ${path}`,
      };
    }
  },
};

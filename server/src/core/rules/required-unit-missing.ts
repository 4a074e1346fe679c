import type { Rule, RuleFinding } from './rule.ts';
import { joined, obstacleFindings } from './unit-findings.ts';

/** Units that require one which does not exist after the presets. */
export const requiredUnitMissing: Rule = {
  id: 'required-unit-missing',
  severity: 'error',
  phase: 'start',
  title: 'a unit requires or starts one that does not exist',
  manual: {
    what: 'Looks up the units in Requires=, BindsTo= and Requisite= of every unit that the boot starts, and those that sockets, timers and paths start. Where the image has generators whose output nobody can know, or shows only a part of the system, a missing unit is at most likely to be missing.',
    why: 'The start job is refused, and everything that requires the unit goes down with it.',
    fix: 'Ship the required unit below /usr, or use Wants= if the unit can do without.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Unit]
Requires=wick.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Unit]
Wants=wick.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    references: ['Requires= in systemd.unit(5)'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['triggered-unit-missing'], () => ({
      help: 'ship the unit that it starts, or name another one in Service= or Unit=',
    }));
    const { outcomes, transaction } = context.simulation.units;
    const refused = new Set(transaction.refused.map(({ unit }) => unit));
    for (const { unit, obstacles } of outcomes) {
      const [obstacle] = obstacles;
      if (obstacle?.code !== 'required-unit-missing') continue;
      const isStarted = refused.has(unit);
      const isLikely = obstacle.confidence === 'likely';
      const dependents = outcomes
        .filter((other) => other.becauseOf === unit.name && refused.has(other.unit))
        .map((other) => other.unit.name);
      const finding: RuleFinding = {
        message: `${unit.name} requires ${obstacle.subject}, which does not exist`,
        place: obstacle.place,
        severity: isStarted ? (isLikely ? 'warning' : 'error') : 'info',
        confidence: obstacle.confidence,
        consequence: isStarted
          ? `${unit.name} is not started${dependents.length === 0 ? '' : `; ${joined(dependents)} as little`}`
          : `${unit.name} cannot be started`,
        affects: [unit.name, ...dependents],
        subject: `${unit.name} ${obstacle.subject}`,
      };
      yield finding;
    }
  },
};

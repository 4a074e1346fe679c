import type { Rule } from './rule.ts';

/** Start jobs that wait for each other in a circle. */
export const orderingCycle: Rule = {
  id: 'ordering-cycle',
  severity: 'error',
  phase: 'start',
  title: 'units wait for each other in a circle',
  manual: {
    what: 'Orders the start jobs of the boot by After= and Before=, with everything that is implied, and reports the circles.',
    why: 'systemd breaks a circle by leaving out one of its jobs, and which one may differ from what anybody expects: the unit is then not started at all.',
    fix: 'Drop one of the orderings. A unit ordered before sysinit.target needs DefaultDependencies=no, because by default it waits for sysinit.target.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Unit]
Before=sysinit.target
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=sysinit.target
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Unit]
DefaultDependencies=no
Before=sysinit.target
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=sysinit.target
`,
    references: ['DefaultDependencies= in systemd.unit(5)', 'systemd/systemd#6241'],
  },
  *check(context) {
    for (const cycle of context.simulation.units.transaction.cycles) {
      const [first] = cycle.members;
      if (first === undefined) continue;
      const names = cycle.members.map(({ unit }) => unit.name);
      const written = cycle.members.find(({ dependency }) => dependency.implied === undefined) ?? first;
      yield {
        message: `${names.slice(0, 6).join(' → ')}${names.length > 6 ? ' → …' : ''} → ${names[0]} wait for each other`,
        place: written.dependency.place,
        consequence:
          cycle.dropped === undefined
            ? 'no job can be left out, so the whole boot transaction is refused'
            : `systemd leaves out the job of ${cycle.dropped.name}`,
        affects: cycle.dropped === undefined ? names : [cycle.dropped.name],
        related: cycle.members
          .filter((member) => member !== written)
          .slice(0, 8)
          .map(({ owner, dependency }) => ({
            ...dependency.place,
            message: `${owner.name}: ${dependency.kind}=${dependency.target}${dependency.implied === undefined ? '' : ` (${dependency.implied})`}`,
          })),
        subject: names.join(' '),
      };
    }
  },
};

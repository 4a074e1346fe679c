import type { ObstacleCode } from '../boot/start/obstacle.ts';
import { isPathMadeLater } from './made-later.ts';
import type { Rule } from './rule.ts';
import { startPathCodes } from './start-path-codes.ts';
import { obstacleFindings } from './unit-findings.ts';

const codes: readonly ObstacleCode[] = [...startPathCodes, 'environment-file-missing', 'credential-missing'];

/** Units that start before systemd-tmpfiles has made what they need. */
export const earlyUnitBeforeTmpfiles: Rule = {
  id: 'early-unit-before-tmpfiles',
  severity: 'error',
  phase: 'start',
  title: 'a unit starts before the path that it needs is made',
  manual: {
    what: 'Looks for units with DefaultDependencies=no whose settings need a path that tmpfiles.d makes, but whose start job runs before systemd-tmpfiles-setup.service has finished.',
    why: 'The path is there when somebody looks for the reason, but it was not when the unit started.',
    fix: 'Use RuntimeDirectory=, StateDirectory= and the like, which are made at the start itself, or order the unit after systemd-tmpfiles-setup.service. That service waits for local-fs.target, so a unit that local-fs.target waits for cannot wait for it.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Unit]
DefaultDependencies=no
Before=systemd-tmpfiles-setup.service
[Service]
ExecStart=/usr/bin/true
WorkingDirectory=/var/lib/lantern
[Install]
WantedBy=sysinit.target
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Unit]
DefaultDependencies=no
Before=systemd-tmpfiles-setup.service
[Service]
ExecStart=/usr/bin/true
StateDirectory=lantern
WorkingDirectory=/var/lib/lantern
[Install]
WantedBy=sysinit.target
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern
`,
    references: ['systemd-tmpfiles-setup.service(8)', 'opensvc/multipath-tools#98', 'dun/munge#75'],
  },
  *check(context) {
    yield* obstacleFindings(context, codes, ({ outcome, obstacle }) => {
      if (!isPathMadeLater(obstacle.subject, context)) return undefined;
      const isBeforeLocal = context.simulation.units.store
        .load('local-fs.target')
        .dependencies.some(({ kind, target }) => kind === 'After' && outcome.unit.names.includes(target));
      return {
        message: `${outcome.unit.name} starts before systemd-tmpfiles makes ${obstacle.subject}`,
        help: isBeforeLocal
          ? 'let the unit make the directory itself (RuntimeDirectory=, StateDirectory=); it cannot wait for systemd-tmpfiles-setup.service, which waits for local-fs.target'
          : 'let the unit make the directory itself (RuntimeDirectory=, StateDirectory=), or add After=systemd-tmpfiles-setup.service to [Unit]',
      };
    });
  },
};

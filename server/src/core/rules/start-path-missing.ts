import { isPathMadeLater } from './made-later.ts';
import { pathLine, tmpfilesFileOf } from './path-lines.ts';
import type { Rule } from './rule.ts';
import { startPathCodes } from './start-path-codes.ts';
import { type MetObstacle, obstacleFindings } from './unit-findings.ts';

/** Where systemd makes directories for a unit by itself (systemd.exec(5), RuntimeDirectory=). */
const ownDirectories: readonly (readonly [string, string])[] = [
  ['/run/', 'RuntimeDirectory'],
  ['/var/lib/', 'StateDirectory'],
  ['/var/cache/', 'CacheDirectory'],
  ['/var/log/', 'LogsDirectory'],
];

/** Paths in a unit's settings without which it does not start. */
export const startPathMissing: Rule = {
  id: 'start-path-missing',
  severity: 'error',
  phase: 'start',
  title: 'a setting needs a path that nothing makes',
  manual: {
    what: 'Walks the paths in WorkingDirectory=, RootDirectory=, ReadWritePaths=, ReadOnlyPaths=, InaccessiblePaths=, ExecPaths=, NoExecPaths=, BindPaths=, StandardInput=, StandardOutput=, StandardError=, OpenFile= and NetworkNamespacePath= in the tree as it stands when the unit starts.',
    why: 'The unit fails before its program is run: 200/CHDIR, 226/NAMESPACE, 208/STDIN, 209/STDOUT, 222/STDERR. A command in ExecStartPre= cannot help, because the same settings apply to it.',
    fix: 'Let systemd make the directory with StateDirectory=, CacheDirectory=, LogsDirectory= or RuntimeDirectory=, make it in tmpfiles.d, or put a "-" in front of the path where it may be missing.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
ReadWritePaths=/var/lib/lantern
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
StateDirectory=lantern
ReadWritePaths=/var/lib/lantern
[Install]
WantedBy=multi-user.target
`,
    references: ['systemd.exec(5)', 'systemd/systemd#10972', 'borgbase/vykar#176'],
  },
  *check(context) {
    yield* obstacleFindings(context, startPathCodes, (met) => {
      const path = met.obstacle.subject;
      if (isPathMadeLater(path, context)) return undefined;
      const shipped = context.shipped.lookup(path, { follow: false });
      return {
        help: helpFor(met),
        ...(shipped?.type === 'directory'
          ? { suggestion: { file: tmpfilesFileOf(met.outcome.unit.name), lines: [pathLine(path, shipped, context)] } }
          : {}),
      };
    });
  },
};

function helpFor({ obstacle }: MetObstacle): string {
  const own = ownDirectories.find(([base]) => obstacle.subject.startsWith(base));
  if (obstacle.code === 'directory-read-only' || obstacle.code === 'mount-destination-read-only') {
    return 'ship the directory in the image, or choose one on a writable file system';
  }
  if (obstacle.code === 'directory-occupied') return 'remove what is in its place';
  const optional = 'put "-" in front of the path if it may be missing';
  if (own === undefined) return optional;
  const isFileParent = obstacle.code.endsWith('-parent-missing');
  return isFileParent
    ? `add ${own[1]}= for its directory to [Service]`
    : `add ${own[1]}=${obstacle.subject.slice(own[0].length)} to [Service], or ${optional}`;
}

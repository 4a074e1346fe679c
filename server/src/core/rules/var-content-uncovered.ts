import { compareBytes } from '../text/bytes.ts';
import type { Inode } from '../tree/inode.ts';
import { joinPath } from '../tree/tree.ts';
import { pathLine } from './path-lines.ts';
import type { Rule, RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Directories and links of the shipped /var that nothing makes again. */
export const varContentUncovered: Rule = {
  id: 'var-content-uncovered',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'a directory or link of the shipped /var is not made again',
  manual: {
    what: 'Compares the directories and links in the shipped /var with those after tmpfiles.d has run on an empty /var. Only the topmost lost one of each branch is reported. Directories that a unit makes itself with StateDirectory= and the like are left out.',
    why: 'A program that expects the path does not find it. A unit that names it in its settings usually fails to start.',
    fix: 'Add a d or L line to tmpfiles.d, or StateDirectory=, CacheDirectory= or LogsDirectory= to the unit.',
    bad: `--- /var/lib/mooring/charts/
--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
WorkingDirectory=/var/lib/mooring/charts
[Install]
WantedBy=multi-user.target
`,
    good: `--- /var/lib/mooring/charts/
--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
WorkingDirectory=/var/lib/mooring/charts
StateDirectory=mooring/charts
[Install]
WantedBy=multi-user.target
`,
    references: ['tmpfiles.d(5)', 'coreos/rpm-ostree#5517', 'flightctl/flightctl#1540'],
  },
  *check(context) {
    const { volatile } = context.simulation;
    if (volatile !== 'yes' && volatile !== 'state') return;
    const shipped = context.shipped.lookup('/var');
    if (shipped?.type === 'directory') yield* lostBelow('/var', shipped, context);
  },
};

function* lostBelow(path: string, shipped: Inode, context: RuleContext): Generator<RuleFinding> {
  for (const name of shipped.names().sort(compareBytes)) {
    const child = shipped.child(name);
    if (child === undefined || (child.type !== 'directory' && child.type !== 'symlink')) continue;
    const childPath = joinPath(path, name);
    const now = context.simulation.tree.lookup(childPath, { follow: false });
    if (now === undefined) {
      if (context.references.making(childPath).length === 0) yield lost(childPath, child, context);
    } else if (child.type === 'directory' && now.type === 'directory') {
      yield* lostBelow(childPath, child, context);
    }
  }
}

function lost(path: string, inode: Inode, context: RuleContext): RuleFinding {
  const needing = context.references.needing(path);
  return {
    message: `nothing makes ${path} again`,
    place: { file: path },
    severity: needing.length > 0 ? 'warning' : 'info',
    consequence:
      needing.length > 0
        ? 'the units that name it do not find it after a reset'
        : 'it is missing after a reset; no enabled unit names it',
    suggestion: {
      file: `/usr/lib/tmpfiles.d/${path.split('/')[3] ?? 'var'}.conf`,
      lines: [pathLine(path, inode, context)],
    },
    affects: [...new Set(needing.map(({ unit }) => unit))],
    related: needing.map(({ unit, setting, place }) => ({ ...place, message: `${unit} names it in ${setting}=` })),
    subject: path,
  };
}

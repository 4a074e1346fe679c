import { compareBytes } from '../text/bytes.ts';
import type { Inode } from '../tree/inode.ts';
import { joinPath } from '../tree/tree.ts';
import type { Rule, RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Directories whose files are made while the system runs; losing them is what a reset is for. */
const transient = /^\/var\/(cache|log|tmp|spool|run|lock)(\/|$)/;

/** Regular files of the shipped /var, in directories that do exist again after the reset. */
export const varRegularFileShipped: Rule = {
  id: 'var-regular-file-shipped',
  severity: 'warning',
  phase: 'image',
  title: 'a regular file is shipped in /var',
  manual: {
    what: 'Looks for regular files in the shipped /var that are missing after the boot although their directory is made again. Caches, logs and spools are left out; files in lost directories are told by var-content-uncovered.',
    why: 'The program finds its directory, but empty: data that it expects to be there from the start is not.',
    fix: 'Ship the file below /usr/share/factory/var and copy it with a C line, or let the program make it.',
    bad: `--- /usr/lib/tmpfiles.d/mooring.conf
d /var/lib/mooring 0755 root root -
--- /var/lib/mooring/quays.txt
north quay: 4 bollards
`,
    good: `--- /usr/lib/tmpfiles.d/mooring.conf
d /var/lib/mooring 0755 root root -
C /var/lib/mooring/quays.txt
--- /usr/share/factory/var/lib/mooring/quays.txt
north quay: 4 bollards
--- /var/lib/mooring/quays.txt
north quay: 4 bollards
`,
    references: ['tmpfiles.d(5)', 'coreos/rpm-ostree#3788', 'openSUSE/transactional-update#56'],
  },
  *check(context) {
    const { volatile } = context.simulation;
    if (volatile !== 'yes' && volatile !== 'state') return;
    const shipped = context.shipped.lookup('/var');
    if (shipped?.type === 'directory') yield* filesBelow('/var', shipped, context);
  },
};

function* filesBelow(path: string, shipped: Inode, context: RuleContext): Generator<RuleFinding> {
  if (transient.test(path) || context.simulation.tree.lookup(path)?.type !== 'directory') return;
  const lost: string[] = [];
  for (const name of shipped.names().sort(compareBytes)) {
    const child = shipped.child(name);
    const childPath = joinPath(path, name);
    if (child?.type === 'directory') yield* filesBelow(childPath, child, context);
    else if (child?.type === 'file' && context.simulation.tree.lookup(childPath, { follow: false }) === undefined) {
      lost.push(name);
    }
  }
  if (lost.length === 0) return;
  const needing = lost.flatMap((name) => context.references.needing(joinPath(path, name)));
  const named = lost.slice(0, 3).join(', ') + (lost.length > 3 ? ` and ${lost.length - 3} more` : '');
  yield {
    message: `${lost.length === 1 ? 'a file' : `${lost.length} files`} shipped in ${path} will be missing: ${named}`,
    place: { file: joinPath(path, lost[0] ?? '') },
    severity: needing.length > 0 ? 'warning' : 'info',
    consequence: 'the directory comes back empty',
    help: `ship below /usr/share/factory${path} and add a C line to tmpfiles.d, if the content is needed`,
    affects: [...new Set(needing.map(({ unit }) => unit))],
    related: needing.map(({ unit, setting, place }) => ({ ...place, message: `${unit} names it in ${setting}=` })),
    subject: path,
  };
}

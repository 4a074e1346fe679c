import { parentPath } from '../tree/tree.ts';
import { linesThatMadeLinks } from './made-links.ts';
import type { Rule } from './rule.ts';

/** Targets that the running system fills. */
const filledLater = /^\/(run|proc|sys|dev)(\/|$)/;

/** Links made by tmpfiles.d that lead nowhere. */
export const factoryLinkDangling: Rule = {
  id: 'factory-link-dangling',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'an L line makes a link that leads nowhere',
  manual: {
    what: 'L lines whose link is made but whose target does not exist at the end of the phase. Targets in /run, /proc, /sys and /dev are left out, they are filled later.',
    why: 'Whatever opens the path does not find it, although a listing shows it.',
    fix: "Ship the target, correct it (relative targets start from the link's directory), or use L? (systemd 257).",
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
L /etc/harbor.conf - - - - usr/share/harbor.conf
--- /usr/share/harbor.conf
interval = 60
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
L /etc/harbor.conf - - - - ../usr/share/harbor.conf
--- /usr/share/harbor.conf
interval = 60
`,
    references: ['tmpfiles.d(5)', 'systemd/systemd#35013'],
  },
  *check(context) {
    const { tree, image } = context.simulation;
    for (const { outcome, path, target } of linesThatMadeLinks(context)) {
      const found = tree.walk(path);
      if (found.kind !== 'missing' && found.kind !== 'not-a-directory') continue;
      const reached =
        found.kind === 'missing' ? `${found.path === '/' ? '' : found.path}/${found.missing.join('/')}` : found.path;
      // What a partial image lacks may exist all the same.
      if (filledLater.test(reached) || image.completeness === 'partial') continue;
      yield {
        message: `the link ${path} leads to ${reached}, which does not exist`,
        place: outcome.place,
        consequence: `${path} cannot be opened`,
        help: `ship the target, or use L? (systemd 257)${target.startsWith('/') ? '' : `; "${target}" starts from ${parentPath(path)}`}`,
        affects: [...new Set(context.references.needing(path).map(({ unit }) => unit))],
        subject: path,
      };
    }
  },
};

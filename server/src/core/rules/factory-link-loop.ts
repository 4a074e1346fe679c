import { linesThatMadeLinks } from './made-links.ts';
import type { Rule } from './rule.ts';

/** Links made by tmpfiles.d that lead to themselves. */
export const factoryLinkLoop: Rule = {
  id: 'factory-link-loop',
  severity: 'error',
  phase: 'tmpfiles',
  title: 'an L line makes a link that leads to itself',
  manual: {
    what: 'L lines whose link, followed through all others, comes back to itself. Often the factory directory holds a link back into /etc.',
    why: 'Opening the path fails with "too many levels of symbolic links".',
    fix: 'Point the link at a file, and keep links into /etc out of /usr/share/factory.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
L /etc/harbor.conf
--- /usr/share/factory/etc/harbor.conf -> /etc/harbor.conf
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
L /etc/harbor.conf
--- /usr/share/factory/etc/harbor.conf
interval = 60
`,
    references: ['tmpfiles.d(5)', 'systemd/particleos#181'],
  },
  *check(context) {
    for (const { outcome, path } of linesThatMadeLinks(context)) {
      if (context.simulation.tree.walk(path).kind !== 'loop') continue;
      yield {
        message: `the link ${path} leads to itself`,
        place: outcome.place,
        consequence: 'opening it fails with ELOOP',
        help: 'point it at a file below /usr that is no link into /etc',
        affects: [...new Set(context.references.needing(path).map(({ unit }) => unit))],
        subject: path,
      };
    }
  },
};

import type { Rule } from './rule.ts';

/** Types that change what is there and make nothing. */
const adjusting = new Set(['z', 'Z', 'm', 'w', 'e', 't', 'T', 'a', 'A', 'h', 'H', 'k', 'K']);

/** Lines that adjust a path which does not exist. */
export const adjustLineWithoutCreator: Rule = {
  id: 'adjust-line-without-creator',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'a line adjusts a path of /etc or /var that nothing makes',
  manual: {
    what: 'Lines of the types that only change what exists (z, w, e, a and the like) for a path below /etc or /var that does not exist when they run. A warning if a unit names the path, a note otherwise.',
    why: 'The line looks as if it took care of the path, but does nothing.',
    fix: 'Add a d, f or C line for the path.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
z /var/lib/harbor 0750 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
d /var/lib/harbor 0750 root root -
`,
    references: ['tmpfiles.d(5)'],
  },
  *check(context) {
    for (const { node, path, place, result } of context.tmpfilesOutcomes()) {
      if (result.kind !== 'applied' || result.effects.length > 0 || path === undefined) continue;
      if (!adjusting.has(node.type?.letter ?? '') || /[*?[{]/.test(path) || !/^\/(etc|var)\/./.test(path)) continue;
      if (context.simulation.tree.lookup(path) !== undefined) continue;
      const needing = context.references.needing(path);
      yield {
        message: `${path} does not exist, so there is nothing to adjust`,
        place,
        severity: needing.length > 0 ? 'warning' : 'info',
        consequence: 'the line does nothing',
        help: 'add a d, f or C line for the path',
        affects: [...new Set(needing.map(({ unit }) => unit))],
        subject: path,
      };
    }
  },
};

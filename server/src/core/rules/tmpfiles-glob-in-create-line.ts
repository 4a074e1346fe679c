import type { Rule } from './rule.ts';

/** Patterns in lines that take a name. */
export const tmpfilesGlobInCreateLine: Rule = {
  id: 'tmpfiles-glob-in-create-line',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'a line that makes something has a pattern as its path',
  manual: {
    what: 'Lines that make an inode (d, f, L, C and so on) with *, ? or [ in the path.',
    why: 'These lines do not expand patterns: an inode with that very name is made.',
    fix: 'Write a line for each path, or use z or e, which expand patterns, on paths that exist.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
d /run/harbor/*/boats
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
d /run/harbor/north/boats
`,
    references: ['tmpfiles.d(5)'],
  },
  *check(context) {
    for (const { node, path, place, result } of context.tmpfilesOutcomes()) {
      if (result.kind !== 'applied' || node.type?.path !== 'literal' || path === undefined || !/[*?[]/.test(path))
        continue;
      yield {
        message: `"${path}" is taken as a name, not as a pattern`,
        place,
        consequence: 'an inode of that very name is made',
        help: 'write a line for each path',
        subject: path,
      };
    }
  },
};

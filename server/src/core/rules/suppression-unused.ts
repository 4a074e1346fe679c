import { nearestName } from '../text/nearest-name.ts';
import type { Rule } from './rule.ts';

/** Comments that silence nothing: the finding is gone, or the rule is called something else. */
export const suppressionUnused: Rule = {
  id: 'suppression-unused',
  severity: 'warning',
  phase: 'image',
  title: 'a comment silences a finding that is not there',
  manual: {
    what: 'Reads the comments "# stateless-boot: ignore RULE", "ignore-file RULE", "ignore-start RULE" and "ignore-end" and looks whether the rules that they name exist and have something to say there.',
    why: 'Nothing happens at the boot. But a comment that is left over hides the next finding of that rule, and one with a wrong name hides nothing.',
    fix: 'Remove the comment or the name, or correct the name. Without a name a comment is about all rules; a reason may follow after " -- ".',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf
# stateless-boot: ignore tmpfiles-line-rejected -- the old mode
d /run/lantern 0755 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0755 root root -
`,
    references: ['tmpfiles.d(5)', 'sysusers.d(5)', 'systemd.preset(5)', 'systemd.unit(5)'],
  },
  *check(context) {
    const ids = context.suppressions.ruleIds;
    for (const { file, suppression, problem, unused } of context.suppressions.leftOver()) {
      if (problem !== undefined) {
        yield { message: problem.message, place: { file, span: problem.span }, subject: problem.message };
        continue;
      }
      if (suppression.rules.length === 0) {
        yield { message: 'no rule has anything to say here', place: { file, span: suppression.span }, subject: 'all' };
        continue;
      }
      for (const { id, span } of unused) {
        const near = ids.has(id) ? undefined : nearestName(id, ids);
        const message = ids.has(id)
          ? `${id} has nothing to say here`
          : `there is no rule "${id}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
        yield { message, place: { file, span }, subject: id };
      }
    }
  },
};

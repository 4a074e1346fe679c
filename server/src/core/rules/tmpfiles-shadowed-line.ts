import type { Rule } from './rule.ts';

/** Lines that lose against an earlier one on the same path. */
export const tmpfilesShadowedLine: Rule = {
  id: 'tmpfiles-shadowed-line',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'a line is ignored, because an earlier one on the same path differs',
  manual: {
    what: 'Two lines for one path that cannot both apply. Files are read in the order of their names, whatever their directory, so the file whose name sorts first wins; /etc does not win over /usr.',
    why: 'The later line has no effect: another mode, owner, content or target than it says is what the boot gives.',
    fix: 'Remove one of the lines, rename the file, or override the whole file by one of the same name in /etc/tmpfiles.d.',
    bad: `--- /usr/lib/tmpfiles.d/10-base.conf
d /run/lantern 0755 root root -
--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0700 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0700 root root -
`,
    references: ['tmpfiles.d(5)', 'coreos/rpm-ostree#3181', 'networkupstools/nut#2210'],
  },
  *check(context) {
    for (const { path, place, result } of context.tmpfilesOutcomes()) {
      if (result.kind !== 'skipped' || result.reason !== 'duplicate' || path === undefined) continue;
      yield {
        message: `the line is ignored: an earlier line for ${path} says something else`,
        place,
        consequence: 'the earlier line counts',
        related: result.earlier === undefined ? [] : [{ ...result.earlier, message: 'this line wins' }],
        subject: path,
      };
    }
  },
};

import { findingFromMessage, type Rule } from './rule.ts';

/** Paths that are something else than the line wants. */
export const tmpfilesTypeClash: Rule = {
  id: 'tmpfiles-type-clash',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'the path of a line, or a parent of it, is something else',
  manual: {
    what: 'Lines for a directory where a file or link stands, for a file where a directory stands, and lines below something that is no directory. A link to a directory is no directory to a d line.',
    why: 'The line does nothing, or fails with 73; either way its service stays green.',
    fix: 'Use the path behind the link, remove what is in the way, or let the line replace it (L+, or "=" in the type column).',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
f /run/harbor
d /run/harbor/boats
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
d /run/harbor
d /run/harbor/boats
`,
    references: ['tmpfiles.d(5)', 'bootc-dev/bootc#358', 'CentOS/centos-bootc#371'],
  },
  *check(context) {
    for (const message of context.messages(
      'wrong-type-kept',
      'parent-not-directory',
      'not-a-regular-file',
      'copy-type-clash',
    )) {
      const finding = findingFromMessage(message, {
        severity: message.severity === 'error' ? 'error' : 'warning',
        consequence: message.severity === 'error' ? 'the line fails (exit status 73)' : 'the line does nothing',
        affects: [...new Set(context.references.needing(message.subject ?? '').map(({ unit }) => unit))],
      });
      if (finding !== undefined) yield finding;
    }
  },
};

import { findingFromMessage, type Rule } from './rule.ts';

/** Paths through directories of an ordinary user. */
export const tmpfilesUnsafeTransition: Rule = {
  id: 'tmpfiles-unsafe-transition',
  severity: 'error',
  phase: 'tmpfiles',
  title: "a path leads from one user's directory into another user's",
  manual: {
    what: 'Lines whose path goes through an inode of a user that is not root to an inode of another user, root included. A directory that is made on the way belongs to root.',
    why: 'systemd-tmpfiles refuses such a step, because the first user could exchange what lies behind it. The line fails with 73.',
    fix: 'Declare the directories in between with the owner of their parent, or let root own the parent.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
d /var/lib/harbor 0755 12 12 -
d /var/lib/harbor/boats/small 0755 12 12 -
f /var/lib/harbor/boats/small/list 0644 12 12 -
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
d /var/lib/harbor 0755 12 12 -
d /var/lib/harbor/boats 0755 12 12 -
d /var/lib/harbor/boats/small 0755 12 12 -
f /var/lib/harbor/boats/small/list 0644 12 12 -
`,
    references: ['tmpfiles.d(5)', 'systemd/systemd#13052', 'systemd/systemd#19618'],
  },
  *check(context) {
    for (const message of context.messages('unsafe-transition')) {
      const finding = findingFromMessage(message, {
        consequence: 'the line fails (exit status 73)',
        help: 'declare the directories in between with the owner of their parent',
        affects: [...new Set(context.references.needing(message.subject ?? '').map(({ unit }) => unit))],
      });
      if (finding !== undefined) yield finding;
    }
  },
};

import { findingFromMessage, type Rule } from './rule.ts';

/** Second declarations that differ from the first. */
export const sysusersConflictingLine: Rule = {
  id: 'sysusers-conflicting-line',
  severity: 'warning',
  phase: 'sysusers',
  title: 'an account is declared twice, differently',
  manual: {
    what: 'Lines that declare a name again with another id, home, shell or description. Files are read in the order of their names, so the first file by name wins, not /etc.',
    why: 'The later line is ignored; its id and home are not those that exist.',
    fix: 'Delete one of the lines, make them equal, or override the whole file by one of the same name in /etc/sysusers.d.',
    bad: `--- /usr/lib/sysusers.d/10-harbor.conf
u lantern 900 "Lantern keeper"
--- /usr/lib/sysusers.d/20-lantern.conf
u lantern 901 "Lantern keeper"
`,
    good: `--- /usr/lib/sysusers.d/10-harbor.conf
u lantern 900 "Lantern keeper"
--- /usr/lib/sysusers.d/20-lantern.conf
u lantern 900 "Lantern keeper"
`,
    references: ['sysusers.d(5)'],
  },
  *check(context) {
    for (const message of context.messages('conflicting-line')) {
      if (message.phase !== 'sysusers') continue;
      const finding = findingFromMessage(message, { consequence: 'the earlier line counts' });
      if (finding !== undefined) yield finding;
    }
  },
};

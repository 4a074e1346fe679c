import { findingFromMessage, type Rule } from './rule.ts';

/** Fixed ids that an account does not get. */
export const sysusersIdTaken: Rule = {
  id: 'sysusers-id-taken',
  severity: 'warning',
  phase: 'sysusers',
  title: 'two accounts ask for one id, so one gets another',
  manual: {
    what: 'Lines whose fixed id already belongs to another account when their turn comes: groups first, then users, each in reading order.',
    why: 'The later account silently gets some free id. Files in /usr or on other machines that carry the number then belong to somebody else.',
    fix: 'Choose a free id, or - if the number does not matter.',
    bad: `--- /usr/lib/sysusers.d/harbor.conf
u lantern 900 "Lantern keeper"
u tide 900 "Tide watcher"
`,
    good: `--- /usr/lib/sysusers.d/harbor.conf
u lantern 900 "Lantern keeper"
u tide 901 "Tide watcher"
`,
    references: ['sysusers.d(5)', 'bootc-dev/bootc#2461'],
  },
  *check(context) {
    for (const message of context.messages('user-id-taken', 'group-id-taken')) {
      const finding = findingFromMessage(message, {
        help: 'choose a free id, or write - if the number does not matter',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

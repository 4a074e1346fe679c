import { findingFromMessage, type Rule } from './rule.ts';

/** Users whose primary group nobody makes. */
export const sysusersPrimaryGroupMissing: Rule = {
  id: 'sysusers-primary-group-missing',
  severity: 'error',
  phase: 'sysusers',
  title: 'the primary group of a user does not exist',
  manual: {
    what: 'u lines whose group, given after the colon by number or name, neither exists nor is declared by a g line.',
    why: 'The user is not made.',
    fix: 'Declare the group with a g line; its place in the file does not matter.',
    bad: `--- /usr/lib/sysusers.d/lantern.conf
u lantern -:harbor "Lantern keeper"
`,
    good: `--- /usr/lib/sysusers.d/lantern.conf
g harbor 900
u lantern -:harbor "Lantern keeper"
`,
    references: ['sysusers.d(5)', 'systemd/systemd#14710'],
  },
  *check(context) {
    for (const message of context.messages('group-id-missing', 'group-not-found')) {
      // Over a partial base, a package that is not here may declare the group.
      const isPartial = context.simulation.image.completeness === 'partial';
      const finding = findingFromMessage(message, {
        ...(isPartial ? { severity: 'warning', confidence: 'likely' } : {}),
        consequence: 'the user is not made; units that run as it fail with 217/USER',
        help: 'add a g line for the group',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

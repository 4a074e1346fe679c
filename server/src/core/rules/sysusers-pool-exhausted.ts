import { findingFromMessage, type Rule } from './rule.ts';

/** Accounts for which no id is left. */
export const sysusersPoolExhausted: Rule = {
  id: 'sysusers-pool-exhausted',
  severity: 'error',
  phase: 'sysusers',
  title: 'no id is left for an account',
  manual: {
    what: "Lines that ask for an automatic id when the ranges of the r lines, or the system's own range, hold no free one any more. Ids are given out downwards and skipped ones are not tried again.",
    why: 'The account is not made.',
    fix: 'Widen the r ranges, or give fixed ids.',
    bad: `--- /usr/lib/sysusers.d/harbor.conf
r - 900-900
g lantern -
g tide -
`,
    good: `--- /usr/lib/sysusers.d/harbor.conf
r - 900-999
g lantern -
g tide -
`,
    references: ['sysusers.d(5)'],
  },
  *check(context) {
    for (const message of context.messages('no-free-id')) {
      const finding = findingFromMessage(message, {
        consequence: 'the account is not made',
        help: 'widen the ranges of the r lines, or give fixed ids',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

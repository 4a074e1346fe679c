import { findingFromMessage, type Rule } from './rule.ts';

/** Refused lines that another rule explains better. */
const elsewhere = new Set([
  'unknown-modifier',
  'group-id-missing',
  'group-not-found',
  'no-free-id',
  'stale-shadow-row',
  'stale-gshadow-row',
  'specifier-unknown',
  'config-unreadable',
  'line-too-long',
]);

/** sysusers.d lines that systemd-sysusers refuses. */
export const sysusersLineRejected: Rule = {
  id: 'sysusers-line-rejected',
  severity: 'error',
  phase: 'sysusers',
  title: 'systemd-sysusers refuses a line',
  manual: {
    what: "Every sysusers.d line that systemd-sysusers of the image's version does not accept: unknown types, bad names and ids, unquoted blanks, fields too many.",
    why: 'The line is ignored and its account does not exist, but the tool exits with 0 and its service is green. What needs the account fails later.',
    fix: 'Correct the field that is marked. Texts with blanks need quotes.',
    bad: `--- /usr/lib/sysusers.d/lantern.conf
u lantern - Lantern keeper /var/lib/lantern
`,
    good: `--- /usr/lib/sysusers.d/lantern.conf
u lantern - "Lantern keeper" /var/lib/lantern
`,
    references: ['sysusers.d(5)', 'bootc-dev/bootc#1331'],
  },
  *check(context) {
    for (const message of context.simulation.messages) {
      if (message.phase !== 'sysusers' || message.severity !== 'error' || elsewhere.has(message.code)) continue;
      const finding = findingFromMessage(message, {
        consequence:
          message.place?.line === undefined
            ? 'systemd-sysusers stops; no account is made'
            : 'the line is ignored: what it declares will not exist, and no unit fails for it yet',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

import { findingFromMessage, type Rule } from './rule.ts';

/** Rows of shadow databases that stand in the way. */
export const sysusersShadowStale: Rule = {
  id: 'sysusers-shadow-stale',
  severity: 'error',
  phase: 'sysusers',
  title: 'a shadow database has a row for an account that is yet to be made',
  manual: {
    what: 'Rows of /etc/shadow or /etc/gshadow for names that /etc/passwd or /etc/group lack and sysusers.d declares.',
    why: 'A stale gshadow row of a g line ends systemd-sysusers with 1: not a single account is made. A stale shadow row keeps its password.',
    fix: 'Remove the row where the image is built; an image should ship all four databases or none.',
    bad: `--- /etc/gshadow
lantern:!*::
--- /usr/lib/sysusers.d/lantern.conf
g lantern 900
u lantern - "Lantern keeper"
`,
    good: `--- /usr/lib/sysusers.d/lantern.conf
g lantern 900
u lantern - "Lantern keeper"
`,
    exampleVolatile: 'no',
    references: ['sysusers.d(5)', 'coreos/fedora-coreos-tracker#1525', 'systemd/systemd#43269'],
  },
  *check(context) {
    for (const message of context.messages('stale-gshadow-row', 'stale-shadow-row')) {
      const isFatal = message.code === 'stale-gshadow-row';
      const finding = findingFromMessage(message, {
        severity: isFatal ? 'error' : 'warning',
        consequence: isFatal
          ? 'systemd-sysusers stops; no account at all is made'
          : 'the account comes back with the old password',
        help: 'remove the row when the image is built',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

import { findingFromMessage, type Rule } from './rule.ts';

/** L lines that find something else in their place. */
export const linkDestinationOccupied: Rule = {
  id: 'link-destination-occupied',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'an L line makes no link, because its place is taken',
  manual: {
    what: 'L lines whose path exists already as something else, or as a link with another target.',
    why: "The path stays as it is, without an error: an empty file that a build left behind hides the vendor's content.",
    fix: 'Use L+, which replaces, or remove what is in the way where the image is built.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
L /etc/harbor.conf - - - - ../usr/share/harbor.conf
--- /usr/share/harbor.conf
interval = 60
--- /etc/harbor.conf
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
L+ /etc/harbor.conf - - - - ../usr/share/harbor.conf
--- /usr/share/harbor.conf
interval = 60
--- /etc/harbor.conf
`,
    exampleVolatile: 'no',
    references: ['tmpfiles.d(5)', 'projectbluefin/dakota#294'],
  },
  *check(context) {
    for (const message of context.messages('link-place-taken')) {
      const finding = findingFromMessage(message, {
        consequence: 'the link is not made',
        help: 'use L+, or remove what is in the way where the image is built',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

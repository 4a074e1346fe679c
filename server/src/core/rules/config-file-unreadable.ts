import { findingFromMessage, type Rule } from './rule.ts';

/** Configuration files that cannot be read, or not to their end. */
export const configFileUnreadable: Rule = {
  id: 'config-file-unreadable',
  severity: 'warning',
  phase: 'image',
  title: 'a configuration file cannot be read, or not to its end',
  manual: {
    what: 'tmpfiles.d, sysusers.d and preset files that are directories, links into nowhere or unreadable, that hold a line of a mebibyte or more, or whose content the image leaves out.',
    why: 'systemd passes over such a file, or over what follows the long line, and only logs it. Content that an image leaves out is not judged at all.',
    fix: 'Replace the file, or split the line.',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf/
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern
`,
    references: ['tmpfiles.d(5)', 'sysusers.d(5)'],
  },
  *check(context) {
    for (const message of context.messages(
      'config-unreadable',
      'config-content-unknown',
      'config-unknown',
      'line-too-long',
    )) {
      const isUnknown = message.code === 'config-content-unknown' || message.code === 'config-unknown';
      const finding = findingFromMessage(message, {
        severity: isUnknown ? 'info' : 'warning',
        consequence: isUnknown
          ? 'what it makes is unknown and not shown'
          : 'nothing of it, or nothing behind the line, takes effect',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

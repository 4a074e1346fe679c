import { findingFromMessage, type Rule } from './rule.ts';

/** C lines that have nothing to copy. */
export const factorySourceMissing: Rule = {
  id: 'factory-source-missing',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'a C line has nothing to copy',
  manual: {
    what: 'C lines whose source, named or by default below /usr/share/factory, does not exist in the image. A warning if a unit names the path, a note otherwise, because lines for optional content are common.',
    why: 'The line is passed over without a word and the path does not exist after a reset.',
    fix: 'Ship the source, name the right one, or drop the line.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
C /etc/harbor
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
C /etc/harbor
--- /usr/share/factory/etc/harbor/tide.conf
interval = 60
`,
    references: ['tmpfiles.d(5)', 'getsolus/packages#116', 'systemd/systemd#24459'],
  },
  *check(context) {
    for (const message of context.messages('source-missing')) {
      // What the kernel has is not known here.
      if (/"\/(proc|sys|dev)\//.test(message.text)) continue;
      const needing = context.references.needing(message.subject ?? '');
      const finding = findingFromMessage(message, {
        severity: needing.length > 0 ? 'warning' : 'info',
        consequence: `${message.subject} does not exist after the boot`,
        help: 'ship the source, name the right one, or drop the line',
        affects: [...new Set(needing.map(({ unit }) => unit))],
      });
      if (finding !== undefined) yield finding;
    }
  },
};

import { findingFromMessage, type Rule } from './rule.ts';
import { isTooNew } from './tmpfiles-feature-too-new.ts';
import { isReadOnlyFailure } from './tmpfiles-readonly-target.ts';

/** Messages that another rule explains better. */
const elsewhere = new Set([
  'unknown-user',
  'unknown-group',
  'unsafe-transition',
  'read-only',
  'wrong-type-kept',
  'parent-not-directory',
  'not-a-regular-file',
  'copy-type-clash',
  'acl-principal-unknown',
  'config-unreadable',
  'line-too-long',
]);

/** tmpfiles.d lines that systemd-tmpfiles refuses or fails on. */
export const tmpfilesLineRejected: Rule = {
  id: 'tmpfiles-line-rejected',
  severity: 'error',
  phase: 'tmpfiles',
  title: 'systemd-tmpfiles refuses a line',
  manual: {
    what: "Every tmpfiles.d line that systemd-tmpfiles of the image's version does not accept: unknown types and modifiers, bad modes and ages, paths that are not absolute, unknown specifiers, wrong arguments.",
    why: 'The line is dropped and its path is not made. The tool ends with 65, which its service takes as success: only what needs the path fails.',
    fix: 'Correct the field that is marked.',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern u=rwx root root -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0700 root root -
`,
    references: ['tmpfiles.d(5)', 'NixOS/nixpkgs#151826'],
  },
  *check(context) {
    const { version } = context.simulation.inputs.systemd;
    for (const message of context.simulation.messages) {
      if (message.phase !== 'tmpfiles' || message.severity !== 'error' || elsewhere.has(message.code)) continue;
      if (/^unknown-(modifier|line-type)$/.test(message.code) && isTooNew(context.lineText(message.place), version))
        continue;
      if (isReadOnlyFailure(message, context)) continue;
      const finding = findingFromMessage(message, {
        consequence: 'the line is dropped: what it should make will not exist',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

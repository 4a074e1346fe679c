import { findingFromMessage, type Rule } from './rule.ts';

/** Paths below /var/run. */
export const tmpfilesLegacyVarRun: Rule = {
  id: 'tmpfiles-legacy-var-run',
  severity: 'info',
  phase: 'tmpfiles',
  title: 'a line names a path below /var/run',
  manual: {
    what: 'tmpfiles.d lines whose path begins with /var/run/.',
    why: 'systemd-tmpfiles works on /run instead and says so at every boot.',
    fix: 'Write /run.',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf
d /var/run/lantern 0755 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0755 root root -
`,
    references: ['tmpfiles.d(5)', 'systemd/systemd#9019', 'lintian: systemd-tmpfile-in-var-run'],
  },
  *check(context) {
    for (const message of context.messages('legacy-var-run')) {
      const finding = findingFromMessage(message, {
        consequence: 'the path below /run is made instead',
        help: 'write /run',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

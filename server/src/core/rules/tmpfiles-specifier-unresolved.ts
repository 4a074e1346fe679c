import { findingFromMessage, type Rule } from './rule.ts';

/** Lines that are passed over because a specifier has no value. */
export const tmpfilesSpecifierUnresolved: Rule = {
  id: 'tmpfiles-specifier-unresolved',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'a specifier has no value on this system',
  manual: {
    what: 'Lines with specifiers that need os-release or a machine id when the system has none, and lines with specifiers such as %H whose value only the running machine knows (these are noted as unknown).',
    why: 'A line whose specifier has no value is passed over without an error, so its path is not made.',
    fix: 'Ship os-release, use StateDirectory= instead of a path with %m, or accept that the path depends on the machine.',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern-%o 0755 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern-%o 0755 root root -
--- /usr/lib/os-release
ID=harbor
`,
    references: ['tmpfiles.d(5)', 'systemd/systemd#6860', 'systemd/systemd#7849'],
  },
  *check(context) {
    for (const message of context.messages('specifier-unresolved', 'specifier-unknowable')) {
      if (message.phase !== 'tmpfiles') continue;
      const isUnknown = message.code === 'specifier-unknowable';
      const finding = findingFromMessage(message, {
        severity: isUnknown ? 'info' : 'warning',
        consequence: isUnknown
          ? 'what the line makes depends on the machine and is not shown'
          : 'the line is passed over; its path is not made',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

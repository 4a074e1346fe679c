import { findingFromMessage, type Rule } from './rule.ts';

/** C lines whose destination is taken before they run. */
export const copyDestinationOccupied: Rule = {
  id: 'copy-destination-occupied',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'a C line copies nothing, because its destination is taken',
  manual: {
    what: 'C lines onto a file that exists, or onto a directory that is not empty when the line runs: presets write /etc/systemd, an earlier line made something below it, or the image ships content.',
    why: 'Nothing is copied, without an error: the factory content is missing.',
    fix: 'Copy the entries one by one, or use C+ (systemd 254), which merges.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
C /etc/systemd
--- /usr/share/factory/etc/systemd/journald.conf.d/harbor.conf
[Journal]
--- /usr/lib/systemd/system/tide.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
C /etc/systemd/journald.conf.d/harbor.conf
--- /usr/share/factory/etc/systemd/journald.conf.d/harbor.conf
[Journal]
--- /usr/lib/systemd/system/tide.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    references: ['tmpfiles.d(5)', 'systemd/systemd#13260', 'systemd/systemd#11287'],
  },
  *check(context) {
    for (const message of context.messages('copy-place-taken')) {
      const finding = findingFromMessage(message, {
        consequence: 'nothing is copied, and no unit fails for it yet',
        help: 'copy the entries one by one, or use C+ (systemd 254)',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

import { findingFromMessage, type Rule } from './rule.ts';

const codes = [
  'alias-not-allowed',
  'install-bad-value',
  'install-invalid-unit-name',
  'install-specifier-without-value',
  'install-unknown-specifier',
  'unit-unparsable',
] as const;

/** [Install] settings that presets cannot carry out. */
export const installSettingRejected: Rule = {
  id: 'install-setting-rejected',
  severity: 'error',
  phase: 'preset',
  title: 'an [Install] setting cannot be carried out',
  manual: {
    what: 'Alias=, WantedBy= and the like with names that are no unit names, aliases of another type, or specifiers that [Install] does not know.',
    why: "The link is not made; depending on the version, the rest of the unit's links are not made either.",
    fix: 'Use a unit name of the same type for Alias=, and a unit name for the others.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
[Install]
Alias=light.socket
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
[Install]
Alias=light.service
`,
    references: ['systemd.unit(5)'],
  },
  *check(context) {
    for (const message of context.messages(...codes)) {
      const finding = findingFromMessage(message, {
        consequence: 'the link is not made, so the unit is not enabled by it',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

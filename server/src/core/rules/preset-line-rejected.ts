import { findingFromMessage, type Rule } from './rule.ts';

const codes = [
  'unknown-preset-verb',
  'unsupported-preset-verb',
  'preset-missing-pattern',
  'preset-instances-without-template',
  'preset-trailing-words',
  'preset-bare-enable',
  'preset-bare-enable-reached',
] as const;

/** Preset lines that have no effect or a bad one. */
export const presetLineRejected: Rule = {
  id: 'preset-line-rejected',
  severity: 'warning',
  phase: 'preset',
  title: 'a preset line is ignored, matches nothing, or crashes systemd',
  manual: {
    what: 'Lines with unknown verbs, verbs that the version does not know, instances for something that is no template, and words that become part of the pattern by accident.',
    why: 'Later lines decide instead, often a catch-all. An enable line without a name makes systemd crash when a unit reaches it.',
    fix: 'One verb and one pattern a line; only enable lines of a template may name instances behind it.',
    bad: `--- /usr/lib/systemd/system-preset/80-mooring.preset
disabled mooring.service
--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system-preset/80-mooring.preset
disable mooring.service
--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    references: ['systemd.preset(5)'],
  },
  *check(context) {
    for (const message of context.messages(...codes)) {
      const finding = findingFromMessage(message, {
        severity: message.code === 'preset-bare-enable-reached' ? 'error' : 'warning',
        consequence:
          message.code === 'preset-bare-enable-reached'
            ? 'systemd crashes while it applies the presets: nothing behind this unit is enabled'
            : 'the line decides nothing; later lines or the default do',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

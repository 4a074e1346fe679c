import { findingFromMessage, type Rule } from './rule.ts';

/** Templates that are enabled without saying for what. */
export const presetTemplateWithoutInstance: Rule = {
  id: 'preset-template-without-instance',
  severity: 'warning',
  phase: 'preset',
  title: 'a template is enabled without an instance',
  manual: {
    what: 'Templates that a preset enables by name, without instances in the line and without DefaultInstance= in the unit.',
    why: 'No link is made, so no instance is started.',
    fix: 'Name the instances in the preset line, or set DefaultInstance=.',
    bad: `--- /usr/lib/systemd/system/lantern@.service
[Service]
ExecStart=/usr/bin/true %i
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system-preset/80-lantern.preset
enable lantern@.service
`,
    good: `--- /usr/lib/systemd/system/lantern@.service
[Service]
ExecStart=/usr/bin/true %i
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system-preset/80-lantern.preset
enable lantern@.service north south
`,
    references: ['systemd.preset(5)', 'systemd/systemd#10253'],
  },
  *check(context) {
    const { presets } = context.simulation;
    if (presets.kind !== 'ran') return;
    const byName = new Map(presets.result.units.map((unit) => [unit.unit, unit]));
    for (const message of context.messages('template-without-default-instance')) {
      const rule = byName.get(message.subject ?? '')?.rule;
      // A template that nobody asked for is seldom meant to have an instance.
      if (rule === undefined) continue;
      const finding = findingFromMessage(message, {
        place: rule,
        related:
          message.place === undefined ? [] : [{ ...message.place, message: 'the setting that would make the link' }],
        consequence: 'no instance is started',
        help: 'write the instances behind the template, or set DefaultInstance= in the unit',
        affects: [message.subject ?? ''],
      });
      if (finding !== undefined) yield finding;
    }
  },
};

import { findingFromMessage, type Rule } from './rule.ts';

/** Preset lines and Also= words for units that do not exist. */
export const presetDanglingReference: Rule = {
  id: 'preset-dangling-reference',
  severity: 'warning',
  phase: 'preset',
  title: 'a preset line or Also= names a unit that does not exist',
  manual: {
    what: 'Also= words whose unit is missing, and preset lines that enable a unit by its full name that no directory holds.',
    why: 'The word has no effect. Often the unit was renamed, and the new name is now enabled or disabled by accident.',
    fix: 'Correct the name or drop it. Presets of a distribution may name units of packages that are not installed: that is only noted.',
    bad: `--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
Also=moorings.socket
`,
    good: `--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
Also=mooring.socket
--- /usr/lib/systemd/system/mooring.socket
[Socket]
ListenStream=/run/mooring
[Install]
WantedBy=sockets.target
`,
    references: ['systemd.unit(5)', 'systemd.preset(5)'],
  },
  *check(context) {
    const { presets, image } = context.simulation;
    if (presets.kind !== 'ran' || image.completeness === 'partial') return;
    for (const message of context.messages('also-unit-failed')) {
      const finding = findingFromMessage(message, { consequence: 'the word is ignored' });
      if (finding !== undefined) yield finding;
    }
    const units = new Set(presets.result.units.map(({ unit }) => unit));
    for (const { rule, place } of context.presetRules()) {
      const name = rule.pattern?.text;
      if (rule.verb.action !== 'enable' || name === undefined || /[*?[]/.test(name)) continue;
      if (units.has(name) || units.has(name.replace(/@.*\./, '@.'))) continue;
      yield {
        message: `no unit is called ${name}`,
        place,
        severity: 'info',
        consequence: 'the line has no effect in this image',
        subject: name,
      };
    }
  },
};

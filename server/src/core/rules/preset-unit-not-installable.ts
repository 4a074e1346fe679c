import type { Rule } from './rule.ts';

/** Units that a preset enables by name, but that have nothing to enable. */
export const presetUnitNotInstallable: Rule = {
  id: 'preset-unit-not-installable',
  severity: 'warning',
  phase: 'preset',
  title: 'a preset enables a unit that has no [Install] section',
  manual: {
    what: 'Preset lines that enable a unit by its full name, if the unit has no [Install] section.',
    why: 'Nothing is linked, so the line has no effect and the unit is not started by it.',
    fix: 'Add [Install] with WantedBy= to the unit, or drop the line.',
    bad: `--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
--- /usr/lib/systemd/system-preset/80-mooring.preset
enable mooring.service
`,
    good: `--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system-preset/80-mooring.preset
enable mooring.service
`,
    references: ['systemd.preset(5)', 'lintian: systemd-service-file-missing-install-key'],
  },
  *check(context) {
    const { presets } = context.simulation;
    if (presets.kind !== 'ran') return;
    const units = new Map(presets.result.units.map((unit) => [unit.unit, unit]));
    for (const { rule, place } of context.presetRules()) {
      const name = rule.pattern?.text;
      if (rule.verb.action !== 'enable' || name === undefined || units.get(name)?.verdict !== 'static') continue;
      yield {
        message: `${name} has no [Install] section, so it cannot be enabled`,
        place,
        consequence: 'the line makes no link; nothing starts the unit because of it',
        help: 'add [Install] with WantedBy= to the unit, or drop the line',
        affects: [name],
        subject: name,
      };
    }
  },
};

import { joinPath } from '../tree/tree.ts';
import type { Rule } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Units that are off in the image as it is, and on after a reset because no preset speaks of them. */
export const presetVerdictSurprise: Rule = {
  id: 'preset-verdict-surprise',
  severity: 'warning',
  phase: 'preset',
  title: 'units that are off today will be enabled, because no preset names them',
  manual: {
    what: 'Units with an [Install] section that no preset line matches and that are not enabled in the shipped /etc.',
    why: 'What no preset mentions is enabled at a first boot. A reset then starts services that nobody chose, some of which fail for want of configuration or hardware.',
    fix: 'End the presets with "disable *" and enable by name, or add a disable line for the unit.',
    bad: `--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system-preset/90-default.preset
disable *
`,
    references: ['systemd.preset(5)', 'coreos/fedora-coreos-config#3', 'systemd/systemd#35679'],
  },
  *check(context) {
    const { presets } = context.simulation;
    if (presets.kind !== 'ran') return;
    const shipped = enabledInImage(context);
    const surprising = presets.result.units
      .filter(({ verdict, rule, pulledBy }) => verdict === 'enabled' && rule === undefined && pulledBy.length === 0)
      .map(({ unit }) => unit)
      .filter((unit) => !shipped.has(unit) && presets.result.links.some((link) => link.unit === unit));
    if (surprising.length === 0) return;
    const count = surprising.length === 1 ? '1 unit that is' : `${surprising.length} units that are`;
    yield {
      message: `${count} off in the image will be enabled, because no preset line matches`,
      place: { file: '/usr/lib/systemd/system-preset' },
      consequence: 'a first boot enables what no preset names, and starts it',
      help: 'end the presets with "disable *", or name these units in a preset',
      affects: surprising,
    };
  },
};

/** Names of all enablement links in the shipped /etc, instances also by their template. */
function enabledInImage(context: RuleContext): ReadonlySet<string> {
  const enabled = new Set<string>();
  const directory = '/etc/systemd/system';
  const inode = context.shipped.lookup(directory);
  if (inode?.type !== 'directory') return enabled;
  const add = (name: string) => {
    enabled.add(name);
    enabled.add(name.replace(/@[^@]*\./, '@.'));
  };
  for (const name of inode.names()) {
    const child = inode.child(name);
    if (child?.type === 'symlink') add((child.target ?? '').replace(/^.*\//, ''));
    if (child?.type === 'directory')
      for (const link of context.shipped.lookup(joinPath(directory, name))?.names() ?? []) add(link);
  }
  return enabled;
}

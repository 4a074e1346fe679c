import { findingFromMessage, type Rule } from './rule.ts';

/** Links in unit directories whose unit is gone. */
export const unitSymlinkDangling: Rule = {
  id: 'unit-symlink-dangling',
  severity: 'warning',
  phase: 'preset',
  title: 'a link in a unit directory leads nowhere',
  manual: {
    what: 'Symlinks in the unit directories, below /usr too, whose target does not exist after the reset.',
    why: 'The name belongs to no unit. Up to systemd 252 one such link ends preset-all: not a single unit is enabled at the first boot.',
    fix: 'Remove the link, or ship its target.',
    bad: `--- /usr/lib/systemd/system/light.service -> lantern.service
`,
    good: `--- /usr/lib/systemd/system/light.service -> lantern.service
--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
`,
    references: ['systemd/systemd#22651'],
  },
  *check(context) {
    const endsPresets = context.simulation.inputs.systemd.has('preset-dangling-alias-aborts');
    for (const message of context.messages('unit-dangling-alias')) {
      const finding = findingFromMessage(message, {
        severity: endsPresets ? 'error' : 'warning',
        consequence: endsPresets
          ? 'preset-all stops: no unit is enabled at the first boot'
          : 'the name belongs to no unit',
        help: 'remove the link, or ship its target',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

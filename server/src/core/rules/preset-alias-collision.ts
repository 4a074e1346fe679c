import { findingFromMessage, type Rule } from './rule.ts';

/** Two units that want the same name. */
export const presetAliasCollision: Rule = {
  id: 'preset-alias-collision',
  severity: 'error',
  phase: 'preset',
  title: 'two enabled units claim the same name',
  manual: {
    what: 'Units enabled by the presets whose Alias= asks for one and the same name.',
    why: 'One of them gets the name and the other does not, and the order of directory entries on the disk decides which: two machines may differ.',
    fix: 'Disable all but one of the units in a preset.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
[Install]
Alias=light.service
--- /usr/lib/systemd/system/torch.service
[Service]
ExecStart=/usr/bin/true
[Install]
Alias=light.service
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
[Install]
Alias=light.service
--- /usr/lib/systemd/system/torch.service
[Service]
ExecStart=/usr/bin/true
[Install]
Alias=light.service
--- /usr/lib/systemd/system-preset/90-light.preset
disable torch.service
`,
    references: ['systemd.preset(5)', 'systemd/systemd#23694'],
  },
  *check(context) {
    for (const message of context.messages('alias-already-exists', 'preset-order-undefined')) {
      const finding = findingFromMessage(message, {
        consequence: 'which unit gets the name depends on the order of entries on the disk',
        help: 'disable all but one of the units in a preset',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

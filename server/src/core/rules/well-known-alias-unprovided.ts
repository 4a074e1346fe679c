import type { Rule } from './rule.ts';

const directories = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Names that the boot asks for and that usually are links in /etc. */
export const wellKnownAliasUnprovided: Rule = {
  id: 'well-known-alias-unprovided',
  severity: 'error',
  phase: 'preset',
  title: 'a name that the boot asks for belongs to no unit',
  manual: {
    what: 'Looks whether default.target, and display-manager.service if a graphical boot is the default, exist after the presets have been applied.',
    why: 'Without default.target PID 1 falls back to rescue.target; without display-manager.service a graphical boot ends at a text console.',
    fix: 'Ship the link in /usr/lib/systemd/system, or enable the unit whose Alias= makes it in a preset.',
    bad: `--- /usr/lib/systemd/system/default.target -> graphical.target
--- /usr/lib/systemd/system/graphical.target
[Unit]
Requires=multi-user.target
Wants=display-manager.service
After=multi-user.target display-manager.service
--- /etc/systemd/system/display-manager.service -> /usr/lib/systemd/system/lightship.service
--- /usr/lib/systemd/system/lightship.service
[Service]
ExecStart=/usr/bin/true
`,
    good: `--- /usr/lib/systemd/system/default.target -> graphical.target
--- /usr/lib/systemd/system/graphical.target
[Unit]
Requires=multi-user.target
Wants=display-manager.service
After=multi-user.target display-manager.service
--- /usr/lib/systemd/system/lightship.service
[Service]
ExecStart=/usr/bin/true
[Install]
Alias=display-manager.service
`,
    references: ['systemd.special(7)', 'systemd/systemd#23694', 'systemd/systemd#24762'],
  },
  *check(context) {
    const { image, tree } = context.simulation;
    // What a partial image lacks may exist all the same.
    if (image.completeness === 'partial') return;
    const find = (unit: string) =>
      directories.map((path) => `${path}/${unit}`).find((path) => tree.lookup(path) !== undefined);
    const shippedAs = (unit: string) =>
      directories
        .map((path) => `${path}/${unit}`)
        .find((path) => context.shipped.lookup(path, { follow: false }) !== undefined);
    const hasUnits = directories.some((path) => tree.lookup(path) !== undefined);
    const defaultTarget = find('default.target');
    if (defaultTarget === undefined) {
      if (!hasUnits) return;
      yield {
        message: 'no default.target exists',
        place: { file: shippedAs('default.target') ?? '/usr/lib/systemd/system' },
        consequence: 'PID 1 finds nothing to boot into and starts rescue.target',
        help: 'ship /usr/lib/systemd/system/default.target as a link to multi-user.target or graphical.target',
        subject: 'default.target',
      };
      return;
    }
    const target = tree.walk(defaultTarget);
    const isGraphical = target.kind === 'found' && target.name === 'graphical.target';
    const shippedManager = shippedAs('display-manager.service');
    if (isGraphical && shippedManager !== undefined && find('display-manager.service') === undefined) {
      yield {
        message: 'no display-manager.service exists',
        place: { file: shippedManager },
        severity: 'warning',
        consequence: 'graphical.target is the default, but no login screen is started',
        help: 'enable the display manager in a preset, so that its Alias= makes the link',
        affects: ['graphical.target'],
        subject: 'display-manager.service',
      };
    }
  },
};

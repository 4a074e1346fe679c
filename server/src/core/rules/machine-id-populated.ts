import type { Rule } from './rule.ts';

/** Machine ids that an image hands to all its copies. */
export const machineIdPopulated: Rule = {
  id: 'machine-id-populated',
  severity: 'warning',
  phase: 'image',
  title: 'the image carries a machine id, or an empty one that hides the first boot',
  manual: {
    what: 'Looks at the shipped /etc/machine-id and /var/lib/dbus/machine-id.',
    why: 'An id in the image is the id of every machine made from it, so logs, DHCP leases and keys of different machines mix. An empty file gives each machine its own id, but is no first boot: presets are not applied then.',
    fix: 'Write "uninitialized" into /etc/machine-id, or leave the file out; make /var/lib/dbus/machine-id a link to it.',
    bad: `--- /etc/machine-id
5f1c0de05f1c0de05f1c0de05f1c0de0
`,
    good: `--- /etc/machine-id
uninitialized
`,
    references: ['machine-id(5)', 'systemd/systemd#8268', 'systemd/systemd#9609'],
  },
  *check(context) {
    for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
      if (context.shipped.lookup(path, { follow: false })?.type !== 'file') continue;
      const text = context.shippedText(path)?.trim();
      if (text === undefined) continue;
      if (/^[0-9a-fA-F]{32}$/.test(text)) {
        yield {
          message: `the image carries the machine id ${text.slice(0, 8)}…`,
          place: { file: path, line: 1 },
          consequence: 'every machine made from this image has the same id',
          help: path === '/etc/machine-id' ? 'write "uninitialized" into it' : 'make it a link to /etc/machine-id',
          subject: path,
        };
      } else if (text === '' && path === '/etc/machine-id' && context.simulation.volatile !== 'yes') {
        yield {
          message: '/etc/machine-id is empty, so the boot is not a first boot',
          place: { file: path, line: 1 },
          severity: 'info',
          consequence: 'presets are not applied and ConditionFirstBoot= units are skipped',
          help: 'write "uninitialized" into it if the presets should run',
          subject: path,
        };
      }
    }
  },
};

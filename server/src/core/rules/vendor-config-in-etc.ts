import { joinPath } from '../tree/tree.ts';
import type { Rule } from './rule.ts';

/** Directories of /etc whose files a package should ship below /usr, and where. */
const vendorDirectories: readonly (readonly [string, string, string])[] = [
  ['/etc/tmpfiles.d', '/usr/lib/tmpfiles.d', '.conf'],
  ['/etc/sysusers.d', '/usr/lib/sysusers.d', '.conf'],
  ['/etc/systemd/system-preset', '/usr/lib/systemd/system-preset', '.preset'],
  ['/etc/systemd/system', '/usr/lib/systemd/system', ''],
  ['/etc/udev/rules.d', '/usr/lib/udev/rules.d', '.rules'],
  ['/etc/dbus-1/system.d', '/usr/share/dbus-1/system.d', '.conf'],
];

/** Vendor configuration that lies where a reset removes it. */
export const vendorConfigInEtc: Rule = {
  id: 'vendor-config-in-etc',
  severity: 'warning',
  phase: 'image',
  title: 'configuration of the vendor lies in /etc, where a reset removes it',
  manual: {
    what: 'Looks for units, presets, tmpfiles.d, sysusers.d, udev and D-Bus files that the image ships in /etc and that are not there after the boot.',
    why: 'With an empty /etc the file is gone before anything reads it: its units do not exist, its lines do not run.',
    fix: 'Ship the file in the directory of the same name below /usr; /etc is for the administrator.',
    bad: `--- /etc/tmpfiles.d/lantern.conf
d /run/lantern 0755 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0755 root root -
`,
    references: ['file-hierarchy(7)', 'lintian: misplaced-systemd-tmpfiles', 'rpmlint: systemd-unit-in-etc'],
  },
  *check(context) {
    if (context.simulation.volatile !== 'yes') return;
    for (const [directory, vendor, suffix] of vendorDirectories) {
      const inode = context.shipped.lookup(directory);
      if (inode?.type !== 'directory') continue;
      for (const name of inode.names().sort()) {
        const child = inode.child(name);
        const path = joinPath(directory, name);
        // An empty file is a mask, which is the administrator's; links are enablement.
        if (child?.type !== 'file' || child.size === 0 || !name.endsWith(suffix)) continue;
        if (context.simulation.tree.lookup(path) !== undefined) continue;
        yield {
          message: `${path} is removed by a reset`,
          place: { file: path, line: 1 },
          consequence: 'at the boot with an empty /etc nothing of it takes effect',
          help: `ship it as ${vendor}/${name}`,
          subject: name,
        };
      }
    }
  },
};

import { parseGroup } from '../accounts/group.ts';
import { parsePasswd } from '../accounts/passwd.ts';
import { compareBytes } from '../text/bytes.ts';
import { baseName, joinPath } from '../tree/tree.ts';
import type { Rule } from './rule.ts';

/** Best first; of two files of one name the first counts (udev(7), "Rules files"). */
const rulesDirectories = [
  '/etc/udev/rules.d',
  '/run/udev/rules.d',
  '/usr/local/lib/udev/rules.d',
  '/usr/lib/udev/rules.d',
];

/** udev rules that give a device to an account which does not exist after the reset. */
export const udevOwnerUndeclared: Rule = {
  id: 'udev-owner-undeclared',
  severity: 'warning',
  phase: 'start',
  title: 'a udev rule names a user or group that does not exist',
  manual: {
    what: 'Reads the udev rules and looks up the names in OWNER= and GROUP= in the rebuilt databases.',
    why: 'udev cannot resolve the name and drops the assignment, or the whole rule, so that the device keeps root as its owner and the programs that should use it get "permission denied".',
    fix: 'Declare the group in sysusers.d.',
    bad: `--- /usr/lib/udev/rules.d/60-lantern.rules
SUBSYSTEM=="leds", KERNEL=="lantern*", GROUP="lantern", MODE="0660"
`,
    good: `--- /usr/lib/udev/rules.d/60-lantern.rules
SUBSYSTEM=="leds", KERNEL=="lantern*", GROUP="lantern", MODE="0660"
--- /usr/lib/sysusers.d/lantern.conf
g lantern -
`,
    references: ['udev(7)', 'projectbluefin/dakota#1424', 'SourceArcade/flashprog#8'],
  },
  *check(context) {
    const { tree, image } = context.simulation;
    if (image.completeness === 'partial') return;
    const users = new Set(parsePasswd(context.simulatedText('/etc/passwd') ?? '').entries.map(({ name }) => name));
    const groups = new Set(parseGroup(context.simulatedText('/etc/group') ?? '').entries.map(({ name }) => name));
    const seen = new Set<string>();
    for (const directory of rulesDirectories) {
      const inode = tree.lookup(directory);
      if (inode?.type !== 'directory') continue;
      for (const name of inode.names().sort(compareBytes)) {
        if (!name.endsWith('.rules') || seen.has(name)) continue;
        seen.add(name);
        const path = joinPath(directory, name);
        const source = context.source(path);
        if (source === undefined) continue;
        // In a comment or behind a match operator nothing is assigned; `:=` and `=` both assign.
        for (const match of source.text.matchAll(/(?:^|[,\s])(OWNER|GROUP)\s*:?=\s*"([^"$%\n]+)"/g)) {
          const [whole, key = '', account = ''] = match;
          const line = source.lines.position(match.index + 1).line;
          const lineSpan = source.lines.lineSpan(line);
          if (lineSpan !== undefined && source.slice(lineSpan).trimStart().startsWith('#')) continue;
          const known = key === 'OWNER' ? users : groups;
          if (known.has(account) || account === 'root' || /^\d+$/.test(account)) continue;
          const start = match.index + whole.length - account.length - 1;
          const kind = key === 'OWNER' ? 'user' : 'group';
          yield {
            message: `${baseName(path)} gives a device to the ${kind} "${account}", which does not exist after a reset`,
            place: { file: path, line, span: { start, end: start + account.length } },
            consequence: 'the device stays with root',
            suggestion: {
              file: `/usr/lib/sysusers.d/${account}.conf`,
              lines: [kind === 'user' ? `u ${account} -` : `g ${account} -`],
            },
            subject: account,
          };
        }
      }
    }
  },
};

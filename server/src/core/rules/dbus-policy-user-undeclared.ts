import { parseGroup } from '../accounts/group.ts';
import { parsePasswd } from '../accounts/passwd.ts';
import { compareBytes } from '../text/bytes.ts';
import { joinPath } from '../tree/tree.ts';
import type { Rule } from './rule.ts';

/** Where the system bus reads its policies from what survives a reset (dbus-daemon(1)). */
const policyDirectories = ['/usr/share/dbus-1/system.d', '/usr/local/share/dbus-1/system.d'];

/** Bus policies that name an account which does not exist after the reset. */
export const dbusPolicyUserUndeclared: Rule = {
  id: 'dbus-policy-user-undeclared',
  severity: 'warning',
  phase: 'start',
  title: 'a D-Bus policy names a user or group that does not exist',
  manual: {
    what: 'Reads the policies of the system bus below /usr/share/dbus-1/system.d and looks up the users and groups in <policy user="…"> and <policy group="…"> in the rebuilt databases.',
    why: 'The bus ignores such a policy with a message, so that the service may not own its name or its clients may not call it. A user made by DynamicUser= does not exist when the bus reads its policies.',
    fix: 'Declare the account in sysusers.d.',
    bad: `--- /usr/share/dbus-1/system.d/lantern.conf
<busconfig>
  <policy user="lantern">
    <allow own="org.example.Lantern"/>
  </policy>
</busconfig>
`,
    good: `--- /usr/share/dbus-1/system.d/lantern.conf
<busconfig>
  <policy user="lantern">
    <allow own="org.example.Lantern"/>
  </policy>
</busconfig>
--- /usr/lib/sysusers.d/lantern.conf
u lantern -
`,
    references: ['dbus-daemon(1)', 'systemd/systemd#9503', 'fwupd/fwupd#6178'],
  },
  *check(context) {
    const { tree, image } = context.simulation;
    if (image.completeness === 'partial') return;
    const users = new Set(parsePasswd(context.simulatedText('/etc/passwd') ?? '').entries.map(({ name }) => name));
    const groups = new Set(parseGroup(context.simulatedText('/etc/group') ?? '').entries.map(({ name }) => name));
    for (const directory of policyDirectories) {
      const inode = tree.lookup(directory);
      if (inode?.type !== 'directory') continue;
      for (const name of inode.names().sort(compareBytes)) {
        if (!name.endsWith('.conf')) continue;
        const path = joinPath(directory, name);
        const source = context.source(path);
        if (source === undefined) continue;
        // Comments are blanked out, so that offsets stay.
        const text = source.text.replace(/<!--[\s\S]*?-->/g, (comment) => ' '.repeat(comment.length));
        for (const match of text.matchAll(/<policy\s+(user|group)\s*=\s*(["'])([^"']+)\2/g)) {
          const [whole, kind = '', , account = ''] = match;
          const known = kind === 'user' ? users : groups;
          if (known.has(account) || account === 'root' || account === '*' || /^\d+$/.test(account)) continue;
          const start = match.index + whole.length - account.length - 1;
          yield {
            message: `the policy is for the ${kind} "${account}", which does not exist after a reset`,
            place: {
              file: path,
              line: source.lines.position(start).line,
              span: { start, end: start + account.length },
            },
            consequence: 'the system bus leaves the policy out',
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

import { parseGroup } from '../accounts/group.ts';
import { parsePasswd } from '../accounts/passwd.ts';
import type { RelatedPlace } from '../problems/problem.ts';
import { accountLines } from './account-lines.ts';
import { findingFromMessage, type Rule } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Lines whose user or group does not exist when systemd-tmpfiles runs. */
export const tmpfilesOwnerUnresolvable: Rule = {
  id: 'tmpfiles-owner-unresolvable',
  severity: 'error',
  phase: 'tmpfiles',
  title: 'a line names a user or group that does not exist',
  manual: {
    what: 'tmpfiles.d lines whose user or group column names an account that is not in the database that systemd-sysusers has made.',
    why: 'The whole line is dropped, so its path is not made. systemd-tmpfiles ends with 65, which its service takes as success: only the units that need the path fail.',
    fix: 'Declare the account in sysusers.d. A leading "-" in the type column does not help, nor does ":" in front of the name.',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0750 root lantern -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0750 root lantern -
--- /usr/lib/sysusers.d/lantern.conf
g root 0
g lantern -
`,
    references: ['tmpfiles.d(5)', 'ublue-os/ucore#379', 'getsolus/packages#6861'],
  },
  *check(context) {
    for (const message of context.messages('unknown-user', 'unknown-group')) {
      if (message.phase !== 'tmpfiles') continue;
      const kind = message.code === 'unknown-user' ? 'user' : 'group';
      const name = /"([^"]*)"/.exec(message.text)?.[1] ?? '';
      const path = message.subject ?? '';
      const needing = context.references.needing(path);
      const shipped = shippedAccount(kind, name, context);
      // Over a partial base, a package that is not here may declare the account.
      const isPartial = context.simulation.image.completeness === 'partial';
      const finding = findingFromMessage(message, {
        ...(isPartial ? { severity: 'warning', confidence: 'likely' } : {}),
        message: isPartial
          ? `nothing here declares the ${kind} "${name}", without which the line is dropped`
          : `the line is dropped: there is no ${kind} "${name}"`,
        consequence: `${path} is not made${isPartial ? ', unless another package declares the account' : ''}`,
        affects: [...new Set(needing.map(({ unit }) => unit))],
        related: [
          ...(shipped === undefined ? [] : [shipped]),
          ...needing.map(({ unit, setting, place }) => ({
            ...place,
            message: `${unit} names the path in ${setting}=`,
          })),
        ],
        suggestion: {
          file: `/usr/lib/sysusers.d/${name}.conf`,
          lines: accountLines(kind, name, context),
        },
      });
      if (finding !== undefined) yield finding;
    }
  },
};

/** Where the account comes from today. */
function shippedAccount(kind: 'user' | 'group', name: string, context: RuleContext): RelatedPlace | undefined {
  const file = kind === 'user' ? '/etc/passwd' : '/etc/group';
  const text = context.shippedText(file) ?? '';
  const entries = kind === 'user' ? parsePasswd(text).entries : parseGroup(text).entries;
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) return undefined;
  const line = entry.line === undefined ? {} : { line: entry.line };
  return { file, ...line, message: `today the ${kind} comes from the image's ${file}` };
}

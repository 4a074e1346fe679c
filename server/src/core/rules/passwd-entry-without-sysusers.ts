import { parseGroup } from '../accounts/group.ts';
import { parsePasswd } from '../accounts/passwd.ts';
import type { Place } from '../problems/problem.ts';
import { accountLines } from './account-lines.ts';
import type { Rule, RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Accounts from here on belong to people; an image seldom means to recreate them (systemd's UIDS-GIDS document). */
const FIRST_ORDINARY_ID = 1000;
const NOBODY = 65534;

/** Accounts that only the image's own /etc/passwd and /etc/group know. */
export const passwdEntryWithoutSysusers: Rule = {
  id: 'passwd-entry-without-sysusers',
  severity: 'warning',
  phase: 'sysusers',
  title: 'an account of the image is made by no sysusers.d line',
  manual: {
    what: 'Looks for users and groups in the shipped /etc/passwd and /etc/group that are not there after systemd-sysusers has rebuilt both from sysusers.d.',
    why: 'With an empty /etc the account does not exist. Units that run as it fail with 217/USER or 216/GROUP, tmpfiles.d lines that name it are dropped, and files in /usr keep a number that belongs to nobody.',
    fix: 'Declare the account in /usr/lib/sysusers.d, with its id if files outside /etc and /var belong to it.',
    bad: `--- /etc/passwd
lantern:x:106:106:Lantern:/var/lib/lantern:/usr/sbin/nologin
--- /etc/group
lantern:x:106:
`,
    good: `--- /etc/passwd
lantern:x:106:106:Lantern:/var/lib/lantern:/usr/sbin/nologin
--- /etc/group
lantern:x:106:
--- /usr/lib/sysusers.d/lantern.conf
u lantern 106 "Lantern" /var/lib/lantern
`,
    references: ['sysusers.d(5)', 'bootc-dev/bootc#1111', 'ublue-os/bluefin-lts#382'],
  },
  *check(context) {
    if (context.simulation.volatile !== 'yes') return;
    const shippedUsers = parsePasswd(context.shippedText('/etc/passwd') ?? '').entries;
    const users = new Set(parsePasswd(context.simulatedText('/etc/passwd') ?? '').entries.map(({ name }) => name));
    const groups = new Set(parseGroup(context.simulatedText('/etc/group') ?? '').entries.map(({ name }) => name));
    const lostUsers = new Set<string>();
    for (const user of shippedUsers) {
      if (users.has(user.name)) continue;
      lostUsers.add(user.name);
      yield lost('user', user.name, user.uid, '/etc/passwd', user.line, context);
    }
    for (const group of parseGroup(context.shippedText('/etc/group') ?? '').entries) {
      if (groups.has(group.name) || lostUsers.has(group.name)) continue;
      yield lost('group', group.name, group.gid, '/etc/group', group.line, context);
    }
  },
};

function lost(
  kind: 'user' | 'group',
  name: string,
  id: number,
  file: string,
  line: number | undefined,
  context: RuleContext,
): RuleFinding {
  const isOrdinary = id >= FIRST_ORDINARY_ID && id !== NOBODY;
  const users = context.references.usingAccount(kind, name);
  return {
    message: `${kind} "${name}" exists only in the image's ${file}`,
    place: placeOfName(file, line, name, context),
    severity: isOrdinary && users.length === 0 ? 'info' : 'warning',
    consequence: `nothing recreates it (today it has the id ${id})`,
    suggestion: { file: `/usr/lib/sysusers.d/${name}.conf`, lines: accountLines(kind, name, context) },
    affects: [...new Set(users.map(({ unit }) => unit))],
    related: users.map(({ unit, setting, place }) => ({ ...place, message: `${unit} names it in ${setting}=` })),
    subject: name,
  };
}

function placeOfName(file: string, line: number | undefined, name: string, context: RuleContext): Place {
  const start = line === undefined ? undefined : context.source(file)?.lines.lineSpan(line)?.start;
  if (line === undefined || start === undefined) return { file };
  return { file, line, span: { start, end: start + name.length } };
}

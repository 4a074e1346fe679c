import { parseGroup } from '../accounts/group.ts';
import { parsePasswd } from '../accounts/passwd.ts';
import type { IdChoice } from '../boot/sysusers/allocate.ts';
import { compareBytes } from '../text/bytes.ts';
import type { Inode } from '../tree/inode.ts';
import { joinPath } from '../tree/tree.ts';
import type { Rule, RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Set-user-ID makes the owner count, set-group-ID the group. */
const setIdBits = { user: 0o4000, group: 0o2000 } as const;

/** Files below /usr whose owner or group is a number that the rebuilt databases give to somebody else. */
export const floatingIdInUsr: Rule = {
  id: 'floating-id-in-usr',
  severity: 'error',
  phase: 'sysusers',
  title: 'a file below /usr belongs to an id that sysusers.d does not fix',
  manual: {
    what: 'Looks for files and directories below /usr whose owner or group is neither root nor an account with a fixed id, and compares the name that the image gives the number with the name that the rebuilt database gives it.',
    why: '/usr is shared and keeps its numbers, while systemd-sysusers hands out automatic ids anew after a reset. A set-user-id or set-group-id program then runs as the wrong account, and the right one loses its files.',
    fix: 'Make the file root-owned, fix the id in sysusers.d, or let the line take its id from the file: "g lantern /usr/bin/lantern".',
    bad: `--- /usr/bin/lantern 2755 0:120
--- /etc/group
lantern:x:120:
--- /usr/lib/sysusers.d/lantern.conf
g lantern -
`,
    good: `--- /usr/bin/lantern 2755 0:120
--- /etc/group
lantern:x:120:
--- /usr/lib/sysusers.d/lantern.conf
g lantern /usr/bin/lantern
`,
    references: ['sysusers.d(5)', 'bootc-dev/bootc#870', 'bootc-dev/bootc#1457'],
  },
  *check(context) {
    if (context.simulation.volatile !== 'yes') return;
    const usr = context.shipped.lookup('/usr');
    if (usr?.type !== 'directory') return;
    const owners = { user: idOwners('user', context), group: idOwners('group', context) };
    yield* judgeBelow('/usr', usr, owners);
  },
};

interface IdOwners {
  /** The name that the shipped database gives an id. */
  readonly shipped: ReadonlyMap<number, string>;
  /** What the rebuilt database says. */
  readonly rebuilt: ReadonlyMap<number, { readonly name: string; readonly id: IdChoice | undefined }>;
}

function idOwners(kind: 'user' | 'group', context: RuleContext): IdOwners {
  const rebuilt = new Map<number, { name: string; id: IdChoice | undefined }>();
  const { sysusers } = context.simulation;
  if (sysusers.kind === 'ran') {
    const { users, groups } = sysusers.result;
    if (kind === 'user') for (const { entry, id } of users) rebuilt.set(entry.uid, { name: entry.name, id });
    else for (const { entry, id } of groups) rebuilt.set(entry.gid, { name: entry.name, id });
  }
  const shipped = new Map<number, string>();
  const text = context.shippedText(kind === 'user' ? '/etc/passwd' : '/etc/group') ?? '';
  if (kind === 'user') for (const { uid, name } of parsePasswd(text).entries) shipped.set(uid, name);
  else for (const { gid, name } of parseGroup(text).entries) shipped.set(gid, name);
  return { shipped, rebuilt };
}

function* judgeBelow(
  path: string,
  directory: Inode,
  owners: { readonly user: IdOwners; readonly group: IdOwners },
): Generator<RuleFinding> {
  for (const name of directory.names().sort(compareBytes)) {
    const child = directory.child(name);
    if (child === undefined) continue;
    const childPath = joinPath(path, name);
    yield* judgeId('user', child.uid, childPath, child, owners.user);
    yield* judgeId('group', child.gid, childPath, child, owners.group);
    if (child.type === 'directory') yield* judgeBelow(childPath, child, owners);
  }
}

function* judgeId(
  kind: 'user' | 'group',
  id: number | undefined,
  path: string,
  inode: Inode,
  { shipped, rebuilt }: IdOwners,
): Generator<RuleFinding> {
  // Symlinks give nobody any rights.
  if (id === undefined || id === 0 || inode.type === 'symlink') return;
  const now = rebuilt.get(id);
  if (now?.id?.from === 'explicit' || now?.id?.from === 'path') return;
  const meant = shipped.get(id);
  const isSetId = inode.type === 'file' && ((inode.mode ?? 0) & setIdBits[kind]) !== 0;
  const prefix = kind === 'user' ? 'u' : 'g';
  const common = {
    place: { file: path },
    subject: `${kind} ${path}`,
    suggestion: {
      file: `/usr/lib/sysusers.d/${meant ?? now?.name ?? path.slice(path.lastIndexOf('/') + 1)}.conf`,
      lines: [`${prefix} ${meant ?? now?.name ?? 'NAME'} ${path}`],
    },
  };
  if (now !== undefined && (meant === undefined || meant === now.name)) {
    yield {
      ...common,
      message: `the ${kind} of ${path} is "${now.name}", whose id ${id} is handed out anew at each reset`,
      severity: 'info',
      confidence: 'likely',
      consequence: `as long as no other account is added before it, "${now.name}" gets ${id} again`,
    };
    return;
  }
  const whose = now === undefined ? 'nobody' : `"${now.name}"`;
  const meantText = meant === undefined ? '' : ` (today "${meant}")`;
  yield {
    ...common,
    message: `the ${kind} ${id} of ${path}${meantText} belongs to ${whose} after a reset`,
    severity: isSetId ? 'error' : 'warning',
    consequence: isSetId
      ? `the program runs with the rights of ${now === undefined ? `an id that belongs to nobody` : `"${now.name}"`}`
      : `${meant === undefined ? 'whoever had it' : `"${meant}"`} no longer owns it`,
  };
}

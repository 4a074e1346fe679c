/** Whom a service runs as, and whether that account may reach a file. */

import { quoted } from '../../formats/unit/settings/grammar.ts';
import type { Inode } from '../../tree/inode.ts';
import { pathComponents, type Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import { confidenceOf } from './missing-path.ts';
import type { Obstacle } from './obstacle.ts';
import type { StartContext } from './start-context.ts';
import type { UserAccount } from './system-accounts.ts';
import { booleanOf, type PlacedText, single, wordsOf } from './unit-settings.ts';

export interface Identity {
  readonly isDynamic: boolean;
  /** The account of User=; undefined: root, a dynamic one, or one that is not there. */
  readonly user: UserAccount | undefined;
  /** Owner of what the start makes; undefined: not known. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** All groups that the process has; undefined: not known. */
  readonly groups: ReadonlySet<number> | undefined;
}

/** Resolves User=, Group= and SupplementaryGroups= in that order. */
export function resolveIdentity(
  unit: Unit,
  context: StartContext,
): { readonly identity: Identity; readonly obstacles: readonly Obstacle[] } {
  const obstacles: Obstacle[] = [];
  const isDynamic = booleanOf(unit, 'DynamicUser') === true;
  const userName = single(unit, 'User');
  const groupName = single(unit, 'Group');
  let user: UserAccount | undefined;
  let uid: number | undefined = isDynamic ? undefined : 0;
  let gid: number | undefined = isDynamic ? undefined : 0;
  const isUnreadable = (key: string) =>
    unit.last(unit.ownSection, key) !== undefined && single(unit, key) === undefined;
  if (isUnreadable('User')) uid = gid = undefined;

  if (isDynamic) {
    const name = userName?.text ?? unit.name.replace(/(@.*)?\.[a-z]+$/, '');
    const place = userName?.place ?? unit.filePlace;
    const found = context.accounts.user(name);
    if (found.kind === 'found') {
      user = found.account;
      uid = user.uid;
      gid = user.gid;
    } else if (found.kind === 'missing' && context.accounts.group(name).kind === 'found' && !/^[0-9]/.test(name)) {
      // A group of that name without the user cannot be completed (dynamic_user_realize of systemd).
      obstacles.push({
        ...accountObstacle('user', { text: name, place }, context),
        message: `The user ${quoted(name)} cannot be made: there is a group of that name without a user`,
      });
    }
  } else if (userName !== undefined) {
    const found = context.accounts.user(userName.text);
    uid = gid = undefined;
    if (found.kind === 'found') {
      user = found.account;
      uid = user.uid;
      gid = user.gid;
    } else if (found.kind === 'missing') obstacles.push(accountObstacle('user', userName, context));
  }

  if (isUnreadable('Group')) gid = undefined;
  else if (groupName !== undefined) {
    const found = context.accounts.group(groupName.text);
    gid = found.kind === 'found' ? found.account.gid : undefined;
    if (found.kind === 'missing') {
      if (!isDynamic) obstacles.push(accountObstacle('group', groupName, context));
      else if (context.accounts.user(groupName.text).kind === 'found' && groupName.text !== userName?.text) {
        obstacles.push({
          ...accountObstacle('group', groupName, context),
          result: '217/USER',
          message: `The group ${quoted(groupName.text)} cannot be made: there is a user of that name without a group`,
        });
      }
    }
  }

  const supplementary: number[] = [];
  let areGroupsKnown = uid !== undefined && gid !== undefined;
  for (const name of wordsOf(unit, 'SupplementaryGroups')) {
    const found = context.accounts.group(name.text);
    if (found.kind === 'found') supplementary.push(found.account.gid);
    else areGroupsKnown = false;
    if (found.kind === 'missing') obstacles.push(accountObstacle('group', name, context));
  }
  const memberships = user === undefined ? [] : context.accounts.groupsOf(user.name);
  const groups =
    areGroupsKnown && memberships !== undefined && gid !== undefined
      ? new Set([gid, ...supplementary, ...memberships])
      : undefined;
  return { identity: { isDynamic, user, uid, gid, groups }, obstacles };
}

function accountObstacle(kind: 'user' | 'group', name: PlacedText, context: StartContext): Obstacle {
  const file = kind === 'user' ? '/etc/passwd' : '/etc/group';
  return {
    code: kind === 'user' ? 'user-missing' : 'group-missing',
    cause: 'missing-user',
    result: kind === 'user' ? '217/USER' : '216/GROUP',
    confidence: confidenceOf(context),
    place: name.place,
    message: `The ${kind} ${quoted(name.text)} does not exist`,
    subject: name.text,
    chain: isShippedAccount(context, kind, name.text)
      ? [{ file, message: `the image's ${file} has it, but nothing declares it in sysusers.d` }]
      : [],
  };
}

function isShippedAccount(context: StartContext, kind: 'user' | 'group', name: string): boolean {
  const found = kind === 'user' ? context.shippedAccounts.user(name) : context.shippedAccounts.group(name);
  return found.kind === 'found';
}

const EXECUTE = 1;

/**
 * Whether an account may search a directory or execute a file: every directory on the way (links resolved) and the inode at
 * the end. Undefined if a mode, an owner or the account's groups are not known.
 */
export function mayReach(tree: Tree, realPath: string, identity: Identity): boolean | undefined {
  if (identity.uid === 0) return true;
  let inode: Inode | undefined = tree.root;
  let answer: boolean | undefined = hasRight(inode, identity);
  for (const name of pathComponents(realPath)) {
    inode = inode.child(name);
    if (inode === undefined) return undefined;
    const here = hasRight(inode, identity);
    if (here === false) return false;
    if (here === undefined) answer = undefined;
  }
  return answer;
}

function hasRight(inode: Inode, identity: Identity): boolean | undefined {
  const { mode } = inode;
  if (mode === undefined) return undefined;
  const [forUser, forGroup, forOthers] = [mode >> 6, mode >> 3, mode].map((bits) => (bits & EXECUTE) !== 0);
  if (forUser && forGroup && forOthers) return true;
  if (inode.facts.some(({ kind }) => kind === 'acl')) return undefined;
  if (inode.uid === undefined || identity.uid === undefined) return undefined;
  if (inode.uid === identity.uid) return forUser;
  if (inode.gid === undefined || identity.groups === undefined) return undefined;
  return identity.groups.has(inode.gid) ? forGroup : forOthers;
}

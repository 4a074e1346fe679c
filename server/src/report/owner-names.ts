/** Names of ids by the tree's own /etc/passwd and /etc/group; id 0 is root even without them. */

import { parseGroup } from '../core/accounts/group.ts';
import { parsePasswd } from '../core/accounts/passwd.ts';
import { decodeText } from '../core/text/bytes.ts';
import type { Tree } from '../core/tree/tree.ts';
import type { OwnerNames } from './tree-entries.ts';

export function ownerNames(tree: Tree): OwnerNames {
  const users = new Map<number, string>([[0, 'root']]);
  const groups = new Map<number, string>([[0, 'root']]);
  for (const { name, uid } of parsePasswd(textOf(tree, '/etc/passwd')).entries)
    if (!users.has(uid)) users.set(uid, name);
  for (const { name, gid } of parseGroup(textOf(tree, '/etc/group')).entries)
    if (!groups.has(gid)) groups.set(gid, name);
  return { user: (uid) => users.get(uid), group: (gid) => groups.get(gid) };
}

function textOf(tree: Tree, path: string): string {
  const inode = tree.lookup(path);
  return inode?.type === 'file' && inode.content.kind === 'bytes' ? decodeText(inode.content.bytes) : '';
}

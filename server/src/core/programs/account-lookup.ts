/** Whether a user or group exists for a program, by the files that getpwnam(3) and getgrnam(3) read in a tree. */

import { parseGroup } from '../accounts/group.ts';
import { parsePasswd } from '../accounts/passwd.ts';
import { decodeText } from '../text/bytes.ts';
import type { Tree } from '../tree/tree.ts';

export interface AccountLookup {
  hasUser(name: string): boolean;
  hasGroup(name: string): boolean;
  /** The home directory of a user. */
  homeOf(user: string): string | undefined;
  /** The names of all users. */
  readonly users: readonly string[];
}

/** Where accounts are besides /etc: nss-altfiles of OSTree systems reads the copies below /usr/lib. */
const userFiles = ['/etc/passwd', '/usr/lib/passwd'];
const groupFiles = ['/etc/group', '/usr/lib/group'];

/** What nss-systemd(8) makes up where no file names it. */
const synthesized = new Set(['root', 'nobody']);

/** The accounts of a tree as it stands. Files are read at the first question. */
export function accountLookup(tree: Tree): AccountLookup {
  let users: ReadonlyMap<string, string> | undefined;
  let groups: ReadonlySet<string> | undefined;
  const allUsers = () => {
    users ??= new Map(
      userFiles.flatMap((file) =>
        parsePasswd(textAt(tree, file)).entries.map((entry) => [entry.name, entry.home] as const),
      ),
    );
    return users;
  };
  return {
    hasUser: (name) => synthesized.has(name) || allUsers().has(name),
    hasGroup: (name) => {
      groups ??= new Set(
        groupFiles.flatMap((file) => parseGroup(textAt(tree, file)).entries.map((entry) => entry.name)),
      );
      return synthesized.has(name) || groups.has(name);
    },
    homeOf: (user) => allUsers().get(user),
    get users() {
      return [...allUsers().keys()];
    },
  };
}

function textAt(tree: Tree, path: string): string {
  const content = tree.lookup(path)?.content;
  return content?.kind === 'bytes' ? decodeText(content.bytes) : '';
}

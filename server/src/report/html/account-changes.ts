/** Users and groups after the boot beside those of the image as shipped. */

import { parseGroup } from '../../core/accounts/group.ts';
import { parsePasswd } from '../../core/accounts/passwd.ts';
import type { Cause } from '../../core/problems/problem.ts';
import { decodeText } from '../../core/text/bytes.ts';
import { Tree } from '../../core/tree/tree.ts';
import type { ReportInput } from './input.ts';

export interface AccountChange {
  readonly name: string;
  /** The id after the boot; undefined: lost. */
  readonly now: number | undefined;
  readonly today: number | undefined;
  readonly cause: Cause | undefined;
}

interface AccountChanges {
  readonly users: readonly AccountChange[];
  readonly groups: readonly AccountChange[];
}

/** In the order of the files after the boot, lost ones behind. */
export function accountChanges({ simulation, tree }: ReportInput): AccountChanges {
  const shipped = new Tree(simulation.image.root);
  const made = simulation.sysusers.kind === 'ran' ? simulation.sysusers.result : undefined;
  const users = (of: Tree) =>
    parsePasswd(textOf(of, '/etc/passwd')).entries.map(({ name, uid }) => [name, uid] as const);
  const groups = (of: Tree) =>
    parseGroup(textOf(of, '/etc/group')).entries.map(({ name, gid }) => [name, gid] as const);
  return {
    users: compare(users(tree), users(shipped), new Map(made?.users.map(({ entry, cause }) => [entry.name, cause]))),
    groups: compare(
      groups(tree),
      groups(shipped),
      new Map(made?.groups.map(({ entry, cause }) => [entry.name, cause])),
    ),
  };
}

function compare(
  now: readonly (readonly [string, number])[],
  then: readonly (readonly [string, number])[],
  causes: ReadonlyMap<string, Cause | undefined>,
): AccountChange[] {
  const today = new Map(then);
  const known = new Set(now.map(([name]) => name));
  return [
    ...now.map(([name, id]) => ({ name, now: id, today: today.get(name), cause: causes.get(name) })),
    ...then
      .filter(([name]) => !known.has(name))
      .map(([name, id]) => ({ name, now: undefined, today: id, cause: undefined })),
  ];
}

function textOf(tree: Tree, path: string): string {
  const inode = tree.lookup(path);
  return inode?.type === 'file' && inode.content.kind === 'bytes' ? decodeText(inode.content.bytes) : '';
}

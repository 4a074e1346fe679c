/** The tmpfiles.d line that makes a path of the shipped image again. */

import type { Inode } from '../tree/inode.ts';
import type { RuleContext } from './rule-context.ts';

/** A `d`, `L` or, for a file, a `C` line from /usr/share/factory, with the owner and mode that the image has. */
export function pathLine(path: string, inode: Inode, context: RuleContext): string {
  if (inode.type === 'symlink') return `L ${path} - - - - ${inode.target ?? ''}`;
  const owner = (id: number | undefined, names: ReadonlyMap<number, string>) =>
    id === undefined ? '-' : (names.get(id) ?? String(id));
  const user = owner(inode.uid, context.shippedUsers);
  const group = owner(inode.gid, context.shippedGroups);
  const mode = inode.mode === undefined ? '-' : inode.mode.toString(8).padStart(4, '0');
  return `${inode.type === 'directory' ? 'd' : 'C'} ${path} ${mode} ${user} ${group} -`;
}

/** The tmpfiles.d file that a line for a unit belongs into. */
export function tmpfilesFileOf(unit: string): string {
  return `/usr/lib/tmpfiles.d/${unit.replace(/@?\.[a-z]+$/, '').replace(/@.*$/, '')}.conf`;
}

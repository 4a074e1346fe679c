/**
 * Device nodes: what happens to a write is for the driver, and no file tells of it. systemd opens the node, writes, and only
 * then sets mode and owner, so that a refused write leaves those as they were.
 */

import type { Inode } from '../../tree/inode.ts';

/** Character devices that Linux itself defines and that take any write (null(4)): /dev/null and /dev/zero. */
const accepting: ReadonlySet<string> = new Set(['1:3', '1:5']);

/** True if writing to the device is known to work. */
export function isAccepting(inode: Inode): boolean {
  const { device } = inode;
  return inode.type === 'char' && device !== undefined && accepting.has(`${device.major}:${device.minor}`);
}

/** Changes an inode, or not: what differs between the two is not known afterwards. */
export function changePerhaps(inode: Inode, change: () => void): void {
  const { mode, uid, gid, facts } = inode;
  change();
  if (inode.mode !== mode) inode.mode = undefined;
  if (inode.uid !== uid) inode.uid = undefined;
  if (inode.gid !== gid) inode.gid = undefined;
  inode.facts = facts.filter((fact) => inode.facts.includes(fact));
}

/**
 * True if the safe rule may or may not allow the last step of a walk: from a user's directory to a device whose owner a
 * perhaps refused write has left unknown.
 */
export function isStepOpen(found: { readonly parent: Inode; readonly inode: Inode }): boolean {
  const { parent, inode } = found;
  if (inode.type !== 'char' && inode.type !== 'block') return false;
  return parent.uid !== undefined && parent.uid !== 0 && inode.uid === undefined;
}

/** ConditionNeedsUpdate= of systemd.unit(5), on the simulated tree. */

import { decodeText } from '../text/bytes.ts';
import type { Tree } from '../tree/tree.ts';

export interface NeedsUpdate {
  readonly value: boolean;
  /** Why, as a clause that can stand after "because". */
  readonly reason: string;
}

/**
 * Whether a directory counts as older than /usr. False on a read-only file system; true without DIR/.updated; else the
 * modification times decide, seconds first. A stamp whose time has no nanoseconds carries them as TIMESTAMP_NSEC=.
 */
export function needsUpdate(tree: Tree, directory: string): NeedsUpdate {
  if (tree.isReadOnly(directory)) return { value: false, reason: `${directory} is read-only` };
  const stamp = tree.lookup(`${directory}/.updated`);
  if (stamp === undefined) return { value: true, reason: `${directory}/.updated does not exist` };
  const usr = tree.lookup('/usr')?.lower?.modified;
  let stamped = stamp.lower?.modified;
  // An image that does not tell the times is treated as one that was just updated: nothing is claimed to run.
  if (usr === undefined || stamped === undefined) return { value: false, reason: 'the image does not tell the times' };
  if (stamped % 1_000_000_000n === 0n && stamp.type === 'file' && stamp.content.kind === 'bytes') {
    const nanoseconds = /^TIMESTAMP_NSEC=(\d{1,19})$/m.exec(decodeText(stamp.content.bytes))?.[1];
    if (nanoseconds !== undefined) stamped = BigInt(nanoseconds);
  }
  return usr > stamped
    ? { value: true, reason: `/usr is newer than ${directory}/.updated` }
    : { value: false, reason: `${directory}/.updated is as new as /usr` };
}

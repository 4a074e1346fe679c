/** Whether PID 1 takes a boot for the first one (machine-id(5), First Boot Semantics). */

import { decodeText } from '../text/bytes.ts';
import type { Tree } from '../tree/tree.ts';

/**
 * True if /etc/machine-id is missing, cannot be read, or its first line is `uninitialized`. An empty file is no first
 * boot: it merely asks for a transient id. Content that the image left out counts as an id.
 */
export function isFirstBoot(tree: Tree): boolean {
  const found = tree.lookup('/etc/machine-id');
  if (found === undefined || found.type === 'directory') return true;
  const content = found.content;
  if (found.type !== 'file' || content.kind === 'unknown') return false;
  return content.kind === 'unreadable' || /^uninitialized(?:[\n\r\0]|$)/.test(decodeText(content.bytes));
}

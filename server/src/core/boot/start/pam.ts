/**
 * Whether libpam finds a stack for PAMName= (pam.conf(5)): a file of that name or `other` in /etc/pam.d or /usr/lib/pam.d,
 * with all that they include.
 */

import { decodeText } from '../../text/bytes.ts';
import type { Tree } from '../../tree/tree.ts';

/** libpam's PAM_CONFIG_D and PAM_CONFIG_DIST_D. */
const directories: readonly string[] = ['/etc/pam.d', '/usr/lib/pam.d'];

const INCLUDES_MAX = 64;

/** `usable`, or the first file that is not there; unknown: a content is not known. */
export type PamStack =
  | { readonly kind: 'usable' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'missing'; readonly file: string; readonly includedBy?: string };

export function pamStack(tree: Tree, name: string): PamStack {
  const service = find(tree, name.toLowerCase());
  const start = service ?? find(tree, 'other');
  if (start === undefined) return { kind: 'missing', file: `/etc/pam.d/${name}` };
  const seen = new Set<string>();
  const pending = [start];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (seen.has(file) || seen.size >= INCLUDES_MAX) continue;
    seen.add(file);
    const inode = tree.lookup(file);
    if (inode?.type !== 'file' || inode.content.kind !== 'bytes') return { kind: 'unknown' };
    for (const line of decodeText(inode.content.bytes).split('\n')) {
      const included = /^\s*(?:@include|-?(?:account|auth|password|session)\s+(?:include|substack))\s+(\S+)/.exec(
        line,
      )?.[1];
      if (included === undefined) continue;
      const path = included.startsWith('/')
        ? tree.lookup(included) === undefined
          ? undefined
          : included
        : find(tree, included);
      if (path === undefined) return { kind: 'missing', file: `/etc/pam.d/${included}`, includedBy: file };
      pending.push(path);
    }
  }
  return { kind: 'usable' };
}

function find(tree: Tree, name: string): string | undefined {
  return directories.map((directory) => `${directory}/${name}`).find((path) => tree.lookup(path) !== undefined);
}

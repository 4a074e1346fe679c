/** Paths of the tree as the boot sees them: links on the way, and what belongs to the kernel. */

import { joinPath, parentPath, pathComponents, type Tree } from '../tree/tree.ts';
import { apiFileSystems } from './skeleton.ts';

const LINKS_MAX = 32;

/** A link that was followed on the way. */
interface LinkStep {
  readonly link: string;
  readonly target: string;
}

/** Where a path leads: the links on the way and the path without them, whether or not something is there. */
export function traceLinks(tree: Tree, path: string): { readonly steps: readonly LinkStep[]; readonly end: string } {
  const steps: LinkStep[] = [];
  const pending = pathComponents(path).reverse();
  let at = '/';
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '..') {
      at = at.slice(0, at.lastIndexOf('/')) || '/';
      continue;
    }
    const next = joinPath(at, name);
    const inode = tree.lookup(next, { follow: false });
    if (inode?.type !== 'symlink' || inode.target === undefined || steps.length >= LINKS_MAX) {
      at = next;
      continue;
    }
    steps.push({ link: next, target: inode.target });
    if (inode.target.startsWith('/')) at = '/';
    pending.push(...pathComponents(inode.target).reverse());
  }
  return { steps, end: at };
}

/** True for paths that the kernel fills. */
export function isKernelPath(path: string): boolean {
  const first = pathComponents(path)[0];
  return first !== undefined && apiFileSystems.includes(`/${first}`);
}

/** An absolute path and the directories above it, nearest first, with `/`. */
export function* pathAndAbove(path: string): Generator<string> {
  for (let at = path; ; at = parentPath(at)) {
    yield at;
    if (at === '/' || !at.startsWith('/')) return;
  }
}

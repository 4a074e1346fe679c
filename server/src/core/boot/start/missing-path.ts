/** Paths that a start needs: whether they are there, and if not, why. */

import { quoted } from '../../formats/unit/settings/grammar.ts';
import type { Place, RelatedPlace } from '../../problems/problem.ts';
import { pathComponents, type Tree, type WalkResult } from '../../tree/tree.ts';
import { isKernelPath, traceLinks } from '../path-facts.ts';
import type { CauseClass } from './obstacle.ts';
import type { StartContext } from './start-context.ts';

/** Directories that a boot begins without, or fills anew; what an image shows of the rest may be only a part. */
const emptiedAtBoot: ReadonlySet<string> = new Set(['etc', 'var', 'run', 'tmp']);

/** What is at a path. `unknown`: the kernel's, or the image shows only a part of that directory. */
export type PathState =
  | (WalkResult & { readonly kind: 'found' })
  | { readonly kind: 'missing'; readonly reason: string }
  | { readonly kind: 'unknown' };

/** Looks at a path; symlinks are followed. */
export function pathState(context: StartContext, tree: Tree, path: string): PathState {
  const found = tree.walk(path);
  if (found.kind === 'found')
    return isKernelPath(found.path) && found.path !== '/dev/null' ? { kind: 'unknown' } : found;
  const { end } = traceLinks(tree, path);
  if (isKernelPath(end)) return { kind: 'unknown' };
  if (context.isPartial && !emptiedAtBoot.has(pathComponents(end)[0] ?? '')) return { kind: 'unknown' };
  if (found.kind === 'loop') return { kind: 'missing', reason: `${quoted(path)} is a link in circles` };
  if (found.kind === 'not-a-directory') return { kind: 'missing', reason: `${quoted(found.path)} is not a directory` };
  return { kind: 'missing', reason: `${quoted(path)} does not exist` };
}

/** How sure absence is. */
export function confidenceOf(context: StartContext): 'certain' | 'likely' {
  return context.isPartial ? 'likely' : 'certain';
}

/** Why a path is not there: the cause class by the place where the way ends, and the evidence. */
export interface Absence {
  readonly cause: CauseClass;
  readonly chain: readonly RelatedPlace[];
  /** The path without links. */
  readonly end: string;
}

export function explainAbsence(context: StartContext, tree: Tree, path: string): Absence {
  const { steps, end } = traceLinks(tree, path);
  const chain: RelatedPlace[] = steps.map(({ link, target }) => ({
    ...originOf(tree, link),
    message: `${quoted(link)} is a link to ${quoted(target)}`,
  }));
  const directory = pathComponents(end)[0];
  if (context.shipped.lookup(end, { follow: false }) !== undefined) {
    const message =
      directory === 'etc' || directory === 'var'
        ? `the image ships ${quoted(end)}, but nothing brings it back into an empty /${directory}`
        : `the image ships ${quoted(end)}, but the boot does not have it`;
    chain.push({ file: end, message });
  }
  return { cause: causeOfPath(end), chain, end };
}

/** Where a link of the tree comes from. */
function originOf(tree: Tree, path: string): Place {
  const cause = tree.lookup(path, { follow: false })?.causes[0];
  if (cause === undefined) return { file: path };
  return { file: cause.file, ...(cause.line === undefined ? {} : { line: cause.line }) };
}

export function causeOfPath(path: string): CauseClass {
  switch (pathComponents(path)[0]) {
    case 'etc':
      return 'missing-etc-file';
    case 'var':
      return 'missing-var-path';
    case 'run':
      return 'missing-run-path';
    default:
      return 'other';
  }
}

/** Whether something can be made at a path that is not there: parents are made too if `withParents`. */
export type MakeCheck =
  | { readonly kind: 'can' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'read-only'; readonly at: string }
  | { readonly kind: 'no-parent'; readonly at: string; readonly reason: string };

export function checkMaking(context: StartContext, tree: Tree, path: string, withParents: boolean): MakeCheck {
  const found = tree.walk(path);
  const { end } = traceLinks(tree, path);
  if (found.kind === 'found') return { kind: 'exists' };
  if (isKernelPath(end)) return { kind: 'unknown' };
  if (found.kind !== 'missing') {
    const at = 'path' in found ? found.path : path;
    return {
      kind: 'no-parent',
      at,
      reason: `${quoted(at)} is ${found.kind === 'loop' ? 'a link in circles' : 'not a directory'}`,
    };
  }
  if (found.missing.length > 1 && !withParents) {
    if (context.isPartial && !emptiedAtBoot.has(pathComponents(end)[0] ?? '')) return { kind: 'unknown' };
    const parent = end.slice(0, end.lastIndexOf('/')) || '/';
    return { kind: 'no-parent', at: parent, reason: `${quoted(parent)} does not exist` };
  }
  if (tree.isReadOnly(found.path)) return { kind: 'read-only', at: found.path };
  return { kind: 'can' };
}

/** Whether a path that the shipped image has is gone at a moment of the boot. */

import type { InodeType } from '../image/image.ts';
import { joinPath, parentPath, pathComponents } from '../tree/tree.ts';
import type { ProgramView } from './program-view.ts';

export interface Loss {
  /** The path as it is asked for, without doubled slashes and old names of /run. */
  readonly subject: string;
  /** What the image shipped and is gone: the path itself or the nearest directory above it that was shipped. */
  readonly lost: string;
  readonly type: InodeType;
  /** How many components of the path the shipped image lacks too: 0 if it has the path itself. */
  readonly below: number;
  /** How many directories above `lost` are gone too, so that one mkdir(2) is not enough. */
  readonly above: number;
}

/** The path with what tells nothing removed: old names of /run, a part with patterns or formats and what follows. */
export function settledPath(path: string): string {
  const settled: string[] = [];
  for (const name of pathComponents(
    path.replace(/^\/var\/run(?=\/|$)/, '/run').replace(/^\/var\/lock(?=\/|$)/, '/run/lock'),
  )) {
    if (/[%*?$@{}[\]]/.test(name) || name === '..') break;
    settled.push(name);
  }
  return `/${settled.join('/')}`;
}

/** What of the path is gone; undefined if it is there, or if the image as shipped lacks it as well. */
export function lossOf(path: string, view: ProgramView): Loss | undefined {
  const named = settledPath(path);
  if (view.tree.lookup(named) !== undefined) return undefined;
  const subject = behindLink(named, view);
  let lost = subject;
  let below = 0;
  for (;;) {
    const shipped = view.shipped.lookup(lost);
    if (shipped !== undefined) {
      let above = 0;
      for (let at = parentPath(lost); at !== '/' && view.tree.lookup(at) === undefined; at = parentPath(at)) above += 1;
      return { subject, lost, type: shipped.type, below, above };
    }
    lost = parentPath(lost);
    below += 1;
    if (lost === '/' || view.tree.lookup(lost) !== undefined) return undefined;
  }
}

/** Where links that are still there lead to, for what is gone is their target; the path itself if it is no link. */
function behindLink(path: string, view: ProgramView): string {
  let at = path;
  for (let hops = 0; hops < hopsMax; hops++) {
    const link = view.tree.lookup(at, { follow: false });
    if (link?.type !== 'symlink' || link.target === undefined) return at;
    const target = link.target.startsWith('/') ? link.target : joinPath(parentPath(at), link.target);
    at = `/${pathComponents(target).join('/')}`;
    if (at.includes('/../')) return path;
  }
  return path;
}

/** As many links as the kernel follows. */
const hopsMax = 40;

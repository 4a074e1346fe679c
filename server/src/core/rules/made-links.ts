/** The tmpfiles.d lines that made a symlink, for the rules that follow it. */

import type { LineOutcome } from '../boot/tmpfiles/run-tmpfiles.ts';
import type { RuleContext } from './rule-context.ts';

export interface MadeLink {
  readonly outcome: LineOutcome;
  readonly path: string;
  readonly target: string;
}

export function linesThatMadeLinks(context: RuleContext): MadeLink[] {
  return context.tmpfilesOutcomes().flatMap((outcome) => {
    const { path, result } = outcome;
    if (path === undefined || result.kind !== 'applied' || !result.effects.some(({ kind }) => kind === 'created'))
      return [];
    const inode = context.simulation.tree.lookup(path, { follow: false });
    return inode?.type === 'symlink' ? [{ outcome, path, target: inode.target ?? '' }] : [];
  });
}

/** Whether the start of a unit succeeds, and what it makes in the tree (systemd.exec(5); semantics 6.1 and 6.3). */

import type { Unit } from '../../units/unit.ts';
import type { Obstacle } from './obstacle.ts';
import type { StartContext } from './start-context.ts';
import type { Outcome } from './unit-outcome.ts';

export type { StartContext } from './start-context.ts';

/** What becomes of a start job. */
export interface StartResult {
  /** `skipped`: a command of ExecCondition= ends the start; the job succeeds and the unit stays inactive. */
  readonly kind: 'starts' | 'fails' | 'skipped';
  /** The first is what stops it; the others wait behind. Empty with `starts`. */
  readonly obstacles: readonly Obstacle[];
  /**
   * True if the start job itself fails, so that units that require this one are refused. False: the job is done and the
   * unit fails afterwards (Type=simple and idle, whose process is not waited for).
   */
  readonly failsJob: boolean;
}

/** Judges a start on the context's tree as it is. */
export function judgeStart(unit: Unit, context: StartContext): StartResult {
  const obstacles = findObstacles(unit, context);
  return { kind: obstacles.length === 0 ? 'starts' : 'fails', obstacles, failsJob: obstacles.length > 0 };
}

/** What keeps a unit from starting, in the order in which the manager and its child would meet it. */
export function findObstacles(_unit: Unit, _context: StartContext): readonly Obstacle[] {
  return [];
}

/** Makes in the tree what the start of the unit makes, also that of a failing one up to where it fails. */
export function applyStart(_unit: Unit, _context: StartContext): void {}

/** What a unit is after a start without obstacles, as far as the unit alone tells. */
export function finishedOutcome(_unit: Unit): Outcome {
  return 'active';
}

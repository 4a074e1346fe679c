/** What the boot does with each unit, in the words of the recorded boots. */

import type { Place } from '../../problems/problem.ts';
import type { Unit } from '../../units/unit.ts';
import type { Obstacle } from './obstacle.ts';

/**
 * `ran`: started and finished fine. `idle`: loaded, never started. `unloaded`: the unit file exists, nothing loads it.
 * `absent`: somebody names it, no file is there.
 */
export type Outcome =
  | 'active'
  | 'ran'
  | 'failed'
  | 'dep-failed'
  | 'assert-failed'
  | 'skipped'
  | 'idle'
  | 'unloaded'
  | 'absent'
  | 'masked'
  | 'unknown';

export type WhenStarted = 'active' | 'failed' | 'skipped' | 'unknown';

/** A condition or assertion and what it came to on the tree of its moment. */
export interface ConditionVerdict {
  readonly value: 'true' | 'false' | 'unknown';
  /** The assignment that decided; for `true` absent. */
  readonly place?: Place;
  /** For example `ConditionPathExists=/etc/x`. */
  readonly text?: string;
  /** Why, as a clause: `/etc/x does not exist`. */
  readonly reason?: string;
  /** True if it is an Assert…= that decided. */
  readonly isAssert?: boolean;
  /** True for conditions that have nothing to do with a reset (hardware, virtualization, kernel command line). */
  readonly isEnvironmental?: boolean;
  /** With `unknown`: what most machines answer; absent where there is no such thing. */
  readonly usual?: 'true' | 'false';
}

export interface UnitOutcome {
  readonly unit: Unit;
  readonly outcome: Outcome;
  /** What happens if it is started later, by hand, socket, timer, path or bus; equals the outcome where the boot starts it. */
  readonly whenStarted: WhenStarted;
  readonly confidence: 'certain' | 'likely';
  /** The first is what stops it; the others wait behind. */
  readonly obstacles: readonly Obstacle[];
  readonly condition?: ConditionVerdict;
  /** Units whose start job pulled it in. */
  readonly pulledInBy: readonly string[];
  /** Sockets, timers, paths, bus names that start it. */
  readonly activatedBy: readonly string[];
  /** For a consequence of another unit's failure: the next unit of the chain and its end. */
  readonly becauseOf?: string;
  readonly rootUnit?: string;
}

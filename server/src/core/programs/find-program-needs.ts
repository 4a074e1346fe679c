/** What the program of a unit will miss although the manager starts it. */

import type { Unit } from '../units/unit.ts';
import type { ProgramNeed } from './program-need.ts';
import type { ProgramView } from './program-view.ts';

/** The needs of a unit's program that the tree of the moment does not meet, the heaviest first. */
export function findProgramNeeds(_unit: Unit, _view: ProgramView): readonly ProgramNeed[] {
  return [];
}

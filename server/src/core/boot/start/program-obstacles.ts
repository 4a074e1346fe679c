/** Turns what a program will miss into obstacles of its unit's start. */

import { findProgramNeeds } from '../../programs/find-program-needs.ts';
import type { NeedKind, ProgramNeed } from '../../programs/program-need.ts';
import type { ProgramView } from '../../programs/program-view.ts';
import { failureThreshold } from '../../programs/weights.ts';
import type { Unit } from '../../units/unit.ts';
import type { CauseClass, Obstacle, ObstacleCode } from './obstacle.ts';

interface Row {
  readonly code: ObstacleCode;
  readonly cause: CauseClass;
  /** Continues after the subject. */
  readonly text: string;
}

const rows: Readonly<Record<NeedKind, Row>> = {
  configuration: {
    code: 'configuration-lost',
    cause: 'missing-etc-file',
    text: 'is gone, and the program will hardly run without it',
  },
  options: {
    code: 'options-lost',
    cause: 'environment-options-lost',
    text: 'is gone, and with it options that the program will hardly run without',
  },
  account: {
    code: 'account-lost',
    cause: 'missing-user',
    text: 'is a user that the program changes to and nobody makes',
  },
  group: { code: 'account-lost', cause: 'missing-user', text: 'is a group that the program asks for and nobody makes' },
  state: { code: 'state-path-lost', cause: 'missing-var-path', text: 'is gone, and the program expects it' },
  log: { code: 'log-path-lost', cause: 'missing-var-path', text: 'is gone, and the program writes its log there' },
  runtime: { code: 'runtime-path-lost', cause: 'missing-run-path', text: 'is not made by anybody before the start' },
  command: { code: 'script-command-missing', cause: 'missing-exec', text: 'is gone, and a script of the unit runs it' },
  'bus-policy': {
    code: 'bus-policy-lost',
    cause: 'dbus-policy',
    text: 'is gone, so the bus refuses the name that the program asks for',
  },
};

/** The likely obstacles that a unit's own program meets, the likeliest first. */
export function programObstacles(unit: Unit, view: ProgramView): readonly Obstacle[] {
  return findProgramNeeds(unit, view)
    .filter((need) => need.weight >= failureThreshold)
    .map(obstacleOf);
}

function obstacleOf(need: ProgramNeed): Obstacle {
  const row = rows[need.kind];
  const cause = row.code === 'script-command-missing' ? causeOfCommand(need.subject) : row.cause;
  return {
    code: row.code,
    cause,
    confidence: 'likely',
    place: need.place,
    message: `${need.subject} ${row.text}`,
    subject: need.subject,
    chain: need.chain,
  };
}

/** A command that lay in /etc is what the recorded boots call a missing file of /etc. */
function causeOfCommand(path: string): CauseClass {
  if (path.startsWith('/etc/alternatives/')) return 'dangling-link-into-etc';
  return path.startsWith('/etc/') ? 'missing-etc-file' : path.startsWith('/var/') ? 'missing-var-path' : 'missing-exec';
}

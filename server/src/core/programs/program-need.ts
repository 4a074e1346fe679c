/** What a program opens or looks up by itself, beyond what its unit's settings ask the manager for. */

import type { Place, RelatedPlace } from '../problems/problem.ts';

/**
 * `configuration`: a file below /etc that it reads. `options`: its command line takes them from a lost file. `account`: it
 * changes to that user or group. `state`, `log`, `runtime`: a path below /var, /var/log, /run. `command`: a program that a
 * script runs. `bus-policy`: a D-Bus policy below /etc.
 */
export type NeedKind =
  | 'configuration'
  | 'options'
  | 'account'
  | 'group'
  | 'state'
  | 'log'
  | 'runtime'
  | 'command'
  | 'bus-policy';

export interface ProgramNeed {
  readonly kind: NeedKind;
  /** Absolute path or account name; of a path below a lost directory the directory. */
  readonly subject: string;
  /** The kind of evidence: the row of weights.ts that counts most for it. */
  readonly evidence: string;
  /** 0…1: how surely the program ends without it. What is below `failureThreshold` (weights.ts) is not a failure. */
  readonly weight: number;
  /** The word of the unit that leads there: an Exec line, Environment=, EnvironmentFile=. */
  readonly place: Place;
  /** The steps of the evidence in order, each a clause: unit → executable → path → "shipped in the image's /etc". */
  readonly chain: readonly RelatedPlace[];
}

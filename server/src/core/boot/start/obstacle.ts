/**
 * What keeps a unit from starting: one value an obstacle, whether the manager itself refuses (certain) or a program will
 * not run without what it opens (likely). Rules turn them into findings, reports into reasons; nothing decides it again.
 */

import type { Place, RelatedPlace } from '../../problems/problem.ts';

/** Cause classes in the words of the recorded boots, so that predictions can be compared with them. */
export type CauseClass =
  | 'missing-user'
  | 'missing-etc-file'
  | 'missing-environment-file'
  | 'missing-var-path'
  | 'missing-output-path'
  | 'missing-run-path'
  | 'missing-working-directory'
  | 'mount-namespace-path-missing'
  | 'missing-exec'
  | 'dangling-link-into-etc'
  | 'read-only'
  | 'permission'
  | 'dbus-policy'
  | 'pam'
  | 'dependency'
  | 'activated-service-failed'
  | 'generator-input-lost'
  | 'unit-file-in-etc'
  | 'alias-lost'
  | 'preset-conflict'
  | 'environment-options-lost'
  | 'bad-setting'
  | 'other';

/** Which check of the start stumbles; each has its rule. */
export type ObstacleCode =
  // The manager or its helper child refuses (semantics 6.1).
  | 'bad-setting'
  | 'environment-file-missing'
  | 'user-missing'
  | 'group-missing'
  | 'network-namespace-missing'
  | 'standard-input-missing'
  | 'standard-output-parent-missing'
  | 'standard-error-parent-missing'
  | 'open-file-missing'
  | 'directory-occupied'
  | 'directory-read-only'
  | 'credential-missing'
  | 'pam-stack-missing'
  | 'namespace-path-missing'
  | 'mount-destination-read-only'
  | 'executable-missing'
  | 'interpreter-missing'
  | 'working-directory-missing'
  | 'socket-unbindable'
  | 'socket-owner-missing'
  | 'triggered-unit-missing'
  | 'mount-point-read-only'
  | 'mount-source-missing'
  // Other units.
  | 'required-unit-failed'
  | 'required-unit-missing'
  | 'activated-service-failed'
  | 'needed-service-failed'
  // The program itself will not run (core/programs).
  | 'configuration-lost'
  | 'options-lost'
  | 'account-lost'
  | 'state-path-lost'
  | 'runtime-path-lost'
  | 'log-path-lost'
  | 'path-read-only'
  | 'script-command-missing'
  | 'bus-policy-lost';

export interface Obstacle {
  readonly code: ObstacleCode;
  readonly cause: CauseClass;
  /** What the manager reports: `217/USER`, `resources`, `203/EXEC`; absent where a program's own exit status decides. */
  readonly result?: string;
  readonly confidence: 'certain' | 'likely';
  /** The setting or word to blame. */
  readonly place: Place;
  /** One sentence without full stop: what is missing and for what. */
  readonly message: string;
  /** The path, account or unit that is missing. */
  readonly subject: string;
  /** From the setting to the cause: who names it, where it stands today, why it is gone. In order. */
  readonly chain: readonly RelatedPlace[];
}

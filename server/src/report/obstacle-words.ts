/** Obstacles in the words of reports: one row a code. */

import type { Obstacle, ObstacleCode } from '../core/boot/start/obstacle.ts';

/** What an obstacle's subject is. */
export type SubjectKind = 'user' | 'group' | 'path' | 'unit' | 'other';

export interface ObstacleWords {
  readonly subject: SubjectKind;
  /** Behind the subject in a heading: `/etc/x is gone`. */
  readonly verb: string;
  /** For a line of a table, without the subject's kind where that is clear. */
  readonly short: (subject: string) => string;
  /** What is missing at the end of a chain of causes. */
  readonly end: string;
}

const path = (verb: string, end = 'nothing brings it back'): ObstacleWords => ({
  subject: 'path',
  verb,
  short: (subject) => `${subject} ${verb}`,
  end,
});
const account = (kind: 'user' | 'group'): ObstacleWords => ({
  subject: kind,
  verb: 'will not exist',
  short: (subject) => `no ${kind} "${subject}"`,
  end: 'no sysusers.d line',
});
const unit = (verb: string): ObstacleWords => ({
  subject: 'unit',
  verb,
  short: (subject) => `${subject} ${verb}`,
  end: verb,
});
const other = (verb: string, end: string): ObstacleWords => ({
  subject: 'other',
  verb,
  short: (subject) => `${subject} ${verb}`,
  end,
});

const rows: Readonly<Record<ObstacleCode, ObstacleWords>> = {
  'bad-setting': other('is refused', 'the unit is not loaded'),
  'environment-file-missing': path('is gone'),
  'user-missing': account('user'),
  'group-missing': account('group'),
  'network-namespace-missing': path('does not exist', 'nothing makes it'),
  'standard-input-missing': path('is gone'),
  'standard-output-parent-missing': path('is gone', 'nothing makes its directory'),
  'standard-error-parent-missing': path('is gone', 'nothing makes its directory'),
  'open-file-missing': path('is gone'),
  'directory-occupied': path('is no directory', 'something else is in its place'),
  'directory-read-only': path('cannot be made', 'read-only'),
  'credential-missing': other('is no credential', 'nothing brings it'),
  'pam-stack-missing': path('is gone'),
  'namespace-path-missing': path('is gone'),
  'mount-destination-read-only': path('cannot be made', 'read-only'),
  'executable-missing': path('is gone'),
  'interpreter-missing': path('is gone'),
  'working-directory-missing': path('is gone'),
  'socket-unbindable': path('cannot be bound', 'no place for the socket'),
  'socket-owner-missing': account('user'),
  'triggered-unit-missing': unit('does not exist'),
  'mount-point-read-only': path('cannot be made', 'read-only'),
  'mount-source-missing': path('is gone'),
  'required-unit-failed': unit('fails'),
  'required-unit-missing': unit('does not exist'),
  'activated-service-failed': unit('fails'),
  'needed-service-failed': unit('fails'),
  'configuration-lost': path('is gone'),
  'options-lost': path('is gone'),
  'account-lost': account('user'),
  'state-path-lost': path('is gone'),
  'runtime-path-lost': path('is not made', 'nothing makes it'),
  'log-path-lost': path('is gone'),
  'path-read-only': path('is read-only', 'read-only'),
  'script-command-missing': path('is gone'),
  'bus-policy-lost': path('is gone'),
};

export function wordsOf(obstacle: Obstacle): ObstacleWords {
  return rows[obstacle.code];
}

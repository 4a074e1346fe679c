/** What can go wrong with a unit while it is enabled or disabled: one row a reason. */

import type { MessageSeverity } from '../../problems/problem.ts';

interface InstallFailureRow {
  /** The code of the message. */
  readonly code: string;
  readonly severity: MessageSeverity;
  /**
   * While units are gathered, systemd goes on after the expected failures; any other one is counted, and before 253 it
   * ended the run at once.
   */
  readonly isExpected: boolean;
  /** A sentence about the subject, which is put in front in quotes. */
  readonly text: string;
}

export const installFailures = {
  missing: { code: 'unit-missing', severity: 'error', isExpected: true, text: 'does not exist' },
  'missing-alias-target': {
    code: 'unit-dangling-alias',
    severity: 'error',
    isExpected: true,
    text: 'is a link to a unit that does not exist',
  },
  masked: { code: 'unit-masked', severity: 'error', isExpected: true, text: 'is masked, so nothing enables it' },
  generated: {
    code: 'unit-generated',
    severity: 'error',
    isExpected: true,
    text: 'is transient or made by a generator, which presets do not expect',
  },
  'alias-occupied': {
    code: 'alias-already-exists',
    severity: 'error',
    isExpected: true,
    text: 'already exists, so the link is not made',
  },
  'config-link': {
    code: 'unit-linked-in-configuration',
    severity: 'error',
    isExpected: true,
    text: 'is a link in /etc or /run, or links lead in circles',
  },
  'bad-alias-target': {
    code: 'alias-not-allowed',
    severity: 'error',
    isExpected: true,
    text: 'cannot be another name of the unit',
  },
  'unknown-specifier': {
    code: 'install-unknown-specifier',
    severity: 'error',
    isExpected: true,
    text: 'holds a specifier that [Install] does not know',
  },
  'specifier-without-value': {
    code: 'install-specifier-without-value',
    severity: 'error',
    isExpected: true,
    text: 'holds a specifier that has no value on this system',
  },
  'bad-value': {
    code: 'install-bad-value',
    severity: 'error',
    isExpected: false,
    text: 'is not a valid unit name or value',
  },
  'unparsable-unit': {
    code: 'unit-unparsable',
    severity: 'error',
    isExpected: false,
    text: 'has a line that ends the reading of the file',
  },
  'not-a-file': { code: 'unit-not-a-file', severity: 'error', isExpected: false, text: 'is not a regular file' },
  'cannot-write': {
    code: 'install-cannot-write',
    severity: 'error',
    isExpected: false,
    text: 'cannot be made',
  },
  'cannot-resolve': {
    code: 'install-cannot-resolve',
    severity: 'error',
    isExpected: false,
    text: 'cannot be resolved, because links lead in circles or something is not a directory',
  },
  unknowable: {
    code: 'install-specifier-unknowable',
    severity: 'notice',
    isExpected: true,
    text: 'holds a specifier whose value the image does not tell',
  },
} as const satisfies Record<string, InstallFailureRow>;

export type InstallFailure = keyof typeof installFailures;

export function isExpectedFailure(failure: InstallFailure): boolean {
  return installFailures[failure].isExpected;
}

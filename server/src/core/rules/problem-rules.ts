/** Under which rule a problem of one text is reported while the rest of the system has not been looked at yet. */

import type { Problem } from '../problems/problem.ts';

/** By format; problems of units differ by their code. */
const rules: Readonly<Record<'tmpfiles' | 'sysusers' | 'preset', string>> = {
  tmpfiles: 'tmpfiles-line-rejected',
  sysusers: 'sysusers-line-rejected',
  preset: 'preset-line-rejected',
};

/** The id of the rule that a file's own problem belongs to. */
export function ruleOfProblem(format: 'tmpfiles' | 'sysusers' | 'preset' | 'unit', problem: Problem): string {
  if (format !== 'unit') return rules[format];
  if (problem.code === 'setting-too-new') return 'unit-setting-too-new';
  if (/^(?:obsolete|removed)-/.test(problem.code)) return 'unit-setting-obsolete';
  return 'unit-line-ignored';
}

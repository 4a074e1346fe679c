/** `Condition…=` and `Assert…=` (systemd.unit(5), "Conditions and Asserts"). */

import type { Span } from '../../../text/source-text.ts';
import { checkPath, listed, type SettingGrammar, unknownSpecifier } from './grammar.ts';

export interface ConditionValue {
  /** `|`: one of several of which one must hold. */
  readonly isTrigger: boolean;
  /** `!` */
  readonly isNegated: boolean;
  /** What is tested; specifiers stand as they are. */
  readonly argument: string;
  readonly argumentSpan: Span;
}

/** Conditions whose argument is an absolute path, without `Condition` or `Assert`. */
const pathConditions = new Set(
  'PathExists PathExistsGlob PathIsDirectory PathIsSymbolicLink PathIsMountPoint PathIsReadWrite PathIsEncrypted PathIsSocket DirectoryNotEmpty FileNotEmpty FileIsExecutable NeedsUpdate'.split(
    ' ',
  ),
);

/** True for a condition that tests a path. */
export function isPathCondition(key: string): boolean {
  return pathConditions.has(key.replace(/^(Condition|Assert)/, ''));
}

/** Reads a condition. Blanks may follow the signs, but not before a path. */
export function parseCondition(key: string, value: string): ConditionValue {
  const signs = isPathCondition(key) ? /^(\|?)(!?)/ : /^(\|?)[ \t]*(!?)[ \t]*/;
  const match = signs.exec(value);
  const start = match?.[0].length ?? 0;
  return {
    isTrigger: match?.[1] === '|',
    isNegated: match?.[2] === '!',
    argument: value.slice(start),
    argumentSpan: { start, end: value.length },
  };
}

export const conditionGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined || !isPathCondition(context.key)) return listed([specifier]);
  const condition = parseCondition(context.key, value);
  return listed([checkPath(condition.argument, condition.argumentSpan, { kind: 'absolute' }, context)]);
};

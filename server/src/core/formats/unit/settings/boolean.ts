/** Booleans, as systemd.syntax(7) lists them. */

import { badValue, quoted, type SettingGrammar, stopping } from './grammar.ts';

const yes = new Set(['1', 'yes', 'y', 'true', 't', 'on']);
const no = new Set(['0', 'no', 'n', 'false', 'f', 'off']);

/** The meaning of a boolean word, letters of either case; undefined if it is none. */
export function parseBoolean(value: string): boolean | undefined {
  const word = value.toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

/** A plain boolean. The empty value is none. */
export const booleanGrammar: SettingGrammar = (value, context) => {
  if (parseBoolean(value) !== undefined) return [];
  const problem = badValue('not-a-boolean', value, `${quoted(value)} is not a boolean`);
  return [context.key === 'DynamicUser' ? stopping(problem) : problem];
};

/** A boolean that the empty value sets back. */
export const optionalBooleanGrammar: SettingGrammar = (value, context) =>
  value === '' && (context.key !== 'PrivateMounts' || context.systemd.has('unit-private-mounts-optional'))
    ? []
    : booleanGrammar(value, context);

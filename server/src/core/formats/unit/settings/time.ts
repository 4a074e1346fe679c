/** Settings that take a time span (systemd.time(7), "Displaying Time Spans"). */

import { badValue, hasSpecifier, quoted, type SettingGrammar, unknownSpecifier } from './grammar.ts';
import { fractionOf } from './number.ts';

const second = 1_000_000n;

/** Microseconds of each unit, longer words before those they begin with. */
const units: readonly (readonly [string, bigint])[] = [
  ['seconds', second],
  ['second', second],
  ['sec', second],
  ['s', second],
  ['minutes', 60n * second],
  ['minute', 60n * second],
  ['min', 60n * second],
  ['months', 2629800n * second],
  ['month', 2629800n * second],
  ['M', 2629800n * second],
  ['msec', 1000n],
  ['ms', 1000n],
  ['m', 60n * second],
  ['hours', 3600n * second],
  ['hour', 3600n * second],
  ['hr', 3600n * second],
  ['h', 3600n * second],
  ['days', 86400n * second],
  ['day', 86400n * second],
  ['d', 86400n * second],
  ['weeks', 604800n * second],
  ['week', 604800n * second],
  ['w', 604800n * second],
  ['years', 31557600n * second],
  ['year', 31557600n * second],
  ['y', 31557600n * second],
  ['usec', 1n],
  ['us', 1n],
  ['µs', 1n],
  ['μs', 1n],
];
const unitPattern = units.map(([name]) => name).join('|');
const infinity = (1n << 64n) - 1n;

const part = new RegExp(`(\\+?[0-9]+(?:\\.[0-9]+)?|\\.[0-9]+)([ \\t\\n\\r]*)(${unitPattern})?[ \\t\\n\\r]*`, 'y');
const multipliers = new Map(units);

/** Microseconds of a time span; numbers without a unit count `unit` each. Undefined if it is none. */
export function parseTime(text: string, unit: bigint = second): bigint | undefined {
  const trimmed = text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '');
  if (trimmed === 'infinity') return infinity;
  if (trimmed === '') return undefined;
  let sum = 0n;
  for (let at = 0; at < trimmed.length; at = part.lastIndex) {
    part.lastIndex = at;
    const match = part.exec(trimmed);
    if (match === null) return undefined;
    const [, number = '', gap, name] = match;
    // A number without a unit must be followed by a blank: `1.2.3` is no span.
    if (name === undefined && gap === '' && part.lastIndex < trimmed.length) return undefined;
    const multiplier = name === undefined ? unit : (multipliers.get(name) ?? unit);
    const [whole = '', fraction = ''] = number.replace('+', '').split('.');
    if (whole.length > 20 && whole.replace(/^0+/, '').length > 20) return undefined;
    sum += BigInt(whole) * multiplier;
    if (fraction !== '') sum += fractionOf(fraction, multiplier);
    if (sum >= infinity) return undefined;
  }
  return sum;
}

function spanGrammar(unit: bigint, emptyResets: boolean): SettingGrammar {
  return (value, context) => {
    if (value === '' && emptyResets) return [];
    if (parseTime(value, unit) !== undefined) return [];
    return [badValue('invalid-time-span', value, `${quoted(value)} is not a time span for ${context.key}=`)];
  };
}

/** A span; the empty value is none. */
export const timeGrammar = spanGrammar(second, false);
/** A span that the empty value sets back. */
export const optionalTimeGrammar = spanGrammar(second, true);

/** `OnBootSec=` and its kin: a span in which specifiers may stand. */
export const timerGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined) return [specifier];
  return hasSpecifier(value) ? [] : timeGrammar(value, context);
};

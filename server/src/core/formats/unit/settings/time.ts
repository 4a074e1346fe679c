/** Settings that take a time span (systemd.time(7), "Displaying Time Spans"). */

import { parseTimeSpan } from '../../../text/time-span.ts';
import { badValue, hasSpecifier, quoted, type SettingGrammar, unknownSpecifier } from './grammar.ts';

function spanGrammar(emptyResets: boolean): SettingGrammar {
  return (value, context) => {
    if (value === '' && emptyResets) return [];
    if (parseTimeSpan(value) !== undefined) return [];
    return [badValue('invalid-time-span', value, `${quoted(value)} is not a time span for ${context.key}=`)];
  };
}

/** A span; the empty value is none. */
export const timeGrammar = spanGrammar(false);
/** A span that the empty value sets back. */
export const optionalTimeGrammar = spanGrammar(true);

/** `OnBootSec=` and its kin: a span in which specifiers may stand. */
export const timerGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined) return [specifier];
  return hasSpecifier(value) ? [] : timeGrammar(value, context);
};

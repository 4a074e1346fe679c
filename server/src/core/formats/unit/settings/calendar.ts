/** Calendar expressions: whether systemd.time(7), "Calendar Events", can read them. What they mean is not computed. */

import { badValue, hasSpecifier, quoted, type SettingGrammar, unknownSpecifier } from './grammar.ts';

/** Words that stand for a whole expression. */
export const calendarShorthands: ReadonlySet<string> = new Set([
  'minutely',
  'hourly',
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'yearly',
  'annually',
  'anually',
  'biannually',
  'bi-annually',
  'semiannually',
  'semi-annually',
]);

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const dayWord = '(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
const dayRange = `${dayWord}(?:(?:\\.\\.|-)${dayWord})?`;
const weekdays = new RegExp(`^(${dayRange}(?:,${dayRange})*,?)(?: +|$)`, 'i');

/** True if an expression can be read; undefined if that depends on the time zones of the running system. */
export function isCalendarExpression(text: string): boolean | undefined {
  const utc = / UTC$/i.exec(text);
  if (utc !== null) return isWithoutZone(text.slice(0, utc.index));
  if (isWithoutZone(text)) return true;
  // The last word may be the name of a time zone.
  const blank = text.lastIndexOf(' ');
  const isZone = blank !== -1 && /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text.slice(blank + 1));
  return isZone && isWithoutZone(text.slice(0, blank)) ? undefined : false;
}

function isWithoutZone(text: string): boolean {
  if (calendarShorthands.has(text.toLowerCase())) return true;
  let rest = text;
  const named = weekdays.exec(rest);
  if (named !== null) {
    if (!areDayRanges(named[1] ?? '')) return false;
    rest = rest.slice(named[0].length);
    if (rest === '') return true;
  }
  if (rest === '') return false;
  if (/^@[ \t]*[+-]?[0-9]+$/.test(rest)) return true;
  const parts = rest.split(/ +/);
  if (parts.length > 2) return false;
  const [first = '', second] = parts;
  if (second === undefined) return isTime(first) || isDate(first);
  return isDate(first) && (second === '' || isTime(second));
}

/** A range of days goes forward in the week. */
function areDayRanges(text: string): boolean {
  return text.split(',').every((range) => {
    const [from, to] = range.toLowerCase().split(/\.\.|-/);
    return to === undefined || days.indexOf((from ?? '').slice(0, 3)) <= days.indexOf(to.slice(0, 3));
  });
}

function isDate(text: string): boolean {
  const match = /^([^-~]+)([-~])([^-~]+)(?:([-~])([^-~]+))?$/.exec(text);
  if (match === null) return false;
  const [, first = '', firstSign, second = '', , third] = match;
  if (third === undefined) return isChain(first, 1, 12) && isChain(second, 1, 31);
  return (
    firstSign === '-' && isChain(withCentury(first), 1970, 2199) && isChain(second, 1, 12) && isChain(third, 1, 31)
  );
}

function isTime(text: string): boolean {
  const [hour = '', minute, second, ...more] = text.split(':');
  if (minute === undefined || more.length > 0) return false;
  return isChain(hour, 0, 23) && isChain(minute, 0, 59) && (second === undefined || isChain(second, 0, 60, true));
}

/** Years of one or two digits are those from 1970 to 2069. */
function withCentury(years: string): string {
  return years.replace(/(^|,|\.\.)([0-9]{1,2})(?![0-9])/g, (_, sign: string, year: string) => {
    return `${sign}${Number(year) + (Number(year) < 70 ? 2000 : 1900)}`;
  });
}

/** One component: `*`, or numbers, ranges and repetitions with commas between them. */
function isChain(text: string, from: number, to: number, isSeconds = false): boolean {
  if (text === '*') return true;
  const number = isSeconds ? '[0-9]+(?:\\.[0-9]+)?' : '[0-9]+';
  const item = new RegExp(`^(\\*|${number})(?:\\.\\.(${number}))?(?:/(${number}))?$`);
  return text.split(',').every((part) => {
    const match = item.exec(part);
    if (match === null) return false;
    const [, start = '', stop, step] = match;
    if (start === '*') return false;
    const low = Number(start);
    const high = stop === undefined ? undefined : Number(stop);
    if (low < from || low > to || (high !== undefined && (high < low || high > to))) return false;
    if (step !== undefined && Number(step) === 0) return false;
    return !(isSeconds && high !== undefined && step === undefined && low + 1 > high);
  });
}

/** `OnCalendar=`. */
export const calendarGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined) return [specifier];
  if (hasSpecifier(value) || isCalendarExpression(value) !== false) return [];
  return [badValue('invalid-calendar-expression', value, `${quoted(value)} is not a calendar expression`)];
};

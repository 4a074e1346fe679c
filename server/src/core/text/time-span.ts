/** Time spans as systemd.time(7) has them: numbers with units, added up. */

const SECOND = 1_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
/** 30.4375 days and 365.25 days (systemd.time(7)). */
const MONTH = 2_629_800n * SECOND;
const YEAR = 31_557_600n * SECOND;

/** What `infinity` is to systemd: more microseconds than any span. */
export const infiniteTimeSpan = (1n << 64n) - 1n;

/** Longer names before their beginnings, so that the first that fits is the one that is meant. */
const units: readonly (readonly [string, bigint])[] = [
  ['seconds', SECOND],
  ['second', SECOND],
  ['sec', SECOND],
  ['s', SECOND],
  ['minutes', MINUTE],
  ['minute', MINUTE],
  ['min', MINUTE],
  ['months', MONTH],
  ['month', MONTH],
  ['M', MONTH],
  ['msec', 1000n],
  ['ms', 1000n],
  ['m', MINUTE],
  ['hours', HOUR],
  ['hour', HOUR],
  ['hr', HOUR],
  ['h', HOUR],
  ['days', DAY],
  ['day', DAY],
  ['d', DAY],
  ['weeks', 7n * DAY],
  ['week', 7n * DAY],
  ['w', 7n * DAY],
  ['years', YEAR],
  ['year', YEAR],
  ['y', YEAR],
  ['usec', 1n],
  ['us', 1n],
  ['\u03bcs', 1n],
  ['\u00b5s', 1n],
];

/** The greatest number that strtoll(3) reads; it has 19 digits. */
const NUMBER_MAX = (1n << 63n) - 1n;

/**
 * Microseconds of a time span, {@link infiniteTimeSpan} for `infinity`; undefined if systemd refuses the text.
 * A number without a unit counts `defaultUnit` microseconds, by default a second.
 */
export function parseTimeSpan(text: string, defaultUnit: bigint = SECOND): bigint | undefined {
  let at = skipBlanks(text, 0);
  if (text.startsWith('infinity', at)) {
    return skipBlanks(text, at + 8) === text.length ? infiniteTimeSpan : undefined;
  }
  let total: bigint | undefined;
  for (;;) {
    at = skipBlanks(text, at);
    if (at === text.length) return total;
    const start = text[at] === '+' && isDigit(text.charCodeAt(at + 1)) ? at + 1 : at;
    const wholeEnd = skipDigits(text, start);
    const hasFraction = text[wholeEnd] === '.';
    if (wholeEnd === start && !hasFraction) return undefined;
    const fractionEnd = hasFraction ? skipDigits(text, wholeEnd + 1) : wholeEnd;
    if (hasFraction && fractionEnd === wholeEnd + 1) return undefined;
    let firstDigit = start;
    while (text[firstDigit] === '0' && firstDigit + 1 < wholeEnd) firstDigit += 1;
    if (wholeEnd - firstDigit > 19) return undefined;
    const whole = BigInt(text.slice(firstDigit, wholeEnd));
    if (whole > NUMBER_MAX) return undefined;
    const unitAt = skipBlanks(text, fractionEnd);
    const unit = units.find(([name]) => text.startsWith(name, unitAt));
    if (unit === undefined && unitAt === fractionEnd && unitAt < text.length) return undefined;
    const multiplier = unit === undefined ? defaultUnit : unit[1];
    if (whole >= infiniteTimeSpan / multiplier) return undefined;
    total = (total ?? 0n) + whole * multiplier;
    let place = multiplier / 10n;
    for (let i = wholeEnd + 1; i < fractionEnd && place > 0n; i++, place /= 10n) {
      total += BigInt(text.charCodeAt(i) - 48) * place;
    }
    if (total >= infiniteTimeSpan) return undefined;
    at = unit === undefined ? unitAt : unitAt + unit[0].length;
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function skipDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  return at;
}

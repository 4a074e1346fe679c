/** Whole numbers, file modes, sizes and shares. */

import { badValue, type GrammarContext, quoted, type SettingGrammar, type ValueProblem } from './grammar.ts';

/** A whole number as safe_atoi and its siblings read it: blanks in front, a sign, 0x, 0b, 0o or 0 for other bases. */
export function parseInteger(text: string): bigint | undefined {
  const match = /^[ \t\n\r\v\f]*([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+)$/.exec(text);
  if (match === null) return undefined;
  const digits = match[2] ?? '';
  // What exceeds 64 bits is refused anyway, and huge numbers are slow to convert.
  if (digits.length > 66 && digits.replace(/^(0[xXbBoO])?0*/, '').length > 64) return undefined;
  let magnitude: bigint;
  if (/^0[0-9]/.test(digits)) {
    if (!/^[0-7]+$/.test(digits)) return undefined;
    magnitude = BigInt(`0o${digits.slice(1)}`);
  } else magnitude = BigInt(digits);
  return match[1] === '-' ? -magnitude : magnitude;
}

/** A mode in octal digits, at most 7777. */
export function parseMode(text: string): number | undefined {
  if (!/^[0-7]+$/.test(text)) return undefined;
  const mode = Number.parseInt(text, 8);
  return mode <= 0o7777 ? mode : undefined;
}

const suffixes = 'EPTGMKB';
const largest = (1n << 64n) - 1n;

/** A size such as `1G 512M`: numbers with falling suffixes, added up. Undefined if it is none or above 2⁶⁴−1. */
export function parseSize(text: string, base: 1000 | 1024): bigint | undefined {
  const part = /[ \t\n\r]*\+?([0-9]+)(?:\.([0-9]*))?[ \t\n\r]*([EPTGMKB]?)/y;
  let sum = 0n;
  let next = 0;
  let at = 0;
  do {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null) return undefined;
    const [, whole = '', fraction = '', suffix = ''] = match;
    const rank = suffix === '' ? suffixes.length : suffixes.indexOf(suffix);
    // A part may only have a smaller suffix than the one before it; none at all comes last.
    if (rank < next || next > suffixes.length) return undefined;
    next = rank + 1;
    if (whole.length > 20 && whole.replace(/^0+/, '').length > 20) return undefined;
    const factor = BigInt(base) ** BigInt(Math.max(0, suffixes.length - 1 - rank));
    sum += BigInt(whole) * factor;
    if (fraction !== '') sum += fractionOf(fraction, factor);
    if (sum > largest) return undefined;
    at = part.lastIndex;
  } while (at < text.length);
  return sum;
}

/** The digits behind a point, times a factor; digits beyond those that can count are left out. */
export function fractionOf(digits: string, factor: bigint): bigint {
  const counted = digits.slice(0, 20);
  return (BigInt(counted) * factor) / 10n ** BigInt(counted.length);
}

/** A number from 0 to 10000 for `N%`, `N.N%`, `N‰` or `N‱`; `unbounded` allows more than the whole. */
export function parsePermyriad(text: string, options: { readonly unbounded?: boolean } = {}): number | undefined {
  const match = /^([0-9]+)(?:\.([0-9]{1,2}))?(%|‰|‱)$/.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', sign = ''] = match;
  const digits = sign === '%' ? 2 : sign === '‰' ? 1 : 0;
  if (fraction.length > digits) return undefined;
  const value = Number(whole) * 10 ** digits + Number(fraction.padEnd(digits, '0') || '0');
  if (value > 0x7fffffff) return undefined;
  return options.unbounded || value <= 10000 ? value : undefined;
}

function integerGrammar(from: bigint, to: bigint, emptyResets: boolean): SettingGrammar {
  return (value) => {
    if (value === '' && emptyResets) return [];
    const number = parseInteger(value);
    if (number === undefined) return [badValue('not-a-number', value, `${quoted(value)} is not a whole number`)];
    if (number < from || number > to) {
      return [badValue('number-out-of-range', value, `${quoted(value)} is not between ${from} and ${to}`)];
    }
    return [];
  };
}

const int32 = 2n ** 31n;

export const unsignedGrammar = integerGrammar(0n, 2n ** 32n - 1n, false);
export const integerSettingGrammar = integerGrammar(-int32, int32 - 1n, false);
export const longGrammar = integerGrammar(-(2n ** 63n), 2n ** 63n - 1n, false);
export const niceGrammar = integerGrammar(-20n, 19n, true);
export const oomScoreGrammar = integerGrammar(-1000n, 1000n, true);
export const ioPriorityGrammar = integerGrammar(0n, 7n, true);
export const cpuPriorityGrammar = integerGrammar(0n, 99n, false);
export const exitStatusGrammar = integerGrammar(0n, 255n, true);
export const swapPriorityGrammar = integerGrammar(-1n, 32767n, true);
export const optionalUnsignedGrammar = integerGrammar(0n, 2n ** 32n - 1n, true);

export const modeGrammar: SettingGrammar = (value) =>
  parseMode(value) === undefined ? [badValue('not-a-mode', value, `${quoted(value)} is not an octal mode`)] : [];

export const sizeGrammar: SettingGrammar = (value) => (parseSize(value, 1024) === undefined ? [badSize(value)] : []);

function badSize(value: string): ValueProblem {
  return badValue('not-a-size', value, `${quoted(value)} is not a size`);
}

/** Settings in which a limit of nothing is a limit. */
const mayBeZero = new Set([
  'MemorySwapMax',
  'StartupMemorySwapMax',
  'MemoryZSwapMax',
  'StartupMemoryZSwapMax',
  'MemoryLow',
  'StartupMemoryLow',
  'MemoryMin',
  'DefaultMemoryLow',
  'DefaultMemoryMin',
]);

/** `MemoryMax=` and its kin: a size, a share of the machine's memory or `infinity`. */
export const memoryLimitGrammar: SettingGrammar = (value, context: GrammarContext) => {
  if (value === '' || value === 'infinity') return [];
  const share = parsePermyriad(value);
  if (share !== undefined) return share === 0 && !mayBeZero.has(context.key) ? [outOfRange(value)] : [];
  const size = parseSize(value, 1024);
  if (size === undefined) return [badSize(value)];
  return size === largest || (size === 0n && !mayBeZero.has(context.key)) ? [outOfRange(value)] : [];
};

function outOfRange(value: string): ValueProblem {
  return badValue('number-out-of-range', value, `${quoted(value)} is out of range`);
}

/** `TasksMax=`: a number above 0, a share or `infinity`. */
export const tasksMaxGrammar: SettingGrammar = (value) => {
  if (value === '' || value === 'infinity' || parsePermyriad(value) !== undefined) return [];
  const number = parseInteger(value);
  if (number === undefined) return [badValue('not-a-number', value, `${quoted(value)} is not a number of tasks`)];
  return number <= 0n || number >= largest ? [outOfRange(value)] : [];
};

/** `CPUQuota=`: a share above 0, also of several processors. */
export const cpuQuotaGrammar: SettingGrammar = (value) => {
  if (value === '' || (parsePermyriad(value, { unbounded: true }) ?? 0) > 0) return [];
  return [badValue('not-a-percentage', value, `${quoted(value)} is not a percentage above 0`)];
};

/** `CPUWeight=` and `IOWeight=`: 1 to 10000; `idle` for processors. */
export const weightGrammar: SettingGrammar = (value, context) => {
  if (value === '' || (value === 'idle' && context.key.endsWith('CPUWeight'))) return [];
  const number = parseInteger(value);
  if (number === undefined) return [badValue('not-a-number', value, `${quoted(value)} is not a weight`)];
  return number < 1n || number > 10000n ? [outOfRange(value)] : [];
};

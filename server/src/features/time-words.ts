/** Time spans as people say them. */

import { infiniteTimeSpan } from '../core/text/time-span.ts';

const SECOND = 1_000_000n;

const parts: readonly (readonly [string, bigint])[] = [
  ['day', 86_400n * SECOND],
  ['hour', 3600n * SECOND],
  ['minute', 60n * SECOND],
  ['second', SECOND],
  ['millisecond', 1000n],
  ['microsecond', 1n],
];

/** `10 days`, `1 minute 30 seconds`. */
export function timeSpanWords(microseconds: bigint): string {
  if (microseconds >= infiniteTimeSpan) return 'without end';
  const words: string[] = [];
  let rest = microseconds;
  for (const [name, size] of parts) {
    const number = rest / size;
    rest %= size;
    if (number > 0n) words.push(`${number} ${name}${number === 1n ? '' : 's'}`);
  }
  return words.length === 0 ? '0 seconds' : words.join(' ');
}

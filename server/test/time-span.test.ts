import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { infiniteTimeSpan, parseTimeSpan } from '../src/core/text/time-span.ts';

const SECOND = 1_000_000;

const cases: readonly [text: string, microseconds: number | 'infinity' | undefined][] = [
  ['0', 0],
  ['5', 5 * SECOND],
  ['5s', 5 * SECOND],
  [' 5 sec ', 5 * SECOND],
  ['1min 30s', 90 * SECOND],
  ['1m30', 90 * SECOND],
  ['1h', 3600 * SECOND],
  ['10d', 864_000 * SECOND],
  ['1w', 604_800 * SECOND],
  ['1M', 2_629_800 * SECOND],
  ['1y2month', (31_557_600 + 2 * 2_629_800) * SECOND],
  ['1.5s', 1_500_000],
  ['.5s', 500_000],
  ['1.0000009s', SECOND],
  ['3ms', 3000],
  ['3us', 3],
  ['3\u00b5s', 3],
  ['3\u03bcs', 3],
  ['+5', 5 * SECOND],
  ['007', 7 * SECOND],
  ['5 6', 11 * SECOND],
  ['infinity', 'infinity'],
  [' infinity ', 'infinity'],
  ['', undefined],
  [' ', undefined],
  ['-1', undefined],
  ['x', undefined],
  ['5x', undefined],
  ['5.', undefined],
  ['5.s', undefined],
  ['1.2.3', undefined],
  ['infinity5', undefined],
  ['99999999999999999999', undefined],
  ['9223372036854775807', undefined],
  ['+ 5', undefined],
];

test('time spans mean what systemd.time(7) says', () => {
  for (const [text, expected] of cases) {
    const wanted = expected === 'infinity' ? infiniteTimeSpan : expected === undefined ? undefined : BigInt(expected);
    assert.equal(parseTimeSpan(text), wanted, JSON.stringify(text));
  }
});

test('a bare number counts the default unit', () => {
  assert.equal(parseTimeSpan('5 1s', 1n), 1_000_005n);
});

test('no text makes the parser fail', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.+- smhdwyMuinft\u00b5') }), (text) => {
      const span = parseTimeSpan(text);
      assert.ok(span === undefined || (span >= 0n && span <= infiniteTimeSpan));
    }),
  );
});

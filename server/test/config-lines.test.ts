import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigLines } from '../src/core/text/config-lines.ts';

interface FoundLine {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

function readLines(text: string): { readonly lines: readonly FoundLine[]; readonly tooLong: ConfigLines['tooLong'] } {
  const reader = new ConfigLines(text);
  const lines: FoundLine[] = [];
  while (reader.advance()) lines.push({ number: reader.number, start: reader.start, end: reader.end });
  assert.equal(reader.advance(), false, 'the end stays the end');
  return { lines, tooLong: reader.tooLong };
}

function check(text: string, expected: readonly string[]): void {
  const found = readLines(text).lines.map((line) => `${line.number}:${text.slice(line.start, line.end)}`);
  assert.deepEqual(found, expected, JSON.stringify(text));
}

const cases: readonly [string, readonly string[]][] = [
  ['', []],
  ['a', ['1:a']],
  ['a\nb\n', ['1:a', '2:b']],
  ['a\n\n\nb', ['1:a', '4:b']],
  [' \ta b \t\n', ['1:a b']],
  ['a\r\nb\r\n', ['1:a', '2:b']],
  ['a\n\rb', ['1:a', '2:b']],
  ['a\rb\r\rc', ['1:a', '2:b', '4:c']],
  ['a\0b', ['1:a', '2:b']],
  ['a\n\0b\r\n\0c', ['1:a', '2:b', '3:c']],
  ['a\0\nb', ['1:a', '3:b']],
  ['# a\n; b', ['1:# a', '2:; b']],
];

test('lines end as systemd reads them', () => {
  for (const [text, expected] of cases) check(text, expected);
});

test('a line of a mebibyte ends the reading', () => {
  assert.equal(readLines(`a\n${'x'.repeat(1048575)}\nb`).tooLong, undefined);
  const long = readLines(`a\n${'x'.repeat(1048576)}\nb`);
  assert.deepEqual(
    [long.lines.length, long.tooLong?.number, long.tooLong?.span.start],
    [1, 2, 2],
    'the line before it is kept, the ones after it are lost',
  );
  assert.equal(readLines('ä'.repeat(524288)).tooLong?.number, 1, 'the limit is in bytes');
  assert.equal(readLines('ä'.repeat(524287)).tooLong, undefined);
});

test('lines are in order, do not overlap and hold no line end', () => {
  const part = fc.constantFrom('a', ' ', '\t', '\n', '\r', '\0', '#', 'ä');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const text = parts.join('');
      let from = 0;
      let number = 0;
      for (const line of readLines(text).lines) {
        assert.ok(line.start >= from && line.end > line.start && line.end <= text.length);
        assert.ok(line.number > number);
        assert.doesNotMatch(text.slice(line.start, line.end), /[\n\r\0]/);
        from = line.end;
        number = line.number;
      }
    }),
  );
});

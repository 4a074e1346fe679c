import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, decodeText, encodeText, normalizeText } from '../src/core/text/bytes.ts';
import { LineIndex } from '../src/core/text/source-text.ts';
import { readWord, unescapeC, type WordOptions } from '../src/core/text/words.ts';

test('any bytes survive decoding and encoding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.deepEqual(encodeText(decodeText(bytes)), Uint8Array.from(bytes));
    }),
  );
});

test('strings are compared by their bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
      const expected = Math.sign(Buffer.compare(a, b));
      assert.equal(Math.sign(compareBytes(decodeText(a), decodeText(b))), expected);
    }),
  );
});

test('escaped bytes that form a character become that character', () => {
  assert.equal(normalizeText('\udcc3\udca4'), 'ä');
  assert.equal(normalizeText('\udcc3x'), '\udcc3x');
});

test('lines and columns count from 1', () => {
  const lines = new LineIndex('ab\n\ncd');
  assert.deepEqual(lines.position(0), { line: 1, column: 1 });
  assert.deepEqual(lines.position(3), { line: 2, column: 1 });
  assert.deepEqual(lines.position(99), { line: 3, column: 3 });
  assert.deepEqual(lines.lineSpan(3), { start: 4, end: 6 });
  assert.equal(lines.lineSpan(4), undefined);
});

function words(text: string, options: WordOptions): string[] {
  const result: string[] = [];
  for (let at = 0; ; ) {
    const read = readWord(text, at, text.length, options);
    if (read.kind === 'end') return result;
    if (read.kind === 'problem') return [...result, `!${read.problem.code}@${read.problem.span.start}`];
    result.push(read.word.value);
    at = read.next;
  }
}

const wordCases: readonly [string, WordOptions['backslash'], string[]][] = [
  ['a  b\tc', 'c', ['a', 'b', 'c']],
  ['"a b" c\'d e\'f', 'c', ['a b', 'cd ef']],
  ['""', 'c', ['']],
  ['"a\'b"\t\'c"d\' e', 'c', ["a'b", 'c"d', 'e']],
  ['"a"b "c"\'d\'', 'c', ['ab', 'cd']],
  ['"a\\"b" \'c\\\\\'', 'drop', ['a"b', 'c\\']],
  ['"a\\" b', 'keep', ['a\\', 'b']],
  ['"a" "', 'drop', ['a', '!unterminated-quote@4']],
  ['a\\x20b', 'c', ['a b']],
  ['a\\x20b', 'drop', ['ax20b']],
  ['a\\q', 'c', ['!unknown-escape@1']],
  ['a\\q b', 'c-relaxed', ['a\\q', 'b']],
  ['a\\', 'c', ['!trailing-backslash@1']],
  ['"a', 'c', ['!unterminated-quote@0']],
  ['\\xc3\\xa4', 'c', ['ä']],
  ['\\u00e4\\303\\244', 'c', ['ää']],
  ['\\x00', 'c', ['!unknown-escape@0']],
];

test('words are split as systemd splits them', () => {
  for (const [text, backslash, expected] of wordCases) assert.deepEqual(words(text, { backslash }), expected, text);
});

test('C escapes are undone', () => {
  assert.deepEqual(unescapeC('a\\n\\s\\101'), { value: 'a\n A' });
  assert.deepEqual(unescapeC('ab\\q'), { badAt: 2 });
});

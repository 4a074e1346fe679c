import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePreset } from '../src/core/formats/preset/parse.ts';
import { printPreset } from '../src/core/formats/preset/print.ts';
import { Systemd } from '../src/core/versions/systemd.ts';

/** Rules as `line:verb pattern|instances`, then problems as `code@words`. */
function check(text: string, expected: readonly string[], version = 257): void {
  const document = parsePreset(text, new Systemd(version));
  const rules = document.rules.map(({ line, verb, pattern, instances }) => {
    const more = instances.length === 0 ? '' : `|${instances.map((word) => word.text).join(',')}`;
    return `${line}:${verb.action} ${pattern?.text ?? '(nothing)'}${more}`;
  });
  const problems = document.problems.map(({ code, span }) => `${code}@${text.slice(span.start, span.end)}`);
  assert.deepEqual([...rules, ...problems], expected, JSON.stringify(text));
  assert.equal(printPreset(document), text);
}

const cases: readonly (readonly [string, readonly string[], number?])[] = [
  ['', []],
  ['enable a.service\n', ['1:enable a.service']],
  ['  disable\ta*.service  \n', ['1:disable a*.service']],
  ['# x\n; y\n\nignore b.socket', ['4:ignore b.socket']],
  ['enable t@.service a b', ['1:enable t@.service|a,b']],
  ['enable a.service b', ['preset-instances-without-template@a.service']],
  ['enable a.service b.service', ['preset-instances-without-template@a.service']],
  ['disable a.service b', ['1:disable a.service b', 'preset-trailing-words@b']],
  ['disable t@.service a', ['1:disable t@.service a', 'preset-trailing-words@a']],
  ['ignore a', ['unsupported-preset-verb@ignore'], 252],
  ['ignore a', ['1:ignore a'], 254],
  ['enable', ['1:enable (nothing)', 'preset-bare-enable@enable']],
  ['disable ', ['1:disable (nothing)', 'preset-missing-pattern@disable']],
  ['Enable a', ['unknown-preset-verb@Enable']],
  ['enablea a', ['unknown-preset-verb@enablea']],
  ['disable "a.service"', ['1:disable "a.service"']],
  ['disable a\\x2d.service', ['1:disable a\\x2d.service']],
  ['disable a\rdisable b\0disable c\r\ndisable d', ['1:disable a', '2:disable b', '3:disable c', '4:disable d']],
  ['\ufeffenable a', ['unknown-preset-verb@\ufeffenable']],
];

test('preset lines', () => {
  for (const [text, expected, version] of cases) check(text, expected, version);
});

test('a line of a mebibyte ends everything', () => {
  const text = `enable a\nenable ${'x'.repeat(1 << 20)}\nenable b`;
  const document = parsePreset(text, new Systemd(257));
  assert.equal(document.failure?.code, 'line-too-long');
  assert.equal(document.rules.length, 1);
  assert.equal(printPreset(document), text);
});

const piece = fc.constantFrom(
  'enable',
  'disable',
  'ignore',
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
  'a@.service',
  'b',
  '#',
  ';',
  'ä',
);

test('any text is read without loss, and every place lies inside it', () => {
  const anyText = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(anyText, fc.constantFrom(252, 257, 262), (text, version) => {
      const document = parsePreset(text, new Systemd(version));
      assert.equal(printPreset(document), text);
      let last = 0;
      for (const node of document.nodes) {
        assert.ok(node.span.start >= last && node.span.end <= text.length && node.span.start < node.span.end);
        last = node.span.end;
      }
      for (const rule of document.rules) {
        for (const word of [rule.pattern, ...rule.instances]) {
          if (word !== undefined) assert.equal(text.slice(word.span.start, word.span.end), word.text);
        }
      }
      for (const { span } of document.problems) assert.ok(span.start >= 0 && span.end <= text.length);
    }),
  );
});

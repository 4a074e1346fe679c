import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUnit } from '../src/core/formats/unit/parse.ts';
import { printUnit } from '../src/core/formats/unit/print.ts';
import { textSpan } from '../src/core/formats/unit/syntax.ts';
import { lastValue, listValues } from '../src/core/formats/unit/values.ts';
import { Systemd } from '../src/core/versions/systemd.ts';

/** What systemd reads, one string a section, entry or ignored line; problems last. */
function read(text: string): string[] {
  const document = parseUnit(text);
  assert.equal(printUnit(document), text);
  const lines: string[] = [];
  for (const section of document.sections) {
    lines.push(`[${section.name}]`);
    for (const entry of section.entries) lines.push(`${entry.key}=${entry.value}`);
    for (const junk of section.junk) lines.push(`?${junk.reason}`);
  }
  for (const problem of document.problems) {
    lines.push(`!${problem.code} ${JSON.stringify(text.slice(problem.span.start, problem.span.end))}`);
  }
  return lines;
}

function check(text: string, expected: readonly string[]): void {
  assert.deepEqual(read(text), expected, JSON.stringify(text));
}

const cases: readonly [string, readonly string[]][] = [
  ['', []],
  ['\n\n', []],
  ['[Unit]\nA=b\n', ['[Unit]', 'A=b']],
  ['[Unit]\n  A \t=  b c \t\n', ['[Unit]', 'A=b c']],
  ['[Unit]\nA=\nB==x=y', ['[Unit]', 'A=', 'B==x=y']],
  ['  [Unit]  \nA=b', ['[Unit]', 'A=b']],
  ['[Unit]\nA=1\n[Service]\n[Unit]\nA=2', ['[Unit]', 'A=1', '[Service]', '[Unit]', 'A=2']],
  ['[ Unit ]\nA=b', ['[ Unit ]', 'A=b']],
  ['[]\nA=b', ['!invalid-section-header "[]"']],
  ['[a*]\nA=b', ['!invalid-section-header "[a*]"']],
  // Comments take a whole line; behind a value they are part of it.
  ['[Unit]\n # c\n ; c\nA=b # c\n', ['[Unit]', 'A=b # c']],
  ['[Unit]\n# c \\\nA=b', ['[Unit]', 'A=b']],
  // Continuation lines.
  ['[Unit]\nA=b\\\n  c', ['[Unit]', 'A=b   c']],
  ['[Unit]\nA=b\\\n# comment\\\n; comment\nc', ['[Unit]', 'A=b c']],
  ['[Unit]\nA=b\\\n\nB=c', ['[Unit]', 'A=b', 'B=c']],
  ['[Unit]\nA=b\\\n[Service]\nB=c', ['[Unit]', 'A=b [Service]', 'B=c']],
  ['[Unit]\nA=b\\\\\nB=c', ['[Unit]', 'A=b\\\\', 'B=c']],
  ['[Unit]\nA=b\\\\\\\nc', ['[Unit]', 'A=b\\\\ c']],
  ['[Unit]\nA=b\\ \nB=c', ['[Unit]', 'A=b\\', 'B=c']],
  ['[Unit]\nA=b\\', ['[Unit]', 'A=b']],
  ['[Unit]\nA\\\nB=c', ['[Unit]', 'A B=c']],
  ['[Un\\\nit]\nA=b', ['[Un it]', 'A=b']],
  ['\\\n[Unit]\nA=b', ['[Unit]', 'A=b']],
  ['\\\n\n[Unit]\nA=\\\n\\\n\nB=1', ['[Unit]', 'A=', 'B=1']],
  // Line ends.
  ['[Unit]\r\nA=b\r\nB=c\\\r\nd\r\n', ['[Unit]', 'A=b', 'B=c d']],
  ['[Unit]\rA=b\0B=c\n\r\n\0\nC=d', ['[Unit]', 'A=b', 'B=c', 'C=d']],
  ['[Unit]\nA=b\\\n\rc=d', ['[Unit]', 'A=b c=d']],
  ['[Unit]\nA=b\\\n\n\rc=d', ['[Unit]', 'A=b', 'c=d']],
  // A byte order mark is skipped once, wherever it comes first, but a comment behind it is none.
  ['\ufeff[Unit]\nA=b', ['[Unit]', 'A=b']],
  ['[Unit]\n\ufeffA=b\n\ufeffC=d', ['[Unit]', 'A=b', '\ufeffC=d']],
  ['[Unit]\n\ufeff# c', ['[Unit]', '?missing-equals-sign']],
  // Ignored lines.
  ['[Unit]\nA\n=b\n = c\nD=e', ['[Unit]', 'D=e', '?missing-equals-sign', '?missing-key', '?missing-key']],
  ['A=b\nc\n[Unit]\nB=c', ['[Unit]', 'B=c', '!assignment-outside-section "A"', '!assignment-outside-section "c"']],
  // Lines that end the reading.
  ['[Unit]\nA=b\n [Ser\nB=c\n[Service]\nC=d', ['[Unit]', 'A=b', '!invalid-section-header "[Ser"']],
  ['[', ['!invalid-section-header "["']],
  ['["Unit"]', ['!invalid-section-header "[\\"Unit\\"]"']],
  ['[U\\\\nit]', ['!invalid-section-header "[U\\\\\\\\nit]"']],
  ['[Unit]\n# \udcff\nA=\udcff\nB=c', ['[Unit]', '!invalid-utf8 "A=\\udcff"']],
  ['[Unit]\nA=\ufdd0', ['[Unit]', '!invalid-utf8 "A=\ufdd0"']],
  ['[Unit]\nA=\u{1ffff}', ['[Unit]', '!invalid-utf8 "A=\u{1ffff}"']],
  ['[Unit]\nA=\u{1f600}ä', ['[Unit]', 'A=\u{1f600}ä']],
];

test('unit files are read as systemd reads them', () => {
  for (const [text, expected] of cases) check(text, expected);
});

test('older versions take odd section names', () => {
  const document = parseUnit('[]\n[a*]\nA=b', new Systemd(257));
  assert.deepEqual(
    document.sections.map((section) => section.name),
    ['', 'a*'],
  );
});

test('a line of 1 MiB ends the reading, one byte less does not', () => {
  const line = (bytes: number) => `A=${'x'.repeat(bytes - 2)}`;
  assert.equal(parseUnit(`[Unit]\n${line(1048575)}\n`).failure, undefined);
  assert.equal(parseUnit(`[Unit]\n${line(1048576)}\n`).failure?.code, 'line-too-long');
  assert.equal(parseUnit(`[Unit]\nA=${'ä'.repeat(524287)}\n`).failure?.code, 'line-too-long');
  const joined = `[Unit]\nA=${`${'x'.repeat(1023)}\\\n`.repeat(1024)}`;
  assert.equal(parseUnit(joined).failure?.code, 'line-too-long');
});

test('spans inside a continued value are exact', () => {
  const text = '[Service]\n ExecStart = /bin/a one\\\n# no\n\\\n\ttwo \\\nthree  \n';
  const entry = parseUnit(text).sections[0]?.entries[0];
  assert.ok(entry);
  assert.equal(entry.value, '/bin/a one  \ttwo  three');
  for (const word of ['/bin/a', 'one', 'two', 'three']) {
    const start = entry.value.indexOf(word);
    const span = textSpan(entry, { start, end: start + word.length });
    assert.equal(text.slice(span.start, span.end), word);
  }
  assert.equal(text.slice(entry.valueSpan.start, entry.valueSpan.end).endsWith('three'), true);
});

test('an empty assignment resets a list over files', () => {
  const file = (path: string, text: string) => ({ path, document: parseUnit(text) });
  const files = [
    file('/usr/lib/systemd/system/a.service', '[Unit]\nAfter=a\nAfter=b'),
    file('/etc/systemd/system/a.service.d/1.conf', '[Unit]\nAfter=c\nAfter=\nAfter=d\n[Unit]\nAfter=e'),
  ];
  const values = listValues(files, 'Unit', 'After').map((value) => value.entry.value);
  assert.deepEqual(values, ['d', 'e']);
  assert.equal(lastValue(files, 'Unit', 'After')?.entry.value, 'e');
  assert.equal(lastValue(files, 'Unit', 'Before'), undefined);
});

const hostileText = fc
  .array(
    fc.constantFrom(
      '[Unit]',
      '[',
      ']',
      '\n',
      '\r',
      '\0',
      '\\',
      '\\\n',
      '=',
      'Key',
      ' ',
      '\t',
      '#',
      ';',
      'ä',
      '\ufeff',
      '\udcff',
      '"',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

test('any text is covered by its nodes and every value by its pieces', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const document = parseUnit(text);
      let at = 0;
      for (const node of document.nodes) {
        assert.equal(node.span.start, at);
        assert.ok(node.span.end > at);
        at = node.span.end;
        if (node.kind !== 'entry') continue;
        assert.equal(text.charAt(node.equals), '=');
        for (let offset = 0; offset < node.value.length; offset++) {
          const span = textSpan(node, { start: offset, end: offset + 1 });
          const char = text.slice(span.start, span.end);
          assert.ok(char === node.value.charAt(offset) || (char === '\\' && node.value.charAt(offset) === ' '));
          assert.ok(span.start >= node.valueSpan.start && span.end <= node.valueSpan.end);
        }
      }
      assert.equal(at, text.length);
    }),
    { numRuns: 2000 },
  );
});

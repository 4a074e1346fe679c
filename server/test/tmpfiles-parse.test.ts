import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAcl } from '../src/core/formats/tmpfiles/acl.ts';
import { decodeBase64 } from '../src/core/formats/tmpfiles/base64.ts';
import { lineTypes } from '../src/core/formats/tmpfiles/line-types.ts';
import { parseTmpfiles } from '../src/core/formats/tmpfiles/parse.ts';
import { printTmpfiles, printTmpfilesLine } from '../src/core/formats/tmpfiles/print.ts';
import type { TmpfilesLine } from '../src/core/formats/tmpfiles/syntax.ts';
import { decodeText } from '../src/core/text/bytes.ts';
import { Systemd } from '../src/core/versions/systemd.ts';

function lineOf(text: string, version = 257): TmpfilesLine {
  const [node] = parseTmpfiles(text, new Systemd(version)).nodes;
  if (node?.kind !== 'line') throw new Error(`${JSON.stringify(text)} is no line but ${node?.kind}`);
  return node;
}

/**
 * Checks what is wrong with a line, drawn under it: `^^^ code`, with `!` before the code if the line is dropped without
 * counting and `?` if it is only a warning. No drawing: nothing is wrong.
 */
function check(line: string, drawing: string, version = 257): void {
  const found = lineOf(line, version).problems.map(({ span, code, effect }) => {
    const mark = { refused: '', dropped: '!', none: '?' }[effect];
    return `${' '.repeat(span.start)}${'^'.repeat(span.end - span.start)} ${mark}${code}`;
  });
  assert.equal(found.join('\n'), drawing, `${version}: ${line}`);
}

const good = [
  'd /a',
  "d '/a b' 0755 root root 10d",
  'd! /a - - - -',
  'f+ /a 644 0 0 - some content  with blanks',
  'w /a - - - - "quoted"',
  'L /a - - - - ../b',
  'L? /a',
  'C /a',
  'C /a - - - - /src',
  'C /a - - - - %t/x',
  'c /a - - - - 1:3',
  'b /a - - - - 0x',
  't /a - - - - user.a=b "user.c=d e"',
  'a /a - - - - u:1:rwx,d:g:adm:r-x',
  'A+ /a - - - - m::rwx,u:1:rwX',
  'h /a - - - - +C',
  'H /a - - - - =',
  'f~ /a - - - - eHl6',
  'f^ /a - - - - some.credential',
  'R /a/*',
  'd$ /a',
  'd /a ~:0755 :root :0',
  'd /a - - - ~mM:1d',
  'd /a - - - "a b:1h 5min"',
  'q /tmp 1777 root root 10d',
  '%t/a',
].slice(0, -1);

test('lines that every known version accepts', () => {
  for (const line of good) {
    if (line.startsWith('b ')) continue;
    for (const version of [257, 262]) check(line, '', version);
  }
});

// Each refusal was seen with the real tools.
const bad: readonly [line: string, drawing: string, version?: number][] = [
  ['d', '^ missing-path'],
  ['"" /a', '^^ missing-type'],
  ['d "/a', '  ^^^ unterminated-quote'],
  ['d /a\\', '    ^ trailing-backslash'],
  ['d /a\\q', '    ^^ unknown-escape'],
  ['d /a\\q', '', 252],
  ['d* /a', ' ^ unknown-modifier'],
  ['d++ /a', '  ^ repeated-modifier'],
  ['d$ /a', ' ^ unknown-modifier', 252],
  ['L? /a', ' ^ unknown-modifier', 252],
  ['d? /a', '^^ conditional-not-allowed'],
  ['z$ /a', '^^ purge-not-allowed'],
  ['y /a', '^ unknown-line-type'],
  ['ä! /a', '^^ unknown-modifier'],
  ['k /a - - - - cap_net_raw=ep', '^ unknown-line-type'],
  ['k /a - - - - cap_net_raw=ep', '', 262],
  ['k /a - - - - x', '             ^ ?invalid-capabilities', 262],
  ['d a', '  ^ path-not-absolute'],
  ['d %%/a', '  ^^^^ path-not-absolute'],
  ['d /%Z', '   ^^ unknown-specifier'],
  ['d /%D', '   ^^ unknown-specifier'],
  ['d /%D', '', 262],
  ['d /%A', '   ^^ unknown-specifier', 252],
  ['d /%- %', '      ^ invalid-mode'],
  ['d /a - - - - x', '             ^ ?unexpected-argument'],
  ['d /a - - - - x', '             ^ unexpected-argument', 262],
  ['w /a', '^^^^ missing-argument'],
  ['c /a', '^^^^ missing-argument'],
  ['t /a - - - - -', '^^^^^^^^^^^^^^ missing-argument'],
  ['c /a - - - - 1:', '             ^^ invalid-device-number'],
  ['c /a - - - - 4096:1', '             ^^^^^^ invalid-device-number'],
  ['c~ /a - - - - 1:3', '^^ base64-not-allowed'],
  ['t /a - - - - user.a', '             ^^^^^^ ?invalid-xattr'],
  ['a /a - - - - u:1:7', '             ^^^^^ ?invalid-acl'],
  ['a /a - - - - u:1:rX', '             ^^^^^^ ?invalid-acl', 252],
  ['a /a - - - - o:r', '', 252],
  ['a /a - - - - o:r', '             ^^^ ?invalid-acl'],
  ['h /a - - - - +Z', '              ^ invalid-attributes'],
  ['h /a - - - - +', '             ^ invalid-attributes'],
  ['f /a - - - - a\\qb', '              ^^ unknown-escape'],
  ['f /a - - - - \\x00', '             ^^ unknown-escape'],
  ['f /a - - - - a%Zb', '              ^^ unknown-specifier'],
  ['f~ /a - - - - a%Zb', '              ^^^^ !invalid-base64'],
  ['f~ /a - - - - eA=', '              ^^^ !invalid-base64'],
  ['C /a - - - - src', '             ^^^ source-not-absolute'],
  ['d /a 0o755', '     ^^^^^ invalid-mode'],
  ['d /a 10000', '     ^^^^^ invalid-mode'],
  ['d /a ~', '     ^ invalid-mode'],
  ['d /a - - - x', '           ^ invalid-age'],
  ['d /a - - - z:1', '           ^^^ invalid-age-by'],
  ['d /a - - - :1', '           ^^ invalid-age-by'],
  ['r /a - - - ~1d', ''],
  ['r /a - - - ~1d', '           ^^^ age-modifier-not-allowed', 262],
  ['d* a 999 - - x', ' ^ unknown-modifier\n   ^ path-not-absolute\n     ^^^ invalid-mode\n             ^ invalid-age'],
];

test('what is wrong with a line', () => {
  for (const [line, drawing, version] of bad) check(line, drawing, version);
});

test('columns', () => {
  const line = lineOf('L+? "/a b" ~:0750 :app - m:1d  target  with blanks ');
  assert.equal(line.letter, 'L');
  assert.deepEqual([...line.modifiers], ['appendOrForce', 'conditional']);
  assert.equal(line.path?.value, '/a b');
  assert.deepEqual(line.mode, { bits: 0o750, isMasked: true, onlyCreate: true });
  assert.equal(line.user?.name, 'app');
  assert.equal(line.user?.onlyCreate, true);
  assert.equal(line.group, undefined);
  assert.equal(line.age?.span, 86_400_000_000n);
  assert.deepEqual(line.age?.byForFiles, { access: false, birth: false, change: false, modification: true });
  assert.equal(line.argument?.value, 'target  with blanks');
});

test('a line may have very many problems', () => {
  const count = 300_000;
  const document = parseTmpfiles(`t /a - - - - ${'x '.repeat(count)}`, new Systemd(257));
  assert.equal(document.problems.length, count);
});

test('words are split at once, spans follow from them', () => {
  const line = lineOf(' d  "/a b" 0755 :root - 1d\tx ');
  const spans = [line.full, line.span, ...line.words.map((word) => word.span), line.user?.span, line.argument?.span];
  assert.deepEqual(
    spans.map((span) => `${span?.start}-${span?.end}`),
    ['0-29', '1-28', '1-2', '4-10', '11-15', '16-21', '22-23', '24-26', '17-21', '27-28'],
  );
  assert.equal(lineOf('d "/a" x "').path, undefined);
  assert.deepEqual(
    lineOf('d "/a" x "').words.map((word) => word.value),
    ['d', '/a', 'x'],
  );
  assert.equal(lineOf('"" /a 0755 root').path?.value, '/a');
  assert.equal(lineOf('"" /a 0755 root').user, undefined);
});

test('the argument keeps quotes; a dash is none', () => {
  assert.equal(lineOf('f /a - - - - "-"').argument?.value, '"-"');
  assert.equal(lineOf('f /a - - - - -').argument, undefined);
});

test('words lose their quotes, versions differ in escapes', () => {
  assert.equal(lineOf('d /a\\x41"b c"').path?.value, '/aAb c');
  assert.equal(lineOf('d /a\\x41"b c"', 252).path?.value, '/ax41b c');
});

test('nodes in their order', () => {
  const text = '# one\n\n  d /a\r\n;x /b\r\t# two';
  const nodes = parseTmpfiles(text, new Systemd(257)).nodes;
  assert.deepEqual(
    nodes.map((node) => (node.kind === 'line' ? `${node.letter} at ${node.line}` : node.kind)),
    ['comment', 'blank', 'd at 3', '; at 4', 'comment'],
  );
});

test('a line that is too long hides the rest', () => {
  const text = `d /a\nd /${'x'.repeat(1_100_000)}\nd /b\n`;
  const document = parseTmpfiles(text, new Systemd(257));
  assert.deepEqual(
    document.nodes.map((node) => node.kind),
    ['line', 'unread'],
  );
  assert.equal(printTmpfiles(document), text);
  assert.equal(document.problems[0]?.code, 'line-too-long');
});

test('any text is read without loss, all spans lie inside it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...lineTypes.map((type) => type.letter),
      ' ',
      ' /a ',
      '-',
      '%',
      '\\',
      '"',
      '\n',
      '\r',
      '\0',
      '#',
      '~',
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(252, 257, 262), (pieces, version) => {
      const text = pieces.join('');
      const document = parseTmpfiles(text, new Systemd(version));
      assert.equal(printTmpfiles(document), text);
      for (const { span } of document.problems) {
        assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
      }
    }),
    { numRuns: 400 },
  );
});

test('new lines are read back as they were meant', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom(252, 262), (name, version) => {
      if (/[\n\r\0]/.test(name)) return;
      const path = `/${name}`;
      const line = lineOf(printTmpfilesLine({ type: 'd', path, mode: 0o750, user: 'app' }), version);
      assert.equal(line.path?.value, path.replaceAll('%', '%%'));
      assert.equal(line.mode?.bits, 0o750);
      assert.equal(line.user?.name, 'app');
    }),
  );
  assert.equal(printTmpfilesLine({ type: 'L+', path: '/a b', argument: '../c' }), 'L+ "/a b" - - - - ../c');
  assert.equal(printTmpfilesLine({ type: 'd', path: '/a' }), 'd /a');
});

test('base64', () => {
  const decoded = (text: string) => {
    const bytes = decodeBase64(text);
    return bytes === undefined ? undefined : decodeText(bytes);
  };
  const cases: readonly [string, string | undefined][] = [
    ['', ''],
    ['eHl6', 'xyz'],
    ['e A = =', 'x'],
    ['eHk=', 'xy'],
    ['eHk', undefined],
    ['eHl=', undefined],
    ['eA==x', undefined],
    ['e===', undefined],
    ['e$l6', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(decoded(text), expected, text);
});

test('access control lists', () => {
  const read = (text: string, version = 257) => {
    const acl = parseAcl(text, new Systemd(version));
    const show = (entries: NonNullable<typeof acl>['access']) =>
      entries.map(
        ({ tag, qualifier, rights, conditionalExecute }) =>
          `${tag}:${qualifier ?? ''}:${rights}${conditionalExecute ? 'X' : ''}`,
      );
    return acl === undefined
      ? undefined
      : [...show(acl.access), ...show(acl.default).map((entry) => `default ${entry}`)];
  };
  assert.deepEqual(read('u:1:r-x,,g::-'), ['user:1:5', 'group-owner::0']);
  assert.deepEqual(read('default:user:a:rwX'), ['default user:a:7X']);
  assert.deepEqual(read(' u: 1 :r , m::w'), ['user:1:4', 'mask::2']);
  for (const text of ['u:1:', 'u:1:rr', 'u:1:rwxr', 'us:1:r', 'user:1', 'mask:x:r', 'u: :r', 'x', 'X:u:1:r']) {
    assert.equal(read(text), undefined, text);
  }
});

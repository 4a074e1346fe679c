import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sysusersLineTypes } from '../src/core/formats/sysusers/line-types.ts';
import { parseSysusers } from '../src/core/formats/sysusers/parse.ts';
import { printSysusers } from '../src/core/formats/sysusers/print.ts';
import type { SysusersMeaning } from '../src/core/formats/sysusers/syntax.ts';
import { parseId, parseIdRange } from '../src/core/formats/sysusers/values.ts';
import { buildOf, Systemd } from '../src/core/versions/systemd.ts';

function systemd(version: number): Systemd {
  return new Systemd(version, buildOf(['debian'], version));
}

/**
 * Checks what a line means: the entry in short, or the refusal drawn under the words it concerns. `expected` is either the
 * entry or `^^^ code` with as many blanks in front as the refused words have.
 */
function check(line: string, expected: string, version = 257): void {
  const document = parseSysusers(line, systemd(version));
  const [node] = document.nodes;
  const found = node?.kind === 'line' ? describe(node.meaning) : (node?.kind ?? 'nothing');
  assert.equal(found, expected, `${version}: ${JSON.stringify(line)}`);
}

function describe(meaning: SysusersMeaning): string {
  if (meaning.kind === 'unknown') return `unknown ${meaning.column}`;
  if (meaning.kind === 'refused') {
    const { span, code } = meaning.problem;
    return `${' '.repeat(span.start)}${'^'.repeat(span.end - span.start)} ${code}`;
  }
  const { entry } = meaning;
  return Object.entries(entry)
    .filter(([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => (key === 'kind' ? String(value) : `${key}=${String(value)}`))
    .join(' ');
}

const good: readonly [string, string][] = [
  ['u a', 'user name=a'],
  ['u a -', 'user name=a'],
  ['u a "" "" "" ""', 'user name=a'],
  ['u a 5 - - -', 'user name=a uid=5'],
  ['u a 0', 'user name=a uid=0'],
  ['u a 4294967294', 'user name=a uid=4294967294'],
  ['u a 5:6', 'user name=a uid=5 gid=6'],
  ['u a 5:b', 'user name=a uid=5 groupName=b'],
  ['u a -:6', 'user name=a gid=6'],
  ['u a -:b', 'user name=a groupName=b'],
  ['u a /x//y/./z/', 'user name=a idPath=/x/y/z'],
  ['u a /../x/../y', 'user name=a idPath=/x/../y'],
  ['u a - "A user" /home/a /bin/sh', 'user name=a gecos=A user home=/home/a shell=/bin/sh'],
  ["u a - A' 'user //home//a/ /bin/sh/", 'user name=a gecos=A user home=/home/a shell=/bin/sh'],
  ['u a - a\\"b\\x', 'user name=a gecos=a"bx'],
  ['u a - - /', 'user name=a home=/'],
  ['u! a', 'user name=a isLocked=true'],
  ['u a - 5%%,%', 'user name=a gecos=5%,%'],
  ["'u' a", 'user name=a'],
  ['u\ta \t 5', 'user name=a uid=5'],
  [`u ${'n'.repeat(31)}`, `user name=${'n'.repeat(31)}`],
  ['u _A-9', 'user name=_A-9'],
  ['u a - é', 'user name=a gecos=é'],
  ['u a - \u{1f600}', 'user name=a gecos=\u{1f600}'],
  [`u a - - /${'x'.repeat(255)}`, `user name=a home=/${'x'.repeat(255)}`],
  ['g a', 'group name=a'],
  ['g a 5', 'group name=a gid=5'],
  ['g a /x/', 'group name=a idPath=/x'],
  ['m a b', 'member user=a group=b'],
  ['r - 5', 'range from=5 to=5'],
  ['r - 5-9', 'range from=5 to=9'],
  ['r "" 0-4294967294', 'range from=0 to=4294967294'],
  ['r - \\\\1-5', 'range from=1 to=5'],
  ['# u a', 'comment'],
  ['', 'nothing'],
  [' \t', 'nothing'],
];

// Each refusal was seen with the real tools.
const bad: readonly [string, string][] = [
  ['u', '^ missing-columns'],
  ['; u a', '^ unknown-line-type'],
  ['\ufeffu a', '^^ unknown-modifier'],
  ['x a', '^ unknown-line-type'],
  ['U a', '^ unknown-line-type'],
  ['"" a', '^^ empty-line-type'],
  ['uu a', '^^ unknown-modifier'],
  ['u!! a', '^^^ unknown-modifier'],
  ['u+ a', '^^ unknown-modifier'],
  ['%o a', '^^ unknown-modifier'],
  ['u "a', '  ^^ unterminated-quote'],
  ["u a 5 '", '      ^ unterminated-quote'],
  ['u a \\', '    ^ trailing-backslash'],
  ['u a - - - - x', '            ^ trailing-garbage'],
  ['u a - - - - "', '            ^ trailing-garbage'],
  ['u -', '^ missing-column'],
  ['u 1a', '  ^^ invalid-account-name'],
  ['u 12', '  ^^ invalid-account-name'],
  ['u a.b', '  ^^^ invalid-account-name'],
  ['u "a b"', '  ^^^^^ invalid-account-name'],
  ['u ä', '  ^ invalid-account-name'],
  ['u -a', '  ^^ invalid-account-name'],
  [`u ${'n'.repeat(32)}`, `  ${'^'.repeat(32)} invalid-account-name`],
  ['u %Z', '  ^^ unknown-specifier'],
  ['u %S', '  ^^ unknown-specifier'],
  ['u %%', '  ^^ invalid-account-name'],
  ['u a%', '  ^^ invalid-account-name'],
  ['u a 05', '    ^^ invalid-id'],
  ['u a 65535', '    ^^^^^ invalid-id'],
  ['u a 4294967295', '    ^^^^^^^^^^ invalid-id'],
  ['u a 4294967296', '    ^^^^^^^^^^ invalid-id'],
  ['u a +5', '    ^^ invalid-id'],
  ['u a -1', '    ^^ invalid-id'],
  ['u a 0x5', '    ^^^ invalid-id'],
  ['u a " 5"', '    ^^^^ invalid-id'],
  ['u a x', '    ^ invalid-id'],
  ['u a :5', '    ^^ invalid-id'],
  ['u a 5:', '    ^^ invalid-id'],
  ['u a 5:-', '    ^^^ invalid-id'],
  ['u a 5:5:5', '    ^^^^^ invalid-id'],
  ['u a 5:65535', '    ^^^^^^^ invalid-id'],
  ['u a - a:b', '      ^^^ invalid-gecos'],
  ['u a - "a\tb"', '      ^^^^^ invalid-gecos'],
  ['u a - a\x7f', '      ^^ invalid-gecos'],
  ['u a - \udcff', '      ^ invalid-gecos'],
  ['u a - \ufdd0', '      ^ invalid-gecos'],
  ['u a - \uffff', '      ^ invalid-gecos'],
  ['u a - \u{1fffe}', '      ^^ invalid-gecos'],
  ['u a - - rel', '        ^^^ invalid-home'],
  ['u a - - /a/../b', '        ^^^^^^^ invalid-home'],
  ['u a - - /a:b', '        ^^^^ invalid-home'],
  [`u a - - /${'x'.repeat(256)}`, `        ${'^'.repeat(257)} invalid-home`],
  [`u a - - /${'x/'.repeat(2100)}`, `        ${'^'.repeat(4201)} text-too-long`],
  ['u a - - - sh', '          ^^ invalid-shell'],
  ['u a - - - /', '          ^ invalid-shell'],
  ['g -', '^ missing-column'],
  ['g! a', '^^ unexpected-lock'],
  ['g a 5:6', '    ^^^ invalid-id'],
  ['g a x', '    ^ invalid-id'],
  ['g a x y', '      ^ unexpected-column'],
  ['g a - - /x', '        ^^ unexpected-column'],
  ['m - b', '^ missing-column'],
  ['m a', '^ missing-column'],
  ['m a -', '^ missing-column'],
  ['m! a b', '^^ unexpected-lock'],
  ['m a 5', '    ^ invalid-account-name'],
  ['m a b c', '      ^ unexpected-column'],
  ['m a 5 c', '    ^ invalid-account-name'],
  ['r a 5', '  ^ unexpected-column'],
  ['r! a 5', '^^ unexpected-lock'],
  ['r -', '^ missing-column'],
  ['r - 5 x', '      ^ unexpected-column'],
  ['r - x - - /bin/sh', '          ^^^^^^^ unexpected-column'],
  ['r - 5-1', '    ^^^ invalid-id-range'],
  ['r - 5-', '    ^^ invalid-id-range'],
  ['r - -5', '    ^^ invalid-id-range'],
  ['r - 1-2-3', '    ^^^^^ invalid-id-range'],
  ['r - 1-65535', '    ^^^^^^^ invalid-id-range'],
];

// Of several faults the one counts that the tool meets first.
const ordered: readonly [string, string][] = [
  ['x! 1a', '^^ unknown-line-type'],
  ['uu 1a', '^^ unknown-modifier'],
  ['u 1a 05', '  ^^ invalid-account-name'],
  ['u a 05 a:b', '       ^^^ invalid-gecos'],
  ['u - 05 - rel', '         ^^^ invalid-home'],
  ['g! - 05 x', '^^ missing-column'],
  ['m! - 5', '^^ missing-column'],
  ['r a %Z', '    ^^ unknown-specifier'],
];

const undecided: readonly [string, string][] = [
  ['u %m', 'unknown name'],
  ['u a %m', 'unknown id'],
  ['r - %m', 'unknown id'],
  ['m a %m', 'unknown id'],
  ['u %m - a:b', '       ^^^ invalid-gecos'],
  ['u a %m - rel', '         ^^^ invalid-home'],
  ['u a - %H', 'user name=a gecos=%H unknown=gecos'],
  ['u a - - %T %T', 'user name=a home=%T shell=%T unknown=home,shell'],
];

test('lines mean what sysusers.d(5) says', () => {
  for (const [line, expected] of good) check(line, expected);
});

test('lines are refused for the words that are wrong', () => {
  for (const [line, expected] of bad) check(line, expected);
});

test('checks come in the order of the tool', () => {
  for (const [line, expected] of ordered) check(line, expected);
});

test('what depends on the system stays undecided', () => {
  for (const [line, expected] of undecided) check(line, expected);
});

test('versions differ', () => {
  check('u! a', '^^ unknown-modifier', 252);
  check('u! a', '^^ unknown-modifier', 256);
  check('u! a', 'user name=a isLocked=true', 262);
  check('u a - - - /', 'user name=a shell=/', 252);
  check('u a - - /..', '        ^^^ invalid-home', 252);
  check('u a - - /..', 'user name=a home=/', 257);
});

test('lines are counted and ended as the tool does', () => {
  const document = parseSysusers('u a\rx\0u b\r\n\ng c', systemd(257));
  assert.deepEqual(
    document.nodes.map((node) => `${node.number} ${node.kind === 'line' ? node.meaning.kind : node.kind}`),
    ['1 entry', '2 refused', '3 entry', '5 entry'],
  );
});

test('a line that is too long ends the file', () => {
  const document = parseSysusers(`u a\n#${'x'.repeat(1048576)}\nu b\n`, systemd(257));
  assert.equal(document.nodes.length, 1);
  assert.equal(document.failure?.code, 'line-too-long');
  assert.equal(document.problems.length, 1);
});

test('every line type has its row, and the row knows its columns', () => {
  for (const row of sysusersLineTypes) {
    const words = ['name', 'id'].map((column) => (column in row.columns ? 'a' : '-'));
    const line = `${row.type} ${words.join(' ')}`.replace(/^(u!?|g) a a/, '$1 a 5').replace('r - a', 'r - 5');
    const [node] = parseSysusers(line, systemd(262)).nodes;
    assert.equal(node?.kind === 'line' && node.type === row && node.meaning.kind, 'entry', line);
  }
});

test('ids and ranges', () => {
  assert.deepEqual(['0', '65534', '65536', '4294967294'].map(parseId), [0, 65534, 65536, 4294967294]);
  for (const text of ['', '-1', '+1', '00', '01', '1 ', '65535', '4294967295', '4294967296', '99999999999', '1e3']) {
    assert.equal(parseId(text), undefined, text);
  }
  assert.deepEqual(parseIdRange('\\5-6'), { from: 5, to: 6 });
  assert.equal(parseIdRange('5\\'), undefined);
});

const part = fc.constantFrom(
  ...['u ', 'g ', 'm ', 'r ', 'u! ', 'a', 'b', ' ', '\t', '5', '-', ':', '/', '"', "'", '\\', '%', 'm', '#', ';', '!'],
  ...['\n', '\n', '\r', '\0', 'é', '\udcff', '\u{1f600}', '1-5'],
);

test('any text is parsed, printed back, and its spans lie inside it', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), fc.constantFrom(252, 257, 262), (parts, version) => {
      const text = parts.join('');
      const document = parseSysusers(text, systemd(version));
      assert.equal(printSysusers(document), text);
      let from = 0;
      for (const node of document.nodes) {
        assert.ok(node.span.start >= from && node.span.end <= text.length);
        from = node.span.end;
        if (node.kind === 'comment') continue;
        for (const word of Object.values(node.words ?? {})) {
          if (word !== undefined) assert.ok(word.span.start >= node.span.start && word.span.end <= node.span.end);
        }
        if (node.meaning.kind === 'refused') {
          const { span } = node.meaning.problem;
          assert.ok(span.start >= node.span.start && span.start < span.end && span.end <= node.span.end);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FnmatchFlags, fnmatch } from '../src/core/pattern/fnmatch.ts';
import { expandBraces, glob } from '../src/core/pattern/glob.ts';

const none: FnmatchFlags = {};
const path: FnmatchFlags = { pathname: true, period: true };

// Each answer is glibc's, in the C locale.
const fnmatchCases: readonly [pattern: string, text: string, flags: FnmatchFlags, expected: boolean][] = [
  ['', '', none, true],
  ['a', 'a', none, true],
  ['a', 'ab', none, false],
  ['*', '', none, true],
  ['*', 'a/b', none, true],
  ['*', 'a/b', path, false],
  ['*/*', 'a/b', path, true],
  ['*', '.a', none, true],
  ['*', '.a', path, false],
  ['a/*', 'a/.b', path, false],
  ['a/.*', 'a/.b', path, true],
  ['*.service', 'x.service', { noEscape: true }, true],
  ['?', 'a', none, true],
  ['?', '', none, false],
  ['??', 'ä', none, true],
  ['a*b*c', 'axbxbxc', none, true],
  ['a*b*c', 'axbxbx', none, false],
  ['[a-c]', 'b', none, true],
  ['[!a-c]', 'b', none, false],
  ['[^a-c]', 'd', none, true],
  ['[]a]', ']', none, true],
  ['[!]a]', 'b', none, true],
  ['[a-]', '-', none, true],
  ['[[:alpha:][:digit:]]', '7', none, true],
  ['[[:alpha:]]', '7', none, false],
  ['[[:nosuch:]]', 'a', none, false],
  ['[a', '[a', none, true],
  ['[[.a.]-c]', 'b', none, true],
  ['[[=a=]]', 'a', none, true],
  ['\\*', '*', none, true],
  ['\\*', 'a', none, false],
  ['\\*', '\\a', { noEscape: true }, true],
  ['a\\', 'a\\', none, false],
  ['[\\]]', ']', none, true],
  ['[/]', '/', path, false],
  ['a[b/]c', 'a/c', path, false],
];

test('fnmatch answers as glibc does', () => {
  for (const [pattern, text, flags, expected] of fnmatchCases) {
    assert.equal(fnmatch(pattern, text, flags), expected, JSON.stringify([pattern, text, flags]));
  }
});

test('a text matches itself when its special characters are escaped', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (text) => {
      assert.ok(fnmatch(text.replace(/[\\*?[\]]/g, '\\$&'), text));
    }),
  );
});

test('hostile patterns take no longer than both lengths multiplied', () => {
  const began = process.cpuUsage().user;
  assert.equal(fnmatch(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000)), false);
  assert.equal(fnmatch('['.repeat(4000), '['.repeat(4000)), true);
  assert.ok(process.cpuUsage().user - began < 2_000_000);
});

/** A file system of the given paths; those that end in a slash are directories, `@` marks a symlink to a directory. */
function files(paths: readonly string[]): Parameters<typeof glob>[0] {
  const entries = new Map(paths.map((text) => [text.replace(/[/@]$/, ''), text.slice(-1)]));
  return {
    exists: (text) => text === '/' || entries.has(text),
    list: (directory) => {
      if (directory !== '/' && entries.get(directory) !== '/') return undefined;
      const prefix = directory === '/' ? '/' : `${directory}/`;
      const below = [...entries.keys()].filter((text) => text.startsWith(prefix));
      return below.map((text) => text.slice(prefix.length)).filter((name) => !name.includes('/'));
    },
  };
}

const tree = files(['/a/', '/a/x', '/a/y', '/a/.z', '/b/', '/b/x', '/l@', '/l/x', '/c[1]', '/{a']);

const globCases: readonly [pattern: string, expected: readonly string[]][] = [
  ['/a', ['/a']],
  ['/nosuch', []],
  ['/*', ['/a', '/b', '/c[1]', '/l', '/{a']],
  ['/*/x', ['/a/x', '/b/x', '/l/x']],
  ['/a/*', ['/a/x', '/a/y']],
  ['/a/.*', ['/a/.z']],
  ['/l/*', []],
  ['/l/x', ['/l/x']],
  ['/{b,a}', ['/b', '/a']],
  ['/{a,b/{x,y}}', ['/a', '/b/x']],
  ['/{a', ['/{a']],
  ['/a{}', ['/a']],
  ['/\\a', ['/a']],
  ['/c\\[1]', ['/c[1]']],
  ['/c[[]1]', ['/c[1]']],
  ['/{a,a}', ['/a', '/a']],
];

test('glob finds what exists, braces first to last, names sorted', () => {
  for (const [pattern, expected] of globCases) assert.deepEqual(glob(tree, pattern), expected, pattern);
});

test('braces that multiply are cut off', () => {
  assert.ok(expandBraces('{a,b}'.repeat(500)).length < 10_000);
});

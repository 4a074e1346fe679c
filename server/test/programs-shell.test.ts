import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runShell, type ShellReference } from '../src/core/programs/shell-run.ts';
import { parseShell } from '../src/core/programs/shell-syntax.ts';
import { mutants } from './support/mutate.ts';

interface ShellCase {
  readonly script: string;
  /** Files that exist; what is not listed does not. Below /run nothing is known. */
  readonly files?: Readonly<Record<string, string>>;
  readonly positional?: readonly string[];
  /** `use[?][!] path`: `?` not sure, `!` fatal. */
  readonly says: readonly string[];
}

function run(start: Omit<ShellCase, 'says'>): readonly ShellReference[] {
  const { script, files = {}, positional = ['/usr/lib/demo/run'] } = start;
  return runShell(
    { text: script, positional, environment: new Map(), exitsOnError: false, isStrict: true },
    {
      test: (_operator, path) => (path.startsWith('/run/') ? undefined : Object.hasOwn(files, path)),
      sourceText: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
      parse: parseShell,
    },
  ).references;
}

function worded(references: readonly ShellReference[]): string[] {
  return references
    .filter((reference) => reference.path !== 'echo')
    .map(({ use, path, isSure, isFatal }) => `${use}${isSure ? '' : '?'}${isFatal ? '!' : ''} ${path}`);
}

const cases: readonly ShellCase[] = [
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the shell expands it, not we
  { script: 'F=/etc/a-b.conf\n/x ${F#/etc/} /y/${F##*-}', says: ['run /x', 'argument /y/b.conf'] },
  { script: 'F=/etc/a-b.conf\n. ${F%-*}\n', says: ['source! /etc/a'] },
  { script: 'F=/a/b/c/d\n. ${F%%/c*}\n', says: ['source! /a/b'] },
  { script: 'D=/etc/demo\nif test "${D##/etc/no-}" != "$D"; then exit 1; fi\n. $D/x', says: ['source! /etc/demo/x'] },
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the shell expands it, not we
  { script: '. /etc/a', says: ['source! /etc/a'] },
  { script: '[ -f /etc/a ] && . /etc/a\nexec /x', says: ['run! /x'] },
  { script: '[ -f /etc/a ] && . /etc/a', files: { '/etc/a': '' }, says: ['source! /etc/a'] },
  { script: 'test -r /etc/a || exit 0\n/x', says: [] },
  { script: 'test -r /etc/a || exit 1\n/x', says: ['require! /etc/a'] },
  { script: 'if [ ! -e /etc/a ]; then\n echo no\n exit 3\nfi\n/x', says: ['require! /etc/a'] },
  { script: 'if [ ! -e /etc/a ]; then exit 3; else /y; fi\n/x', files: { '/etc/a': '' }, says: ['run /y', 'run /x'] },
  {
    script: 'if [ -e /etc/a ]; then /y; elif [ -e /etc/b ]; then /z; else /w; fi',
    files: { '/etc/b': '' },
    says: ['run /z'],
  },
  { script: 'set -e\n/x\n/y || true\nif /z; then :; fi', says: ['run! /x', 'run /y', 'run /z'] },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell and systemd expand it, not we
  { script: 'D=/etc/demo\nC=${D}/x.conf\n/x -c "$C"', says: ['run /x', 'argument /etc/demo/x.conf'] },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell and systemd expand it, not we
  { script: 'C=${D:-/etc/demo}\n/x ${E:+-v} "${C%/*}"/y', says: ['run /x', 'argument /etc/y'] },
  { script: 'O="-a -b /etc/q"\nexec /x $O', says: ['run! /x', 'argument! /etc/q'] },
  {
    script: 'self=`dirname "$0"`\n. "$(dirname $0)/lib"\n/x "$self/y"',
    says: ['source! /usr/lib/demo/lib', 'run /x', 'argument /usr/lib/demo/y'],
  },
  {
    script: 'case "$1" in\n start|go) /x ;;\n stop) /y ;;\n*) exit 1\nesac',
    positional: ['/s', 'start'],
    says: ['run /x'],
  },
  { script: 'case $(uname) in a) /x ;; b) exit 0 ;; esac\n/y', says: ['run? /x', 'run? /y'] },
  { script: 'start() {\n [ -r /etc/a ] || return 1\n /x\n}\nstart', says: ['require! /etc/a'] },
  { script: 'stop() { /y; }\nfunction go { /x "$1"; }\ngo /etc/b', says: ['run /x', 'argument /etc/b'] },
  { script: 'unknown && /x\nunknown || exit 0\n/y', says: ['run unknown', 'run? /x', 'run unknown', 'run? /y'] },
  { script: 'unknown || exit 1\n/y', says: ['run unknown', 'run /y'] },
  {
    script: 'for i in a b; do /x $i; done; while read l; do /y; done < /etc/z',
    says: ['run? /x', 'run read', 'run? /y'],
  },
  { script: '(exit 1)\n/x', says: ['run /x'] },
  { script: '/a | /b && /c &', says: ['run /a', 'run /b', 'run? /c'] },
  {
    script: 'cat > /etc/out < /etc/in 2>/dev/null',
    says: ['write /etc/out', 'read /etc/in', 'write /dev/null', 'run cat'],
  },
  { script: 'cat <<END\n. /etc/no\nEND\n/x', says: ['run cat', 'run /x'] },
  { script: '# . /etc/no\n/x # /etc/no\n', says: ['run /x'] },
  { script: '/x \'a; . /etc/no\' "; . /etc/no"', says: ['run /x'] },
  {
    script: '. /etc/vars\n/x $V',
    files: { '/etc/vars': 'V=/etc/deep\n/not/mine\n' },
    says: ['source! /etc/vars', 'run /x', 'argument /etc/deep'],
  },
  {
    script: '. /etc/lib\n/x',
    files: { '/etc/lib': '[ -e /etc/need ] || exit 1\n' },
    says: ['source! /etc/lib', 'require! /etc/need'],
  },
  { script: '[ -e /run/x ] || exit 0\n/y', says: ['run? /y'] },
  {
    script: '[ "$1" = start -a -f /etc/a ] && /x\n[ -n "" -o -z "" ] && /y',
    files: { '/etc/a': '' },
    positional: ['s', 'start'],
    says: ['run /x', 'run /y'],
  },
];

for (const { says, ...start } of cases) {
  test(`shell: ${JSON.stringify(start.script)}`, () => assert.deepEqual(worded(run(start)), says));
}

test('scripts of any kind end in bounded time', () => {
  const corpus = [...cases.map(({ script }) => script)] as [string, ...string[]];
  for (const script of mutants(corpus, 7, 3000)) run({ script });
  const hostile = [
    `x ${'${a:-'.repeat(50_000)}`,
    '! '.repeat(100_000),
    'a && '.repeat(100_000),
    'a | '.repeat(100_000),
    `${'if a; then '.repeat(20_000)}`,
    `${'('.repeat(100_000)}`,
    `${'f() { '.repeat(20_000)}`,
    `f() { ${'f; '.repeat(50)} }; f`,
    `f() { /x ${'$1 '.repeat(20_000)}; }\n${'f a\n'.repeat(20_000)}`,
    `[ ${'a -o '.repeat(20_000)} b ]`,
    `x $(${'$('.repeat(50_000)}`,
    'if a; then b; elif '.repeat(5000),
    `case x in ${'a) case y in '.repeat(5000)}`,
  ];
  for (const script of hostile) {
    // One that does not come to an end would hold the whole suite.
    assert.doesNotThrow(() => run({ script }), script.slice(0, 40));
  }
});

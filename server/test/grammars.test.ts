import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { INITIAL } from 'vscode-textmate';
import { unitTypes } from '../src/core/formats/unit/directives.ts';
import { type Grammars, type Language, languageOf, loadGrammars } from '../src/report/html/grammars.ts';

const grammars: Promise<Grammars> = loadGrammars(readFileSync('node_modules/vscode-oniguruma/release/onig.wasm'));

/** Each token of a text: its line, its columns, its scopes without the language at their end. */
async function tokensOf(language: Language, lines: readonly string[]) {
  const grammar = (await grammars)[language];
  let state = INITIAL;
  return lines.map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      start: startIndex,
      end: endIndex,
      scopes: scopes.map((scope) => scope.replaceAll(/\.systemd-[a-z]+(?=$| )/g, '')),
    }));
  });
}

/**
 * A drawn case: lines that begin with `| ` are the text; `^^^ scope` below one says that the innermost scope of all that is
 * underlined is that one, `^^^ -` that it has no scope of its own; `^^^ =scope` asks for any scope around it.
 */
function drawn(name: string, language: Language, picture: string): void {
  test(`${language}: ${name}`, async () => {
    const text: string[] = [];
    const expected: { line: number; start: number; end: number; scope: string }[] = [];
    for (const row of picture.split('\n')) {
      if (row.startsWith('| ') || row === '|') text.push(row.slice(2));
      for (const mark of row.startsWith('|') ? [] : row.matchAll(/(\^+) (\S+)/g)) {
        const start = mark.index - 2;
        expected.push({
          line: text.length - 1,
          start,
          end: start + (mark[1]?.length ?? 0),
          scope: mark[2] ?? '',
        });
      }
    }
    assert.ok(expected.length > 0);
    const tokens = await tokensOf(language, text);
    for (const { line, start, end, scope } of expected) {
      for (let column = start; column < end; column += 1) {
        const token = tokens[line]?.find((candidate) => candidate.start <= column && column < candidate.end);
        const scopes = token?.scopes ?? [];
        const where = `${JSON.stringify(text[line])} column ${column + 1}: ${scopes.join(' ')}`;
        if (scope.startsWith('=')) assert.ok(scopes.includes(scope.slice(1)), `${scope} expected in ${where}`);
        else {
          const innermost = scopes.slice(1).findLast((candidate) => !candidate.startsWith('meta.'));
          assert.equal(innermost ?? '-', scope, where);
        }
      }
    }
  });
}

drawn(
  'columns',
  'tmpfiles',
  `
| # comment
  ^ punctuation.definition.comment
   ^^^^^^^^ comment.line.number-sign
| d! /run/x 0755 root root 10d
  ^ keyword.control.type
   ^ storage.modifier
    - 
     ^^^^^^ string.unquoted.path
            ^^^^ constant.numeric.octal
                 ^^^^ variable.other.user
                      ^^^^ variable.other.group
                           ^^ constant.numeric.age
                             ^ keyword.other.unit
|   f+^$ "/etc/a b/%m\\x20" - 12 :adm - hello %H \\n world
    ^ keyword.control.type
     ^^^ storage.modifier
         ^ punctuation.definition.string.begin
          ^^^^^^^^^ string.quoted.double
                   ^^ constant.other.placeholder
                     ^^^^ constant.character.escape
                         ^ punctuation.definition.string.end
                           ^ constant.language.default
                             ^^ constant.numeric.id
                                ^ keyword.operator.prefix
                                 ^^^ variable.other.group
                                     ^ constant.language.default
                                       ^^^^^^ string.unquoted.argument
                                             ^^ constant.other.placeholder
                                                ^^ constant.character.escape
                                                  ^^^^^^ string.unquoted.argument
`,
);
drawn(
  'globs, ages, modes',
  'tmpfiles',
  `
| e /var/cache/*/[ab] ~:0755 - - aBm:~1w2h
    ^^^^^^^^^^^ string.unquoted.path
               ^ keyword.operator.glob
                 ^^^^ keyword.operator.glob
                      ^^ keyword.operator.prefix
                        ^^^^ constant.numeric.octal
                                 ^^^ storage.modifier.age
                                    ^ punctuation.separator.age
                                     ^ keyword.operator.prefix
                                      ^ constant.numeric.age
                                       ^ keyword.other.unit
                                        ^ constant.numeric.age
                                         ^ keyword.other.unit
| d /x rwx
       ^^^ invalid.illegal.mode
| y /x
  ^ invalid.illegal.type
| d /run/%z/%%
         ^^ invalid.illegal.placeholder
            ^^ constant.character.escape.percent
`,
);
drawn(
  'arguments',
  'tmpfiles',
  `
| c /dev/x 0600 root root - 10:200
                            ^^ constant.numeric.device
                              ^ punctuation.separator.device
                               ^^^ constant.numeric.device
| a+ /var/log - - - - d:group:adm:r-x,u:me:rw
                      ^ storage.modifier.acl
                        ^^^^^ storage.type.acl
                              ^^^ variable.other
                                  ^^^ constant.other.permission
                                      ^ storage.type.acl
                                        ^^ variable.other
                                           ^^ constant.other.permission
| t /x - - - - user.a=1 user.b="2"
               ^^^^^^ variable.other.attribute
                     ^ keyword.operator.assignment
                        ^^^^^^ variable.other.attribute
| L /etc/x - - - - ../usr/share/%A
                   ^^^^^^^^^^^^^ string.unquoted.argument
                                ^^ constant.other.placeholder
| L /etc/y
  ^ keyword.control.type
    ^^^^^^ string.unquoted.path
`,
);
drawn(
  'columns',
  'sysusers',
  `
| # x
  ^ punctuation.definition.comment
| u! haproxy 106:adm "HAProxy \\"x\\"" /var/lib/haproxy /bin/false
  ^ keyword.control.type
   ^ storage.modifier
     ^^^^^^^ entity.name.type.account
             ^^^ constant.numeric.id
                ^ punctuation.separator.id
                 ^^^ variable.other.group
                     ^ punctuation.definition.string.begin
                      ^^^^^^^ string.quoted.double
                              ^^ constant.character.escape
                                   ^ punctuation.definition.string.end
                                     ^^^^^^^^^^^^^^^^ string.unquoted.path
                                                      ^^^^^^^^^^ string.unquoted.path
| r - 500-900
  ^ keyword.control.type
    ^ constant.language.default
      ^^^ constant.numeric.id
         ^ keyword.operator.range
          ^^^ constant.numeric.id
| u a /etc/a-%m - - - extra
      ^^^^^^^ string.unquoted.path
             ^^ constant.other.placeholder
                ^ constant.language.default
                      ^^^^^ invalid.illegal.trailing
| u b -:audio
      ^ constant.language.default
       ^ punctuation.separator.id
        ^^^^^ variable.other.group
| x y
  ^ invalid.illegal.type
`,
);
drawn(
  'rules',
  'preset',
  `
| ; comment
  ^ punctuation.definition.comment
| enable ssh@.service a b
  ^^^^^^ keyword.control.enable
         ^^^ entity.name.type.unit
            ^ keyword.operator.instance
             ^^^^^^^^ support.type.unit
                      ^ variable.parameter.instance
                        ^ variable.parameter.instance
| disable *
  ^^^^^^^ keyword.control.disable
          ^ keyword.operator.glob
| ignore x?.timer
  ^^^^^^ keyword.control.ignore
          ^ keyword.operator.glob
           ^^^^^^ support.type.unit
| Enable x
  ^^^^^^ invalid.illegal.action
`,
);
drawn(
  'sections, comments, resets',
  'unit',
  `
| # a
  ^ punctuation.definition.comment
| ; b
  ^ punctuation.definition.comment
| [Unit]
  ^ punctuation.definition.section.begin
   ^^^^ entity.name.type.section
       ^ punctuation.definition.section.end
| [X-Mine]
   ^^^^^^ entity.name.type.section.extension
| [Other]
   ^^^^^ invalid.deprecated.section
| [Unit
  ^^^^^ invalid.illegal.section
| Description=Web: the %i server's 5 \\
  ^^^^^^^^^^^ support.type.property-name
             ^ keyword.operator.assignment
              ^^^^^^^^^ string.unquoted.text
                       ^^ constant.other.placeholder
                         ^^^^^^^^^^^ string.unquoted.text
                                     ^ constant.character.escape.line-continuation
| # between
  ^ punctuation.definition.comment
|  and more
   ^^^^^^^^ string.unquoted.text
| After=
  ^^^^^ support.type.property-name
       ^ keyword.operator.assignment.reset
| nonsense
  ^^^^^^^^ invalid.deprecated.line
| Wants=a.service b@%i.socket c\\x2dd.mount
        ^ entity.name.type.unit
         ^^^^^^^^ support.type.unit
                  ^ entity.name.type.unit
                   ^ keyword.operator.instance
                    ^^ constant.other.placeholder
                      ^^^^^^^ support.type.unit
                              ^ entity.name.type.unit
                               ^^^^ constant.character.escape
`,
);
drawn(
  'commands',
  'unit',
  `
| ExecStart=-@/usr/bin/x argv0 --opt=1 -f \${CONF} $ARGS "a $B \\x41" ; +/bin/y %n
  ^^^^^^^^^ support.type.property-name
            ^^ keyword.operator.prefix
              ^^^^^^^^^^ entity.name.function.command
                               ^^^^^ variable.parameter.option
                                    ^ keyword.operator.assignment
                                       ^^ variable.parameter.option
                                          ^^ punctuation.definition.variable
                                            ^^^^ variable.other.environment
                                                  ^ punctuation.definition.variable
                                                   ^^^^ variable.other.environment
                                                        ^ punctuation.definition.string.begin
                                                           ^ punctuation.definition.variable
                                                             ^ string.quoted.double
                                                              ^^^^ constant.character.escape
                                                                    ^ keyword.operator.separator
                                                                      ^ keyword.operator.prefix
                                                                       ^^^^^^ entity.name.function.command
                                                                              ^^ constant.other.placeholder
| ExecStart=/usr/bin/x -g 'daemon on;' \\
                          ^ punctuation.definition.string.begin
                           ^^^^^^^^^^ string.quoted.single
                                       ^ constant.character.escape.line-continuation
| ; still a comment
  ^ punctuation.definition.comment
|     /etc/x $$HOME
      ^^^^^^ string.unquoted.path
             ^^ constant.character.escape.dollar
| User=mysql
  ^^^^ support.type.property-name
       ^^^^^ variable.other.account
`,
);
drawn(
  'values',
  'unit',
  `
| PrivateTmp=yes
             ^^^ constant.language.boolean
| TimeoutStartSec=5min 20s
                  ^ constant.numeric.time
                   ^^^ keyword.other.unit
                       ^^ constant.numeric.time
                         ^ keyword.other.unit
`,
);
drawn(
  'more values',
  'unit',
  `
| MemoryMax=512M
            ^^^ constant.numeric.size
               ^ keyword.other.unit
| CPUQuota=20%
           ^^ constant.numeric.size
             ^ keyword.other.unit
| TasksMax=infinity
           ^^^^^^^^ constant.language.infinity
| RuntimeDirectoryMode=0750
                       ^^^^ constant.numeric.octal
| RestartForceExitStatus=SIGKILL 42
                         ^^^^^^^ constant.language.signal
                                 ^^ constant.numeric
| Environment="CONFIG=/etc/x y" A=b
               ^^^^^^ variable.other.environment
                     ^ keyword.operator.assignment
                      ^^^^^^^^ string.quoted.double
                                ^ variable.other.environment
                                 ^ keyword.operator.assignment
                                  ^ string.unquoted
| EnvironmentFile=-/etc/default/x
                  ^ keyword.operator.prefix
                   ^^^^^^^^^^^^^^ string.unquoted.path
| ConditionPathExists=|!/etc/x
                      ^ keyword.operator.logical.trigger
                       ^ keyword.operator.logical.negation
                        ^^^^^^ string.unquoted.path
| ConditionFirstBoot=yes
                     ^^^ constant.language.boolean
| SystemCallFilter=~@mount
                   ^ keyword.operator.prefix
                    ^^^^^^ support.constant.set
| CapabilityBoundingSet=CAP_CHOWN
                        ^^^^^^^^^ support.constant.capability
| OnCalendar=Mon *-*-* 06:00
             ^^^ constant.language.calendar
                 ^^^^^ keyword.operator.calendar
                       ^^ constant.numeric.calendar
| Documentation=man:sshd(8) https://example.org/x
                ^^^^^^^^^^^ markup.underline.link
                            ^^^^^^^^^^^^^^^^^^^^^ markup.underline.link
| BindPaths=/a:/b:rbind
            ^^ string.unquoted.path
               ^^ string.unquoted.path
| Type=notify
       ^^^^^^ string.unquoted
`,
);

test('the languages of package.json know the files, and their words are paths and unit names', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
  const languages: { id: string; extensions?: string[]; filenamePatterns?: string[]; configuration: string }[] =
    contributes.languages;
  assert.deepEqual(
    languages.map(({ id }) => id),
    ['systemd-tmpfiles', 'systemd-sysusers', 'systemd-preset', 'systemd-unit'],
  );
  assert.deepEqual(
    languages.find(({ id }) => id === 'systemd-unit')?.extensions,
    unitTypes.map((type) => `.${type}`),
  );
  for (const { id, configuration } of languages) {
    const { wordPattern } = JSON.parse(readFileSync(configuration, 'utf8'));
    const pattern = new RegExp(wordPattern, 'g');
    for (const word of ['/usr/lib/systemd/foo-bar.d', 'ssh@a\\x2db.service', '%h/x', 'a.b:c']) {
      assert.deepEqual(`x ${word} y`.match(pattern), ['x', word, 'y'], id);
    }
  }
  for (const { language, scopeName, path } of contributes.grammars) {
    assert.equal(JSON.parse(readFileSync(path, 'utf8')).scopeName, scopeName);
    assert.equal(scopeName, `source.${language}`);
  }
});

test('paths tell the language', () => {
  for (const [path, language] of [
    ['/usr/lib/tmpfiles.d/x.conf', 'tmpfiles'],
    ['/usr/lib/sysusers.d/x.conf', 'sysusers'],
    ['/usr/lib/systemd/system-preset/90-x.preset', 'preset'],
    ['/usr/lib/systemd/system/x@.service', 'unit'],
    ['/usr/lib/systemd/system/x.service.d/10-a.conf', 'unit'],
    ['/usr/lib/systemd/system/service.d/10-a.conf', 'unit'],
    ['/etc/nginx/nginx.conf', undefined],
  ] as const) {
    assert.equal(languageOf(path), language, path);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { indexGroups, indexUsers } from '../src/core/accounts/account-index.ts';
import { parseGroup, printGroup } from '../src/core/accounts/group.ts';
import { parseGshadow, printGshadow } from '../src/core/accounts/gshadow.ts';
import { parsePasswd, printPasswd } from '../src/core/accounts/passwd.ts';
import { parseShadow, printShadow } from '../src/core/accounts/shadow.ts';

/** What a line becomes when it is read and written again: its new form, or why there is none. */
type Written = string | 'invalid' | 'refused' | 'comment';

interface Database {
  readonly parse: (text: string) => { readonly entries: readonly unknown[]; readonly invalidLines: readonly number[] };
  readonly rewrite: (text: string) => readonly (string | undefined)[];
}

const databases = {
  passwd: { parse: parsePasswd, rewrite: (text) => parsePasswd(text).entries.map(printPasswd) },
  group: { parse: parseGroup, rewrite: (text) => parseGroup(text).entries.map(printGroup) },
  shadow: { parse: parseShadow, rewrite: (text) => parseShadow(text).entries.map(printShadow) },
  gshadow: { parse: parseGshadow, rewrite: (text) => parseGshadow(text).entries.map(printGshadow) },
} as const satisfies Record<string, Database>;

function check(name: keyof typeof databases, line: string, expected: Written): void {
  const database: Database = databases[name];
  const [written] = database.rewrite(line);
  const found = database.parse(line);
  let result: Written;
  if (found.invalidLines.length > 0) result = 'invalid';
  else if (found.entries.length === 0) result = 'comment';
  else result = written === undefined ? 'refused' : written.slice(0, -1);
  assert.equal(result, expected, `${name}: ${JSON.stringify(line)}`);
}

// Each row was seen with glibc 2.36: what fgetpwent and its siblings read and putpwent and its siblings write.
const passwdLines: readonly [string, Written][] = [
  ['root:x:0:0:root:/root:/bin/bash', 'root:x:0:0:root:/root:/bin/bash'],
  ['', 'comment'],
  [' \t', 'comment'],
  ['  # root:x:0:0:root:/root:/bin/bash', 'comment'],
  ['  a:x:1:1:b:c:d\n', 'a:x:1:1:b:c:d'],
  // The last bytes of a line without a newline come twice if blanks stand in front of it.
  ['  a:x:1:1:b:c:d', 'refused'],
  [' a:x:1:1:b:c:de', 'a:x:1:1:b:c:dee'],
  ['  a:x:1:1:b:c:dé\0f\n', 'a:x:1:1:b:c:déé'],
  ['a', 'invalid'],
  ['a:x:1', 'invalid'],
  ['a:x:1:', 'invalid'],
  ['a:x:1:2', 'a:x:1:2:::'],
  ['a:x:1:2:g', 'a:x:1:2:g::'],
  ['a:x:1:2:g:h', 'a:x:1:2:g:h:'],
  ['a:x:1:2:::/bin/sh\r', 'a:x:1:2:::/bin/sh\r'],
  ['a:x:1:2:::s:t', 'refused'],
  [':x:1:1:::', ':x:1:1:::'],
  ['a:x:1:1:b\0c:d:e', 'a:x:1:1:b::'],
  ['a:x:-1:0:::', 'invalid'],
  ['a:x:-0:0:::', 'a:x:0:0:::'],
  ['a:x:+5:+6:::', 'a:x:5:6:::'],
  ['a:x: 12:\t13:::', 'a:x:12:13:::'],
  ['a:x:12 :0:::', 'invalid'],
  ['a:x:010:0:::', 'a:x:10:0:::'],
  ['a:x:0x10:0:::', 'invalid'],
  ['a:x:4294967295:0:::', 'a:x:4294967295:0:::'],
  ['a:x:4294967296:0:::', 'invalid'],
  ['a:x:99999999999999999999:0:::', 'invalid'],
  ['a:x::0:::', 'invalid'],
  ['a:x:+:0:::', 'invalid'],
  ['+', '+::::::'],
  ['+:', '+::::::'],
  ['+@netgroup', '+@netgroup::::::'],
  ['+a:x:1:2:g:d:s', '+a:x:::g:d:s'],
  ['-a::::g:d:s', '-a::::g:d:s'],
  ['+a:x::2:::', '+a:x:::::'],
  ['+a:x:::', '+a:x:::::'],
  ['+a:x:7:8', '+a:x:::::'],
  ['+a:x:7:', 'invalid'],
  ['+a:x: :2:::', 'invalid'],
  ['+a::x:2', 'invalid'],
  ['+a::', 'invalid'],
  ['-:x:::g:h:s:t', 'refused'],
];

const groupLines: readonly [string, Written][] = [
  ['root:x:0:', 'root:x:0:'],
  ['a:x:1:b,c,,d, e ,f', 'a:x:1:b,c,d,e ,f'],
  ['a:x:1: ,b,', 'a:x:1:b'],
  ['a:x:2', 'a:x:2:'],
  ['a:x', 'invalid'],
  ['a:x:1:b:c', 'refused'],
  ['a:x: 3:b', 'a:x:3:b'],
  ['+', '+:::'],
  ['+:', '+:::'],
  ['+:x:', 'invalid'],
  ['+:x', 'invalid'],
  ['+:x::', '+:x::'],
  ['+:x:12:m,n', '+:x::m,n'],
  ['-g:::m', '-g:::m'],
  ['+h::', 'invalid'],
];

const shadowLines: readonly [string, Written][] = [
  ['root:!*:1:2:3:4:5:6:7', 'root:!*:1:2:3:4:5:6:7'],
  ['a:x:::::::', 'a:x:::::::'],
  ['a:x', 'invalid'],
  ['a:x:1:2', 'invalid'],
  ['a:x:1:2:3', 'a:x:1:2:3::::'],
  ['a:x:1:2:3:', 'a:x:1:2:3::::'],
  ['a:x:1:2:3:  ', 'a:x:1:2:3::::'],
  ['a:x:::', 'invalid'],
  ['a:x:1:2:3:4', 'invalid'],
  ['a:x:1:2:3:4:5', 'invalid'],
  ['a:x:1:2:3:4:5:6', 'a:x:1:2:3:4:5:6:'],
  ['a:x:1:2:3:4:5:6:', 'a:x:1:2:3:4:5:6:'],
  ['a:x:1:2:3:4:5:6:7:', 'invalid'],
  ['a:x:1:2:3: 4:5:6: 7', 'a:x:1:2:3:4:5:6:7'],
  ['a:x:1:2:3: :5:6:7', 'a:x:1:2:3::5:6:7'],
  ['a:x:::::: ', 'invalid'],
  ['a:x:-1::::::', 'invalid'],
  ['a:x:2147483648::::::', 'a:x:-2147483648::::::'],
  ['a:x:4294967295:::4294967294:::4294967295', 'a:x::::-2:::4294967295'],
  ['a:x:::::::-1', 'invalid'],
  ['+', '+::0:0:0::::'],
  ['+:', '+::0:0:0::::'],
  ['-a:p:1::::::', '-a:p:1::::::'],
  ['+a::', 'invalid'],
];

const gshadowLines: readonly [string, Written][] = [
  ['root:!*::', 'root:!*::'],
  ['a:!:b,c:d,e', 'a:!:b,c:d,e'],
  ['a', 'a:::'],
  ['a:!', 'a:!::'],
  ['+', '+:::'],
  ['+a:y:z:w', '+a:y:z:w'],
  ['a:!:b,,c: d ,e,,', 'a:!:b,c:d ,e'],
  ['a:!:b:c:d', 'refused'],
  ['  a:!::\n', 'a:!::'],
  ['#a:!::', 'comment'],
  [':!::', ':!::'],
];

test('passwd lines are read and written as glibc does', () => {
  for (const [line, expected] of passwdLines) check('passwd', line, expected);
});

test('group lines are read and written as glibc does', () => {
  for (const [line, expected] of groupLines) check('group', line, expected);
});

test('shadow lines are read and written as glibc does', () => {
  for (const [line, expected] of shadowLines) check('shadow', line, expected);
});

test('gshadow lines are read and written as glibc does', () => {
  for (const [line, expected] of gshadowLines) check('gshadow', line, expected);
});

test('entries know their line', () => {
  const file = parsePasswd('# comment\nroot:x:0:0:::\n\nbad\ndaemon:x:1:1:::');
  assert.deepEqual(
    file.entries.map((entry) => `${entry.name}@${entry.line}`),
    ['root@2', 'daemon@5'],
  );
  assert.deepEqual(file.invalidLines, [4]);
});

test('the first entry of a name or an id wins', () => {
  const users = indexUsers(parsePasswd('a:x:1:1:::\nb:x:1:2:::\na:x:3:3:::').entries);
  assert.equal(users.byName.get('a')?.uid, 1);
  assert.equal(users.byId.get(1)?.name, 'a');
  assert.equal(users.byId.get(3)?.name, 'a');
  const groups = indexGroups(parseGroup('a:x:1:\nb:x:1:').entries);
  assert.equal(groups.byId.get(1)?.name, 'a');
  assert.equal(groups.byName.get('b')?.gid, 1);
});

test('what was written once is read and written the same', () => {
  const part = fc.constantFrom(
    'a',
    ':',
    ':',
    ':',
    'x',
    '1',
    '0',
    ' ',
    ',',
    '+',
    '-',
    '\n',
    '\0',
    '#',
    'é',
    '\r',
    '999999999999',
  );
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(databases)), fc.array(part, { maxLength: 40 }), (database, parts) => {
      const written = database.rewrite(parts.join('')).filter((line) => line !== undefined);
      // A name that begins with # is read again as a comment, and so is one that is nothing but blanks.
      const stable = written.filter((line) => /^[^#\s]/.test(line));
      assert.deepEqual(database.rewrite(stable.join('')), stable);
    }),
  );
});

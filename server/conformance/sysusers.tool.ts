/**
 * systemd-sysusers against our simulation: valid, nearly valid and hostile sysusers.d files in several layers, with account
 * databases that exist already, well formed or not. Compared are the whole tree afterwards, the exit status, and the lines
 * that the tool names.
 */

import fc from 'fast-check';
import type { GivenFile } from '../src/core/boot/boot-inputs.ts';
import { runSysusers } from '../src/core/boot/sysusers/run-sysusers.ts';
import type { Image } from '../src/core/image/image.ts';
import { encodeText } from '../src/core/text/bytes.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { caseInputs } from './support/case-inputs.ts';
import type { Case, Simulated, ToolUnderTest } from './support/differential.ts';
import type { RealOutcome, RealSystemd } from './support/real-systemd.ts';
import type { NodeSpec } from './support/tree-spec.ts';

const EPOCH = 1_700_000_000;

// Generated configuration.

const plainName = fc.constantFrom('a', 'b', 'c', 'd', 'web', 'root', 'daemon', 'nobody', '_x', 'A-b_9');
const oddName = fc.constantFrom(
  '1a',
  '-a',
  '-',
  '""',
  "'a'",
  '"a b"',
  'a.b',
  'ä',
  '\udcff',
  '%%',
  '%o',
  'a%o',
  '%m',
  '%Z',
  'a%',
  'a%b',
  '%T',
  '\\a',
  'a\\',
  '12',
  'n'.repeat(31),
  'n'.repeat(32),
  'n'.repeat(300),
  "'a",
  'a"b"c',
  '%w',
  '%M',
  '%A',
  '+a',
  '%v',
  'x\\ y',
);
const name = fc.oneof({ weight: 9, arbitrary: plainName }, { weight: 1, arbitrary: oddName });

const number = fc.oneof(
  fc.constantFrom('0', '1', '2', '3', '5', '7', '10', '998', '999', '1000', '65534', '4294967294'),
  fc.integer({ min: 0, max: 30 }).map(String),
);
const oddNumber = fc.constantFrom(
  '65535',
  '4294967295',
  '4294967296',
  '01',
  '00',
  '+1',
  '-1',
  '0x1',
  ' 1',
  '1 ',
  '',
  'x',
  '1.5',
  '99999999999',
);
const idPath = fc.constantFrom(
  '/x/f0',
  '/x/f1',
  '/x/f2',
  '/x/f3',
  '/x/missing',
  '//x/./f1/',
  '/x/link',
  '/x/absolute',
  '/x/loop',
  '/x/f0/y',
  '/x/../x/f2',
  '/x',
  '/x/%o',
);
const userId = fc.oneof(
  { weight: 3, arbitrary: fc.constant('-') },
  { weight: 3, arbitrary: number },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.oneof(number, fc.constant('-')), fc.oneof(number, plainName)).map((both) => both.join(':')),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.oneof(number, oddNumber), fc.oneof(oddNumber, oddName)).map((both) => both.join(':')),
  },
  { weight: 2, arbitrary: idPath },
  {
    weight: 1,
    arbitrary: fc.oneof(oddNumber, oddName, fc.constantFrom('%o', '%%', '5:%o', '%A', '5:5:5', ':', '-:', ':5', '-:-')),
  },
);
const groupId = fc.oneof(
  { weight: 3, arbitrary: fc.constant('-') },
  { weight: 4, arbitrary: number },
  { weight: 2, arbitrary: idPath },
  { weight: 1, arbitrary: fc.oneof(oddNumber, oddName, userId) },
);
const range = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 6 }))
      .map(([from, size]) => `${from}-${from + size}`),
  },
  { weight: 2, arbitrary: number },
  { weight: 2, arbitrary: fc.constantFrom('900-905', '1-4294967294', '65530-65540', '0-0', '4294967290-4294967294') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '5-1',
      '1-',
      '-5',
      '1-2-3',
      '1--2',
      '1- 2',
      'a-b',
      '',
      '65535',
      '1-65535',
      '"1-5"',
      '\\\\1-5',
      '1\\-5',
      "'\\'1-5",
      '0-4294967294',
      '%o',
    ),
  },
);
const gecos = fc.constantFrom(
  '-',
  '""',
  'x',
  '"A user"',
  "'q'",
  '"a:b"',
  '%o',
  '"%%"',
  '%m',
  '%Z',
  '"\udcff"',
  '"é"',
  '"\ufdd0"',
  '"\uffff"',
  '"\u{1fffe}"',
  '"\u{1f600}"',
  '"a\tb"',
  'a\x07',
  '"\x7f"',
  'a\\nb',
  '%A',
  '"%H"',
  '%T',
  '%v',
  '%w',
);
const home = fc.constantFrom(
  '-',
  '""',
  '/',
  '/home/a',
  '//a//b/',
  '/a/./b',
  '/a/../b',
  '/..',
  'rel',
  '/a:b',
  '"/a b"',
  '/.',
  `/${'x'.repeat(255)}`,
  `/${'x'.repeat(256)}`,
  '/é',
  '/\udcff',
  '%T',
  '/%o',
  '/%m',
  '/%A',
  '%A',
  `/${'y/'.repeat(2100)}`,
);
const shell = fc.constantFrom(
  '-',
  '""',
  '/bin/sh',
  '/bin/bash',
  '/usr/bin/bash',
  '/sbin/nologin',
  '/usr/sbin/nologin',
  '/bin/false',
  '/usr/bin/true',
  '/',
  '//',
  '/bin/sh/',
  'sh',
  '/a/../b',
  '/bin/zsh',
  '/usr/bin/zsh',
  '/x/link',
  '/x/f0',
  '/x/absolute',
  '/x/loop',
  '/x/none',
  '/x/f1',
  '/%o',
  '/a:b',
);

const blank = fc.constantFrom(' ', ' ', ' ', '\t', '  ', ' \t ');
const joinWords = (words: readonly string[], gap: string) => words.join(gap);

function line(...columns: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.tuple(...columns), blank, fc.integer({ min: 2, max: columns.length }))
    .map(([words, gap, count]) => joinWords(words.slice(0, count), gap));
}

const userLine = fc.oneof(
  { weight: 4, arbitrary: line(fc.constant('u'), name, userId) },
  { weight: 3, arbitrary: line(fc.constant('u'), name, userId, gecos, home, shell) },
  { weight: 1, arbitrary: line(fc.constant('u!'), name, userId, gecos, home, shell) },
);
const groupLine = line(fc.constant('g'), name, groupId);
const memberLine = fc.tuple(name, name, blank).map(([user, group, gap]) => joinWords(['m', user, group], gap));
const rangeLine = fc.tuple(range, blank).map(([ids, gap]) => joinWords(['r', '-', ids], gap));
const oddLine = fc.oneof(
  line(
    fc.constantFrom(
      'u',
      'g',
      'm',
      'r',
      'u!',
      'g!',
      'm!',
      'r!',
      'x',
      'uu',
      '""',
      'U',
      'u!!',
      '!',
      'u+',
      "'u'",
      '%o',
      'é',
    ),
    name,
    fc.oneof(userId, range),
    gecos,
    home,
    shell,
    fc.constantFrom('more', '""', '-'),
  ),
  fc.constantFrom(
    '',
    '   ',
    '# comment',
    '; comment',
    'u',
    '"',
    '\\',
    'u a \\',
    'u a "5',
    "u a '5' - - - x",
    '\ufeffu a',
    '#',
    'u\va',
    'g a 5 # c',
    'm a',
    'm - a',
    'r a 5',
    'r - - x',
    'g a - x',
    'm a b x',
    'm a b - /x',
    'r - 1-2 - - /bin/sh',
  ),
  fc
    .array(
      fc.constantFrom(
        'u',
        'g',
        ' ',
        'a',
        '-',
        '"',
        "'",
        '\\',
        '%',
        'o',
        ':',
        '/',
        '5',
        '\t',
        '!',
        '#',
        'é',
        '\udc80',
        '\x01',
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join('')),
);
const anyLine = fc.oneof(
  { weight: 8, arbitrary: userLine },
  { weight: 6, arbitrary: groupLine },
  { weight: 4, arbitrary: memberLine },
  { weight: 1, arbitrary: rangeLine },
  { weight: 3, arbitrary: oddLine },
);
const lineEnd = fc.oneof(
  { weight: 30, arbitrary: fc.constant('\n') },
  { weight: 1, arbitrary: fc.constantFrom('\r\n', '\r', '\0', '\n\r', '\n\0', '\n\n') },
);
const configText = fc
  .array(fc.tuple(anyLine, lineEnd), { maxLength: 8 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''));

const directory = fc.constantFrom('/usr/lib', '/usr/lib', '/usr/lib', '/etc', '/run', '/usr/local/lib', '/lib');
const fileName = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('a.conf', 'b.conf', '10-c.conf', 'Z.conf', 'é.conf') },
  { weight: 1, arbitrary: fc.constantFrom('.h.conf', 'a.conf~', 'README', '.conf', 'a.conf.bak', '\udcff.conf') },
);
const configFile: fc.Arbitrary<NodeSpec> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ directory, fileName, text: configText }).map((file) => ({
      path: `${file.directory}/sysusers.d/${file.fileName}`,
      type: 'file' as const,
      text: file.text,
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ directory, fileName, text: fc.constantFrom('/dev/null', 'none', '../x', '/etc/none', 'a.conf') })
      .map((file) => ({
        path: `${file.directory}/sysusers.d/${file.fileName}`,
        type: 'symlink' as const,
        text: file.text,
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ directory, fileName })
      .map((file) => ({ path: `${file.directory}/sysusers.d/${file.fileName}`, type: 'directory' as const })),
  },
);

// Generated account databases.

const dbName = fc.oneof(
  { weight: 8, arbitrary: plainName },
  { weight: 1, arbitrary: fc.constantFrom('+', '-', '+@n', '-a', '+a', '', ' a', '#a', 'x y', 'é') },
);
const dbId = fc.oneof(
  { weight: 8, arbitrary: number },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '-1', ' 5', '5 ', '+7', '007', '65535', '4294967295', '4294967296', 'x'),
  },
);
const dbText = fc.constantFrom('', 'x', '!*', '/', '/bin/sh', 'A b', 'é', 'z\r', '\udcff');
const dbList = fc.oneof(
  fc.constant(''),
  fc.array(plainName, { maxLength: 3 }).map((names) => names.join(',')),
  fc.constantFrom(',', 'b, a,b', 'a ,', ' ', 'a:b', ',,c'),
);
const dbDay = fc.constantFrom('', '', '0', '1', '19000', '99999', '-1', ' 3', '4294967295', 'x');

function table(row: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> {
  const good = row.map((fields) => fields.join(':'));
  const bad = fc.oneof(
    fc.tuple(row, fc.integer({ min: 0, max: 9 })).map(([fields, count]) => fields.slice(0, count).join(':')),
    row.map((fields) => `${fields.join(':')}:more`),
    fc.constantFrom('', ' ', '# comment', '+', '-', '+:', '+::::::', '+:::', 'nul\0x:x:1:1:::', 'junk'),
  );
  return fc
    .tuple(
      fc.array(fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: bad }), { maxLength: 6 }),
      fc.boolean(),
    )
    .map(([lines, ends]) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''));
}

const tables: Readonly<Record<string, fc.Arbitrary<string>>> = {
  passwd: table(fc.tuple(dbName, dbText, dbId, dbId, dbText, dbText, dbText)),
  group: table(fc.tuple(dbName, dbText, dbId, dbList)),
  shadow: table(fc.tuple(dbName, dbText, dbDay, dbDay, dbDay, dbDay, dbDay, dbDay, dbDay)),
  gshadow: table(fc.tuple(dbName, dbText, dbList, dbList)),
};

/** Users and groups that agree with each other, as real systems have them. */
const soundNames = ['root', 'daemon', 'web', 'a', 'b'] as const;
const soundDatabases: fc.Arbitrary<NodeSpec[]> = fc
  .tuple(fc.subarray([...soundNames]), fc.subarray([...soundNames]), fc.constantFrom(0, 1, 5, 990))
  .map(([users, groups, base]) => {
    const id = (name: string) => (name === 'root' ? 0 : base + soundNames.indexOf(name as 'root'));
    const file = (path: string, text: string, mode: number): NodeSpec => ({ path, type: 'file', text, mode });
    return [
      file('/etc/passwd', users.map((user) => `${user}:x:${id(user)}:${id(user)}::/:/bin/sh\n`).join(''), 0o644),
      file('/etc/group', groups.map((group) => `${group}:x:${id(group)}:\n`).join(''), 0o644),
      file('/etc/shadow', users.map((user) => `${user}:!*:19000::::::\n`).join(''), 0o640),
      file('/etc/gshadow', groups.map((group) => `${group}:!*::\n`).join(''), 0o640),
    ];
  });

const rights = fc.record({
  mode: fc.constantFrom(0o644, 0o600, 0o640, 0, 0o4755, 0o444),
  uid: fc.constantFrom(0, 0, 7),
  gid: fc.constantFrom(0, 0, 42),
});
const wildDatabase = fc.constantFrom('passwd', 'group', 'shadow', 'gshadow').chain((database) =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .tuple(tables[database] ?? fc.constant(''), rights)
        .map(([text, owner]): NodeSpec => ({ path: `/etc/${database}`, type: 'file', text, ...owner })),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(`${database}.real`, `../x/${database}`, '/x/f0', 'none', database)
        .map((text): NodeSpec => ({ path: `/etc/${database}`, type: 'symlink', text })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<NodeSpec>(
        { path: `/etc/${database}`, type: 'directory' },
        { path: `/etc/${database}-`, type: 'directory' },
        { path: `/etc/${database}-`, type: 'symlink', text: 'group' },
        { path: `/etc/${database}-`, type: 'file', text: 'old\n', uid: 5, mode: 0o600 },
      ),
    },
    {
      weight: 1,
      arbitrary: (tables[database] ?? fc.constant('')).map(
        (text): NodeSpec => ({ path: `/etc/${database}.real`, type: 'file', text, mode: 0o600, gid: 3 }),
      ),
    },
  ),
);
const databases = fc.oneof(
  { weight: 2, arbitrary: fc.constant<NodeSpec[]>([]) },
  { weight: 2, arbitrary: soundDatabases },
  { weight: 4, arbitrary: fc.array(wildDatabase, { maxLength: 4 }) },
);

// The rest of the root.

const surroundings: fc.Arbitrary<NodeSpec[]> = fc
  .record({
    owners: fc.array(
      fc.tuple(fc.constantFrom(0, 1, 5, 7, 10, 998, 999, 1000), fc.constantFrom(0, 1, 5, 7, 11, 998, 999, 1000)),
      { minLength: 4, maxLength: 4 },
    ),
    bash: fc.constantFrom('none', 'none', 'bin', 'usr'),
    osRelease: fc.constantFrom(undefined, undefined, 'ID=debian\nVERSION_ID="13"\nIMAGE_ID=i\n', ''),
    machineId: fc.constantFrom(
      undefined,
      undefined,
      '0123456789abcdef0123456789abcdef\n',
      '',
      'uninitialized\n',
      'bad\n',
    ),
    etc: fc.oneof(
      { weight: 30, arbitrary: fc.constant('directory') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'missing',
          'setgid',
          'file',
          'link',
          'dangling',
          'lock',
          'lock-directory',
          'lock-link',
          'lock-socket',
        ),
      },
    ),
  })
  .map(({ owners, bash, osRelease, machineId, etc }) => {
    const nodes: NodeSpec[] = owners.map(([uid, gid], i) => ({ path: `/x/f${i}`, type: 'file', uid, gid }));
    nodes.push(
      { path: '/x/link', type: 'symlink', text: 'f1' },
      { path: '/x/absolute', type: 'symlink', text: '/x/f2' },
      { path: '/x/loop', type: 'symlink', text: 'loop' },
    );
    if (bash === 'bin') nodes.push({ path: '/bin/bash', type: 'file', mode: 0o755 });
    if (bash === 'usr')
      nodes.push(
        { path: '/usr/bin/bash', type: 'file', mode: 0o755 },
        { path: '/bin', type: 'symlink', text: 'usr/bin' },
      );
    if (osRelease !== undefined) nodes.push({ path: '/usr/lib/os-release', type: 'file', text: osRelease });
    nodes.push(...etcNodes(etc));
    if (machineId !== undefined) nodes.push({ path: '/etc/machine-id', type: 'file', text: machineId });
    return nodes;
  });

function etcNodes(kind: string): NodeSpec[] {
  switch (kind) {
    case 'missing':
      return [];
    case 'setgid':
      return [{ path: '/etc', type: 'directory', mode: 0o2755, gid: 33 }];
    case 'file':
      return [{ path: '/etc', type: 'file' }];
    case 'link':
      return [
        { path: '/real-etc', type: 'directory' },
        { path: '/etc', type: 'symlink', text: 'real-etc' },
      ];
    case 'dangling':
      return [{ path: '/etc', type: 'symlink', text: 'none' }];
    case 'lock':
      return [{ path: '/etc/.pwd.lock', type: 'file', text: 'x', mode: 0o644, uid: 4 }];
    case 'lock-directory':
      return [{ path: '/etc/.pwd.lock', type: 'directory' }];
    case 'lock-link':
      return [{ path: '/etc/.pwd.lock', type: 'symlink', text: 'lock' }];
    case 'lock-socket':
      return [{ path: '/etc/.pwd.lock', type: 'socket' }];
    default:
      return [{ path: '/etc', type: 'directory' }];
  }
}

/** The harness hands these over as text, so they hold no bytes that are not UTF-8. */
const asUtf8 = (text: string) => text.replace(/\p{Cs}/gu, '?');
const givenText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.oneof(userLine, groupLine, memberLine), { maxLength: 4 }).map((lines) => lines.join('\n')),
  },
  { weight: 1, arbitrary: configText },
);
const inlineLine = fc
  .oneof({ weight: 4, arbitrary: fc.oneof(userLine, groupLine, memberLine) }, { weight: 1, arbitrary: anyLine })
  .map(asUtf8)
  .filter((text) => !text.startsWith('-') && !text.includes('\0') && !/ROOT|CASE/.test(text));
const replacement = fc
  .tuple(
    directory,
    fileName.filter((text) => text.endsWith('.conf')),
  )
  .map(([parent, base]) => asUtf8(`--replace=${parent}/sysusers.d/${base}`));
const otherReplacement = fc.constantFrom(
  '--replace=/x/a.conf',
  '--replace=/usr/lib//sysusers.d/b.conf',
  '--replace=/b.conf',
);

const commandLine: fc.Arbitrary<Pick<Case, 'args' | 'nodes' | 'input'>> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ args: [], nodes: [] }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.array(inlineLine, { minLength: 1, maxLength: 3 }), fc.option(fc.oneof(replacement, otherReplacement)))
      .map(([lines, replace]) => ({ args: ['--inline', ...(replace === null ? [] : [replace]), ...lines], nodes: [] })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.array(givenText, { minLength: 1, maxLength: 2 }), fc.option(fc.oneof(replacement, otherReplacement)))
      .map(([texts, replace]) => ({
        args: [...(replace === null ? [] : [replace]), ...texts.map((_, i) => `ROOT/given/${i}.conf`)],
        nodes: texts.map((text, i): NodeSpec => ({ path: `/given/${i}.conf`, type: 'file', text })),
      })),
  },
  { weight: 1, arbitrary: givenText.map((text) => ({ args: ['-'], nodes: [], input: asUtf8(text) })) },
);

const credentials = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Record<string, string>>({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        'sysusers.extra': configText,
        'passwd.hashed-password.a': fc.constantFrom('$y$hash', 'a:b', 'line\n', '', 'nul\0x'),
        'passwd.hashed-password.root': fc.constantFrom('$y$hash', '!'),
        'passwd.shell.a': fc.constantFrom('/bin/zsh', '/bin/zsh\n', '/a:b', '', 'é'),
        'passwd.shell.b': fc.constantFrom('/bin/zsh', '/nul\0x'),
      },
      { requiredKeys: [] },
    ),
  },
);

const arbitrary: fc.Arbitrary<Case> = fc
  .record({
    surroundings,
    databases,
    configs: fc.array(configFile, { minLength: 0, maxLength: 4 }),
    commandLine,
    credentials,
  })
  .map(({ surroundings: around, databases: tables, configs, commandLine: line, credentials: extra }) => ({
    nodes: [...around, ...tables, ...configs, ...line.nodes],
    args: line.args,
    ...(line.input === undefined ? {} : { input: line.input }),
    credentials: Object.fromEntries(Object.entries(extra).filter((entry) => entry[1] !== undefined)),
  }));

// The comparison.

function simulate(image: Image, oneCase: Case, real: RealSystemd, rootPrefix: string): Simulated {
  const tree = new Tree(image.root);
  const inputs = caseInputs(real, oneCase, rootPrefix, { day: Math.floor(EPOCH / 86_400) });
  const replace = oneCase.args.find((arg) => arg.startsWith('--replace='))?.slice('--replace='.length);
  const isInline = oneCase.args.includes('--inline');
  const positional = oneCase.args.filter((arg) => !arg.startsWith('--'));
  if (replace !== undefined && positional.length === 0) return { status: 1, rejected: [], tree };
  const given = isInline ? [] : positional.map((arg) => givenFile(arg, oneCase));
  const result = runSysusers(tree, inputs, {
    ...(replace === undefined ? {} : { replace }),
    given,
    inline: isInline ? positional : [],
  });
  const rejected = result.messages
    .filter(
      ({ severity, place, code }) =>
        severity !== 'info' && place?.line !== undefined && place.file !== MISSING && !accountCodes.has(code),
    )
    .map(({ place }) => Buffer.from(encodeText(`${place?.file}:${place?.line}`)).toString('utf8'));
  return { status: result.exitStatus, rejected, tree };
}

/** Messages about accounts, for which the real tool names no line. */
const accountCodes: ReadonlySet<string> = new Set([
  'no-free-id',
  'group-not-found',
  'group-id-missing',
  'stale-gshadow-row',
  'unwritable-account',
]);

/** A file that is not there ends the run as a bad line does, but no line is named. */
const MISSING = '(missing)';

function givenFile(arg: string, oneCase: Case): GivenFile {
  if (arg === '-') return { name: '-', text: oneCase.input ?? '' };
  const path = arg.slice('ROOT'.length);
  const node = oneCase.nodes.findLast((one) => one.path === path);
  return node === undefined ? { name: MISSING, text: '"' } : { name: path, text: node.text ?? '' };
}

function rejectedLines(outcome: RealOutcome): string[] {
  const found: string[] = [];
  for (const text of outcome.stderr.split('\n')) {
    const match = /^(\/[^:]*|\(argument\)|-|<stdin>):([0-9]+): /.exec(text);
    if (match === null) continue;
    const [, file = '', line = ''] = match;
    const path = file === '<stdin>' ? '-' : file.replace(/^.*\/credentials\//, '$CREDENTIALS_DIRECTORY/');
    found.push(`${path}:${line}`);
  }
  return found;
}

export const tool: ToolUnderTest = {
  name: 'sysusers',
  arbitrary,
  command: (oneCase) => ({
    command: ['systemd-sysusers', '--root=ROOT', ...oneCase.args],
    environment: { SOURCE_DATE_EPOCH: String(EPOCH) },
  }),
  simulate,
  rejectedLines,
};

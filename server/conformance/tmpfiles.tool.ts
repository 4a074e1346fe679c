/**
 * systemd-tmpfiles against our simulation: valid, nearly valid and hostile tmpfiles.d files in several layers, on roots that
 * already hold inodes of every type and owner. Compared are the whole tree afterwards, the exit status, the lines that the
 * tool refuses and those that it drops as duplicates.
 *
 * The real tool follows absolute symlinks and `..` at the root into the machine it runs on. So generated links either stay
 * inside the root or lead below /proc, where nothing can be made.
 */

import fc from 'fast-check';
import { runTmpfiles } from '../src/core/boot/tmpfiles/run-tmpfiles.ts';
import type { Image } from '../src/core/image/image.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { caseInputs } from './support/case-inputs.ts';
import type { Case, Simulated, ToolUnderTest } from './support/differential.ts';
import type { RealOutcome, RealSystemd } from './support/real-systemd.ts';
import type { NodeSpec } from './support/tree-spec.ts';

// Paths are few, so that lines meet each other and what is there.

const plainPath = fc.constantFrom(
  '/a',
  '/b',
  '/c',
  '/a/a',
  '/a/b',
  '/a/c',
  '/b/a',
  '/b/b',
  '/a/b/a',
  '/a/b/c',
  '/a/a/a',
  '/b/b/b',
  '/a/b/c/d',
  '/c/x',
  '/c/y/z',
);
const linkedPath = fc.constantFrom('/l/a', '/l/b/c', '/a/l/a', '/out/a', '/out/a/b', '/l', '/out', '/dangling/a');
const globPath = fc.constantFrom(
  '/*',
  '/a/*',
  '/*/b',
  '/?',
  '/[ab]',
  '/[!a]/*',
  '/{a,b}',
  '/a/{b,c}/*',
  '/{a,b/{a,b}}',
  '/a/.*',
  '/l/*',
  '/out/*',
  '/a/[',
  '/a*/b*',
  '/\\a',
  '/a/b\\*',
  '/{a',
  '/{}/a',
);
const oddPath = fc.constantFrom(
  '/',
  '//a//b/',
  '/./a/.',
  '/a/../b',
  '/../a',
  'a',
  '""',
  '-',
  '"/a b"',
  "/'a'",
  '/a\\x41',
  '/a\\qb',
  '/a\\\\b',
  '"/a',
  '/a%%',
  '/a%',
  '/a%-',
  '/a%!',
  '/%o',
  '/a/%m',
  '/%b',
  '/a%w',
  '/%Z',
  '/%A',
  '/%M',
  '/%D/x',
  '/a/%u%U%g%G',
  '%t/a',
  '%S/x',
  '%C',
  '%L/a',
  '%h/x',
  '%T/y',
  '%o',
  '/var/run/a',
  '/var/run',
  '/var//run/a/b',
  '/var/run/../run/a',
  '/ä',
  '/\udcff',
  `/${'n'.repeat(255)}`,
  `/${'n'.repeat(256)}`,
  `/a/${'n'.repeat(256)}/b`,
  '/dev/x',
  '/run/a',
);
const path = fc.oneof(
  { weight: 12, arbitrary: plainPath },
  { weight: 3, arbitrary: linkedPath },
  { weight: 2, arbitrary: oddPath },
);
const anyPath = fc.oneof({ weight: 5, arbitrary: path }, { weight: 3, arbitrary: globPath });

const mode = fc.oneof(
  { weight: 5, arbitrary: fc.constant('-') },
  {
    weight: 5,
    arbitrary: fc.constantFrom('0755', '0700', '0644', '0600', '755', '1777', '2755', '4711', '6755', '0', '7777'),
  },
  { weight: 2, arbitrary: fc.constantFrom('~0755', '~6777', '~0644', ':0700', ':~0711', '~:0640', ':1777') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0o755', 'u=rwx', '10000', '08', '~', ':', '""', '+755', '0x1', '" 755"', ':-', '99'),
  },
);
const owner = fc.oneof(
  { weight: 8, arbitrary: fc.constant('-') },
  { weight: 6, arbitrary: fc.constantFrom('0', '1', '2', 'root', 'u1', 'u2', 'both') },
  { weight: 2, arbitrary: fc.constantFrom(':1', ':u1', ':0', ':root') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'nosuch',
      ':nosuch',
      'nobody',
      '65535',
      '4294967295',
      '01',
      '+1',
      '""',
      ':',
      'u3',
      '%u',
      '65534',
      '1.5',
      'twice',
    ),
  },
);
const age = fc.oneof(
  { weight: 10, arbitrary: fc.constant('-') },
  {
    weight: 5,
    arbitrary: fc.constantFrom('0', 'mM:1d', '~mM:1d', 'm:1d', 'M:0', '10d', 'cmM:2w', 'mM:infinity', '~0'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '1y2month',
      'x',
      '~',
      'm:',
      ':5',
      'z:5',
      '"m M:1h 5min"',
      '-1',
      '1.5h',
      '5 6',
      'mm:1d~',
      '""',
    ),
  },
);

const content = fc.constantFrom(
  '-',
  'x',
  'hello world',
  '"-"',
  'a\\nb',
  '\\x41\\102',
  '\\q',
  'a%%b',
  '%o',
  '%m',
  '%Z',
  '%',
  '  x  ',
  '\'q\' "r"',
  'ä\\u00e4',
  '\\xc3\\xa4',
  'eHl6',
  'eA==',
  'e A = =',
  'cred',
  'none',
  'bad/name',
  'a\\x00',
);
const target = fc.constantFrom(
  '-',
  'a',
  '../b',
  'b/c',
  '/proc/sb/a',
  '/a',
  '/b/b',
  'x%o',
  'x\\x20y',
  '%m',
  '/proc/%u',
  'missing',
  '.',
);
const source = fc.constantFrom(
  '-',
  '/src',
  '/src/f',
  '/src/d',
  '/src/l',
  '/src/dangling',
  '/src/dirlink',
  '/src/p',
  '/src/h1',
  '/nosuch',
  '/src/f/x',
  'src',
  '/src/%o',
  '/src//d/',
  '/src/d/../f',
  '/c/x',
  '%m',
);
const device = fc.constantFrom(
  '1:3',
  '1:5',
  '7:99',
  '250:255',
  '4096:1',
  '1:1048576',
  '1',
  '1:',
  ':3',
  '01:0x3',
  '1:3x',
  '-',
  '1: 3',
);
const xattrs = fc.constantFrom(
  'user.a=b',
  'user.a="b c"',
  'user.a',
  'user.a=',
  '-',
  'user.a=\\x41 user.b=%o',
  '"user.a=b',
  '%Z=x',
);
// Names in access control lists are looked up in the calling system, so only root is sure to be the same there.
const acl = fc.constantFrom(
  'u:1:rwx',
  'u:2:r-x,g:1:rw-',
  'd:u:1:rwx',
  'default:group:root:r,u:root:w',
  'm::r',
  'u::rwx,g::r,o::-',
  'u:1:rwX',
  'g:2:rX,u:1:x',
  'd:u:1:rwX,o::X',
  'u:nosuchuser:r',
  'u:1:7',
  'o:r',
  'x',
  '-',
  'mask::rwx,u:1:r',
  'u:root:rw',
);
const attributes = fc.constantFrom('=', '-', '+', 'Z', '+Z', '=ZZ');
const capabilities = fc.constantFrom('cap_net_raw=ep', 'x', '-', 'cap_chown,cap_kill+p');

const modifiers = fc.oneof(
  { weight: 10, arbitrary: fc.constant('') },
  { weight: 6, arbitrary: fc.constantFrom('+', '=', '-', '!', '?', '$') },
  { weight: 2, arbitrary: fc.constantFrom('+-', '=+', '~', '^', '+!', '^~', '?+', '-=', '$-') },
  { weight: 1, arbitrary: fc.constantFrom('++', '*', 'x', '+-=!~^$?', '!!', 'ä') },
);

interface Choice {
  readonly letters: readonly string[];
  readonly path: fc.Arbitrary<string>;
  readonly argument: fc.Arbitrary<string>;
  /** Default: any. */
  readonly owner?: fc.Arbitrary<string>;
}

const nothing = fc.oneof({ weight: 15, arbitrary: fc.constant('') }, { weight: 1, arbitrary: content });
const choices: readonly (readonly [number, Choice])[] = [
  [8, { letters: ['d', 'D'], path, argument: nothing }],
  [1, { letters: ['v', 'q', 'Q'], path, argument: nothing }],
  [6, { letters: ['f', 'F'], path, argument: content }],
  [3, { letters: ['w'], path: anyPath, argument: content }],
  [5, { letters: ['L'], path, argument: target }],
  [5, { letters: ['C'], path, argument: source }],
  [3, { letters: ['p'], path, argument: nothing }],
  [2, { letters: ['c', 'b'], path, argument: device }],
  [2, { letters: ['e'], path, argument: nothing }],
  // These follow symlinks, so a changed owner could forbid the way to a match that the real tool happens to meet earlier.
  [1, { letters: ['e'], path: globPath, argument: nothing, owner: fc.constant('-') }],
  [3, { letters: ['z', 'm'], path: anyPath, argument: nothing }],
  [3, { letters: ['Z'], path: anyPath, argument: nothing }],
  [2, { letters: ['r', 'R'], path: anyPath, argument: nothing }],
  [2, { letters: ['x', 'X'], path: anyPath, argument: nothing }],
  [3, { letters: ['a', 'A'], path: anyPath, argument: acl }],
  [1, { letters: ['t', 'T'], path: anyPath, argument: xattrs }],
  [1, { letters: ['h', 'H'], path: anyPath, argument: attributes }],
  [1, { letters: ['k', 'K'], path: anyPath, argument: capabilities }],
  [1, { letters: ['y', '1', 'ä', '""', 'S'], path, argument: content }],
];

const line = fc.oneof(
  ...choices.map(([weight, choice]) => ({
    weight,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...choice.letters),
        modifiers,
        choice.path,
        mode,
        choice.owner ?? owner,
        choice.owner ?? owner,
        age,
        choice.argument,
      )
      .map(([letter, signs, where, ...columns]) =>
        [`${letter}${signs}`, where, ...columns].join(' ').replace(/(?: -| )+$/, ''),
      ),
  })),
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '# comment',
      '; d /a',
      'd',
      'd /a 0755 - - - # no comment',
      '  d   /a  ',
      '\td\t/b\t0700',
      'd /a \\',
      'd /a "',
      "f '/c' - - - - x",
      'f /c - - - -  two  words  ',
      'd"" /a',
      '\ufeffd /a',
      'd /a\r',
      'f /c/\0d /b',
    ),
  },
);
const configText = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 7 }), fc.constantFrom('\n', '\n', '\n', '\n', '\n', '\r\n', '\r'))
  .map(([lines, end]) => lines.join(end) + end);

const config: fc.Arbitrary<NodeSpec> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.constantFrom('/usr/lib', '/usr/lib', '/usr/lib', '/etc', '/run', '/usr/local/lib', '/lib'),
        fc.constantFrom(
          'a.conf',
          'a.conf',
          'b.conf',
          '10.conf',
          'B.conf',
          'c.conf~',
          '.conf',
          '.x.conf',
          'n',
          'ä.conf',
        ),
        configText,
      )
      .map(([directory, name, text]): NodeSpec => ({ path: `${directory}/tmpfiles.d/${name}`, type: 'file', text })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<NodeSpec>(
      { path: '/etc/tmpfiles.d/a.conf', type: 'symlink', text: '/dev/null' },
      { path: '/etc/tmpfiles.d/a.conf', type: 'symlink', text: '../../nosuch' },
      { path: '/etc/tmpfiles.d/b.conf', type: 'symlink', text: '/usr/lib/tmpfiles.d/nosuch' },
      { path: '/etc/tmpfiles.d/a.conf', type: 'directory' },
      { path: '/etc/tmpfiles.d/b.conf', type: 'symlink', text: '../../usr/lib/tmpfiles.d/a.conf' },
      { path: '/run/tmpfiles.d', type: 'symlink', text: '../usr/lib/tmpfiles.d' },
      { path: '/etc/tmpfiles.d/a.conf', type: 'file', text: '' },
    ),
  },
);

const id = fc.constantFrom(0, 0, 0, 0, 1, 2);
const time = fc.option(fc.constantFrom(946_684_800), { nil: undefined });
const node: fc.Arbitrary<NodeSpec> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant('directory' as const) },
      { weight: 4, arbitrary: fc.constant('file' as const) },
      { weight: 3, arbitrary: fc.constantFrom('symlink' as const, 'hardlink' as const) },
      { weight: 1, arbitrary: fc.constantFrom('fifo' as const, 'char' as const, 'block' as const, 'socket' as const) },
    ),
    plainPath,
    fc.constantFrom(0o755, 0o644, 0o700, 0o2775, 0o1777, 0o4755, 0o600, 0o1644, 0, 0o2710),
    id,
    id,
    fc.constantFrom('', 'old content', 'x'),
    fc.constantFrom('a', 'b', 'b/b', 'missing', '/proc/sb', 'c'),
    fc.constantFrom('/a', '/b', '/a/a', '/a/b', '/c'),
    time,
  )
  .map(([type, where, bits, uid, gid, text, link, linked, seconds]): NodeSpec => {
    const base = { path: where, type, mode: bits, uid, gid, ...(seconds === undefined ? {} : { time: seconds }) };
    if (type === 'symlink') return { ...base, text: link };
    if (type === 'hardlink') return { ...base, text: linked };
    return type === 'file' ? { ...base, text } : base;
  });

const links: readonly NodeSpec[] = [
  { path: '/l', type: 'symlink', text: 'a' },
  { path: '/a/l', type: 'symlink', text: '../b', uid: 1 },
  { path: '/out', type: 'symlink', text: '/proc/sb' },
  { path: '/proc/sb/a', type: 'directory' },
  { path: '/dangling', type: 'symlink', text: 'nowhere' },
];
const sources: readonly NodeSpec[] = [
  { path: '/src', type: 'directory', mode: 0o750, gid: 2 },
  { path: '/src/f', type: 'file', text: 'source', mode: 0o4640, uid: 1 },
  { path: '/src/d', type: 'directory', mode: 0o2700, uid: 2 },
  { path: '/src/d/b', type: 'file', text: 'deep', gid: 1 },
  { path: '/src/d/a', type: 'directory', mode: 0o711 },
  { path: '/src/l', type: 'symlink', text: 'f', uid: 1 },
  { path: '/src/dirlink', type: 'symlink', text: 'd' },
  { path: '/src/dangling', type: 'symlink', text: 'gone' },
  { path: '/src/p', type: 'fifo', mode: 0o620 },
  { path: '/src/h1', type: 'file', text: 'hard' },
  { path: '/src/h2', type: 'hardlink', text: '/src/h1' },
  { path: '/usr/share/factory/a', type: 'file', text: 'factory' },
  { path: '/usr/share/factory/b/b', type: 'file', text: 'factory b', uid: 1 },
  { path: '/usr/share/factory/c/x', type: 'symlink', text: 'y' },
];
const system: readonly NodeSpec[] = [
  {
    path: '/etc/passwd',
    type: 'file',
    text: 'root:x:0:0::/:/bin/sh\nu1:x:1:1::/:\nboth:x:5:5::/:\ntwice:x:6:6::/:\ntwice:x:7:7::/:\n',
  },
  { path: '/etc/group', type: 'file', text: 'root:x:0:\nu1:x:1:\nu2:x:2:\nboth:x:6:\ntwice:x:8:\n' },
  { path: '/usr/lib/passwd', type: 'file', text: 'u2:x:2:2::/:\nu1:x:9:9::/:\n' },
  { path: '/etc/os-release', type: 'file', text: 'ID=test\nVERSION_ID="1"\nIMAGE_ID=im\n' },
];
const machineId = fc.constantFrom<readonly NodeSpec[]>(
  [],
  [{ path: '/etc/machine-id', type: 'file', text: '0123456789abcdef0123456789abcdef\n' }],
  [{ path: '/etc/machine-id', type: 'file', text: '' }],
  [{ path: '/etc/machine-id', type: 'file', text: 'uninitialized\n' }],
  [{ path: '/etc/machine-id', type: 'file', text: 'nonsense\n' }],
);

const given: NodeSpec['path'] = '/given.conf';
const args = fc.oneof(
  { weight: 12, arbitrary: fc.constant(['--create']) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ['--remove'],
      ['--create', '--remove'],
      ['--clean'],
      ['--create', '--clean'],
      ['--create', '--remove', '--boot'],
      ['--create', '--boot'],
      ['--remove', '--clean'],
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ['--create', '--prefix=/a'],
      ['--create', '--exclude-prefix=/a/b'],
      ['--create', '-E'],
      ['--create', '--prefix=/a', '--prefix=/c/', '--exclude-prefix=/a/b'],
      ['--create', '--graceful'],
      ['--create', '--graceful', '--prefix=/'],
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ['--create', `ROOT${given}`],
      ['--purge', `ROOT${given}`],
      ['--purge', '--create', `ROOT${given}`],
      ['--create', '--replace=/usr/lib/tmpfiles.d/a.conf', `ROOT${given}`],
      ['--create', '--replace=/etc/tmpfiles.d/b.conf', `ROOT${given}`],
      ['--create', '--replace=/usr/lib/tmpfiles.d/aa.conf', `ROOT${given}`],
    ),
  },
);

const arbitrary: fc.Arbitrary<Case> = fc
  .tuple(
    args,
    fc.array(config, { minLength: 1, maxLength: 3 }),
    configText,
    fc.array(node, { maxLength: 7 }),
    fc.subarray([...links]),
    fc.subarray([...sources], { minLength: 8 }),
    fc.subarray([...system], { minLength: 3 }),
    machineId,
    fc.option(configText, { nil: undefined, freq: 12 }),
  )
  .map(([flags, files, givenText, nodes, someLinks, someSources, someSystem, ids, extra]): Case => {
    const isGiven = flags.some((flag) => flag.startsWith('ROOT'));
    return {
      args: flags,
      nodes: [
        ...someSystem,
        ...ids,
        ...files,
        ...(isGiven ? [{ path: given, type: 'file' as const, text: givenText }] : []),
        ...someSources,
        ...nodes,
        ...someLinks,
      ],
      credentials: { cred: 'secret', eHl6: 'eHl6', ...(extra === undefined ? {} : { 'tmpfiles.extra': extra }) },
    };
  });

function simulate(image: Image, oneCase: Case, real: RealSystemd, rootPrefix: string): Simulated {
  const tree = new Tree(image.root);
  const inputs = caseInputs(real, oneCase, rootPrefix, { now: BigInt(Date.now() + 1000) * 1_000_000n });
  const { systemd } = inputs;
  const has = (flag: string) => oneCase.args.includes(flag);
  const values = (flag: string) =>
    oneCase.args.filter((arg) => arg.startsWith(`${flag}=`)).map((arg) => arg.slice(flag.length + 1));
  const isUnknown =
    (has('--graceful') && !systemd.has('tmpfiles-graceful')) || (has('--purge') && !systemd.has('tmpfiles-purge'));
  const positional = oneCase.args.filter((arg) => !arg.startsWith('-'));
  const isUseless =
    !['--create', '--remove', '--clean', '--purge'].some(has) ||
    (positional.length === 0 && (has('--purge') || values('--replace').length > 0)) ||
    (positional.length > 0 && !oneCase.nodes.some((one) => one.path === given));
  if (isUnknown || isUseless) return { status: 1, rejected: [], tree };
  const replace = values('--replace')[0];
  const givenText = oneCase.nodes.find((one) => one.path === given)?.text ?? '';
  const result = runTmpfiles(tree, inputs, {
    create: has('--create'),
    remove: has('--remove'),
    clean: has('--clean'),
    purge: has('--purge'),
    boot: has('--boot'),
    graceful: has('--graceful'),
    prefixes: values('--prefix'),
    excludePrefixes: [...values('--exclude-prefix'), ...(has('-E') ? ['/dev', '/proc', '/run', '/sys'] : [])],
    given: positional.map(() => ({ name: given, text: givenText })),
    ...(replace === undefined ? {} : { replace }),
  });
  const rejected: string[] = [];
  for (const { place, result: outcome } of result.outcomes) {
    const where = `${place.file}:${place.line}`;
    if (outcome.kind === 'skipped' && outcome.reason === 'duplicate') rejected.push(`${where} duplicate`);
    if (outcome.kind !== 'refused' && outcome.kind !== 'dropped') continue;
    if (!unplaced.has(outcome.code)) rejected.push(where);
  }
  return { status: result.exitStatus, rejected, tree };
}

/** Problems that the real tool reports without a line. */
const unplaced = new Set(['invalid-attributes']);

/** Texts of messages that do not mean that the line is lost. */
const harmless =
  /legacy directory|take argument fields, ignoring|Changing mode|Failed to parse ACL|Failed to resolve specifier/;

function rejectedLines(outcome: RealOutcome): string[] {
  const found: string[] = [];
  for (const text of outcome.stderr.split('\n')) {
    const match = /^(\/[^:]*):([0-9]+): (.*)$/.exec(text);
    if (match === null) continue;
    const [, file = '', lineNumber = '', message = ''] = match;
    if (harmless.test(message)) continue;
    const place = file.replace(/^.*\/credentials\//, '$CREDENTIALS_DIRECTORY/');
    found.push(`${place}:${lineNumber}${message.startsWith('Duplicate line') ? ' duplicate' : ''}`);
  }
  return found;
}

/**
 * What the files do not tell. glob(3) is asked not to sort, and directories are read as they come: where a line changes an
 * inode that the walk to its other matches passes, the order decides. Removing one of two hard links changes the other; with
 * the age 0 the clock decides whether that was before the run began.
 */
function excuse(oneCase: Case, real: RealOutcome): string | undefined {
  const texts = [...oneCase.nodes.map((one) => one.text ?? ''), ...Object.values(oneCase.credentials ?? {})].join('\n');
  const globbing = /(?:^|[\n\r\0])\s*[ewzmZaAtThHkK][^\s]* [^\s]*[*?[{]/.test(texts);
  if (globbing && real.stderr.includes('unsafe path transition')) return 'order of glob(3) and unsafe steps';
  const isLinked = oneCase.nodes.some((one) => one.type === 'hardlink');
  if (oneCase.args.includes('--clean') && isLinked && hasAgeZero(texts)) return 'hard links and the age 0';
  const isMissing =
    oneCase.args.some((arg) => arg.startsWith('ROOT')) && !oneCase.nodes.some((one) => one.path === given);
  return isMissing ? 'no given file' : undefined;
}

function hasAgeZero(texts: string): boolean {
  return texts.split(/[\n\r\0]/).some((text) => /^(?:~?0|M:0)$/.test(text.trim().split(/[ \t]+/)[5] ?? ''));
}

export const tool: ToolUnderTest = {
  excuse,
  name: 'tmpfiles',
  arbitrary,
  command: (oneCase) => ({ command: ['systemd-tmpfiles', '--root=ROOT', ...oneCase.args] }),
  simulate,
  rejectedLines,
};

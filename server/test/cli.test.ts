import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const cli = 'dist/cli.js';
const example = 'test-fixtures/example-image';
const work = mkdtempSync(join(tmpdir(), 'stateless-boot-cli-'));
after(() => rmSync(work, { recursive: true, force: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000', ...environment },
  });
  return { status, stdout, stderr };
}

/** A root with the files, given by path below usr/lib. */
function rootWith(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = join(work, name);
  mkdirSync(join(root, 'usr/lib/systemd/system'), { recursive: true });
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'usr/lib/os-release'), 'ID=test\n');
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, 'usr/lib', path);
    mkdirSync(join(full, '..'), { recursive: true });
    writeFileSync(full, content);
  }
  return root;
}

test('the program was built', () => assert.ok(existsSync(cli), 'npm run build'));

test('check of the example image finds what is broken on purpose', () => {
  const { status, stdout, stderr } = run(['check', example]);
  assert.equal(stderr, '');
  assert.equal(status, 1);
  for (const rule of ['tmpfiles-owner-unresolvable', 'passwd-entry-without-sysusers', 'enablement-only-in-etc']) {
    assert.match(stdout, new RegExp(`\\[${rule}\\]`));
  }
  assert.match(stdout, /harbor 3, systemd 257, empty \/etc and \/var: /);
});

test('output is the same bytes every time', () => {
  for (const words of [
    ['check', example],
    ['simulate', example],
    ['simulate', example, '--format', 'json'],
    ['simulate', example, '--format', 'mtree'],
  ]) {
    assert.equal(run(words).stdout, run(words).stdout, words.join(' '));
  }
});

test('the JSON of simulate has the fields of the contract', () => {
  const { status, stdout } = run(['simulate', example, '--format', 'json']);
  assert.equal(status, 0);
  const json = JSON.parse(stdout);
  assert.equal(json.schemaVersion, 1);
  assert.equal(json.image.os, 'harbor 3');
  assert.equal(json.image.systemdVersion, 257);
  const entry = json.tree.find((candidate: { path: string }) => candidate.path === '/var/log/harbor');
  assert.deepEqual(
    { ...entry, origin: entry.origin.map(({ file, line }: { file: string; line: number }) => ({ file, line })) },
    {
      path: '/var/log/harbor',
      type: 'directory',
      mode: '2750',
      uid: 0,
      gid: 900,
      user: 'root',
      group: 'harbor',
      phase: 'tmpfiles',
      origin: [{ file: '/usr/lib/tmpfiles.d/harbor.conf', line: 4 }],
    },
  );
  assert.ok(json.users.some((user: { name: string; uid: number }) => user.name === 'tidewatch' && user.uid === 999));
  assert.ok(json.findings.every((finding: { fingerprint: string }) => /^[0-9a-f]{16}$/.test(finding.fingerprint)));
});

test('what dry-run cannot know is absent', () => {
  const root = rootWith('device', { 'tmpfiles.d/a.conf': 'b /dev/loop 0600 - - - 7:99\nw /dev/loop 0640 - - - x\n' });
  const words = ['dry-run', 'tmpfiles', root, '--create'];
  const json = JSON.parse(run([...words, '--format', 'json']).stdout);
  assert.equal('exitStatus' in json, false);
  assert.deepEqual(
    json.messages.map(({ code, line }: { code: string; line: number }) => [code, line]),
    [['device-write-unknown', 2]],
  );
  const device = json.tree.find(({ path }: { path: string }) => path === '/dev/loop');
  assert.deepEqual(Object.keys(device), [
    'path',
    'type',
    'uid',
    'gid',
    'user',
    'group',
    'device',
    'phase',
    'origin',
    'change',
  ]);
  const { stdout, status } = run(words);
  assert.equal(status, 0);
  assert.match(stdout, /b\?{9} .*would exit with a status that is not known: 2 created/s);
});

test('dry-run tells what the real tool would return and exits with 0', () => {
  const root = rootWith('dry', { 'tmpfiles.d/a.conf': 'd /var/lib/a 0750 0 0 -\nq! /x\nd relative\n' });
  const { status, stdout } = run(['dry-run', 'tmpfiles', root, '--create', '--format', 'json']);
  assert.equal(status, 0);
  const json = JSON.parse(stdout);
  assert.equal(json.exitStatus, 65);
  assert.deepEqual(
    json.messages
      .filter(({ severity }: { severity: string }) => severity === 'error')
      .map(({ line }: { line: number }) => line),
    [3],
  );
  assert.deepEqual(
    json.tree.map(({ path, change }: { path: string; change: string }) => [path, change]),
    [
      ['/var', 'created'],
      ['/var/lib', 'created'],
      ['/var/lib/a', 'created'],
    ],
  );
  assert.ok(!existsSync(join(root, 'var')), 'nothing was written');
});

const usage: readonly (readonly [string[], RegExp])[] = [
  [['frobnicate'], /no command "frobnicate"/],
  [['check', '--frobnicate'], /unknown option '--frobnicate'/],
  [['check', '--volatile', 'maybe', example], /--volatile must be one of yes, state, no, overlay, not "maybe"/],
  [['check', '--select', 'tmpfiles-line-rejectd', example], /did you mean tmpfiles-line-rejected\?/],
  [['check', '--systemd-version', 'new', example], /--systemd-version takes a version/],
  [['explain', 'no-such-rule'], /no rule "no-such-rule"/],
  [['simulate', example, example], /unexpected/],
  [['dry-run', 'everything'], /dry-run takes one of tmpfiles, sysusers, preset/],
  [['dry-run', 'tmpfiles', example], /needs at least one of --create/],
  [['check', join(work, 'missing')], /missing: .*no such file/i],
];

test('wrong usage is one line on standard error and exit status 2', () => {
  for (const [words, expected] of usage) {
    const { status, stdout, stderr } = run(words);
    assert.equal(status, 2, words.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, expected);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.match(stderr, /^stateless-boot: /);
  }
});

test('a truncated archive is one clear line', () => {
  const path = join(work, 'cut.tar');
  const header = Buffer.alloc(512);
  header.write('usr/lib/os-release', 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write('00000010000\0', 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  writeFileSync(path, header);
  const { status, stderr } = run(['check', path]);
  assert.equal(status, 2);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  assert.match(stderr, /cut\.tar/);
});

test('a tree of symlink loops is walked to its end', () => {
  const root = rootWith('loops', { 'tmpfiles.d/a.conf': 'd /a/b/c\nL /etc/x - - - - /etc/x\n' });
  symlinkSync('b', join(root, 'a'));
  symlinkSync('a', join(root, 'b'));
  symlinkSync('.', join(root, 'usr/lib/self'));
  symlinkSync('/usr/lib/systemd/system/loop.service', join(root, 'usr/lib/systemd/system/loop.service'));
  const { status, stderr } = run(['check', root]);
  assert.ok(status === 0 || status === 1, stderr);
});

test('a line of 100 MB and a file that is not UTF-8 lose nothing else', () => {
  const root = rootWith('hostile', {
    'tmpfiles.d/10-long.conf': `d /var/before\nd /${'x'.repeat(100_000_000)}\n`,
    'tmpfiles.d/20-bytes.conf': Buffer.concat([
      Buffer.from('d /var/\xff\xfe 0755\n', 'latin1'),
      Buffer.from('f /var/text - - - - ä\n'),
    ]),
  });
  const { status, stdout, stderr } = run(['simulate', root, '--format', 'mtree']);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^\.\/var\/before type=dir/m);
  assert.match(stdout, /^\.\/var\/\\377\\376 type=dir/m);
  assert.match(stdout, /^\.\/var\/text type=file/m);
});

test('no colour codes without a terminal', () => {
  assert.ok(!run(['check', example], { FORCE_COLOR: '1' }).stdout.includes('\u001b'));
});

test('nothing in a name can steer the terminal', () => {
  const root = rootWith('escape', { 'tmpfiles.d/a.conf': 'd "/var/\\x1b[31mred"\nd rel\\x1bative\n' });
  for (const command of ['check', 'simulate']) assert.ok(!run([command, root]).stdout.includes('\u001b'));
});

test('help and version say what they should', () => {
  for (const command of ['check', 'simulate', 'dry-run', 'explain', 'rules']) {
    const { status, stdout } = run([command, '--help']);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^usage: stateless-boot ${command}`));
  }
  assert.match(run(['--version']).stdout, /^stateless-boot \d+\.\d+\.\d+\n$/);
});

test('explain prints the page of every rule that rules lists', () => {
  const { rules } = JSON.parse(run(['rules', '--format', 'json']).stdout);
  assert.ok(rules.length > 20);
  const [first] = rules;
  assert.match(run(['explain', first.id]).stdout, new RegExp(first.title.slice(0, 20)));
});

test('--until tmpfiles rebuilds the same tree and says nothing of units', () => {
  const tree = (words: readonly string[]) => {
    const { stdout, status } = run(['simulate', example, '--format', 'json', ...words]);
    assert.equal(status, 0);
    return JSON.parse(stdout) as { tree: { phase: string }[]; units?: unknown };
  };
  const [short, whole] = [tree(['--until', 'tmpfiles']), tree([])];
  assert.deepEqual(
    short.tree,
    whole.tree.filter(({ phase }) => phase !== 'start'),
  );
  assert.equal(short.units, undefined);
  assert.equal(run(['simulate', example, '--until', 'tmpfiles', '--section', 'units']).status, 2);
});

test('a target that does not exist is said, not booted into', () => {
  for (const command of ['simulate', 'check']) {
    const absent = run([command, example, '--target', 'nonsense.target']);
    assert.equal(absent.status, 2);
    assert.match(absent.stderr, /^stateless-boot: --target: nonsense\.target cannot be started: [^\n]+\n$/);
    assert.equal(absent.stdout, '');
    assert.match(run([command, example, '--target', 'nonsense']).stderr, /"nonsense" is no unit name/);
  }
  assert.equal(run(['simulate', example, '--target', 'sysinit.target']).status, 0);
});

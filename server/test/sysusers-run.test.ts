import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BootInputs } from '../src/core/boot/boot-inputs.ts';
import { runSysusers, type SysusersOptions, type SysusersResult } from '../src/core/boot/sysusers/run-sysusers.ts';
import { MemoryNode, memoryImage, placeNode } from '../src/core/image/memory-image.ts';
import { decodeText, encodeText } from '../src/core/text/bytes.ts';
import { listEntries } from '../src/core/tree/changes.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';

interface Setting extends Partial<SysusersOptions> {
  /** Text of /usr/lib/sysusers.d/a.conf. */
  readonly conf?: string;
  /** More files, in the form of test/support/file-set.ts. */
  readonly files?: string;
  readonly version?: number;
  readonly credentials?: Readonly<Record<string, string>>;
  readonly inputs?: Partial<BootInputs>;
}

interface Ran {
  readonly result: SysusersResult;
  readonly tree: Tree;
  /** Content of a file after the run; undefined if there is none. */
  readonly read: (path: string) => string | undefined;
}

function run(setting: Setting): Ran {
  const conf = setting.conf === undefined ? '' : `--- /usr/lib/sysusers.d/a.conf\n${setting.conf}\n`;
  const tree = new Tree(imageOf(`${conf}${setting.files ?? ''}`).root);
  const inputs = testInputs(setting.version ?? 257, {
    semantics: 'offline',
    credentials: new Map(Object.entries(setting.credentials ?? {}).map(([name, text]) => [name, encodeText(text)])),
    ...setting.inputs,
  });
  const result = runSysusers(tree, inputs, {
    ...(setting.replace === undefined ? {} : { replace: setting.replace }),
    given: setting.given ?? [],
    inline: setting.inline ?? [],
  });
  return { result, tree, read: (path) => contentOf(tree, path) };
}

function contentOf(tree: Tree, path: string): string | undefined {
  const inode = tree.lookup(path, { follow: false });
  if (inode === undefined) return undefined;
  const content = inode.type === 'file' ? inode.content : undefined;
  return content?.kind === 'bytes' ? decodeText(content.bytes) : (content?.kind ?? inode.type);
}

interface Expected {
  readonly status?: 0 | 1;
  /** Lines of the databases without their newlines; undefined: not looked at; `false`: no such file. */
  readonly passwd?: readonly string[] | false;
  readonly group?: readonly string[] | false;
  readonly shadow?: readonly string[] | false;
  readonly gshadow?: readonly string[] | false;
  /** Codes of the messages that are not of severity info, with their lines. */
  readonly messages?: readonly string[];
}

/** Checks the databases, the exit status (default: 0) and, where given, the messages. */
function check(setting: Setting, expected: Expected): void {
  const { result, read } = run(setting);
  const label = JSON.stringify(setting);
  assert.equal(result.exitStatus, expected.status ?? 0, label);
  for (const name of ['passwd', 'group', 'shadow', 'gshadow'] as const) {
    const lines = expected[name];
    if (lines === undefined) continue;
    const text = lines === false ? undefined : lines.map((line) => `${line}\n`).join('');
    assert.equal(read(`/etc/${name}`), text, `${name} of ${label}`);
  }
  if (expected.messages === undefined) return;
  const messages = result.messages
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, place }) => (place?.line === undefined ? code : `${code}:${place.line}`));
  assert.deepEqual(messages, expected.messages, label);
}

const user = (name: string, uid: number, gid = uid, rest = '::/:/usr/sbin/nologin') => `${name}:x:${uid}:${gid}${rest}`;

test('the files of a new system', () => {
  const { tree } = run({ conf: 'u a\nu! b - "B" /b /bin/sh\nm a c\nu root 0' });
  const listing = [...listEntries(tree, '/etc')].map(
    ({ path, inode }) => `${path} ${inode?.mode?.toString(8)} ${contentOf(tree, path)}`,
  );
  assert.deepEqual(listing, [
    '/etc/.pwd.lock 600 ',
    '/etc/group 644 c:x:999:a\na:x:998:\nb:x:997:\nroot:x:0:\n',
    '/etc/gshadow 0 c:!*::a\na:!*::\nb:!*::\nroot:!*::\n',
    '/etc/passwd 644 a:x:998:998::/:/usr/sbin/nologin\nb:x:997:997:B:/b:/bin/sh\nroot:x:0:0::/:/bin/sh\n',
    '/etc/shadow 0 a:!*:20000::::::\nb:!*:20000:::::1:\nroot:!unprovisioned:20000::::::\n',
  ]);
});

test('ids: explicit, borrowed, from a path, automatic', () => {
  check({ conf: 'u a 5' }, { passwd: [user('a', 5)], group: ['a:x:5:'] });
  check({ conf: 'g a 5\nu a' }, { passwd: [user('a', 5)], group: ['a:x:5:'] });
  check({ conf: 'g b 5\nu a 5' }, { passwd: [user('a', 999)], group: ['b:x:5:', 'a:x:999:'] });
  check({ conf: 'g b 5\nu a 5:5' }, { passwd: [user('a', 5)], group: ['b:x:5:'] });
  check({ conf: 'g b 5\nu a 7:b' }, { passwd: [user('a', 7, 5)], group: ['b:x:5:'] });
  check({ conf: 'g b 5\nu a -:b' }, { passwd: [user('a', 999, 5)] });
  check({ conf: 'u b 5\nu a 7:b' }, { passwd: [user('b', 5), user('a', 7, 5)], group: ['b:x:5:'] });
  check({ conf: 'u a 7:a' }, { passwd: false, messages: ['group-not-found:1'] });
  check({ conf: 'u a 7:6' }, { passwd: false, group: false, messages: ['group-id-missing:1'] });
  check({ conf: 'u a 5\nu b 5' }, { passwd: [user('a', 5), user('b', 999)], group: ['a:x:5:', 'b:x:999:'] });
  check({ conf: 'u a\nu b\ng c' }, { group: ['c:x:999:', 'a:x:998:', 'b:x:997:'] });
  const files = '--- /x/f 0644 7:8\n--- /x/root\n--- /x/big 0644 1000:1000\n--- /x/link -> f\n--- /x/out -> /x/f';
  check({ files, conf: 'u a /x/f' }, { passwd: [user('a', 7, 8)], group: ['a:x:8:'] });
  check({ files, conf: 'g a /x/link' }, { group: ['a:x:8:'] });
  check({ files, conf: 'g a /x/root\ng b /x/big\ng c /x/none' }, { group: ['a:x:999:', 'b:x:998:', 'c:x:997:'] });
  check({ files, conf: 'g a /x/out' }, { group: ['a:x:999:'] });
  check({ files, conf: 'g a /x/out', version: 262 }, { group: ['a:x:8:'] });
  check({ files, conf: 'g a 8\ng b /x/f' }, { group: ['a:x:8:', 'b:x:999:'] });
});

test('ranges and the cursor', () => {
  check({ conf: 'r - 5-6\nu a\nu b\nu c' }, { passwd: [user('a', 6), user('b', 5)], messages: ['no-free-id:4'] });
  check({ conf: 'r - 5-5\nr - 9\nr - 6\ng a\ng b\ng c' }, { group: ['a:x:9:', 'b:x:6:', 'c:x:5:'] });
  check({ conf: 'r - 0-1\ng a\ng b\ng c' }, { group: ['a:x:1:', 'b:x:0:'], messages: ['no-free-id:4'] });
  // A number that one account passed over is never tried again.
  check(
    { conf: 'r - 8-9\ng a\ng b\ng c', files: '--- /etc/passwd\nz:x:9:9::/:/bin/sh' },
    { group: ['a:x:8:'], messages: ['no-free-id:3', 'no-free-id:4'] },
  );
  // The group takes one number, and the user, whose group exists, wants another one that is free as both.
  check({ conf: 'r - 8-9\nu a', files: '--- /etc/group\na:x:500:' }, { passwd: [user('a', 500)] });
});

test('memberships', () => {
  check(
    { conf: 'm a b' },
    { passwd: [user('a', 998)], group: ['b:x:999:a', 'a:x:998:'], gshadow: ['b:!*::a', 'a:!*::'] },
  );
  check({ conf: 'm a b\nm c b\nm a b\nm A b' }, { group: ['b:x:999:A,a,c', 'a:x:998:', 'c:x:997:', 'A:x:996:'] });
  // A user's own group counts as declared.
  check({ conf: 'm a b\nu b' }, { group: ['b:x:999:a', 'a:x:998:'] });
  const files =
    '--- /etc/group 0640 3:4\nb:x:5:z,y,z\nc:x:6:z,y\n--- /etc/passwd\na:x:9:9::/:/bin/sh\n--- /etc/gshadow\nb:!::\n';
  const { tree, read } = run({ conf: 'm a b', files });
  assert.equal(read('/etc/group'), 'b:x:5:a,y,z\nc:x:6:z,y\na:x:999:\n');
  assert.equal(read('/etc/group-'), 'b:x:5:z,y,z\nc:x:6:z,y\n');
  assert.equal(read('/etc/gshadow'), 'b:!::a\na:!*::\n');
  assert.equal(read('/etc/passwd-'), undefined, 'no user is new');
  for (const path of ['/etc/group', '/etc/group-']) {
    const inode = tree.lookup(path);
    assert.deepEqual([inode?.mode, inode?.uid, inode?.gid], [0o640, 3, 4], path);
  }
  // Nothing new: nothing is written.
  const settled = '--- /etc/group\nb:x:5:z,a\na:x:9:\n--- /etc/passwd\na:x:9:9::/:/bin/sh\n';
  const again = run({ conf: 'm a b', files: settled });
  assert.deepEqual(
    [again.read('/etc/group'), again.read('/etc/group-'), again.read('/etc/gshadow')],
    ['b:x:5:z,a\na:x:9:\n', undefined, undefined],
  );
});

test('the same name twice', () => {
  check({ conf: 'u a 5\nu a 5\ng a 6\ng a 6' }, { group: ['a:x:6:'], messages: [] });
  check({ conf: 'u a 5\nu a 6' }, { passwd: [user('a', 5)], messages: ['conflicting-line:2'] });
  check({ conf: 'u a 5\nu! a 5' }, { shadow: ['a:!*:20000::::::'], messages: [] });
  check(
    { conf: 'u a - x\nu a - y\nu a - x /h\ng b /x\ng b /y' },
    { messages: ['conflicting-line:2', 'conflicting-line:3', 'conflicting-line:5'] },
  );
  check({ conf: 'u a - - - /bin/false\nu a\nu a - - - /usr/bin/true' }, { messages: [] });
  const files = '--- /usr/bin/zsh\n--- /bin -> usr/bin\n--- /loop -> loop';
  check({ files, conf: 'u a - - - /bin/zsh\nu a - - - /usr/bin/zsh' }, { messages: [] });
  check({ files, conf: 'u a - - - /bin/ksh\nu a - - - /usr/bin/ksh' }, { messages: [] });
  check({ files, conf: 'u a - - - /loop\nu a - - - /usr/bin/ksh' }, { messages: ['conflicting-line:2'] });
});

test('accounts that exist', () => {
  const files = '--- /etc/passwd\na:x:5:6::/:/bin/sh\n--- /etc/group\na:x:7:\n';
  check(
    { files, conf: 'u a 9\ng a 9' },
    { passwd: ['a:x:5:6::/:/bin/sh'], group: ['a:x:7:'], shadow: false, messages: [] },
  );
  // A group is made for a user that exists.
  const userOnly = '--- /etc/passwd\na:x:5:6::/:/bin/sh\n';
  check({ files: userOnly, conf: 'u a' }, { group: ['a:x:999:'], shadow: false });
  check({ files: userOnly, conf: 'u a 5' }, { group: ['a:x:5:'] });
  check({ files: userOnly, conf: 'u a 5', version: 252 }, { group: ['a:x:999:'] });
  // At boot NSS names the user as the owner of the id, which is then taken.
  check({ files: userOnly, conf: 'u a 5', inputs: { semantics: 'boot' } }, { group: ['a:x:999:'] });
  check(
    { files: userOnly, conf: 'g b 5\nu c 5' },
    { group: ['b:x:5:', 'c:x:999:'], passwd: ['a:x:5:6::/:/bin/sh', user('c', 999)] },
  );
});

test('existing lines are written anew, and NIS lines stay last', () => {
  check(
    {
      conf: 'u b 9',
      files:
        '--- /etc/passwd\n# comment\nroot:x:0:0\nbad\n+::::::\na:x:5:5::/:/bin/sh\n--- /etc/group\n a:x:1: m,n\n+:::\n--- /etc/shadow 0640 0:42\na:*:1:2:3\n+\n',
    },
    {
      passwd: ['root:x:0:0:::', user('b', 9), '+::::::', 'a:x:5:5::/:/bin/sh'],
      group: ['a:x:1:m,n', 'b:x:9:', '+:::'],
      shadow: ['a:*:1:2:3::::', 'b:!*:20000::::::', '+::0:0:0::::'],
    },
  );
  // A NIS line occupies id 0.
  check({ conf: 'u root 0', files: '--- /etc/passwd\n+\n' }, { passwd: [user('root', 999), '+::::::'] });
  check(
    { conf: 'u b', files: '--- /etc/passwd\na:x:1:1::/:sh:more\n' },
    { status: 1, group: false, messages: ['unwritable-account:1'] },
  );
  check(
    { conf: 'm b c', files: '--- /etc/group\na:x:1:b:c\n' },
    { status: 1, passwd: false, messages: ['unwritable-account:1'] },
  );
});

test('rows left over in shadow and gshadow', () => {
  const shadow = '--- /etc/shadow\na:$hash:1::::::\nz:x:1::::::\na:second:1::::::\n';
  check({ conf: 'u a', files: shadow }, { shadow: ['a:$hash:20000::::::', 'z:x:1::::::', 'a:second:1::::::'] });
  const gshadow = '--- /etc/gshadow\na:B:x:y\n';
  check(
    { conf: 'g a\nm q a', files: gshadow },
    { status: 1, group: false, passwd: false, gshadow: ['a:B:x:y'], messages: ['stale-gshadow-row:1'] },
  );
  check({ conf: 'g a\nm q a', files: gshadow, version: 262 }, { gshadow: ['a:B:x:q,y', 'q:!*::'], messages: [] });
  check({ conf: 'g a', files: gshadow, version: 262 }, { gshadow: ['a:B:x:y'], group: ['a:x:999:'] });
  // The group that comes with a user is not compared.
  check({ conf: 'u a', files: gshadow }, { gshadow: ['a:B:x:y', 'a:!*::'] });
});

test('shells and passwords', () => {
  check(
    { conf: 'u root 0' },
    { passwd: [user('root', 0, 0, '::/:/bin/sh')], shadow: ['root:!unprovisioned:20000::::::'] },
  );
  check({ conf: 'u root 0', version: 252 }, { shadow: ['root:!*:20000::::::'] });
  check({ conf: 'u root 0', files: '--- /bin/bash' }, { passwd: [user('root', 0, 0, '::/:/bin/bash')] });
  check({ conf: 'u root' }, { passwd: [user('root', 999)] });
  const credentials = { 'passwd.hashed-password.a': '$y$', 'passwd.shell.a': '/bin//zsh' };
  check({ conf: 'u a 5', credentials }, { passwd: [user('a', 5, 5, '::/:/bin//zsh')], shadow: ['a:$y$:20000::::::'] });
  check({ conf: 'u a 5', credentials, version: 262 }, { passwd: [user('a', 5, 5, '::/:/bin/zsh')] });
  check({ conf: 'u a 5', credentials: { 'passwd.shell.a': '/nul\0' } }, { passwd: [user('a', 5)] });
  for (const version of [252, 257, 262]) {
    check(
      { conf: 'u a', credentials: { 'passwd.shell.a': '/bin/zsh\n' }, version },
      { status: 1, passwd: false, group: false },
    );
    check({ conf: 'u a', credentials: { 'passwd.hashed-password.a': 'a:b' }, version }, { status: 1, passwd: false });
  }
  check({ conf: 'u a 5', credentials: { 'passwd.shell.a': '' } }, { passwd: [user('a', 5, 5, '::/:')] });
  check(
    { conf: 'u a 5', credentials: { 'passwd.shell.a': '' }, version: 262 },
    { status: 1, messages: ['invalid-shell-credential'] },
  );
  const plain = run({ conf: 'u a', credentials: { 'passwd.plaintext-password.a': 'secret' } });
  assert.equal(plain.read('/etc/shadow'), 'unknown', 'the salt is random');
});

test('specifiers', () => {
  const files = '--- /usr/lib/os-release\nID=debian\n';
  check({ conf: 'u %o - "%% %A" /%o', files }, { passwd: [user('debian', 999, 999, ':% :/debian:/usr/sbin/nologin')] });
  check({ conf: 'u %o' }, { passwd: false, messages: ['specifier-without-value:1'] });
  check(
    { conf: 'u %o', files: `${files}--- /etc\n` },
    { status: 1, messages: ['specifier-without-value:1', 'lock-failed'] },
  );
  check({ conf: 'u a%m' }, { passwd: false, messages: ['specifier-without-value:1'] });
  check({ conf: 'u a 5%o:a', files }, { messages: ['invalid-id:1'] });
  const unknown = run({ conf: 'u a - %H\nu %H' });
  assert.deepEqual(
    unknown.result.users.map(({ entry }) => entry.name),
    ['a'],
  );
  assert.equal(unknown.read('/etc/passwd'), 'unknown');
  assert.ok(unknown.result.messages.some(({ code }) => code === 'specifier-unknown'));
});

test('bad lines in files are passed over, in arguments they end the run', () => {
  check({ conf: 'u a 05\nu b' }, { group: ['b:x:999:'], messages: ['invalid-id:1'] });
  check({ inline: ['u a 05', 'u'] }, { status: 1, group: false, messages: ['invalid-id:1'] });
  check({ inline: ['# comment'] }, { status: 1, messages: ['unknown-line-type:1'] });
  check({ inline: [''] }, { status: 1, messages: ['missing-columns:1'] });
  check({ inline: ['u a', ' g b 5 '], conf: 'u c' }, { group: ['b:x:5:', 'a:x:999:'] });
  check({ inline: ['u a 5', 'u a 6'] }, { messages: ['conflicting-line:2'] });
  const given = [
    { name: 'x.conf', text: 'u a 05\nu\n' },
    { name: 'y.conf', text: 'u b' },
  ];
  check({ given }, { status: 1, group: false, messages: ['invalid-id:1', 'missing-columns:2'] });
  assert.equal(run({ given }).read('/etc/.pwd.lock'), undefined, 'nothing at all is touched');
  check(
    { conf: 'u c', credentials: { 'sysusers.extra': 'u a\nu c 5\nbad' } },
    { group: ['c:x:999:', 'a:x:998:'], messages: ['conflicting-line:2', 'missing-columns:3'] },
  );
  check({ conf: `g a\n#${'x'.repeat(1048576)}\ng b` }, { group: ['a:x:999:'], messages: ['line-too-long'] });
});

test('--replace puts the arguments in the place of a file', () => {
  const files =
    '--- /usr/lib/sysusers.d/b.conf\ng b\n--- /usr/lib/sysusers.d/c.conf\ng c\n--- /etc/sysusers.d/d.conf\ng d\n';
  const order = (replace: string, version = 257) => {
    const { read } = run({ files, inline: ['g new'], replace, version });
    return [...(read('/etc/group') ?? '').matchAll(/^\w+/gm)].join(' ');
  };
  assert.equal(order('/usr/lib/sysusers.d/c.conf'), 'b new d');
  assert.equal(order('/etc/sysusers.d/c.conf'), 'b new d');
  assert.equal(order('/etc/sysusers.d/c.conf', 262), 'b new d');
  assert.equal(order('/run/sysusers.d/c.conf'), 'b new d');
  assert.equal(order('/run/sysusers.d/c.conf', 262), 'b c d', 'there is no /run/sysusers.d');
  assert.equal(order('/usr/lib/sysusers.d/bb.conf'), 'b new c d');
  assert.equal(order('/usr/lib/sysusers.d/d.conf'), 'b c d', 'the file of better priority wins');
  assert.equal(order('/x/e.conf'), 'b c d new');
  assert.equal(order('/x/d.conf'), 'b c d');
  const linked = '--- /real/sysusers.d/b.conf\ng b\n--- /etc -> real\n';
  const args = { files: linked, inline: ['g new'], replace: '/run/sysusers.d/b.conf', version: 262 };
  assert.equal(run(args).read('/etc/group'), 'b:x:999:\n', '262 knows the directory behind a link');
  const same = { ...args, replace: '/etc/sysusers.d/b.conf' };
  assert.equal(run(same).read('/etc/group'), 'new:x:999:\n', 'a file makes room for itself');
});

test('what stands in the way', () => {
  const lock = (files: string, version = 257) => run({ conf: 'g a', files, version }).result.exitStatus;
  assert.equal(lock('--- /etc/.pwd.lock 0644 4:4\nx\n'), 0);
  assert.equal(lock('--- /etc/.pwd.lock/'), 1);
  assert.equal(lock('--- /etc/.pwd.lock -> lock'), 1);
  check({ conf: 'g a', files: '--- /etc/passwd/' }, { status: 1, group: false, messages: ['database-unreadable'] });
  check({ conf: 'g a', files: '--- /etc/shadow/' }, { group: ['a:x:999:'] });
  check(
    { conf: 'u a', files: '--- /etc/shadow/' },
    { status: 1, group: false, passwd: false, messages: ['database-unreadable'] },
  );
  check(
    { conf: 'u a', files: '--- /etc/gshadow -> gshadow' },
    { status: 1, group: false, messages: ['database-unreadable'] },
  );
  check({ conf: 'g a', files: '--- /etc/group-/\n--- /etc/group\n' }, { group: ['a:x:999:'] });
  check(
    { conf: 'g a', files: '--- /etc/group-/\n--- /etc/group\n', version: 262 },
    { status: 1, group: [], gshadow: false, messages: ['backup-failed'] },
  );
  // Symlinks are read through, replaced and backed up as files.
  const linked = run({ conf: 'g a', files: '--- /etc/group -> ../x/group\n--- /x/group 0600 0:7\nb:x:1:\n' });
  assert.deepEqual(['/etc/group', '/etc/group-', '/x/group'].map(linked.read), [
    'b:x:1:\na:x:999:\n',
    'b:x:1:\n',
    'b:x:1:\n',
  ]);
  // An absolute one leads out of the root, except at boot.
  const absolute = '--- /etc/group -> /x/group\n--- /x/group\nb:x:1:\n';
  check({ conf: 'g a', files: absolute }, { group: ['a:x:999:'] });
  check({ conf: 'g a', files: absolute, inputs: { semantics: 'boot' } }, { group: ['b:x:1:', 'a:x:999:'] });
});

test('a missing /etc', () => {
  const bare = () => {
    const root = new MemoryNode('directory', { mode: 0o755, uid: 0, gid: 0 });
    placeNode(root, '/usr/lib/sysusers.d/a.conf', new MemoryNode('file', { content: 'g a\n' }));
    return new Tree(memoryImage('bare', root).root);
  };
  const options = { given: [], inline: [] };
  const old = bare();
  assert.equal(runSysusers(old, testInputs(252), options).exitStatus, 1);
  assert.equal(old.lookup('/etc'), undefined);
  const made = bare();
  assert.equal(runSysusers(made, testInputs(257), options).exitStatus, 0);
  assert.equal(made.lookup('/etc')?.mode, 0o755);
});

test('a read-only /etc', () => {
  const tree = new Tree(imageOf('--- /usr/lib/sysusers.d/a.conf\ng a\n').root);
  tree.readOnly = ['/'];
  assert.equal(runSysusers(tree, testInputs(257), { given: [], inline: [] }).exitStatus, 1);
});

test('new files in a setgid /etc take its group', () => {
  const { tree } = run({ conf: 'g a', files: '--- /etc/ 2755 0:33' });
  assert.deepEqual(
    ['/etc/group', '/etc/.pwd.lock'].map((path) => tree.lookup(path)?.gid),
    [33, 33],
  );
});

test('layers: one file a name, sorted by name', () => {
  const files = [
    '--- /usr/lib/sysusers.d/b.conf\ng lower',
    '--- /etc/sysusers.d/b.conf\ng upper',
    '--- /usr/lib/sysusers.d/a.conf\ng first',
    '--- /usr/lib/sysusers.d/c.conf\ng masked',
    '--- /run/sysusers.d/c.conf -> /dev/null',
  ].join('\n');
  check({ files }, { group: ['first:x:999:', 'upper:x:998:'] });
});

test('accounts know where they come from', () => {
  const { result, tree } = run({ conf: '# comment\nu a 5\nm b a\ng c 5', files: '--- /etc/group\nold:x:1:' });
  const users = result.users.map(({ entry, cause, isImplied, id }) => [entry.name, cause?.line, isImplied, id]);
  assert.deepEqual(users, [
    ['a', 2, false, { from: 'group', taken: 5 }],
    ['b', 3, true, { from: 'group' }],
  ]);
  const groups = result.groups.map(({ entry, cause, id, memberCauses }) => [
    entry.name,
    cause?.line,
    id,
    memberCauses.get('b')?.line,
  ]);
  assert.deepEqual(groups, [
    ['old', undefined, undefined, undefined],
    ['c', 4, { from: 'explicit' }, undefined],
    ['a', 2, { from: 'automatic' }, 3],
    ['b', 3, { from: 'automatic' }, undefined],
  ]);
  assert.deepEqual(
    tree.lookup('/etc/group')?.causes.map(({ line, action }) => `${action} ${line}`),
    ['changed 4', 'changed 2', 'changed 3'],
  );
});

test('no configuration and no database makes the run fail to return', () => {
  const text = fc.array(
    fc.constantFrom(
      ...[
        'u',
        'g',
        'm',
        'r',
        'u!',
        ' a',
        ' b',
        ' 5',
        ' 1-3',
        ' -',
        ' 5:b',
        '\n',
        '\n',
        ':',
        'x',
        '+',
        ' /x',
        '"',
        '\\',
        '%m',
        '\0',
        ',',
      ],
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(text, text, text, fc.constantFrom(252, 257, 262), (conf, passwd, gshadow, version) => {
      const files = `--- /etc/passwd\n${passwd.join('')}\n--- /etc/gshadow\n${gshadow.join('')}\n`;
      const setting = { conf: conf.join(''), files, version };
      const first = run(setting);
      const second = run(setting);
      assert.deepEqual(first.result, second.result);
      if (first.result.exitStatus !== 0) assert.equal(first.read('/etc/passwd-'), undefined);
    }),
  );
});

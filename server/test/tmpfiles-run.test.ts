import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BootInputs } from '../src/core/boot/boot-inputs.ts';
import { runTmpfiles, type TmpfilesOptions, type TmpfilesResult } from '../src/core/boot/tmpfiles/run-tmpfiles.ts';
import { lineTypes } from '../src/core/formats/tmpfiles/line-types.ts';
import { modifiers } from '../src/core/formats/tmpfiles/modifiers.ts';
import { MemoryNode, placeNode } from '../src/core/image/memory-image.ts';
import { decodeText, encodeText } from '../src/core/text/bytes.ts';
import { listEntries } from '../src/core/tree/changes.ts';
import type { Inode } from '../src/core/tree/inode.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';

interface Setting extends Partial<TmpfilesOptions> {
  /** Text of /usr/lib/tmpfiles.d/a.conf. */
  readonly conf?: string;
  /** More files, in the form of test/support/file-set.ts. */
  readonly files?: string;
  readonly version?: number;
  readonly credentials?: Readonly<Record<string, string>>;
  readonly inputs?: Partial<BootInputs>;
  /** More nodes by path, for types and times that the text form does not have. */
  readonly nodes?: Readonly<Record<string, MemoryNode>>;
  readonly readOnly?: readonly string[];
}

function run(setting: Setting): { readonly result: TmpfilesResult; readonly tree: Tree } {
  const conf = setting.conf === undefined ? '' : `--- /usr/lib/tmpfiles.d/a.conf\n${setting.conf}\n`;
  const image = imageOf(`${conf}${setting.files ?? ''}`);
  for (const [path, node] of Object.entries(setting.nodes ?? {})) placeNode(image.root as MemoryNode, path, node);
  const tree = new Tree(image.root);
  tree.readOnly = setting.readOnly ?? [];
  const inputs = testInputs(setting.version ?? 257, {
    semantics: 'offline',
    credentials: new Map(Object.entries(setting.credentials ?? {}).map(([name, text]) => [name, encodeText(text)])),
    ...setting.inputs,
  });
  const result = runTmpfiles(tree, inputs, {
    create: setting.create ?? true,
    remove: setting.remove ?? false,
    clean: setting.clean ?? false,
    purge: setting.purge ?? false,
    boot: setting.boot ?? false,
    graceful: setting.graceful ?? false,
    prefixes: setting.prefixes ?? [],
    excludePrefixes: setting.excludePrefixes ?? [],
    given: setting.given ?? [],
    ...(setting.replace === undefined ? {} : { replace: setting.replace }),
  });
  return { result, tree };
}

function describe(inode: Inode): string {
  const owner = `${inode.uid ?? '?'}:${inode.gid ?? '?'}`;
  if (inode.type === 'symlink') return `${owner} -> ${inode.target}`;
  const rights = `${inode.mode === undefined ? '?' : inode.mode.toString(8).padStart(4, '0')} ${owner}`;
  if (inode.type === 'directory') return `${rights}/`;
  if (inode.type !== 'file') return `${rights} ${inode.type}`;
  const { content } = inode;
  const text = content.kind === 'bytes' ? JSON.stringify(decodeText(content.bytes)) : content.kind;
  return text === '""' ? rights : `${rights} ${text}`;
}

interface Expected {
  /** What changed: `path rights owner…`, or `-path` for what is gone. */
  readonly tree?: readonly string[];
  readonly status?: number | 'unknown';
  /** Codes of the messages above severity info, with their lines in a.conf. */
  readonly codes?: readonly string[];
}

function check(setting: Setting, expected: Expected): void {
  const { result, tree } = run(setting);
  const label = JSON.stringify({ ...setting, nodes: Object.keys(setting.nodes ?? {}) }, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  if (expected.tree !== undefined) {
    const found = [...listEntries(tree)].map(({ path, inode }) =>
      inode === undefined ? `-${path}` : `${path} ${describe(inode)}`,
    );
    assert.deepEqual(found, expected.tree, label);
  }
  assert.equal(result.exitStatus ?? 'unknown', expected.status ?? 0, label);
  if (expected.codes === undefined) return;
  const codes = result.messages
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, place }) => (place?.line === undefined ? code : `${code}:${place.line}`));
  assert.deepEqual(codes, expected.codes, label);
}

/** A case: configuration, what is there before, what changes, exit status. */
type Row = readonly [conf: string, files: string, tree: readonly string[], status?: number | 'unknown'];

function checkRows(rows: readonly Row[], version = 257): void {
  for (const [conf, files, tree, status] of rows) check({ conf, files, version }, { tree, status: status ?? 0 });
}

// The rows of this file that need nothing but files were run with the real tools of their versions.

test('files', () => {
  checkRows([
    ['f /a', '', ['/a 0644 0:0']],
    ['f /a 0600 1 2 - x\\ny', '', ['/a 0600 1:2 "x\\ny"']],
    ['f /x/y/a - - - - x', '', ['/x 0755 0:0/', '/x/y 0755 0:0/', '/x/y/a 0644 0:0 "x"']],
    ['f /a - - - - x', '--- /a\nold', []],
    ['f /a 0600 - - - x', '--- /a\nold', ['/a 0600 0:0 "old\\n"']],
    ['f+ /a - - - - x', '--- /a\nold', ['/a 0644 0:0 "x"']],
    ['F /a 0600', '--- /a\nold', ['/a 0600 0:0']],
    ['f /a', '--- /a/', [], 73],
    ['f+ /a', '--- /a/', [], 73],
    ['f /a', '--- /a -> b', [], 73],
    ['f /a', '--- /a -> b\n--- /b', [], 73],
    ['f- /a', '--- /a/', []],
    ['f~ /a - - - - eHl6', '', ['/a 0644 0:0 "xyz"']],
    ['f /a - - - - "-"', '', ['/a 0644 0:0 "\\"-\\""']],
    ['f /a - - - - \\xc3\\xa4%%', '', ['/a 0644 0:0 "ä%"']],
  ]);
});

test('writing to what exists', () => {
  checkRows([
    ['w /a - - - - x', '', []],
    ['w /a - - - - x', '--- /a\nold', ['/a 0644 0:0 "xld\\n"']],
    ['w+ /a - - - - x', '--- /a\nold', ['/a 0644 0:0 "old\\nx"']],
    ['w /a 0600 - - - x', '--- /a\nold', ['/a 0600 0:0 "xld\\n"']],
    ['w /a - - - - x', '--- /a -> b\n--- /b\nold', ['/b 0644 0:0 "xld\\n"']],
    ['w /a - - - - x', '--- /a -> b', []],
    ['w /* - - - - x', '--- /a\n1\n--- /b\n2', ['/a 0644 0:0 "x\\n"', '/b 0644 0:0 "x\\n"'], 73],
    ['w /a - - - - x', '--- /a/', [], 73],
    ['w+ /a - - - - x\nw+ /a - - - - y', '--- /a', ['/a 0644 0:0 "xy"']],
  ]);
});

test('directories', () => {
  checkRows([
    ['d /a', '', ['/a 0755 0:0/']],
    ['d /a 2750 1 2', '', ['/a 2750 1:2/']],
    ['D /a 0700', '', ['/a 0700 0:0/']],
    ['q /a', '', ['/a 0755 0:0/']],
    ['d /a 0700', '--- /a/ 0755 1:1', ['/a 0700 1:1/']],
    ['d /a', '--- /a/ 0700 1:1', []],
    ['d /a', '--- /a', []],
    ['d /a 0700', '--- /a -> b\n--- /b/', []],
    ['d /a/b', '--- /a', []],
    ['d /a/b/c', '--- /a', [], 73],
    ['f /a/b', '--- /a', [], 73],
    ['e /a 0700', '--- /a/', ['/a 0700 0:0/']],
    ['e /a 0700', '', []],
    ['e /a 0700', '--- /a -> b\n--- /b/', ['/b 0700 0:0/']],
    ['e /a 0700', '--- /a', []],
    ['e /{a,b} 0700', '--- /a/\n--- /b/', ['/a 0700 0:0/', '/b 0700 0:0/']],
    ['d /g*', '', ['/g* 0755 0:0/']],
  ]);
});

test('symlinks', () => {
  checkRows([
    ['L /a - - - - b', '', ['/a 0:0 -> b']],
    ['L /a - 1 2 - b', '', ['/a 1:2 -> b']],
    ['L /x/a', '', ['/x 0755 0:0/', '/x/a 0:0 -> /usr/share/factory/x/a']],
    ['L /a - 1 - - b', '--- /a -> b', ['/a 1:0 -> b']],
    ['L /a - 1 - - c', '--- /a -> b', []],
    ['L /a - - - - b', '--- /a/', []],
    ['L+ /a - - - - c', '--- /a -> b', ['/a 0:0 -> c']],
    ['L+ /a - - - - c', '--- /a/b/c', ['/a 0:0 -> c', '-/a/b', '-/a/b/c']],
    ['L= /a - - - - c', '--- /a/b', ['/a 0:0 -> c', '-/a/b']],
    ['L= /a - - - - c', '--- /a -> b', []],
    ['L? /a - - - - b', '', []],
    ['L? /x/a - - - - /b', '--- /b', ['/x 0755 0:0/', '/x/a 0:0 -> /b']],
    ['L? /x/a - - - - b', '--- /b', ['/x 0755 0:0/', '/x/a 0:0 -> b']],
    ['L? /x/a - - - - ../b', '--- /b', ['/x 0755 0:0/', '/x/a 0:0 -> ../b']],
    ['L? /a - - - - b', '--- /b -> nowhere', ['/a 0:0 -> b']],
  ]);
  checkRows([['L? /x/a - - - - b', '--- /b', ['/x 0755 0:0/']]], 262);
  const [file, link] = ['L? /x - - - - a/', 'L? /l/x - - - - .'];
  checkRows([
    [file, '--- /a', ['/x 0:0 -> a/']],
    [link, '--- /a/\n--- /l -> a', ['/a/x 0:0 -> .']],
  ]);
  checkRows(
    [
      [file, '--- /a', [], 73],
      [file, '--- /a/', ['/x 0:0 -> a/']],
      [file, '', []],
      [link, '--- /a/\n--- /l -> a', [], 73],
    ],
    262,
  );
});

test('pipes and devices', () => {
  checkRows([
    ['p /a', '', ['/a 0644 0:0 fifo']],
    ['p /a 0600', '--- /a', []],
    ['p+ /a 0600', '--- /a', ['/a 0600 0:0 fifo']],
    ['p+ /a', '--- /a/b/', ['/a 0644 0:0 fifo', '-/a/b']],
    ['c /a 0666 - - - 1:3', '', ['/a 0666 0:0 char']],
    ['b /a - - - - 7:0', '', ['/a 0644 0:0 block']],
  ]);
  check({ conf: 'c /a - - - - 1:3', inputs: { mayMakeDevices: false } }, { tree: [] });
});

test('what follows from a write to a device is not known where its driver decides', () => {
  const device = (type: 'char' | 'block', major: number, minor: number, uid = 0) =>
    new MemoryNode(type, { mode: 0o600, uid, gid: 0, device: { major, minor } });
  const rows: readonly (readonly [conf: string, tree: readonly string[], status?: number | 'unknown'])[] = [
    ['w /loop - - - - x', [], 'unknown'],
    ['w /loop 0600 - - - x', [], 'unknown'],
    ['w /loop 0640 - 5 - x', ['/loop ? 0:? block'], 'unknown'],
    ['w /loop ~7444 4 - - x', ['/loop ? ?:0 block'], 'unknown'],
    ['w /tty 0640 - - - x', ['/tty ? 0:0 char'], 'unknown'],
    // A line that forgives its failure, and failures that come either way.
    ['w- /loop 0640 - - - x', ['/loop ? 0:0 block']],
    ['w /loop 0640 - - - x\nw /dir - - - - x', ['/loop ? 0:0 block'], 73],
    ['w /loop 0640 - - - x\nq! /x\nd x', ['/loop ? 0:0 block'], 65],
    // What is set later without a driver is known again.
    ['w /loop 0640 - - - x\nz /loo? 0660', ['/loop 0660 0:0 block'], 'unknown'],
    ['w /loop 0640 - - - x\nz /loo? ~0660', ['/loop ? 0:0 block'], 'unknown'],
    ['w /loop 0640 - - - x\nC /copy - - - - /loop', ['/copy 0600 0:0 block', '/loop ? 0:0 block'], 'unknown'],
    // The step from a user's directory to a device that may be another's.
    ['w /u/loop - 2 - - x\nz /u/loo? 0660', ['/u/loop ? ?:0 block'], 'unknown'],
    ['w- /u/loop - 2 - - x\ne /u/loo? 0660', ['/u/loop 0600 ?:0 block'], 'unknown'],
    ['w- /u/loop - 2 - - x\nz- /u/loo? 0660', ['/u/loop ? ?:0 block']],
    // Linux says what these do.
    ['w /null 0640 - - - x', ['/null 0640 0:0 char']],
    ['w+ /zero 0640 - - - x', ['/zero 0640 0:0 char']],
    // Nothing of this reaches a driver.
    ['f /loop 0640 - - - x', [], 73],
    ['F /null 0640 - - - x', [], 73],
    ['f+ /tty 0640 - - - x', [], 73],
    ['w /fifo 0640 - - - x', [], 73],
    ['w- /fifo 0640 - - - x', []],
    ['w /socket 0640 - - - x', [], 73],
  ];
  for (const [conf, tree, status] of rows) {
    const nodes = {
      '/loop': device('block', 7, 99),
      '/tty': device('char', 4, 63),
      '/null': device('char', 1, 3),
      '/zero': device('char', 1, 5),
      '/fifo': new MemoryNode('fifo', { mode: 0o600, uid: 0, gid: 0 }),
      '/socket': new MemoryNode('socket', { mode: 0o600, uid: 0, gid: 0 }),
      '/u/loop': device('block', 7, 99, 1),
    };
    const files = '--- /dir/\n--- /u/ 0755 1:1\n';
    check({ conf, files, nodes }, { tree, status: status ?? 0 });
  }
  // A mode that cannot be set fails whether or not the write did.
  const nodes = { '/loop': device('block', 7, 99) };
  check({ conf: 'w /loop 0640 - - - x', nodes, readOnly: ['/'] }, { tree: [], status: 73 });
  check({ conf: 'w /loop 0600 - - - x', nodes, readOnly: ['/'] }, { tree: [], status: 'unknown' });
});

test('copies', () => {
  const source = '--- /src/ 0750 1:2\n--- /src/f 4640 3:4\nx\n--- /src/l -> f\n--- /src/d/ 0700\n';
  checkRows([
    ['C /a - - - - /src/f', source, ['/a 4640 3:4 "x\\n"']],
    ['C /a - 9 - - /src', source, ['/a 0750 9:2/', '/a/d 0700 9:0/', '/a/f 4640 9:4 "x\\n"', '/a/l 9:0 -> f']],
    ['C /a 0711 - - - /src', `${source}--- /a/b`, ['/a 0711 0:0/']],
    ['C /a 0711 - - - /src/f', `${source}--- /a`, ['/a 0711 0:0']],
    ['C /a 0711 - - - /src', `${source}--- /a`, []],
    ['C /a :0711 :9 - - /src/f', `${source}--- /a`, ['/a 0711 9:0']],
    ['C+ /a - 9 - - /src', `${source}--- /a/f\nmine`, ['/a 0755 9:0/', '/a/d 0700 9:0/', '/a/l 9:0 -> f']],
    ['C /a - - - - /nosuch', source, []],
    ['C /a', source, []],
    ['C /a - - - - a%m', source, []],
    ['C /a - - - - a', source, [], 65],
    ['C /a', '--- /usr/share/factory/a\nx', ['/a 0644 0:0 "x\\n"']],
    ['d /src2\nC /a - - - - /src2', '', ['/src2 0755 0:0/']],
    ['C /a - 3 - - /src', '--- /src -> gone', ['/a 3:0 -> gone'], 73],
  ]);
  checkRows([['C+ /a - 9 - - /src', `${source}--- /a/f\nmine`, ['/a 0755 9:0/']]], 252);
  checkRows(
    [
      ['C /a 0711 - - - /src', `${source}--- /a`, [], 73],
      ['C /a - 3 - - /src', '--- /src -> gone', ['/a 3:0 -> gone']],
    ],
    262,
  );
});

test('hard links are kept within one copied tree', () => {
  const linked = () => new MemoryNode('file', { mode: 0o644, uid: 0, gid: 0, content: 'x', identity: '1' });
  const { tree } = run({
    conf: 'C /a - - - - /src\nC /b - - - - /src/1',
    nodes: { '/src/1': linked(), '/src/2': linked() },
  });
  assert.equal(tree.lookup('/a/1'), tree.lookup('/a/2'));
  assert.notEqual(tree.lookup('/a/1'), tree.lookup('/src/1'));
  assert.notEqual(tree.lookup('/a/1'), tree.lookup('/b'));
});

test('rights and owners', () => {
  checkRows([
    ['z /a 0600 1 2', '--- /a', ['/a 0600 1:2']],
    ['m /a 0600', '--- /a', ['/a 0600 0:0']],
    ['z /a 0600 1', '--- /a -> b', ['/a 1:0 -> b']],
    ['z /a :0600 :1 :2', '--- /a', []],
    ['d /a :0700 :1 :2', '', ['/a 0700 1:2/']],
    ['z /a ~7777', '--- /a 0640', ['/a 0666 0:0']],
    ['z /a ~7777', '--- /a/ 0500', ['/a 7555 0:0/']],
    ['z /a - 1', '--- /a 4755', ['/a 4755 1:0']],
    ['Z /a 0700', '--- /a/b/\n--- /a/c -> /usr', ['/a 0700 0:0/', '/a/b 0700 0:0/']],
    ['z /nosuch 0700', '', []],
    ['z /a*/.* 0700', '--- /a1/.b\n--- /a1/c', ['/a1/.b 0700 0:0']],
    ['d /a 0755\nz /a 0700', '', ['/a 0700 0:0/']],
  ]);
});

test('set-group-ID directories give their group', () => {
  const files = '--- /s/ 2777 0:12';
  checkRows([
    ['d /s/a', files, ['/s/a 2755 0:12/']],
    ['d /s/a 0700', files, ['/s/a 0700 0:12/']],
    ['d /s/a/b', files, ['/s/a 0755 0:12/', '/s/a/b 0755 0:0/']],
    ['d= /s/a/b', files, ['/s/a 2755 0:12/', '/s/a/b 2755 0:12/']],
    ['f /s/a', files, ['/s/a 0644 0:12']],
  ]);
});

test('access control lists show in the mode', () => {
  checkRows([
    ['a /a - - - - u:1:rwx', '--- /a 0640', ['/a 0670 0:0']],
    ['a /a - - - - u:1:---', '--- /a 0640', ['/a 0600 0:0']],
    ['a+ /a - - - - u:1:r', '--- /a 0640', ['/a 0640 0:0']],
    ['a+ /a - - - - u:1:-w-', '--- /a 0640', ['/a 0660 0:0']],
    ['a /a - - - - u::rwx,g::-,o::r', '--- /a 0640', ['/a 0704 0:0']],
    ['a /a - - - - m::rwx', '--- /a 0640', ['/a 0670 0:0']],
    ['a /a - - - - u:1:rwX', '--- /a 0640', ['/a 0660 0:0']],
    ['a /a - - - - u:1:rwX', '--- /a 0740', ['/a 0770 0:0']],
    ['a /a - - - - u:1:rwX', '--- /a/ 0600', ['/a 0670 0:0/']],
    ['A /a - - - - u:1:rwX', '--- /a/b 0640', ['/a 0775 0:0/', '/a/b 0660 0:0']],
    ['a /a - - - - d:u:1:rwx\nz /a/b', '--- /a/ 0700', ['/a 0700 0:0/']],
    ['a /a - - - - u:nosuch:r', '--- /a', []],
    ['a /a - - - - nonsense', '--- /a', []],
    ['a /a - - - - u:1:rwx', '--- /a -> b', []],
  ]);
  // A default list reaches what is made afterwards; the global order makes d come first, so it takes two directories.
  const { tree } = run({ conf: 'a /a - - - - d:u:1:rwx,d:g::-,d:o::-\nd /a/b/c', files: '--- /a/ 0700' });
  assert.equal(tree.lookup('/a/b')?.mode, 0o755);
  assert.deepEqual(
    run({ conf: 'a+ /a - - - - u:1:rw', files: '--- /a' })
      .tree.lookup('/a')
      ?.facts.map(({ kind, text }) => [kind, text]),
    [['acl', 'u::rw-,g::r--,o::r--,u:1:rw-,m::rw-']],
  );
});

test('attributes of inodes are kept as facts', () => {
  const { tree, result } = run({
    conf: 't /a - - - - user.x=%% user.y="a b"\nh /a - - - - +C\nk /a - - - - cap_net_raw=ep',
    files: '--- /a',
    version: 262,
  });
  assert.equal(result.exitStatus, 0);
  assert.deepEqual(
    tree
      .lookup('/a')
      ?.facts.map(({ kind, text }) => `${kind} ${text}`)
      .sort(),
    ['attributes +C', 'capabilities cap_net_raw=ep', 'xattr user.x=%', 'xattr user.y=a b'],
  );
  checkRows([
    ['t /a - - - - user.x=y', '--- /a -> b', [], 73],
    ['h /a - - - - +C', '--- /a -> b', [], 73],
    ['t /a - - - - x=y', '--- /a', [], 73],
  ]);
});

test('what is in the way goes with =', () => {
  checkRows([
    ['d= /a/b', '--- /a', ['/a 0755 0:0/', '/a/b 0755 0:0/']],
    ['f= /a/b', '--- /a -> nowhere', ['/a 0755 0:0/', '/a/b 0644 0:0']],
    ['f= /a/b', '--- /a -> c\n--- /c/', ['/c/b 0644 0:0']],
    ['f= /a', '--- /a/x', ['/a 0644 0:0', '-/a/x']],
    ['C= /a - - - - /src', '--- /a\nmine\n--- /src/', []],
  ]);
});

test('a walk does not leave a directory of one user for what another owns', () => {
  const files = '--- /a/ 0755 1:1\n--- /a/b/ 0755 2:2\n--- /a/b/c\n--- /a/d/ 0755 1:1';
  checkRows([
    ['f /a/b/x', files, [], 73],
    ['f /a/d/x', files, ['/a/d/x 0644 0:0']],
    ['z /a/b 0700', files, [], 73],
    ['z /a/d 0700', files, ['/a/d 0700 1:1/']],
    ['e /a/b 0700', files, [], 73],
    ['L? /l - - - - /a/b', files, [], 73],
    ['d /a/b - 12 13\nd /a/b/c\nf /a/b/c/f', '--- /a/', ['/a/b 0755 12:13/', '/a/b/c 0755 0:0/'], 73],
  ]);
  const link = { '/a/l': new MemoryNode('symlink', { mode: 0o777, uid: 1, gid: 0, target: '../b' }) };
  const setting: Setting = { conf: 'f /a/l/x', files: '--- /a/\n--- /b/', nodes: link };
  check({ ...setting, version: 252 }, { tree: [], status: 73 });
  check({ ...setting, version: 257 }, { tree: ['/b/x 0644 0:0'] });
});

test('paths', () => {
  checkRows([
    ['d //a/./b/', '', ['/a 0755 0:0/', '/a/b 0755 0:0/']],
    ['d /a/../b', '--- /a/', [], 73],
    ['d /', '', [], 73],
    ['z / 0700', '', []],
    ['d a', '', [], 65],
    [`d /${'x'.repeat(256)}`, '', [], 73],
    ['d /var/run/a', '', ['/run 0755 0:0/', '/run/a 0755 0:0/']],
    ['d /../a', '', ['/a 0755 0:0/']],
    ['d /a', '--- /usr/bin/', ['/a 0755 0:0/']],
  ]);
  checkRows([['d /../a', '', [], 73]], 252);
  check({ conf: 'd /var/run/a' }, { codes: ['legacy-var-run:1'] });
  check({ conf: 'd /var/run/a', version: 252 }, { codes: [] });
});

test('under --root an absolute symlink leads out of the image', () => {
  const files = '--- /out -> /in\n--- /in/x/';
  checkRows([
    ['z /out/x 0700', files, []],
    ['d /out/y', files, ['/in/y 0755 0:0/']],
    ['d /out/y/z', files, [], 73],
    ['e /out 0700', files, ['/in 0700 0:0/']],
  ]);
  check(
    { conf: 'd /out/y/z', files, inputs: { semantics: 'boot' } },
    { tree: ['/in/y 0755 0:0/', '/in/y/z 0755 0:0/'] },
  );
  check({ conf: 'z /out/x 0700', files, inputs: { semantics: 'boot' } }, { tree: ['/in/x 0700 0:0/'] });
});

test('owners', () => {
  const files = '--- /etc/passwd\nroot:x:0:0::/:\napp:x:7:8::/:\napp:x:9:9::/:\n--- /etc/group\napp:x:8:\n';
  checkRows([
    ['d /a - app app', files, ['/a 0755 7:8/']],
    ['d /a - root root', '', ['/a 0755 0:0/']],
    ['d /a - nosuch', files, [], 65],
    ['d- /a - nosuch', files, [], 65],
    ['d /a - nobody', files, [], 65],
    ['d /a - 65535', files, [], 65],
    ['d /a - 007', files, [], 65],
    ['d /a - v', `${files}--- /usr/lib/passwd\nv:x:5:5::/:\n`, ['/a 0755 5:0/']],
  ]);
  const boot = { inputs: { semantics: 'boot' } } as const;
  check({ conf: 'd /a - nobody nogroup', ...boot }, { tree: ['/a 0755 65534:65534/'] });
  check({ conf: 'd /a - root root', ...boot }, { tree: ['/a 0755 0:0/'] });
  check({ conf: 'd /a - nosuch', ...boot }, { tree: [], status: 65, codes: ['unknown-user:1'] });
  check({ conf: 'd /a 2750 - nosuch', graceful: true }, { tree: ['/a 0750 0:0/'], codes: [] });
});

test('an owner whose file has unknown content stays unknown', () => {
  const unknown = new MemoryNode('file', {
    mode: 0o644,
    uid: 0,
    gid: 0,
    content: { kind: 'unknown', reason: 'left out' },
  });
  check({ conf: 'd /a - app', nodes: { '/etc/passwd': unknown } }, { tree: ['/a 0755 ?:0/'] });
  check({ conf: 'C /a - - - - /etc/passwd', nodes: { '/etc/passwd': unknown } }, { tree: ['/a 0644 0:0 unknown'] });
});

test('specifiers', () => {
  const release = '--- /etc/os-release\nID=test\n';
  checkRows([
    ['d /%o', release, ['/test 0755 0:0/']],
    ['d /%o', '', []],
    ['d /a%w', release, ['/a 0755 0:0/']],
    ['d /%m', '', []],
    ['d /%m', '--- /etc/machine-id\nuninitialized', []],
    ['d /%m', `--- /etc/machine-id\n${'0a'.repeat(16)}`, [`/${'0a'.repeat(16)} 0755 0:0/`]],
    ['d /%m', '--- /etc/machine-id\nnonsense', []],
    ['d /%u%U%g%G%%%', '', ['/root0root0%% 0755 0:0/']],
    ['L /a - - - - %o', release, ['/a 0:0 -> test']],
    ['d /%Z', '', [], 65],
  ]);
  checkRows([['d /%m', '--- /etc/machine-id\nnonsense', [], 65]], 252);
  check({ conf: 'd /%H', inputs: { semantics: 'boot' } }, { tree: [] });
  const prefixed = { inputs: { rootPrefix: '/r' }, conf: 'd %S/a' };
  check(
    { ...prefixed, version: 257 },
    { tree: ['/r 0755 0:0/', '/r/var 0755 0:0/', '/r/var/lib 0755 0:0/', '/r/var/lib/a 0755 0:0/'] },
  );
  check({ ...prefixed, version: 262 }, { tree: ['/var/lib 0755 0:0/', '/var/lib/a 0755 0:0/'] });
});

test('credentials', () => {
  const credentials = { name: 'secret', code: 'eHl6' };
  const rows: readonly [string, readonly string[], readonly string[]][] = [
    ['f^ /a - - - - name', ['/a 0644 0:0 "secret"'], []],
    ['f^~ /a - - - - code', ['/a 0644 0:0 "xyz"'], []],
    ['f^ /a - - - - nosuch', [], []],
    ['f^ /a', [], ['credential-name-missing:1']],
    ['f^ /a - - - - a/b', [], ['credential-name-invalid:1']],
    ['f^~ /a - - - - name!', [], []],
  ];
  for (const [conf, tree, codes] of rows) check({ conf, credentials }, { tree, codes });
  check({ credentials: { 'tmpfiles.extra': 'd /a\ny /b' } }, { tree: ['/a 0755 0:0/'], status: 65 });
});

test('lines with ! are for boots, prefixes choose paths', () => {
  check({ conf: 'd! /a' }, { tree: [] });
  check({ conf: 'd! /a', boot: true }, { tree: ['/a 0755 0:0/'] });
  check({ conf: 'd! a 999' }, { tree: [] });
  check({ conf: 'd!* /a' }, { status: 65 });
  check({ conf: 'd /a/b\nd /ab\nd /c', prefixes: ['/a/'] }, { tree: ['/a 0755 0:0/', '/a/b 0755 0:0/'] });
  check({ conf: 'd /a\nd /c', excludePrefixes: ['/a'] }, { tree: ['/c 0755 0:0/'] });
  check({ conf: `d /a/${'x'.repeat(256)} 999`, prefixes: ['/a'] }, { tree: [], status: 0 });
  check({ conf: 'd /c 999\ny /c', prefixes: ['/a'] }, { status: 65, codes: ['unknown-line-type:2'] });
});

test('lines on one path', () => {
  const rows: readonly [conf: string, tree: readonly string[], codes: readonly string[]][] = [
    ['d /a 0700\nd /a 0711', ['/a 0700 0:0/'], ['duplicate-line:2']],
    ['d /a\nD /a', ['/a 0755 0:0/'], []],
    ['d /a :0700\nd /a 0700', ['/a 0700 0:0/'], ['duplicate-line:2']],
    ['d /a 0755\nd /a', ['/a 0755 0:0/'], ['duplicate-line:2']],
    ['d /a - - - 1d\nd /a', ['/a 0755 0:0/'], ['duplicate-line:2']],
    ['d /a\nd /a - - - - x', ['/a 0755 0:0/'], ['unexpected-argument:2', 'duplicate-line:2']],
    ['z /a 0700\nz /a 0711\nd /a', ['/a 0711 0:0/'], []],
    ['e /a 0700\nd /a 0711', ['/a 0700 0:0/'], []],
    ['f /a - - - - x\nL /a', ['/a 0644 0:0 "x"'], ['duplicate-line:2']],
  ];
  for (const [conf, tree, codes] of rows) check({ conf }, { tree, codes });
  const { result } = run({ conf: 'd /a 0700\nd /a 0711' });
  const second = result.outcomes[1]?.result;
  assert.ok(second?.kind === 'skipped' && second.reason === 'duplicate' && second.earlier?.line === 1);
});

test('the order of work', () => {
  const made = ['/a 0700 0:0/', '/a/b 0711 0:0/', '/a/b/c 0755 0:0/', '/a/b/c/f 0644 0:0'];
  const lines = ['f /a/b/c/f', 'd /a/b 0711', 'd /a 0700'];
  for (const order of [lines, [...lines].reverse()]) check({ conf: order.join('\n') }, { tree: made });
  // The nearest configured ancestor runs first even if it is a pattern line, which then finds nothing.
  check({ conf: 'd /q/y\nZ /q 0700' }, { tree: ['/q 0755 0:0/', '/q/y 0755 0:0/'] });
  check({ conf: 'd /q\nd /q/y\nZ /q 0700' }, { tree: ['/q 0700 0:0/', '/q/y 0700 0:0/'] });
});

test('removing', () => {
  const files = '--- /a/b/c\n--- /a/d 1644\n--- /a/e/f/\n--- /g -> a\n--- /loop -> loop';
  const rows: readonly [conf: string, tree: readonly string[], status?: number, version?: number][] = [
    ['r /a/d', ['-/a/d']],
    ['r /a', [], 73],
    ['r- /a', [], 73],
    ['r /a/e/f', ['-/a/e/f']],
    ['r /nosuch', []],
    ['r /g', ['-/g']],
    ['R /g', ['-/g']],
    ['R /a', ['-/a', '-/a/b', '-/a/b/c', '-/a/d', '-/a/e', '-/a/e/f'], 0, 252],
    // The sticky bit protects a file.
    ['R /a', ['-/a/b', '-/a/b/c', '-/a/e', '-/a/e/f']],
    ['R /a\nx /a/b', ['-/a/e', '-/a/e/f']],
    ['R /a\nd /a/b/c', ['-/a/e', '-/a/e/f']],
    ['R /a/*', ['-/a/b', '-/a/b/c', '-/a/d', '-/a/e', '-/a/e/f']],
    ['D /a', ['-/a/b', '-/a/b/c', '-/a/e', '-/a/e/f']],
    ['D /g', []],
    ['D /a/d', []],
    ['D /loop/x', [], 73],
    ['D /loop/x', [], 0, 252],
  ];
  for (const [conf, tree, status, version] of rows) {
    check({ conf, files, create: false, remove: true, version: version ?? 257 }, { tree, status: status ?? 0 });
  }
  check(
    { conf: 'R /a\nd /a', files, create: true, remove: true, version: 252 },
    {
      tree: ['-/a/b', '-/a/b/c', '-/a/d', '-/a/e', '-/a/e/f'],
    },
  );
});

test('purging', () => {
  const files = '--- /a/b\n--- /c';
  check({ conf: 'd$ /a\nf$ /c', files, create: false, purge: true }, { tree: ['-/a', '-/a/b', '-/c'] });
  check({ conf: 'd /a\nf$ /c', files, create: false, purge: true }, { tree: ['-/c'] });
  check({ conf: 'd$ /a\nf /a/b', files, create: false, purge: true }, { tree: [] });
});

const DAY = 86_400n * 1_000_000_000n;
const NOW = 20_000n * DAY;

/** A node with all its times that many days before the run. */
function aged(type: 'file' | 'directory', days: bigint, options: { readonly mode?: number } = {}): MemoryNode {
  const at = NOW - days * DAY;
  const node = new MemoryNode(type, { mode: options.mode ?? 0o755, uid: 0, gid: 0, modified: at });
  return Object.assign(node, { accessed: at, changed: at, born: at });
}

test('ways to clean and remove that cannot be walked', () => {
  const long = `/${'n'.repeat(256)}`;
  const rows: readonly [conf: string, more: Partial<TmpfilesOptions>, statuses: readonly number[]][] = [
    [`d ${long} - - - 1d`, { clean: true }, [0, 0, 73]],
    [`v ${long}/q - - - 1d`, { clean: true }, [0, 0, 73]],
    ['d /loop/q - - - 1d', { clean: true }, [0, 0, 73]],
    ['d /loop/q', { clean: true }, [0, 0, 73]],
    ['d /loop/q - - - infinity', { clean: true }, [0, 0, 73]],
    ['f /loop/q', { clean: true }, [0, 0, 0]],
    ['d /loop - - - 1d', { clean: true }, [0, 0, 0]],
    ['d /file/q - - - 1d', { clean: true }, [0, 0, 0]],
    ['C /loop/q - - - 1d /usr', { clean: true }, [0, 0, 73]],
    ['e /loop/q - - - 1d', { clean: true }, [0, 0, 0]],
    ['x /loop/q - - - 1d', { clean: true }, [0, 0, 0]],
    [`d ${long}`, { remove: true }, [0, 0, 0]],
    [`D ${long}`, { remove: true }, [73, 73, 73]],
    ['D /loop/q', { remove: true }, [0, 73, 73]],
    [`R ${long}`, { remove: true }, [0, 0, 0]],
  ];
  for (const [conf, more, statuses] of rows) {
    for (const [i, version] of [252, 257, 262].entries()) {
      const files = '--- /loop -> loop\n--- /file\n';
      check(
        { conf, files, version, create: false, ...more, inputs: { now: NOW } },
        { tree: [], status: statuses[i] ?? 0 },
      );
    }
  }
  check({ conf: `f$ ${long}`, create: false, purge: true }, { tree: [], status: 73 });
  // A source whose name is too long is not taken for a missing one, so the rest of the line is read.
  check(
    { conf: `C ${long} :-`, files: '--- /usr/share/factory/' },
    { tree: [], status: 65, codes: ['invalid-mode:1'] },
  );
  check({ conf: `C ${long} :-` }, { tree: [], status: 0 });
});

test('cleaning by age', () => {
  const nodes = {
    '/a': aged('directory', 1n),
    '/a/old': aged('file', 20n),
    '/a/new': aged('file', 1n),
    '/a/sticky': aged('file', 20n, { mode: 0o1644 }),
    '/a/dir': aged('directory', 20n),
    '/a/dir/old': aged('file', 20n),
  };
  const all = ['-/a/dir', '-/a/dir/old', '-/a/old'];
  const rows: readonly [conf: string, tree: readonly string[], version?: number][] = [
    ['d /a - - - 10d', all],
    ['d /a - - - 30d', []],
    ['d /a', []],
    ['d /a - - - ~10d', ['-/a/dir/old']],
    ['d /a - - - m:10d', all],
    ['d /a - - - infinity', []],
    ['e /a* - - - 10d', all],
    ['d /a - - - 10d\nx /a/dir', ['-/a/old']],
    ['d /a - - - 10d\nX /a/dir', ['-/a/dir/old', '-/a/old']],
    ['d /a - - - 10d\nz /a/o*', ['-/a/dir', '-/a/dir/old']],
    ['r /a/* - - - 10d', []],
    ['r /a/{old,new} - - - 10d', ['-/a/old'], 262],
    ['R /a/dir - - - 10d', ['-/a/dir', '-/a/dir/old'], 262],
    ['r /a/old', [], 262],
  ];
  const inputs = { now: NOW };
  for (const [conf, tree, version] of rows) {
    check({ conf, nodes, create: false, clean: true, version: version ?? 257, inputs }, { tree });
  }
  const { result } = run({ conf: 'd /a - - - 10d', nodes, create: false, clean: true });
  assert.deepEqual(
    result.messages.map(({ code }) => code),
    ['age-unknown'],
  );
  const undated = { '/a/x': new MemoryNode('file', { mode: 0o644, uid: 0, gid: 0 }) };
  check({ conf: 'd /a - - - 10d', nodes: undated, create: false, clean: true, inputs }, { tree: [] });
});

test('read-only mounts', () => {
  const readOnly = ['/etc'];
  const files = '--- /etc/a\nx\n--- /etc/d/b';
  const rows: readonly [string, readonly string[], number][] = [
    ['d /etc/new', [], 73],
    ['f /etc/a 0600', [], 73],
    ['f /etc/a 0644', [], 0],
    ['f /etc/a', [], 0],
    ['f+ /etc/a', [], 73],
    ['L /etc/a - - - - x', [], 0],
    ['L+ /etc/a - - - - x', [], 73],
    ['w /etc/a - - - - y', [], 73],
    ['C /etc/c - - - - /etc/a', [], 73],
    ['d /etc/x/y', [], 73],
  ];
  for (const [conf, tree, status] of rows) check({ conf, files, readOnly }, { tree, status });
  check({ conf: 'R /etc/d', files, readOnly, create: false, remove: true }, { tree: [], status: 73 });
  check({ conf: 'r /etc/a', files, readOnly, create: false, remove: true }, { tree: [], status: 73 });
});

test('exit status', () => {
  const rows: readonly [string, number][] = [
    ['', 0],
    ['# comment', 0],
    ['y /a', 65],
    ['d /', 73],
    ['d /\ny /a', 65],
    ['d- /..', 0],
    ['f~ /a - - - - $', 0],
    ['C /a', 0],
    ['; x', 65],
  ];
  for (const [conf, status] of rows) check({ conf }, { status });
});

test('files on the command line', () => {
  const given = [{ name: 'x.conf', text: 'd /given' }];
  const files = '--- /usr/lib/tmpfiles.d/m.conf\nd /m\n--- /usr/lib/tmpfiles.d/z.conf\nd /z';
  check({ files, given }, { tree: ['/given 0755 0:0/'] });
  check({ files, given, replace: '/usr/lib/tmpfiles.d/m.conf' }, { tree: ['/given 0755 0:0/', '/z 0755 0:0/'] });
  check(
    { files, given, replace: '/etc/tmpfiles.d/n.conf' },
    { tree: ['/given 0755 0:0/', '/m 0755 0:0/', '/z 0755 0:0/'] },
  );
  const better = `${files}\n--- /etc/tmpfiles.d/m.conf\nd /etc-m`;
  check(
    { files: better, given, replace: '/usr/lib/tmpfiles.d/m.conf' },
    { tree: ['/etc-m 0755 0:0/', '/z 0755 0:0/'] },
  );
  const masked = `${files}\n--- /etc/tmpfiles.d/m.conf -> /dev/null`;
  check({ files: masked, given, replace: '/usr/lib/tmpfiles.d/m.conf' }, { tree: ['/z 0755 0:0/'] });
  check(
    { files: masked, given, replace: '/usr/lib/tmpfiles.d/m.conf', version: 262 },
    { tree: ['/given 0755 0:0/', '/z 0755 0:0/'] },
  );
  // An error that is not one of syntax ends the run.
  check({ given: [{ name: 'x', text: 'd /a\nf~ /b - - - - $' }] }, { tree: [], status: 1 });
});

// Run in a chroot with 257 and 262, where the tool has no --root.
test('at boot the root is the root', () => {
  const conf = [
    'd /',
    'd /nob - nobody nogroup',
    'd /nx - nosuch',
    'z /out/x 0700',
    'd /out/y/z',
    'd /S%S',
    'L+ /out/y - - - - q',
    'd /../up',
    'f /q/../w',
    'd /a/b 0711',
  ].join('\n');
  const tree = [
    '/S 0755 0:0/',
    '/S/var 0755 0:0/',
    '/S/var/lib 0755 0:0/',
    '/a 0755 0:0/',
    '/a/b 0711 0:0/',
    '/in/x 0700 0:0/',
    '/in/y 0:0 -> q',
    '/nob 0755 65534:65534/',
    '/up 0755 0:0/',
  ];
  check({ conf, files: '--- /in/x/\n--- /out -> /in', inputs: { semantics: 'boot' } }, { tree, status: 65 });
});

test('everything has its cause', () => {
  const { tree } = run({ conf: 'd /x/a 0700\nC /c - - - - /src\nz /old 0600', files: '--- /src/f\n--- /old' });
  const causes = (path: string) =>
    tree.lookup(path)?.causes.map(({ action, file, line, phase }) => `${phase} ${file}:${line} ${action}`);
  assert.deepEqual(causes('/x'), ['tmpfiles /usr/lib/tmpfiles.d/a.conf:1 parent']);
  assert.deepEqual(causes('/x/a'), ['tmpfiles /usr/lib/tmpfiles.d/a.conf:1 created']);
  assert.deepEqual(causes('/c/f'), ['tmpfiles /usr/lib/tmpfiles.d/a.conf:2 copied']);
  assert.deepEqual(causes('/old'), ['tmpfiles /usr/lib/tmpfiles.d/a.conf:3 changed']);
});

test('outcomes of lines', () => {
  const { result } = run({ conf: 'd /a 0700 1\nd! /b\ny /c\nL /d - - - - x', files: '--- /d' });
  const shown = result.outcomes.map(({ path, result: one }) => {
    if (one.kind === 'applied') return [path, ...one.effects.map(({ kind }) => kind)].join(' ');
    return one.kind === 'skipped' ? `skipped ${one.reason}` : `${one.kind} ${one.code}`;
  });
  assert.deepEqual(shown, ['/a created', 'skipped not-boot', 'refused unknown-line-type', '/d kept']);
});

test('any lines: no exception, twice the same, parents of everything are directories', () => {
  const line = fc
    .tuple(
      fc.constantFrom(...lineTypes.map((type) => type.letter)),
      fc.constantFrom('', ...modifiers.map((modifier) => modifier.sign)),
      fc.constantFrom('/a', '/a/b', '/b', '/a/b/c', '/l/x', '/*', '/a/../b', '/'),
      fc.constantFrom('-', '0700', '~2777', '9'),
      fc.constantFrom('-', '0', '1', 'x'),
      fc.constantFrom('-', '/a', 'b', '1:3', 'u:1:rwX', 'user.a=b', '/src'),
    )
    .map(
      ([letter, sign, path, mode, owner, argument]) =>
        `${letter}${sign} ${path} ${mode} ${owner} ${owner} 0 ${argument}`,
    );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom(252, 257, 262),
      fc.boolean(),
      (lines, version, remove) => {
        const setting: Setting = {
          conf: lines.join('\n'),
          files: '--- /a/b/\n--- /l -> a\n--- /src/x/y\n--- /b\nold',
          version,
          remove,
          clean: remove,
          inputs: { now: NOW, semantics: remove ? 'boot' : 'offline' },
        };
        const first = run(setting);
        const second = run(setting);
        const list = ({ tree }: typeof first) =>
          [...listEntries(tree, '/', { all: true })].map(
            ({ path, inode }) => `${path} ${inode === undefined ? '-' : describe(inode)}`,
          );
        assert.deepEqual(list(first), list(second));
        assert.deepEqual(first.result.messages, second.result.messages);
      },
    ),
    { numRuns: 150 },
  );
});

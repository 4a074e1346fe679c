import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import type { Image } from '../src/core/image/image.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { type DirectoryOptions, openDirectory } from '../src/host/directory-image.ts';
import { nodeAt } from './support/list-nodes.ts';
import { withTemporaryDirectory } from './support/temporary-directory.ts';

function open(path: string, options?: DirectoryOptions): Image {
  const opened = openDirectory(path, options);
  assert.equal(opened.kind, 'opened');
  return opened.kind === 'opened' ? opened.image : assert.fail();
}

function textOf(image: Image, path: string): string {
  const content = nodeAt(image, path)?.read();
  return content?.kind === 'bytes' ? Buffer.from(content.bytes).toString() : `(${content?.kind})`;
}

test('a directory shows its inodes as they are', () =>
  withTemporaryDirectory((path) => {
    mkdirSync(`${path}/etc`);
    writeFileSync(`${path}/etc/passwd`, 'root:x:0:0');
    chmodSync(`${path}/etc/passwd`, 0o4711);
    linkSync(`${path}/etc/passwd`, `${path}/etc/again`);
    symlinkSync('../nowhere', `${path}/etc/link`);
    const image = open(path);
    const file = nodeAt(image, '/etc/passwd');
    assert.equal(file?.type, 'file');
    assert.equal(file?.mode, 0o4711);
    assert.equal(file?.size, 10);
    assert.equal(file?.uid, process.getuid?.());
    assert.ok((file?.modified ?? 0n) > 1_600_000_000_000_000_000n);
    assert.equal(textOf(image, '/etc/passwd'), 'root:x:0:0');
    assert.ok(file?.identity !== undefined && file.identity === nodeAt(image, '/etc/again')?.identity);
    assert.equal(nodeAt(image, '/etc/link')?.target, '../nowhere');
    assert.equal(nodeAt(image, '/etc/passwd/x'), undefined);
    assert.equal(nodeAt(image, '/missing'), undefined);
    assert.equal(nodeAt(image, `/${'x'.repeat(300)}`), undefined);
    assert.deepEqual(image.problems(), []);
  }));

test('a root that cannot be opened is one sentence', () =>
  withTemporaryDirectory((path) => {
    writeFileSync(`${path}/file`, '');
    for (const name of ['missing', 'file', 'file/below', 'x'.repeat(300)]) {
      const opened = openDirectory(`${path}/${name}`);
      assert.equal(opened.kind, 'failed');
      if (opened.kind === 'failed') assert.doesNotMatch(opened.message, /\n|at /);
    }
  }));

test('nothing outside the root is reached', () =>
  withTemporaryDirectory((path) => {
    mkdirSync(`${path}/outside`);
    writeFileSync(`${path}/outside/canary`, 'canary');
    mkdirSync(`${path}/root`);
    symlinkSync(`${path}/outside`, `${path}/root/absolute`);
    symlinkSync('../outside', `${path}/root/upward`);
    symlinkSync('../../../../../../../../..', `${path}/root/top`);
    symlinkSync(`${path}/outside/canary`, `${path}/root/file`);
    symlinkSync('self', `${path}/root/self`);
    const image = open(`${path}/root`);
    const tree = new Tree(image.root);
    const attempts = [
      '/absolute/canary',
      '/upward/canary',
      '/file',
      `/top${path}/outside/canary`,
      '/../outside/canary',
    ];
    for (const attempt of attempts) assert.equal(tree.lookup(attempt), undefined, attempt);
    assert.equal(tree.walk('/self').kind, 'loop');
    for (const name of ['..', '.', '', '../outside', 'absolute/canary', 'a\0b']) {
      assert.equal(image.root.child(name), undefined, name);
    }
    assert.equal(nodeAt(image, '/file')?.read().kind, 'unreadable');
    assert.equal(nodeAt(image, '/absolute/canary'), undefined);
  }));

test('a file that was replaced by a link is not read through it', () =>
  withTemporaryDirectory((path) => {
    mkdirSync(`${path}/root`);
    writeFileSync(`${path}/canary`, 'canary');
    writeFileSync(`${path}/root/file`, 'honest');
    writeFileSync(`${path}/root/other`, 'honest');
    const image = open(`${path}/root`);
    const [file, other] = [image.root.child('file'), image.root.child('other')];
    spawnSync('ln', ['-sfn', `${path}/canary`, `${path}/root/file`]);
    // Made while the old file is there, so that it cannot get the old one's inode number.
    spawnSync('cp', [`${path}/canary`, `${path}/replacement`]);
    spawnSync('mv', ['-f', `${path}/replacement`, `${path}/root/other`]);
    assert.equal(file?.read().kind, 'unreadable');
    assert.equal(other?.read().kind, 'unreadable');
    assert.equal(image.problems().length, 2);
  }));

test('fifos, sockets and devices are never opened', () =>
  withTemporaryDirectory(async (path) => {
    spawnSync('mkfifo', [`${path}/fifo`]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(`${path}/socket`, resolve));
    const image = open(path);
    assert.equal(nodeAt(image, '/fifo')?.type, 'fifo');
    assert.equal(nodeAt(image, '/fifo')?.read().kind, 'unreadable');
    assert.equal(nodeAt(image, '/socket')?.type, 'socket');
    assert.equal(nodeAt(image, '/socket')?.read().kind, 'unreadable');
    await new Promise((resolve) => server.close(resolve));
    const device = nodeAt(open('/dev'), '/null');
    assert.deepEqual(
      [device?.type, device?.device, device?.read().kind],
      ['char', { major: 1, minor: 3 }, 'unreadable'],
    );
  }));

test('what may not be read is one problem and costs nothing else', () =>
  withTemporaryDirectory((path) => {
    mkdirSync(`${path}/closed`);
    writeFileSync(`${path}/closed/file`, 'x');
    writeFileSync(`${path}/secret`, 'x');
    writeFileSync(`${path}/open`, 'x');
    chmodSync(`${path}/closed`, 0);
    chmodSync(`${path}/secret`, 0);
    // Nothing is closed to root.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      const image = open(path);
      for (let i = 0; i < 2; i++) {
        assert.deepEqual(nodeAt(image, '/closed')?.names(), []);
        assert.equal(nodeAt(image, '/closed/file'), undefined);
        assert.equal(nodeAt(image, '/secret')?.read().kind, 'unreadable');
        assert.equal(textOf(image, '/open'), 'x');
      }
      assert.deepEqual(
        image.problems().map((problem) => `${problem.path}: ${problem.message}`),
        [
          '/closed: cannot be listed: permission denied',
          '/closed/file: cannot be examined: permission denied',
          '/secret: cannot be read: permission denied',
        ],
      );
      assert.equal(openDirectory(`${path}/closed`).kind, 'failed');
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(`${path}/closed`, 0o700);
    }
  }));

test('names that are not UTF-8 survive', () =>
  withTemporaryDirectory((path) => {
    const directory = Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0x61, 0xff, 0x62])]);
    mkdirSync(directory);
    writeFileSync(Buffer.concat([directory, Buffer.from([0x2f, 0xc3])]), 'inside');
    writeFileSync(`${path}/\ufffd`, 'real');
    symlinkSync(Buffer.from([0xfe]), `${path}/link`);
    const image = open(path);
    assert.deepEqual([...image.root.names()].sort(), ['a\udcffb', 'link', '\ufffd']);
    assert.deepEqual(nodeAt(image, '/a\udcffb')?.names(), ['\udcc3']);
    assert.equal(textOf(image, '/a\udcffb/\udcc3'), 'inside');
    assert.equal(textOf(image, '/\ufffd'), 'real');
    assert.equal(nodeAt(image, '/link')?.target, '\udcfe');
  }));

test('contents above the limit are unknown', () =>
  withTemporaryDirectory((path) => {
    writeFileSync(`${path}/large`, '');
    truncateSync(`${path}/large`, 1001);
    writeFileSync(`${path}/small`, 'x'.repeat(1000));
    const image = open(path, { contentLimit: 1000 });
    assert.equal(nodeAt(image, '/large')?.read().kind, 'unknown');
    assert.equal(nodeAt(image, '/large')?.size, 1001);
    assert.equal(textOf(image, '/small').length, 1000);
  }));

test('ten thousand entries are listed', () =>
  withTemporaryDirectory((path) => {
    writeFileSync(`${path}/0`, '');
    for (let i = 1; i < 10_000; i++) linkSync(`${path}/0`, `${path}/${i}`);
    const image = open(path);
    const names = image.root.names();
    assert.equal(names.length, 10_000);
    assert.ok(names.every((name) => image.root.child(name)?.type === 'file'));
  }));

test('an unpacked snapshot keeps what was left out unknown', () =>
  withTemporaryDirectory((path) => {
    mkdirSync(`${path}/.snapshot`);
    writeFileSync(`${path}/app`, '');
    writeFileSync(`${path}/empty`, '');
    writeFileSync(`${path}/.snapshot/manifest.jsonl`, '{"path":"/app","size":4711,"kind":"elf"}\nnonsense\n');
    writeFileSync(`${path}/.snapshot/exec-strings.jsonl`, '{"path":"/app","paths":["/etc/app"]}\n');
    const image = open(path);
    assert.deepEqual([...image.root.names()].sort(), ['app', 'empty']);
    assert.equal(nodeAt(image, '/.snapshot'), undefined);
    assert.equal(nodeAt(image, '/app')?.read().kind, 'unknown');
    assert.equal(nodeAt(image, '/app')?.size, 4711);
    assert.equal(textOf(image, '/empty'), '');
    assert.deepEqual(image.embeddedPaths?.('/app'), ['/etc/app']);
    assert.equal(image.problems().length, 1);
  }));

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Image } from '../src/core/image/image.ts';
import { openArchive } from '../src/host/archive-image.ts';
import type { OpenResult } from '../src/host/open-result.ts';
import { listNodes, nodeAt } from './support/list-nodes.ts';
import { concatenate, type TarEntry, writeTar, writeZstd } from './support/tar-writer.ts';
import { withTemporaryDirectory } from './support/temporary-directory.ts';

async function openBytes(bytes: Uint8Array, options?: Parameters<typeof openArchive>[1]): Promise<OpenResult> {
  let opened: OpenResult | undefined;
  await withTemporaryDirectory(async (path) => {
    writeFileSync(`${path}/image`, bytes);
    opened = await openArchive(`${path}/image`, options);
  });
  return opened ?? assert.fail();
}

async function open(bytes: Uint8Array): Promise<Image> {
  const opened = await openBytes(bytes);
  return opened.kind === 'opened' ? opened.image : assert.fail(opened.message);
}

/** Opens the entries as tar, tar.gz and tar.zst and expects the same tree and problems of all three. */
async function check(entries: readonly TarEntry[], expected: readonly string[], problems: readonly string[] = []) {
  const tar = writeTar(entries);
  for (const bytes of [tar, gzipSync(tar), writeZstd(tar)]) {
    const image = await open(bytes);
    assert.deepEqual(listNodes(image), expected);
    assert.deepEqual(
      image.problems().map((problem) => `${problem.path}: ${problem.message}`),
      problems,
    );
    assert.equal(image.completeness, 'complete');
  }
}

test('all types of members', () =>
  check(
    [
      { name: './', type: '5', mode: 0o755 },
      { name: './etc/', type: '5', mode: 0o750, uid: 1, gid: 2 },
      { name: './etc/file', content: 'text', mode: 0o4640, uid: 3, gid: 4 },
      { name: './etc/link', type: '2', link: '/usr/x', mode: 0o777 },
      { name: './dev/null', type: '3', device: [1, 3], mode: 0o666 },
      { name: './dev/disk', type: '4', device: [8, 1] },
      { name: './run/fifo', type: '6' },
    ],
    [
      '/ directory 755 0:0',
      '/dev directory ? ?:?',
      '/dev/disk block 644 0:0',
      '/dev/null char 666 0:0',
      '/etc directory 750 1:2',
      '/etc/file file 4640 3:4 "text"',
      '/etc/link symlink 777 0:0 -> /usr/x',
      '/run directory ? ?:?',
      '/run/fifo fifo 644 0:0',
    ],
  ));

test('names: slashes, bytes, pax records', async () => {
  const long = `${'d'.repeat(90)}/${'f'.repeat(90)}`;
  await check(
    [
      { name: '/etc//./a', content: '1' },
      { name: 'etc/\udcff', content: '2' },
      { name: 'short', pax: { path: `etc/${long}`, mtime: '5.25' }, content: '3' },
      { name: 'short', pax: { path: 'etc/\udcfeb', uid: '70000000', comment: 'ä' }, content: '4' },
      { name: 'etc/l', type: '2', link: 'x', pax: { linkpath: 'é\udc80' } },
    ],
    [
      '/ directory ? ?:?',
      '/etc directory ? ?:?',
      '/etc/a file 644 0:0 "1"',
      `/etc/${'d'.repeat(90)} directory ? ?:?`,
      `/etc/${long} file 644 0:0 "3"`,
      '/etc/l symlink 644 0:0 -> é\udc80',
      '/etc/\udcfeb file 644 70000000:0 "4"',
      '/etc/\udcff file 644 0:0 "2"',
    ],
  );
  const image = await open(writeTar([{ name: 'x', pax: { mtime: '5.25' } }]));
  assert.equal(nodeAt(image, '/x')?.modified, 5_250_000_000n);
});

test('later members win, directories keep their entries', () =>
  check(
    [
      { name: 'etc/a', content: 'old' },
      { name: 'etc', type: '5', mode: 0o700 },
      { name: 'etc/a', content: 'new' },
      { name: 'etc/b', type: '5' },
      { name: 'etc/b/c' },
      { name: 'etc/b', type: '2', link: 'a' },
    ],
    ['/ directory ? ?:?', '/etc directory 700 0:0', '/etc/a file 644 0:0 "new"', '/etc/b symlink 644 0:0 -> a'],
  ));

test('members below a symlink lie where it leads, inside the root', () =>
  check(
    [
      { name: 'lib', type: '2', link: 'usr/lib' },
      { name: 'lib/a' },
      { name: 'up', type: '2', link: '../../..' },
      { name: 'up/b' },
      { name: 'abs', type: '2', link: '/usr' },
      { name: 'abs/c' },
      { name: 'loop', type: '2', link: 'loop' },
      { name: 'loop/d' },
      { name: 'usr/c/e' },
    ],
    [
      '/ directory ? ?:?',
      '/abs symlink 644 0:0 -> /usr',
      '/b file 644 0:0 ""',
      '/lib symlink 644 0:0 -> usr/lib',
      '/loop symlink 644 0:0 -> loop',
      '/up symlink 644 0:0 -> ../../..',
      '/usr directory ? ?:?',
      '/usr/c file 644 0:0 ""',
      '/usr/lib directory ? ?:?',
      '/usr/lib/a file 644 0:0 ""',
    ],
    [
      '/loop/d: was left out: its directory goes through too many symbolic links',
      '/usr/c/e: was left out: what should be its directory is a file',
    ],
  ));

test('names that lead out of the root are refused', () =>
  check(
    [{ name: '../a' }, { name: 'b/../../c' }, { name: 'hard', type: '1', link: '../etc/passwd' }, { name: 'good' }],
    ['/ directory ? ?:?', '/good file 644 0:0 ""'],
    [
      '/../a: was left out: its name contains ".."',
      '/b/../../c: was left out: its name contains ".."',
      '/hard: is a hard link to "../etc/passwd", which is not a file that comes before it in the archive',
    ],
  ));

test('hard links are one inode', async () => {
  const image = await open(
    writeTar([
      { name: 'a', content: 'x' },
      { name: 'd/b', type: '1', link: './a' },
      { name: 'c', type: '1', link: 'd/b' },
      { name: 'other', content: 'x' },
    ]),
  );
  const identities = ['/a', '/d/b', '/c'].map((path) => nodeAt(image, path)?.identity);
  assert.ok(identities[0] !== undefined && identities.every((identity) => identity === identities[0]));
  assert.equal(nodeAt(image, '/other')?.identity, undefined);
});

test('contents are kept where a boot may need them', async () => {
  const large = 'x'.repeat(200_000);
  const image = await open(
    writeTar([
      { name: 'etc/large.conf', content: large },
      { name: 'usr/share/app/large', content: large },
      { name: 'usr/share/app/small', content: 'x' },
      { name: 'usr/share/doc/app/copyright', content: 'x' },
      { name: 'usr/bin/app', content: '\x7fELF…' },
    ]),
  );
  const kinds = ['/etc/large.conf', '/usr/share/app/large', '/usr/share/app/small', '/usr/bin/app'].map(
    (path) => nodeAt(image, path)?.read().kind,
  );
  assert.deepEqual(kinds, ['bytes', 'unknown', 'bytes', 'unknown']);
  assert.equal(nodeAt(image, '/usr/share/app/large')?.size, 200_000);
  assert.equal(nodeAt(image, '/usr/share/doc/app/copyright')?.read().kind, 'unknown');
});

test('the lists of a snapshot say what was left out', async () => {
  const image = await open(
    writeTar([
      { name: 'usr/bin/app' },
      { name: 'etc/empty' },
      {
        name: '.snapshot/manifest.jsonl',
        content: '{"path":"/usr/bin/app","size":4711,"kind":"elf"}\n{"path":"/gone","size":1,"kind":"elf"}\nnonsense\n',
      },
      {
        name: './.snapshot/exec-strings.jsonl',
        content: '{"path":"/usr/bin/app","paths":["/etc/app.conf","/var/lib/app"]}\n',
      },
    ]),
  );
  assert.deepEqual([...image.root.names()].sort(), ['etc', 'usr']);
  assert.equal(nodeAt(image, '/usr/bin/app')?.read().kind, 'unknown');
  assert.equal(nodeAt(image, '/usr/bin/app')?.size, 4711);
  assert.equal(nodeAt(image, '/etc/empty')?.read().kind, 'bytes');
  assert.deepEqual(image.embeddedPaths?.('/usr/bin/app'), ['/etc/app.conf', '/var/lib/app']);
  assert.equal(image.embeddedPaths?.('/usr/bin/other'), undefined);
  assert.deepEqual(image.problems(), [
    { path: '/.snapshot/manifest.jsonl', message: 'line 3 is not an entry of the list' },
  ]);
});

const sample = writeTar([
  { name: 'etc/', type: '5' },
  { name: 'etc/a', content: 'x'.repeat(1500) },
  { name: 'short', pax: { path: `etc/${'n'.repeat(120)}` }, content: 'y' },
  { name: 'etc/empty' },
  { name: 'etc/link', type: '2', link: 'a' },
  { name: 'usr/lib/os-release', content: 'ID=x\n' },
]);

test('a cut archive says so, wherever it is cut', async () => {
  const end = sample.length - 1024;
  for (let length = 512; length <= sample.length; length += 512) {
    for (const offset of [0, -1]) {
      const cut = sample.subarray(0, length + offset);
      const opened = await openBytes(cut);
      if (opened.kind === 'failed') {
        assert.match(opened.message, /ends at byte \d+|neither a directory nor a tar/, `${cut.length}`);
        assert.doesNotMatch(opened.message, /\n/);
        continue;
      }
      const isWhole = cut.length >= end + 512;
      assert.equal(opened.image.completeness, isWhole ? 'complete' : 'partial', `${cut.length}`);
      assert.equal(opened.image.problems().length, isWhole ? 0 : 1);
    }
  }
});

test('cut or damaged compression is one sentence', async () => {
  for (const bytes of [gzipSync(sample), writeZstd(sample)]) {
    for (let length = 20; length < bytes.length - 8; length += Math.ceil(bytes.length / 60)) {
      const opened = await openBytes(bytes.subarray(0, length));
      assert.equal(opened.kind, 'failed', `${length}`);
      if (opened.kind === 'failed') assert.match(opened.message, /^[^\n]*the archive [^\n]*at byte \d+[^\n]*$/);
    }
  }
  const damaged = Uint8Array.from(sample);
  damaged[512 + 150] = 0x39;
  const opened = await openBytes(damaged);
  assert.equal(opened.kind, 'failed');
  if (opened.kind === 'failed') assert.match(opened.message, /damaged at byte \d+, after "etc\/": /);
});

test('an archive that grows beyond its limits is refused', async () => {
  const zeros = new Uint8Array(4 * 1024 * 1024);
  const bytes = gzipSync(concatenate([writeTar([{ name: 'usr/bomb', content: zeros }])]));
  const limits = { always: 1024 * 1024, ratio: 10 };
  const opened = await openBytes(bytes, { limits });
  assert.equal(opened.kind, 'failed');
  if (opened.kind === 'failed') assert.match(opened.message, /unpacks to more than 1048576 bytes/);
});

test('zstd frames that ask for too much are refused', async () => {
  const magic = [0x28, 0xb5, 0x2f, 0xfd];
  // 40 run-length blocks of zeros, four bytes each; the window is 1 MiB.
  const run = (length: number, last = 0) => [2 | last | ((length << 3) & 0xf8), (length >> 5) & 0xff, length >> 13, 0];
  const zeros = Array.from({ length: 40 }, (_, i) => run(128 * 1024, i === 39 ? 1 : 0)).flat();
  const limits = { always: 1024 * 1024, ratio: 10 };
  const cases: readonly [readonly number[], RegExp][] = [
    [[...magic, 0, 0x50, ...zeros], /unpacks to more than 1048576 bytes/],
    [[...magic, 0, 0x50, ...run(1024 * 1024, 1), ...magic], /damaged at byte 0: invalid zstd data/],
    [[...magic, 0, 0xff, ...zeros], /needs \d+ bytes of memory to unpack/],
  ];
  for (const [bytes, expected] of cases) {
    const opened = await openBytes(Uint8Array.from(bytes), { limits });
    assert.equal(opened.kind, 'failed');
    if (opened.kind === 'failed') assert.match(opened.message, expected);
  }
});

test('what is not an archive is named', async () => {
  const cases: readonly [Uint8Array, RegExp][] = [
    [new Uint8Array(), /neither a directory nor a tar/],
    [Buffer.from('#!/bin/sh\n'), /neither a directory nor a tar/],
    [Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /compressed with xz/],
    [writeTar([{ name: 'oci-layout', content: '{}' }]), /OCI images are not supported yet/],
  ];
  for (const [bytes, expected] of cases) {
    const opened = await openBytes(bytes);
    assert.equal(opened.kind, 'failed');
    if (opened.kind === 'failed') assert.match(opened.message, expected);
  }
});

test('no damage makes the reader throw', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { maxLength: 8 }),
      fc.constantFrom(0, 1, 2),
      async (changes, compression) => {
        const bytes = Uint8Array.from(sample);
        for (const [at, value] of changes) bytes[at] = value;
        const packed = compression === 0 ? bytes : compression === 1 ? gzipSync(bytes) : writeZstd(bytes);
        const opened = await openBytes(packed);
        if (opened.kind === 'opened') listNodes(opened.image);
      },
    ),
    { numRuns: 150 },
  ));

test('the paths in programs are gathered while the archive is read', async () => {
  const program = `\x7fELF${'A'.repeat(200_000)}\0/etc/app.conf\0/var/lib/app\0`;
  const tar = writeTar([
    { name: 'usr/bin/app', content: program, mode: 0o755 },
    { name: 'usr/bin/script', content: '#!/bin/sh\n. /etc/app.conf\n', mode: 0o755 },
    { name: 'usr/share/app', content: program, mode: 0o755 },
    { name: 'usr/lib/libapp.so.1', content: program, mode: 0o755 },
  ]);
  for (const bytes of [tar, gzipSync(tar), writeZstd(tar)]) {
    const image = await open(bytes);
    assert.deepEqual(image.embeddedPaths?.('/usr/bin/app'), ['/etc/app.conf', '/var/lib/app']);
    for (const other of ['/usr/bin/script', '/usr/share/app', '/usr/lib/libapp.so.1', '/usr/bin/missing']) {
      assert.equal(image.embeddedPaths?.(other), undefined, other);
    }
  }
});

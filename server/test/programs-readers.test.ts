import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfigText } from '../src/core/programs/config-text.ts';
import { readPackages } from '../src/core/programs/package-index.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { openDirectory } from '../src/host/directory-image.ts';
import { isProgramPath, PathScanner } from '../src/host/embedded-paths.ts';
import { imageOf } from './support/file-set.ts';

const texts: readonly {
  readonly text: string;
  readonly paths?: readonly string[];
  readonly accounts?: readonly string[];
}[] = [
  { text: 'dir /var/lib/demo\nlogfile "/var/log/demo.log";', paths: ['/var/lib/demo', '/var/log/demo.log'] },
  { text: 'a=/etc/a.conf, /etc/b.conf:/run/c', paths: ['/etc/a.conf', '/etc/b.conf:/run/c'] },
  { text: '# /etc/aa\n  ; /etc/bb\n// /etc/cc\n! /etc/dd\n-- /etc/ee', paths: [] },
  {
    text: 'x /etc/aa # /etc/bb\ny /* /etc/cc */ /etc/dd\n/* /etc/ee\n/etc/ff */ /etc/gg',
    paths: ['/etc/aa', '/etc/dd', '/etc/gg'],
  },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell and systemd expand it, not we
  { text: '/usr/local/etc/no $HOME/var/no ${x}/etc/no ~/etc/no', paths: [] },
  { text: 'include /etc/demo/*.conf', paths: ['/etc/demo/*.conf'] },
  {
    text: 'user www-data;\nGroup demo\nUser = "x"\nusername: y',
    accounts: ['user www-data', 'group demo', 'user x', 'user y'],
  },
  { text: 'user.name = z\nunused user w\nusers a', accounts: [] },
];

for (const { text, paths = [], accounts = [] } of texts) {
  test(`configuration: ${JSON.stringify(text)}`, () => {
    const read = readConfigText(text);
    assert.deepEqual(
      read.paths.map((named) => named.path),
      paths,
    );
    assert.deepEqual(
      read.accounts.map((named) => `${named.kind} ${named.name}`),
      accounts,
    );
  });
}

test('only quoted paths count in programs', () => {
  const read = readConfigText('open("/etc/aa")\nx = /etc/bb\n', { quoted: true });
  assert.deepEqual(
    read.paths.map((named) => [named.path, named.line]),
    [['/etc/aa', 1]],
  );
});

test('dpkg lists say who owns what', () => {
  const image = imageOf(`
--- /var/lib/dpkg/status
Package: one
Source: both (1.2-3)
Version: 1

Package: two
--- /var/lib/dpkg/info/one.list
/.
/etc
/etc/one.conf
/usr/bin/one
/usr/share/one/wrapper
--- /var/lib/dpkg/info/two:amd64.list
/.
/etc
/bin/two
/lib/two/helper
--- /var/lib/dpkg/info/one.postinst
adduser one
`);
  const packages = readPackages(new Tree(image.root));
  assert.equal(packages.isKnown, true);
  assert.deepEqual(packages.ownersOf('/etc/one.conf'), ['one']);
  assert.deepEqual(packages.ownersOf('/usr/bin/two'), ['two']);
  assert.deepEqual(packages.ownersOf('/usr/lib/two/helper'), ['two']);
  assert.deepEqual(packages.ownersOf('/usr/share/one/wrapper'), ['one']);
  assert.deepEqual(packages.ownersOf('/usr/share/one'), []);
  assert.deepEqual(packages.filesOf('two'), ['/etc', '/usr/bin/two', '/usr/lib/two/helper']);
  assert.equal(packages.sourceOf('one'), 'both');
  assert.equal(packages.sourceOf('two'), 'two');
  assert.equal(packages.installScriptOf('one'), 'adduser one\n');
  assert.equal(readPackages(new Tree()).isKnown, false);
});

const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

function scan(pieces: readonly Uint8Array[]): readonly string[] | undefined {
  const scanner = new PathScanner();
  for (const piece of pieces) scanner.write(piece);
  return scanner.finish();
}

test('paths in executables', () => {
  const body = Buffer.from(
    '\0/etc/demo.conf\0%s/etc/no\0/usr/local/etc/no\0x=/var/lib/demo\0/etc/\0/usr/share/demo/x"\0/opt/no\0',
  );
  const whole = Buffer.concat([elf, body]);
  const paths = ['/etc/demo.conf', '/usr/share/demo/x', '/var/lib/demo'];
  assert.deepEqual(scan([whole]), paths);
  assert.deepEqual(scan([...whole].map((byte) => Uint8Array.of(byte))), paths, 'byte by byte');
  for (let cut = 1; cut < whole.length; cut++) {
    assert.deepEqual(scan([whole.subarray(0, cut), whole.subarray(cut)]), paths, `cut at ${cut}`);
  }
  assert.equal(scan([body]), undefined, 'no ELF file');
  assert.equal(scan([]), undefined);
  assert.deepEqual(scan([elf]), []);
});

test('the paths of a program of a directory image are read from its bytes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'programs-'));
  try {
    mkdirSync(join(directory, 'usr/bin'), { recursive: true });
    const filler = Buffer.alloc(1024 * 1024 - 10, 65);
    writeFileSync(join(directory, 'usr/bin/demo'), Buffer.concat([elf, filler, Buffer.from('\0/etc/demo.conf\0')]));
    writeFileSync(join(directory, 'usr/bin/script'), '#!/bin/sh\n. /etc/demo\n');
    const opened = openDirectory(directory);
    assert.ok(opened.kind === 'opened');
    assert.deepEqual(opened.image.embeddedPaths?.('/usr/bin/demo'), ['/etc/demo.conf']);
    assert.equal(opened.image.embeddedPaths?.('/usr/bin/script'), undefined);
    assert.equal(opened.image.embeddedPaths?.('/usr/bin/missing'), undefined);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('which files of an archive are looked into', () => {
  const yes = ['usr/bin/a', 'bin/a', 'usr/sbin/a', 'usr/libexec/a/b', 'usr/lib/a/b', 'lib/systemd/a', 'opt/a'];
  const no = ['usr/lib/a.so.1', 'usr/lib/x/a.so', 'usr/share/a/b', 'etc/a', 'usr/lib/modules/x', 'var/a'];
  for (const path of yes) assert.equal(isProgramPath(path, 0o755), true, path);
  for (const path of no) assert.equal(isProgramPath(path, 0o755), false, path);
  assert.equal(isProgramPath('usr/bin/a', 0o644), false);
});

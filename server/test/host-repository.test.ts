import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import type { Image, ImageNode } from '../src/core/image/image.ts';
import { compareBytes } from '../src/core/text/bytes.ts';
import { type OpenOptions, openImage } from '../src/host/open-image.ts';
import { nodeAt } from './support/list-nodes.ts';
import { withTemporaryDirectory } from './support/temporary-directory.ts';

const unit = '[Unit]\n[Service]\nExecStart=/usr/bin/app\n';

/** Writes the files, opens the directory and hands the image on. Units get a text that makes them units. */
async function withRepository(
  files: Readonly<Record<string, string>>,
  options: OpenOptions,
  take: (image: Image, path: string) => void,
): Promise<void> {
  await withTemporaryDirectory(async (path) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(`${path}/${name}`), { recursive: true });
      writeFileSync(`${path}/${name}`, text);
    }
    const opened = await openImage(path, options);
    take(opened.kind === 'opened' ? opened.image : assert.fail(opened.message), path);
  });
}

/** Expects each loose file at its installed path; `undefined` means that it is left out. */
async function check(
  files: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
) {
  const texts: Record<string, string> = { Makefile: '', ...extra };
  for (const name of Object.keys(files)) texts[name] ??= unit;
  await withRepository(texts, { base: 'none' }, (image, path) => {
    const found = new Map<string, string>();
    const visit = (node: ImageNode, at: string) => {
      if (node.origin !== undefined) found.set(node.origin.slice(path.length + 1), at);
      for (const name of [...node.names()].sort(compareBytes)) {
        const child = node.child(name);
        if (child !== undefined) visit(child, `${at}/${name}`);
      }
    };
    visit(image.root, '');
    for (const [name, expected] of Object.entries(files)) assert.equal(found.get(name), expected, name);
    for (const at of found.values()) assert.ok(image.isOwn(at), at);
    assert.equal(image.completeness, 'partial');
  });
}

test('units', () =>
  check({
    'app.service': '/usr/lib/systemd/system/app.service',
    'init/app@.service': '/usr/lib/systemd/system/app@.service',
    'contrib/systemd/app.socket': '/usr/lib/systemd/system/app.socket',
    'a/app.timer.in': '/usr/lib/systemd/system/app.timer',
    'a/app.path.j2': '/usr/lib/systemd/system/app.path',
    'a/var-lib-app.mount.tmpl': '/usr/lib/systemd/system/var-lib-app.mount',
    'a/app.slice': '/usr/lib/systemd/system/app.slice',
    'a/app.target': '/usr/lib/systemd/system/app.target',
    'a/app.service.d/10-x.conf': '/usr/lib/systemd/system/app.service.d/10-x.conf',
    'systemd/user/app.service': undefined,
    'a/app.user.service': undefined,
    'tests/other.service': undefined,
    'examples/other.service': undefined,
    'node_modules/x/other.service': undefined,
    '.git/other.service': undefined,
  }));

test('files that only look like units', () =>
  check(
    {
      'org.app.Bar.service': '/usr/share/dbus-1/system-services/org.app.Bar.service',
      'session/org.app.Foo.service': undefined,
      'avahi/app.service': undefined,
      'build-rules/app.target': undefined,
      'ok.service': '/usr/lib/systemd/system/ok.service',
    },
    {
      'org.app.Bar.service': '[D-BUS Service]\nName=org.app.Bar\nUser=root\n',
      'session/org.app.Foo.service': '[D-BUS Service]\nName=org.app.Foo\n',
      'avahi/app.service': '<service-group/>\n',
      'build-rules/app.target': 'all: x\n',
    },
  ));

test('lines for users, directories and presets', () =>
  check({
    'a/app.sysusers': '/usr/lib/sysusers.d/app.conf',
    'b/bapp.sysusers.conf': '/usr/lib/sysusers.d/bapp.conf',
    'c/capp-sysusers.conf': '/usr/lib/sysusers.d/capp.conf',
    'sysusers.d/dapp.conf': '/usr/lib/sysusers.d/dapp.conf',
    'sysusers.d/eapp.conf.in': '/usr/lib/sysusers.d/eapp.conf',
    'sysusers.d/README': undefined,
    'a/app.tmpfiles': '/usr/lib/tmpfiles.d/app.conf',
    'b/bapp.tmpfiles.conf.in': '/usr/lib/tmpfiles.d/bapp.conf',
    'rpm/capp-tmpfiles.conf': '/usr/lib/tmpfiles.d/capp.conf',
    'rpm/tmpfiles-dapp.conf': '/usr/lib/tmpfiles.d/dapp.conf',
    'tmpfiles.d/eapp.conf': '/usr/lib/tmpfiles.d/eapp.conf',
    'rpm/90-app.preset': '/usr/lib/systemd/system-preset/90-app.preset',
    'system-preset/91-app.preset': '/usr/lib/systemd/system-preset/91-app.preset',
    'user-preset/92-app.preset': undefined,
    'src/list-tmpfiles': undefined,
    'src/tmpfiles.c': undefined,
  }));

test('debhelper', () =>
  check(
    {
      'debian/service': '/usr/lib/systemd/system/app-daemon.service',
      'debian/app.service': '/usr/lib/systemd/system/app.service',
      'debian/app@.service': '/usr/lib/systemd/system/app@.service',
      'debian/app-daemon.helper.timer': '/usr/lib/systemd/system/helper.timer',
      'debian/app-daemon.tmpfiles': '/usr/lib/tmpfiles.d/app-daemon.conf',
      'debian/sysusers': '/usr/lib/sysusers.d/app-daemon.conf',
      'data/sysusers.conf': undefined,
      'debian/app-daemon/usr/lib/systemd/system/built.service': undefined,
    },
    { 'debian/control': 'Source: app\n\nPackage: app-daemon\nArchitecture: any\n' },
  ));

test('parts of roots', () =>
  check({
    'mkosi.extra/etc/app.conf': '/etc/app.conf',
    'mkosi.extra/usr/lib/systemd/system/app.service': '/usr/lib/systemd/system/app.service',
    'image/rootfs/etc/systemd/system/local.service': '/etc/systemd/system/local.service',
    'image/rootfs/README': undefined,
    'whatever/usr/lib/tmpfiles.d/x.conf': '/usr/lib/tmpfiles.d/x.conf',
    'files/f.service.in': '/usr/lib/systemd/system/f.service',
    'files/z.service': '/usr/lib/systemd/system/z.service',
  }));

test('a repository lies over the bundled base, an image or nothing', async () => {
  await withRepository({ 'a.service': unit, Makefile: '' }, {}, (image) => {
    assert.ok(nodeAt(image, '/usr/lib/systemd/system/multi-user.target'));
    assert.ok(!image.isOwn('/usr/lib/systemd/system/multi-user.target'));
    assert.ok(image.isOwn('/usr/lib/systemd/system/a.service'));
    assert.ok(nodeAt(image, '/usr/lib/sysusers.d/basic.conf'));
    assert.equal(nodeAt(image, '/usr/lib/os-release')?.read().kind, 'unknown');
    assert.equal(image.completeness, 'partial');
  });
  await withTemporaryDirectory(async (base) => {
    mkdirSync(`${base}/usr/lib/systemd/system`, { recursive: true });
    writeFileSync(`${base}/usr/lib/systemd/system/a.service`, 'below');
    writeFileSync(`${base}/usr/lib/systemd/system/b.service`, 'below');
    await withRepository({ 'a.service': unit, Makefile: '' }, { base }, (image) => {
      assert.deepEqual([...(nodeAt(image, '/usr/lib/systemd/system')?.names() ?? [])].sort(), [
        'a.service',
        'b.service',
      ]);
      assert.notEqual(nodeAt(image, '/usr/lib/systemd/system/a.service')?.origin, undefined);
      assert.ok(!image.isOwn('/usr/lib/systemd/system/b.service'));
    });
  });
});

test('roots are told from repositories', async () => {
  const cases: readonly [Readonly<Record<string, string>>, 'root' | 'repository' | 'failed'][] = [
    [{}, 'root'],
    [{ 'usr/lib/os-release': 'ID=x\n', 'odd/file': '' }, 'root'],
    [{ 'etc/os-release': 'ID=x\n', 'lib/x': '', 'odd/file': '' }, 'root'],
    [{ 'usr/lib/tmpfiles.d/x.conf': '' }, 'root'],
    [{ 'usr/lib/tmpfiles.d/x.conf': '', Makefile: '' }, 'repository'],
    [{ 'app.service': unit }, 'repository'],
    [{ 'README.md': '' }, 'failed'],
    [{ 'oci-layout': '{}', 'index.json': '{}' }, 'failed'],
  ];
  for (const [files, expected] of cases) {
    await withTemporaryDirectory(async (path) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(`${path}/${name}`), { recursive: true });
        writeFileSync(`${path}/${name}`, text);
      }
      const opened = await openImage(path);
      const kind =
        opened.kind === 'failed' ? 'failed' : opened.image.completeness === 'complete' ? 'root' : 'repository';
      assert.equal(kind, expected, JSON.stringify(files));
      assert.equal((await openImage(path, { directoryIs: 'root' })).kind, 'opened');
    });
  }
});

test('a repository is searched without following links and only so far', () =>
  withTemporaryDirectory(async (path) => {
    mkdirSync(`${path}/outside`);
    writeFileSync(`${path}/outside/canary.service`, unit);
    mkdirSync(`${path}/repository/many`, { recursive: true });
    symlinkSync('../outside', `${path}/repository/away`);
    symlinkSync('.', `${path}/repository/round`);
    symlinkSync('../outside/canary.service', `${path}/repository/link.service`);
    writeFileSync(`${path}/repository/app.service`, unit);
    const { openDirectory } = await import('../src/host/directory-image.ts');
    const { openSourceRepository } = await import('../src/host/source-repository.ts');
    for (let i = 0; i < 50; i++) writeFileSync(`${path}/repository/many/${i}`, '');
    const directory = openDirectory(`${path}/repository`);
    assert.equal(directory.kind, 'opened');
    if (directory.kind !== 'opened') return;
    const opened = openSourceRepository(directory.image, { entriesMax: 20 });
    assert.equal(opened.kind, 'opened');
    if (opened.kind !== 'opened') return;
    assert.deepEqual(nodeAt(opened.image, '/usr/lib/systemd/system')?.names(), ['app.service']);
    assert.deepEqual(opened.image.problems(), [
      { path: '/', message: 'only the first 20 entries were searched for configuration' },
    ]);
  }));

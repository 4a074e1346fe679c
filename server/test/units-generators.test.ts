import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BootEnvironment } from '../src/core/boot/boot-inputs.ts';
import { decodeText } from '../src/core/text/bytes.ts';
import type { UnitStore } from '../src/core/units/load-units.ts';
import { namesOf, service, storeOf } from './support/unit-store.ts';

const generators = '/usr/lib/systemd/system-generators';

function withGenerator(name: string, files: string, environment: BootEnvironment = {}, version = 257): UnitStore {
  return storeOf(`--- ${generators}/systemd-${name}-generator 0755\nprogram\n${files}`, version, { environment });
}

/** What the generators made below /run/systemd, links with their targets. */
function madeBy(store: UnitStore): string[] {
  return [...store.generators.sources.keys()]
    .map((path) => {
      const inode = store.tree.lookup(path, { follow: false });
      return `${path.replace('/run/systemd/', '')}${inode?.type === 'symlink' ? ` -> ${inode.target}` : ''}`;
    })
    .sort();
}

function textOf(store: UnitStore, path: string): string[] {
  const content = store.tree.lookup(`/run/systemd/${path}`)?.content;
  return content?.kind === 'bytes' ? decodeText(content.bytes).trim().split('\n') : [];
}

function verdictOf(store: UnitStore): string | undefined {
  return store.generators.generators[0]?.verdict.kind;
}

test('getty: a console in containers, unknown elsewhere', () => {
  const store = withGenerator('getty', service('console-getty.service'), { container: true });
  assert.deepEqual(madeBy(store), [
    'generator/getty.target.wants/console-getty.service -> /usr/lib/systemd/system/console-getty.service',
  ]);
  assert.equal(verdictOf(withGenerator('getty', '', { container: false })), 'unknown');
  assert.equal(verdictOf(withGenerator('getty', '', {})), 'unknown');
  const off = { container: true, kernelCommandLine: 'quiet systemd.getty_auto=no' };
  assert.equal(verdictOf(withGenerator('getty', '', off)), 'nothing');
  const split = withGenerator('getty', '', { container: true }, 252);
  assert.ok(madeBy(split)[0]?.endsWith('-> /lib/systemd/system/console-getty.service'));
});

test('only generators that are there, not masked and executable run', () => {
  const getty = `${generators}/systemd-getty-generator`;
  const runs = (text: string) => storeOf(text, 257, { environment: { container: true } }).generators.generators.length;
  assert.equal(runs(''), 0);
  assert.equal(runs(`--- ${getty} 0644\nx`), 0);
  assert.equal(
    runs(`--- ${getty} 0755\nx\n--- /etc/systemd/system-generators/systemd-getty-generator -> /dev/null`),
    0,
  );
  assert.equal(runs(`--- ${getty} 0755\nx`), 1);
  const own = storeOf('--- /etc/systemd/system-generators/systemd-getty-generator 0755\n#!/bin/sh\n');
  assert.equal(own.generators.generators[0]?.verdict.kind, 'unknown');
});

test('generators of others are unknown, and what they read is told', () => {
  const path = `${generators}/lantern-generator`;
  const store = storeOf(
    `--- ${path} 0755\n#!/bin/sh\nfor f in /etc/lantern/*.conf "/var/lib/lantern"; do . /etc/default/lantern; x=$base/etc/no; done\n`,
  );
  assert.deepEqual(store.unknownGenerators, [path]);
  assert.deepEqual(store.generatorInputs(path), ['/etc/default/lantern', '/etc/lantern', '/var/lib/lantern']);
  assert.deepEqual(store.generatorInputs('/nowhere'), []);
});

test('debug: masks and wishes of the command line', () => {
  const store = withGenerator('debug', `${service('a.service')}${service('b.service')}`, {
    kernelCommandLine: 'quiet systemd.mask=a systemd.wants=b.service systemd.mask=bad/name',
    target: 'x.target',
  });
  assert.equal(store.load('a.service').loadState, 'masked');
  assert.deepEqual(namesOf(store, store.load('x.target'), 'Wants'), []);
  assert.deepEqual(madeBy(store), [
    'generator.early/a.service -> /dev/null',
    'generator.early/x.target.wants/b.service -> /usr/lib/systemd/system/b.service',
  ]);
  assert.equal(verdictOf(withGenerator('debug', '', {})), 'unknown');
  assert.equal(verdictOf(withGenerator('debug', '', { kernelCommandLine: 'quiet' })), 'nothing');
});

test('rc-local, system-update, ssh', () => {
  assert.deepEqual(madeBy(withGenerator('rc-local', '--- /etc/rc.local 0755\n#!/bin/sh\n')), [
    'generator/multi-user.target.wants/rc-local.service -> /usr/lib/systemd/system/rc-local.service',
  ]);
  assert.equal(verdictOf(withGenerator('rc-local', '--- /etc/rc.local\n#!/bin/sh\n')), 'nothing');
  assert.deepEqual(madeBy(withGenerator('system-update', '--- /system-update -> /var/update\n')), [
    'generator.early/default.target -> /usr/lib/systemd/system/system-update.target',
  ]);
  const ssh = withGenerator(
    'ssh',
    '--- /usr/sbin/sshd 0755\nx\n--- sshd@.service\n[Service]\nExecStart=/usr/sbin/sshd\n',
  );
  assert.deepEqual(madeBy(ssh), [
    'generator/sockets.target.wants/sshd-unix-local.socket -> ../sshd-unix-local.socket',
    'generator/sshd-unix-local.socket',
    'generator/sshd-unix-local@.service -> /usr/lib/systemd/system/sshd@.service',
  ]);
  assert.equal(ssh.load('sshd-unix-local.socket').loadState, 'loaded');
  assert.equal(verdictOf(withGenerator('ssh', '')), 'nothing');
});

test('fstab: units, links and settings as the real generator writes them', () => {
  const store = withGenerator(
    'fstab',
    `--- /usr/sbin/fsck.ext4 0755
x
--- /etc/fstab
# a comment
UUID=aa-bb / ext4 errors=remount-ro 0 1
LABEL=my\\040data /srv/my\\040data ext4 defaults,nofail 0 2
/dev/sdb1 /data xfs noauto,x-systemd.automount 0 0
server:/exp /net nfs defaults 0 0
/dev/sdc1 none swap sw 0 0
/swapfile none swap sw,nofail 0 0
proc /proc proc defaults 0 0
/dev/sdd1 /req ext4 x-systemd.requires=/data,x-systemd.wanted-by=my.target 0 2
/dev/sdg1 relative ext4 defaults 0 0
/dev/sdh1 /quota vfat usrquota 0 2
short
`,
  );
  assert.deepEqual(madeBy(store), [
    'generator/-.mount',
    'generator/data.automount',
    'generator/data.mount',
    'generator/dev-sdc1.swap',
    'generator/local-fs.target.d/50-order-quotaon@quota.service.conf',
    'generator/local-fs.target.d/50-order-systemd-quotacheck@quota.service.conf',
    'generator/local-fs.target.requires/-.mount -> ../-.mount',
    'generator/local-fs.target.requires/data.automount -> ../data.automount',
    'generator/local-fs.target.requires/quota.mount -> ../quota.mount',
    'generator/local-fs.target.wants/srv-my\\x20data.mount -> ../srv-my\\x20data.mount',
    'generator/local-fs.target.wants/systemd-fsck-root.service -> /usr/lib/systemd/system/systemd-fsck-root.service',
    'generator/local-fs.target.wants/systemd-remount-fs.service -> /usr/lib/systemd/system/systemd-remount-fs.service',
    'generator/my.target.wants/req.mount -> ../req.mount',
    'generator/net.mount',
    'generator/quota.mount',
    'generator/quota.mount.wants/quotaon@quota.service -> /usr/lib/systemd/system/quotaon@.service',
    'generator/quota.mount.wants/systemd-quotacheck@quota.service -> /usr/lib/systemd/system/systemd-quotacheck@.service',
    'generator/remote-fs.target.requires/net.mount -> ../net.mount',
    'generator/req.mount',
    'generator/srv-my\\x20data.mount',
    'generator/swap.target.requires/dev-sdc1.swap -> ../dev-sdc1.swap',
    'generator/swap.target.wants/swapfile.swap -> ../swapfile.swap',
    'generator/swapfile.swap',
  ]);
  assert.deepEqual(textOf(store, 'generator/req.mount'), [
    '[Unit]',
    'SourcePath=/etc/fstab',
    'DefaultDependencies=no',
    'Conflicts=umount.target',
    'Before=umount.target',
    'Requires=data.mount',
    'After=data.mount',
    'Requires=systemd-fsck@dev-sdd1.service',
    'After=systemd-fsck@dev-sdd1.service',
    'After=blockdev@dev-sdd1.target',
    '[Mount]',
    'What=/dev/sdd1',
    'Where=/req',
    'Type=ext4',
    'Options=x-systemd.requires=/data,x-systemd.wanted-by=my.target',
  ]);
  const mount = store.load('srv-my\\x20data.mount');
  assert.equal(mount.loadState, 'loaded');
  assert.deepEqual(mount.files[0]?.source, { file: '/etc/fstab', line: 3 });
  assert.equal(verdictOf(withGenerator('fstab', '')), 'nothing');
});

test('cryptsetup: one service a line', () => {
  const store = withGenerator(
    'cryptsetup',
    '--- /etc/crypttab\nluks-x UUID=1-2 none luks\n# no\nlate /dev/sdz none noauto\n',
  );
  assert.deepEqual(madeBy(store), [
    'generator/cryptsetup.target.requires/systemd-cryptsetup@luks\\x2dx.service -> ../systemd-cryptsetup@luks\\x2dx.service',
    'generator/systemd-cryptsetup@late.service',
    'generator/systemd-cryptsetup@luks\\x2dx.service',
  ]);
  assert.equal(verdictOf(withGenerator('cryptsetup', '')), 'nothing');
});

test('sysv: services for scripts without a unit', () => {
  const script = (provides: string, more = '') =>
    `#!/bin/sh\n### BEGIN INIT INFO\n# Provides: ${provides}\n# Required-Start: $network $remote_fs $syslog\n# Should-Start: lantern native\n${more}# Short-Description: A daemon\n### END INIT INFO\necho "Usage: x {start|reload|stop}"\n`;
  const store = withGenerator(
    'sysv',
    `${service('native.service')}
--- /etc/init.d/native 0755
${script('native')}
--- /etc/init.d/lamp.sh 0755
${script('lamp light $named', '# X-Start-Before: shade\n')}
--- /etc/init.d/off 0644
${script('off')}
--- /etc/init.d/old 0755
#!/bin/sh
# pidfile: /run/old.pid
--- /etc/rc2.d/S20lamp.sh -> ../init.d/lamp.sh
--- /etc/rc3.d/S20lamp.sh -> ../init.d/lamp.sh
--- /etc/rc5.d/S30old -> ../init.d/old
--- /etc/rc0.d/K01old -> ../init.d/old
`,
  );
  assert.deepEqual(madeBy(store), [
    'generator.late/graphical.target.wants/old.service -> ../old.service',
    'generator.late/lamp.service',
    'generator.late/light.service -> lamp.service',
    'generator.late/multi-user.target.wants/lamp.service -> ../lamp.service',
    'generator.late/old.service',
  ]);
  assert.deepEqual(
    textOf(store, 'generator.late/lamp.service').filter((line) =>
      /^(Before|After|Wants|ExecReload|PIDFile)/.test(line),
    ),
    [
      'Before=nss-lookup.target',
      'Before=shade.service',
      'Before=multi-user.target',
      'Before=multi-user.target',
      'Before=old.service',
      'After=network-online.target',
      'After=remote-fs.target',
      'After=lantern.service',
      'After=native.service',
      'Wants=nss-lookup.target',
      'Wants=network-online.target',
      'ExecReload=/etc/init.d/lamp.sh reload',
    ],
  );
  assert.ok(textOf(store, 'generator.late/old.service').includes('PIDFile=/run/old.pid'));
  assert.ok(textOf(store, 'generator.late/old.service').includes('After=lamp.service'));
  assert.equal(store.load('light.service').name, 'lamp.service');
  assert.equal(verdictOf(withGenerator('sysv', '')), 'nothing');
});

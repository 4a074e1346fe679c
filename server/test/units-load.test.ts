import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesOf, service, storeOf } from './support/unit-store.ts';

test('a unit is one object by all its names, whichever is asked first', () => {
  const files = `${service('real.service')}\n--- alias.service -> real.service\n--- /etc/systemd/system/dbus-x.service -> /usr/lib/systemd/system/real.service`;
  for (const first of ['real.service', 'alias.service', 'dbus-x.service']) {
    const store = storeOf(files);
    const unit = store.load(first);
    assert.equal(unit.name, 'real.service');
    assert.deepEqual(unit.names, ['alias.service', 'dbus-x.service', 'real.service']);
    for (const name of unit.names) assert.equal(store.load(name), unit);
  }
});

test('load states', () => {
  const store = storeOf(`
--- masked.service -> /dev/null
--- empty.service
--- dangling.service -> nowhere.service
--- circle-a.service -> circle-b.service
--- circle-b.service -> circle-a.service
--- /opt/there.service
[Service]
ExecStart=/usr/bin/true
--- linked.service -> /opt/there.service
--- lost.service -> /opt/lost.service
--- broken.service
[Unit
--- x.scope
[Scope]
--- tmpl@.service
[Service]
ExecStart=/usr/bin/true
--- alias@.service -> tmpl@.service
`);
  const expected: [string, string][] = [
    ['masked.service', 'masked'],
    ['empty.service', 'masked'],
    ['dangling.service', 'not-found'],
    ['circle-a.service', 'not-found'],
    ['linked.service', 'loaded'],
    ['lost.service', 'not-found'],
    ['broken.service', 'error'],
    ['missing.service', 'not-found'],
    ['tmpl@.service', 'not-found'],
    ['tmpl@x.service', 'loaded'],
    ['x.scope', 'not-found'],
    ['init.scope', 'stub'],
    ['-.slice', 'stub'],
    ['a-b.slice', 'stub'],
    ['-a.slice', 'error'],
    ['a--b.slice', 'error'],
    ['-.mount', 'stub'],
    ['home.mount', 'not-found'],
    ['dev-sda.device', 'stub'],
    ['no unit', 'not-found'],
  ];
  assert.deepEqual(
    expected.map(([name]) => [name, store.load(name).loadState]),
    expected,
  );
  assert.equal(store.load('alias@x.service').name, 'tmpl@x.service');
});

test('what the manager refuses once everything is read (seen on 257)', () => {
  const cases: [string, string, string][] = [
    ['service', '[Service]\nType=simple', 'bad-setting'],
    ['service', '[Service]\nExecStop=/bin/x', 'bad-setting'],
    ['service', '[Service]\nType=oneshot\nExecStop=/bin/x', 'bad-setting'],
    ['service', '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStop=/bin/x', 'loaded'],
    ['service', '[Unit]\nSuccessAction=exit\n[Service]\nType=oneshot', 'loaded'],
    ['service', '[Unit]\nSuccessAction=none\n[Service]\nType=oneshot', 'bad-setting'],
    ['service', '[Service]\nExecStart=/bin/a\nExecStart=/bin/b', 'bad-setting'],
    ['service', '[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b', 'loaded'],
    ['service', '[Service]\nExecStart=/bin/a ; /bin/b', 'bad-setting'],
    ['service', '[Service]\nType=oneshot\nExecStart=/bin/a\nExecStart=/bin/b', 'loaded'],
    ['service', '[Service]\nType=oneshot\nRestart=always\nExecStart=/bin/a', 'bad-setting'],
    ['service', '[Service]\nType=oneshot\nRestart=on-failure\nExecStart=/bin/a', 'loaded'],
    ['service', '[Service]\nType=dbus\nExecStart=/bin/a', 'bad-setting'],
    ['service', '[Service]\nType=dbus\nBusName=nodots\nExecStart=/bin/a', 'bad-setting'],
    ['service', '[Service]\nType=dbus\nBusName=org.x\nExecStart=/bin/a', 'loaded'],
    ['service', '[Service]\nType=nonsense\nExecStart=/bin/a', 'loaded'],
    ['service', '[Service]\nPAMName=x\nKillMode=none\nExecStart=/bin/a', 'bad-setting'],
    ['service', '[Service]\nExecStart=bin/a', 'bad-setting'],
    ['service', '[Service]\nPIDFile=/proc/x\nExecStart=/bin/a', 'error'],
    [
      'service',
      '[Unit]\nOnFailure=a.service b.service\nOnFailureJobMode=isolate\n[Service]\nExecStart=/bin/a',
      'bad-setting',
    ],
    ['socket', '[Socket]\nBindIPv6Only=both', 'bad-setting'],
    ['socket', '[Socket]\nListenStream=nonsense', 'bad-setting'],
    ['socket', '[Socket]\nListenStream=1\nListenStream=', 'bad-setting'],
    ['socket', '[Socket]\nListenStream=1\nListenFIFO=', 'bad-setting'],
    ['socket', '[Socket]\nListenStream=1\nAccept=yes\nService=a.service', 'bad-setting'],
    ['socket', '[Socket]\nListenFIFO=/run/f\nAccept=yes', 'bad-setting'],
    ['socket', '[Socket]\nListenStream=/run/a\nListenStream=/run/b\nSymlinks=/run/c', 'bad-setting'],
    ['socket', '[Socket]\nListenStream=/run/a\nListenStream=1\nSymlinks=/run/c', 'loaded'],
    ['timer', '[Timer]\nPersistent=yes', 'bad-setting'],
    ['timer', '[Timer]\nOnClockChange=yes', 'loaded'],
    ['timer', '[Timer]\nOnBootSec=1\nOnCalendar=', 'bad-setting'],
    ['path', '[Path]\nMakeDirectory=yes', 'bad-setting'],
    ['path', '[Path]\nPathExists=relative', 'bad-setting'],
    ['mount', '[Mount]\nWhat=/dev/x\nWhere=/other', 'bad-setting'],
    ['mount', '[Mount]\nWhat=/dev/x', 'loaded'],
    ['mount', '[Mount]\nWhere=/u', 'bad-setting'],
    ['automount', '[Automount]\nWhere=/v', 'bad-setting'],
    ['swap', '[Swap]\nPriority=1', 'loaded'],
    ['swap', '[Swap]\nWhat=/dev/other', 'bad-setting'],
  ];
  for (const [type, text, expected] of cases) {
    assert.equal(storeOf(`--- u.${type}\n${text}\n`).load(`u.${type}`).loadState, expected, text);
  }
  const restart = '--- u.service\n[Service]\nType=oneshot\nRestartForceExitStatus=3\nExecStart=/bin/a\n';
  assert.equal(storeOf(restart, 252).load('u.service').loadState, 'bad-setting');
  assert.equal(storeOf(restart, 257).load('u.service').loadState, 'loaded');
});

test('what stops a drop-in only ends the drop-in', () => {
  const store = storeOf(`${service('a.service')}
--- a.service.d/x.conf
[Unit]
Wants=before.service
[Service]
ExecStart=relative/path
[Unit]
Wants=after.service
`);
  const unit = store.load('a.service');
  assert.equal(unit.loadState, 'loaded');
  assert.deepEqual(namesOf(store, unit, 'Wants'), ['before.service']);
});

test('drop-ins in their order, of all kinds, and settings over them', () => {
  const store = storeOf(`${service('a-b.service', 'Description=fragment\nWants=w0.service')}
--- a-b.service.d/20.conf
[Unit]
Description=own
--- a-.service.d/30.conf
[Unit]
Description=dash
Wants=w1.service
--- service.d/10.conf
[Unit]
Description=type
--- /etc/systemd/system/a-.service.d/20.conf
[Unit]
Wants=
Wants=w2.service
--- /etc/systemd/system/service.d/40.conf -> /dev/null
--- service.d/40.conf
[Unit]
Description=masked
--- service.d/50.conf -> 50.conf
--- service.d/60.conf/
`);
  const unit = store.load('a-b.service');
  assert.deepEqual(store.dropIns(unit), [
    '/usr/lib/systemd/system/service.d/10.conf',
    '/etc/systemd/system/a-.service.d/20.conf',
    '/usr/lib/systemd/system/a-.service.d/30.conf',
  ]);
  assert.equal(unit.text('Unit', 'Description'), 'dash');
  // Dependencies cannot be reset (systemd.unit(5)).
  assert.deepEqual(namesOf(store, unit, 'Wants'), ['w0.service', 'w1.service', 'w2.service']);
});

test('drop-ins of instances, templates and aliases', () => {
  const store = storeOf(`${service('t@.service')}
--- t@.service.d/a.conf
[Unit]
Wants=template.service
--- t@x.service.d/b.conf
[Unit]
Wants=instance-%i.service
--- /etc/systemd/system/other.service -> /usr/lib/systemd/system/r.service
${service('r.service')}
--- other.service.d/c.conf
[Unit]
Wants=alias.service
`);
  assert.deepEqual(namesOf(store, store.load('t@x.service'), 'Wants'), ['instance-x.service', 'template.service']);
  assert.deepEqual(namesOf(store, store.load('t@y.service'), 'Wants'), ['template.service']);
  assert.deepEqual(namesOf(store, store.load('r.service'), 'Wants'), ['alias.service']);
});

test('specifiers of settings', () => {
  const store = storeOf(`${service('a-b@.service')}${service('p-q.service')}`);
  const unit = store.load('a-b@x-y\\x2dz.service');
  const cases: Record<string, string> = {
    '%n': 'a-b@x-y\\x2dz.service',
    '%N': 'a-b@x-y\\x2dz',
    '%p': 'a-b',
    '%P': 'a/b',
    '%i': 'x-y\\x2dz',
    '%I': 'x/y-z',
    '%j': 'b',
    '%f': '/x/y-z',
    '%S %C %L %t %E': '/var/lib /var/cache /var/log /run /etc',
    '%h %u %U %g %G': '/root root 0 root 0',
    '%T %V': '/tmp /var/tmp',
    '%d': '/run/credentials/a-b@x-y\\x2dz.service',
    '%y': '/usr/lib/systemd/system/a-b@.service',
    '%Y': '/usr/lib/systemd/system',
    '%D': '/usr/share',
    '100%% %': '100% %',
  };
  for (const [text, value] of Object.entries(cases)) assert.deepEqual(unit.expand(text), { kind: 'value', value });
  assert.deepEqual(store.load('p-q.service').expand('%f %J'), { kind: 'value', value: '/p/q q' });
  assert.equal(unit.expand('%z').kind, 'unknown-specifier');
  assert.equal(unit.expand('%c').kind, 'unknowable');
  assert.equal(storeOf(service('a.service'), 252).load('a.service').expand('%D').kind, 'unknown-specifier');
});

test('an ignored value leaves the one before', () => {
  const store = storeOf(service('a.service', '', 'PrivateTmp=yes\nPrivateTmp=perhaps\nNice=5\nNice='));
  const unit = store.load('a.service');
  assert.equal(unit.boolean('Service', 'PrivateTmp'), true);
  assert.equal(unit.text('Service', 'Nice'), undefined);
});

test('content that the image leaves out makes no bad unit', () => {
  const store = storeOf('');
  assert.equal(store.load('a.service').isIncomplete, false);
});

test('garbage, long lines and names without end are bounded', () => {
  const files = `${service('grow@.service', 'Wants=grow@%i0.service grow@%i1.service')}
--- long.service
[Unit]
Description=${'x'.repeat(1_100_000)}
--- noise.service
${'\u0001=[\n]'.repeat(2000)}
--- self.service.d -> self.service.d
${service('self.service')}
`;
  const store = storeOf(files);
  assert.equal(store.load('long.service').loadState, 'error');
  assert.equal(store.load('self.service').loadState, 'loaded');
  store.load('noise.service');
  // Without a bound this would not come back.
  assert.equal(store.load('grow@x.service').loadState, 'loaded');
});

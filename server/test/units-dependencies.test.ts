import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DependencyKind } from '../src/core/units/unit.ts';
import { namesOf, service, storeOf } from './support/unit-store.ts';

const kinds: readonly DependencyKind[] = ['Wants', 'Requires', 'BindsTo', 'Conflicts', 'Before', 'After', 'Triggers'];

/** What a unit depends on beyond what is written, as `Kind name …` lines. */
function dependenciesOf(text: string, unit: string, version = 257, container = true): string[] {
  const store = storeOf(text, version, { environment: { container } });
  const loaded = store.load(unit);
  return kinds.flatMap((kind) => {
    const names = namesOf(store, loaded, kind);
    return names.length === 0 ? [] : [`${kind} ${names.join(' ')}`];
  });
}

const usual = ['Conflicts shutdown.target', 'Before shutdown.target'];
const early = 'DefaultDependencies=no';

test('default dependencies of each type (systemd 257)', () => {
  const cases: [string, string, string[]][] = [
    [
      'a.service',
      '[Service]\nExecStart=/x',
      [
        'Requires sysinit.target system.slice',
        ...usual,
        'After basic.target sysinit.target system.slice systemd-journald.socket',
      ],
    ],
    [
      'a.service',
      `[Unit]\n${early}\n[Service]\nExecStart=/x`,
      ['Requires system.slice', 'After system.slice systemd-journald.socket'],
    ],
    [
      'a.socket',
      '[Socket]\nListenStream=/run/x',
      [
        'Requires sysinit.target system.slice',
        'Conflicts shutdown.target',
        'Before a.service shutdown.target sockets.target',
        'After -.mount sysinit.target system.slice',
        'Triggers a.service',
      ],
    ],
    [
      'a.timer',
      '[Timer]\nOnCalendar=daily\nPersistent=yes\nUnit=b.service',
      [
        'Requires sysinit.target',
        'Conflicts shutdown.target',
        'Before b.service shutdown.target timers.target',
        'After -.mount sysinit.target time-set.target time-sync.target',
        'Triggers b.service',
      ],
    ],
    [
      'a.timer',
      '[Timer]\nOnBootSec=1',
      [
        'Requires sysinit.target',
        'Conflicts shutdown.target',
        'Before a.service shutdown.target timers.target',
        'After sysinit.target',
        'Triggers a.service',
      ],
    ],
    [
      'a.path',
      '[Path]\nPathExists=/srv/x\nUnit=a.path',
      [
        'Requires sysinit.target',
        'Conflicts shutdown.target',
        'Before a.service paths.target shutdown.target',
        'After -.mount sysinit.target',
        'Triggers a.service',
      ],
    ],
    ['a.target', '[Unit]\nDescription=x', usual],
    ['a.target', `[Unit]\n${early}`, []],
    ['a-b.slice', '[Slice]', ['Requires a.slice', ...usual, 'After a.slice']],
    [
      'srv-x.mount',
      '[Mount]\nWhat=/dev/sda1',
      [
        'Requires system.slice',
        'Conflicts umount.target',
        'Before local-fs.target umount.target',
        'After -.mount local-fs-pre.target system.slice systemd-journald.socket',
      ],
    ],
    [
      'srv-x.mount',
      '[Mount]\nWhat=server:/x\nType=nfs\nOptions=nofail',
      [
        'Wants network-online.target',
        'Requires system.slice',
        'Conflicts umount.target',
        'Before umount.target',
        'After -.mount network-online.target network.target remote-fs-pre.target system.slice systemd-journald.socket',
      ],
    ],
    [
      'dev-x.mount',
      '[Mount]\nWhat=tmpfs\nType=tmpfs',
      ['Requires -.slice', 'After -.mount -.slice systemd-journald.socket'],
    ],
    [
      'srv-x.automount',
      '[Automount]',
      [
        'Conflicts umount.target',
        'Before local-fs.target srv-x.mount umount.target',
        'After -.mount local-fs-pre.target',
        'Triggers srv-x.mount',
      ],
    ],
    ['dev-x.swap', '[Swap]', ['Requires system.slice', 'After -.mount system.slice systemd-journald.socket']],
    ['-.mount', '', ['Requires -.slice', 'After -.slice']],
    ['init.scope', '', ['Requires -.slice', 'After -.slice']],
    ['dev-x.device', '', []],
  ];
  for (const [name, text, expected] of cases) {
    const files = text === '' ? '' : `--- ${name}\n${text}\n`;
    assert.deepEqual(dependenciesOf(files, name), expected, `${name} ${text}`);
  }
});

test('dependencies on devices are for machines only', () => {
  const files = '--- srv-x.mount\n[Mount]\nWhat=/dev/sda1\n--- dev-sdb.swap\n[Swap]\nWhat=/dev/sdb\n';
  const onMachine = dependenciesOf(files, 'srv-x.mount', 257, false);
  assert.ok(onMachine.includes('Requires dev-sda1.device system.slice'));
  assert.ok(dependenciesOf(files, 'dev-sdb.swap', 257, false).includes('Requires dev-sdb.device system.slice'));
  assert.ok(dependenciesOf(files, 'dev-sdb.swap', 257, false).includes('Before swap.target umount.target'));
});

/** What lines of [Service] add to a service without default dependencies. */
const implications: readonly (readonly [number, string, string[]])[] = [
  [257, 'StandardOutput=null', []],
  [257, 'StandardOutput=null\nStandardError=journal', ['After systemd-journald.socket']],
  [257, 'StandardOutput=inherit', ['After systemd-journald.socket']],
  [257, 'StandardInput=tty', []],
  [257, 'StandardInput=socket', []],
  [257, 'StandardInput=data', ['After systemd-journald.socket']],
  [257, 'StandardOutput=append:/var/log/x', []],
  [257, 'StandardOutput=nonsense', ['After systemd-journald.socket']],
  [257, 'StandardOutput=null\nStateDirectory=x', ['After -.mount systemd-remount-fs.service']],
  [257, 'StandardOutput=null\nRuntimeDirectory=x', ['After -.mount']],
  [257, 'StandardOutput=null\nWorkingDirectory=/srv', ['After -.mount']],
  [257, 'StandardOutput=null\nWorkingDirectory=~', []],
  [252, 'StandardOutput=null\nWorkingDirectory=-/srv', []],
  [257, 'StandardOutput=null\nWorkingDirectory=-/srv', ['After -.mount']],
  [257, 'StandardOutput=null\nPrivateTmp=yes', ['After -.mount systemd-tmpfiles-setup.service']],
  [
    252,
    'StandardOutput=null\nPrivateTmp=yes',
    ['Wants tmp.mount', 'After -.mount systemd-tmpfiles-setup.service tmp.mount'],
  ],
  [257, 'StandardOutput=null\nPrivateTmp=disconnected', []],
  [257, 'StandardOutput=null\nDynamicUser=yes', []],
  [
    252,
    'StandardOutput=null\nDynamicUser=yes',
    ['Wants tmp.mount', 'After -.mount systemd-tmpfiles-setup.service tmp.mount'],
  ],
  [
    257,
    'LogNamespace=n',
    [
      'Requires systemd-journald-sync@n.service systemd-journald-varlink@n.socket systemd-journald@n.socket',
      'After systemd-journald-sync@n.service systemd-journald-varlink@n.socket systemd-journald@n.socket',
    ],
  ],
  [257, 'LogNamespace=a/b\nStandardOutput=null', []],
  [257, 'StandardOutput=null\nType=dbus\nBusName=org.x', ['Requires dbus.socket', 'After dbus.socket']],
  [257, 'StandardOutput=null\nBusName=org.x', ['Requires dbus.socket', 'After dbus.socket']],
  [257, 'StandardOutput=null\nType=notify\nBusName=org.x', []],
  [257, 'StandardOutput=null\nSockets=x.socket', ['Wants x.socket', 'After x.socket']],
  [257, 'StandardOutput=null\nRootImage=/x.raw', ['After -.mount systemd-udevd.service']],
  [257, 'StandardOutput=null\nManagedOOMSwap=kill', ['Wants systemd-oomd.service', 'After systemd-oomd.service']],
];

test('what settings of services imply', () => {
  for (const [version, lines, expected] of implications) {
    const found = dependenciesOf(service('a.service', early, `Slice=-.slice\n${lines}`), 'a.service', version);
    const rest = found
      .map((line) => line.split(' ').filter((name) => name !== '-.slice'))
      .filter((words) => words.length > 1)
      .map((words) => words.join(' '));
    assert.deepEqual(rest, expected, `${version} ${lines}`);
  }
});

test('temporary directories of 262', () => {
  const of = (unit: string, own: string) =>
    dependenciesOf(`${service('a.service', unit, own)}\n--- tmp.mount\n[Mount]\nWhat=tmpfs\n`, 'a.service', 262);
  assert.ok(of('', 'PrivateTmp=yes').includes('Wants tmp.mount'));
  assert.ok(!of(early, 'PrivateTmp=yes').includes('Wants tmp.mount'));
  assert.ok(of('', 'PrivateTmp=disconnected').some((line) => /^After -.mount/.test(line)));
  assert.ok(!of(early, 'PrivateTmp=disconnected').some((line) => /^After -.mount/.test(line)));
});

test('slices: set, of templates, of parents', () => {
  const cases: [string, string, string][] = [
    ['a@x.service', '', 'system-a.slice'],
    ['a-b@x.service', '', 'system-a\\x2db.slice'],
    ['a@x.service', 'Slice=user-%i.slice', 'user-x.slice'],
    ['a@x.service', 'Slice=nonsense', 'system-a.slice'],
  ];
  for (const [name, line, slice] of cases) {
    const store = storeOf(service(name.replace('@x', '@'), early, line));
    assert.deepEqual(namesOf(store, store.load(name), 'Requires'), [slice]);
    assert.equal(store.find(slice)?.loadState, 'stub');
  }
});

test('mounts on the way to a path: After always, Requires or Wants if the mount has a file', () => {
  const mounts = ['srv', 'srv-a', 'srv-a-b', 'var'].map((name) => `--- ${name}.mount\n[Mount]\nWhat=/dev/x\n`).join('');
  const store = storeOf(
    `${mounts}--- opt.mount -> /dev/null\n${service('a.service', `${early}\nRequiresMountsFor=/srv/a/b/c relative\nWantsMountsFor=/var/x /opt`, 'StandardOutput=null\nSlice=-.slice')}`,
  );
  const unit = store.load('a.service');
  assert.deepEqual(namesOf(store, unit, 'Requires'), ['-.slice', 'srv-a-b.mount', 'srv-a.mount', 'srv.mount']);
  assert.deepEqual(namesOf(store, unit, 'Wants'), ['var.mount']);
  assert.deepEqual(namesOf(store, unit, 'After'), [
    '-.mount',
    '-.slice',
    'srv-a-b.mount',
    'srv-a.mount',
    'srv.mount',
    'var.mount',
  ]);
});

test('written dependencies: words, specifiers, templates, places', () => {
  const store = storeOf(
    service(
      'p@.service',
      'Wants=x.service "quoted.service" bad/name %i.service t@.service %z.service\nAfter=%p.target',
    ),
  );
  const unit = store.load('p@i.service');
  assert.deepEqual(namesOf(store, unit, 'Wants'), ['i.service', 't@i.service', 'x.service']);
  const wish = unit.dependencies.find((dependency) => dependency.target === 'x.service');
  assert.deepEqual(wish?.place, {
    file: '/usr/lib/systemd/system/p@.service',
    line: 2,
    span: { start: 13, end: 22 },
  });
  assert.equal(wish?.implied, undefined);
});

test('links in .wants, .requires and .upholds', () => {
  const files = `${service('a-b.service', early)}
--- a-b.service.wants/one.service -> /nowhere
--- a-b.service.wants/two.service -> /dev/null
--- a-b.service.wants/three.service
text
--- a-b.service.wants/no-unit -> ../x
--- a-b.service.wants/t@.service -> ../t@.service
--- a-.service.wants/four.service -> ../x.service
--- service.requires/five.service -> ../x.service
--- /etc/systemd/system/a-b.service.wants/six.service -> /dev/null
--- a-b.service.wants/six.service -> ../x.service
--- a-b.service.upholds/seven.service -> ../x.service
`;
  const store = storeOf(files);
  const unit = store.load('a-b.service');
  assert.deepEqual(namesOf(store, unit, 'Wants'), ['four.service', 'one.service', 't@a-b.service']);
  assert.deepEqual(namesOf(store, unit, 'Requires'), ['five.service', 'system.slice']);
  assert.deepEqual(namesOf(store, unit, 'Upholds'), ['seven.service']);
  const old = storeOf(files, 252);
  assert.deepEqual(namesOf(old, old.load('a-b.service'), 'Upholds'), []);
});

test('targets come after what they pull in', () => {
  const store =
    storeOf(`${service('a.service')}${service('early.service', early)}${service('later.service', 'After=x.target')}
--- x.target
[Unit]
Wants=a.service early.service later.service missing.service y.target
Requires=first.service
Before=first.service
--- y.target
[Unit]
DefaultDependencies=no
Wants=a.service
${service('first.service')}
`);
  assert.deepEqual(namesOf(store, store.load('x.target'), 'After'), ['a.service']);
  assert.deepEqual(namesOf(store, store.load('y.target'), 'After'), []);
});

test('masked, missing and broken units have fewer dependencies', () => {
  const store = storeOf(`--- m.service -> /dev/null
--- m.service.wants/x.service -> ../x.service
--- e.service
[Unit]
Wants=y.service
[Service]
ExecStart=bin/relative
--- b.service
[Unit]
Wants=z.service
[Service]
Type=simple
`);
  assert.deepEqual(store.load('m.service').dependencies, []);
  assert.deepEqual(namesOf(store, store.load('e.service'), 'Requires'), []);
  assert.deepEqual(namesOf(store, store.load('e.service'), 'Wants'), ['y.service']);
  assert.deepEqual(namesOf(store, store.load('b.service'), 'Requires'), ['sysinit.target']);
  const old = storeOf('--- m.service -> /dev/null\n--- m.service.wants/x.service -> ../x.service\n', 252);
  assert.deepEqual(namesOf(old, old.load('m.service'), 'Wants'), ['x.service']);
});

test('no dependency on itself, none that delays a device, no OnFailure= of devices', () => {
  const store = storeOf(`${service('a.service', 'Wants=a.service b.service\nBefore=dev-x.device\nOnFailure=f.service')}
--- b.service -> a.service
--- dev-x.device
[Unit]
OnFailure=f.service
--- t.target
[Unit]
OnFailure=f.service
`);
  const unit = store.load('a.service');
  assert.deepEqual(namesOf(store, unit, 'Wants'), []);
  assert.deepEqual(namesOf(store, unit, 'Before'), ['shutdown.target']);
  assert.deepEqual(namesOf(store, unit, 'OnFailure'), ['f.service']);
  assert.deepEqual(namesOf(store, store.load('dev-x.device'), 'OnFailure'), []);
  assert.deepEqual(namesOf(store, store.load('t.target'), 'OnFailure'), ['f.service']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findObstacles } from '../src/core/boot/start/start-unit.ts';
import { Unit } from '../src/core/units/unit.ts';
import { madeBy, outcomeOf, type StartSetting, startCase } from './support/start.ts';

type Case = readonly [files: string, expected: string, setting?: StartSetting];

function checkAll(cases: readonly Case[]): void {
  for (const [files, expected, setting] of cases) assert.equal(outcomeOf(files, setting), expected, files);
}

const service = '--- a.service\n[Service]\nExecStart=/usr/bin/true\n';
const socket = (settings: string) => `--- a.socket\n[Socket]\n${settings}\n${service}`;

test('sockets bind below parents that can be made', () => {
  checkAll([
    [socket('ListenStream=/run/x/y/z'), 'starts'],
    [socket('ListenStream=/usr/x'), 'fails resources', { readOnly: ['/usr'] }],
    [socket('ListenDatagram=/var/lib'), 'fails resources'],
    [`${socket('ListenStream=/var/lib/x')}--- /var/lib/x\n`, 'starts'],
    [`${socket('ListenStream=/var/lib/x/y')}--- /var/lib/x\n`, 'fails resources'],
    [socket('ListenStream=/usr/x\nListenStream='), 'starts', { readOnly: ['/usr'] }],
    [socket('ListenFIFO=/run/x'), 'starts'],
    [`${socket('ListenFIFO=/run/x')}--- /run/x\n`, 'fails resources'],
    [socket('ListenSpecial=/run/x'), 'fails resources'],
    [socket('ListenSpecial=/dev/x'), 'starts'],
    [socket('ListenStream=@x'), 'starts'],
    [socket('ListenStream=80'), 'starts'],
    [socket('ListenStream=/run/x\nExecStartPre=/usr/bin/none'), 'fails 203/EXEC'],
    [socket('ListenStream=/run/x\nExecStartPre=-/usr/bin/none'), 'starts'],
  ]);
});

test('owners of sockets are looked up after binding', () => {
  const files = socket('ListenStream=/run/x\nSocketUser=none\nSocketGroup=nogrp');
  assert.equal(outcomeOf(files), 'fails 217/USER 216/GROUP');
  assert.equal(outcomeOf(socket('ListenStream=/run/x\nSocketUser=app\nSocketGroup=team')), 'starts');
  assert.deepEqual(madeBy(files), ['socket 0666 0:0 /run/x']);
});

test('what a socket makes', () => {
  assert.deepEqual(
    madeBy(
      socket(
        'ListenStream=/run/d/s\nSocketMode=0660\nSocketUser=app\nSocketGroup=team\nDirectoryMode=0750\nSymlinks=/run/l /run/m/l',
      ),
    ),
    [
      'directory 0750 0:0 /run/d',
      'socket 0660 100:201 /run/d/s',
      'symlink /run/l -> /run/d/s',
      'directory 0755 0:0 /run/m',
      'symlink /run/m/l -> /run/d/s',
    ],
  );
  assert.deepEqual(madeBy(socket('ListenFIFO=/run/f\nListenFIFO=/run/g\nSocketMode=0600\nSymlinks=/run/l')), [
    'fifo 0600 0:0 /run/f',
    'fifo 0600 0:0 /run/g',
  ]);
  assert.deepEqual(madeBy(socket('ListenStream=/var/run/s')), ['socket 0666 0:0 /run/s']);
});

test('sockets, timers and paths refuse to start without what they start', () => {
  checkAll([
    ['--- a.socket\n[Socket]\nListenStream=/run/x\n', 'fails refused'],
    ['--- a.socket\n[Socket]\nListenStream=/run/x\n--- a.service -> /dev/null\n', 'fails refused'],
    ['--- a.socket\n[Socket]\nListenStream=/run/x\nService=b.service\n--- b.service\n[Service]\n', 'starts'],
    ['--- a.socket\n[Socket]\nListenStream=/run/x\nAccept=yes\n', 'starts'],
    ['--- a.timer\n[Timer]\nOnBootSec=1\n', 'fails refused'],
    [`--- a.timer\n[Timer]\nOnBootSec=1\n${service}`, 'starts'],
    [`--- a.timer\n[Timer]\nOnBootSec=1\nUnit=b.service\n${service}`, 'fails refused'],
    ['--- a.path\n[Path]\nPathExists=/x\n', 'fails refused'],
    [`--- a.path\n[Path]\nPathExists=/x\n${service}`, 'starts'],
    ['--- a.target\n[Unit]\n', 'starts'],
    ['--- a.slice\n[Unit]\n', 'starts'],
  ]);
  assert.deepEqual(madeBy('--- a.socket\n[Socket]\nListenStream=/run/x\n'), []);
});

test('what timers and paths make', () => {
  const path = (settings: string) => `--- a.path\n[Path]\n${settings}\n${service}`;
  assert.deepEqual(madeBy(path('PathChanged=/var/lib/w/file\nMakeDirectory=yes\nDirectoryMode=0711')), [
    'directory 0711 0:0 /var/lib/w',
    'directory 0711 0:0 /var/lib/w/file',
  ]);
  assert.deepEqual(madeBy(path('DirectoryNotEmpty=/var/lib/w\nMakeDirectory=yes')), ['directory 0755 0:0 /var/lib/w']);
  assert.deepEqual(madeBy(path('PathExists=/var/lib/w\nPathExistsGlob=/var/lib/v*\nMakeDirectory=yes')), []);
  assert.deepEqual(madeBy(path('PathChanged=/var/lib/w')), []);
  assert.deepEqual(madeBy(`--- a.path\n[Path]\nPathChanged=/var/lib/w\nMakeDirectory=yes\n`), []);
  assert.deepEqual(madeBy(`--- a.timer\n[Timer]\nOnCalendar=daily\nPersistent=yes\n${service}`), [
    'directory 0755 0:0 /var/lib/systemd',
    'directory 0755 0:0 /var/lib/systemd/timers',
    'file 0644 0:0 /var/lib/systemd/timers/stamp-a.timer',
  ]);
  assert.deepEqual(madeBy(`--- a.timer\n[Timer]\nOnCalendar=daily\n${service}`), []);
});

const mount = (name: string, settings: string) => `--- ${name}.mount\n[Mount]\n${settings}\n`;

test('mounts make their points and the sources of bind mounts', () => {
  checkAll([
    [mount('var-lib-m', 'What=tmpfs\nWhere=/var/lib/m\nType=tmpfs'), 'starts'],
    [mount('usr-m', 'What=tmpfs\nWhere=/usr/m\nType=tmpfs'), 'fails exit-code', { readOnly: ['/usr'] }],
    [mount('var-lib-m', 'What=/var/lib/s\nWhere=/var/lib/m\nOptions=bind'), 'starts'],
    [mount('mnt', 'What=/usr/s\nWhere=/mnt\nType=bind'), 'fails exit-code', { readOnly: ['/usr'] }],
    [mount('mnt', 'What=/var/lib/none.img\nWhere=/mnt\nType=ext4'), 'fails exit-code'],
    [`${mount('mnt', 'What=/var/lib/x.img\nWhere=/mnt\nType=ext4')}--- /var/lib/x.img\n`, 'starts'],
    [mount('mnt', 'What=/dev/sda1\nWhere=/mnt'), 'starts'],
    [mount('mnt', 'What=server:/x\nWhere=/mnt\nType=nfs'), 'starts'],
    [
      `${mount('var-run-m', 'What=tmpfs\nWhere=/var/run/m\nType=tmpfs')}--- /var/run -> /run\n--- /run/m/\n`,
      'fails resources',
    ],
    ['--- var-lib-m.automount\n[Automount]\nWhere=/var/lib/m\n', 'starts'],
    ['--- a.swap\n[Swap]\nWhat=/var/lib/swap\n', 'fails exit-code'],
    ['--- a.swap\n[Swap]\nWhat=/var/lib/swap\n', 'starts', { inputs: { environment: { container: true } } }],
    ['--- a.swap\n[Swap]\nWhat=/dev/sda2\n', 'starts'],
  ]);
  assert.deepEqual(
    madeBy(mount('var-lib-m', 'What=/var/lib/a/s\nWhere=/var/lib/m\nOptions=ro,bind\nDirectoryMode=0700')),
    ['directory 0700 0:0 /var/lib/a', 'directory 0700 0:0 /var/lib/a/s', 'directory 0700 0:0 /var/lib/m'],
  );
});

test('what a service makes', () => {
  const made = (settings: string, setting?: StartSetting) =>
    madeBy(`--- a.service\n[Service]\nExecStart=/usr/bin/true\n${settings}\n`, setting);
  assert.deepEqual(made('User=app\nStateDirectory=s/t u\nStateDirectoryMode=0750\nUMask=0077'), [
    'directory 0755 0:0 /var/lib/s',
    'directory 0750 100:100 /var/lib/s/t',
    'directory 0750 100:100 /var/lib/u',
  ]);
  assert.deepEqual(
    made('User=app\nGroup=team\nRuntimeDirectory=r\nConfigurationDirectory=c\nLogsDirectory=l\nCacheDirectory=k'),
    [
      'directory 0755 100:201 /etc/c',
      'directory 0755 100:201 /run/r',
      'directory 0755 0:0 /var/cache',
      'directory 0755 100:201 /var/cache/k',
      'directory 0755 100:201 /var/log/l',
    ],
  );
  assert.deepEqual(made('StateDirectory=a:b'), ['directory 0755 0:0 /var/lib/a', 'symlink /var/lib/b -> a']);
  assert.deepEqual(made('DynamicUser=yes\nStateDirectory=a/b\nRuntimeDirectory=r'), [
    'directory 0755 ?:? /run/r',
    'directory 0755 0:0 /var/lib/a',
    'symlink /var/lib/a/b -> ../private/a/b',
    'directory 0700 0:0 /var/lib/private',
    'directory 0755 0:0 /var/lib/private/a',
    'directory 0755 65534:65534 /var/lib/private/a/b',
  ]);
  assert.deepEqual(made('DynamicUser=yes\nStateDirectory=a', { version: 252 }), [
    'symlink /var/lib/a -> private/a',
    'directory 0700 0:0 /var/lib/private',
    'directory 0755 ?:? /var/lib/private/a',
  ]);
  assert.deepEqual(made('StandardOutput=append:/var/log/x\nStandardError=file:/var/log/y'), [
    'file 0644 0:0 /var/log/x',
    'file 0644 0:0 /var/log/y',
  ]);
  assert.deepEqual(
    made('BindPaths=/var/lib:/var/b/c\nBindReadOnlyPaths=/etc/passwd:/var/p\nTemporaryFileSystem=/var/t:ro'),
    ['directory 0755 0:0 /var/b', 'directory 0755 0:0 /var/b/c', 'file 0644 0:0 /var/p', 'directory 0755 0:0 /var/t'],
  );
});

test('a failing start makes what comes before its failure', () => {
  const made = (settings: string) => madeBy(`--- a.service\n[Service]\nExecStart=/usr/bin/true\n${settings}\n`);
  assert.deepEqual(made('User=none\nStateDirectory=s\nStandardOutput=file:/var/log/x'), []);
  assert.deepEqual(made('EnvironmentFile=/etc/none\nStateDirectory=s'), []);
  assert.deepEqual(made('StandardOutput=file:/none/x\nStateDirectory=s'), []);
  assert.deepEqual(made('WorkingDirectory=/none\nStateDirectory=s'), ['directory 0755 0:0 /var/lib/s']);
  assert.deepEqual(made('ReadWritePaths=/none\nStateDirectory=s'), ['directory 0755 0:0 /var/lib/s']);
  assert.deepEqual(made('User=none\nExecStart=\nExecStart=-/usr/bin/true\nStateDirectory=s'), []);
});

test('directories that are there get the rights of the unit', () => {
  const files =
    '--- a.service\n[Service]\nUser=app\nExecStart=/usr/bin/true\nStateDirectory=s\nConfigurationDirectory=c\n';
  assert.deepEqual(madeBy(`${files}--- /var/lib/s/ 0700 5:5\n--- /etc/c/ 0700 5:5\n`), [
    'directory 0755 100:100 /var/lib/s',
  ]);
  const dynamic = '--- a.service\n[Service]\nDynamicUser=yes\nExecStart=/usr/bin/true\nStateDirectory=s\n';
  const { unit, context } = startCase(`${dynamic}--- /var/lib/s/ 0755\n--- /var/lib/s/x\n`);
  assert.deepEqual(findObstacles(unit, context), []);
  assert.deepEqual(madeBy(`${dynamic}--- /var/lib/s/ 0755\n--- /var/lib/s/x\n`), [
    'directory 0700 0:0 /var/lib/private',
    'directory 0755 65534:65534 /var/lib/private/s',
    'symlink /var/lib/s -> private/s',
  ]);
});

test('a unit that does not load has that for its obstacle', () => {
  const { context } = startCase('--- a.service\n[Service]\n');
  const place = { file: '/usr/lib/systemd/system/a.service', line: 2 };
  const unit = new Unit(
    {
      name: 'a.service',
      names: ['a.service'],
      type: 'service',
      loadState: 'bad-setting',
      loadFailure: { place, message: 'x' },
    },
    (_, text) => ({ kind: 'value', value: text }),
  );
  assert.deepEqual(
    findObstacles(unit, context).map(({ code, result, place: at }) => [code, result, at.line]),
    [['bad-setting', 'bad-setting', 2]],
  );
});

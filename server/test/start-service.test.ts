import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findObstacles, finishedOutcome, judgeStart } from '../src/core/boot/start/start-unit.ts';
import { outcomeOf, type StartSetting, startCase } from './support/start.ts';

type Case = readonly [settings: string, expected: string, setting?: StartSetting, files?: string];

const plain = 'Type=oneshot\nRemainAfterExit=yes\n';

/** `; ` right behind a word stands for a new line. */
function unitText(settings: string): string {
  const lines = settings.replace(/(?<=\S); /g, '\n');
  const type = /^Type=/m.test(lines) ? '' : plain;
  const command = /^Exec(Start|Stop)=/m.test(lines) ? '' : 'ExecStart=/usr/bin/true\n';
  return `--- a.service\n[Service]\n${type}${command}${lines}\n`;
}

function checkAll(cases: readonly Case[], always: StartSetting = {}): void {
  for (const [settings, expected, setting, files] of cases) {
    const actual = outcomeOf(unitText(settings) + (files ?? ''), { ...always, ...setting });
    assert.equal(actual, expected, `${settings} ${JSON.stringify(setting ?? {})}`);
  }
}

const versions = [252, 257, 262];

test('User=, Group= and SupplementaryGroups= need an account, numbers too', () => {
  for (const version of versions) {
    checkAll(
      [
        ['', 'starts'],
        ['User=app', 'starts'],
        ['User=nobody-such', 'fails 217/USER'],
        ['User=100', 'starts'],
        ['User=4711', 'fails 217/USER'],
        ['User=0', 'starts'],
        ['User=root', 'starts'],
        ['User=nobody', 'starts'],
        ['User=65534', 'starts'],
        ['User=nobody-such; User=', 'starts'],
        ['Group=team', 'starts'],
        ['Group=none', 'fails 216/GROUP'],
        ['Group=4711', 'fails 216/GROUP'],
        ['SupplementaryGroups=team extra', 'starts'],
        ['SupplementaryGroups=team none', 'fails 216/GROUP'],
        ['SupplementaryGroups=none; SupplementaryGroups=', 'starts'],
        ['User=x; Group=y; SupplementaryGroups=z', 'fails 217/USER 216/GROUP 216/GROUP'],
      ],
      { version },
    );
  }
});

test('DynamicUser= needs no account, but none may be half there', () => {
  checkAll([
    ['DynamicUser=yes; User=new', 'starts'],
    ['DynamicUser=yes', 'starts'],
    ['DynamicUser=yes; Group=new', 'starts'],
    ['DynamicUser=yes; SupplementaryGroups=new', 'fails 216/GROUP'],
    ['DynamicUser=yes; User=extra', 'fails 217/USER'],
    ['DynamicUser=yes; User=app', 'starts'],
  ]);
});

test('accounts come from where nsswitch.conf says, if the module is there', () => {
  const libraries = '--- /usr/lib/x86_64-linux-gnu/libc.so.6\n';
  const systemd = '--- /usr/lib/x86_64-linux-gnu/libnss_systemd.so.2\n';
  const altfiles = '--- /usr/lib64/libnss_altfiles.so.2\n';
  const record = '--- /usr/lib/userdb/drop.user\n{"userName":"drop","uid":4850,"gid":4850}\n';
  const conf = (sources: string) => `--- /etc/nsswitch.conf\npasswd: ${sources}\ngroup: files\n`;
  const alt = '--- /usr/lib/passwd\nalt:x:300:100::/:/bin/sh\n';
  checkAll([
    ['User=drop', 'fails 217/USER', {}, record],
    ['User=drop', 'starts', {}, record + libraries + systemd + conf('files systemd')],
    ['User=drop', 'fails 217/USER', {}, record + libraries + conf('files systemd')],
    ['User=drop', 'fails 217/USER', {}, record + libraries + systemd + conf('files # systemd')],
    ['User=alt', 'fails 217/USER', {}, alt],
    ['User=alt', 'starts', {}, alt + libraries + altfiles + conf('files [NOTFOUND=continue] altfiles')],
    ['User=ldap', 'fails 217/USER', {}, libraries + conf('files sss')],
    ['User=ldap', 'starts', {}, `${libraries}--- /usr/lib/libnss_sss.so.2\n${conf('files sss')}`],
    ['User=app', 'starts', {}, libraries + conf('files sss')],
    [
      'User=drop',
      'fails 217/USER',
      {},
      `--- /usr/lib/userdb/drop.user\n{"uid":\n${libraries}${systemd}${conf('files systemd')}`,
    ],
  ]);
});

test('EnvironmentFile= is read by the manager before anything else', () => {
  const files = '--- /etc/env\nA=1\n--- /etc/envs/a.conf\nA=1\n';
  checkAll([
    ['EnvironmentFile=/etc/env', 'starts', {}, files],
    ['EnvironmentFile=/etc/none', 'fails resources', {}, files],
    ['EnvironmentFile=-/etc/none', 'starts', {}, files],
    ['EnvironmentFile=/etc/envs', 'fails resources', {}, files],
    ['EnvironmentFile=/etc/envs/*.conf', 'starts', {}, files],
    ['EnvironmentFile=/etc/envs/*.none', 'fails resources', {}, files],
    ['EnvironmentFile=-/etc/envs/*.none', 'starts', {}, files],
    ['EnvironmentFile=/etc/none; EnvironmentFile=', 'starts', {}, files],
    // The directory is made too late, and the file in it by nobody.
    ['RuntimeDirectory=own; EnvironmentFile=/run/own/env', 'fails resources'],
    // The manager does not know of the prefix.
    ['EnvironmentFile=/etc/none; ExecStart=-/usr/bin/true', 'fails resources'],
    ['EnvironmentFile=/etc/none; User=none', 'fails resources 217/USER'],
    ['EnvironmentFile=/etc/none; ExecCondition=/usr/bin/true', 'fails resources'],
    ['Type=simple; EnvironmentFile=/etc/none; ExecStart=/usr/bin/true', 'fails resources'],
  ]);
});

test('WorkingDirectory=', () => {
  const files = '--- /var/lib/app/ 0750 100:100\n--- /var/lib/closed/ 0700\n--- /var/lib/file\n';
  checkAll([
    ['WorkingDirectory=/var/lib/app', 'starts', {}, files],
    ['WorkingDirectory=/var/lib/none', 'fails 200/CHDIR', {}, files],
    ['WorkingDirectory=-/var/lib/none', 'starts', {}, files],
    ['WorkingDirectory=/var/lib/file', 'fails 200/CHDIR', {}, files],
    ['User=app; WorkingDirectory=~', 'starts', {}, files],
    ['User=app; WorkingDirectory=~', 'fails 200/CHDIR'],
    ['WorkingDirectory=~', 'starts'],
    ['User=homeless; WorkingDirectory=~', 'starts', { version: 257 }],
    ['User=homeless; WorkingDirectory=~', 'fails 200/CHDIR', { version: 252 }],
    ['User=nobody; WorkingDirectory=~', 'starts', { version: 262 }],
    ['User=nobody; WorkingDirectory=~', 'fails 200/CHDIR', { version: 252 }],
    ['User=app; WorkingDirectory=/var/lib/closed', 'fails 200/CHDIR', {}, files],
    ['User=app; ExecStart=+/usr/bin/true; WorkingDirectory=/var/lib/closed', 'starts', {}, files],
    ['User=app; ExecStart=!/usr/bin/true; WorkingDirectory=/var/lib/closed', 'starts', {}, files],
    ['WorkingDirectory=/var/lib/closed', 'starts', {}, files],
    ['StateDirectory=own; WorkingDirectory=/var/lib/own', 'starts'],
    ['StateDirectory=own; WorkingDirectory=%S/own', 'starts'],
    ['WorkingDirectory=%b/x', 'starts'],
    // The first command is already refused, so it cannot make the directory.
    ['ExecStartPre=/usr/bin/true -p /var/lib/late; WorkingDirectory=/var/lib/late', 'fails 200/CHDIR'],
  ]);
});

test('standard streams: files are made, their directories are not', () => {
  const files = '--- /etc/in\n--- /var/lib/dir/\n';
  checkAll([
    ['StandardInput=file:/etc/in', 'starts', {}, files],
    ['StandardInput=file:/etc/none', 'fails 208/STDIN'],
    ['StandardOutput=file:/var/log/x', 'starts'],
    ['StandardOutput=append:/var/log/none/x', 'fails 209/STDOUT'],
    ['StandardError=truncate:/var/log/none/x', 'fails 222/STDERR'],
    ['StandardOutput=file:/var/lib/dir', 'fails 209/STDOUT', {}, files],
    ['StandardOutput=file:/usr/x', 'fails 209/STDOUT', { readOnly: ['/usr'] }],
    ['StandardOutput=journal', 'starts'],
    ['StandardOutput=file:/dev/none/x', 'starts'],
    // The streams come before the directories.
    ['LogsDirectory=own; StandardOutput=append:/var/log/own/x', 'fails 209/STDOUT'],
    ['StandardInput=tty; TTYPath=/dev/tty9', 'fails 208/STDIN', { inputs: { environment: { container: true } } }],
    ['StandardInput=tty; TTYPath=/dev/tty9', 'starts'],
  ]);
});

test('OpenFile= is opened for writing too', () => {
  const files = '--- /etc/in\n--- /usr/in\n';
  checkAll([
    ['OpenFile=/etc/in:x', 'starts', {}, files],
    ['OpenFile=/etc/none:x', 'fails 202/FDS', {}, files],
    ['OpenFile=/etc/none:x', 'starts', { version: 252 }, files],
    ['OpenFile=/etc/none:x:graceful', 'starts', {}, files],
    ['OpenFile=/usr/in:x', 'fails 202/FDS', { readOnly: ['/usr'] }, files],
    ['OpenFile=/usr/in:x:read-only', 'starts', { readOnly: ['/usr'] }, files],
    ['OpenFile=/var/lib', 'fails 202/FDS'],
    ['OpenFile=/var/lib::read-only', 'starts'],
    ['OpenFile=/etc/none:x; User=none', 'fails 202/FDS 217/USER'],
  ]);
});

test('StateDirectory= and its kin', () => {
  const files = '--- /var/lib/file\n--- /etc/file\n--- /var/lib/link -> app\n--- /var/lib/app/\n';
  checkAll([
    ['StateDirectory=a b/c', 'starts'],
    ['StateDirectory=file', 'fails 238/STATE_DIRECTORY', {}, files],
    ['StateDirectory=file/x', 'fails 238/STATE_DIRECTORY', {}, files],
    ['StateDirectory=link', 'fails 238/STATE_DIRECTORY', {}, files],
    ['RuntimeDirectory=a', 'starts'],
    ['RuntimeDirectory=a', 'fails 233/RUNTIME_DIRECTORY', {}, '--- /run/a\n'],
    ['CacheDirectory=a', 'fails 239/CACHE_DIRECTORY', {}, '--- /var/cache/a\n'],
    ['LogsDirectory=a', 'fails 240/LOGS_DIRECTORY', {}, '--- /var/log/a\n'],
    ['ConfigurationDirectory=file', 'starts', {}, files],
    ['ConfigurationDirectory=file/x', 'fails 241/CONFIGURATION_DIRECTORY', {}, files],
    ['ConfigurationDirectory=new', 'fails 241/CONFIGURATION_DIRECTORY', { readOnly: ['/etc'] }],
    ['ConfigurationDirectory=there', 'starts', { readOnly: ['/etc'] }, '--- /etc/there/\n'],
    ['StateDirectory=new', 'fails 238/STATE_DIRECTORY', { readOnly: ['/'] }],
  ]);
});

test('credentials with a path need it, unless there is a fallback', () => {
  checkAll([
    ['LoadCredential=x:/etc/none', 'fails 243/CREDENTIALS'],
    ['LoadCredentialEncrypted=x:/etc/none', 'fails 243/CREDENTIALS'],
    ['LoadCredential=x:/etc/passwd', 'starts'],
    ['LoadCredential=x:/etc', 'starts'],
    ['LoadCredential=x', 'starts'],
    ['LoadCredential=x:other', 'starts'],
    ['ImportCredential=x.*', 'starts'],
    ['LoadCredential=x:/etc/none; SetCredential=x:y', 'starts'],
    ['LoadCredential=x:/etc/none; SetCredential=z:y', 'fails 243/CREDENTIALS'],
    ['LoadCredential=x:/etc/none; LoadCredential=', 'starts'],
  ]);
});

test('PAMName= needs a stack with all that it includes', () => {
  const stack = (path: string, text: string) => `--- ${path}\n${text}\n`;
  checkAll([
    ['User=app; PAMName=x', 'fails 224/PAM'],
    ['User=app; PAMName=x', 'starts', {}, stack('/etc/pam.d/x', 'session required pam_permit.so')],
    ['User=app; PAMName=x', 'starts', {}, stack('/etc/pam.d/other', 'session required pam_permit.so')],
    ['User=app; PAMName=x', 'starts', {}, stack('/usr/lib/pam.d/x', 'session required pam_permit.so')],
    ['User=app; PAMName=x', 'fails 224/PAM', {}, stack('/etc/pam.d/x', '@include common')],
    ['User=app; PAMName=x', 'fails 224/PAM', {}, stack('/etc/pam.d/x', 'account include common')],
    [
      'User=app; PAMName=x',
      'starts',
      {},
      stack('/etc/pam.d/x', '-auth substack y') + stack('/etc/pam.d/y', '@include x'),
    ],
    ['PAMName=x', 'starts', { version: 252 }],
    ['PAMName=x', 'fails 224/PAM', { version: 257 }],
    ['User=app; PAMName=x', 'fails 224/PAM', { version: 252 }],
    ['User=app; PAMName=x; ExecStart=+/usr/bin/true', 'starts'],
    ['User=app; PAMName=x; ExecStart=!/usr/bin/true', 'starts'],
  ]);
});

test('namespaces need their sources and their destinations', () => {
  const files = '--- /var/lib/dir/\n--- /var/lib/file\n--- /var/lib/dangling -> none\n';
  for (const key of ['ReadWritePaths', 'ReadOnlyPaths', 'InaccessiblePaths', 'ExecPaths', 'NoExecPaths']) {
    checkAll([
      [`${key}=/var/lib/none`, 'fails 226/NAMESPACE', {}, files],
      [`${key}=-/var/lib/none`, 'starts', {}, files],
      [`${key}=/var/lib/dir`, 'starts', {}, files],
      [`${key}=/var/lib/dangling`, 'fails 226/NAMESPACE', {}, files],
      [`${key}=/var/lib/none; ${key}=`, 'starts', {}, files],
      [`${key}=/proc/none`, 'starts', {}, files],
    ]);
  }
  checkAll([
    ['ReadWriteDirectories=/var/lib/none', 'fails 226/NAMESPACE'],
    ['ReadWritePaths=/var/lib/a /var/lib/b', 'fails 226/NAMESPACE 226/NAMESPACE'],
    ['StateDirectory=own; ReadWritePaths=/var/lib/own', 'starts'],
    ['StateDirectory=own; ReadWritePaths=/var/lib/own/sub', 'fails 226/NAMESPACE'],
    ['ExecStartPre=+/usr/bin/true /var/lib/late; ReadWritePaths=/var/lib/late', 'fails 226/NAMESPACE'],
    // A mount that changes nothing is left out, so nobody notices that its path is missing.
    ['ProtectSystem=strict; ReadOnlyPaths=/var/lib/none', 'starts'],
    ['ProtectSystem=full; ReadOnlyPaths=/etc/none', 'starts'],
    ['ProtectSystem=full; ReadOnlyPaths=/var/lib/none', 'fails 226/NAMESPACE'],
    ['ReadOnlyPaths=/var/lib /var/lib/none', 'starts'],
    ['DynamicUser=yes; ReadOnlyPaths=/var/lib/none', 'starts'],
    ['DynamicUser=yes; ReadWritePaths=/var/lib/none', 'fails 226/NAMESPACE'],
    ['InaccessiblePaths=/var/lib/dir; ReadWritePaths=/var/lib/dir/none', 'starts', {}, files],
    ['TemporaryFileSystem=/var/lib/dir; ReadWritePaths=/var/lib/dir/x', 'fails 226/NAMESPACE', {}, files],
    ['BindPaths=/var/lib/none:/var/lib/dir', 'fails 226/NAMESPACE', {}, files],
    ['BindPaths=-/var/lib/none:/var/lib/dir', 'starts', {}, files],
    ['BindReadOnlyPaths=/var/lib/none', 'fails 226/NAMESPACE', {}, files],
    ['BindPaths=/var/lib/dir:/var/lib/new; ReadWritePaths=/var/lib/new', 'starts', {}, files],
    ['BindPaths=/var/lib/dir:/usr/new', 'fails 226/NAMESPACE', { readOnly: ['/usr'] }, files],
    ['BindPaths=/var/lib/dir:/var/lib/file/new', 'fails 226/NAMESPACE', {}, files],
    ['TemporaryFileSystem=/usr/new:ro', 'fails 226/NAMESPACE', { readOnly: ['/usr'] }],
    ['TemporaryFileSystem=/var/lib/new:ro', 'starts'],
    ['RootDirectory=/var/lib/none', 'fails 226/NAMESPACE'],
    ['RootImage=/var/lib/none', 'fails 226/NAMESPACE'],
    ['MountImages=/var/lib/none.raw:/mnt', 'fails 226/NAMESPACE'],
    ['MountImages=-/var/lib/none.raw:/mnt', 'starts'],
    ['ExtensionDirectories=/var/lib/none', 'fails 226/NAMESPACE'],
    ['NetworkNamespacePath=/run/netns/x', 'fails 225/NETWORK'],
    ['IPCNamespacePath=/run/x', 'fails 226/NAMESPACE'],
    ['IPCNamespacePath=/run/x', 'starts', { version: 252 }],
  ]);
});

test('what a namespace shows of a path', () => {
  const files = '--- /srv/tool 0755\n--- /var/lib/dir/\n--- /srv/root/usr/bin/true 0755\n--- /home/x/\n';
  checkAll([
    ['BindPaths=/srv:/var/lib/dir; ExecStart=/var/lib/dir/tool', 'starts', {}, files],
    ['BindPaths=/srv:/var/lib/dir; ExecStart=/var/lib/dir/none', 'fails 203/EXEC', {}, files],
    ['TemporaryFileSystem=/srv; ExecStart=/srv/tool', 'fails 203/EXEC', {}, files],
    ['TemporaryFileSystem=/var; WorkingDirectory=/var/lib/dir', 'fails 200/CHDIR', {}, files],
    ['TemporaryFileSystem=/var; BindPaths=/var/lib/dir; WorkingDirectory=/var/lib/dir', 'starts', {}, files],
    ['TemporaryFileSystem=/var/lib/dir; WorkingDirectory=/var/lib/dir', 'starts', {}, files],
    ['InaccessiblePaths=/srv; ExecStart=/srv/tool', 'fails 203/EXEC', {}, files],
    ['ProtectHome=yes; WorkingDirectory=/home/x', 'fails 200/CHDIR', {}, files],
    ['ProtectHome=read-only; WorkingDirectory=/home/x', 'starts', {}, files],
    ['ProtectHome=no; WorkingDirectory=/home/x', 'starts', {}, files],
    ['PrivateTmp=yes; WorkingDirectory=/tmp/x', 'fails 200/CHDIR', {}, '--- /tmp/x/\n'],
    ['RootDirectory=/srv/root', 'starts', {}, files],
    ['RootDirectory=/srv/root; ExecStart=/usr/bin/sleep', 'fails 203/EXEC', {}, files],
    ['RootDirectory=/; ExecStart=/usr/bin/sleep', 'starts', {}, files],
    ['RootImage=/srv/tool; ExecStart=/nowhere', 'starts', {}, files],
    ['ExtensionImages=/srv/tool; ExecStart=/usr/bin/none', 'starts', {}, files],
  ]);
});

test('programs', () => {
  const files = `
--- /usr/lib/x/script 0755
#!/bin/sh
--- /usr/lib/x/lost 0755
#! /usr/bin/none -x
--- /usr/lib/x/chain 0755
#!/usr/lib/x/lost
--- /usr/lib/x/plain
#!/bin/sh
--- /usr/lib/x/text 0755
echo
--- /usr/lib/x/relative 0755
#!sh
--- /usr/lib/x/closed 0700
#!/bin/sh
--- /usr/lib/x/team 0750 0:201
#!/bin/sh
--- /usr/lib/x/directory/
--- /usr/lib/x/dangling -> /etc/alternatives/x
--- /usr/lib/x/circle -> circle
`;
  const at = (name: string) => `ExecStart=/usr/lib/x/${name}`;
  checkAll([
    ['ExecStart=/usr/bin/none', 'fails 203/EXEC'],
    [at('script'), 'starts', {}, files],
    [at('lost'), 'fails 203/EXEC', {}, files],
    [at('chain'), 'fails 203/EXEC', {}, files],
    [at('plain'), 'fails 203/EXEC', {}, files],
    [at('text'), 'fails 203/EXEC', {}, files],
    [at('relative'), 'fails 203/EXEC', {}, files],
    [at('directory'), 'fails 203/EXEC', {}, files],
    [at('dangling'), 'fails 203/EXEC', {}, files],
    [at('circle'), 'fails 203/EXEC', {}, files],
    [at('closed'), 'starts', {}, files],
    [`User=app; ${at('closed')}`, 'fails 203/EXEC', {}, files],
    [`User=app; ExecStart=+/usr/lib/x/closed`, 'starts', {}, files],
    [`User=app; ExecStart=!/usr/lib/x/closed`, 'starts', {}, files],
    [`User=app; ${at('team')}`, 'starts', {}, files],
    [`User=homeless; Group=app; ${at('team')}`, 'fails 203/EXEC', {}, files],
    [`User=homeless; Group=app; SupplementaryGroups=team; ${at('team')}`, 'starts', {}, files],
    ['ExecStart=true', 'starts'],
    ['ExecStart=none', 'fails 203/EXEC'],
    ['ExecSearchPath=/usr/lib/x; ExecStart=script', 'starts', {}, files],
    ['ExecSearchPath=/usr/lib/x; ExecStart=true', 'fails 203/EXEC', {}, files],
    ['ExecStart=/dev/none', 'starts'],
    ['ExecStart=@/usr/bin/true zero', 'starts'],
    ['ExecStart=/usr/bin/true ; /usr/bin/none', 'fails 203/EXEC'],
    ['ExecStart=/usr/bin/none; ExecStart=; ExecStart=/usr/bin/true', 'starts'],
    ['ExecStart=/usr/bin/%N-none', 'fails 203/EXEC'],
    ['User=none; ExecStart=|true', 'fails 217/USER', { version: 262 }],
    ['ExecStart=|true', 'starts', { version: 262 }],
    ['User=app; ExecStart=!!/usr/bin/none', 'fails 203/EXEC', { version: 252 }],
    // An earlier command that names the path may make it.
    ['ExecStartPre=/usr/bin/true /run/tool; ExecStart=/run/tool', 'starts'],
    ['ExecStartPre=/usr/bin/true /run/other; ExecStart=/run/tool', 'fails 203/EXEC'],
  ]);
});

test('every command that runs at the start counts, and `-` forgives all of its failures', () => {
  checkAll([
    ['ExecStartPre=/usr/bin/none', 'fails 203/EXEC'],
    ['ExecStartPre=-/usr/bin/none', 'starts'],
    ['ExecStartPost=/usr/bin/none', 'fails 203/EXEC'],
    ['ExecReload=/usr/bin/none', 'starts'],
    ['ExecStart=/usr/bin/true; ExecStop=/usr/bin/none', 'starts'],
    ['Type=oneshot; ExecStart=/usr/bin/true; ExecStop=/usr/bin/none', 'fails 203/EXEC'],
    ['Type=oneshot; ExecStart=/usr/bin/true; ExecStopPost=/usr/bin/none', 'fails 203/EXEC'],
    ['ExecStart=-/usr/bin/none', 'starts'],
    ['User=none; ExecStart=-/usr/bin/true', 'starts'],
    ['User=none; ExecStart=-/usr/bin/true; ExecStartPost=/usr/bin/true', 'fails 217/USER'],
    ['User=none; ExecStart=+/usr/bin/true', 'fails 217/USER'],
    ['User=none; ExecStartPre=-/usr/bin/true', 'fails 217/USER'],
    ['Type=notify; ExecStart=-/usr/bin/none', 'fails protocol'],
    ['Type=forking; ExecStart=-/usr/bin/none', 'starts'],
    ['Type=forking; PIDFile=/run/x.pid; ExecStart=-/usr/bin/none', 'fails protocol'],
    ['Type=oneshot; ExecStart=; ExecStop=/usr/bin/true; RemainAfterExit=yes; User=none', 'starts'],
  ]);
});

test('a command of ExecCondition= that cannot be run skips the unit', () => {
  checkAll([
    ['ExecCondition=/usr/bin/true', 'starts'],
    ['ExecCondition=/usr/bin/none', 'skipped 203/EXEC'],
    ['ExecCondition=-/usr/bin/none', 'starts'],
    ['User=none; ExecCondition=/usr/bin/true', 'skipped 217/USER'],
    ['User=none; ExecCondition=-/usr/bin/true', 'fails 217/USER'],
  ]);
});

test('the start job of a simple service does not wait for its process', () => {
  checkAll([
    ['Type=simple; ExecStart=/usr/bin/none', 'fails 203/EXEC later'],
    ['ExecStart=/usr/bin/none; Type=idle', 'fails 203/EXEC later'],
    ['Type=exec; ExecStart=/usr/bin/none', 'fails 203/EXEC'],
    ['Type=notify; ExecStart=/usr/bin/none', 'fails 203/EXEC'],
    ['Type=simple; User=none; ExecStart=/usr/bin/true', 'fails 217/USER later'],
    ['Type=simple; User=none; ExecStartPre=/usr/bin/true; ExecStart=/usr/bin/true', 'fails 217/USER'],
    ['Type=simple; ExecStart=/usr/bin/none; ExecStartPost=/usr/bin/true', 'fails 203/EXEC'],
  ]);
});

test('everything that is missing is said, in the order of the manager and its child', () => {
  checkAll([
    [
      'EnvironmentFile=/etc/none; OpenFile=/etc/none; User=none; NetworkNamespacePath=/run/n; StandardInput=file:/etc/none; StandardOutput=file:/none/x; StateDirectory=f; LoadCredential=x:/none; PAMName=x; ReadWritePaths=/none; ExecStart=/none; WorkingDirectory=/none',
      'fails resources 202/FDS 217/USER 225/NETWORK 208/STDIN 209/STDOUT 238/STATE_DIRECTORY 243/CREDENTIALS 224/PAM 226/NAMESPACE 203/EXEC 200/CHDIR',
      {},
      '--- /var/lib/f\n',
    ],
  ]);
});

test('an obstacle names its cause, its place and where the thing was lost', () => {
  const files = `
--- a.service
[Service]
User=app
ExecStart=/usr/sbin/squid
WorkingDirectory=/var/lib/app
EnvironmentFile=/etc/default/a
--- /usr/sbin/squid -> /etc/alternatives/squid
--- /etc/alternatives/squid -> /usr/sbin/squid-real
--- /usr/sbin/squid-real 0755
--- /var/lib/app/
--- /etc/default/a
`;
  const { unit, context } = startCase(files, { reset: true });
  const obstacles = findObstacles(unit, context);
  assert.deepEqual(
    obstacles.map(({ cause, subject, place }) => [cause, subject, place.line]),
    [
      ['missing-environment-file', '/etc/default/a', 5],
      ['missing-user', 'app', 2],
      ['dangling-link-into-etc', '/usr/sbin/squid', 3],
      ['missing-working-directory', '/var/lib/app', 4],
    ],
  );
  assert.deepEqual(
    obstacles.map(({ chain }) => chain.map(({ file, message }) => `${file}: ${message}`)),
    [
      ['/etc/default/a: the image ships "/etc/default/a", but nothing brings it back into an empty /etc'],
      ["/etc/passwd: the image's /etc/passwd has it, but nothing declares it in sysusers.d"],
      [
        '/usr/sbin/squid: "/usr/sbin/squid" is a link to "/etc/alternatives/squid"',
        '/etc/alternatives/squid: the image ships "/etc/alternatives/squid", but nothing brings it back into an empty /etc',
      ],
      ['/var/lib/app: the image ships "/var/lib/app", but nothing brings it back into an empty /var'],
    ],
  );
  assert.ok(obstacles.every(({ confidence }) => confidence === 'certain'));
});

test('an image that shows only a part proves little by absence', () => {
  const partial = { isPartial: true };
  checkAll([
    ['ExecStart=/usr/bin/none', 'starts', partial],
    ['WorkingDirectory=/usr/none', 'starts', partial],
    ['WorkingDirectory=/var/lib/none', 'fails 200/CHDIR', partial],
    ['User=none', 'fails 217/USER', partial],
    ['PAMName=x', 'starts', partial],
  ]);
  const { unit, context } = startCase('--- a.service\n[Service]\nUser=none\nExecStart=/usr/bin/true\n', partial);
  assert.equal(findObstacles(unit, context)[0]?.confidence, 'likely');
});

test('judging changes nothing', () => {
  const files = '--- a.service\n[Service]\nStateDirectory=x\nExecStart=/usr/bin/true\nStandardOutput=file:/var/log/x\n';
  const { unit, context } = startCase(files);
  assert.equal(judgeStart(unit, context).kind, 'starts');
  assert.equal(context.tree.lookup('/var/lib/x'), undefined);
  assert.equal(context.tree.lookup('/var/log/x'), undefined);
});

test('what a unit is after a start', () => {
  for (const [settings, expected] of [
    ['Type=oneshot\nExecStart=/usr/bin/true', 'ran'],
    ['Type=oneshot\nExecStart=/usr/bin/true\nRemainAfterExit=yes', 'active'],
    ['ExecStart=/usr/bin/true', 'active'],
    ['ExecStop=/usr/bin/true', 'ran'],
  ]) {
    const { unit } = startCase(`--- a.service\n[Service]\n${settings}\n`);
    assert.equal(finishedOutcome(unit), expected, settings);
  }
});

test('contents that are left out prove nothing, nor does hostile input break anything', () => {
  checkAll([
    ['ExecStart=/usr/bin/sleep', 'starts'],
    [`ReadWritePaths=${'-/x '.repeat(3000)}`, 'starts'],
    [`SupplementaryGroups=${'team '.repeat(3000)}`, 'starts'],
    ['StateDirectory=../x /abs a/../b', 'starts'],
    ['BindPaths=::: a:b', 'starts'],
    ['StandardOutput=file:relative', 'starts'],
    ['ExecStart=/usr/bin/true "open', 'starts'],
  ]);
});

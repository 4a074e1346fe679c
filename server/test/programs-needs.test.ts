import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programObstacles } from '../src/core/boot/start/program-obstacles.ts';
import { findProgramNeeds } from '../src/core/programs/find-program-needs.ts';
import { findNeededServices } from '../src/core/programs/needed-services.ts';
import { viewAt } from '../src/core/programs/program-view.ts';
import { openCase, type ProgramCase } from './support/program-view.ts';

/** A package `demo` with a program `/usr/sbin/demod`; its lists name what the cases put into the image. */
const base = `
--- /etc/passwd
root:x:0:0:root:/root:/bin/sh
--- /etc/group
root:x:0:
--- /usr/sbin/demod 0755
ELF
--- /usr/sbin/tool 0755
ELF
--- /var/lib/dpkg/status
Package: demo
Source: demo-src (1.0)

Package: demo-data
Source: demo-src

Package: other
`;

const account = `
--- /etc/passwd
root:x:0:0:root:/root:/bin/sh
demo:x:101:101::/nonexistent:/usr/sbin/nologin
--- /etc/group
root:x:0:
demo:x:101:
`;

function unitOf(service: string, more = ''): string {
  return `
--- /usr/lib/systemd/system/demo.service
${more}
[Service]
${service}
`;
}

/** What the package owns besides its unit and program. */
function ownedBy(name: string, ...paths: readonly string[]): string {
  const own = name === 'demo' ? ['/usr/lib/systemd/system/demo.service', '/usr/sbin/demod'] : [];
  return `
--- /var/lib/dpkg/info/${name}.list
/.
${[...own, ...paths].join('\n')}
`;
}

const etc = (path: string, text = 'key = value') => `\n--- ${path}\n${text}\n`;

interface NeedCase extends ProgramCase {
  readonly name: string;
  /** `code subject` of every obstacle. */
  readonly alarms: readonly string[];
}

function obstaclesOf(start: ProgramCase): string[] {
  const { view, load } = openCase({ ...start, files: base + start.files });
  const unit = load('demo.service');
  assert.ok(unit !== undefined);
  return programObstacles(unit, view).map((obstacle) => `${obstacle.code} ${obstacle.subject}`);
}

const conf = '/etc/demo/demo.conf';
const plainUnit = unitOf('ExecStart=/usr/sbin/demod');

const signals: readonly NeedCase[] = [
  {
    name: 'a configuration file that an option names',
    files: unitOf(`ExecStart=/usr/sbin/demod --config=${conf}`) + ownedBy('demo', conf) + etc(conf),
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'an option and its value in two words',
    files: unitOf(`ExecStart=/usr/sbin/demod -f ${conf}`) + ownedBy('demo', conf) + etc(conf),
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'a plain argument',
    files: unitOf(`ExecStart=/usr/sbin/demod ${conf}`) + ownedBy('demo', conf) + etc(conf),
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'a variable from Environment=',
    files: unitOf(`Environment=CONF=${conf}\nExecStart=/usr/sbin/demod -c $CONF`) + ownedBy('demo', conf) + etc(conf),
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'an option that gets an empty value from a lost environment file',
    files:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell and systemd expand it, not we
      unitOf('EnvironmentFile=-/etc/default/demo\nExecStart=/usr/sbin/demod --listen ${WHERE}') +
      ownedBy('demo') +
      etc('/etc/default/demo', 'WHERE=eth0'),
    alarms: ['options-lost /etc/default/demo'],
  },
  {
    name: 'an option that is left without its value',
    files:
      unitOf('EnvironmentFile=-/etc/default/demo\nExecStart=/usr/sbin/demod --listen $WHERE') +
      ownedBy('demo') +
      etc('/etc/default/demo', 'WHERE=eth0'),
    alarms: ['options-lost /etc/default/demo'],
  },
  {
    name: 'the main configuration compiled in',
    files: plainUnit + ownedBy('demo', conf) + etc(conf),
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'the directory of the main configuration compiled in',
    files: plainUnit + ownedBy('demo', '/etc/demo', '/etc/demo/main.cf') + etc('/etc/demo/main.cf'),
    embedded: { '/usr/sbin/demod': ['/etc/demo'] },
    alarms: ['configuration-lost /etc/demo'],
  },
  {
    name: 'unowned configuration that carries the name',
    files: plainUnit + ownedBy('demo') + etc(conf),
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'a script that ends with an error if the file is not there',
    files:
      unitOf('ExecStart=/usr/libexec/demo start') +
      ownedBy('demo', '/usr/libexec/demo') +
      etc('/etc/demo/peers') +
      '\n--- /usr/libexec/demo 0755\n#!/bin/sh\nP=/etc/demo/peers\n[ -r "$P" ] || {\n  echo no\n  exit 1\n}\n',
    alarms: ['configuration-lost /etc/demo/peers'],
  },
  {
    name: 'a command in /etc that a script runs',
    files:
      unitOf('ExecStartPre=/usr/libexec/demo\nExecStart=/usr/sbin/demod') +
      ownedBy('demo', '/usr/libexec/demo') +
      '\n--- /etc/demo/init.sh 0755\n#!/bin/sh\n--- /usr/libexec/demo 0755\n#!/bin/sh -e\n/etc/demo/init.sh\n',
    alarms: ['script-command-missing /etc/demo/init.sh'],
  },
  {
    name: 'a command whose alternative is gone',
    files:
      unitOf('ExecStart=/usr/libexec/demo') +
      ownedBy('demo', '/usr/libexec/demo') +
      '\n--- /usr/bin/pick -> /etc/alternatives/pick\n--- /etc/alternatives/pick -> /usr/sbin/tool\n' +
      '--- /usr/libexec/demo 0755\n#!/bin/sh -e\npick one\nexec /usr/sbin/demod\n',
    alarms: ['script-command-missing /etc/alternatives/pick'],
  },
  {
    name: 'a script hands configuration to the program',
    files:
      unitOf('ExecStart=/usr/libexec/demo') +
      ownedBy('demo', '/usr/libexec/demo', conf) +
      etc(conf) +
      `\n--- /usr/libexec/demo 0755\n#!/bin/sh\nOPTS="-c ${conf}"\nexec /usr/sbin/demod $OPTS\n`,
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'an interpreted program names its configuration',
    files:
      unitOf('ExecStart=/usr/bin/demo') +
      ownedBy('demo', '/usr/bin/demo', conf) +
      etc(conf) +
      `\n--- /usr/bin/demo 0755\n#!/usr/bin/python3\nopen('${conf}')\n`,
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'a module of the interpreted program names its configuration',
    files:
      unitOf('ExecStart=/usr/bin/demo') +
      ownedBy('demo', '/usr/bin/demo', '/usr/lib/python3/dist-packages/demo/server.py', conf) +
      etc(conf) +
      '\n--- /usr/bin/demo 0755\n#! /usr/bin/python3\nfrom demo.server import run\n' +
      `--- /usr/lib/python3/dist-packages/demo/server.py\nBASE = "${conf}"\n`,
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'an interpreted program that cannot be looked into, known by its package',
    files:
      unitOf('ExecStart=/usr/bin/demo') +
      ownedBy('demo', '/usr/bin/demo', conf) +
      etc(conf) +
      '\n--- /usr/bin/demo 0755\n#!/usr/bin/perl\nuse Demo;\n',
    alarms: [`configuration-lost ${conf}`],
  },
  {
    name: 'an account on the command line',
    files: account + unitOf('ExecStart=/usr/sbin/demod --user demo') + ownedBy('demo'),
    alarms: ['account-lost demo'],
  },
  {
    name: 'an account of the name of the program that the package makes',
    files:
      account +
      plainUnit +
      ownedBy('demo') +
      '\n--- /var/lib/dpkg/info/demo.postinst\n#!/bin/sh\nadduser --system demo\n',
    embedded: { '/usr/sbin/demod': [] },
    alarms: ['account-lost demo'],
  },
  {
    name: 'a directory that kept configuration names and installation made for an account',
    mode: 'state',
    files:
      account +
      plainUnit +
      ownedBy('demo', conf, '/var/lib/demo') +
      etc(conf, 'dir "/var/lib/demo"') +
      '\n--- /var/lib/demo/ 0750 101:101\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: ['state-path-lost /var/lib/demo'],
  },
  {
    name: 'what an included configuration file names',
    mode: 'state',
    files:
      plainUnit +
      ownedBy('demo', conf, '/etc/demo/conf.d', '/var/lib/demo') +
      etc(conf, 'include /etc/demo/conf.d/*.conf') +
      etc('/etc/demo/conf.d/key.conf', 'anchor: "/var/lib/demo/root.key"') +
      '\n--- /var/lib/demo/ 0755 101:101\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: ['state-path-lost /var/lib/demo'],
  },
  {
    name: 'files compiled in below a directory that only the package makes',
    mode: 'state',
    files: `${plainUnit + ownedBy('demo', '/var/lib/demo')}\n--- /var/lib/demo/\n`,
    embedded: { '/usr/sbin/demod': ['/var/lib/demo/body'] },
    alarms: ['state-path-lost /var/lib/demo'],
  },
  {
    name: 'several logs that configuration names',
    mode: 'state',
    files:
      plainUnit +
      ownedBy('demo', conf, '/var/log/demo') +
      etc(conf, 'access /var/log/demo/access\nerror /var/log/demo/error') +
      '\n--- /var/log/demo/\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: ['log-path-lost /var/log/demo'],
  },
  {
    name: 'a directory that the unit works on and may not make',
    mode: 'state',
    files:
      account +
      unitOf('User=demo\nExecStart=/usr/sbin/demod') +
      ownedBy('demo', '/var/lib/demo') +
      '\n--- /var/lib/demo/ 0750 101:101\n',
    embedded: { '/usr/sbin/demod': ['/var/lib/demo'] },
    alarms: ['state-path-lost /var/lib/demo'],
  },
  {
    name: 'RequiresMountsFor= on a prepared directory',
    mode: 'state',
    files:
      unitOf('ExecStart=/usr/sbin/demod', '[Unit]\nRequiresMountsFor=/var/lib/demo/main') +
      ownedBy('demo', '/var/lib/demo') +
      '\n--- /var/lib/demo/main/ 0700 101:101\n',
    alarms: ['state-path-lost /var/lib/demo'],
  },
  {
    name: 'a bus policy in /etc alone',
    files:
      unitOf('Type=dbus\nBusName=org.demo\nExecStart=/usr/sbin/demod') +
      ownedBy('demo', '/etc/dbus-1/system.d/org.demo.conf') +
      etc('/etc/dbus-1/system.d/org.demo.conf', '<policy user="root"><allow own="org.demo"/></policy>'),
    alarms: ['bus-policy-lost /etc/dbus-1/system.d/org.demo.conf'],
  },
  {
    name: 'a runtime directory whose tmpfiles.d owner is gone',
    files:
      account +
      unitOf('ExecStart=/usr/sbin/demod --socket=/run/demo/ctl') +
      ownedBy('demo', '/usr/lib/tmpfiles.d/demo.conf') +
      '\n--- /usr/lib/tmpfiles.d/demo.conf\nd /run/demo 0755 demo demo\n',
    alarms: ['runtime-path-lost /run/demo/ctl'],
  },
  {
    name: 'a log that kept configuration names, of a program that reports when it is ready',
    mode: 'state',
    files:
      unitOf('Type=notify\nExecStart=/usr/sbin/demod') +
      ownedBy('demo', conf, '/var/log/demo') +
      etc(conf, 'LogFile "/var/log/demo/demo.log"') +
      '\n--- /var/log/demo/ 0750 101:4\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: ['log-path-lost /var/log/demo'],
  },
  {
    name: 'a log that the user of the unit may not make',
    mode: 'state',
    files:
      account +
      unitOf('User=demo\nExecStart=/usr/sbin/demod') +
      ownedBy('demo', conf, '/var/log/demo') +
      etc(conf, 'LogFile "/var/log/demo/demo.log"') +
      '\n--- /var/log/demo/ 0750 101:4\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: ['log-path-lost /var/log/demo'],
  },
  {
    name: 'a log by a variable that the start script sets',
    mode: 'state',
    files:
      unitOf('Type=forking\nExecStart=/usr/libexec/demo') +
      ownedBy('demo', '/usr/libexec/demo', conf, '/var/log/demo') +
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the program expands it, not we
      etc(conf, 'ErrorLog ${LOGS}/error.log') +
      '\n--- /usr/libexec/demo 0755\n#!/bin/sh\nexport LOGS=/var/log/demo\nexec /usr/sbin/demod\n' +
      '\n--- /var/log/demo/ 0750 0:4\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: ['log-path-lost /var/log/demo'],
  },
  {
    name: 'a directory to change the root to, named where a wrapper takes its variables from',
    mode: 'state',
    files:
      unitOf('ExecStart=/usr/libexec/demo') +
      ownedBy('demo', '/usr/libexec/demo', '/var/lib/demo') +
      etc('/etc/default/demo', 'CHROOT=/var/lib/demo') +
      '\n--- /usr/libexec/demo 0755\nELF\n--- /var/lib/demo/\n',
    alarms: ['state-path-lost /var/lib/demo'],
  },
  {
    name: 'the directory in /etc of a program that cannot be looked into',
    files:
      plainUnit +
      ownedBy('demo', '/etc/demo', '/etc/demo/rules', '/etc/demo/rules/10-base') +
      etc('/etc/demo/rules/10-base'),
    alarms: ['configuration-lost /etc/demo'],
  },
  {
    name: 'the home of the account of an interpreted program',
    mode: 'state',
    files:
      account.replace('/nonexistent', '/var/lib/demo') +
      unitOf('ExecStart=/usr/bin/demo') +
      ownedBy('demo', '/usr/bin/demo', '/var/lib/demo') +
      '\n--- /usr/bin/demo 0755\n#!/usr/bin/perl\n--- /var/lib/demo/ 0750 101:101\n',
    alarms: ['state-path-lost /var/lib/demo'],
  },
  {
    name: 'a directory with one of an account in it',
    mode: 'state',
    files: `${account + plainUnit + ownedBy('demo', '/var/lib/demo')}\n--- /var/lib/demo/peers/ 0700 101:101\n`,
    embedded: { '/usr/sbin/demod': ['/var/lib/demo'] },
    alarms: ['state-path-lost /var/lib/demo'],
  },
  {
    name: 'a directory with the main configuration, and one of the name below /usr/lib',
    files: `${plainUnit + ownedBy('demo', '/etc/demo', conf) + etc(conf)}\n--- /usr/lib/demo/plugin\n`,
    embedded: { '/usr/sbin/demod': ['/etc/demo'] },
    alarms: ['configuration-lost /etc/demo'],
  },
  {
    name: 'main configuration that is called like the second half of the name',
    files:
      unitOf('ExecStart=/usr/sbin/demo-agent') +
      ownedBy('demo', '/usr/sbin/demo-agent', '/etc/demo/agent.ini') +
      `${etc('/etc/demo/agent.ini')}\n--- /usr/sbin/demo-agent 0755\nELF\n`,
    embedded: { '/usr/sbin/demo-agent': ['/etc/demo/agent.ini'] },
    alarms: ['configuration-lost /etc/demo/agent.ini'],
  },
  {
    name: 'a path in two constants that overlap',
    mode: 'state',
    files: `${plainUnit + ownedBy('demo', '/var/lib/demobeat')}\n--- /var/lib/demobeat/\n`,
    embedded: { '/usr/sbin/demod': ['/var/lib/demobeaeat/socket'] },
    alarms: ['state-path-lost /var/lib/demobeat'],
  },
];

const traps: readonly NeedCase[] = [
  ...['mkdir -p', 'mkdir -m 750 -p', 'install -d -o root'].map((command) => ({
    name: `a directory that the unit makes itself: ${command}`,
    mode: 'state' as const,
    files:
      unitOf(
        `ExecStartPre=/usr/bin/${command} /var/log/demo/all\nExecStart=/usr/sbin/demod --log /var/log/demo/all/demo.log`,
      ) +
      ownedBy('demo', '/var/log/demo', '/var/log/demo/all') +
      '\n--- /usr/bin/mkdir 0755\nELF\n--- /usr/bin/install 0755\nELF\n--- /var/log/demo/all/\n',
    alarms: [],
  })),
  {
    name: 'a directory that a script makes if it is missing',
    mode: 'state',
    files:
      unitOf(
        'Environment=D=/var/log/demo\nExecStart=/bin/sh -c \'test -d "$D" || mkdir "$D"; exec /usr/sbin/demod -w "$D"\'',
      ) +
      ownedBy('demo', '/var/log/demo') +
      '\n--- /bin/sh 0755\nELF\n--- /var/log/demo/\n--- /usr/lib/tmpfiles.d/var.conf\nd /var/log\n',
    alarms: [],
  },
  {
    name: 'a forking program whose failure is forgiven and that leaves no PID file',
    files:
      unitOf(`Type=forking\nRemainAfterExit=yes\nExecStart=-/usr/sbin/demod -c ${conf}`) +
      ownedBy('demo', conf) +
      etc(conf),
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: [],
  },
  {
    name: 'a command of the package that is asked first whether there is any configuration',
    files:
      unitOf(`ExecCondition=/usr/libexec/demo-ready\nExecStart=/usr/sbin/demod -c ${conf}`) +
      ownedBy('demo', '/usr/libexec/demo-ready', '/etc/demo', conf) +
      `${etc(conf)}\n--- /usr/libexec/demo-ready 0755\nELF\n`,
    alarms: [],
  },
  {
    name: 'the home of an account that the executable does not name',
    mode: 'state',
    files:
      account.replace('/nonexistent', '/var/lib/demo') +
      plainUnit +
      ownedBy('demo', '/var/lib/demo') +
      '\n--- /var/lib/demo/ 0750 101:101\n',
    embedded: { '/usr/sbin/demod': [] },
    alarms: [],
  },
  {
    name: 'a state directory of an account that is not its home, and that the executable does not name',
    mode: 'state',
    files: `${account + plainUnit + ownedBy('demo')}\n--- /var/lib/demo/ 0750 101:101\n`,
    embedded: { '/usr/sbin/demod': [] },
    alarms: [],
  },
  {
    name: 'a home that kept configuration names',
    mode: 'state',
    files:
      account.replace('/nonexistent', '/var/lib/demo') +
      plainUnit +
      ownedBy('demo', conf, '/var/lib/demo') +
      etc(conf, 'persistence_location /var/lib/demo/') +
      '\n--- /var/lib/demo/ 0750 101:101\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: [],
  },
  {
    name: 'a directory that several packages share and that is called like another one',
    mode: 'state',
    files:
      account +
      unitOf('User=demo\nExecStart=/usr/sbin/demod') +
      ownedBy('demo', '/var/lib/other') +
      ownedBy('other', '/var/lib/other') +
      '\n--- /var/lib/other/ 0750 101:101\n',
    embedded: { '/usr/sbin/demod': ['/var/lib/other/demo.data'] },
    alarms: [],
  },
  ...['oneshot', 'dbus'].map((type) => ({
    name: `a directory with the main configuration, ${type}`,
    files:
      unitOf(`Type=${type}\nBusName=org.demo\nExecStart=/usr/sbin/demod`) +
      ownedBy('demo', '/etc/demo', conf) +
      etc(conf),
    embedded: { '/usr/sbin/demod': ['/etc/demo'] },
    alarms: [],
  })),
  {
    name: "the directory of another of the package's services, of a program that cannot be looked into",
    files:
      unitOf('ExecStart=/usr/sbin/eventsd') +
      ownedBy('demo', '/usr/sbin/eventsd', '/usr/lib/systemd/system/events.service', '/etc/demo', conf).replaceAll(
        'demo.service',
        'demo-main.service',
      ) +
      ownedBy('demo', '/usr/sbin/eventsd', '/usr/lib/systemd/system/events.service', '/etc/demofs', '/etc/demofs/x') +
      `${etc('/etc/demofs/x')}\n--- /usr/sbin/eventsd 0755\nELF\n`,
    alarms: [],
  },
  {
    name: 'a tree of directories that the package ships',
    mode: 'state',
    files: `${plainUnit + ownedBy('demo', '/var/lib/demo', '/var/lib/demo/a')}\n--- /var/lib/demo/a/\n`,
    embedded: { '/usr/sbin/demod': [] },
    alarms: [],
  },
  {
    name: 'commands with - do not count',
    files:
      unitOf(`ExecStartPre=-/usr/sbin/demod -c ${conf}\nExecStart=/usr/sbin/demod`) + ownedBy('demo', conf) + etc(conf),
    embedded: { '/usr/sbin/demod': [] },
    alarms: [],
  },
  {
    name: 'ExecCondition= and ExecReload= do not count',
    files:
      unitOf(
        `ExecCondition=/usr/sbin/demod -c ${conf}\nExecStart=/usr/sbin/demod\nExecReload=/usr/sbin/demod -c ${conf}`,
      ) +
      ownedBy('demo', conf) +
      etc(conf),
    alarms: [],
  },
  {
    name: 'nothing is lost with --volatile=no',
    mode: 'no',
    files: unitOf(`ExecStart=/usr/sbin/demod -c ${conf}`) + ownedBy('demo', conf) + etc(conf),
    alarms: [],
  },
  {
    name: 'what the image never had is not missed',
    files: unitOf(`ExecStart=/usr/sbin/demod -c ${conf}`) + ownedBy('demo', conf),
    alarms: [],
  },
  {
    name: 'a factory copy brings it back',
    files:
      unitOf(`ExecStart=/usr/sbin/demod -c ${conf}`) +
      ownedBy('demo', conf) +
      etc(conf) +
      etc(`/usr/share/factory${conf}`) +
      `\n--- /usr/lib/tmpfiles.d/demo.conf\nC ${conf}\n`,
    alarms: [],
  },
  {
    name: 'drop-in directories',
    files:
      plainUnit +
      ownedBy('demo', '/etc/demo.d', '/etc/demo/conf.d') +
      etc('/etc/demo.d/a.conf') +
      etc('/etc/demo/conf.d/b.conf'),
    embedded: { '/usr/sbin/demod': ['/etc/demo.d', '/etc/demo/conf.d'] },
    alarms: [],
  },
  {
    name: 'further files compiled in: keys, lists',
    files:
      plainUnit +
      ownedBy('demo', '/etc/demo/users.conf', '/etc/demo/demo.key') +
      etc('/etc/demo/users.conf') +
      etc('/etc/demo/demo.key'),
    embedded: { '/usr/sbin/demod': ['/etc/demo/users.conf', '/etc/demo/demo.key'] },
    alarms: [],
  },
  {
    name: 'main configuration with a twin below /usr/lib',
    files: `${plainUnit + ownedBy('demo', conf, '/usr/lib/demo/conf.d') + etc(conf)}\n--- /usr/lib/demo/conf.d/\n`,
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: [],
  },
  {
    name: 'main configuration of nothing but commented examples',
    files: plainUnit + ownedBy('demo', conf) + etc(conf, '# key = value\n[Section]\n;other = 1'),
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: [],
  },
  {
    name: 'files of other packages',
    files: plainUnit + ownedBy('demo') + ownedBy('other', '/etc/other.conf') + etc('/etc/other.conf'),
    embedded: { '/usr/sbin/demod': ['/etc/other.conf'] },
    alarms: [],
  },
  {
    name: 'files that any program may look at',
    files:
      plainUnit +
      ownedBy('demo', '/etc/nsswitch.conf', '/etc/ssl/openssl.cnf', '/etc/pam.d/demo') +
      [
        '/etc/nsswitch.conf',
        '/etc/hosts',
        '/etc/resolv.conf',
        '/etc/ssl/openssl.cnf',
        '/etc/pam.d/demo',
        '/etc/login.defs',
      ]
        .map((path) => etc(path))
        .join(''),
    embedded: {
      '/usr/sbin/demod': [
        '/etc/nsswitch.conf',
        '/etc/hosts',
        '/etc/resolv.conf',
        '/etc/ssl/openssl.cnf',
        '/etc/pam.d/demo',
        '/etc/login.defs',
      ],
    },
    alarms: [],
  },
  {
    name: 'a script that sources only what is there',
    files:
      unitOf('ExecStart=/usr/libexec/demo') +
      ownedBy('demo', '/usr/libexec/demo') +
      etc('/etc/default/demo', 'A=1') +
      '\n--- /usr/libexec/demo 0755\n#!/bin/sh -e\n[ -f /etc/default/demo ] && . /etc/default/demo\n' +
      'if [ -r /etc/default/demo ]; then\n  . /etc/default/demo\nfi\nexec /usr/sbin/demod\n',
    alarms: [],
  },
  {
    name: 'a script that ends quietly without its program',
    files:
      unitOf('ExecStart=/usr/libexec/demo') +
      ownedBy('demo', '/usr/libexec/demo', conf) +
      etc(conf) +
      `\n--- /usr/libexec/demo 0755\n#!/bin/sh\n[ -f ${conf} ] || exit 0\n. ${conf}\n`,
    alarms: [],
  },
  {
    name: 'a branch that is not taken',
    files:
      unitOf('ExecStart=/usr/libexec/demo start') +
      ownedBy('demo', '/usr/libexec/demo', conf) +
      etc(conf) +
      `\n--- /usr/libexec/demo 0755\n#!/bin/sh\nstop() { . ${conf}; }\ncase "$1" in\nstart) exec /usr/sbin/demod ;;\nstop) stop ;;\nesac\n`,
    alarms: [],
  },
  {
    name: 'a directory that the program names itself and can make',
    mode: 'state',
    files: `${plainUnit + ownedBy('demo', '/var/lib/demo')}\n--- /var/lib/demo/\n`,
    embedded: { '/usr/sbin/demod': ['/var/lib/demo', '/var/lib/demo/state'] },
    alarms: [],
  },
  {
    name: 'StateDirectory= makes it',
    mode: 'state',
    files:
      account +
      unitOf('User=demo\nStateDirectory=demo\nExecStart=/usr/sbin/demod --data /var/lib/demo') +
      ownedBy('demo', '/var/lib/demo') +
      '\n--- /var/lib/demo/ 0750 101:101\n',
    embedded: { '/usr/sbin/demod': ['/var/lib/demo'] },
    alarms: [],
  },
  {
    name: 'tmpfiles.d makes it',
    mode: 'state',
    files:
      unitOf('ExecStart=/usr/sbin/demod --data /var/lib/demo') +
      ownedBy('demo', '/var/lib/demo') +
      '\n--- /var/lib/demo/ 0750 0:0\n--- /usr/lib/tmpfiles.d/demo.conf\nd /var/lib/demo\n',
    alarms: [],
  },
  {
    name: 'files in a directory that is there: logs, pid files',
    mode: 'state',
    files: unitOf('ExecStart=/usr/sbin/demod -l /var/log/demo.log') + ownedBy('demo') + etc('/var/log/demo.log'),
    embedded: { '/usr/sbin/demod': ['/run/demod.pid', '/var/log/demo.log', '/var/run/demo/sock'] },
    alarms: [],
  },
  {
    name: 'one log that configuration names',
    mode: 'state',
    files:
      plainUnit +
      ownedBy('demo', conf, '/var/log/demo') +
      etc(conf, 'LogFile "/var/log/demo/demo.log"') +
      '\n--- /var/log/demo/ 0750 101:4\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: [],
  },
  {
    name: 'commented paths in configuration',
    mode: 'state',
    files:
      plainUnit +
      ownedBy('demo', conf, '/var/lib/demo') +
      etc(
        conf,
        '# dir /var/lib/demo\n; dir /var/lib/demo\n// dir /var/lib/demo\n/* dir\n /var/lib/demo */\nkey = value # /var/lib/demo',
      ) +
      '\n--- /var/lib/demo/ 0750 0:101\n',
    embedded: { '/usr/sbin/demod': [conf] },
    alarms: [],
  },
  {
    name: 'the manager changes to the account: User=',
    files:
      account +
      unitOf('User=demo\nExecStart=/usr/sbin/demod') +
      ownedBy('demo') +
      '\n--- /var/lib/dpkg/info/demo.postinst\nadduser demo\n',
    embedded: { '/usr/sbin/demod': [] },
    alarms: [],
  },
  {
    name: 'sysusers.d makes the account',
    files:
      account +
      unitOf('ExecStart=/usr/sbin/demod --user demo') +
      ownedBy('demo') +
      '\n--- /usr/lib/sysusers.d/demo.conf\nu demo -\n',
    alarms: [],
  },
  {
    name: 'an option value that is no account',
    files: account + unitOf('ExecStart=/usr/sbin/demod --user nosuch -u 5') + ownedBy('demo'),
    alarms: [],
  },
  {
    name: 'a unit that only runs a tool of another package',
    files:
      account +
      unitOf('ExecStart=/usr/sbin/tool') +
      ownedBy('demo', conf) +
      ownedBy('other', '/usr/sbin/tool') +
      etc(conf) +
      '\n--- /var/lib/dpkg/info/demo.postinst\nadduser demo\n',
    embedded: { '/usr/sbin/tool': [] },
    alarms: [],
  },
  {
    name: 'a bus policy below /usr/share as well',
    files:
      unitOf('Type=dbus\nBusName=org.demo\nExecStart=/usr/sbin/demod') +
      ownedBy('demo') +
      etc('/etc/dbus-1/system.d/org.demo.conf', '<allow own="org.demo"/>') +
      etc('/usr/share/dbus-1/system.d/org.demo.conf', '<allow own="org.demo"/>'),
    alarms: [],
  },
  {
    name: 'options of /etc/default that are only added',
    files:
      unitOf('EnvironmentFile=-/etc/default/demo\nExecStart=/usr/sbin/demod -d $DAEMON_OPTS') +
      ownedBy('demo') +
      etc('/etc/default/demo', 'DAEMON_OPTS="-v"'),
    alarms: [],
  },
  {
    name: 'an image without a package database',
    files: plainUnit + etc('/etc/other.conf'),
    embedded: { '/usr/sbin/demod': ['/etc/other.conf'] },
    alarms: [],
  },
];

for (const start of signals) test(`programs: ${start.name}`, () => assert.deepEqual(obstaclesOf(start), start.alarms));
for (const start of traps) test(`programs stay silent: ${start.name}`, () => assert.deepEqual(obstaclesOf(start), []));

test('programs: a file that sh -c sources', () => {
  const hook = '/etc/demo/hook';
  const files = `${base}\n--- /usr/bin/sh 0755\nELF\n--- /bin -> usr/bin\n${unitOf(`ExecStart=/bin/sh -c '. ${hook}'`)}${ownedBy('demo', hook)}${etc(hook)}`;
  const { view, load } = openCase({ files });
  const unit = load('demo.service');
  assert.ok(unit !== undefined);
  assert.deepEqual(
    programObstacles(unit, view).map((obstacle) => [obstacle.subject, obstacle.cause]),
    [[hook, 'missing-etc-file']],
  );
});

test('the chain leads from the unit to what became of the path', () => {
  const files =
    base + unitOf(`Environment=CONF=${conf}\nExecStart=/usr/sbin/demod -c $CONF`) + ownedBy('demo', conf) + etc(conf);
  const { view, load } = openCase({ files });
  const unit = load('demo.service');
  assert.ok(unit !== undefined);
  const [need] = findProgramNeeds(unit, view);
  assert.equal(need?.place.file, '/usr/lib/systemd/system/demo.service');
  assert.deepEqual(
    need.chain.map(({ file, message }) => `${file}: ${message}`),
    [
      '/usr/lib/systemd/system/demo.service: sets CONF',
      `/usr/lib/systemd/system/demo.service: names ${conf}`,
      `${conf}: is shipped in the image by demo, gone after the reset, and nothing brings it back`,
    ],
  );
});

test('the tree of the moment counts', () => {
  const files = base + unitOf(`ExecStart=/usr/sbin/demod -c ${conf}`) + ownedBy('demo', conf) + etc(conf);
  const { view, load } = openCase({ files });
  const unit = load('demo.service');
  assert.ok(unit !== undefined);
  const later = view.tree.fork();
  later.ensureDirectory('/etc/demo', { phase: 'start', file: conf, action: 'created' });
  later.place(conf, { type: 'file' });
  assert.equal(programObstacles(unit, view).length, 1);
  assert.deepEqual(programObstacles(unit, viewAt(view, later)), []);
});

test('a tool of a daemon needs the daemon', () => {
  const service = (name: string, text: string) => `\n--- /usr/lib/systemd/system/${name}.service\n${text}\n`;
  const list = (...names: string[]) =>
    `\n--- /var/lib/dpkg/info/demo.list\n/.\n${names.map((name) => `/usr/lib/systemd/system/${name}.service`).join('\n')}\n`;
  const files =
    base +
    list('demo', 'demolog', 'demo-late', 'foreign') +
    service('demo', '[Service]\nExecStart=/usr/sbin/demod') +
    service('demolog', '[Unit]\nAfter=demo.service\n[Service]\nLogsDirectory=demo\nExecStart=/usr/sbin/demod') +
    service('demo-late', '[Unit]\nAfter=demo.service\n[Service]\nExecStart=/usr/sbin/tool') +
    service('foreign', '[Unit]\nAfter=demo.service\n[Service]\nExecStart=/usr/sbin/tool');
  const { view, load } = openCase({ files });
  const needed = (name: string) => {
    const unit = load(name);
    assert.ok(unit !== undefined);
    return findNeededServices(unit, view, load).map((other) => other.unit);
  };
  assert.deepEqual(needed('demolog.service'), ['demo.service']);
  assert.deepEqual(needed('demo-late.service'), []);
  assert.deepEqual(needed('foreign.service'), []);
});

test('huge and odd units end in bounded time', () => {
  const words = Array.from({ length: 100_000 }, (_, index) => `/etc/x${index}`).join(' ');
  const deep = `/etc${'/a'.repeat(2000)}`;
  for (const service of [
    `ExecStart=/usr/sbin/demod ${words}`,
    `ExecStart=/usr/sbin/demod ${deep}`,
    Array.from({ length: 5000 }, (_, index) => `ExecStartPre=/usr/sbin/demod -c /etc/demo/${index}`).join('\n'),
    Array.from({ length: 5000 }, (_, index) => `Environment=A${index}=/etc/demo/${index}`).join('\n'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: systemd expands it, not we
    'ExecStart=/usr/sbin/demod ${} $ $$ ${A -c --config= --user= -u :',
  ]) {
    const obstacles = obstaclesOf({
      files: unitOf(service) + ownedBy('demo') + etc(conf),
      embedded: { '/usr/sbin/demod': [deep, '/etc//', '/var/%s/x'] },
    });
    assert.ok(obstacles.length < 1000, service.slice(0, 60));
  }
});

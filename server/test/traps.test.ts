/**
 * What looks like a broken boot and is none: the known false alarms of checkers like this one. Every case is added to a plain
 * system; nothing worse than a note may be said about it.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../src/core/boot/simulate.ts';
import type { VolatileMode } from '../src/core/boot/skeleton.ts';
import { check } from '../src/core/rules/check.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';
import { plainSystem } from './support/plain-system.ts';

interface Trap {
  readonly name: string;
  readonly files: string;
  readonly version?: number;
  readonly volatile?: VolatileMode;
  readonly container?: boolean;
  /** Rules that do speak, rightly. */
  readonly except?: readonly string[];
}

/** A service that the boot starts. */
function service(lines: string, unit = ''): string {
  return `--- /usr/lib/systemd/system/lantern.service
[Unit]
${unit}
[Service]
ExecStart=/usr/bin/true
${lines}
[Install]
WantedBy=multi-user.target
`;
}

/** So that nothing is enabled by surprise. */
const preset = `--- /usr/lib/systemd/system-preset/90-plain.preset
enable *
`;

const traps: readonly Trap[] = [
  { name: '1: DynamicUser= needs no account', files: service('DynamicUser=yes\nUser=lantern') },
  {
    name: '2: the unit makes its directories itself',
    files: service(
      'StateDirectory=lantern lantern/wicks:wick-link\nReadWritePaths=/var/lib/lantern/wicks\nWorkingDirectory=/var/lib/lantern\nLogsDirectory=lantern',
    ),
  },
  {
    name: '3: a dash forgives',
    files: `${service('EnvironmentFile=-/etc/default/lantern\nWorkingDirectory=-/var/lib/lantern\nReadWritePaths=-/var/lib/lantern -/srv/lantern\nBindPaths=-/var/lib/lantern\nExecStartPre=-/usr/bin/missing')}--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern ~0755 :root :root -
`,
  },
  {
    name: '4: a drop-in resets the list',
    files: `${service('EnvironmentFile=/etc/default/lantern\nReadWritePaths=/var/lib/lantern')}--- /usr/lib/systemd/system/service.d/10-all.conf
[Service]
EnvironmentFile=
ReadWritePaths=
`,
  },
  {
    name: '5: a condition of the unit itself keeps it from failing',
    files: service('User=lantern', 'ConditionPathExists=/etc/lantern.conf'),
  },
  {
    name: '5: what only the machine knows is not false',
    files: service('', 'ConditionKernelCommandLine=lantern\nConditionVirtualization=!container'),
  },
  {
    name: '6: credentials without a path',
    files: service(
      'LoadCredential=token\nImportCredential=lantern.*\nLoadCredential=key:/etc/key\nSetCredential=key:none',
    ),
  },
  {
    name: '7: tmpfiles.d makes the StateDirectory= of a dynamic user',
    files: `${service('DynamicUser=yes\nStateDirectory=lantern')}--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0755 root root -
`,
  },
  {
    name: '8: RequiresMountsFor=, After= and Wants= of what is not there',
    files: service('', 'RequiresMountsFor=/srv/lantern\nAfter=wick.service\nWants=wick.service'),
  },
  {
    name: '9: links that dangle on purpose',
    files: `--- /usr/lib/tmpfiles.d/lantern.conf
L /etc/resolv.conf - - - - /run/systemd/resolve/stub-resolv.conf
L /etc/mtab - - - - ../proc/self/mounts
L /etc/null.conf - - - - /dev/null
--- /usr/lib/systemd/system/multi-user.target.wants/absent.service -> ../absent.service
`,
  },
  {
    name: '10: an optional factory copy without a consumer',
    files: `--- /usr/lib/tmpfiles.d/lantern.conf
C /etc/lantern.d
`,
  },
  {
    name: '11: equal lines and adjusting lines stack',
    files: `--- /usr/lib/tmpfiles.d/a.conf
d /var/lib/lantern 0755 root root -
--- /usr/lib/tmpfiles.d/b.conf
d /var/lib/lantern 0755 root root -
z /var/lib/lantern 0750 root root -
a+ /var/lib/lantern - - - - g:root:r-x
`,
  },
  {
    name: '12: lines for the boot, removals before creations',
    files: `--- /usr/lib/tmpfiles.d/lantern.conf
D! /run/lantern 0755 root root -
R /run/lantern/old
f! /run/lantern/flag 0644 root root - lit
`,
  },
  {
    name: '13: another unit, ordered before, makes the path',
    files: `${service('ReadWritePaths=/var/lib/wicks\nEnvironmentFile=-/run/wicks/env', 'Requires=wicks.service\nAfter=wicks.service')}--- /usr/lib/systemd/system/wicks.service
[Service]
Type=oneshot
RemainAfterExit=yes
StateDirectory=wicks
ExecStart=/usr/bin/true
`,
  },
  {
    name: '13: the directory of a socket',
    files: `--- /usr/lib/systemd/system/lantern.socket
[Socket]
ListenStream=/run/lantern/control
[Install]
WantedBy=sockets.target
${service('ReadOnlyPaths=/run/lantern', 'Requires=lantern.socket\nAfter=lantern.socket')}`,
  },
  {
    name: '14: a path that an earlier command of the unit may make',
    files: `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStartPre=/usr/bin/mkdir -p /var/lib/lantern
ExecStart=/usr/bin/true /var/lib/lantern/state
[Install]
WantedBy=multi-user.target
--- /usr/bin/mkdir 0755
\x7fELF
`,
  },
  {
    name: '15: a generator that nobody knows may make the required unit',
    files: `${service('', 'Requires=wick@main.service\nAfter=wick@main.service')}--- /usr/lib/systemd/system-generators/wick-generator 0755
\x7fELF
--- /usr/lib/systemd/system/wick@.service
[Service]
ExecStart=/usr/bin/true %i
`,
  },
  {
    name: '16: with the image as shipped, nothing is lost',
    volatile: 'no',
    files: `${service('User=lantern\nWorkingDirectory=/var/lib/lantern\nEnvironmentFile=/etc/default/lantern')}--- /etc/passwd
root:x:0:0::/root:/bin/sh
lantern:x:106:106::/:/usr/sbin/nologin
--- /etc/group
root:x:0:
lantern:x:106:
--- /etc/default/lantern
A=b
--- /var/lib/lantern/
--- /etc/machine-id
uninitialized
--- /etc/systemd/system/multi-user.target.wants/lantern.service -> /usr/lib/systemd/system/lantern.service
`,
    except: ['var-content-uncovered'],
  },
  {
    name: '17: users from elsewhere',
    files: `${service('User=lantern')}--- /usr/lib/userdb/lantern.user
{ "userName": "lantern", "uid": 106, "gid": 106 }
--- /usr/lib/userdb/lantern.group
{ "groupName": "lantern", "gid": 106 }
--- /usr/share/factory/etc/nsswitch.conf
passwd: files systemd
group: files systemd
--- /usr/lib/tmpfiles.d/etc.conf
C /etc/nsswitch.conf
--- /usr/lib/x86_64-linux-gnu/libnss_systemd.so.2 0755
\x7fELF
`,
  },
  {
    name: '17: root and nobody exist without any file',
    files: service('User=nobody'),
  },
  {
    name: '18: numbers as owners of tmpfiles.d lines',
    files: `--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0755 4711 4712 -
`,
  },
  {
    name: '19: m lines make both sides, u lines a group',
    files: `${service('User=lantern\nGroup=lantern\nSupplementaryGroups=lamps')}--- /usr/lib/sysusers.d/lantern.conf
g lantern 900
u lantern 900
m lantern lamps
`,
  },
  {
    name: '20: units of the initrd are not of this system',
    files: `--- /usr/lib/systemd/system/initrd-lantern.service
[Unit]
AssertPathExists=/etc/initrd-release
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/usr/bin/true
`,
  },
  {
    name: '21: user units and user-tmpfiles.d have another manager',
    files: `--- /usr/lib/systemd/user/lantern.service
[Service]
ExecStart=/usr/bin/true
User=nobody-knows
--- /usr/share/user-tmpfiles.d/lantern.conf
d %h/lantern 0755 nobody-knows - -
`,
  },
  {
    name: '22: a modifier that the version knows',
    files: `--- /usr/lib/tmpfiles.d/lantern.conf
L?$ /etc/lantern.conf - - - - ../usr/share/lantern.conf
`,
    version: 262,
  },
  {
    name: '23: a distribution that ends its presets with a disable',
    files: `${service('')}--- /usr/lib/systemd/system-preset/99-default.preset
enable lantern.service
disable *
`,
  },
  {
    name: '24: directories that are links',
    files: `--- /root -> var/roothome
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/roothome 0700 root root -
d /var/lib//lantern/ 0755 root root -
${service('WorkingDirectory=/var/lib/lantern')}`,
  },
  {
    name: '25: subvolumes and attributes are no matter of existence',
    files: `--- /usr/lib/tmpfiles.d/lantern.conf
v /var/lib/lantern 0700 root root -
h /var/lib/lantern - - - - +C
Q /var/lib/wicks 0700 root root -
`,
  },
  {
    name: '26: what a container skips by itself',
    container: true,
    files: service('', 'ConditionVirtualization=!container\nConditionPathIsReadWrite=/sys'),
  },
  {
    name: '27: leftovers of the build in /run',
    files: `--- /run/systemd/resolve/stub-resolv.conf
nameserver 127.0.0.53
`,
  },
  {
    name: '28: activation by socket starts a unit much later, after everything is made',
    files: `--- /usr/lib/systemd/system/lantern.socket
[Socket]
ListenStream=/run/lantern.sock
[Install]
WantedBy=sockets.target
--- /usr/lib/systemd/system/lantern.service
[Service]
User=lantern
WorkingDirectory=/var/lib/lantern
ExecStart=/usr/bin/true
--- /usr/lib/sysusers.d/lantern.conf
u lantern -
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0755 lantern lantern -
`,
  },
];

for (const { name, files, version = 257, volatile = 'yes', container, except = [] } of traps) {
  test(`trap ${name}`, () => {
    const environment = container === undefined ? {} : { container };
    const image = imageOf(`${plainSystem}${preset}${files}`);
    const simulation = simulate(image, volatile, testInputs(version, { environment }));
    const result = check(simulation);
    assert.deepEqual(result.failures, []);
    const loud = result.findings.filter(({ severity, rule }) => severity !== 'info' && !except.includes(rule));
    assert.deepEqual(
      loud.map(({ rule, message }) => `${rule}: ${message}`),
      [],
    );
    const failing = simulation.units.outcomes.filter(({ outcome }) => /failed/.test(outcome));
    assert.deepEqual(
      failing.map(({ unit, obstacles }) => `${unit.name}: ${obstacles[0]?.message}`),
      [],
    );
  });
}

test('an assertion about what an earlier service may make in /run is not known to fail', () => {
  const image = imageOf(`${plainSystem}${preset}--- /usr/lib/systemd/system/wick.service
[Service]
ExecStart=/usr/bin/true
${service('', 'After=wick.service\nWants=wick.service\nAssertPathExists=/run/wick.sock')}`);
  const { outcomes } = simulate(image, 'yes', testInputs()).units;
  assert.equal(outcomes.find(({ unit }) => unit.name === 'lantern.service')?.outcome, 'unknown');
});

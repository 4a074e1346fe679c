import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activatableUnits, findActivators, readActivations } from '../src/core/units/activation.ts';
import { service, storeOf } from './support/unit-store.ts';

const files = `${service('a.service')}${service('b.service')}${service('c@.service', '', 'StandardInput=socket')}
--- dbus-org.x.service -> a.service
--- x.target
[Unit]
Wants=a.socket c.socket b.timer p.path
--- a.socket
[Socket]
ListenStream=/run/a
--- c.socket
[Socket]
ListenStream=1
Accept=yes
--- b.timer
[Timer]
OnBootSec=1
--- p.path
[Path]
PathExists=/x
Unit=b.service
--- /usr/share/dbus-1/system-services/org.x.service
[D-BUS Service]
Name=org.x
Exec=/bin/false
SystemdService=dbus-org.x.service
--- /usr/share/dbus-1/system-services/org.y.service
[D-BUS Service]
Name=org.y
Exec=/usr/bin/y
--- /usr/share/dbus-1/system-services/org.z.service
[D-BUS Service]
Name=org.z
SystemdService=lost.service
--- /usr/lib/udev/rules.d/10-a.rules
ENV{SYSTEMD_WANTS}+="b.service light@led:$name.service bad/name", TAG+="systemd"
--- /etc/udev/rules.d/20-b.rules
--- /usr/lib/udev/rules.d/20-b.rules
ENV{SYSTEMD_WANTS}="hidden.service"
`;

test('who starts what later', () => {
  const store = storeOf(files);
  store.load('x.target');
  assert.deepEqual([...findActivators(store)].map(([unit, by]) => `${unit}: ${by.join(' ')}`).sort(), [
    'a.service: a.socket org.x',
    'b.service: b.timer p.path /usr/lib/udev/rules.d/10-a.rules',
    'c@.service: c.socket',
    'light@.service: /usr/lib/udev/rules.d/10-a.rules',
    'lost.service: org.z',
  ]);
  assert.deepEqual(
    activatableUnits(store).map((unit) => `${unit.name} ${unit.loadState}`),
    ['a.service loaded', 'b.service loaded', 'lost.service not-found'],
  );
  const bus = readActivations(store).find((activation) => activation.by === 'org.x');
  assert.deepEqual(bus?.place, {
    file: '/usr/share/dbus-1/system-services/org.x.service',
    line: 4,
    span: { start: 58, end: 76 },
  });
});

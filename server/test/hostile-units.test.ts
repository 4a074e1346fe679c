/** Units that nobody writes: the boot is simulated all the same, every rule looks at it, and nothing throws. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../src/core/boot/simulate.ts';
import { directivesOf, sectionsOf, unitTypes } from '../src/core/formats/unit/directives.ts';
import { check } from '../src/core/rules/check.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';
import { plainSystem } from './support/plain-system.ts';

function boot(files: string, version = 257) {
  const simulation = simulate(imageOf(`${plainSystem}${files}`), 'yes', testInputs(version));
  const { findings, failures } = check(simulation);
  assert.deepEqual(failures, []);
  return { simulation, findings };
}

const garbage = [
  '',
  '-',
  '%',
  '%%%z',
  '%i%I%f%t',
  '"',
  '\\',
  '/../../..//',
  '/a:/b:/c:rbind',
  '~',
  '@-:+!!/usr/bin/true ; ; \\; "',
  '\u0000\u0001\udc80',
  'a b "c',
  '99999999999999999999999999',
  '|!|!/etc',
  '*?[{a,b}',
];

for (const version of [252, 257, 262]) {
  test(`every setting of every section with values that mean nothing, systemd ${version}`, () => {
    const units = unitTypes
      .flatMap((type) => garbage.map((value, index) => ({ type, value, index })))
      .map(({ type, value, index }) => {
        const sections = sectionsOf(type).map((section) => {
          const lines = [...directivesOf(section).keys()].map((key) => `${key}=${value}`);
          return `[${section}]\n${lines.join('\n')}\n`;
        });
        return `--- /usr/lib/systemd/system/g${index}.${type}\n${sections.join('')}`;
      });
    const wants = unitTypes.map((type) => `Wants=${garbage.map((_, index) => `g${index}.${type}`).join(' ')}`);
    const { simulation } = boot(
      `${units.join('')}--- /usr/lib/systemd/system/multi-user.target.d/all.conf\n[Unit]\n${wants.join('\n')}\n`,
      version,
    );
    const judged = simulation.units.outcomes.filter(({ unit }) => /^g\d+\.service$/.test(unit.name));
    assert.equal(judged.length, garbage.length);
  });
}

test('five thousand units that wait for each other in a circle are one finding', () => {
  const count = 5000;
  const units = Array.from(
    { length: count },
    (_, i) => `--- /usr/lib/systemd/system/c${i}.service
[Unit]
After=c${(i + 1) % count}.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
  );
  const { simulation, findings } = boot(units.join(''));
  const cycles = findings.filter(({ rule }) => rule === 'ordering-cycle');
  assert.equal(cycles.length, 1);
  assert.equal(cycles[0]?.affects.length, 1);
  const started = simulation.units.outcomes.filter(
    ({ unit, outcome }) => /^c\d/.test(unit.name) && outcome === 'active',
  );
  assert.equal(started.length, count - 1);
});

test('units that require each other in a circle, and themselves', () => {
  const { simulation } = boot(`--- /usr/lib/systemd/system/a.service
[Unit]
Requires=a.service b.service
BindsTo=a.service b.service
Wants=a.service
After=a.service
Before=a.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system/b.service
[Unit]
Requires=a.service
Conflicts=b.service
[Service]
ExecStart=/usr/bin/true
`);
  assert.equal(simulation.units.outcomes.find(({ unit }) => unit.name === 'a.service')?.outcome, 'active');
});

test('drop-ins and units that lead to themselves', () => {
  const { simulation } = boot(`--- /usr/lib/systemd/system/lantern.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
Alias=lantern.service wick.service
Also=lantern.service wick.service
--- /usr/lib/systemd/system/lantern.service.d/loop.conf -> loop.conf
--- /usr/lib/systemd/system/lantern.service.d/self.conf -> ../lantern.service
--- /usr/lib/systemd/system/wick.service.d -> lantern.service.d
--- /usr/lib/systemd/system/loop.service.d -> loop.service.d
--- /usr/lib/systemd/system/loop.service -> loop.service
--- /usr/lib/systemd/system/one.service -> two.service
--- /usr/lib/systemd/system/two.service -> one.service
--- /usr/lib/systemd/system/multi-user.target.wants/loop.service -> ../loop.service
--- /usr/lib/systemd/system/multi-user.target.wants/one.service -> ../one.service
--- /usr/lib/systemd/system/multi-user.target.wants/multi-user.target -> ../multi-user.target
`);
  assert.equal(simulation.units.outcomes.find(({ unit }) => unit.name === 'lantern.service')?.outcome, 'active');
});

test('templates that name ever more instances come to an end', () => {
  const { simulation } = boot(`--- /usr/lib/systemd/system/a@.service
[Unit]
Wants=a@%i%i.service a@x%i.service
[Service]
ExecStart=/usr/bin/true %i
--- /usr/lib/systemd/system/multi-user.target.wants/a@1.service -> ../a@.service
`);
  assert.ok(simulation.units.outcomes.some(({ unit }) => unit.name === 'a@1.service'));
});

test('lines of a megabyte', () => {
  const long = 'a'.repeat(500_000);
  const words = 'b.service '.repeat(50_000);
  const paths = '/var/lib/x '.repeat(40_000);
  const { findings } = boot(`--- /usr/lib/systemd/system/long.service
[Unit]
Description=${long}
Wants=${words}
After=${words}
ConditionPathExists=/${long}
[Service]
ExecStart=/usr/bin/true ${long} ${'$A '.repeat(50_000)}
Environment=A=${long}
EnvironmentFile=/etc/${long}
ReadWritePaths=${paths}
User=${long}
StateDirectory=${'x '.repeat(50_000)}
[Install]
WantedBy=multi-user.target
`);
  assert.ok(Array.isArray(findings));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../src/core/boot/simulate.ts';
import { check } from '../src/core/rules/check.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';
import { plainSystem } from './support/plain-system.ts';

const units = '/usr/lib/systemd/system';
const stamping = `--- ${units}/systemd-update-done.service
[Unit]
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/true
--- ${units}/sysinit.target.wants/systemd-update-done.service -> ../systemd-update-done.service
`;

function outcomeOf(settings: string, more = stamping): string | undefined {
  const lamp = `--- ${units}/lamp.service
[Unit]
${settings}
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/true
[Install]
WantedBy=sysinit.target
`;
  const { outcomes } = simulate(imageOf(`${plainSystem}${more}${lamp}`), 'yes', testInputs(257)).units;
  return outcomes.find(({ unit }) => unit.name === 'lamp.service')?.outcome;
}

test('what comes after the stamps of an update needs none', () => {
  const early = 'DefaultDependencies=no\n';
  assert.equal(outcomeOf('ConditionNeedsUpdate=/var'), 'skipped');
  assert.equal(outcomeOf(`${early}After=systemd-update-done.service\nConditionNeedsUpdate=/etc`), 'skipped');
  assert.equal(outcomeOf(`${early}Before=systemd-update-done.service\nConditionNeedsUpdate=/etc`), 'active');
  assert.equal(outcomeOf('ConditionNeedsUpdate=!/var'), 'active');
  assert.equal(outcomeOf('ConditionNeedsUpdate=/srv'), 'active');
});

test('without stamps, or without an order, the condition is met', () => {
  assert.equal(outcomeOf('ConditionNeedsUpdate=/var', ''), 'active');
  assert.equal(outcomeOf('DefaultDependencies=no\nConditionNeedsUpdate=/var'), 'active');
});

test('directories are told where systemd passes over them in silence', () => {
  const files = `${plainSystem}--- /usr/lib/tmpfiles.d/lamp.conf/
--- /usr/lib/sysusers.d/wick.conf -> ../nothing
--- /usr/lib/tmpfiles.d/tide.conf -> /dev/null
--- /usr/lib/tmpfiles.d/notes.txt/
`;
  const { findings } = check(simulate(imageOf(files), 'yes', testInputs(262)), {
    select: new Set(['config-file-unreadable']),
  });
  assert.deepEqual(
    findings.map(({ message }) => message),
    ['/usr/lib/sysusers.d/wick.conf is a link that leads nowhere', '/usr/lib/tmpfiles.d/lamp.conf is a directory'],
  );
});

test('a machine id file that is there keeps its mode', () => {
  const modeWith = (file: string) =>
    simulate(imageOf(`${plainSystem}${file}`), 'no', testInputs(257)).tree.lookup('/etc/machine-id')?.mode;
  assert.equal(modeWith('--- /etc/machine-id 0644\nuninitialized\n'), 0o644);
  assert.equal(modeWith(''), 0o444);
});

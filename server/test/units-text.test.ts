import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnitOutcome } from '../src/core/boot/start/unit-outcome.ts';
import { styleFor } from '../src/report/style.ts';
import { cutMiddle, formatUnits, unitsSummary } from '../src/report/units-text.ts';
import { imageOf } from './support/file-set.ts';
import { outcomeOf } from './support/outcomes.ts';

const image = imageOf(`
--- /usr/lib/systemd/system/web.service
[Service]
ExecStart=/usr/bin/web
User=web
--- /usr/lib/systemd/system/ssh.service
[Service]
ExecStart=/usr/sbin/sshd
`);
const plain = styleFor({ isTerminal: false, environment: {} }, false);

function drawn(
  units: readonly UnitOutcome[],
  expected: string,
  options: Partial<Parameters<typeof formatUnits>[2]> = {},
) {
  const lines = formatUnits(units, plain, { verbose: false, ...options });
  assert.equal(lines.join('\n').trim(), expected.trim());
}

const web = outcomeOf(image, 'web.service', {
  outcome: 'failed',
  obstacles: [{ code: 'user-missing', cause: 'missing-user', result: '217/USER', subject: 'web', at: 'User web' }],
});
const ssh = outcomeOf(image, 'ssh.service', {
  outcome: 'failed',
  obstacles: [
    {
      code: 'configuration-lost',
      cause: 'missing-etc-file',
      confidence: 'likely',
      subject: '/etc/ssh/sshd_config',
      at: 'ExecStart /usr/sbin/sshd',
    },
  ],
});

test('failing units with their reason and place, dependents below', () => {
  const socket = outcomeOf(image, 'ssh.socket', {
    outcome: 'failed',
    becauseOf: 'ssh.service',
    rootUnit: 'ssh.service',
  });
  const user = outcomeOf(image, 'log.service', {
    outcome: 'dep-failed',
    becauseOf: 'ssh.socket',
    rootUnit: 'ssh.service',
  });
  drawn(
    [web, ssh, socket, user],
    `
 fails            because
   ssh.service      /etc/ssh/sshd_config is gone (likely)  ssh.service:2
   └ ssh.socket     ssh.service fails
     └ log.service  ssh.socket fails
   web.service      no user "web" (217/USER)               web.service:3
`.replace(' fails            because', ' fails              because'),
  );
});

test('units that blame each other in a circle are listed once', () => {
  const a = outcomeOf(image, 'a.service', { outcome: 'dep-failed', becauseOf: 'b.service' });
  const b = outcomeOf(image, 'b.service', { outcome: 'dep-failed', becauseOf: 'a.service' });
  const lines = formatUnits([a, b], plain, { verbose: false });
  assert.equal(lines.filter((line) => line.includes('a.service')).length, 2);
  assert.equal(lines.length, 4);
});

test('skips that the reset causes are told, the others counted', () => {
  const skipped = (name: string, isEnvironmental: boolean) =>
    outcomeOf(image, name, {
      outcome: 'skipped',
      whenStarted: 'skipped',
      condition: {
        value: 'false',
        text: `ConditionPathExists=/etc/${name}`,
        reason: 'it does not exist',
        isEnvironmental,
      },
    });
  const units = [skipped('a.service', false), skipped('b.service', true)];
  drawn(
    units,
    `
 skipped      because
   a.service  ConditionPathExists=/etc/a.service: it does not exist

 1 more unit is skipped with or without a reset (-v shows them)
`,
  );
  assert.match(formatUnits(units, plain, { verbose: true }).join('\n'), /b\.service/);
});

test('units that are never started any more, compared with today', () => {
  const today = [outcomeOf(image, 'tor@default.service'), outcomeOf(image, 'web.service'), outcomeOf(image, 'x.slice')];
  const idle = outcomeOf(image, 'web.service', { outcome: 'idle', whenStarted: 'active' });
  drawn(
    [idle],
    `
 never started          because
   tor@default.service  nothing pulls it in any more
   web.service          nothing pulls it in any more
`,
    { today: today.slice(0, 2) },
  );
});

test('unknown ones say what would tell', () => {
  drawn(
    [
      outcomeOf(image, 'web.service', {
        outcome: 'unknown',
        whenStarted: 'unknown',
        condition: { value: 'unknown', text: 'ConditionHost=a', reason: 'the host name' },
      }),
    ],
    `
 unknown        would tell
   web.service  ConditionHost=a: the host name
`,
  );
});

test('nothing to tell is nothing', () => drawn([outcomeOf(image, 'web.service')], ''));

test('the summary counts what there is', () => {
  const idle = outcomeOf(image, 'z.service', { outcome: 'idle', whenStarted: 'active' });
  const skipped = outcomeOf(image, 's.service', { outcome: 'skipped', whenStarted: 'skipped' });
  const active = outcomeOf(image, 'a.service');
  const summary = (units: readonly UnitOutcome[]) => unitsSummary(units, plain);
  assert.equal(summary([active, web, ssh, idle, skipped]), ' 4  units     1 start  1 skipped  2 fail');
  assert.equal(summary([active]), ' 4  units     1 start');
});

test('long names and reasons are cut in the middle, lines keep the width', () => {
  const name = `${'very-'.repeat(20)}long.service`;
  const long = outcomeOf(image, name, {
    outcome: 'failed',
    obstacles: [{ code: 'configuration-lost', subject: `/etc/${'deep/'.repeat(40)}x.conf` }],
  });
  for (const width of [80, 100]) {
    for (const line of formatUnits([long], plain, { verbose: false, width })) assert.ok(line.length <= width, line);
  }
  assert.equal(cutMiddle('abcdefghij', 7), 'abc…hij');
  assert.equal(cutMiddle('abc', 7), 'abc');
});

test('nothing of a name steers the terminal', () => {
  const evil = outcomeOf(image, 'a\u001b[31m.service', { outcome: 'failed', obstacles: [] });
  assert.ok(!formatUnits([evil], plain, { verbose: false }).join('\n').includes('\u001b'));
});

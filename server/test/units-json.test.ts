import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitsToJson } from '../src/report/units-json.ts';
import { imageOf } from './support/file-set.ts';
import { outcomeOf } from './support/outcomes.ts';

const image = imageOf(`
--- /usr/lib/systemd/system/web.service
[Service]
ExecStart=/usr/bin/web -c /etc/web.conf
User=web
`);

test('a failing unit has the fields of the contract, in its order', () => {
  const failing = outcomeOf(image, 'web.service', {
    outcome: 'failed',
    confidence: 'certain',
    activatedBy: ['web.socket'],
    obstacles: [
      {
        code: 'user-missing',
        cause: 'missing-user',
        result: '217/USER',
        subject: 'web',
        at: 'User web',
        message: 'there is no user "web"',
        chain: [{ file: '/etc/passwd', line: 3, message: 'today it is here' }],
      },
      {
        code: 'configuration-lost',
        cause: 'missing-etc-file',
        subject: '/etc/web.conf',
        at: 'ExecStart /etc/web.conf',
      },
      { code: 'group-missing', cause: 'missing-user', subject: 'web' },
    ],
  });
  const [json] = unitsToJson([failing]);
  assert.deepEqual(json, {
    unit: 'web.service',
    outcome: 'failed',
    whenStarted: 'failed',
    confidence: 'certain',
    cause: 'missing-user',
    causes: ['missing-user', 'missing-etc-file'],
    result: '217/USER',
    pulledInBy: ['multi-user.target'],
    activatedBy: ['web.socket'],
    evidence: [
      { file: '/usr/lib/systemd/system/web.service', line: 3, message: 'there is no user "web"' },
      { file: '/etc/passwd', line: 3, message: 'today it is here' },
      { file: '/usr/lib/systemd/system/web.service', line: 2, message: '/etc/web.conf is missing' },
      { file: '/usr/lib/systemd/system/web.service', line: 1, message: 'web is missing' },
    ],
  });
});

test('what is not known is absent', () => {
  assert.deepEqual(unitsToJson([outcomeOf(image, 'a.target')]), [
    {
      unit: 'a.target',
      outcome: 'active',
      whenStarted: 'active',
      confidence: 'certain',
      pulledInBy: ['multi-user.target'],
      activatedBy: [],
      evidence: [],
    },
  ]);
});

test('a consequence names the next unit and the end of the chain', () => {
  const [json] = unitsToJson([
    outcomeOf(image, 'c.service', { outcome: 'dep-failed', becauseOf: 'b.service', rootUnit: 'a.service' }),
  ]);
  assert.deepEqual(
    Object.entries(json ?? {}).filter(([key]) => /becauseOf|rootUnit/.test(key)),
    [
      ['becauseOf', 'b.service'],
      ['rootUnit', 'a.service'],
    ],
  );
});

test('a condition is evidence', () => {
  const [json] = unitsToJson([
    outcomeOf(image, 'web.service', {
      outcome: 'skipped',
      whenStarted: 'skipped',
      condition: {
        value: 'false',
        place: { file: '/usr/lib/systemd/system/web.service', line: 1 },
        text: 'ConditionPathExists=/etc/x',
        reason: '/etc/x does not exist',
      },
    }),
  ]);
  assert.deepEqual(Object.entries(json ?? {}).at(-1), [
    'evidence',
    [
      {
        file: '/usr/lib/systemd/system/web.service',
        line: 1,
        message: 'ConditionPathExists=/etc/x: /etc/x does not exist',
      },
    ],
  ]);
});

test('unit files that nothing loads are listed only if they would not start', () => {
  const listed = unitsToJson([
    outcomeOf(image, 'a.service', { outcome: 'unloaded', whenStarted: 'active' }),
    outcomeOf(image, 'b.service', { outcome: 'unloaded', whenStarted: 'failed' }),
    outcomeOf(image, 'c.service', { outcome: 'unloaded', whenStarted: 'skipped' }),
    outcomeOf(image, 'd.service', { outcome: 'unloaded', whenStarted: 'unknown' }),
    outcomeOf(image, 'e.service', { outcome: 'idle', whenStarted: 'active' }),
  ]);
  assert.deepEqual(
    listed.map((entry) => Object.values(entry)[0]),
    ['b.service', 'c.service', 'e.service'],
  );
});

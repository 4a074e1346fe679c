import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Accounts, PreviewSet, TimelineEntry, TreeEntry, UnitEntry } from '../src/lsp/protocol.ts';
import { withClient } from './support/language-client.ts';

const workspace = `
--- /lantern.service
[Service]
User=lantern
ExecStart=/usr/bin/lantern
[Install]
WantedBy=multi-user.target
--- /oil.sysusers
u oil 850 "Oil"
--- /oil.tmpfiles
d /var/lib/oil 0750 oil oil -
--- /80-lantern.preset
enable lantern.service
`;

test('previews read one simulation', async () => {
  await withClient(workspace, async (client) => {
    const ask = <Result>(name: string, params: object = {}): Promise<Result> =>
      client.connection.sendRequest(`statelessBoot/${name}`, params);
    const [set, ...others] = await ask<PreviewSet[]>('sets');
    assert.ok(set !== undefined && others.length === 0);
    assert.deepEqual([set.kind, set.label, set.volatile, set.fails], ['repository', 'work', 'yes', 1]);

    const lib = await ask<TreeEntry[]>('tree', { set: set.id, path: '/var/lib' });
    const oil = lib.find(({ name }) => name === 'oil');
    assert.deepEqual(
      [
        oil?.mode,
        oil?.owner,
        oil?.group,
        oil?.cause,
        client.path(oil?.location?.uri ?? ''),
        oil?.location?.range.start,
      ],
      ['drwxr-x---', 'oil', 'oil', 'oil.conf:1', '/oil.tmpfiles', { line: 0, character: 0 }],
    );

    const { users } = await ask<Accounts>('accounts', { set: set.id });
    const user = users.find(({ name }) => name === 'oil');
    assert.deepEqual([user?.id, client.path(user?.location?.uri ?? '')], [850, '/oil.sysusers']);

    const units = await ask<UnitEntry[]>('units', { set: set.id });
    const lantern = units.find(({ name }) => name === 'lantern.service');
    assert.equal(lantern?.state, 'fails');
    assert.match(lantern?.reason ?? '', /217\/USER/);
    assert.deepEqual(lantern?.location?.range.start, { line: 1, character: 5 });

    const timeline = await ask<TimelineEntry[]>('timeline', { set: set.id });
    assert.deepEqual(
      timeline.map(({ phase, severity }) => [phase, severity]),
      [
        ['preset', undefined],
        ['sysusers', undefined],
        ['tmpfiles', undefined],
        ['start', 'error'],
      ],
    );

    const passwd = await ask<string>('content', { set: set.id, path: '/etc/passwd', when: 'after' });
    assert.match(passwd, /^oil:x:850:850:Oil:/m);
    const listing = await ask<string>('listing', { set: set.id });
    assert.match(listing, /^drwxr-x--- oil:oil +\/var\/lib\/oil$/m);
    const shipped = await ask<string>('listing', { set: set.id, volatile: 'no' });
    assert.match(shipped, /\/var\/lib\/oil$/m);
    const page = await ask<string>('report', { set: set.id });
    assert.match(page, /<!doctype html>/i);
    assert.match(page, /lantern\.service/);
  });
});

test('a rule is explained; an unknown set or rule is answered with nothing', async () => {
  await withClient(workspace, async (client) => {
    const found = await client.connection.sendRequest('statelessBoot/explain', { rule: 'unit-user-undeclared' });
    assert.match((found as { markdown: string }).markdown, /^# unit-user-undeclared/);
    assert.equal(await client.connection.sendRequest('statelessBoot/explain', { rule: 'no-such' }), null);
    assert.deepEqual(await client.connection.sendRequest('statelessBoot/tree', { set: 'nothing', path: '/etc' }), []);
    assert.equal(await client.connection.sendRequest('statelessBoot/report', { set: 'nothing' }), null);
  });
});

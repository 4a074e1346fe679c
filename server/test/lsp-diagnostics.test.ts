import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withClient } from './support/language-client.ts';

const workspace = `
--- /lantern.service
[Service]
User=lantern
ExecStart=/usr/bin/lantern
[Install]
WantedBy=multi-user.target
--- /lantern.tmpfiles
d /var/lib/lantern 0750 lantern lantern -
`;

test('a closed file gets its findings, and they go when another file mends them', async () => {
  await withClient(workspace, async (client) => {
    await client.until('/lantern.service', (found) => found.some(({ code }) => code === 'unit-user-undeclared'));
    await client.until('/lantern.tmpfiles', (found) =>
      found.some(({ code }) => code === 'tmpfiles-owner-unresolvable'),
    );
    await client.open('/lantern.sysusers', 'u lantern 850 "Lantern"\n');
    await client.until('/lantern.service', (found) => found.length === 0);
    await client.until('/lantern.tmpfiles', (found) => found.length === 0);
  });
});

test('syntax is judged at once, with code, page and exact range', async () => {
  await withClient(workspace, async (client) => {
    await client.open('/lantern.tmpfiles', 'd /run/lantern 07x5 root root -\n');
    const found = await client.until('/lantern.tmpfiles', ([only]) => only?.code === 'tmpfiles-line-rejected');
    assert.equal(
      client.drawn('/lantern.tmpfiles').split('\n')[1]?.replace(/: .*/, ''),
      '#              ^^^^ error[tmpfiles-line-rejected]',
    );
    assert.match(found[0]?.codeDescription?.href ?? '', /docs\/rules\/tmpfiles-line-rejected\.md$/);
  });
});

test('findings move with the text that is typed before them', async () => {
  await withClient(workspace, async (client) => {
    await client.openOf(workspace, '/lantern.service');
    await client.until('/lantern.service', (found) => found.length === 1);
    await client.change('/lantern.service', '# a comment\n\n', 0, 0);
    const found = await client.until('/lantern.service', (list) => list[0]?.range.start.line === 3);
    assert.equal(found[0]?.code, 'unit-user-undeclared');
  });
});

test('a file of another tool with a familiar suffix is left alone', async () => {
  await withClient(
    '--- /web.network\n[Network]\nDriver=bridge\n--- /a.service\n[D-BUS Service]\nName=x\nBogus=1\n',
    async (client) => {
      await client.open('/web.network', '[Network]\nDriver=bridge\n');
      await client.open('/a.service', '[D-BUS Service]\nName=x\nBogus=1\n');
      await client.settled();
      assert.deepEqual(client.diagnostics('/web.network'), []);
      assert.deepEqual(client.diagnostics('/a.service'), []);
    },
  );
});

test('a file that is opened by way of a link is the file behind the link', async () => {
  const image = `
--- /usr/lib/os-release
ID=harbor
--- /usr/lib/systemd/systemd
elf
--- /lib -> usr/lib
--- /etc/passwd
root:x:0:0::/root:/bin/sh
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0750 lantern root -
`;
  await withClient(image, async (client) => {
    const isLost = (found: readonly { readonly code?: unknown }[]) =>
      found.some(({ code }) => code === 'tmpfiles-owner-unresolvable');
    await client.until('/usr/lib/tmpfiles.d/lantern.conf', isLost);
    await client.open('/lib/tmpfiles.d/lantern.conf', 'd /var/lib/lantern 0750 lantern root -\n');
    await client.until('/lib/tmpfiles.d/lantern.conf', isLost);
    assert.ok(!client.diagnostics('/lib').some(({ code }) => code === 'usr-not-merged'));
    await client.change('/lib/tmpfiles.d/lantern.conf', 'd /var/lib/lantern 0750 root root -\n');
    await client.until('/lib/tmpfiles.d/lantern.conf', (found) => !isLost(found));
    await client.until('/usr/lib/tmpfiles.d/lantern.conf', (found) => !isLost(found));
    await client.close('/lib/tmpfiles.d/lantern.conf');
    await client.until('/usr/lib/tmpfiles.d/lantern.conf', isLost);
    assert.ok(!isLost(client.diagnostics('/lib/tmpfiles.d/lantern.conf')));
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentSymbol, Location } from 'vscode-languageserver-protocol/node';
import { type LanguageClient, withClient } from './support/language-client.ts';

const workspace = `
--- /oil.service
[Service]
User=oil
Group=oil
WorkingDirectory=/var/lib/oil
ExecStart=/usr/bin/oil --log /var/log/oil/oil.log
[Install]
WantedBy=multi-user.target
--- /oil.sysusers
u oil 850 "Oil" /var/lib/oil
--- /oil.tmpfiles
d /var/lib/oil 0750 oil oil -
d /var/log/oil 0750 root adm -
--- /80-oil.preset
enable oil.service
`;

/** `file:line:column` of each place, counted from 1. */
async function places(client: LanguageClient, method: string, file: string, word: string): Promise<string[]> {
  const { uri } = await client.openOf(workspace, file);
  await client.settled();
  const lines = (client.text(file) ?? '').split('\n');
  const line = lines.findIndex((text) => text.includes(word));
  const character = (lines[line] ?? '').indexOf(word) + 1;
  const found: Location[] = await client.connection.sendRequest(`textDocument/${method}`, {
    textDocument: { uri },
    position: { line, character },
    context: { includeDeclaration: true },
  });
  return found.map(
    ({ uri: target, range }) => `${client.path(target)}:${range.start.line + 1}:${range.start.character + 1}`,
  );
}

test('definitions lead to the line that makes a thing', async () => {
  const cases: readonly (readonly [file: string, word: string, ...expected: string[]])[] = [
    ['/oil.service', 'oil', '/oil.sysusers:1:3'],
    ['/oil.service', '/var/lib/oil', '/oil.tmpfiles:1:3'],
    // Nothing makes the log file; its directory has a line.
    ['/oil.service', '/var/log/oil/oil.log', '/oil.tmpfiles:2:1'],
    ['/oil.service', 'multi-user', 'stateless-boot-base:/usr/lib/systemd/system/multi-user.target:1:1'],
    ['/oil.tmpfiles', 'adm', 'stateless-boot-base:/usr/lib/sysusers.d/basic.conf'],
    ['/oil.sysusers', '/var/lib/oil', '/oil.tmpfiles:1:3'],
    ['/80-oil.preset', 'oil.service', '/oil.service:1:1'],
    ['/oil.service', '[Service]'],
  ];
  await withClient(workspace, async (client) => {
    for (const [file, word, ...expected] of cases) {
      const found = await places(client, 'definition', file, word);
      const isBase = expected[0]?.endsWith('.conf') === true;
      assert.deepEqual(
        isBase ? found.map((place) => place.replace(/(:\d+){2}$/, '')) : found,
        expected,
        `${file} ${word}`,
      );
    }
  });
});

test('references stand in all four kinds of files', async () => {
  await withClient(workspace, async (client) => {
    assert.deepEqual((await places(client, 'references', '/oil.service', '/var/lib/oil')).sort(), [
      '/oil.service:4:18',
      '/oil.sysusers:1:17',
      '/oil.tmpfiles:1:3',
    ]);
  });
});

test('the outline has sections with their entries', async () => {
  await withClient(workspace, async (client) => {
    const { uri } = await client.openOf(workspace, '/oil.service');
    const outline: DocumentSymbol[] = await client.connection.sendRequest('textDocument/documentSymbol', {
      textDocument: { uri },
    });
    assert.deepEqual(
      outline.map(({ name, children }) => [name, children?.length]),
      [
        ['[Service]', 4],
        ['[Install]', 1],
      ],
    );
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hover } from 'vscode-languageserver-protocol/node';
import { type LanguageClient, withClient } from './support/language-client.ts';

/** Opens a file with a cursor in it, waits for the boot, and gives the hover's text. */
async function hover(client: LanguageClient, path: string, text: string): Promise<string | undefined> {
  const { uri, position } = await client.open(path, text);
  await client.settled();
  const found: Hover | null = await client.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position,
  });
  await client.close(path);
  if (found === null) return undefined;
  assert.ok(typeof found.contents === 'object' && 'value' in found.contents);
  return found.contents.value.replaceAll(`file://${client.folder}`, '');
}

const root = `
--- /usr/lib/systemd/system/alpha.service
[Service]
ExecStart=/usr/bin/alpha
[Install]
WantedBy=multi-user.target
--- /usr/bin/alpha
`;

test('x', async () => {
  await withClient(root, async (client) => {
    console.log(await hover(client, '/usr/lib/systemd/system/beta.service', '[Service]\nUser=be$0ta\nExecStart=/usr/bin/alpha\n'));
  });
});

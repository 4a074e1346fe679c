import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletionItem, CompletionList, SignatureHelp } from 'vscode-languageserver-protocol/node';
import { type LanguageClient, withClient } from './support/language-client.ts';

const workspace = `
--- /oil.service
[Service]
ExecStart=/usr/bin/oil
--- /oil.sysusers
u oil 850 "Oil"
`;

async function labels(client: LanguageClient, path: string, text: string): Promise<readonly string[]> {
  const cursor = await client.open(path, text);
  await client.settled();
  const found: CompletionList | CompletionItem[] | null = await client.connection.sendRequest(
    'textDocument/completion',
    {
      textDocument: { uri: cursor.uri },
      position: cursor.position,
    },
  );
  await client.close(path);
  return (Array.isArray(found) ? found : (found?.items ?? [])).map(({ label }) => label);
}

/** The cursor is `$0`; each of the labels has to be offered, those behind `!` must not. */
const cases: readonly (readonly [path: string, text: string, ...expected: string[]])[] = [
  ['/a.service', '[$0', '[Unit', '[Service', '[Install', '![Socket'],
  ['/a.service', '[Service]\nExecSt$0', 'ExecStart', 'ExecStartPre', '!ListenStream'],
  ['/a.service', '[Service]\nType=$0', 'oneshot', 'notify'],
  ['/a.service', '[Service]\nUser=$0', 'oil', 'root'],
  ['/a.service', '[Unit]\nAfter=network.target mul$0', 'multi-user.target', 'oil.service'],
  ['/a.service', '# User=$0', '!oil', '!User'],
  ['/a.tmpfiles', 'd /run/x 0755 $0', 'oil', 'root'],
  ['/a.tmpfiles', '$0', 'd', 'L', 'f'],
  ['/a.tmpfiles', 'd /va$0', 'var', '!oil'],
  ['/a.sysusers', '$0', 'u', 'g'],
  ['/80-a.preset', '$0', 'enable', 'disable'],
  ['/80-a.preset', 'enable oi$0', 'oil.service'],
];

test('each place of each kind of file offers what belongs there', async () => {
  await withClient(workspace, async (client) => {
    const wrong: string[] = [];
    for (const [path, text, ...expected] of cases) {
      const found = (await labels(client, path, text)).map((label) => label.replace(/[=\]/]$/, ''));
      for (const label of expected) {
        const isWanted = !label.startsWith('!');
        if (found.includes(isWanted ? label : label.slice(1)) === isWanted) continue;
        wrong.push(`${path} ${JSON.stringify(text)}: ${label} in ${JSON.stringify(found.slice(0, 12))}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});

test('the columns of a line are explained while it is written', async () => {
  await withClient(workspace, async (client) => {
    const { uri, position } = await client.open('/a.tmpfiles', 'd /run/x 07$0');
    const help: SignatureHelp | null = await client.connection.sendRequest('textDocument/signatureHelp', {
      textDocument: { uri },
      position,
    });
    const [signature] = help?.signatures ?? [];
    assert.equal(signature?.activeParameter ?? help?.activeParameter, 2);
  });
});

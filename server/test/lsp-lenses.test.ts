import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeLens, InlayHint, Location, SemanticTokens } from 'vscode-languageserver-protocol/node';
import { type LanguageClient, withClient } from './support/language-client.ts';

const workspace = `
--- /beta.service
[Service]
User=beta
StateDirectory=beta
UMask=0027
ExecStart=/usr/bin/beta --run /run/beta
[Install]
WantedBy=multi-user.target
--- /ghost.service
[Service]
User=ghost
ExecStart=/usr/bin/ghost
[Install]
WantedBy=multi-user.target
--- /static.service
[Service]
ExecStart=/usr/bin/static
--- /beta.sysusers
u beta 850 "Beta" /var/lib/beta
g betas - - -
--- /beta.tmpfiles
d /run/beta 0750 beta root 10d
d /run/beta/a/b - - - -
d /run/gamma/a/b - - - -
d /run/other 0750 nobody-there - -
--- /90-beta.preset
enable beta.*
disable ghost.service
disable static.service
`;

async function lenses(client: LanguageClient, path: string): Promise<readonly CodeLens[]> {
  const { uri } = await client.openOf(workspace, path);
  await client.settled();
  const found: CodeLens[] = await client.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
  for (const { range } of found) assert.deepEqual(range.start, { line: 0, character: 0 });
  return found;
}

test('lenses: the boot of the file, who uses what it makes, the deciding preset line', async () => {
  await withClient(workspace, async (client) => {
    const rows: readonly (readonly [string, readonly string[]])[] = [
      [
        '/beta.service',
        [
          '▶ Simulate empty /etc boot · makes 1 path · starts',
          'creates 1 path, used by 1 other file',
          'enabled by 90-beta.preset:1',
        ],
      ],
      ['/ghost.service', ['▶ Simulate empty /etc boot · 1 problem', 'not enabled by 90-beta.preset:2']],
      ['/static.service', ['▶ Simulate empty /etc boot']],
      [
        '/beta.sysusers',
        [
          '▶ Simulate empty /etc boot · makes 1 user and 2 groups',
          'creates 1 user and 2 groups, used by 1 unit and 1 other file',
        ],
      ],
      [
        '/beta.tmpfiles',
        ['▶ Simulate empty /etc boot · makes 5 paths · 2 problems', 'creates 5 paths, used by 1 unit'],
      ],
      ['/90-beta.preset', ['▶ Simulate empty /etc boot · enables 1 unit']],
    ];
    for (const [path, titles] of rows) {
      const found = await lenses(client, path);
      assert.deepEqual(
        found.map(({ command }) => command?.title),
        titles,
        path,
      );
    }
    const [simulate, used, enabled] = await lenses(client, '/beta.service');
    assert.equal(simulate?.command?.command, 'statelessBoot.simulate');
    assert.deepEqual(simulate?.command?.arguments, [client.uri('/beta.service')]);
    assert.equal(used?.command?.command, 'statelessBoot.showReferences');
    const [uri, position, places] = (enabled?.command?.arguments ?? []) as [string, object, Location[]];
    assert.equal(uri, client.uri('/beta.service'));
    assert.deepEqual(position, { line: 0, character: 0 });
    assert.deepEqual(places, [
      {
        uri: client.uri('/90-beta.preset'),
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 13 } },
      },
    ]);
  });
});

test('no lens when the settings say so', async () => {
  await withClient(workspace, async (client) => assert.deepEqual(await lenses(client, '/beta.service'), []), {
    codeLens: false,
  });
});

/** The file with its hints in brackets. */
async function hinted(client: LanguageClient, path: string): Promise<string> {
  const { uri } = await client.openOf(workspace, path);
  await client.settled();
  const text = client.text(path) ?? '';
  const found: InlayHint[] = await client.connection.sendRequest('textDocument/inlayHint', {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } },
  });
  return text
    .split('\n')
    .map((line, index) => {
      const here = found.filter(({ position }) => position.line === index);
      let drawn = line;
      for (const { position, label } of here.reverse()) {
        drawn = `${drawn.slice(0, position.character)}[${String(label)}]${drawn.slice(position.character)}`;
      }
      return drawn;
    })
    .join('\n');
}

test('inlay hints: what a line makes, rights in letters, ids', async () => {
  await withClient(
    workspace,
    async (client) => {
      assert.equal(
        await hinted(client, '/beta.tmpfiles'),
        `d /run/beta 0750[rwxr-x---] beta[850] root[0] 10d[→ drwxr-x--- beta:root]
d /run/beta/a/b - - - -[→ fails]
d /run/gamma/a/b - - - -[→ drwxr-xr-x root:root + 2 parents]
d /run/other 0750[rwxr-x---] nobody-there - -[→ refused]
`,
      );
      assert.equal(await hinted(client, '/beta.sysusers'), 'u beta 850 "Beta" /var/lib/beta\ng betas -[999] - -\n');
      assert.equal(
        await hinted(client, '/90-beta.preset'),
        'enable beta.*[→ 1 unit]\ndisable ghost.service[→ 1 unit]\ndisable static.service[→ 1 unit]\n',
      );
      assert.match(
        await hinted(client, '/beta.service'),
        /User=beta\[850\]\nStateDirectory=beta\[→ \/var\/lib\/beta\]\nUMask=0027\[----w-rwx\]\n/,
      );
    },
    { inlayHints: true },
  );
  await withClient(workspace, async (client) => {
    assert.doesNotMatch(await hinted(client, '/beta.tmpfiles'), /\[/, 'they are off by default');
  });
});

const legendOf = (client: LanguageClient) => client.initialized?.capabilities.semanticTokensProvider?.legend;

/** A row a token: its text, type and modifiers. */
async function tokens(client: LanguageClient, path: string, text: string, range?: object): Promise<string[]> {
  const { uri } = await client.open(path, text);
  const found: SemanticTokens = await client.connection.sendRequest(
    range === undefined ? 'textDocument/semanticTokens/full' : 'textDocument/semanticTokens/range',
    range === undefined ? { textDocument: { uri } } : { textDocument: { uri }, range },
  );
  await client.close(path);
  const legend = legendOf(client);
  const lines = text.split('\n');
  const rows: string[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at < found.data.length; at += 5) {
    const [down = 0, right = 0, length = 0, type = 0, bits = 0] = found.data.slice(at, at + 5);
    line += down;
    character = down === 0 ? character + right : right;
    const modifiers = legend?.tokenModifiers.filter((_, index) => (bits & (1 << index)) !== 0) ?? [];
    const word = lines[line]?.slice(character, character + length) ?? '';
    rows.push([`${word}:${legend?.tokenTypes[type]}`, ...modifiers].join('.'));
  }
  return rows;
}

test('semantic tokens name accounts, units, paths, specifiers and values', async () => {
  await withClient(workspace, async (client) => {
    const rows: readonly (readonly [string, string, string])[] = [
      [
        '/a.tmpfiles',
        '# note\nf+! %t/a 0750 root :adm ~m:10d text %m\n',
        '# note:comment f:keyword +!:modifier %t:macro /a:string 0750:number root:variable adm:variable ~m:10d:number text :string %m:macro',
      ],
      ['/a.tmpfiles', 'd /run/a - - - -\n', 'd:keyword /run/a:string'],
      [
        '/a.sysusers',
        'u! a 850 "A B" /var/lib/a\nm a b\n',
        'u:keyword !:modifier a:variable.declaration 850:number "A B":string /var/lib/a:string m:keyword a:variable b:variable',
      ],
      ['/a.preset', '; x\nenable a@.service one\n', '; x:comment enable:keyword a@.service:class one:variable'],
      [
        '/a.service',
        '[Unit]\nAfter=b.service \\\n  c.service\n',
        'Unit:namespace After:property =:operator b.service:class c.service:class',
      ],
      [
        '/a.service',
        '[Service]\nUser=a\nType=oneshot\nPrivateTmp=yes\nTimeoutSec=3\nExecStart=-/usr/bin/a /run/b %n\n',
        'Service:namespace User:property =:operator a:variable Type:property =:operator oneshot:enumMember PrivateTmp:property =:operator yes:enumMember TimeoutSec:property =:operator 3:number ExecStart:property =:operator /usr/bin/a:function /run/b:string %n:macro',
      ],
      [
        '/a.service',
        '[Service]\nStateDirectory=a\nCapabilities=x\n',
        'Service:namespace StateDirectory:property =:operator a:string.declaration Capabilities:property.deprecated =:operator',
      ],
      ['/a.service.in', '[Service]\nUser=@USER@\n', 'Service:namespace User:property =:operator @USER@:macro'],
    ];
    for (const [path, text, expected] of rows) {
      assert.equal((await tokens(client, path, text)).join(' '), expected, text);
    }
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } };
    assert.deepEqual(await tokens(client, '/a.preset', '# a\n# b\n# c\n', range), ['# b:comment']);
  });
});

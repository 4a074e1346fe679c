import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletionItem, CompletionList, MarkupContent } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type LanguageClient, withClient } from './support/language-client.ts';

/** A whole root, so that nothing comes from the base. */
const workspace = `
--- /usr/lib/os-release
ID=lamp
VERSION_ID=7
--- /usr/lib/systemd/systemd 0755
--- /usr/lib/systemd/system/default.target -> multi-user.target
--- /usr/lib/systemd/system/multi-user.target
[Unit]
Description=Multi-User
Requires=sysinit.target lantern.service moth.service
--- /usr/lib/systemd/system/sysinit.target
[Unit]
Wants=systemd-sysusers.service systemd-tmpfiles-setup.service
--- /usr/lib/systemd/system/sockets.target
[Unit]
--- /usr/lib/systemd/system/network.target
[Unit]
--- /usr/lib/systemd/system/network-online.target
[Unit]
--- /usr/lib/systemd/system/systemd-sysusers.service
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/usr/bin/true
--- /usr/lib/systemd/system/systemd-tmpfiles-setup.service
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/usr/bin/true
--- /usr/lib/systemd/system/lantern.service
[Unit]
Description=Light *of* night
[Service]
ExecStart=/usr/bin/lantern
User=lantern
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system/moth@.service
[Service]
ExecStart=/usr/bin/lantern
User=moth
--- /usr/lib/systemd/system/moth.service
[Service]
ExecStart=/usr/bin/lantern
User=moth
--- /usr/lib/systemd/system/new.service
--- /usr/lib/systemd/system/new.socket
--- /usr/lib/systemd/system/srv-data.mount
--- /usr/lib/systemd/system/lantern.service.d/10-x.conf
--- /usr/lib/sysusers.d/lantern.conf
u lantern 850 "Lantern"
--- /usr/lib/sysusers.d/new.conf
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0750 lantern lantern -
d /var/lib/wasp 0750 wasp root -
d /var/lib/hive 0750 root :hive -
--- /usr/lib/tmpfiles.d/new.conf
--- /usr/lib/systemd/system-preset/90-x.preset
--- /usr/share/factory/etc/lantern.conf
x
--- /usr/bin/lantern 0755
--- /usr/bin/lamp 0755
--- /usr/bin/readme
--- /usr/sbin/nologin 0755
--- /etc/lantern.conf
x
--- /etc/passwd
root:x:0:0:root:/root:/bin/sh
--- /var/lib/lantern/
--- /var/lib/old/
`;

const service = '/usr/lib/systemd/system/new.service';
const socket = '/usr/lib/systemd/system/new.socket';
const dropIn = '/usr/lib/systemd/system/lantern.service.d/10-x.conf';
const mount = '/usr/lib/systemd/system/srv-data.mount';
const template = '/usr/lib/systemd/system/moth@.service';
const tmpfiles = '/usr/lib/tmpfiles.d/new.conf';
const sysusers = '/usr/lib/sysusers.d/new.conf';
const preset = '/usr/lib/systemd/system-preset/90-x.preset';

interface Asked {
  readonly labels: readonly string[];
  readonly items: readonly CompletionItem[];
  /** The text with an item put in, in the lines that it touches. */
  readonly apply: (label: string) => string;
}

async function ask(client: LanguageClient, path: string, text: string, trigger?: string): Promise<Asked> {
  const { uri, position } = await client.open(path, text);
  const list = await client.connection.sendRequest<CompletionList | null>('textDocument/completion', {
    textDocument: { uri },
    position,
    ...(trigger === undefined ? {} : { context: { triggerKind: 2, triggerCharacter: trigger } }),
  });
  const plain = client.text(path) ?? '';
  await client.close(path);
  const items = list?.items ?? [];
  const sorted = [...items].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
  return {
    items: sorted,
    labels: sorted.map(({ label }) => label),
    apply: (label) => {
      const edit = items.find((item) => item.label === label)?.textEdit;
      assert.ok(edit !== undefined && 'range' in edit, `${label} is offered in ${text}`);
      return TextDocument.applyEdits(TextDocument.create('', '', 0, plain), [edit]);
    },
  };
}

/** File, text before the completion, what is chosen, text after it. */
const chosen: readonly (readonly [string, string, string, string])[] = [
  // Sections.
  [service, '[$0', '[Service]', '[Service]'],
  [service, '[$0]', '[Unit]', '[Unit]'],
  [service, '[Ser$0\nUser=x', '[Service]', '[Service]\nUser=x'],
  [service, '[Unit]\n\n$0', '[Service]', '[Unit]\n\n[Service]'],
  // Settings.
  [service, '[Service]\n$0', 'ExecStart=', '[Service]\nExecStart='],
  [service, '[Service]\nKe$0', 'KeyringMode=', '[Service]\nKeyringMode='],
  [service, '[Service]\nKe$0=private', 'KeyringMode=', '[Service]\nKeyringMode=private'],
  [service, '[Unit]\n  Af$0', 'After=', '[Unit]\n  After='],
  [dropIn, '[Service]\nRes$0', 'Restart=', '[Service]\nRestart='],
  // Values.
  [service, '[Service]\nType=$0', 'oneshot', '[Service]\nType=oneshot'],
  [service, '[Service]\nType= one$0', 'oneshot', '[Service]\nType= oneshot'],
  [service, '[Service]\nRemainAfterExit=$0', 'yes', '[Service]\nRemainAfterExit=yes'],
  [service, '[Unit]\nAfter=network.target $0', 'lantern.service', '[Unit]\nAfter=network.target lantern.service'],
  [service, '[Unit]\nAfter=a.service \\\n  lan$0', 'lantern.service', '[Unit]\nAfter=a.service \\\n  lantern.service'],
  [
    service,
    '[Unit]\nAfter=a.service \\\n# why\n lan$0 \\\n b.service',
    'lantern.service',
    '[Unit]\nAfter=a.service \\\n# why\n lantern.service \\\n b.service',
  ],
  [service, '[Unit]\nAfter="lan$0"', 'lantern.service', '[Unit]\nAfter="lantern.service"'],
  [service, '[Install]\nWantedBy=$0', 'multi-user.target', '[Install]\nWantedBy=multi-user.target'],
  [service, '[Service]\nUser=lan$0', 'lantern', '[Service]\nUser=lantern'],
  [
    service,
    '[Service]\nCapabilityBoundingSet=~CAP_N$0',
    'CAP_NET_ADMIN',
    '[Service]\nCapabilityBoundingSet=~CAP_NET_ADMIN',
  ],
  [service, '[Service]\nSystemCallFilter=@$0', '@system-service', '[Service]\nSystemCallFilter=@system-service'],
  [
    service,
    '[Service]\nSystemCallFilter=@system-service ~mou$0',
    'mount',
    '[Service]\nSystemCallFilter=@system-service mount',
  ],
  [service, '[Service]\nKillSignal=$0', 'SIGTERM', '[Service]\nKillSignal=SIGTERM'],
  [service, '[Service]\nSuccessExitStatus=1 $0', 'TEMPFAIL', '[Service]\nSuccessExitStatus=1 TEMPFAIL'],
  [service, '[Service]\nTimeoutStartSec=10$0', '10min', '[Service]\nTimeoutStartSec=10min'],
  [service, '[Service]\nTimeoutStartSec=1h 10$0', '10min', '[Service]\nTimeoutStartSec=1h 10min'],
  [service, '[Service]\nMemoryMax=2$0', '2G', '[Service]\nMemoryMax=2G'],
  [service, '[Service]\nStateDirectory=$0', 'new', '[Service]\nStateDirectory=new'],
  [service, '[Service]\nExecStart=/usr/bin/l$0', 'lantern', '[Service]\nExecStart=/usr/bin/lantern'],
  [service, '[Service]\nExecStart=-/us$0/bin/x', 'usr/', '[Service]\nExecStart=-/usr/bin/x'],
  [service, '[Service]\nExecStart=lan$0', '/usr/bin/lantern', '[Service]\nExecStart=/usr/bin/lantern'],
  [
    service,
    '[Service]\nExecStart=/usr/bin/lantern --config=/etc/$0',
    'lantern.conf',
    '[Service]\nExecStart=/usr/bin/lantern --config=/etc/lantern.conf',
  ],
  [service, '[Service]\nReadWritePaths=-/var/lib/$0', 'old/', '[Service]\nReadWritePaths=-/var/lib/old'],
  [service, '[Service]\nBindPaths=/srv:/var/l$0:norbind', 'lib/', '[Service]\nBindPaths=/srv:/var/lib:norbind'],
  [service, '[Service]\nWorkingDirectory=%S/$0', 'lantern/', '[Service]\nWorkingDirectory=%S/lantern'],
  [
    service,
    '[Unit]\nConditionPathExists=|!/etc/l$0',
    'lantern.conf',
    '[Unit]\nConditionPathExists=|!/etc/lantern.conf',
  ],
  [service, '[Unit]\nConditionVirtualization=!$0', 'container', '[Unit]\nConditionVirtualization=!container'],
  [service, '[Service]\nExecStart=/usr/bin/lantern %$0', '%n', '[Service]\nExecStart=/usr/bin/lantern %n'],
  [socket, '[Socket]\nListenStream=$0', '/run/new/socket', '[Socket]\nListenStream=/run/new/socket'],
  [socket, '[Socket]\nSocketMode=$0', '0660', '[Socket]\nSocketMode=0660'],
  // tmpfiles.d.
  [tmpfiles, '$0', 'd', 'd'],
  [tmpfiles, 'L$0', 'L+', 'L+'],
  [tmpfiles, 'L+$0 /etc/x', 'L+?', 'L+? /etc/x'],
  [tmpfiles, 'd /var/lib/$0', 'old/', 'd /var/lib/old'],
  [tmpfiles, 'd "/var/lib/o$0"', 'old/', 'd "/var/lib/old"'],
  [tmpfiles, 'd /var/lib/o$0 0755 root root -', 'old/', 'd /var/lib/old 0755 root root -'],
  [tmpfiles, 'd /var/lib/x $0', '0750', 'd /var/lib/x 0750'],
  [tmpfiles, 'd /var/lib/x ~07$0', '0755', 'd /var/lib/x ~0755'],
  [tmpfiles, 'd /var/lib/x 0750 $0', 'lantern', 'd /var/lib/x 0750 lantern'],
  [tmpfiles, 'd /var/lib/x 0750 :l$0', 'lantern', 'd /var/lib/x 0750 :lantern'],
  [tmpfiles, 'd /var/lib/x 0750 lantern $0', 'lantern', 'd /var/lib/x 0750 lantern lantern'],
  [tmpfiles, 'd /var/lib/x 0750 a b $0', '10d', 'd /var/lib/x 0750 a b 10d'],
  [tmpfiles, 'd /var/lib/x 0750 a b 3$0', '3w', 'd /var/lib/x 0750 a b 3w'],
  [tmpfiles, 'd /var/lib/x 0750 a b m:$0', '10d', 'd /var/lib/x 0750 a b m:10d'],
  [
    tmpfiles,
    'C /etc/lantern.conf - - - - $0',
    '/usr/share/factory/etc/lantern.conf',
    'C /etc/lantern.conf - - - - /usr/share/factory/etc/lantern.conf',
  ],
  [tmpfiles, 'L /etc/x - - - - /usr/bin/l$0', 'lamp', 'L /etc/x - - - - /usr/bin/lamp'],
  [tmpfiles, 'c /dev/x 0600 - - - $0', '1:3', 'c /dev/x 0600 - - - 1:3'],
  [tmpfiles, 'a /var/log - - - - d:user:$0:r-x', 'lantern', 'a /var/log - - - - d:user:lantern:r-x'],
  [tmpfiles, 'a /var/log - - - - u:lantern:$0', 'r-x', 'a /var/log - - - - u:lantern:r-x'],
  [tmpfiles, 'd /run/%$0', '%v', 'd /run/%v'],
  // sysusers.d.
  [sysusers, '$0', 'u', 'u'],
  [sysusers, 'u $0', 'moth', 'u moth'],
  [sysusers, 'u wa$0', 'wasp', 'u wasp'],
  [sysusers, 'g $0', 'hive', 'g hive'],
  [sysusers, 'u moth $0', '-', 'u moth -'],
  [sysusers, 'u moth -:$0', 'lantern', 'u moth -:lantern'],
  [sysusers, 'm lan$0', 'lantern', 'm lantern'],
  [sysusers, 'm moth $0', 'lantern', 'm moth lantern'],
  [sysusers, 'u moth - "A moth" $0', '/var/lib/moth', 'u moth - "A moth" /var/lib/moth'],
  [sysusers, 'u moth - "A moth" /var/lib/$0', 'old/', 'u moth - "A moth" /var/lib/old'],
  [sysusers, 'u moth - "A moth" - $0', '/usr/sbin/nologin', 'u moth - "A moth" - /usr/sbin/nologin'],
  // Presets.
  [preset, 'en$0', 'enable', 'enable'],
  [preset, 'enable lan$0', 'lantern.service', 'enable lantern.service'],
  [preset, 'disable $0', '*', 'disable *'],
];

/** Places where nothing is offered. */
const silent: readonly (readonly [string, string, string?])[] = [
  [service, '# comm$0'],
  [service, '[Unit]\nAfter=a \\\n; comm$0'],
  [service, '[Unit]\nDescription=Light of $0', ' '],
  [service, '[Unit]\n $0', ' '],
  [service, '[Service]\nType=oneshot $0', ' '],
  [service, '[Service]\nBogus=$0', '='],
  [service, '[Service] $0', ' '],
  [service, '[Service]\nUser $0', ' '],
  [service, '[Service]\nExecStart=/usr/bin/lantern $0', ' '],
  [tmpfiles, '  # d $0'],
  [tmpfiles, 'f /run/x 0644 root root - some $0', ' '],
  [tmpfiles, 'f^ /run/x 0644 root root - $0', ' '],
  [sysusers, '# u $0'],
  [sysusers, 'u a - b /c /d $0', ' '],
  [preset, 'enable a.service $0', ' '],
  [preset, '; $0'],
  [service, '[Service]\nWorkingDirectory=/nowhere/$0', '/'],
  [service, '[Service]\nWorkingDirectory=%i/$0', '/'],
];

test('what is chosen replaces the word under the cursor', async () => {
  await withClient(
    workspace,
    async (client) => {
      const wrong: string[] = [];
      for (const [path, before, label, after] of chosen) {
        const { apply } = await ask(client, path, before);
        try {
          assert.equal(apply(label), after);
        } catch (error) {
          wrong.push(`${before}: ${error instanceof Error ? error.message : error}`);
        }
      }
      assert.deepEqual(wrong, []);
    },
    { systemdVersion: 262 },
  );
});

test('nothing is offered in comments, prose and where nothing is known', async () => {
  await withClient(workspace, async (client) => {
    for (const [path, text, trigger] of silent) {
      assert.deepEqual((await ask(client, path, text, trigger)).labels, [], text);
    }
  });
});

test('the likely ones come first, details tell what the boot does', async () => {
  await withClient(
    workspace,
    async (client) => {
      const first = async (path: string, text: string) => (await ask(client, path, text)).labels[0];
      const detail = async (path: string, text: string, label: string) =>
        (await ask(client, path, text)).items.find((item) => item.label === label)?.detail;
      assert.equal(await first(service, '[Install]\nWantedBy=$0'), 'multi-user.target');
      assert.equal(await first(socket, '[Install]\nWantedBy=$0'), 'sockets.target');
      assert.equal(await first(service, '[Unit]\nWants=$0'), 'network-online.target');
      assert.equal(await first(service, '[Service]\n$0'), 'Type=');
      assert.equal(await first(service, '[Service]\nType=x\n$0'), 'ExecStart=');
      assert.equal(await first(sysusers, 'u $0'), 'moth');
      assert.match((await detail(tmpfiles, 'd /run/x 0755 $0', 'lantern')) ?? '', /id 850, .*lantern\.conf/);
      assert.match(
        (await detail(service, '[Service]\nWorkingDirectory=/var/lib/$0', 'old/')) ?? '',
        /gone with an empty/,
      );
      assert.match(
        (await detail(service, '[Service]\nWorkingDirectory=/var/lib/$0', 'lantern/')) ?? '',
        /made by .*lantern\.conf/,
      );
      assert.equal(
        await detail(service, '[Service]\nExecStart=/usr/bin/x %$0', '%S'),
        'state directory, /var/lib: /var/lib',
      );
      assert.equal(await detail(service, '[Service]\nExecStart=/usr/bin/x %$0', '%p'), 'part before the @: new');
      assert.equal(await detail(template, '[Service]\nExecStart=/usr/bin/x %$0', '%i'), 'instance');
      assert.equal(await detail(tmpfiles, 'd /run/%$0', '%o'), 'ID= of os-release: lamp');
      assert.equal(await detail(service, '[Unit]\nAfter=mo$0', 'moth.service'), 'fails at boot');
    },
    { systemdVersion: 257 },
  );
});

test('only what fits the version and the kind of the unit is offered', async () => {
  const offered: readonly (readonly [string, string, string, number])[] = [
    [service, '[Service]\n$0', 'PrivatePIDs=', 257],
    [service, '[Service]\nPrivateUsers=$0', 'self', 257],
    [tmpfiles, '$0', 'k', 261],
    [tmpfiles, 'd$0', 'd$', 257],
    [sysusers, '$0', 'u!', 257],
    [tmpfiles, 'd /run/%$0', '%A', 253],
  ];
  for (const systemdVersion of [252, 257, 262]) {
    await withClient(
      workspace,
      async (client) => {
        for (const [path, text, label, since] of offered) {
          const { labels } = await ask(client, path, text);
          assert.equal(labels.includes(label), systemdVersion >= since, `${label} in ${systemdVersion}`);
        }
        assert.deepEqual((await ask(client, socket, '[$0')).labels, ['[Unit]', '[Socket]', '[Install]']);
        assert.ok(!(await ask(client, socket, '[Socket]\n$0')).labels.includes('ExecStart='));
      },
      { systemdVersion },
    );
  }
});

test('obsolete settings are marked, and words come when an item is looked at', async () => {
  await withClient(
    workspace,
    async (client) => {
      const words = async (path: string, text: string, label: string) => {
        const item = (await ask(client, path, text)).items.find((each) => each.label === label);
        assert.ok(item !== undefined, `${label} is offered in ${text}`);
        assert.equal(item.documentation, undefined);
        const resolved = await client.connection.sendRequest<CompletionItem>('completionItem/resolve', item);
        return (resolved.documentation as MarkupContent | undefined)?.value ?? '';
      };
      const manual = 'https://www.freedesktop.org/software/systemd/man/latest';
      const user = await words(service, '[Service]\nUs$0', 'User=');
      assert.match(user, /\w/);
      assert.ok(user.endsWith(`[systemd.exec(5)](${manual}/systemd.exec.html#User%3D)`), user);
      assert.match(await words(service, '[Service]\n$0', 'PrivatePIDs='), /Since systemd 257/);
      assert.match(await words(tmpfiles, 'd$0', 'd$'), /Since systemd 257.*tmpfiles\.d\.html/);
      assert.match(await words(tmpfiles, '$0', 'L'), /symlink/);
      assert.match(await words(sysusers, '$0', 'u!'), /locked/);
      assert.match(await words(preset, '$0', 'enable'), /systemd\.preset\.html/);
      assert.match(await words(tmpfiles, 'd /run/%$0', '%v'), /Kernel release/);
      assert.match(await words(service, '[Unit]\nAfter=$0', 'lantern.service'), /Light \\\*of\\\* night/);
      const old = (await ask(client, service, '[Service]\n$0')).items.filter(({ tags }) => tags?.includes(1));
      assert.ok(old.some(({ label }) => label === 'Capabilities='));
      assert.ok(old.every(({ sortText }) => Number(sortText) > 200));
    },
    { systemdVersion: 262 },
  );
});

test('snippets only for clients that know them', async () => {
  const snippets: readonly (readonly [string, string, string, RegExp])[] = [
    [
      service,
      '$0',
      'new service',
      /^\[Unit\]\nDescription=\$\{1:What it is\}[\s\S]*StateDirectory=\$\{4:new\}[\s\S]*\[Install\]/,
    ],
    [mount, '$0', 'new mount', /Where=\$\{3:\/srv\/data\}/],
    [tmpfiles, 'd$0'.slice(1), 'state directory', /^d \/var\/lib\/\$\{1:new\} /],
    [sysusers, '$0', 'system user', /^u \$\{1:new\} - /],
  ];
  const completion = { completionItem: { snippetSupport: true } };
  for (const capabilities of [{ completion }, {}]) {
    await withClient(
      workspace,
      async (client) => {
        for (const [path, text, label, body] of snippets) {
          const asked = await ask(client, path, text);
          const isOffered = asked.labels.includes(label);
          assert.equal(isOffered, 'completion' in capabilities, label);
          if (isOffered) assert.match(asked.apply(label), body);
          assert.ok(
            asked.items.every(
              ({ insertTextFormat, label: each }) => (insertTextFormat === 2) === /[a-z] [a-z]/.test(each),
            ),
          );
        }
      },
      {},
      capabilities,
    );
  }
});

test('large directories are given in parts', async () => {
  const many = Array.from({ length: 1200 }, (_, index) => `--- /usr/share/many/f${index}\n`).join('');
  await withClient(`${workspace}${many}`, async (client) => {
    const all = await ask(client, service, '[Unit]\nConditionPathExists=/usr/share/many/$0');
    assert.equal(all.labels.length, 1000);
    const typed = await ask(client, service, '[Unit]\nConditionPathExists=/usr/share/many/f119$0');
    assert.equal(typed.labels.length, 11);
  });
});

test('every cursor in a half-typed file gets an answer', async () => {
  const texts: readonly (readonly [string, string])[] = [
    [service, '[Unit\nAfter="a \\\n\n[Service]\nExecStart=@-+!/usr/bin/\\x2 "%\\\n# c\n=\nKey\r\n[]\n\\'],
    [tmpfiles, 'd+!~ "/var/\\\n%\nL? /x - - - - \\" %%%\na / - - - - d:u:\n\u{1F4A1} \n'],
    [sysusers, 'u "\nu! a -: "x\n- - - -\nm\n'],
    [preset, 'enable\nfoo bar\ndisable  @\n'],
  ];
  await withClient(workspace, async (client) => {
    for (const [path, text] of texts) {
      for (let at = 0; at <= text.length; at++) await ask(client, path, `${text.slice(0, at)}$0${text.slice(at)}`);
    }
  });
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Hover } from 'vscode-languageserver-protocol/node';
import { type LanguageClient, withClient } from './support/language-client.ts';

/** Where the cursor is, in which file, and what stands in the hover, in this order. */
type Case = readonly [path: string, text: string, ...expected: string[]];

async function checkCases(files: string, cases: readonly Case[], settings: object = {}): Promise<void> {
  await withClient(
    files,
    async (client) => {
      for (const [path, text, ...expected] of cases) {
        const said = await hover(client, path, text);
        let at = 0;
        for (const part of expected) {
          const found = said.indexOf(part, at);
          assert.notEqual(found, -1, `${text}\nlacks ${part}\nin ${said}`);
          at = found + part.length;
        }
        if (expected.length === 0) assert.equal(said, '', text);
      }
    },
    settings,
  );
}

/** Opens a file with a cursor in it, waits for the boot, and gives the hover's text. */
async function hover(client: LanguageClient, path: string, text: string): Promise<string> {
  const { uri, position } = await client.open(path, text);
  await client.settled();
  const found: Hover | null = await client.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position,
  });
  await client.close(path);
  if (found === null) return '';
  assert.ok(typeof found.contents === 'object' && 'value' in found.contents);
  return found.contents.value.replaceAll(`file://${client.folder}`, '');
}

const loose = `
--- /beta.service
[Service]
User=beta
WorkingDirectory=/var/lib/beta
ExecStart=/usr/bin/beta
[Install]
WantedBy=multi-user.target
--- /beta.sysusers
u beta 850 "Beta" /var/lib/beta
--- /beta.tmpfiles
d /var/lib/beta 0750 beta beta 10d
`;

const unit = (line: string) => `[Service]\n${line}\nExecStart=/usr/bin/beta\n`;

test('an account: who makes it, its ids and home, who uses it', async () => {
  await checkCases(loose, [
    [
      '/beta.service',
      unit('User=be$0ta'),
      'user **beta** after an empty /etc boot: made by [beta.sysusers:1](/beta.sysusers#L1).',
      'uid 850 · group `beta` (850) · home `/var/lib/beta` · shell',
      '- `User=` of [beta.service:2](/beta.service#L2)',
      '- `d` line [beta.tmpfiles:1](/beta.tmpfiles#L1)',
      '`User=` User as whom the commands run.',
    ],
    ['/beta.service', unit('User=gh$0ost'), '**ghost**', '*nothing makes it.*', '**217/USER**'],
    ['/beta.service', unit('Group=gh$0ost'), 'group **ghost**', '*nothing makes it.*', '**216/GROUP**'],
    ['/beta.service', unit('DynamicUser=yes\nUser=gh$0ost'), 'made while `beta.service` runs', '`DynamicUser=`'],
    ['/beta.service', unit('User=ro$0ot'), 'systemd knows it without looking', 'uid 0'],
    ['/beta.sysusers', 'u beta 85$00 "Beta" /var/lib/beta\n', '**uid 850**', '`beta`, made by', '**Id.** UID'],
    [
      '/beta.sysusers',
      'u beta -$0 "Beta" /var/lib/gone\n',
      'with the next free id',
      'home `/var/lib/gone`, which *will not exist*',
    ],
    ['/beta.sysusers', 'u$0 beta - "Beta"\n', '**u** · [sysusers.d(5)]', 'Creates a system user'],
    ['/beta.sysusers', 'm beta au$0dio\n', 'group **audio**'],
    ['/beta.tmpfiles', 'd /var/lib/beta 0750 8$050 beta\n', '**850**', 'made by [beta.sysusers:1]'],
  ]);
});

test('a path: what is there, who made it, who uses it; unknown where the base proves nothing', async () => {
  await checkCases(loose, [
    [
      '/beta.service',
      unit('WorkingDirectory=/var/lib/be$0ta'),
      '**/var/lib/beta** after an empty /etc boot: directory `drwxr-x---` `beta:beta`, made by [beta.tmpfiles:1](/beta.tmpfiles#L1).',
      '- `WorkingDirectory=` of [beta.service:2]',
    ],
    [
      '/beta.service',
      unit('WorkingDirectory=/var/lib/no$0pe'),
      '*nobody makes it.*',
      '**fails** when started: **200/CHDIR**',
    ],
    ['/beta.service', unit('WorkingDirectory=/opt/be$0ta'), '*unknown*'],
    ['/beta.service', unit('ReadWritePaths=/pro$0c/sys'), "the kernel's own"],
    ['/beta.service', unit('StateDirectory=gam$0ma'), '*not there*', 'makes it when `beta.service` starts'],
    [
      '/beta.service',
      unit('StateDirectory=gam$0ma\n[Install]\nWantedBy=multi-user.target\n[Service]'),
      'directory',
      'made when [beta.service:2](/beta.service#L2) starts',
    ],
    [
      '/beta.service',
      unit('WorkingDirectory=%$0S/beta'),
      '`%S` stands for: state directory',
      'Here: `/var/lib`',
      '**/var/lib/beta**',
    ],
    ['/beta.tmpfiles', 'd /run/a_b$0/c 0750 - -\nd /run/a_b\n', '**/run/a\\_b/c**', '`drwxr-x---` `root:root`'],
    ['/beta.tmpfiles', 'L /run/be$0ta - - - - /usr/lib\n', 'symlink to `/usr/lib`'],
    ['/beta.tmpfiles', 'd /run/@NA$0ME@ 0750 - -\n', '**Path.**'],
    ['/beta.service.in', unit('User=@US$0ER@'), '`User=`'],
  ]);
});

test('a unit: its outcome, what pulls it in, which preset line decides', async () => {
  await checkCases(loose, [
    [
      '/gamma.service',
      '[Unit]\nRequires=be$0ta.service\n',
      '**beta.service** after an empty /etc boot: starts.',
      'Pulled in by `multi-user.target`.',
      'Enabled since no preset line matches it: `multi-user.target.wants/beta.service`.',
      '`Requires=` Units',
    ],
    ['/gamma.service', '[Unit]\nRequires=del$0ta.service\n', '*unknown*'],
    [
      '/90-beta.preset',
      '# first\ndisable be$0ta.service\n',
      'is not started by the boot',
      'Not enabled, by [90-beta.preset:2](/90-beta.preset#L2).',
    ],
    ['/90-beta.preset', 'enable be$0ta.*\n', 'Pattern `beta.*`. It decides on `beta.service`.'],
    ['/90-beta.preset', 'ena$0ble nothing-*\n', '**enable** · [systemd.preset(5)]', 'It decides on no unit.'],
    ['/90-all.preset', 'dis$0able *\n', 'It decides on '],
    ['/beta.service', unit('[Ser$0vice]\nUser=ghost'), '**beta.service**', '**217/USER**'],
  ]);
});

test('directives and columns are explained and their values decoded', async () => {
  await checkCases(loose, [
    [
      '/beta.service',
      unit('Us$0er=beta'),
      '**User=** · \\[Service\\] · [systemd.exec(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html)',
      'User as whom',
    ],
    ['/beta.service', unit('Bog$0us=beta')],
    ['/beta.service', unit('# com$0ment')],
    ['/beta.service', unit('UMask=00$027'), '`0027` takes `----w-rwx` away'],
    ['/beta.service', unit('StateDirectoryMode=27$050'), '`2750` is `rwxr-s---`'],
    ['/beta.service', unit('TimeoutStartSec=1min$0 30s'), 'is 1 minute 30 seconds.'],
    ['/beta.service', unit('MemoryMax=2$0M'), 'is 2097152 bytes.'],
    [
      '/beta.service',
      '[Service]\nExecStart=-$0+/usr/bin/beta\n',
      '`-+`: A failure does not count. Runs with all rights',
    ],
    ['/beta@.service', unit('Environment=A=%$0i'), '`%i` stands for: instance. It differs from instance to instance.'],
    ['/beta.service', unit('Description=%$0n'), 'Here: `beta.service`.'],
    [
      '/beta.tmpfiles',
      'd$0 /var/lib/beta 0750 beta beta 10d\n',
      '**d** · [tmpfiles.d(5)]',
      'Make a directory',
      'this line makes `/var/lib/beta`',
    ],
    ['/beta.tmpfiles', 'f+!$0 /run/beta 0750 - - - text\n', '`!` Only at boot', '`+` Append', 'makes `/run/beta`'],
    ['/beta.tmpfiles', 'd$0 /run/beta 0750 ghost - - text\n', 'the line is *'],
    ['/beta.tmpfiles', 'd /var/lib/beta 07$050 beta beta 10d\n', '`0750` is `drwxr-x---`.', '**Mode.**'],
    ['/beta.tmpfiles', 'd /var/lib/beta ~27$050 beta beta 10d\n', '`drwxr-s---`, as far as'],
    ['/beta.tmpfiles', 'd /var/lib/beta -$0 beta beta 10d\n', 'New ones get `drwxr-xr-x`.'],
    ['/beta.tmpfiles', 'd /var/lib/beta 0750 beta beta 1$00d\n', 'older than 10 days', '**Age.**'],
    [
      '/beta.tmpfiles',
      'd /var/lib/beta 0750 beta beta ~m:1$0h30min\n',
      '1 hour 30 minutes',
      'Files count by last change of content',
      'spared',
    ],
    ['/beta.tmpfiles', 'f /run/beta - - - - te$0xt\n', '**Argument.** Text for the file'],
  ]);
});

const shipped = `
--- /usr/lib/os-release
ID=harbor
--- /usr/lib/systemd/system/default.target
[Unit]
Wants=sysinit.target
--- /usr/lib/systemd/system/sysinit.target
[Unit]
Wants=alpha.service gone.service down.service
--- /usr/lib/systemd/system/alpha.service
[Unit]
DefaultDependencies=no
[Service]
Type=exec
User=alpha
WorkingDirectory=/var/lib/alpha
ExecStart=/usr/bin/alpha
--- /usr/lib/systemd/system/gone.service
[Unit]
DefaultDependencies=no
ConditionPathExists=/etc/gone.conf
[Service]
ExecStart=/usr/bin/alpha
--- /usr/lib/systemd/system/down.service
[Unit]
DefaultDependencies=no
Requires=alpha.service
After=alpha.service
[Service]
Type=oneshot
ExecStart=/usr/bin/alpha
--- /usr/bin/alpha 0755
#!/usr/bin/alpha
--- /usr/share/man/man5/systemd.exec.5
.SH "PATHS"
.PP
\\fIUser=\\fR,
\\fIGroup=\\fR
are not this one\\&.
.PP
\\fIUser=\\fR, \\fIGroup=\\fR
.RS 4
Sets the user of the unit\\*(Aqs *processes*\\&. See
\\fBcredentials\\fR(7)\\&.
.sp
Added in version 1\\&.
.RE
--- /etc/passwd
root:x:0:0::/root:/bin/sh
alpha:x:106:106::/var/lib/alpha:/bin/sh
--- /etc/group
root:x:0:
alpha:x:106:
--- /etc/gone.conf
x
--- /var/lib/alpha/ 0750 106:106
`;

test('in a whole system absence is certain, and what the image ships is told', async () => {
  const alpha = '/usr/lib/systemd/system/alpha.service';
  const text = (line: string) => `[Unit]\nDefaultDependencies=no\n[Service]\n${line}\nExecStart=/usr/bin/alpha\n`;
  const target = '/usr/lib/systemd/system/sysinit.target';
  const wants = (line: string) => `[Unit]\nWants=${line}\n`;
  await checkCases(shipped, [
    [
      alpha,
      text('User=al$0pha'),
      '*nothing makes it.*',
      '/etc/passwd has it today (uid 106), a reset removes it',
      '**fails**: **217/USER**',
      'Fix: ',
    ],
    [
      alpha,
      text('WorkingDirectory=/var/lib/al$0pha'),
      '**/var/lib/alpha** after an empty /etc boot: *nobody makes it.*',
      'The image ships it (`drwxr-xr-x ',
      'a reset removes it.',
      '**fails**: **200/CHDIR**',
      'Fix: add StateDirectory=alpha',
    ],
    [alpha, text('WorkingDirectory=/opt/al$0pha'), '*nobody makes it.*'],
    [
      alpha,
      text('Gr$0oup=root'),
      "> Sets the user of the unit's \\*processes\\*. See credentials(7).\n>\n> — systemd.exec(5) of the image",
    ],
    [
      target,
      wants('alpha.service gone.se$0rvice'),
      'is skipped: `ConditionPathExists=/etc/gone.conf`, "/etc/gone.conf" does not exist',
    ],
    [
      target,
      wants('alpha.service do$0wn.service'),
      '**fails**: **dependency**',
      'Because of `alpha.service` (**217/USER**',
      'Pulled in by `sysinit.target`',
    ],
    [target, wants('no$0pe.service'), '*there is no such unit.*'],
  ]);
});

test('the boot is called by its volatile mode', async () => {
  await checkCases(
    shipped,
    [['/usr/lib/systemd/system/sysinit.target', '[Unit]\nWants=gone.se$0rvice\n', 'after a boot with an empty /var']],
    { volatile: 'state' },
  );
});

test('a compressed page of the image is unpacked', async () => {
  await withClient(shipped, async (client) => {
    const page = join(client.folder, 'usr/share/man/man5/tmpfiles.d.5.gz');
    writeFileSync(page, gzipSync('.PP\n\\fIf\\fR, \\fIf+\\fR\n.RS 4\nFiles are\n\\fImade\\fR\\&.\n.RE\n'));
    const said = await hover(client, '/usr/lib/tmpfiles.d/alpha.conf', 'f$0 /run/alpha\n');
    assert.match(said, /> Files are made\.\n>\n> — tmpfiles\.d\(5\) of the image/);
    writeFileSync(join(client.folder, 'usr/share/man/man5/sysusers.d.5.gz'), 'no gzip');
    assert.match(await hover(client, '/usr/lib/sysusers.d/alpha.conf', 'u$0 alpha\n'), /^\*\*u\*\*[^>]*$/);
  });
});

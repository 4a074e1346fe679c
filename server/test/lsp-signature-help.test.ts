import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarkupContent, SignatureHelp } from 'vscode-languageserver-protocol/node';
import { withClient } from './support/language-client.ts';

/** Name of the file, line, active parameter (undefined: no help), what its words say. */
const cases: readonly (readonly [string, string, string | undefined, RegExp?])[] = [
  ['/a.tmpfiles', '$0', 'type', /letter/],
  ['/a.tmpfiles', 'd$0', 'type'],
  ['/a.tmpfiles', 'd $0', 'path', /Absolute path/],
  ['/a.tmpfiles', 'e $0', 'path', /Wildcards/],
  ['/a.tmpfiles', 'd "/var/a b$0" 0755', 'path'],
  ['/a.tmpfiles', 'd /var/x 07$055 root root -', 'mode', /octal/],
  ['/a.tmpfiles', 'd /var/x 0755 $0', 'user'],
  ['/a.tmpfiles', 'd /var/x 0755 root $0', 'group'],
  ['/a.tmpfiles', 'd /var/x 0755 root root $0', 'age'],
  ['/a.tmpfiles', 'L /etc/x $0', 'mode', /Not used by `L`/],
  ['/a.tmpfiles', 'L /etc/x - - - - $0', 'argument', /symlink points/],
  ['/a.tmpfiles', 'f /etc/x - - - - some more $0', 'argument', /Text for the file/],
  ['/a.tmpfiles', '# d $0', undefined],
  ['/a.sysusers', 'u $0', 'name', /Name of the user/],
  ['/a.sysusers', 'u a $0', 'id', /UID/],
  ['/a.sysusers', 'u a - "x y" $0', 'home'],
  ['/a.sysusers', 'g a - $0', 'gecos', /Not used by `g`/],
  ['/a.sysusers', 'm a $0', 'id', /Name of the group/],
  ['/a.service', '[Service]\nExecStart=$0', 'program', /a failure does not count/],
  ['/a.service', '[Service]\nExecStart=/x \\\n $0', 'arguments', /No shell/],
  ['/a.service', '[Service]\nUser=$0', undefined],
  ['/a.preset', 'enable $0', undefined],
];

test('the column under the cursor is the active parameter', async () => {
  await withClient('--- /a.tmpfiles\n', async (client) => {
    for (const [path, text, label, words] of cases) {
      const { uri, position } = await client.open(path, text);
      const help = await client.connection.sendRequest<SignatureHelp | null>('textDocument/signatureHelp', {
        textDocument: { uri },
        position,
      });
      await client.close(path);
      const active = help?.signatures[0]?.parameters?.[help.activeParameter ?? -1];
      assert.equal(active?.label, label, text);
      const documentation = active?.documentation as MarkupContent | undefined;
      if (words !== undefined) assert.match(documentation?.value ?? '', words, text);
    }
  });
});

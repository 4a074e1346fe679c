/** What the loader says of whole unit files. Problems are drawn under the line they concern. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkUnit } from '../src/core/formats/unit/check.ts';
import { parseUnit } from '../src/core/formats/unit/parse.ts';
import { LineIndex } from '../src/core/text/source-text.ts';
import { Systemd } from '../src/core/versions/systemd.ts';

/**
 * Lines beginning with `#` and carets are expectations: carets under the words, then the code and optionally part of the message.
 * The texts are indented by one blank, so that a caret can stand under a line's first word.
 */
function check(version: number, name: string | undefined, annotated: string): void {
  const lines = annotated.split('\n');
  const text = lines.filter((line) => !/^# *\^/.test(line)).join('\n');
  const systemd = new Systemd(version);
  const index = new LineIndex(text);
  const problems = checkUnit(parseUnit(text, systemd), name, systemd).map((problem) => ({
    problem,
    ...index.range(problem.span),
  }));
  const drawn: string[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    drawn.push(line);
    for (const { problem, start, end } of problems) {
      if (start.line !== at + 1) continue;
      const width = end.line === start.line ? end.column - start.column : line.length - start.column + 1;
      const carets = `#${' '.repeat(start.column - 2)}${'^'.repeat(Math.max(1, width))}`;
      const expected = lines.find((one) => one.startsWith(`${carets} ${problem.code}: `));
      const part = expected?.slice(`${carets} ${problem.code}: `.length);
      const hint = part !== undefined && problem.message.includes(part) ? `: ${part}` : '';
      drawn.push(`${carets} ${problem.code}${hint}`);
    }
  }
  assert.equal(drawn.join('\n'), annotated);
}

test('unknown and misplaced names are reported with the nearest or the right one', () => {
  check(
    257,
    'a.service',
    `
 Stray=1
#^^^^^ assignment-outside-section
 [Unit]
 Desciption=x
#^^^^^^^^^^ unknown-setting: did you mean Description=?
 ExecStart=/bin/a
#^^^^^^^^^ misplaced-setting: belongs into [Service]
 ListenStream=80
#^^^^^^^^^^^^ unknown-setting
 X-Mine=1
 [Servce]
# ^^^^^^ unknown-section: did you mean "[Service]"?
 Anything=goes
 here
 [X-Servce]
 here
 [Socket]
# ^^^^^^ misplaced-section: service units have no such section
 [Service]
 here
#^^^^ missing-equals-sign
 =x
#^^ missing-key
 PrivateBPF=yes
#^^^^^^^^^^ setting-too-new: known since 258
 CPUShares=5
#^^^^^^^^^ obsolete-setting: CPUWeight=
 SysVStartPriority=1
#^^^^^^^^^^^^^^^^^ removed-setting
 KillMode=none
#         ^^^^ obsolete-value
 StandardOutput=syslog
#               ^^^^^^ obsolete-value: "journal"
 Restart=allways
#        ^^^^^^^ unknown-keyword: did you mean "always"?
 [Install]
 WantedBy=multi-user.target`,
  );
});

test('versions know different settings', () => {
  check(252, 'a.service', ' [Service]\n ImportCredential=a\n#^^^^^^^^^^^^^^^^ setting-too-new: known since 254');
  check(257, 'a.service', '[Service]\nImportCredential=a');
  check(262, 'a.service', ' [Service]\n CPUShares=5\n#^^^^^^^^^ removed-setting');
});

test('a drop-in of unknown type may have any section', () => {
  check(257, undefined, '[Unit]\n[Service]\n[Socket]\n[Target]\n[Device]\n[Scope]\n[Install]');
});

test('nothing is reported behind what keeps the unit from loading', () => {
  check(257, 'a.service', ' [Service]\n User=a:b\n#     ^^^ invalid-user-name\n Restart=maybe\n [Bad');
  check(257, 'a.service', ' [Service]\n [Bad\n#^^^^ invalid-section-header\n Restart=maybe');
});

test('problems in a continued value stand where the word stands', () => {
  check(
    257,
    'a.service',
    ' [Unit]\n After=a.service \\\n ; comment\n   b.foo \\\n#  ^^^^^ invalid-unit-name\n   c.service',
  );
});

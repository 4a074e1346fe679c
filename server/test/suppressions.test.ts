import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../src/core/boot/simulate.ts';
import { type CheckOptions, type CheckResult, check } from '../src/core/rules/check.ts';
import { type CommentedFormat, readSuppressions, suppressionEdit } from '../src/core/rules/suppressions.ts';
import { Systemd } from '../src/core/versions/systemd.ts';
import { documentProblems } from '../src/features/document-problems.ts';
import { FeatureDocument } from '../src/features/feature-document.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';
import { mutants } from './support/mutate.ts';
import { plainSystem } from './support/plain-system.ts';

function checked(files: string, options: CheckOptions = {}): CheckResult {
  return check(simulate(imageOf(`${plainSystem}${files}`), 'yes', testInputs()), options);
}

/** `file:line rule` of each finding, without the ones that the plain system brings. */
function shown(result: CheckResult): string[] {
  return result.findings
    .filter(({ rule }) => rule !== 'preset-verdict-surprise')
    .map(({ place, range, rule, message }) => {
      const about = rule === 'suppression-unused' ? `: ${message}` : '';
      return `${place.file.split('/').at(-1)}:${range.start.line} ${rule}${about}`;
    });
}

const dropped = 'd /run/lantern 0750 root lamps -\n';
const owner = 'tmpfiles-owner-unresolvable';

const cases: readonly (readonly [what: string, files: string, expected: readonly string[], suppressed: number])[] = [
  ['no comment', `--- /usr/lib/tmpfiles.d/a.conf\n${dropped}`, [`a.conf:1 ${owner}`], 0],
  ['the next line', `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore ${owner}\n${dropped}`, [], 1],
  ['all rules', `--- /usr/lib/tmpfiles.d/a.conf\n#stateless-boot: ignore\n${dropped}`, [], 1],
  ['a reason', `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore ${owner} -- made by hand\n${dropped}`, [], 1],
  ['a reason only', `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore -- made by hand\n${dropped}`, [], 1],
  ['comments between', `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore ${owner}\n# x\n\n${dropped}`, [], 1],
  [
    'the next line only',
    `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore ${owner}\n${dropped}d /run/b 0750 root lamps -\n`,
    [`a.conf:3 ${owner}`],
    1,
  ],
  [
    'another rule',
    `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore tmpfiles-line-rejected\n${dropped}`,
    ['a.conf:1 suppression-unused: tmpfiles-line-rejected has nothing to say here', `a.conf:2 ${owner}`],
    0,
  ],
  [
    'a rule that does not exist',
    `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore ${owner}, tmpfile-line-rejected\n${dropped}`,
    ['a.conf:1 suppression-unused: there is no rule "tmpfile-line-rejected"; did you mean "tmpfiles-line-rejected"?'],
    1,
  ],
  [
    'the file',
    `--- /usr/lib/tmpfiles.d/a.conf\n${dropped}# stateless-boot: ignore-file ${owner}\nd /run/b 0750 root lamps -\n`,
    [],
    2,
  ],
  [
    'a block',
    `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore-start ${owner}\n${dropped}# stateless-boot: ignore-end\nd /run/b 0750 root lamps -\n`,
    [`a.conf:4 ${owner}`],
    1,
  ],
  [
    'a block without an end',
    `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore-start ${owner}\n${dropped}`,
    ['a.conf:1 suppression-unused: no ignore-end follows, so it counts to the end of the file'],
    1,
  ],
  [
    'an end without a start',
    `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore-end\nd /run/b\n`,
    ['a.conf:1 suppression-unused: nothing that this could end was started'],
    0,
  ],
  [
    'a word that is none',
    `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: disable ${owner}\nd /run/b\n`,
    ['a.conf:1 suppression-unused: "disable" is none of ignore, ignore-file, ignore-start and ignore-end'],
    0,
  ],
  [
    'a comment for all without use',
    '--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore\nd /run/b\n',
    ['a.conf:1 suppression-unused: no rule has anything to say here'],
    0,
  ],
  [
    'a comment about these comments',
    '--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore-file suppression-unused\n# stateless-boot: ignore\nd /run/b\n',
    [],
    1,
  ],
  [
    'the base stays out of it',
    '--- /usr/lib/sysusers.d/a.conf\n# stateless-boot: ignore sysusers-line-rejected\nu lantern - Lantern keeper /x\n',
    [],
    1,
  ],
  [
    'a continued entry of a unit as a whole, and `;`',
    `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
; stateless-boot: ignore unit-group-undeclared
SupplementaryGroups=root \\
  # inside
  lamps
SupplementaryGroups=lamps
`,
    ['lantern.service:7 unit-group-undeclared'],
    1,
  ],
  [
    'a comment inside a continued entry is about the entry',
    `--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
SupplementaryGroups=root \\
# stateless-boot: ignore unit-group-undeclared
  lamps
`,
    [],
    1,
  ],
  [
    'preset files',
    '--- /usr/lib/systemd/system-preset/80-a.preset\n; stateless-boot: ignore preset-line-rejected\nenabled x.service\n',
    [],
    1,
  ],
];

for (const [what, files, expected, suppressed] of cases) {
  test(`suppression: ${what}`, () => {
    const result = checked(files);
    assert.deepEqual(result.failures, []);
    assert.deepEqual(shown(result), expected);
    assert.equal(result.suppressed, suppressed);
  });
}

test('rules that are not asked for still have a say whether a comment has a use', () => {
  const files = `--- /usr/lib/tmpfiles.d/a.conf\n# stateless-boot: ignore ${owner}\n${dropped}`;
  assert.deepEqual(shown(checked(files, { ignore: new Set([owner]) })), []);
  assert.equal(checked(files, { select: new Set(['suppression-unused']) }).suppressed, 0);
  assert.deepEqual(shown(checked(files, { select: new Set(['suppression-unused']) })), []);
});

test('what the editor says of a text at once is silenced too', () => {
  const document = (text: string) => new FeatureDocument('a.conf', text, { format: 'tmpfiles' }, new Systemd(257));
  assert.equal(documentProblems(document('d /run/x 07x5\n')).length, 1);
  assert.equal(
    documentProblems(document('# stateless-boot: ignore tmpfiles-line-rejected\nd /run/x 07x5\n')).length,
    0,
  );
});

test('a comment is put above the line, or takes one more name', () => {
  const put = (text: string, format: CommentedFormat, at?: number) => {
    const edit = suppressionEdit(text, format, 'some-rule', at === undefined ? undefined : { start: at, end: at });
    return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
  };
  assert.equal(put('d /a\nd /b\n', 'tmpfiles', 7), 'd /a\n# stateless-boot: ignore some-rule\nd /b\n');
  assert.equal(put('d /a\r\nd /b\r\n', 'tmpfiles', 8), 'd /a\r\n# stateless-boot: ignore some-rule\r\nd /b\r\n');
  assert.equal(put('d /a\n', 'tmpfiles'), '# stateless-boot: ignore-file some-rule\nd /a\n');
  assert.equal(
    put('# stateless-boot: ignore other -- why\nd /a\n', 'tmpfiles', 40),
    '# stateless-boot: ignore other, some-rule -- why\nd /a\n',
  );
  assert.equal(
    put('[Unit]\nAfter=a.service \\\n  b.service\n', 'unit', 28),
    '[Unit]\n# stateless-boot: ignore some-rule\nAfter=a.service \\\n  b.service\n',
  );
});

test('hostile texts: nothing throws, every place lies inside the text', () => {
  const corpus = [
    '# stateless-boot: ignore a, b -- c\nd /x\n# stateless-boot: ignore-start\n# stateless-boot: ignore-end\n',
    '[Unit]\n; stateless-boot: ignore x\nAfter=\\\n# stateless-boot: ignore\n\n',
  ] as const;
  for (const text of mutants([...corpus], 7, 3000)) {
    for (const format of ['tmpfiles', 'unit'] as const) {
      const { entries, problems } = readSuppressions(text, format);
      const spans = [...entries, ...problems].map(({ span }) => span);
      for (const entry of entries) {
        spans.push(...entry.rules.map(({ span }) => span));
        if (entry.covers !== undefined) spans.push(entry.covers);
      }
      for (const { start, end } of spans) assert.ok(start >= 0 && start <= end && end <= text.length);
    }
  }
});

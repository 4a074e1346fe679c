import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { simulate } from '../src/core/boot/simulate.ts';
import type { Image } from '../src/core/image/image.ts';
import { check } from '../src/core/rules/check.ts';
import { rules } from '../src/core/rules/registry.ts';
import type { Rule } from '../src/core/rules/rule.ts';
import { ruleMarkdown } from '../src/report/rule-page.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';
import { plainSystem } from './support/plain-system.ts';

/** The files of an example, added to a plain system. */
function exampleImage(files: string): Image {
  return imageOf(`${plainSystem}${files}`);
}

function findingsOf(rule: Rule, files: string): string[] {
  const { exampleVolatile = 'yes', exampleVersion = 257 } = rule.manual;
  const simulation = simulate(exampleImage(files), exampleVolatile, testInputs(exampleVersion));
  const result = check(simulation, { select: new Set([rule.id]) });
  assert.deepEqual(result.failures, []);
  return result.findings.map((finding) => finding.message);
}

for (const rule of rules) {
  test(`${rule.id}: its wrong example makes it speak, its right one does not`, () => {
    assert.notDeepEqual(findingsOf(rule, rule.manual.bad), []);
    assert.deepEqual(findingsOf(rule, rule.manual.good), []);
  });
}

test('a suggestion mends its finding', () => {
  let mended = 0;
  for (const rule of rules) {
    const { bad, exampleVolatile = 'yes', exampleVersion = 257 } = rule.manual;
    const findings = (files: string) =>
      check(simulate(exampleImage(files), exampleVolatile, testInputs(exampleVersion)), { select: new Set([rule.id]) })
        .findings;
    for (const finding of findings(bad)) {
      if (finding.suggestion === undefined) continue;
      const { file, lines } = finding.suggestion;
      const after = findings(`${bad}--- ${file}\n${lines.join('\n')}\n`);
      assert.ok(
        !after.some(({ fingerprint }) => fingerprint === finding.fingerprint),
        `${rule.id}: ${lines.join(' / ')}`,
      );
      mended += 1;
    }
  }
  assert.ok(mended >= 4, `${mended} suggestions were tried`);
});

test('every rule file is registered, once, under its own name', () => {
  const support = new Set([
    'check',
    'fingerprint',
    'registry',
    'rule',
    'rule-context',
    'unit-references',
    'made-links',
    'account-lines',
    'made-later',
    'path-lines',
    'problem-rules',
    'suppression-index',
    'suppressions',
    'start-path-codes',
    'unit-findings',
  ]);
  const files = readdirSync('server/src/core/rules')
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => !support.has(name));
  assert.deepEqual(rules.map((rule) => rule.id).sort(), files.sort());
});

test('docs/rules holds the page of every rule', () => {
  for (const rule of rules) {
    assert.equal(
      readFileSync(`docs/rules/${rule.id}.md`, 'utf8'),
      ruleMarkdown(rule),
      `run "npm run docs" for ${rule.id}`,
    );
  }
  assert.equal(readdirSync('docs/rules').length, rules.length);
});

test('messages are sentences without a full stop, titles fit a line', () => {
  for (const rule of rules) {
    assert.match(rule.id, /^[a-z0-9]+(-[a-z0-9]+)+$/);
    assert.ok(rule.title.length <= 90 && !rule.title.endsWith('.'), rule.id);
    for (const message of findingsOf(rule, rule.manual.bad)) assert.ok(!/[.!]$/.test(message), message);
  }
});

test('required-unit-missing: a socket without the service that it starts', () => {
  const files = `--- /usr/lib/systemd/system/lantern.socket
[Socket]
ListenStream=/run/lantern.sock
[Install]
WantedBy=sockets.target
`;
  const simulation = simulate(exampleImage(files), 'yes', testInputs());
  const { findings } = check(simulation, { select: new Set(['required-unit-missing']) });
  assert.deepEqual(
    findings.map(({ severity, affects }) => `${severity} ${affects.join()}`),
    ['error lantern.socket'],
  );
});

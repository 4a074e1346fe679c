import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isClaim } from '../conformance/boot/claims.ts';
import { imageOfExample, joinExamples, ruleExamples, unitsOf } from '../conformance/boot/lay-examples.ts';
import { ruleProofs } from '../conformance/boot/rule-examples.ts';
import { rules } from '../src/core/rules/registry.ts';
import { parseFileSet } from './support/file-set.ts';

test('every rule is proved by boot or says why not', () => {
  assert.deepEqual(
    Object.keys(ruleProofs),
    rules.map(({ id }) => id),
  );
});

test('every claim about a boot is understood', () => {
  for (const [id, proof] of Object.entries(ruleProofs)) {
    if ('notByBoot' in proof) continue;
    for (const claim of [...proof.bad, ...proof.good]) assert.ok(isClaim(claim), `${id}: ${claim}`);
  }
});

test('examples that share an image have nothing in common', () => {
  for (const version of [252, 257, 262]) {
    const owners = new Map<string, string>();
    for (const example of ruleExamples(version)) {
      const name = `${example.rule.id} ${example.side}`;
      for (const unit of unitsOf(example)) {
        const key = `${unit} in ${imageOfExample(example, version).image}`;
        assert.equal(owners.get(key) ?? name, name, key);
        owners.set(key, name);
      }
    }
  }
});

test('rows of account databases are put behind those of the base', () => {
  const [example] = ruleExamples(257).filter(({ rule }) => rule.id === 'passwd-entry-without-sysusers');
  assert.ok(example !== undefined);
  const files = parseFileSet(joinExamples([example], () => 'root:x:0:0::/root:/bin/sh\n'));
  const passwd = files.find(({ path }) => path === '/etc/passwd')?.text ?? '';
  assert.match(passwd, /^root:x:0:0::\/root:\/bin\/sh\nr\d+blantern:x:3\d\d:3\d\d:/);
});

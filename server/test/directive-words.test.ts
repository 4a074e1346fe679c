import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directiveWords, wordRows } from '../src/core/formats/unit/directive-words.ts';
import { directivesOf, sectionsOf } from '../src/core/formats/unit/directives.ts';

const longest = 160;

test('every setting of every section has words, and no sentence is used for two', () => {
  const missing: string[] = [];
  const names = new Map<string, string>();
  for (const section of sectionsOf(undefined)) {
    for (const { name } of directivesOf(section).values()) {
      const words = directiveWords(section, name);
      if (words === undefined) {
        missing.push(`[${section}] ${name}=`);
        continue;
      }
      const sentences = words.split(/(?<=\.) (?=[A-Z])/);
      assert.ok(sentences.length <= 2, `${name}= has at most two sentences`);
      for (const sentence of sentences) {
        assert.ok(sentence.length <= longest, `${name}=: "${sentence}" is too long`);
        assert.match(sentence, /^["A-Z/].*\.$/, `${name}= has whole sentences`);
        const other = names.get(sentence);
        const isCondition = /^(Condition|Assert)/.test(name) && sentence !== sentences[0];
        assert.ok(other === undefined || other === name || isCondition, `${name}= says what ${other}= says`);
        names.set(sentence, name);
      }
    }
  }
  assert.deepEqual(missing, []);
});

test('no words are there without a setting, and no name stands twice in a table', () => {
  const seen = new Set<string>();
  for (const { sections, name } of wordRows()) {
    assert.ok(
      sections.some((section) => directivesOf(section).has(name)),
      `${name}= is a setting`,
    );
    const key = `${sections.join(' ')} ${name}`;
    assert.ok(!seen.has(key), `${key} stands once`);
    seen.add(key);
  }
});

test('what no section has is undefined', () => {
  assert.equal(directiveWords('Service', 'ExecStrat'), undefined);
  assert.equal(directiveWords('Nowhere', 'ExecStart'), undefined);
  assert.equal(directiveWords('Unit', 'ExecStart'), undefined);
  assert.equal(directiveWords('Unit', 'constructor'), undefined);
});

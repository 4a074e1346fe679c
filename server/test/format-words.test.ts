import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presetVerbs } from '../src/core/formats/preset/verbs.ts';
import { sysusersLineTypes } from '../src/core/formats/sysusers/line-types.ts';
import { parseAge } from '../src/core/formats/tmpfiles/age.ts';
import { ageWords, argumentWords, tmpfilesColumns } from '../src/core/formats/tmpfiles/column-words.ts';
import { lineTypes } from '../src/core/formats/tmpfiles/line-types.ts';
import { modifiers } from '../src/core/formats/tmpfiles/modifiers.ts';
import { specifierRows } from '../src/core/specifier/specifier.ts';

/** All texts are there, short and different from each other. */
function assertWords(texts: readonly string[]): void {
  assert.ok(texts.length > 0);
  for (const text of texts) assert.ok(text.length > 3 && text.length <= 160, text);
  assert.equal(new Set(texts).size, texts.length);
}

test('each row of the formats has words of its own', () => {
  assertWords(lineTypes.map(({ what }) => what));
  assertWords(modifiers.map(({ what }) => what));
  assertWords(sysusersLineTypes.map(({ what }) => what));
  for (const { columns } of sysusersLineTypes) assertWords(Object.values(columns).map(({ what }) => what));
  assertWords(presetVerbs.map(({ what }) => what));
  assertWords(specifierRows.map(({ what }) => what));
  assertWords(Object.values(tmpfilesColumns));
  assertWords(Object.values(argumentWords));
  assertWords(Object.values(ageWords));
});

test('the words of an age are those of the parser', () => {
  for (const sign of Object.keys(ageWords)) {
    assert.ok('age' in parseAge(sign === '~' ? '~1d' : `${sign}:1d`), sign);
  }
  assert.ok('problem' in parseAge('x:1d'));
});

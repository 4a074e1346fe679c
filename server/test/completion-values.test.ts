import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkUnit } from '../src/core/formats/unit/check.ts';
import { directivesOf, sectionsOf, unitTypes } from '../src/core/formats/unit/directives.ts';
import { parseUnit } from '../src/core/formats/unit/parse.ts';
import { Systemd } from '../src/core/versions/systemd.ts';
import { completionsAt } from '../src/features/completion/completion.ts';
import { FeatureDocument } from '../src/features/feature-document.ts';
import { documentKindOf } from '../src/workspace/document-kind.ts';

/** Candidates that are only the beginning of a value. */
const isBeginning = (text: string) => /[:=(@/]$/.test(text);

function candidatesAt(file: string, text: string, systemd: Systemd) {
  const kind = documentKindOf(file, () => text);
  assert.ok(kind !== undefined);
  const document = new FeatureDocument(file, text, kind, systemd);
  const context = {
    uri: file,
    document,
    set: undefined,
    imagePath: undefined,
    files: () => [],
    fileAt: () => undefined,
    isCancelled: () => false,
  };
  return completionsAt({ context, offset: text.length, trigger: undefined, takesSnippets: true }).candidates;
}

test('every value that is offered is one that the version takes', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const version of [252, 257, 262]) {
    const systemd = new Systemd(version);
    for (const type of unitTypes) {
      const unit = `srv.${type}`;
      for (const section of sectionsOf(type)) {
        for (const { name, last } of directivesOf(section).values()) {
          if (last !== undefined) continue;
          const text = `[${section}]\n${name}=`;
          for (const { label, insert = label, span } of candidatesAt(unit, text, systemd)) {
            if (isBeginning(insert)) continue;
            count += 1;
            const whole = text.slice(0, span.start) + insert;
            const [problem] = checkUnit(parseUnit(`${whole}\n`, systemd), unit, systemd).filter(
              ({ code, span: at }) => at.start >= text.length - 1 && code !== 'obsolete-value',
            );
            if (problem !== undefined) wrong.push(`${version} ${section} ${name}=${insert}: ${problem.message}`);
          }
        }
      }
    }
  }
  assert.deepEqual([...new Set(wrong)].slice(0, 60), []);
  assert.ok(count > 5000, `${count} values were tried`);
});

test('without a simulation the text alone is completed', () => {
  const systemd = new Systemd(257);
  const labels = (file: string, text: string) => candidatesAt(file, text, systemd).map(({ label }) => label);
  assert.ok(labels('a.service', '[Unit]\nAfter=').includes('network-online.target'));
  assert.deepEqual(labels('a.service', '[Service]\nUser='), ['root']);
  assert.deepEqual(labels('a.service', '[Service]\nWorkingDirectory=/'), []);
  assert.ok(labels('tmpfiles.d/a.conf', 'd /run/%').includes('%o'));
  assert.deepEqual(labels('sysusers.d/a.conf', 'u '), []);
  assert.ok(labels('a.preset', 'enable ').includes('*'));
  assert.deepEqual(labels('a.service', '').at(0), 'new service');
});

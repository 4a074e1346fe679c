/** Every parser on mutated texts: no exception, lossless printing, spans inside the text. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parsePreset } from '../src/core/formats/preset/parse.ts';
import { printPreset } from '../src/core/formats/preset/print.ts';
import { parseSysusers } from '../src/core/formats/sysusers/parse.ts';
import { printSysusers } from '../src/core/formats/sysusers/print.ts';
import { parseTmpfiles } from '../src/core/formats/tmpfiles/parse.ts';
import { printTmpfiles } from '../src/core/formats/tmpfiles/print.ts';
import { checkUnit } from '../src/core/formats/unit/check.ts';
import { parseUnit } from '../src/core/formats/unit/parse.ts';
import { printUnit } from '../src/core/formats/unit/print.ts';
import { textSpan } from '../src/core/formats/unit/syntax.ts';
import { decodeText } from '../src/core/text/bytes.ts';
import type { Span } from '../src/core/text/source-text.ts';
import { Systemd } from '../src/core/versions/systemd.ts';
import { mutants } from './support/mutate.ts';

/** One format: parses a text and gives back what it prints and every span it names. */
interface HostileFormat {
  readonly corpus: string;
  readonly read: (text: string) => { readonly printed: string; readonly spans: readonly Span[] };
}

/** Versions and unit names that, together, reach every section. */
const kinds = [
  [new Systemd(252), 'a.service'],
  [new Systemd(257), 'a@b.socket'],
  [new Systemd(262), undefined],
] as const;

/** Every span anywhere in a value. */
function spansIn(value: unknown, found: Span[] = []): Span[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return found;
  if ('start' in value && 'end' in value && typeof value.start === 'number' && typeof value.end === 'number') {
    found.push({ start: value.start, end: value.end });
  }
  for (const part of partsOf(value)) spansIn(part, found);
  return found;
}

/** What a value holds, and what the getters of its class make: nodes of a syntax tree make their spans when asked. */
function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Set || value instanceof Map) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return Object.values(value);
  const made = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    // A word that was read is its own word.
    .filter(([name, { get }]) => get !== undefined && name !== 'word')
    .map(([name]) => (value as Record<string, unknown>)[name]);
  return [...Object.values(value), ...made];
}

/** A version for each text, so that all get their turn. */
function versionFor(text: string): Systemd {
  return kinds[text.length % kinds.length]?.[0] ?? kinds[0][0];
}

const formats: readonly HostileFormat[] = [
  {
    corpus: 'units',
    read: (text) => {
      const document = parseUnit(text);
      const spans: Span[] = [];
      for (const node of document.nodes) {
        spans.push(node.span);
        if (node.kind === 'section') spans.push(node.nameSpan);
        if (node.kind !== 'entry') continue;
        spans.push(node.keySpan, node.valueSpan, textSpan(node, { start: 0, end: node.value.length }));
      }
      for (const [systemd, name] of kinds) spans.push(...spansIn(checkUnit(parseUnit(text, systemd), name, systemd)));
      return { printed: printUnit(document), spans };
    },
  },
  {
    corpus: 'tmpfiles',
    read: (text) => {
      const document = parseTmpfiles(text, versionFor(text));
      return { printed: printTmpfiles(document), spans: spansIn([document.nodes, document.problems]) };
    },
  },
  {
    corpus: 'sysusers',
    read: (text) => {
      const document = parseSysusers(text, versionFor(text));
      return { printed: printSysusers(document), spans: spansIn([document.nodes, document.problems]) };
    },
  },
  {
    corpus: 'presets',
    read: (text) => {
      const document = parsePreset(text, versionFor(text));
      return { printed: printPreset(document), spans: spansIn([document.nodes, document.problems]) };
    },
  },
];

function corpusOf(directory: string): readonly [string, ...string[]] {
  const [first = '', ...rest] = readdirSync(`test-fixtures/corpus/${directory}`)
    .sort()
    .map((name) => decodeText(readFileSync(`test-fixtures/corpus/${directory}/${name}`)));
  return [first, ...rest];
}

for (const format of formats) {
  test(`hostile texts do not break the format of ${format.corpus}`, () => {
    const corpus = corpusOf(format.corpus);
    for (const text of [...corpus, ...mutants(corpus, 20_261, 120)]) {
      const { printed, spans } = format.read(text);
      assert.equal(printed, text);
      for (const span of spans) {
        assert.ok(
          0 <= span.start && span.start <= span.end && span.end <= text.length,
          `${JSON.stringify(span)} lies outside of ${JSON.stringify(text)}`,
        );
      }
    }
  });
}

test('the same seed gives the same mutants', () => {
  const corpus = ['abc\ndef\n', 'x'] as const;
  assert.deepEqual([...mutants(corpus, 7, 50)], [...mutants(corpus, 7, 50)]);
  assert.notDeepEqual([...mutants(corpus, 7, 50)], [...mutants(corpus, 8, 50)]);
});

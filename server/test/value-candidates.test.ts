import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directivesOf, findDirective, isKnownDirective, sectionsOf } from '../src/core/formats/unit/directives.ts';
import { grammarOf } from '../src/core/formats/unit/settings/table.ts';
import { valueCandidates } from '../src/core/formats/unit/value-candidates.ts';
import { valueWordsRows } from '../src/core/formats/unit/value-words.ts';
import { Systemd } from '../src/core/versions/systemd.ts';

const versions = [252, 257, 262];

function candidates(section: string, name: string, version: number) {
  const directive = findDirective(section, name);
  assert.ok(directive !== undefined, `${name}= is a setting`);
  return valueCandidates(directive, new Systemd(version));
}

function values(section: string, name: string, version: number): readonly string[] {
  const found = candidates(section, name, version);
  return 'values' in found ? found.values.map(({ value }) => value) : [];
}

test('our own check takes every candidate, and refuses other words where the list is closed', () => {
  let tried = 0;
  for (const version of versions) {
    const systemd = new Systemd(version);
    for (const section of sectionsOf(undefined)) {
      for (const directive of directivesOf(section).values()) {
        const grammar = grammarOf(directive);
        if (grammar === undefined || !isKnownDirective(directive, systemd)) continue;
        const found = valueCandidates(directive, systemd);
        if (!('values' in found)) continue;
        const context = { systemd, key: directive.name };
        for (const { value } of found.values) {
          assert.deepEqual(grammar(value, context), [], `${directive.name}=${value} in ${version}`);
          tried++;
        }
        const isClosed =
          found.kind === 'boolean' || found.kind === 'signal' || (found.kind === 'keywords' && found.isClosed);
        if (isClosed && !/^(Condition|Assert)/.test(directive.name)) {
          assert.notDeepEqual(grammar('no-such-word', context), [], `${directive.name}= in ${version}`);
        }
      }
    }
  }
  assert.ok(tried > 500);
});

test('each list belongs to settings that exist and stands once', () => {
  const seen = new Set<string>();
  for (const row of valueWordsRows) {
    const words = row.words.split(' ');
    assert.equal(new Set(words).size, words.length, row.settings);
    for (const name of row.settings.split(' ')) {
      assert.ok(!seen.has(name), name);
      seen.add(name);
      assert.ok(
        sectionsOf(undefined).some((section) => findDirective(section, name) !== undefined),
        name,
      );
    }
  }
});

test('words come with their version', () => {
  assert.deepEqual(values('Service', 'PrivateUsers', 252), ['yes', 'no']);
  assert.deepEqual(values('Service', 'PrivateUsers', 257), ['yes', 'no', 'self', 'identity']);
  assert.ok(!values('Service', 'SystemCallFilter', 252).includes('@sandbox'));
  assert.ok(values('Service', 'SystemCallFilter', 257).includes('@sandbox'));
  assert.ok(!values('Service', 'Type', 252).includes('notify-reload'));
  assert.ok(values('Service', 'Type', 257).includes('notify-reload'));
  assert.ok(!values('Service', 'SuccessExitStatus', 252).includes('KSM'));
  assert.ok(values('Unit', 'AssertSecurity', 262).includes('measured-os'));
});

test('kinds of values', () => {
  for (const [section, name, kind] of [
    ['Service', 'ExecStart', 'command'],
    ['Service', 'User', 'user'],
    ['Socket', 'SocketGroup', 'group'],
    ['Unit', 'After', 'unit'],
    ['Service', 'Slice', 'unit'],
    ['Service', 'TimeoutStartSec', 'time'],
    ['Service', 'UMask', 'mode'],
    ['Service', 'KillSignal', 'signal'],
    ['Timer', 'OnCalendar', 'calendar'],
    ['Service', 'PrivateDevices', 'boolean'],
    ['Service', 'PrivateMounts', 'boolean'],
    ['Service', 'Restart', 'keywords'],
    ['Mount', 'Type', 'text'],
    ['Service', 'EnvironmentFile', 'path'],
    ['Service', 'CapabilityBoundingSet', 'capability'],
    ['Install', 'WantedBy', 'unit'],
    ['Unit', 'Description', 'text'],
  ] as const) {
    assert.equal(candidates(section, name, 257).kind, kind, name);
  }
});

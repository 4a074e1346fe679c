import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BootInputs } from '../src/core/boot/boot-inputs.ts';
import { type PresetMode, type PresetResult, runPresets } from '../src/core/boot/preset/run-presets.ts';
import { listEntries } from '../src/core/tree/changes.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';

const lib = '/usr/lib/systemd/system';
const etc = '/etc/systemd/system';

interface Setting {
  readonly version?: number;
  readonly mode?: PresetMode;
  readonly semantics?: BootInputs['semantics'];
}

/** Files may be given by unit name alone, and `preset` stands for a preset file; both go below /usr/lib. */
function expandNames(files: string): string {
  return files
    .replace(/^--- preset\b/gm, '--- /usr/lib/systemd/system-preset/50.preset')
    .replace(/^--- (?!\/)/gm, `--- ${lib}/`);
}

function run(
  files: string,
  setting: Setting = {},
): { readonly result: PresetResult; readonly links: readonly string[] } {
  const tree = new Tree(imageOf(expandNames(files)).root);
  const inputs = testInputs(setting.version ?? 257, { semantics: setting.semantics ?? 'offline' });
  const result = runPresets(tree, inputs, { mode: setting.mode ?? 'full' });
  const links: string[] = [];
  for (const { path, inode } of listEntries(tree, etc, { all: true })) {
    if (inode === undefined || inode.type === 'directory') continue;
    const name = path.slice(etc.length + 1);
    links.push(inode.type === 'symlink' ? `${name} -> ${inode.target?.replace(`${lib}/`, '') ?? '?'}` : name);
  }
  return { result, links };
}

/** What stands below /etc/systemd/system afterwards, then the codes of warnings and errors, then the exit status if not 0. */
function check(files: string, expected: readonly string[], setting: Setting = {}): void {
  const { result, links } = run(files, setting);
  const codes = result.messages
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ code, place }) => `${code}${place?.line === undefined ? '' : `:${place.line}`}`);
  const status = result.exitStatus === 0 ? [] : [`exit ${result.exitStatus}`];
  assert.deepEqual([...links, ...codes, ...status], expected, `${files}\n${JSON.stringify(setting)}`);
}

function checkAll(cases: readonly (readonly [files: string, expected: readonly string[], setting?: Setting])[]): void {
  for (const [files, expected, setting] of cases) check(`--- d.target\n[Unit]\n${files}`, expected, setting);
}

const wanted = '[Install]\nWantedBy=d.target\n';

test('without a rule every unit is enabled', () => {
  checkAll([
    [`--- a.service\n${wanted}`, ['d.target.wants/a.service -> a.service']],
    ['--- a.service\n[Install]\nRequiredBy=d.target', ['d.target.requires/a.service -> a.service']],
    ['--- a.service\n[Install]\nUpheldBy=d.target', ['d.target.upholds/a.service -> a.service']],
    ['--- a.service\n[Install]\nUpheldBy=d.target', [], { version: 252 }],
    ['--- a.service\n[Service]\nExecStart=/bin/true', []],
    [`--- a.service\n${wanted}`, ['d.target.wants/a.service -> a.service'], { mode: 'enable-only' }],
    [`--- a.service\n${wanted}`, [], { mode: 'disable-only' }],
    [
      '--- a.service\n[Install]\nWantedBy=gone.target',
      ['gone.target.wants/a.service -> a.service', 'dependency-of-missing-unit:2'],
    ],
  ]);
});

test('the first rule that matches decides', () => {
  checkAll([
    [`--- preset\ndisable *\n--- a.service\n${wanted}`, []],
    [`--- preset\nenable a*\ndisable *\n--- a.service\n${wanted}`, ['d.target.wants/a.service -> a.service']],
    [`--- preset\ndisable *\nenable a*\n--- a.service\n${wanted}`, []],
    [
      `--- /etc/systemd/system-preset/50.preset\n--- preset\ndisable *\n--- a.service\n${wanted}`,
      ['d.target.wants/a.service -> a.service'],
    ],
    [`--- /etc/systemd/system-preset/90.preset\nenable a.service\n--- preset\ndisable *\n--- a.service\n${wanted}`, []],
    [`--- preset\nignore a.service\n--- a.service\n${wanted}`, []],
    [
      `--- preset\nignore a.service\n--- a.service\n${wanted}`,
      ['d.target.wants/a.service -> a.service', 'unsupported-preset-verb:1'],
      { version: 252 },
    ],
    [
      `--- preset\ndisable a.service b\n--- a.service\n${wanted}`,
      ['d.target.wants/a.service -> a.service', 'preset-trailing-words:1'],
    ],
  ]);
});

test('a bare enable line crashes the tool when a unit reaches it', () => {
  checkAll([
    [
      `--- preset\nenable\n--- a.service\n${wanted}`,
      ['preset-bare-enable:1', 'preset-bare-enable-reached:1', 'exit 139'],
    ],
    [`--- preset\ndisable *\nenable\n--- a.service\n${wanted}`, ['preset-bare-enable:2']],
  ]);
});

test('a preset file that cannot be read ends everything', () => {
  checkAll([
    [
      `--- /etc/systemd/system-preset/x.preset/\n--- a.service\n${wanted}`,
      ['config-unreadable', 'exit 1'],
      { version: 252 },
    ],
    [`--- /etc/systemd/system-preset/x.preset/\n--- a.service\n${wanted}`, ['config-unreadable'], { version: 257 }],
    [
      `--- /etc/systemd/system-preset/x.preset/\n--- a.service\n${wanted}`,
      ['config-unreadable', 'exit 1'],
      { version: 262 },
    ],
  ]);
});

test('a preset file that is a link to itself: newer versions pass over it, older ones give up', () => {
  const files = `--- /etc/systemd/system-preset/x.preset -> x.preset\n--- a.service\n${wanted}`;
  checkAll([
    [files, ['config-unreadable', 'exit 1'], { version: 252 }],
    [files, ['d.target.wants/a.service -> a.service'], { version: 262 }],
  ]);
});

test('a dangling preset link masks in every version', () => {
  const files = `--- /etc/systemd/system-preset/50.preset -> gone\n--- preset\ndisable *\n--- a.service\n${wanted}`;
  for (const version of [252, 257, 262]) {
    check(`--- d.target\n[Unit]\n${files}`, ['d.target.wants/a.service -> a.service'], { version });
  }
});

test('templates', () => {
  const template = `--- t@.service\n[Install]\nWantedBy=d.target\nDefaultInstance=x`;
  checkAll([
    [template, ['d.target.wants/t@x.service -> t@.service']],
    [`--- t@.service\n${wanted}`, []],
    [
      '--- t@.service\n[Install]\nWantedBy=g@i.target\n--- g@.target\n[Unit]',
      ['g@i.target.wants/t@.service -> t@.service'],
    ],
    [
      `${template}\n--- preset\nenable t@.service a b`,
      ['d.target.wants/t@a.service -> t@.service', 'd.target.wants/t@b.service -> t@.service'],
    ],
    [`${template}\n--- preset\nenable t@.service a/b`, ['d.target.wants/t@x.service -> t@.service']],
    [`${template}\n--- t@x.service -> /dev/null`, ['unit-masked']],
    ['--- t@.service\n[Install]\nAlias=u@.service', ['u@.service -> t@.service']],
    ['--- t@.service\n[Install]\nAlias=u@i.service', ['u@i.service -> t@.service']],
    ['--- t@i.service\n[Install]\nAlias=u@.service', ['u@i.service -> t@i.service']],
    ['--- t@.service\n[Install]\nDefaultInstance=x\nDefaultInstance=\nWantedBy=d.target', []],
    [
      '--- t@.service\n[Install]\nWantedBy=%p-%i.target\nDefaultInstance=x',
      ['t-x.target.wants/t@x.service -> t@.service', 'dependency-of-missing-unit:2'],
    ],
  ]);
});

test('Alias=', () => {
  checkAll([
    ['--- a.service\n[Install]\nAlias=b.service', ['b.service -> a.service']],
    ['--- a.service\n[Install]\nAlias=a.service', []],
    ['--- a.service\n[Install]\nAlias=d.target.wants/a.service', ['d.target.wants/a.service -> a.service']],
    ['--- a.service\n[Install]\nAlias=b.socket', ['alias-not-allowed:2', 'exit 1'], { version: 252 }],
    ['--- a.service\n[Install]\nAlias=b.socket', ['alias-not-allowed:2'], { version: 257 }],
    ['--- a.service\n[Install]\nAlias=b.socket', ['alias-not-allowed:2', 'exit 1'], { version: 262 }],
    ['--- a.service\n[Install]\nAlias=d.target.wants/b.service', ['alias-not-allowed:2']],
    ['--- a.service\n[Install]\nAlias=d.wants/a.service', ['alias-not-allowed:2']],
    ['--- a.mount\n[Install]\nAlias=b.mount', ['alias-of-type-without-aliases:2']],
    ['--- a.service\n[Install]\nAlias=%p-x.service %Z', ['a-x.service -> a.service', 'install-unknown-specifier:2']],
    [
      `--- a.service\n[Install]\nAlias=b.service\n--- ${etc}/b.service\nx`,
      ['b.service', 'alias-already-exists:2', 'exit 1'],
      { version: 252 },
    ],
    [
      `--- a.service\n[Install]\nAlias=b.service\n--- ${etc}/b.service\nx`,
      ['b.service', 'alias-already-exists:2'],
      { version: 262 },
    ],
    [
      `--- a.service\n[Install]\nAlias=b.service\n--- ${etc}/b.service -> gone`,
      ['b.service -> a.service', 'alias-not-allowed'],
      { version: 262, mode: 'enable-only' },
    ],
  ]);
});

test('a name that two units want is not predicted', () => {
  const files =
    '--- d.target\n[Unit]\n--- a.service\n[Install]\nAlias=x.service\n--- b.service\n[Install]\nAlias=x.service';
  const { result, links } = run(files);
  assert.deepEqual(links, ['x.service -> ?']);
  assert.deepEqual(
    result.undefinedLinks.map(({ path, targets, mayBeMissing }) => [path, targets, mayBeMissing]),
    [[`${etc}/x.service`, [`${lib}/a.service`, `${lib}/b.service`], false]],
  );
  assert.deepEqual(
    result.messages.map(({ code }) => code),
    ['preset-order-undefined'],
  );
  assert.deepEqual(result.links, []);
});

test('a bad unit ends the rest, whose order is undefined', () => {
  const files = `--- a.service\n[Install]\nAlso=nonsense\n--- b.service\n${wanted}--- d.target\n[Unit]`;
  check(files, ['install-bad-value:2', 'exit 1'], { version: 252 });
  check(files, ['install-bad-value:2', 'exit 1'], { version: 262 });
  assert.deepEqual(
    run(files, { version: 257 }).result.undefinedLinks.map(({ path, mayBeMissing }) => [path, mayBeMissing]),
    [[`${etc}/d.target.wants/b.service`, true]],
  );
});

test('Also= beats the unit’s own rule', () => {
  const files = `--- a.service\n[Install]\nAlso=b.socket\n--- b.socket\n${wanted}--- preset\ndisable b.socket`;
  checkAll([
    [files, ['d.target.wants/b.socket -> b.socket']],
    [`--- a.service\n[Install]\nAlso=gone.service`, ['also-unit-failed:2']],
    [`--- a.service\n[Install]\nAlso=b.service\n--- b.service`, []],
  ]);
});

test('masks, aliases and links in the unit directories', () => {
  checkAll([
    ['--- a.service', ['unit-masked']],
    [`--- ${etc}/a.service -> /dev/null\n--- a.service\n${wanted}`, ['a.service -> /dev/null', 'unit-masked']],
    [`--- a.service\n${wanted}--- b.service -> a.service`, ['d.target.wants/a.service -> a.service']],
    [`--- a.service\n${wanted}--- b.service -> gone.service`, ['unit-dangling-alias', 'exit 1'], { version: 252 }],
    [
      `--- a.service\n${wanted}--- b.service -> gone.service`,
      ['d.target.wants/a.service -> a.service', 'unit-dangling-alias'],
    ],
    [
      `--- ${etc}/a.service -> /opt/a.service\n--- /opt/a.service\n[Install]\nWantedBy=d.target\nAlias=b.service`,
      [
        'a.service -> /opt/a.service',
        'b.service -> /etc/systemd/system/a.service',
        'd.target.wants/a.service -> /opt/a.service',
      ],
    ],
    [
      `--- a.service -> /opt/a.service\n--- /opt/a.service\n${wanted}`,
      ['a.service -> /opt/a.service', 'd.target.wants/a.service -> /opt/a.service'],
    ],
    [
      `--- ${etc}/a.service -> ${lib}/a.service\n--- a.service\n${wanted}`,
      [`a.service -> a.service`, 'unit-linked-in-configuration'],
    ],
    [
      `--- /run/systemd/generator/a.service\n${wanted}`,
      ['d.target.wants/a.service -> /run/systemd/generator/a.service', 'unit-generated'],
    ],
    [
      '--- a.service\n[Install]\nAlso=u.service\n--- u.service -> v.service\n--- v.service -> w.socket\n--- w.socket -> v.service',
      ['alias-not-allowed', 'alias-not-allowed', 'also-unit-failed:2', 'exit 1'],
      { version: 252 },
    ],
    [
      '--- a.service\n[Install]\nAlso=u.service\n--- u.service -> v.service\n--- v.service -> w.socket\n--- w.socket -> v.service',
      ['alias-not-allowed', 'alias-not-allowed', 'also-unit-failed:2'],
      { version: 262 },
    ],
    ['--- m@.mount\n[Unit]', ['install-bad-value', 'exit 1'], { version: 252 }],
    ['--- m@.mount\n[Unit]', ['install-bad-value']],
  ]);
});

test('a split-usr build finds units in /lib first', () => {
  check(
    `--- /lib -> usr/lib\n--- d.target\n[Unit]\n--- a.service\n${wanted}`,
    ['d.target.wants/a.service -> /lib/systemd/system/a.service'],
    {
      version: 252,
    },
  );
});

test('drop-ins of [Install]', () => {
  checkAll([
    [`--- a.service\n[Unit]\n--- a.service.d/x.conf\n${wanted}`, ['d.target.wants/a.service -> a.service']],
    [`--- a.service\n${wanted}--- ${etc}/a.service.d/x.conf\n[Install]\nWantedBy=`, ['a.service.d/x.conf']],
    [`--- a-b.service\n[Unit]\n--- a-.service.d/x.conf\n${wanted}--- service.d/x.conf\n${wanted}`, []],
    [`--- t@i.service\n[Unit]\n--- t@.service.d/x.conf\n${wanted}`, ['d.target.wants/t@i.service -> t@i.service']],
    [
      `--- a.service\n${wanted}--- a.service.d/x.conf -> gone`,
      ['d.target.wants/a.service -> a.service', 'unit-missing'],
    ],
    [
      `--- a.service\n${wanted}--- a.service.d/x.conf -> x.conf`,
      ['d.target.wants/a.service -> a.service', 'unit-linked-in-configuration'],
    ],
    [
      `--- a.service\n[Unit]\n--- ${etc}/a.service.d/x.conf -> x.conf\n--- a.service.d/x.conf\n${wanted}`,
      ['a.service.d/x.conf -> x.conf', 'd.target.wants/a.service -> a.service'],
      { version: 262 },
    ],
    [`--- a.service\n${wanted}--- a.service.d/x.conf/`, ['unit-not-a-file', 'exit 1'], { version: 262 }],
    // With --root, a circle of absolute links is none for the listing, which follows them in the calling system.
    [
      `--- a.service\n${wanted}--- a.service.d/x.conf -> /l\n--- /l -> /l`,
      ['d.target.wants/a.service -> a.service', 'unit-linked-in-configuration'],
      { version: 262 },
    ],
    [
      `--- a.service\n${wanted}--- a.service.d/x.conf -> /l\n--- /l -> /l`,
      ['d.target.wants/a.service -> a.service'],
      { version: 262, semantics: 'boot' },
    ],
  ]);
});

test('[Install] values', () => {
  checkAll([
    ['--- a.service\n[Install]\nWantedBy="d.target"', ['d.target.wants/a.service -> a.service']],
    [
      '--- a.service\n[Install]\nWantedBy=d.target "x',
      ['d.target.wants/a.service -> a.service', 'unterminated-quote:2'],
      { version: 252 },
    ],
    ['--- a.service\n[Install]\nWantedBy=d.target "x', ['unterminated-quote:2']],
    [
      '--- a.service\n[Install]\nWantedBy=x.target\nWantedBy=\nWantedBy=d.target',
      ['d.target.wants/a.service -> a.service'],
    ],
    ['--- a.service\n[Install]\nWantedBy=nonsense', []],
    // The name is valid, but with .wants behind it longer than a file system takes.
    [
      `--- a.service\n[Install]\nWantedBy=${'n'.repeat(247)}.service`,
      ['install-cannot-write:2', 'dependency-of-missing-unit:2', 'exit 1'],
      { version: 252 },
    ],
    ['--- a.service\n[Install]\nDefaultInstance=x', ['default-instance-without-template:2']],
  ]);
});

test('links of disabled units are removed in full mode', () => {
  const old = `--- preset\ndisable a.service\n--- a.service\n${wanted}--- ${etc}/d.target.wants/a.service -> ${lib}/a.service\n`;
  checkAll([
    [old, []],
    [old, [], { mode: 'disable-only' }],
    [old, ['d.target.wants/a.service -> a.service'], { mode: 'enable-only' }],
    [`${old}--- ${etc}/b.service -> ${lib}/a.service`, []],
    [`${old}--- ${etc}/d.target.wants/foreign.service -> /x`, ['d.target.wants/foreign.service -> /x']],
    [`${old}--- ${etc}/d.target.wants/deep/a.service -> /x`, []],
    [`${old}--- ${etc}/x.wants/a.service\nregular`, ['x.wants/a.service']],
    [
      `--- preset\ndisable t@.service\n--- t@.service\n${wanted}--- ${etc}/d.target.wants/t@i.service -> ${lib}/t@.service`,
      [],
    ],
  ]);
});

test('existing links that are right are kept, wrong ones in .wants replaced', () => {
  checkAll([
    [
      `--- a.service\n${wanted}--- ${etc}/d.target.wants/a.service -> ../../../../run/systemd/system/a.service`,
      ['d.target.wants/a.service -> ../../../../run/systemd/system/a.service'],
    ],
    [`--- a.service\n${wanted}--- ${etc}/d.target.wants/a.service -> /x`, ['d.target.wants/a.service -> a.service']],
    [
      `--- a.service\n${wanted}--- ${etc}/d.target.wants/a.service\nx`,
      ['d.target.wants/a.service', 'alias-already-exists:2'],
    ],
  ]);
});

test('verdicts and causes', () => {
  const { result } = run(
    `--- preset\nenable a.service\ndisable b.service\nignore c.service\n--- a.service\n${wanted}--- b.service\n${wanted}--- c.service\n${wanted}--- d.target\n[Unit]\n--- e.service\n--- f.service -> a.service`,
  );
  assert.deepEqual(
    result.units.map(({ unit, verdict, rule }) => `${unit} ${verdict} ${rule?.line ?? '-'}`),
    [
      'a.service enabled 1',
      'b.service disabled 2',
      'c.service ignored 3',
      'd.target static -',
      'e.service masked -',
      'f.service alias -',
    ],
  );
  const [link] = result.links;
  assert.equal(link?.install.file, `${lib}/a.service`);
  assert.equal(link?.install.line, 2);
  assert.equal(link?.rule?.line, 1);
  assert.equal(link?.change, 'created');
});

const unit = fc.constantFrom('a.service', 'b.service', 't@.service', 't@i.service', 'c.socket', 'd.target');
const setting = fc.tuple(
  fc.constantFrom('WantedBy', 'RequiredBy', 'Alias', 'Also', 'DefaultInstance'),
  fc.oneof(unit, fc.string({ maxLength: 8 })),
);
const anyUnit = fc
  .tuple(fc.constantFrom(lib, etc), unit, fc.array(setting, { maxLength: 3 }))
  .map(
    ([directory, name, lines]) =>
      `--- ${directory}/${name}\n[Install]\n${lines.map(([key, text]) => `${key}=${text}`).join('\n')}\n`,
  );

test('nothing throws, the order of files does not matter, and a second run has nothing to add', () => {
  fc.assert(
    fc.property(fc.array(anyUnit, { maxLength: 6 }), fc.constantFrom(252, 257, 262), (units, version) => {
      const unique = [...new Map(units.map((text) => [text.slice(0, text.indexOf('\n')), text])).values()];
      const { result, links } = run(unique.join(''), { version });
      const reversed = run([...unique].reverse().join(''), { version });
      assert.deepEqual(reversed.links, links);
      assert.deepEqual(reversed.result.undefinedLinks, result.undefinedLinks);
      for (const { path } of result.links) assert.ok(path.startsWith(`${etc}/`));
    }),
    { numRuns: 300 },
  );
});

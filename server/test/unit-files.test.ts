import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFirstBoot } from '../src/core/boot/first-boot.ts';
import {
  checkAlias,
  dropInNames,
  findDropIns,
  findFragment,
  findInstallDropIns,
  listUnitNames,
  readUnitNames,
  unitDirectories,
} from '../src/core/layering/unit-files.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { buildOf, Systemd } from '../src/core/versions/systemd.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';

const lib = '/usr/lib/systemd/system';
const etc = '/etc/systemd/system';

/** What a name leads to: the path and the other names, or why there is none. */
function describe(files: string, unit: string): string {
  const tree = new Tree(imageOf(files).root);
  const found = findFragment(readUnitNames(tree, testInputs()), unit);
  if (found.kind !== 'found') return found.kind === 'missing' ? 'missing' : `${found.kind} ${found.path}`;
  const others = found.names.filter((name) => name !== unit);
  return others.length === 0 ? found.path : `${found.path} = ${others.join(' ')}`;
}

const fragments: readonly (readonly [files: string, unit: string, expected: string])[] = [
  [`--- ${lib}/a.service\nx`, 'a.service', `${lib}/a.service`],
  [`--- ${lib}/a.service\nx\n--- ${etc}/a.service\ny`, 'a.service', `${etc}/a.service`],
  [`--- ${lib}/a.service\nx`, 'b.service', 'missing'],
  [`--- ${lib}/a.service`, 'a.service', `masked ${lib}/a.service`],
  [`--- ${etc}/a.service -> /dev/null\n--- ${lib}/a.service\nx`, 'a.service', `masked ${etc}/a.service`],
  [`--- ${lib}/a.service\nx\n--- ${lib}/b.service -> a.service`, 'b.service', `${lib}/a.service = a.service`],
  [`--- ${lib}/a.service\nx\n--- ${lib}/b.service -> a.service`, 'a.service', `${lib}/a.service = b.service`],
  [`--- ${lib}/b.service -> a.service`, 'b.service', `dangling ${lib}/b.service`],
  [`--- ${lib}/b.service -> b.service`, 'b.service', 'missing'],
  [`--- ${lib}/b.service -> c.service\n--- ${lib}/c.service -> b.service`, 'b.service', `dangling ${lib}/c.service`],
  [`--- ${lib}/b.service -> a.socket\n--- ${lib}/a.socket\nx`, 'b.service', 'missing'],
  [`--- ${etc}/a.service -> /opt/x\n--- /opt/x\ny`, 'a.service', `${etc}/a.service`],
  [`--- ${etc}/a.service -> /opt/x`, 'a.service', `dangling ${etc}/a.service`],
  [`--- ${lib}/t@.service\nx`, 't@i.service', `${lib}/t@.service`],
  [`--- ${lib}/t@.service\nx\n--- ${lib}/t@i.service\ny`, 't@i.service', `${lib}/t@i.service`],
  [`--- ${lib}/t@.service\nx\n--- ${lib}/u@.service -> t@.service`, 'u@i.service', `${lib}/t@.service = t@i.service`],
  [`--- ${lib}/t@.service\nx\n--- ${lib}/u@.service -> t@.service`, 't@i.service', `${lib}/t@.service = u@i.service`],
  [`--- ${lib}/t@.service\nx\n--- ${lib}/u@i.service -> t@.service`, 't@i.service', `${lib}/t@.service = u@i.service`],
];

test('a unit name leads to a file', () => {
  for (const [files, unit, expected] of fragments) assert.equal(describe(files, unit), expected, `${files}\n${unit}`);
});

test('links of one unit name to another', () => {
  const cases: readonly (readonly [link: string, target: string, expected: string])[] = [
    ['a.service', 'b.service', 'valid'],
    ['a.service', 'a.service', 'self'],
    ['a.service', 'b.socket', 'bad-target'],
    ['a.service', 'nonsense', 'bad-target'],
    ['a.service', 'b@.service', 'bad-target'],
    ['a@.service', 'b@.service', 'valid'],
    ['a@i.service', 'b@.service', 'valid'],
    ['a@i.service', 'b@i.service', 'valid'],
    ['a@i.service', 'b@j.service', 'bad-target'],
    ['a@.service', 'b@i.service', 'bad-target'],
    ['a.mount', 'b.mount', 'bad-source'],
    ['a@.device', 'b@.device', 'bad-source'],
    ['a', 'b.service', 'bad-source'],
  ];
  for (const [link, target, expected] of cases) assert.equal(checkAlias(link, target), expected, `${link} ${target}`);
});

test('the names whose drop-ins apply, most specific first', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a.service', 'a.service'],
    ['a-b-c.service', 'a-b-c.service a-b-.service a-.service'],
    ['a-b-.service', 'a-b-.service a-.service'],
    ['a-.service', 'a-.service'],
    ['-a.service', '-a.service'],
    ['a-b@.service', 'a-b@.service a-.service'],
    ['a-b@i.service', 'a-b@i.service a-b@.service a-.service a-@i.service a-@.service'],
  ];
  for (const [name, expected] of cases) assert.equal(dropInNames(name).join(' '), expected);
});

const dropInFiles = `
--- ${lib}/a-b.service
x
--- ${lib}/a-b.service.d/10.conf
x
--- ${etc}/a-.service.d/10.conf
x
--- ${lib}/service.d/05.conf
x
--- ${lib}/c.service.d/30.conf
x
--- ${etc}/a-b.service.d/20.conf -> /dev/null
--- ${lib}/a-b.service.d/20.conf
x
--- ${lib}/a-b.service.d/note.txt
x
`;

test('drop-ins: the loader reads all directories in the order of the search path, enabling reads few', () => {
  const tree = new Tree(imageOf(dropInFiles).root);
  const show = (found: readonly { readonly path: string; readonly isMask: boolean }[]) =>
    found.map(({ path, isMask }) => (isMask ? `(${path})` : path));
  assert.deepEqual(show(findDropIns(tree, ['a-b.service', 'c.service'], testInputs())), [
    `${lib}/service.d/05.conf`,
    `${etc}/a-.service.d/10.conf`,
    `(${etc}/a-b.service.d/20.conf)`,
    `${lib}/c.service.d/30.conf`,
  ]);
  assert.deepEqual(show(findInstallDropIns(tree, 'a-b.service', testInputs())), [
    `${lib}/a-b.service.d/10.conf`,
    `(${etc}/a-b.service.d/20.conf)`,
  ]);
});

test('dependency directories are searched like drop-ins', () => {
  const tree = new Tree(imageOf(`--- ${lib}/a.target.wants/b.service -> ../b.service\n`).root);
  const found = findDropIns(tree, ['a.target'], testInputs(), '.wants');
  assert.deepEqual(
    found.map(({ name }) => name),
    ['b.service'],
  );
});

test('all names, with the best entry of each', () => {
  const tree = new Tree(
    imageOf(`--- ${lib}/b.service\n--- ${lib}/a.service\nx\n--- ${etc}/b.service -> x\n--- ${lib}/x\n`).root,
  );
  assert.deepEqual(
    [...listUnitNames(tree, testInputs())],
    [
      ['a.service', `${lib}/a.service`],
      ['b.service', `${etc}/b.service`],
    ],
  );
});

test('only a split-usr build searches /lib', () => {
  const paths = (version: number) =>
    unitDirectories(new Systemd(version, buildOf(['debian'], version))).map((directory) => directory.path);
  assert.equal(paths(252).indexOf('/lib/systemd/system') + 1, paths(252).indexOf('/usr/lib/systemd/system'));
  assert.ok(!paths(257).includes('/lib/systemd/system'));
});

test('the first boot', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['', true],
    ['--- /etc/machine-id', false],
    ['--- /etc/machine-id\nuninitialized', true],
    ['--- /etc/machine-id\nuninitialized\nmore', true],
    ['--- /etc/machine-id\nuninitialized x', false],
    ['--- /etc/machine-id\n0123456789abcdef0123456789abcdef', false],
    ['--- /etc/machine-id -> /nowhere', true],
    ['--- /etc/machine-id/', true],
  ];
  for (const [files, expected] of cases) assert.equal(isFirstBoot(new Tree(imageOf(files).root)), expected, files);
});

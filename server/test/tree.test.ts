import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Inode } from '../src/core/tree/inode.ts';
import { Tree, type WalkResult } from '../src/core/tree/tree.ts';
import { imageOf } from './support/file-set.ts';

function describe(result: WalkResult): string {
  switch (result.kind) {
    case 'found':
      return `found ${result.inode.type} ${result.path}`;
    case 'missing':
      return `missing ${result.missing.join('/')} in ${result.path}`;
    case 'not-a-directory':
      return `not a directory ${result.path}`;
    case 'loop':
      return `loop ${result.path}`;
    case 'unsafe':
      return `unsafe ${result.from} to ${result.to}`;
    default:
      return result satisfies never;
  }
}

const files = `--- /a/b/file
--- /a/link -> b
--- /a/absolute -> /a/b/file
--- /a/out -> ../../../../a/b
--- /a/dangling -> nowhere
--- /loop -> loop
--- /user/ 0755 12:12
--- /user/own/ 0755 12:12
--- /user/root/ 0755 0:0
`;

const walks: readonly (readonly [string, string])[] = [
  ['/', 'found directory /'],
  ['/a//b/./file', 'found file /a/b/file'],
  ['/a/link/file', 'found file /a/b/file'],
  ['/a/link', 'found directory /a/b'],
  ['/a/absolute', 'found file /a/b/file'],
  ['/a/out/file', 'found file /a/b/file'],
  ['/a/dangling', 'missing nowhere in /a'],
  ['/a/dangling/x', 'missing nowhere/x in /a'],
  ['/a/x/y/../z', 'missing x/y/../z in /a'],
  ['/a/b/file/x', 'not a directory /a/b/file'],
  ['/loop/x', 'loop /loop'],
  ['/../../a/b', 'found directory /a/b'],
  ['/a/b/../link/file', 'found file /a/b/file'],
  ['//a/b/', 'found directory /a/b'],
];

test('paths are walked inside the root, symlinks followed', () => {
  const tree = new Tree(imageOf(files).root);
  for (const [path, expected] of walks) assert.equal(describe(tree.walk(path)), expected, path);
  assert.equal(describe(tree.walk('/a/link', { follow: false })), 'found symlink /a/link');
  assert.equal(describe(tree.walk('/loop', { follow: false })), 'found symlink /loop');
});

test('a safe walk refuses steps from a user to another', () => {
  const tree = new Tree(imageOf(files).root);
  assert.equal(describe(tree.walk('/user/own', { safe: true })), 'found directory /user/own');
  assert.equal(describe(tree.walk('/user/root', { safe: true })), 'unsafe /user to /user/root');
});

test('the quick walk and the full walk agree', () => {
  const tree = new Tree(imageOf(files).root);
  const names = fc.constantFrom(
    'a',
    'b',
    'file',
    'link',
    'absolute',
    'out',
    'dangling',
    'loop',
    '..',
    '.',
    '',
    'x',
    '.hidden',
  );
  fc.assert(
    fc.property(fc.array(names, { maxLength: 6 }), fc.boolean(), (parts, follow) => {
      const path = `/${parts.join('/')}`;
      // Ownership never forbids a step here, so `safe` only chooses the full walk.
      assert.equal(describe(tree.walk(path, { follow })), describe(tree.walk(path, { follow, safe: true })));
    }),
  );
});

test('hard links are one inode', () => {
  const tree = new Tree();
  const inode = Inode.create({ type: 'file', mode: 0o644 });
  tree.root.set('one', inode);
  tree.root.set('two', inode);
  inode.mode = 0o600;
  assert.equal(tree.lookup('/two')?.mode, 0o600);
});

test('the longest mount decides what is read-only', () => {
  const tree = new Tree();
  tree.readOnly = ['/'];
  tree.writable = ['/var'];
  assert.equal(tree.isReadOnly('/etc/x'), true);
  assert.equal(tree.isReadOnly('/var/lib'), false);
  assert.equal(tree.isReadOnly('/variant'), true);
});

test('a fork starts equal and changes alone', () => {
  const tree = new Tree();
  const cause = { phase: 'tmpfiles', file: '/usr/lib/tmpfiles.d/a.conf', line: 1, action: 'created' } as const;
  tree.ensureDirectory('/var/lib/a', cause);
  const shared = Inode.create({ type: 'file', mode: 0o644, content: { kind: 'bytes', bytes: new Uint8Array([97]) } });
  tree.lookup('/var/lib/a')?.set('one', shared);
  tree.root.set('two', shared);
  const fork = tree.fork();
  assert.deepEqual(fork.lookup('/var/lib/a')?.causes, [cause]);
  assert.equal(fork.lookup('/two')?.size, 1);
  fork.ensureDirectory('/var/lib/a/b', { ...cause, phase: 'start' });
  const one = fork.lookup('/var/lib/a/one');
  if (one !== undefined) one.mode = 0o600;
  fork.lookup('/var/lib')?.remove('c');
  assert.equal(fork.lookup('/two')?.mode, 0o600);
  assert.equal(tree.lookup('/two')?.mode, 0o644);
  assert.equal(tree.lookup('/var/lib/a/b'), undefined);
  assert.equal(fork.lookup('/var/lib/a/b')?.type, 'directory');
});

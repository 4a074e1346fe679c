import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectSystemd } from '../src/core/boot/detect-systemd.ts';
import { layerImages } from '../src/core/image/layered-image.ts';
import { emptyRoot, MemoryNode, memoryImage, placeNode } from '../src/core/image/memory-image.ts';
import { Tree } from '../src/core/tree/tree.ts';

/** Paths with their content; a content that begins with `->` makes a symlink. */
function rootOf(files: Readonly<Record<string, string>>): MemoryNode {
  const root = emptyRoot();
  for (const [path, content] of Object.entries(files)) {
    const target = content.startsWith('->') ? content.slice(2) : undefined;
    placeNode(root, path, new MemoryNode(target === undefined ? 'file' : 'symlink', { mode: 0o644, content, target }));
  }
  return root;
}

function check(files: Readonly<Record<string, string>>, version: number, evidence: string, distribution = 'generic') {
  const detected = detectSystemd(new Tree(rootOf(files)));
  assert.equal(detected.version, version, evidence);
  assert.equal(detected.evidence, evidence);
  assert.equal(detected.build.distribution, distribution);
}

const unknown = 'the image does not tell; newest known version';
const status = (state: string) =>
  `Package: libc6\nStatus: install ok installed\nVersion: 2.41\n\nPackage: systemd\nStatus: ${state}\nVersion: 1:257.4-1\n\n`;

test('the version comes from the best evidence', () => {
  check({}, 262, unknown);
  check(
    {
      '/usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-257.so': '',
      '/usr/lib/os-release': 'ID=debian\nVERSION_ID="12"',
    },
    257,
    'libsystemd-shared-257.so in /usr/lib/x86_64-linux-gnu/systemd',
    'debian',
  );
  check(
    { '/usr/lib/systemd/libsystemd-shared-255.4-1.fc40.so': '', '/usr/lib64/systemd/libsystemd-shared-256.so': '' },
    256,
    'libsystemd-shared-256.so in /usr/lib64/systemd',
  );
  check({ '/lib/systemd/libsystemd-shared-247.so': '' }, 247, 'libsystemd-shared-247.so in /lib/systemd');
  check(
    { '/usr/lib/systemd/libsystemd-shared-nonsense.so': '', '/usr/lib/systemd/libsystemd-shared-1.so': '' },
    262,
    unknown,
  );
  check({ '/var/lib/dpkg/status': status('install ok installed') }, 257, 'package systemd in /var/lib/dpkg/status');
  check({ '/var/lib/dpkg/status': status('deinstall ok config-files') }, 262, unknown);
  check(
    { '/var/lib/pacman/local/systemd-libs-250-1/desc': '', '/var/lib/pacman/local/systemd-257.5-1/desc': '' },
    257,
    'package systemd-257.5-1 in /var/lib/pacman/local',
  );
});

test('the release tells the version where nothing else does', () => {
  check({ '/etc/os-release': 'ID=debian\nVERSION_ID="13"\n' }, 257, 'os-release says debian 13', 'debian');
  check({ '/usr/lib/os-release': "ID='ubuntu'\nVERSION_ID=24.04\n" }, 255, 'os-release says ubuntu 24.04', 'ubuntu');
  check(
    { '/usr/lib/os-release': 'ID="rocky"\nVERSION_ID=9.4\nID_LIKE="rhel centos fedora"\n' },
    252,
    'os-release says rocky 9.4',
    'rhel',
  );
  check(
    { '/etc/os-release': '->../usr/lib/os-release', '/usr/lib/os-release': 'ID=fedora\nVERSION_ID=42\n' },
    257,
    'os-release says fedora 42',
    'fedora',
  );
  check({ '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian sid"\n' }, 262, unknown, 'debian');
  check({ '/etc/os-release': 'ID=__proto__\nVERSION_ID=constructor\n' }, 262, unknown);
});

test('a layered image merges directories and hides everything else', () => {
  const upper = memoryImage('upper', rootOf({ '/usr/a': 'upper', '/usr/only': '', '/etc/x/y': '' }), {
    problems: () => [{ path: '/u', message: 'upper' }],
  });
  const lower = memoryImage('lower', rootOf({ '/usr/a': 'lower', '/usr/b': '', '/etc/x': 'file', '/var/z': '' }), {
    completeness: 'partial',
    problems: () => [{ path: '/l', message: 'lower' }],
  });
  const image = layerImages(upper, lower);
  const usr = image.root.child('usr');
  assert.deepEqual([...(usr?.names() ?? [])].sort(), ['a', 'b', 'only']);
  assert.equal(usr?.child('a'), upper.root.child('usr')?.child('a'));
  assert.equal(image.root.child('usr'), usr);
  assert.equal(image.root.child('etc')?.child('x')?.type, 'directory');
  assert.equal(image.root.child('var'), lower.root.child('var'));
  assert.deepEqual(
    ['/usr/a', '/usr/b', '/usr/only', '/var/z'].map((path) => image.isOwn(path)),
    [true, false, true, false],
  );
  assert.equal(image.completeness, 'partial');
  assert.equal(image.problems().length, 2);
});

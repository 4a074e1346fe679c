/**
 * Which systemd an image has and how it was built, from what every distribution leaves in it. Nothing is run and no
 * program is read: systemd's own shared library carries the version in its name.
 */

import { readOsRelease } from '../specifier/specifier.ts';
import { decodeText } from '../text/bytes.ts';
import { joinPath, type Tree } from '../tree/tree.ts';
import { type Build, buildOf, newestKnownVersion } from '../versions/systemd.ts';

export interface DetectedSystemd {
  readonly version: number;
  readonly build: Build;
  /** How the version was concluded, for people: a file, or that nothing was found. */
  readonly evidence: string;
}

/**
 * The systemd of a tree; the newest known one where the tree does not tell. With `version`, that version as the tree's
 * distribution builds it.
 */
export function detectSystemd(tree: Tree, version?: number): DetectedSystemd {
  const osRelease = readOsRelease(tree) ?? new Map<string, string>();
  const asked = version === undefined ? undefined : { version, evidence: 'the version that was asked for' };
  const found = asked ??
    fromSharedLibrary(tree) ??
    fromDpkgStatus(tree) ??
    fromPacmanDatabase(tree) ??
    fromRelease(osRelease) ?? {
      version: newestKnownVersion,
      evidence: 'the image does not tell; newest known version',
    };
  const ids = [osRelease.get('ID') ?? '', ...(osRelease.get('ID_LIKE') ?? '').split(' ')].filter((id) => id !== '');
  return { ...found, build: buildOf(ids, found.version) };
}

interface Evidence {
  readonly version: number;
  readonly evidence: string;
}

/** Directories that hold systemd's private libraries: rootlibexecdir until 251, then the library directory's `systemd`. */
const FIXED_LIBRARY_DIRECTORIES = ['/usr/lib/systemd', '/usr/lib64/systemd', '/lib/systemd'];

/** Multiarch directories, for example `x86_64-linux-gnu`. */
const MULTIARCH = /-linux-/;

function fromSharedLibrary(tree: Tree): Evidence | undefined {
  let best: Evidence | undefined;
  for (const directory of [...FIXED_LIBRARY_DIRECTORIES, ...multiarchDirectories(tree)]) {
    const inode = tree.lookup(directory);
    if (inode?.type !== 'directory') continue;
    for (const name of inode.names()) {
      const version = versionIn(/^libsystemd-shared-(\d+).*\.so$/.exec(name));
      if (version !== undefined && version > (best?.version ?? 0)) {
        best = { version, evidence: `${name} in ${directory}` };
      }
    }
  }
  return best;
}

function multiarchDirectories(tree: Tree): string[] {
  const directories: string[] = [];
  for (const parent of ['/usr/lib', '/lib']) {
    const inode = tree.lookup(parent);
    if (inode?.type !== 'directory') continue;
    for (const name of inode.names()) {
      if (MULTIARCH.test(name)) directories.push(`${joinPath(parent, name)}/systemd`);
    }
  }
  return directories;
}

function fromDpkgStatus(tree: Tree): Evidence | undefined {
  const path = '/var/lib/dpkg/status';
  const text = textAt(tree, path);
  if (text === undefined) return undefined;
  const start = text.startsWith('Package: systemd\n') ? 0 : text.indexOf('\nPackage: systemd\n');
  if (start === -1) return undefined;
  const end = text.indexOf('\n\n', start);
  const stanza = text.slice(start, end === -1 ? undefined : end);
  // A removed package keeps its stanza until it is purged.
  if (!/^Status: .* installed$/m.test(stanza)) return undefined;
  const version = versionIn(/^Version: (?:\d+:)?(\d+)/m.exec(stanza));
  return version === undefined ? undefined : { version, evidence: `package systemd in ${path}` };
}

function fromPacmanDatabase(tree: Tree): Evidence | undefined {
  for (const directory of ['/var/lib/pacman/local', '/usr/lib/sysimage/lib/pacman/local', '/usr/lib/pacman/local']) {
    const inode = tree.lookup(directory);
    if (inode?.type !== 'directory') continue;
    for (const name of inode.names()) {
      const version = versionIn(/^systemd-(?:\d+:)?(\d+)(?:\.\d+)*-[\d.]+$/.exec(name));
      if (version !== undefined) return { version, evidence: `package ${name} in ${directory}` };
    }
  }
  return undefined;
}

/**
 * systemd of distribution releases, by ID= and VERSION_ID= of os-release. Debian's 12 and 13 were seen in real trees; the
 * others are common knowledge and were not checked against the packages, so this is asked last.
 */
const releases: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  debian: { '11': 247, '12': 252, '13': 257 },
  ubuntu: { '20.04': 245, '22.04': 249, '24.04': 255, '24.10': 256, '25.04': 257, '25.10': 257 },
  fedora: { '38': 253, '39': 254, '40': 255, '41': 256, '42': 257, '43': 258 },
  rhel: { '8': 239, '9': 252, '10': 257 },
  centos: { '8': 239, '9': 252, '10': 257 },
  rocky: { '8': 239, '9': 252, '10': 257 },
  almalinux: { '8': 239, '9': 252, '10': 257 },
  'opensuse-leap': { '15.5': 249, '15.6': 254, '16.0': 257 },
  sles: { '15.5': 249, '15.6': 254, '16.0': 257 },
  amzn: { '2023': 252 },
  azurelinux: { '3.0': 255 },
};

function fromRelease(osRelease: ReadonlyMap<string, string>): Evidence | undefined {
  const id = osRelease.get('ID') ?? '';
  const release = osRelease.get('VERSION_ID') ?? '';
  const versions = Object.hasOwn(releases, id) ? releases[id] : undefined;
  if (versions === undefined) return undefined;
  for (const key of [release, release.replace(/\..*$/, '')]) {
    const version = Object.hasOwn(versions, key) ? versions[key] : undefined;
    if (version !== undefined) return { version, evidence: `os-release says ${id} ${release}` };
  }
  return undefined;
}

function textAt(tree: Tree, path: string): string | undefined {
  const inode = tree.lookup(path);
  if (inode?.type !== 'file') return undefined;
  const content = inode.content;
  return content.kind === 'bytes' ? decodeText(content.bytes) : undefined;
}

/** systemd's numbers had three digits since 2012; anything else is not a version. */
function versionIn(match: RegExpExecArray | null): number | undefined {
  const digits = match?.[1];
  return digits !== undefined && digits.length === 3 ? Number(digits) : undefined;
}

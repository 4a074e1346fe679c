/**
 * Which tmpfiles.d, sysusers.d and preset files are read, and in what order: search directories, one winner a basename,
 * masks (conf_files_list in systemd; semantics 1). Does not parse.
 */

import type { BootInputs } from '../boot/boot-inputs.ts';
import type { Message, Phase } from '../problems/problem.ts';
import { compareBytes, decodeText } from '../text/bytes.ts';
import { joinPath, pathComponents, type Tree, type WalkResult } from '../tree/tree.ts';
import { walkFromOutside } from '../tree/walk-from-outside.ts';
import type { Systemd } from '../versions/systemd.ts';

export type ConfigKind = 'tmpfiles' | 'sysusers' | 'preset';

interface ConfigKindRow {
  /** Directory below /etc, /run, /usr/local/lib, /usr/lib. */
  readonly directory: string;
  readonly suffix: string;
  readonly phase: Phase;
}

export const configKinds: Readonly<Record<ConfigKind, ConfigKindRow>> = {
  tmpfiles: { directory: 'tmpfiles.d', suffix: '.conf', phase: 'tmpfiles' },
  sysusers: { directory: 'sysusers.d', suffix: '.conf', phase: 'sysusers' },
  preset: { directory: 'systemd/system-preset', suffix: '.preset', phase: 'preset' },
};

export interface ConfigFile {
  /** Path inside the image under which it was found, the search directory's own symlinks resolved. */
  readonly path: string;
  /** Basename, by which it overrides and is sorted. */
  readonly name: string;
  /** Text; empty for masks. Undefined if it exists but its content is not known. */
  readonly text: string | undefined;
  /** True if it is empty or a link to /dev/null. */
  readonly isMask: boolean;
  /** Files of the same name in directories of lower priority, best first. */
  readonly overrides: readonly string[];
}

export interface ConfigFiles {
  /** In reading order. */
  readonly files: readonly ConfigFile[];
  /** Files that cannot be read; none of them changes an exit status. */
  readonly messages: readonly Message[];
}

/** Search directories of a kind, best first. */
export function configDirectories(kind: ConfigKind, systemd: Systemd): string[] {
  const { directory } = configKinds[kind];
  const parents = ['/etc', '/run', '/usr/local/lib', '/usr/lib'];
  if (systemd.build.splitUsr) parents.push('/lib');
  return parents.map((parent) => `${parent}/${directory}`);
}

/** The files of a kind that systemd reads in a tree, winners only, sorted by basename bytes. */
export function findConfigFiles(tree: Tree, kind: ConfigKind, inputs: BootInputs): ConfigFiles {
  const { suffix } = configKinds[kind];
  const winners = new Map<string, { path: string; name: string; overrides: string[] }>();
  for (const directory of configDirectories(kind, inputs.systemd)) {
    const found = tree.walk(directory);
    if (found.kind !== 'found' || found.inode.type !== 'directory') continue;
    for (const name of found.inode.names()) {
      if (!name.endsWith(suffix) || isHiddenOrBackup(name)) continue;
      const path = joinPath(found.path, name);
      const winner = winners.get(name);
      if (winner !== undefined) {
        // With a merged /usr, /lib is /usr/lib once more.
        if (winner.path !== path) winner.overrides.push(path);
        continue;
      }
      if (kind === 'preset') {
        // preset-all opens whatever has the right name: a dangling link masks in all versions, a directory ends it.
        if (inputs.systemd.has('circular-config-link-passed-over') && !isResolvable(tree, path)) continue;
      } else if (!inputs.systemd.has('dangling-config-link-masks')) {
        // Newer versions look at the file first and pass over whatever is not a regular one, directories too.
        const opened = openConfig(tree, path, inputs);
        if (opened === undefined || opened.kind === 'unreadable') continue;
      }
      winners.set(name, { path, name, overrides: [] });
    }
  }
  const files: ConfigFile[] = [];
  const messages: Message[] = [];
  for (const winner of [...winners.values()].sort((a, b) => compareBytes(a.name, b.name))) {
    const opened = openConfig(tree, winner.path, inputs);
    if (opened === undefined) {
      files.push({ ...winner, text: '', isMask: true });
      continue;
    }
    if (opened.kind === 'unreadable') {
      messages.push({
        code: 'config-unreadable',
        severity: 'error',
        phase: configKinds[kind].phase,
        text: `cannot be read: ${opened.reason}`,
        place: { file: winner.path },
        subject: winner.path,
      });
      continue;
    }
    if (opened.kind === 'unknown') files.push({ ...winner, text: undefined, isMask: false });
    else files.push({ ...winner, text: decodeText(opened.bytes), isMask: opened.bytes.length === 0 });
  }
  return { files, messages };
}

/** False for links that lead in circles, through a file, or up from something missing. */
export function isResolvable(tree: Tree, path: string): boolean {
  return canEnd(tree.walk(path));
}

/**
 * The same as a process sees it that puts the root in front of the path and leaves the rest to the calling system, where the
 * image's circles do not exist.
 */
export function isResolvableFromOutside(tree: Tree, path: string): boolean {
  const found = walkFromOutside(tree, path);
  return found.kind === 'outside' || canEnd(found);
}

function canEnd(found: WalkResult): boolean {
  return found.kind === 'found' || (found.kind === 'missing' && !found.missing.includes('..'));
}

type Opened =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Undefined: does not exist (a dangling link). /dev/null reads as empty. */
function openConfig(tree: Tree, path: string, inputs: BootInputs): Opened | undefined {
  const entry = tree.lookup(path, { follow: false });
  if (entry?.type === 'symlink') {
    if (normalizeAbsolute(entry.target ?? '') === '/dev/null') return { kind: 'bytes', bytes: new Uint8Array() };
    // Offline, systemd opens the path by the calling system's root, so an absolute link leads outside the image.
    if (inputs.semantics === 'offline' && (entry.target ?? '').startsWith('/')) return undefined;
  }
  const found = tree.walk(path);
  if (found.kind === 'missing' || found.kind === 'not-a-directory') {
    if (found.kind === 'missing' && joinPath(found.path, found.missing.join('/')) === '/dev/null') {
      return { kind: 'bytes', bytes: new Uint8Array() };
    }
    return undefined;
  }
  if (found.kind !== 'found') return { kind: 'unreadable', reason: 'too many levels of symbolic links' };
  if (found.inode.type === 'char') return { kind: 'bytes', bytes: new Uint8Array() };
  if (found.inode.type !== 'file') return { kind: 'unreadable', reason: `is a ${found.inode.type}` };
  const content = found.inode.content;
  return content.kind === 'unknown' ? { kind: 'unknown' } : content;
}

function normalizeAbsolute(target: string): string {
  return target.startsWith('/') ? `/${pathComponents(target).join('/')}` : target;
}

const BACKUP_SUFFIXES = [
  '~',
  '.rpmnew',
  '.rpmsave',
  '.rpmorig',
  '.dpkg-old',
  '.dpkg-new',
  '.dpkg-tmp',
  '.dpkg-dist',
  '.dpkg-bak',
  '.dpkg-backup',
  '.dpkg-remove',
  '.ucf-new',
  '.ucf-old',
  '.ucf-dist',
  '.swp',
  '.bak',
  '.old',
  '.new',
];

/** File names that systemd passes over in every directory it lists. */
export function isHiddenOrBackup(name: string): boolean {
  return (
    name.startsWith('.') ||
    name === 'lost+found' ||
    name === 'aquota.user' ||
    name === 'aquota.group' ||
    BACKUP_SUFFIXES.some((suffix) => name.endsWith(suffix))
  );
}

/** Where --replace= puts the arguments of systemd-tmpfiles and systemd-sysusers among the configuration files. */

import type { BootInputs } from '../boot/boot-inputs.ts';
import { compareBytes } from '../text/bytes.ts';
import { baseName, parentPath, pathComponents, type Tree } from '../tree/tree.ts';
import { type ConfigFile, type ConfigFiles, type ConfigKind, configDirectories } from './config-files.ts';

/**
 * The files in reading order, with 'arguments' where a file of the replaced path would be read. The arguments are dropped
 * if a file of the same name lies in a directory of higher priority; one of lower priority makes room for them. Without a
 * path the files are as they were.
 */
export function insertReplacement(
  { files, messages }: ConfigFiles,
  kind: ConfigKind,
  replace: string | undefined,
  tree: Tree,
  inputs: BootInputs,
): readonly (ConfigFile | 'arguments')[] {
  if (replace === undefined) return files;
  const name = baseName(replace);
  const directories = configDirectories(kind, inputs.systemd);
  const { ownRank, isBetter } = inputs.systemd.has('replace-needs-directory')
    ? rankByInode(replace, directories, tree)
    : rankByPath(replace, directories);
  // A file that cannot be read holds its slot all the same.
  if (messages.some(({ place }) => place !== undefined && baseName(place.file) === name && isBetter(place.file))) {
    return files;
  }
  let at = 0;
  for (const [i, file] of files.entries()) {
    const order = compareBytes(file.name, name);
    if (order > 0) break;
    at = i + 1;
    if (order < 0) continue;
    if (isBetter(file.path)) return files;
    if (ownRank !== -1) return files.map((one, j) => (j === i ? 'arguments' : one));
  }
  return [...files.slice(0, at), 'arguments', ...files.slice(at)];
}

interface Ranking {
  /** Place of the replaced path's directory among the search directories; -1: it is none of them. */
  readonly ownRank: number;
  /** True if a file of the same name stays in spite of the arguments. */
  readonly isBetter: (path: string) => boolean;
}

/** Versions before 258 compare the texts of paths, and anything below a search directory counts as in it. */
function rankByPath(replace: string, directories: readonly string[]): Ranking {
  const rankOf = (path: string) => directories.findIndex((directory) => isBelow(path, directory));
  const ownRank = rankOf(replace);
  const own = pathComponents(replace).join('/');
  return {
    ownRank,
    isBetter: (path) => {
      const rank = rankOf(path);
      return rank !== -1 && (ownRank === -1 || rank <= ownRank) && pathComponents(path).join('/') !== own;
    },
  };
}

/** Later ones compare the directories themselves, so they must exist, and look for files without the masked ones. */
function rankByInode(replace: string, directories: readonly string[], tree: Tree): Ranking {
  const real = directories.map((directory) => realDirectory(tree, directory));
  const rankOf = (directory: string | undefined) => (directory === undefined ? -1 : real.indexOf(directory));
  const ownRank = rankOf(realDirectory(tree, parentPath(replace)));
  return {
    ownRank,
    isBetter: (path) => {
      if (tree.lookup(path, { follow: false })?.target === '/dev/null') return false;
      const rank = rankOf(parentPath(path));
      return rank !== -1 && (ownRank === -1 || rank < ownRank);
    },
  };
}

/** Where a directory really is; undefined if there is none. */
function realDirectory(tree: Tree, path: string): string | undefined {
  const found = tree.walk(path);
  return found.kind === 'found' && found.inode.type === 'directory' ? found.path : undefined;
}

function isBelow(path: string, directory: string): boolean {
  const parts = pathComponents(path);
  return pathComponents(directory).every((name, i) => parts[i] === name);
}

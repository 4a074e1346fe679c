/**
 * RuntimeDirectory=, StateDirectory=, CacheDirectory=, LogsDirectory= and ConfigurationDirectory= (systemd.exec(5)): what
 * they make, and what stands in their way.
 */

import { quoted } from '../../formats/unit/settings/grammar.ts';
import { parseUnitDirectories } from '../../formats/unit/settings/paths.ts';
import type { Inode } from '../../tree/inode.ts';
import { parentPath, type Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import type { Identity } from './identity.ts';
import { adjust, makeLink, makePath } from './make-path.ts';
import { checkMaking, confidenceOf } from './missing-path.ts';
import type { Obstacle } from './obstacle.ts';
import type { StartContext } from './start-context.ts';
import { modeOf, type PlacedText, placed, simplified } from './unit-settings.ts';

export interface DirectoryKind {
  readonly key: string;
  readonly base: string;
  readonly result: string;
  /** With DynamicUser= it lies below `private`, with a link beside it. */
  readonly isPrivate: boolean;
}

/** In the order in which the child makes them (exec_invoke of systemd). */
export const directoryKinds: readonly DirectoryKind[] = [
  { key: 'RuntimeDirectory', base: '/run', result: '233/RUNTIME_DIRECTORY', isPrivate: false },
  { key: 'StateDirectory', base: '/var/lib', result: '238/STATE_DIRECTORY', isPrivate: true },
  { key: 'CacheDirectory', base: '/var/cache', result: '239/CACHE_DIRECTORY', isPrivate: true },
  { key: 'LogsDirectory', base: '/var/log', result: '240/LOGS_DIRECTORY', isPrivate: true },
  { key: 'ConfigurationDirectory', base: '/etc', result: '241/CONFIGURATION_DIRECTORY', isPrivate: false },
];

interface ExecDirectory extends PlacedText {
  /** Names of links beside it. */
  readonly link: string | undefined;
}

function directoriesOf(unit: Unit, kind: DirectoryKind, context: StartContext): readonly ExecDirectory[] {
  const found: ExecDirectory[] = [];
  for (const value of unit.list(unit.ownSection, kind.key)) {
    const grammar = { systemd: context.inputs.systemd, key: kind.key };
    for (const directory of parseUnitDirectories(value.entry.value, grammar).directories) {
      const name = placed(unit, value, directory.path, directory.span);
      if (name === undefined) continue;
      const link = directory.link === undefined ? undefined : unit.expand(directory.link);
      found.push({ ...name, link: link?.kind === 'value' ? link.value : undefined });
    }
  }
  return found;
}

/** The paths of all of a unit's directories, as the unit sees them. */
export function execDirectoryPaths(unit: Unit, context: StartContext): readonly string[] {
  return directoryKinds.flatMap((kind) =>
    directoriesOf(unit, kind, context).map(({ text }) => simplified(`${kind.base}/${text}`)),
  );
}

/** NOBODY owns what an idmapped mount shows to a dynamic user. */
const NOBODY = 65534;

/** Makes the directories of one kind in the tree and says what cannot be made. */
export function setUpDirectories(
  unit: Unit,
  kind: DirectoryKind,
  identity: Identity,
  context: StartContext,
  tree: Tree,
): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  const mode = modeOf(unit, `${kind.key}Mode`, 0o755);
  const isPrivate = identity.isDynamic && kind.isPrivate;
  for (const directory of directoriesOf(unit, kind, context)) {
    const public_ = simplified(`${kind.base}/${directory.text}`);
    const path = isPrivate ? simplified(`${kind.base}/private/${directory.text}`) : public_;
    const fail = (obstacle: Pick<Obstacle, 'code' | 'cause' | 'message' | 'subject' | 'chain'>) =>
      obstacles.push({ ...obstacle, result: kind.result, confidence: confidenceOf(context), place: directory.place });
    const own = ownerOf(identity, isPrivate, context);
    if (isPrivate) {
      makePath(tree, `${kind.base}/private`, { type: 'directory', mode: 0o700 }, directory.place);
      moveToPrivate(tree, public_, path);
    }
    const there = tree.lookup(path, { follow: false });
    if (there !== undefined && there.type !== 'directory') {
      const leads = tree.lookup(path);
      // An existing configuration directory is only looked at, whatever it is.
      if (kind.key === 'ConfigurationDirectory' && leads !== undefined) continue;
      fail({
        code: 'directory-occupied',
        cause: 'other',
        message: `${quoted(path)} of ${kind.key}= is ${there.type === 'symlink' ? 'a link' : 'not a directory'}`,
        subject: path,
        chain: there.causes.map((cause) => ({ ...cause, message: `${quoted(path)} is made here` })),
      });
      continue;
    }
    if (there !== undefined) {
      if (kind.key !== 'ConfigurationDirectory') adjust(there, { mode, ...own }, directory.place);
    } else {
      const check = checkMaking(context, tree, path, true);
      if (check.kind === 'read-only') {
        fail({
          code: 'directory-read-only',
          cause: 'read-only',
          message: `${quoted(path)} of ${kind.key}= cannot be made: ${quoted(check.at)} is read-only`,
          subject: path,
          chain: [],
        });
        continue;
      }
      if (check.kind === 'no-parent') {
        fail({
          code: 'directory-occupied',
          cause: 'other',
          message: `${quoted(path)} of ${kind.key}= cannot be made: ${check.reason}`,
          subject: path,
          chain: [],
        });
        continue;
      }
      makePath(tree, path, { type: 'directory', mode, ...definedOwner(own) }, directory.place);
      const made = tree.lookup(path, { follow: false });
      if (made !== undefined) {
        made.uid = own.uid;
        made.gid = own.gid;
      }
    }
    if (isPrivate) makeLink(tree, public_, linkTarget(public_, path), directory.place);
    if (directory.link !== undefined) {
      const link = `${kind.base}/${directory.link}`;
      makeLink(tree, link, linkTarget(link, public_), directory.place);
    }
  }
  return obstacles;
}

interface Owner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

function definedOwner(owner: Owner): { readonly uid?: number; readonly gid?: number } {
  return {
    ...(owner.uid === undefined ? {} : { uid: owner.uid }),
    ...(owner.gid === undefined ? {} : { gid: owner.gid }),
  };
}

function ownerOf(identity: Identity, isPrivate: boolean, context: StartContext): Owner {
  const isMapped = isPrivate && context.inputs.systemd.has('unit-private-directories-idmapped');
  return isMapped ? { uid: NOBODY, gid: NOBODY } : { uid: identity.uid, gid: identity.gid };
}

/** A directory that is there from a time without DynamicUser= is moved below `private`. */
function moveToPrivate(tree: Tree, from: string, to: string): void {
  const there: Inode | undefined = tree.lookup(from, { follow: false });
  if (there?.type !== 'directory' || tree.lookup(to, { follow: false }) !== undefined) return;
  const target = tree.lookup(parentPath(to));
  const source = tree.lookup(parentPath(from));
  if (target?.type !== 'directory' || source === undefined) return;
  target.set(to.slice(to.lastIndexOf('/') + 1), there);
  source.remove(from.slice(from.lastIndexOf('/') + 1));
}

/** A link's relative target. */
function linkTarget(link: string, target: string): string {
  const from = parentPath(link).split('/').slice(1);
  const to = target.split('/').slice(1);
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common += 1;
  return [
    ...from
      .slice(common)
      .filter((part) => part !== '')
      .map(() => '..'),
    ...to.slice(common),
  ].join('/');
}

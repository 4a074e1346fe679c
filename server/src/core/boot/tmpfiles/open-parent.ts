/** Reaching the directory of a path before anything is done in it: inside the root, by the safe rule (semantics 2.8). */

import type { Inode } from '../../tree/inode.ts';
import { baseName, parentPath, pathComponents } from '../../tree/tree.ts';
import type { Item } from './item.ts';
import { isNameTooLong, type Location } from './new-inode.ts';
import type { Run } from './run.ts';

/** The directory of a path, walked inside the root by the safe rule; undefined, and a failure, if it cannot be reached. */
export function openParent(run: Run, item: Item, path: string): Location | undefined {
  if (path === '/') {
    run.fail(item, path, 'path-is-root', 'the root directory itself cannot be made or written');
    return undefined;
  }
  if (!isNormalized(run, item, path)) return undefined;
  const directory = parentPath(path);
  const found = run.walkSafely(directory, { follow: true });
  if (found.kind === 'unsafe') return failUnsafe(run, item, path, found);
  if (found.kind !== 'found') {
    const why =
      found.kind === 'loop' ? 'has too many symlinks' : found.kind === 'missing' ? 'does not exist' : 'is no directory';
    const related = found.kind === 'not-a-directory' ? run.originOf(found.inode) : undefined;
    run.fail(item, path, unreachableCodes[found.kind], `"${directory}", which should hold "${path}", ${why}`, related);
    return undefined;
  }
  if (found.inode.type !== 'directory') {
    if (item.type.makes === 'directory') {
      // The tool takes the failure for one of the path itself and lets it pass.
      reportWrongType(run, item, found.inode, directory, 'error', 'directory');
      return undefined;
    }
    const text = `"${directory}", which should hold "${path}", is no directory but a ${found.inode.type}`;
    run.fail(item, path, 'parent-not-directory', text, run.originOf(found.inode));
    return undefined;
  }
  return { parent: found.inode, parentPath: found.path, name: baseName(path) };
}

/** Codes of the ways in which a walk can end early. */
export const unreachableCodes = {
  missing: 'parent-missing',
  'not-a-directory': 'parent-not-directory',
  loop: 'parent-loop',
} as const;

/** False, and a failure, for a path with `..`, empty components or names that are too long. */
export function isNormalized(run: Run, item: Item, path: string): boolean {
  const names = pathComponents(path);
  // A pattern may match by a path with empty components.
  if (names.includes('..') || /\/\/|\/\.(?:\/|$)/.test(path))
    return run.fail(item, path, 'path-not-normalized', `"${path}" is not a plain path`);
  if (!names.some(isNameTooLong)) return true;
  return run.fail(item, path, 'name-too-long', `"${path}" contains a name that is too long`);
}

/** The failure for a step that the safe rule forbids. */
export function failUnsafe(
  run: Run,
  item: Item,
  path: string,
  step: { readonly from: string; readonly to: string },
): undefined {
  const text = `the walk to "${path}" goes from "${step.from}" to "${step.to}", which another user owns`;
  const inode = run.tree.lookup(step.to, { follow: false });
  run.fail(item, path, 'unsafe-transition', text, inode === undefined ? undefined : run.originOf(inode));
  return undefined;
}

/** Says that something of another type is at a path and stays; that is no failure. */
export function reportWrongType(
  run: Run,
  item: Item,
  present: Inode,
  path: string,
  severity: 'error' | 'warning' | 'info',
  wanted: string,
): void {
  const text = `"${path}" exists and is no ${wanted} but a ${present.type}, so it is left as it is`;
  const related = run.originOf(present);
  run.say(
    item,
    severity,
    'wrong-type-kept',
    text,
    related === undefined ? { subject: path } : { subject: path, related },
  );
}

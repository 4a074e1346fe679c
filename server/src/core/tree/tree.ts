/**
 * The simulated file system: a mutable tree over an image, with path walking as the kernel and systemd's chase() do it.
 * Symlinks never lead outside the root: `..` stops there and absolute targets start there.
 */

import type { ImageNode } from '../image/image.ts';
import type { Cause } from '../problems/problem.ts';
import { type ForkNode, Inode, type NewInode } from './inode.ts';

/** The kernel's limit is 40 (MAXSYMLINKS), systemd's chase() gives up at its 32nd symlink (CHASE_MAX). */
const SYMLINKS_MAX = 32;

const SLASH = 47;
const DOT = 46;

export interface WalkOptions {
  /** Whether a symlink as the last component is followed. Default: true. */
  readonly follow?: boolean;
  /**
   * Refuse a step from an inode of a non-root user to an inode of another user (tmpfiles' rule, semantics 2.8).
   * Default: false.
   */
  readonly safe?: boolean;
  /** With `safe`: the step after a relative symlink is judged from the symlink, not from its directory (systemd before 253). */
  readonly linksOwnSteps?: boolean;
}

export type WalkResult =
  | {
      readonly kind: 'found';
      readonly inode: Inode;
      readonly path: string;
      readonly parent: Inode;
      readonly name: string;
    }
  /** The walk stopped at `parent` (a directory), because it has no `missing[0]`; `path` is the parent's real path. */
  | { readonly kind: 'missing'; readonly parent: Inode; readonly path: string; readonly missing: readonly string[] }
  | { readonly kind: 'not-a-directory'; readonly inode: Inode; readonly path: string }
  | { readonly kind: 'loop'; readonly path: string }
  /** `from` and `to` are the real paths of the two inodes whose owners forbid the step. */
  | { readonly kind: 'unsafe'; readonly from: string; readonly to: string };

/** Joins an absolute directory path and a name. */
export function joinPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** Path components without empty ones and `.`; `..` stays. */
export function pathComponents(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** The directory part of an absolute path; `/` for `/` and its children. */
export function parentPath(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? '/' : path.slice(0, cut);
}

/** The last component of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export class Tree {
  readonly root: Inode;
  /** Real paths of read-only mounts; writing at or below one fails (EROFS), except at or below `writable`. */
  readOnly: readonly string[] = [];
  /** Real paths of writable mounts inside read-only ones. */
  writable: readonly string[] = [];
  readonly #identities = new Map<string, Inode>();

  /** A tree over an image's root, or, without one, an empty directory 0755 root:root. */
  constructor(root?: ImageNode | Inode) {
    if (root instanceof Inode) this.root = root;
    else this.root = root === undefined ? Inode.create({ type: 'directory', mode: 0o755 }) : this.adopt(root);
  }

  /**
   * A tree that starts as this one stands and changes without changing it. Neither should this one be changed afterwards:
   * what the fork has not looked at yet would change with it. Hard links stay one inode.
   */
  fork(): Tree {
    const forks = new Map<Inode, Inode>();
    const adopt = (node: ImageNode): Inode => {
      // Every child of a fork's node is such a node itself.
      const { inode } = node as ForkNode;
      let copy = forks.get(inode);
      if (copy === undefined) {
        copy = Inode.forkOf(inode, adopt);
        forks.set(inode, copy);
      }
      return copy;
    };
    const fork = new Tree(adopt(this.root.asNode()));
    fork.readOnly = this.readOnly;
    fork.writable = this.writable;
    return fork;
  }

  /** True if the file system that holds a real path is mounted read-only; the longest matching mount decides. */
  isReadOnly(realPath: string): boolean {
    return longestPrefix(this.readOnly, realPath) > longestPrefix(this.writable, realPath);
  }

  /** The inode for an image's node; hard links give one inode. */
  adopt(node: ImageNode): Inode {
    const known = node.identity === undefined ? undefined : this.#identities.get(node.identity);
    if (known !== undefined) return known;
    const inode = Inode.from(node, (child) => this.adopt(child));
    if (node.identity !== undefined) this.#identities.set(node.identity, inode);
    return inode;
  }

  /** Walks an absolute path from the root, following symlinks inside the root. `..` at the root stays there. */
  walk(path: string, options: WalkOptions = {}): WalkResult {
    return (options.safe ? undefined : this.#walkPlain(path, options.follow ?? true)) ?? this.#walkFully(path, options);
  }

  /** The walk of nearly all paths: no symlink to follow, no `.` and `..`. Undefined if it turns out otherwise. */
  #walkPlain(path: string, follow: boolean): WalkResult | undefined {
    let inode = this.root;
    let parent = inode;
    let name = '';
    for (let at = 0; at < path.length; ) {
      if (path.charCodeAt(at) === SLASH) {
        at += 1;
        continue;
      }
      if (path.charCodeAt(at) === DOT) {
        const next = path.charCodeAt(at + 1);
        if (Number.isNaN(next) || next === SLASH || next === DOT) return undefined;
      }
      let end = path.indexOf('/', at);
      if (end === -1) end = path.length;
      if (inode.type !== 'directory') {
        if (inode.type === 'symlink') return undefined;
        return { kind: 'not-a-directory', inode, path: plainPrefix(path, at) };
      }
      name = path.slice(at, end);
      const child = inode.child(name);
      if (child === undefined) {
        return { kind: 'missing', parent: inode, path: plainPrefix(path, at), missing: restComponents(path, at, end) };
      }
      parent = inode;
      inode = child;
      at = end;
    }
    if (inode.type === 'symlink' && follow) return undefined;
    return { kind: 'found', inode, path: plainPrefix(path, path.length), parent, name };
  }

  #walkFully(path: string, options: WalkOptions): WalkResult {
    const follow = options.follow ?? true;
    const pending = pathComponents(path).reverse();
    // The directories passed, so that `..` can go back: [inode, real path].
    const passed: { inode: Inode; path: string; name: string }[] = [{ inode: this.root, path: '/', name: '' }];
    let symlinks = 0;
    // The symlink just followed, where its owner counts for the next step.
    let link: { inode: Inode; path: string } | undefined;
    while (pending.length > 0) {
      const name = pending.pop() as string;
      const here = passed[passed.length - 1] as { inode: Inode; path: string; name: string };
      const judged = link ?? here;
      if (here.inode.type !== 'directory') return { kind: 'not-a-directory', inode: here.inode, path: here.path };
      if (name === '..') {
        if (passed.length > 1) {
          const above = passed[passed.length - 2] as { inode: Inode; path: string };
          if (options.safe && isUnsafeStep(judged.inode, above.inode)) {
            return { kind: 'unsafe', from: judged.path, to: above.path };
          }
          passed.pop();
          link = undefined;
        }
        continue;
      }
      const child = here.inode.child(name);
      if (child === undefined) {
        return { kind: 'missing', parent: here.inode, path: here.path, missing: [name, ...pending.reverse()] };
      }
      const childPath = joinPath(here.path, name);
      if (options.safe && isUnsafeStep(judged.inode, child)) {
        return { kind: 'unsafe', from: judged.path, to: childPath };
      }
      link = undefined;
      if (child.type === 'symlink' && (follow || pending.length > 0)) {
        symlinks += 1;
        if (symlinks >= SYMLINKS_MAX) return { kind: 'loop', path: childPath };
        const target = child.target;
        if (target === undefined) {
          // Nobody knows where the link leads (undefined order of presets), so the walk ends at it.
          return { kind: 'missing', parent: here.inode, path: here.path, missing: [name, ...pending.reverse()] };
        }
        if (target.startsWith('/')) {
          if (options.safe && isUnsafeStep(child, this.root)) return { kind: 'unsafe', from: childPath, to: '/' };
          passed.length = 1;
        } else if (options.linksOwnSteps) link = { inode: child, path: childPath };
        pending.push(...pathComponents(target).reverse());
        continue;
      }
      passed.push({ inode: child, path: childPath, name });
    }
    const last = passed[passed.length - 1] as { inode: Inode; path: string; name: string };
    const above = passed[passed.length - 2]?.inode ?? this.root;
    return { kind: 'found', inode: last.inode, path: last.path, parent: above, name: last.name };
  }

  /** The inode at a path, symlinks followed (also the last, unless told otherwise); undefined if there is none. */
  lookup(path: string, options: WalkOptions = {}): Inode | undefined {
    const result = this.walk(path, options);
    return result.kind === 'found' ? result.inode : undefined;
  }

  /** Creates the inode at a path whose parent exists, replacing what is there. Undefined if the parent does not exist. */
  place(path: string, start: NewInode): Inode | undefined {
    const parent = this.lookup(parentPath(path));
    if (parent === undefined || parent.type !== 'directory') return undefined;
    const inode = Inode.create(start);
    parent.set(baseName(path), inode);
    return inode;
  }

  /**
   * The directory at a path, made with its missing parents (0755 root:root, umask does not apply) if need be.
   * Undefined if something that is not a directory stands in the way.
   */
  ensureDirectory(path: string, cause: Cause): Inode | undefined {
    let inode = this.root;
    let at = '/';
    for (const name of pathComponents(path)) {
      at = joinPath(at, name);
      const found = this.walk(at);
      if (found.kind === 'found') {
        if (found.inode.type !== 'directory') return undefined;
        inode = found.inode;
        continue;
      }
      if (found.kind !== 'missing' || found.missing.length > 1) return undefined;
      const made = Inode.create({ type: 'directory', mode: 0o755, cause });
      found.parent.set(found.missing[0] ?? name, made);
      inode = made;
    }
    return inode;
  }
}

/** Length of the longest of the paths that is the given path or one of its ancestors, 0 if none is. */
function longestPrefix(paths: readonly string[], path: string): number {
  let longest = 0;
  for (const prefix of paths) {
    const isInside = prefix === '/' || path === prefix || path.startsWith(`${prefix}/`);
    if (isInside && prefix.length > longest) longest = prefix.length;
  }
  return longest;
}

/** The components from an offset on, of which the first is known to end at another; mostly it is the last. */
function restComponents(path: string, at: number, end: number): string[] {
  return end === path.length ? [path.slice(at)] : pathComponents(path.slice(at));
}

/** A path's text up to an offset, without double and trailing slashes. */
function plainPrefix(path: string, end: number): string {
  const prefix = path.slice(0, end);
  if (!prefix.includes('//') && !(prefix.length > 1 && prefix.endsWith('/')) && prefix.startsWith('/')) return prefix;
  return `/${pathComponents(prefix).join('/')}`;
}

/** True if systemd's chase() with CHASE_SAFE refuses to go on from one inode to the next. */
export function isUnsafeStep(from: Inode, to: Inode): boolean {
  return from.uid !== undefined && from.uid !== 0 && to.uid !== undefined && to.uid !== from.uid;
}

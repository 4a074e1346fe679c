/**
 * The tree that the members of an archive make, as unpacking them in order would: later members win, missing parents are
 * made, parents that are symlinks are followed inside the tree. Nothing is written anywhere, and no name leaves the root.
 */

import type { FileContent, ImageNode, ImageProblem, InodeType } from '../core/image/image.ts';

/** One member, its name already taken apart. */
export interface ArchiveMember {
  readonly type: InodeType;
  readonly mode: number;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly size: number;
  readonly modified: bigint;
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly content: FileContent;
}

class ArchiveNode implements ImageNode {
  readonly type: InodeType;
  mode: number | undefined;
  uid: number | undefined;
  gid: number | undefined;
  size: number | undefined;
  modified: bigint | undefined;
  target?: string;
  device?: { readonly major: number; readonly minor: number };
  identity?: string;
  content: FileContent | undefined;
  children: Map<string, ArchiveNode> | undefined;

  constructor(type: InodeType) {
    this.type = type;
  }

  names(): readonly string[] {
    return this.children === undefined ? [] : [...this.children.keys()];
  }

  child(name: string): ArchiveNode | undefined {
    return this.children?.get(name);
  }

  read(): FileContent {
    if (this.type === 'file' && this.content !== undefined) return this.content;
    this.content ??= { kind: 'unreadable', reason: `is not a regular file but a ${this.type}` };
    return this.content;
  }
}

/** The kernel's own limit (MAXSYMLINKS). */
const SYMLINKS_MAX = 40;
/** No file system takes longer paths (PATH_MAX); a deeper tree is an attack on recursive readers. */
const PATH_MAX = 4096;
const DEPTH_MAX = 1024;
const PROBLEMS_MAX = 1000;

export class ArchiveTree {
  readonly root = new ArchiveNode('directory');
  readonly problems: ImageProblem[] = [];
  /** Nodes made so far, implied directories included. */
  nodeCount = 1;
  #identities = 0;

  /** Adds a member under the name that the archive gives it. */
  add(name: string, member: ArchiveMember): void {
    const components = this.#components(name);
    if (components === undefined) return;
    const last = components.pop();
    if (last === undefined) {
      if (member.type === 'directory') setAttributes(this.root, member);
      return;
    }
    const parent = this.#directory(components, name);
    if (parent === undefined) return;
    const existing = parent.children?.get(last);
    if (member.type === 'directory' && existing?.type === 'directory') {
      setAttributes(existing, member);
      return;
    }
    const node = this.#make(member.type);
    setAttributes(node, member);
    setChild(parent, last, node);
  }

  /** Adds another name for a member that came before. */
  addHardLink(name: string, target: string): void {
    const components = this.#components(name);
    const last = components?.pop();
    if (components === undefined || last === undefined) return;
    const node = this.#find(target);
    if (node === undefined || node.type === 'directory') {
      this.report(name, `is a hard link to "${target}", which is not a file that comes before it in the archive`);
      return;
    }
    const parent = this.#directory(components, name);
    if (parent === undefined) return;
    if (node.identity === undefined) {
      this.#identities += 1;
      node.identity = `archive:${this.#identities}`;
    }
    setChild(parent, last, node);
  }

  /** The node at a path, symlinks not followed; undefined if there is none. */
  find(path: string): ArchiveNode | undefined {
    let node: ArchiveNode | undefined = this.root;
    for (const name of path.split('/')) if (name !== '' && name !== '.') node = node?.children?.get(name);
    return node;
  }

  report(name: string, message: string): void {
    if (this.problems.length > PROBLEMS_MAX) return;
    const path = name.startsWith('/') ? name : `/${name}`;
    const isLast = this.problems.length === PROBLEMS_MAX;
    this.problems.push(
      isLast ? { path: '/', message: 'more problems of this archive are not shown' } : { path, message },
    );
  }

  /** The components of a member's name; undefined, with a problem, if it cannot stand for a place below the root. */
  #components(name: string): string[] | undefined {
    if (name.length > PATH_MAX) {
      this.report(`${name.slice(0, 60)}…`, `was left out: its name is longer than ${PATH_MAX} bytes`);
      return undefined;
    }
    const components: string[] = [];
    for (const component of name.split('/')) {
      if (component === '' || component === '.') continue;
      if (component === '..') {
        this.report(name, 'was left out: its name contains ".."');
        return undefined;
      }
      components.push(component);
    }
    return components;
  }

  #find(target: string): ArchiveNode | undefined {
    const components = target.split('/').filter((name) => name !== '' && name !== '.');
    const last = components.pop();
    if (last === undefined || last === '..' || components.includes('..')) return undefined;
    const parent = this.#walk(components, 'find');
    return parent instanceof ArchiveNode ? parent.children?.get(last) : undefined;
  }

  #directory(components: readonly string[], name: string): ArchiveNode | undefined {
    const found = this.#walk(components, 'make');
    if (found instanceof ArchiveNode) return found;
    this.report(name, `was left out: ${found}`);
    return undefined;
  }

  /** The directory at the components, symlinks followed inside the tree, or why there is none. */
  #walk(components: readonly string[], missing: 'make' | 'find'): ArchiveNode | string {
    const passed = [this.root];
    const pending = components.toReversed();
    let symlinks = 0;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '..') {
        if (passed.length > 1) passed.pop();
        continue;
      }
      const here = passed[passed.length - 1] ?? this.root;
      let next = here.children?.get(name);
      if (next === undefined) {
        if (missing === 'find') return 'its directory does not exist';
        next = this.#make('directory');
        setChild(here, name, next);
      }
      if (next.type === 'symlink') {
        symlinks += 1;
        if (symlinks > SYMLINKS_MAX) return 'its directory goes through too many symbolic links';
        const target = next.target ?? '';
        if (target.startsWith('/')) passed.length = 1;
        for (const component of target.split('/').reverse()) {
          if (component !== '' && component !== '.') pending.push(component);
        }
        continue;
      }
      if (next.type !== 'directory') return `what should be its directory is a ${next.type}`;
      if (passed.length > DEPTH_MAX) return `it lies more than ${DEPTH_MAX} directories deep`;
      passed.push(next);
    }
    return passed[passed.length - 1] ?? this.root;
  }

  #make(type: InodeType): ArchiveNode {
    this.nodeCount += 1;
    return new ArchiveNode(type);
  }
}

function setAttributes(node: ArchiveNode, member: ArchiveMember): void {
  node.mode = member.mode;
  node.uid = member.uid;
  node.gid = member.gid;
  node.modified = member.modified;
  if (member.target !== undefined) node.target = member.target;
  if (member.device !== undefined) node.device = member.device;
  if (member.type !== 'file') return;
  node.size = member.size;
  node.content = member.content;
}

function setChild(parent: ArchiveNode, name: string, node: ArchiveNode): void {
  parent.children ??= new Map();
  parent.children.set(name, node);
}

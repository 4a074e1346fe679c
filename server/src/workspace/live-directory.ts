/**
 * A directory whose entries can change while it is looked at: the host's nodes with the editor's buffers and what the file
 * watcher reported laid over them. What is not touched keeps its nodes, and so everything that was parsed of them.
 */

import type { FileContent, ImageNode, InodeType } from '../core/image/image.ts';
import { MemoryNode } from '../core/image/memory-image.ts';
import { encodeText } from '../core/text/bytes.ts';

/** What stands at a path instead of the host's node; `null`: nothing. */
export type Replacement = ImageNode | null;

/** A directory of the host, or one that only exists because something was put into it (`host` undefined). */
export class LiveDirectory implements ImageNode {
  readonly type: InodeType = 'directory';
  #host: ImageNode | undefined;
  #replaced: Map<string, Replacement> | undefined;
  readonly #directories = new Map<string, LiveDirectory>();

  constructor(host: ImageNode | undefined) {
    this.#host = host?.type === 'directory' ? host : undefined;
  }

  get mode(): number | undefined {
    return this.#host === undefined ? 0o755 : this.#host.mode;
  }

  get uid(): number | undefined {
    return this.#host === undefined ? 0 : this.#host.uid;
  }

  get gid(): number | undefined {
    return this.#host === undefined ? 0 : this.#host.gid;
  }

  get size(): undefined {
    return undefined;
  }

  get modified(): bigint | undefined {
    return this.#host?.modified;
  }

  names(): readonly string[] {
    const names = this.#host?.names() ?? [];
    if (this.#replaced === undefined) return names;
    const all = new Set(names);
    for (const [name, node] of this.#replaced) {
      if (node === null) all.delete(name);
      else all.add(name);
    }
    return [...all];
  }

  child(name: string): ImageNode | undefined {
    const replaced = this.#replaced?.get(name);
    if (replaced !== undefined) return replaced ?? undefined;
    const known = this.#directories.get(name);
    if (known !== undefined) return known;
    const node = this.#host?.child(name);
    if (node?.type !== 'directory') return node;
    const directory = new LiveDirectory(node);
    this.#directories.set(name, directory);
    return directory;
  }

  read(): FileContent {
    return { kind: 'unreadable', reason: 'is a directory' };
  }

  /** Lays a node over the path; missing directories on the way come to be. Files on the way give way to them. */
  replace(path: readonly string[], node: Replacement): void {
    const [name, ...rest] = path;
    if (name === undefined) return;
    if (rest.length > 0) {
      const next = this.child(name);
      if (next instanceof LiveDirectory) next.replace(rest, node);
      else if (node !== null) {
        const made = new LiveDirectory(undefined);
        made.replace(rest, node);
        this.#set(name, made);
      }
      return;
    }
    this.#directories.delete(name);
    this.#set(name, node?.type === 'directory' ? new LiveDirectory(node) : node);
  }

  #set(name: string, node: Replacement): void {
    this.#replaced ??= new Map();
    this.#replaced.set(name, node);
  }
}

/** A file as the editor has it, with the rights of the one on disk. */
export function bufferNode(text: string, onDisk: ImageNode | undefined): ImageNode {
  const isFile = onDisk?.type === 'file';
  return new MemoryNode('file', {
    mode: isFile ? onDisk.mode : 0o644,
    uid: isFile ? onDisk.uid : 0,
    gid: isFile ? onDisk.gid : 0,
    content: encodeText(text),
  });
}

/** The node at a path below a directory, symlinks not followed. */
export function nodeAt(root: ImageNode | undefined, path: readonly string[]): ImageNode | undefined {
  let node = root;
  for (const name of path) node = node?.child(name);
  return node;
}

/** Links that are followed at most, as in Linux. */
const MOST_LINKS = 40;

/**
 * A path below a directory after the symlinks on the way; `final: false` leaves the last part as it is. Absolute links lead
 * out of what an editor sees, and stay; so do those that lead out of the directory or nowhere.
 */
export function resolveLinks(
  root: ImageNode,
  path: string,
  { final = true }: { readonly final?: boolean } = {},
): string {
  const left = path.split('/').reverse();
  const resolved: string[] = [];
  const nodes: (ImageNode | undefined)[] = [root];
  let links = 0;
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (resolved.pop() === undefined) return path;
      nodes.pop();
      continue;
    }
    const node = nodes.at(-1)?.child(name);
    if (node?.type === 'symlink' && node.target !== undefined && (final || left.length > 0)) {
      links += 1;
      if (node.target.startsWith('/') || links > MOST_LINKS) return path;
      left.push(...node.target.split('/').reverse());
      continue;
    }
    resolved.push(name);
    nodes.push(node);
  }
  return resolved.join('/');
}

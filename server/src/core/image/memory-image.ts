/** Images held in memory: for tests, archives and generated bases. */

import { encodeText } from '../text/bytes.ts';
import type { FileContent, Image, ImageNode, InodeType } from './image.ts';

const NO_NAMES: readonly string[] = [];

/** Attributes of a node; what is left out is unknown, except that `content` of a file defaults to empty. */
export interface MemoryNodeOptions {
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly size?: number | undefined;
  readonly modified?: bigint | undefined;
  readonly target?: string | undefined;
  readonly device?: { readonly major: number; readonly minor: number } | undefined;
  readonly content?: FileContent | Uint8Array | string | undefined;
  readonly identity?: string | undefined;
  readonly origin?: string | undefined;
}

/** A node whose children are held in a map. Builders may add children until the image is handed out. */
export class MemoryNode implements ImageNode {
  readonly type: InodeType;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly size: number | undefined;
  readonly modified: bigint | undefined;
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly identity?: string;
  readonly origin?: string;
  readonly #content: FileContent;
  #children: Map<string, ImageNode> | undefined;

  constructor(type: InodeType, options: MemoryNodeOptions = {}) {
    this.type = type;
    this.mode = options.mode;
    this.uid = options.uid;
    this.gid = options.gid;
    this.modified = options.modified;
    if (options.target !== undefined) this.target = options.target;
    if (options.device !== undefined) this.device = options.device;
    if (options.identity !== undefined) this.identity = options.identity;
    if (options.origin !== undefined) this.origin = options.origin;
    this.#content = contentOf(type, options.content);
    this.size = options.size ?? (this.#content.kind === 'bytes' ? this.#content.bytes.length : undefined);
  }

  names(): readonly string[] {
    return this.#children === undefined ? NO_NAMES : [...this.#children.keys()];
  }

  child(name: string): ImageNode | undefined {
    return this.#children?.get(name);
  }

  read(): FileContent {
    return this.#content;
  }

  /** Adds or replaces an entry. */
  set(name: string, node: ImageNode): void {
    this.#children ??= new Map();
    this.#children.set(name, node);
  }

  /** Removes an entry. */
  delete(name: string): void {
    this.#children?.delete(name);
  }
}

function contentOf(type: InodeType, content: FileContent | Uint8Array | string | undefined): FileContent {
  if (type !== 'file') return { kind: 'unreadable', reason: `is not a regular file but a ${type}` };
  if (content === undefined) return { kind: 'bytes', bytes: new Uint8Array() };
  if (typeof content === 'string') return { kind: 'bytes', bytes: encodeText(content) };
  return content instanceof Uint8Array ? { kind: 'bytes', bytes: content } : content;
}

/** A root directory with the usual rights, to which a builder adds entries. */
export function emptyRoot(): MemoryNode {
  return new MemoryNode('directory', { mode: 0o755, uid: 0, gid: 0 });
}

/** The directory at an absolute path below a memory root; missing ones are made with mode 0755, root-owned. */
export function ensureDirectory(root: MemoryNode, path: string): MemoryNode {
  let node = root;
  for (const name of path.split('/')) {
    if (name === '') continue;
    const next = node.child(name);
    if (next instanceof MemoryNode && next.type === 'directory') {
      node = next;
      continue;
    }
    const made = new MemoryNode('directory', { mode: 0o755, uid: 0, gid: 0 });
    node.set(name, made);
    node = made;
  }
  return node;
}

/** Puts a node at an absolute path of a memory root, making parents. */
export function placeNode(root: MemoryNode, path: string, node: ImageNode): void {
  const cut = path.lastIndexOf('/');
  ensureDirectory(root, path.slice(0, cut)).set(path.slice(cut + 1), node);
}

/** An image of a finished root. All paths are its own. */
export function memoryImage(label: string, root: ImageNode, options: Partial<Image> = {}): Image {
  return { label, root, completeness: 'complete', isOwn: () => true, problems: () => [], ...options };
}

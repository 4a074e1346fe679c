/** A mutable inode of the simulated tree, made from an image's node when a walk first meets it, or by a phase. */

import type { FileContent, ImageNode, InodeType } from '../image/image.ts';
import type { Cause } from '../problems/problem.ts';

/** Something attached to an inode that has no place in a plain listing: ACLs, extended attributes, file attributes. */
export interface InodeFact {
  readonly kind: 'acl' | 'default-acl' | 'xattr' | 'attributes' | 'capabilities';
  readonly text: string;
  readonly cause: Cause;
}

/** What a new inode needs; everything else starts empty. */
export interface NewInode {
  readonly type: InodeType;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly content?: FileContent;
  readonly cause?: Cause;
}

const EMPTY: FileContent = { kind: 'bytes', bytes: new Uint8Array() };
const NO_CAUSES: readonly Cause[] = [];

/**
 * Modes, owners, links and content of one inode as they stand now, with the causes in the order they came.
 * An inode that stands for an image's node reads its children and content from there until they are changed.
 */
export class Inode {
  type: InodeType;
  /** Permission bits 0…07777; undefined if the image does not tell. */
  mode: number | undefined;
  uid: number | undefined;
  gid: number | undefined;
  target: string | undefined;
  device: { readonly major: number; readonly minor: number } | undefined;
  facts: readonly InodeFact[] = [];
  /** In the order in which they happened; empty if the inode is as the image shipped it. */
  causes: readonly Cause[];
  /** The image's node that this inode stands for; undefined if a phase made it. */
  readonly lower: ImageNode | undefined;
  #content: FileContent | undefined;
  /** Entries met or set so far; null marks a removed one. Entries not in the map are still the lower node's. */
  #entries: Map<string, Inode | null> | undefined;
  readonly #adopt: (node: ImageNode) => Inode;
  /** This inode as the node below its forks; one object, so that a fork can be compared with what it came from. */
  #forkNode: ForkNode | undefined;

  private constructor(
    like: Pick<Inode | ImageNode, 'type' | 'mode' | 'uid' | 'gid' | 'target' | 'device'>,
    lower: ImageNode | undefined,
    adopt: (node: ImageNode) => Inode,
  ) {
    this.type = like.type;
    this.mode = like.mode;
    this.uid = like.uid;
    this.gid = like.gid;
    this.target = like.target;
    this.device = like.device;
    this.causes = NO_CAUSES;
    this.lower = lower;
    this.#adopt = adopt;
  }

  /** A new inode made by a phase. Owner and group default to root. */
  static create(start: NewInode): Inode {
    const { mode, uid = 0, gid = 0, content = EMPTY, cause } = start;
    const inode = new Inode({ ...start, mode, uid, gid }, undefined, neverAdopt);
    inode.#content = content;
    if (cause !== undefined) inode.causes = [cause];
    return inode;
  }

  /** The inode for a node of an image. `adopt` makes the inodes of its children. */
  static from(node: ImageNode, adopt: (node: ImageNode) => Inode): Inode {
    return new Inode(node, node, adopt);
  }

  /**
   * A copy on write of another tree's inode: it starts with its properties, causes and facts, and reads children and content
   * through it. The other one must not change any more. `adopt` makes the copies of its children, whose nodes are `ForkNode`s.
   */
  static forkOf(inode: Inode, adopt: (node: ImageNode) => Inode): Inode {
    const fork = new Inode(inode, inode.asNode(), adopt);
    fork.facts = inode.facts;
    fork.causes = inode.causes;
    return fork;
  }

  /** This inode as what lies below a fork of it. */
  asNode(): ForkNode {
    this.#forkNode ??= new ForkNode(this);
    return this.#forkNode;
  }

  /** Content of a regular file. */
  get content(): FileContent {
    this.#content ??= this.lower?.read() ?? EMPTY;
    return this.#content;
  }

  set content(content: FileContent) {
    this.#content = content;
  }

  /** True if a phase has replaced the content. */
  get hasOwnContent(): boolean {
    return this.lower === undefined || (this.#content !== undefined && this.#content !== this.lower.read());
  }

  /** Size in bytes of a regular file; undefined if unknown. */
  get size(): number | undefined {
    if (this.#content === undefined && this.lower !== undefined) return this.lower.size;
    const content = this.content;
    return content.kind === 'bytes' ? content.bytes.length : this.lower?.size;
  }

  /** Names of a directory's entries, in no particular order. */
  names(): string[] {
    const own = this.#entries;
    if (this.lower === undefined)
      return own === undefined ? [] : [...own.keys()].filter((name) => own.get(name) !== null);
    if (own === undefined) return [...this.lower.names()];
    const names = this.lower.names().filter((name) => own.get(name) !== null);
    const known = new Set(names);
    for (const [name, inode] of own) if (inode !== null && !known.has(name)) names.push(name);
    return names;
  }

  /** The entry of that name, symlinks not followed. */
  child(name: string): Inode | undefined {
    const known = this.#entries?.get(name);
    if (known !== undefined) return known ?? undefined;
    const node = this.lower?.child(name);
    if (node === undefined) return undefined;
    const inode = this.#adopt(node);
    this.#entries ??= new Map();
    this.#entries.set(name, inode);
    return inode;
  }

  /** Adds or replaces an entry. */
  set(name: string, inode: Inode): void {
    this.#entries ??= new Map();
    this.#entries.set(name, inode);
  }

  /** Removes an entry, whatever it is. */
  remove(name: string): void {
    this.#entries ??= new Map();
    if (this.lower?.child(name) === undefined) this.#entries.delete(name);
    else this.#entries.set(name, null);
  }

  /** Entries that were looked at, set or removed (null); the rest is as in the image. */
  touchedEntries(): Iterable<readonly [string, Inode | null]> {
    return this.#entries ?? [];
  }

  addCause(cause: Cause): void {
    this.causes = [...this.causes, cause];
  }

  addFact(fact: InodeFact): void {
    this.facts = [...this.facts, fact];
  }
}

/** An inode seen as what lies below a fork of it. */
export class ForkNode implements ImageNode {
  readonly inode: Inode;
  readonly type: InodeType;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly modified: bigint | undefined;
  readonly origin?: string;
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };

  constructor(inode: Inode) {
    const { lower } = inode;
    this.inode = inode;
    this.type = inode.type;
    this.mode = inode.mode;
    this.uid = inode.uid;
    this.gid = inode.gid;
    // What lies in the image itself keeps what only the image knows.
    this.modified = inode.hasOwnContent ? undefined : lower?.modified;
    if (lower?.origin !== undefined) this.origin = lower.origin;
    if (inode.target !== undefined) this.target = inode.target;
    if (inode.device !== undefined) this.device = inode.device;
  }

  get size(): number | undefined {
    return this.inode.size;
  }

  names(): readonly string[] {
    return this.inode.names();
  }

  child(name: string): ImageNode | undefined {
    return this.inode.child(name)?.asNode();
  }

  read(): FileContent {
    return this.inode.content;
  }
}

function neverAdopt(): Inode {
  throw new Error('An inode without an image has no image children.');
}

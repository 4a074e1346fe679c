/**
 * What an image is to the core: a tree of lazy, immutable nodes, and how it can be trusted. Hosts implement
 * `ImageNode`; the core never learns where the bytes are.
 */

export type InodeType = 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';

/** Bytes of a file, or why there are none: `unknown` was left out of the image on purpose, `unreadable` failed. */
export type FileContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** One inode of an image. Directory children are looked up by name and only when asked for. */
export interface ImageNode {
  readonly type: InodeType;
  /** Permission bits, 0…07777; undefined where the image does not tell. */
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Size in bytes of a file's real content; undefined where the image does not tell. */
  readonly size: number | undefined;
  /** Modification time in nanoseconds since the epoch; undefined where the image does not tell. */
  readonly modified: bigint | undefined;
  /** Times of last access, status change and creation, in nanoseconds; only live directories know them. */
  readonly accessed?: bigint;
  readonly changed?: bigint;
  readonly born?: bigint;
  /** Target of a symlink. */
  readonly target?: string;
  /** Device number of a char or block node. */
  readonly device?: { readonly major: number; readonly minor: number };
  /** The same value marks the same inode under several names (hard links). */
  readonly identity?: string;
  /** A file that the user sees under another name, for example a loose file of a source repository. */
  readonly origin?: string;
  /** Entry names of a directory, in no particular order; empty for anything else and for unreadable directories. */
  names(): readonly string[];
  /** The entry of that name, without following symlinks. */
  child(name: string): ImageNode | undefined;
  /** Content of a file. Never blocks, never throws; `unreadable` for anything that is not a regular file. */
  read(): FileContent;
}

/** Something the host could not read or refuses to: said once, nothing else is lost. */
export interface ImageProblem {
  readonly path: string;
  readonly message: string;
}

export interface Image {
  /** As the user named it. */
  readonly label: string;
  readonly root: ImageNode;
  /** `partial`: what is not there may exist all the same (bundled base, source repository), so absence proves nothing. */
  readonly completeness: 'complete' | 'partial';
  /** True for paths that belong to the set that was asked about; findings elsewhere are not reported by default. */
  isOwn(path: string): boolean;
  /** Problems met so far; grows while nodes are read. */
  problems(): readonly ImageProblem[];
  /**
   * Absolute paths that stand in an executable, by its real path: read from its bytes when first asked for, or carried by
   * the image (`.snapshot/exec-strings.jsonl`). Undefined for what is no ELF executable or cannot be looked into.
   */
  embeddedPaths?(program: string): readonly string[] | undefined;
}

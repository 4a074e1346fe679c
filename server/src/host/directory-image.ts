/**
 * A real directory as an image. Nothing is read before it is asked for, and nothing twice. Symlinks are handed out as
 * symlinks and never followed, so that no path of an image can lead outside its root; only the root itself may be named
 * through a symlink. Files are opened only if lstat(2) says that they are regular, without following a link and without
 * blocking, and are compared with what lstat(2) saw.
 */

import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
} from 'node:fs';
import type { FileContent, Image, ImageNode, ImageProblem, InodeType } from '../core/image/image.ts';
import { decodeText, encodeText, hasEscapedBytes } from '../core/text/bytes.ts';
import { PathScanner } from './embedded-paths.ts';
import type { OpenResult } from './open-result.ts';
import {
  execStringsName,
  type LeftOut,
  manifestName,
  readEmbeddedPaths,
  readManifest,
  snapshotDirectory,
} from './snapshot-lists.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';

export interface DirectoryOptions {
  /** Content of larger files is unknown. Default: 192 MiB. */
  readonly contentLimit?: number;
  /**
   * Whether the owner of the directory itself stands for root, as in a tree that was unpacked, checked out or built by an
   * ordinary user. False keeps the ids as they are. Default: false.
   */
  readonly ownerIsRoot?: boolean;
}

/** Size above which a file's content is not read. */
const defaultContentLimit = 192 * 1024 * 1024;

/** Programs above this size are not looked into. */
const scanLimit = 512 * 1024 * 1024;
const scanPiece = 1024 * 1024;

/** Opens a directory. It fails if the path is missing, is not a directory or cannot be listed. */
export function openDirectory(path: string, options: DirectoryOptions = {}): OpenResult {
  try {
    const real = decodeText(realpathSync.native(path, { encoding: 'buffer' }));
    const stats = lstatSync(toSystemPath(real), { bigint: true });
    if (typeOf(stats.mode) !== 'directory') return { kind: 'failed', message: `${path}: is not a directory` };
    const context: Context = {
      contentLimit: options.contentLimit ?? defaultContentLimit,
      prefix: real === '/' ? '' : real,
      rootUser: options.ownerIsRoot ? stats.uid : 0n,
      rootGroup: options.ownerIsRoot ? stats.gid : 0n,
      problems: [],
      leftOut: undefined,
    };
    const root = new DirectoryNode(context, '', stats, undefined);
    const hasLists = root.names().includes(snapshotDirectory);
    const [problem] = context.problems;
    if (problem !== undefined) return { kind: 'failed', message: `${path}: ${problem.message}` };
    if (hasLists) return { kind: 'opened', image: unpackedSnapshot(path, root, context) };
    const image: Image = {
      label: path,
      root,
      completeness: 'complete',
      isOwn: () => true,
      problems: () => context.problems,
      embeddedPaths: programReader(root),
    };
    return { kind: 'opened', image };
  } catch (error) {
    return { kind: 'failed', message: `${path}: ${describeSystemError(error)}` };
  }
}

/** Reads the paths in a program when they are first asked for. */
function programReader(root: DirectoryNode): (program: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[] | undefined>();
  return (program) => {
    if (known.has(program)) return known.get(program);
    let node: ImageNode | undefined = root;
    for (const name of program.split('/')) if (name !== '') node = node?.child(name);
    const paths = node instanceof DirectoryNode ? node.embeddedPaths() : undefined;
    known.set(program, paths);
    return paths;
  };
}

/** An unpacked snapshot: the same image as the archive. */
function unpackedSnapshot(label: string, root: ImageNode, context: Context): Image {
  const report = (path: string, message: string) => context.problems.push({ path, message });
  const lists = root.child(snapshotDirectory);
  const manifest = lists?.child(manifestName)?.read();
  const strings = lists?.child(execStringsName)?.read();
  let embedded: ReadonlyMap<string, readonly string[]> | undefined;
  if (manifest?.kind === 'bytes') context.leftOut = readManifest(manifest.bytes, report);
  return {
    label,
    root: new SnapshotRoot(root),
    completeness: 'complete',
    isOwn: () => true,
    problems: () => context.problems,
    ...(strings?.kind !== 'bytes'
      ? {}
      : {
          embeddedPaths: (program: string) => {
            embedded ??= readEmbeddedPaths(strings.bytes, report);
            return embedded.get(program) ?? (context.leftOut?.get(program)?.isProgram ? NO_NAMES : undefined);
          },
        }),
  };
}

interface Context {
  readonly contentLimit: number;
  /** The root's real path, empty for `/`. */
  readonly prefix: string;
  /** The ids that count as 0. */
  readonly rootUser: bigint;
  readonly rootGroup: bigint;
  readonly problems: ImageProblem[];
  /** Files of an unpacked snapshot that are empty only there. */
  leftOut: ReadonlyMap<string, LeftOut> | undefined;
}

const NO_NAMES: readonly string[] = [];
const EMPTY: FileContent = { kind: 'bytes', bytes: new Uint8Array() };

class DirectoryNode implements ImageNode {
  readonly type: InodeType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly modified: bigint;
  readonly accessed: bigint;
  readonly changed: bigint;
  readonly born?: bigint;
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly identity?: string;
  readonly #context: Context;
  /** Path inside the image, empty for the root. */
  readonly #path: string;
  readonly #deviceNumber: bigint;
  readonly #inodeNumber: bigint;
  #names: readonly string[] | undefined;
  #nameSet: ReadonlySet<string> | undefined;
  #children: Map<string, ImageNode | undefined> | undefined;
  #content: FileContent | undefined;

  constructor(context: Context, path: string, stats: BigIntStats, target: string | undefined) {
    this.#context = context;
    this.#path = path;
    this.#deviceNumber = stats.dev;
    this.#inodeNumber = stats.ino;
    this.type = typeOf(stats.mode);
    this.mode = Number(stats.mode & 0o7777n);
    this.uid = stats.uid === context.rootUser ? 0 : Number(stats.uid);
    this.gid = stats.gid === context.rootGroup ? 0 : Number(stats.gid);
    const leftOut = this.type === 'file' ? context.leftOut?.get(path) : undefined;
    this.size = leftOut?.size ?? Number(stats.size);
    this.#content = leftOut?.content;
    this.modified = stats.mtimeNs;
    this.accessed = stats.atimeNs;
    this.changed = stats.ctimeNs;
    // File systems without creation times give 0.
    if (stats.birthtimeNs > 0n) this.born = stats.birthtimeNs;
    if (target !== undefined) this.target = target;
    if (this.type === 'char' || this.type === 'block') this.device = splitDevice(stats.rdev);
    if (stats.nlink > 1n && this.type !== 'directory') this.identity = `${stats.dev}:${stats.ino}`;
  }

  names(): readonly string[] {
    this.#names ??= this.#list();
    return this.#names;
  }

  child(name: string): ImageNode | undefined {
    if (this.type !== 'directory') return undefined;
    this.#children ??= new Map();
    const children = this.#children;
    const known = children.get(name);
    if (known !== undefined || children.has(name)) return known;
    // A listing that was made already tells what is not there without asking the system.
    const isListed = this.#nameSet === undefined || this.#nameSet.has(name);
    const node = isListed && isEntryName(name) ? this.#open(name) : undefined;
    children.set(name, node);
    return node;
  }

  read(): FileContent {
    this.#content ??= this.#read();
    return this.#content;
  }

  #list(): readonly string[] {
    if (this.type !== 'directory') return NO_NAMES;
    const path = this.#systemPath();
    try {
      const names = readdirSync(path);
      // Node decodes bytes that are not UTF-8 as U+FFFD; such a directory is listed again as bytes.
      const isDamaged = names.some((name) => name.includes('\ufffd'));
      const exact = isDamaged ? readdirSync(path, { encoding: 'buffer' }).map(decodeText) : names;
      this.#nameSet = new Set(exact);
      return exact;
    } catch (error) {
      this.#report(this.#path, `cannot be listed: ${describeSystemError(error)}`);
      return NO_NAMES;
    }
  }

  #open(name: string): ImageNode | undefined {
    const path = `${this.#path}/${name}`;
    const systemPath = toSystemPath(`${this.#context.prefix}${path}`);
    try {
      const stats = lstatSync(systemPath, { bigint: true, throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      const isLink = typeOf(stats.mode) === 'symlink';
      const target = isLink ? decodeText(readlinkSync(systemPath, { encoding: 'buffer' })) : undefined;
      return new DirectoryNode(this.#context, path, stats, target);
    } catch (error) {
      // A name that the file system cannot hold does not exist.
      const code = systemErrorCode(error);
      if (code !== 'ENAMETOOLONG' && code !== 'EINVAL') {
        this.#report(path, `cannot be examined: ${describeSystemError(error)}`);
      }
      return undefined;
    }
  }

  #read(): FileContent {
    if (this.type !== 'file') return { kind: 'unreadable', reason: `is not a regular file but a ${this.type}` };
    if (this.size === 0) return EMPTY;
    const limit = this.#context.contentLimit;
    if (this.size > limit) {
      return { kind: 'unknown', reason: `has ${this.size} bytes, more than the limit of ${limit}` };
    }
    try {
      return { kind: 'bytes', bytes: this.#readBytes() };
    } catch (error) {
      const reason = describeSystemError(error);
      this.#report(this.#path, `cannot be read: ${reason}`);
      return { kind: 'unreadable', reason };
    }
  }

  #readBytes(): Uint8Array {
    return this.#withFile((file) => {
      const bytes = Buffer.allocUnsafeSlow(this.size);
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, null);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    });
  }

  /** The paths in the bytes of a program; undefined for anything that is not one, or is too large. */
  embeddedPaths(): readonly string[] | undefined {
    if (this.type !== 'file' || this.size === 0 || this.size > scanLimit) return undefined;
    try {
      return this.#withFile((file) => {
        const scanner = new PathScanner();
        const piece = Buffer.allocUnsafe(scanPiece);
        let left = this.size;
        while (left > 0) {
          const count = readSync(file, piece, 0, Math.min(piece.length, left), null);
          if (count === 0) break;
          scanner.write(piece.subarray(0, count));
          left -= count;
        }
        return scanner.finish();
      });
    } catch (error) {
      this.#report(this.#path, `cannot be read: ${describeSystemError(error)}`);
      return undefined;
    }
  }

  #withFile<Result>(use: (file: number) => Result): Result {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
    const file = openSync(this.#systemPath(), flags);
    try {
      const stats = fstatSync(file, { bigint: true });
      if (stats.ino !== this.#inodeNumber || stats.dev !== this.#deviceNumber || typeOf(stats.mode) !== 'file') {
        throw new Error('was replaced while the image was read');
      }
      return use(file);
    } finally {
      closeSync(file);
    }
  }

  #systemPath(): string | Buffer {
    const path = `${this.#context.prefix}${this.#path}`;
    return toSystemPath(path === '' ? '/' : path);
  }

  #report(path: string, message: string): void {
    this.#context.problems.push({ path: path === '' ? '/' : path, message });
  }
}

/** The root of an unpacked snapshot without its lists. */
class SnapshotRoot implements ImageNode {
  readonly type: InodeType = 'directory';
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly size: number | undefined;
  readonly modified: bigint | undefined;
  readonly #root: ImageNode;

  constructor(root: ImageNode) {
    this.mode = root.mode;
    this.uid = root.uid;
    this.gid = root.gid;
    this.size = root.size;
    this.modified = root.modified;
    this.#root = root;
  }

  names(): readonly string[] {
    return this.#root.names().filter((name) => name !== snapshotDirectory);
  }

  child(name: string): ImageNode | undefined {
    return name === snapshotDirectory ? undefined : this.#root.child(name);
  }

  read(): FileContent {
    return this.#root.read();
  }
}

/** True for what can be the name of one directory entry, so that no name leads out of its directory. */
function isEntryName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

function toSystemPath(path: string): string | Buffer {
  return hasEscapedBytes(path) ? Buffer.from(encodeText(path)) : path;
}

const TYPES = new Map<bigint, InodeType>([
  [0o100000n, 'file'],
  [0o040000n, 'directory'],
  [0o120000n, 'symlink'],
  [0o020000n, 'char'],
  [0o060000n, 'block'],
  [0o010000n, 'fifo'],
  [0o140000n, 'socket'],
]);

function typeOf(mode: bigint): InodeType {
  // Linux has no other types; should one come, it is as closed to reading as a socket is.
  return TYPES.get(mode & 0o170000n) ?? 'socket';
}

/** Splits a device number as makedev(3) of glibc packs it. */
function splitDevice(device: bigint): { readonly major: number; readonly minor: number } {
  return {
    major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)),
    minor: Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n)),
  };
}

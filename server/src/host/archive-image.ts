/**
 * A tar of a root file system, plain or compressed with gzip or zstd, as an image in memory. The tar format itself is
 * tar-stream's; here are names as bytes, hard links, bounds, snapshots, and which contents are kept (content-policy.ts).
 * Modules for archives are loaded when the first archive is opened, so that directories do not pay for them.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Extract, Header } from 'tar-stream';
import type { FileContent, Image, InodeType } from '../core/image/image.ts';
import { decodeText } from '../core/text/bytes.ts';
import { type ArchiveMember, ArchiveTree } from './archive-tree.ts';
import { compressionOf, type UnpackLimits, unpackedChunks } from './compressed-file.ts';
import { contentBudgets, contentClassOf, contentLimits } from './content-policy.ts';
import { isProgramPath, PathScanner } from './embedded-paths.ts';
import type { OpenResult } from './open-result.ts';
import { readPaxRecords } from './pax-records.ts';
import { execStringsName, manifestName, readEmbeddedPaths, readManifest } from './snapshot-lists.ts';
import { describeSystemError } from './system-error.ts';

interface ArchiveOptions {
  readonly limits?: UnpackLimits;
}

const BLOCK = 512;
/** More inodes than any root file system has; each costs memory. */
const NODES_MAX = 1_000_000;
const SNAPSHOT_LIST_MAX = 64 * 1024 * 1024;

/** What an OCI image layout and the result of `docker save` have at their top. */
const CONTAINER_MARKS = ['oci-layout', 'manifest.json'];

/** Opens a tar, tar.gz or tar.zst, told apart by their first bytes. The whole archive is read. */
export async function openArchive(path: string, options: ArchiveOptions = {}): Promise<OpenResult> {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const size = fstatSync(file).size;
    const head = Buffer.alloc(BLOCK);
    const headLength = readSync(file, head, 0, BLOCK, 0);
    const compression = compressionOf(head.subarray(0, headLength));
    if (typeof compression !== 'string') {
      return { kind: 'failed', message: `${path}: is compressed with ${compression.unsupported}; use gzip or zstd` };
    }
    if (compression === 'none' && (headLength < BLOCK || !isTarHeader(head))) {
      return { kind: 'failed', message: `${path}: is neither a directory nor a tar, tar.gz or tar.zst archive` };
    }
    const reader = new ArchiveReader();
    const message = await reader.readAll(unpackedChunks(file, size, compression, options.limits));
    if (message !== undefined) return { kind: 'failed', message: `${path}: ${message}` };
    const image = reader.finish(path);
    const isContainerImage =
      image.root.child('usr') === undefined && CONTAINER_MARKS.some((name) => image.root.child(name));
    if (isContainerImage) return { kind: 'failed', message: `${path}: OCI images are not supported yet` };
    return { kind: 'opened', image };
  } catch (error) {
    return { kind: 'failed', message: `${path}: ${describeSystemError(error)}` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** True if the block's checksum is that of a tar header; an archive of nothing but zeros counts as an empty one. */
function isTarHeader(block: Uint8Array): boolean {
  let sum = 8 * 32;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += block[i] ?? 0;
  if (sum === 8 * 32) return true;
  const stored = Number.parseInt(decodeText(block.subarray(148, 156)).trim(), 8);
  return stored === sum;
}

class ArchiveReader {
  readonly #tree = new ArchiveTree();
  readonly #arena = new Arena();
  readonly #spent = { configuration: 0, 'package-database': 0, bulk: 0, other: 0 };
  readonly #lists = new Map<string, Uint8Array>();
  /** The paths in each program, which are gathered while it passes by. */
  readonly #programs = new Map<string, readonly string[]>();
  #scanner: { readonly path: string; readonly scanner: PathScanner } | undefined;
  /** Unpacked bytes handed to the tar reader. */
  #fed = 0;
  /** Chunks that may still hold the extended header of the next member, with the offset of the first. */
  #recent: Uint8Array[] = [];
  #recentFrom = 0;
  /** Where the last member's data ends. */
  #memberEnd = 0;
  #lastName = '';
  #isInMember = false;

  /** Reads all members. Returns why the archive cannot be used, if it cannot. */
  async readAll(chunks: AsyncIterable<Uint8Array>): Promise<string | undefined> {
    const { extract } = await import('tar-stream');
    // Latin-1 keeps every byte of a name; tar-stream decodes UTF-8 with replacement characters otherwise.
    const options = { filenameEncoding: 'latin1', allowUnknownFormat: true, highWaterMark: 64 * 1024 };
    const extractor = extract(options);
    const done = this.#listen(extractor);
    try {
      for await (const chunk of chunks) {
        this.#recent.push(chunk);
        this.#fed += chunk.length;
        if (!extractor.write(chunk)) await Promise.race([drained(extractor), done]);
        if (this.#failure !== undefined) break;
        if (this.#tree.nodeCount > NODES_MAX) return `has more than ${NODES_MAX} entries`;
      }
      if (this.#failure === undefined) extractor.end(undefined);
      await done;
    } catch (error) {
      this.#failure ??= error;
    } finally {
      extractor.destroy();
    }
    return this.#failure === undefined ? undefined : this.#describe(this.#failure);
  }

  #failure: unknown;

  finish(label: string): Image {
    const tree = this.#tree;
    // Two blocks of zeros end an archive (pax(1)); many tools write more, some only one.
    const tail = this.#bytes(this.#memberEnd, this.#memberEnd + BLOCK);
    const hasEnd = tail.length === BLOCK && tail.every((byte) => byte === 0);
    if (!hasEnd) tree.report('/', `the archive has no end mark after "${this.#lastName}"; it may have been cut off`);
    const report = (path: string, message: string) => tree.report(path, message);
    const manifest = this.#lists.get(manifestName);
    const leftOutFiles = manifest === undefined ? undefined : readManifest(manifest, report);
    if (leftOutFiles !== undefined) {
      for (const [path, leftOut] of leftOutFiles) {
        const node = tree.find(path);
        if (node?.type !== 'file') continue;
        node.size = leftOut.size;
        node.content = leftOut.content;
      }
    }
    const strings = this.#lists.get(execStringsName);
    let embedded: ReadonlyMap<string, readonly string[]> | undefined;
    return {
      label,
      root: tree.root,
      completeness: hasEnd ? 'complete' : 'partial',
      isOwn: () => true,
      problems: () => tree.problems,
      embeddedPaths: (program: string) => {
        if (strings === undefined) return this.#programs.get(program);
        embedded ??= readEmbeddedPaths(strings, report);
        return embedded.get(program) ?? (leftOutFiles?.get(program)?.isProgram ? [] : undefined);
      },
    };
  }

  /** Settles when the extractor has finished or failed; never rejects. */
  #listen(extractor: Extract): Promise<void> {
    return new Promise((resolve) => {
      extractor.on('error', (error) => {
        this.#failure ??= error;
        resolve();
      });
      extractor.on('close', () => resolve());
      extractor.on('finish', () => resolve());
      extractor.on('entry', (header, stream, next) => {
        const take = this.#startMember(header);
        if (header.size === 0 || header.type === 'directory') {
          stream.resume();
          this.#endMember(header, take);
          next();
          return;
        }
        stream.on('data', (data) => {
          if (!(data instanceof Uint8Array)) return;
          take?.write(data);
          this.#scanner?.scanner.write(data);
        });
        stream.on('end', () => {
          this.#endMember(header, take);
          next();
        });
        stream.on('error', (error) => {
          this.#failure ??= error;
          resolve();
        });
      });
    });
  }

  /** Called at a member's header; returns where its data goes, undefined if it is not kept. */
  #startMember(header: Header): MemberContent | undefined {
    this.#isInMember = true;
    this.#restoreNames(header);
    this.#lastName = header.name;
    if (!isFile(header)) return undefined;
    const path = header.name.replace(/^(?:\.?\/+)+/, '');
    if (path.startsWith('.snapshot/')) {
      return header.size <= SNAPSHOT_LIST_MAX ? new MemberContent(new Uint8Array(header.size)) : undefined;
    }
    if (header.size === 0) return undefined;
    if (isProgramPath(path, header.mode)) this.#scanner = { path: `/${path}`, scanner: new PathScanner() };
    const contentClass = contentClassOf(path);
    if (header.size > contentLimits[contentClass]) return undefined;
    if (this.#spent[contentClass] + header.size > contentBudgets[contentClass]) return undefined;
    this.#spent[contentClass] += header.size;
    return new MemberContent(this.#arena.take(header.size));
  }

  #endMember(header: Header, content: MemberContent | undefined): void {
    this.#isInMember = false;
    const paths = this.#scanner?.scanner.finish();
    // A root whose /bin and /lib are directories is asked for by its own names.
    if (this.#scanner !== undefined && paths !== undefined) this.#programs.set(this.#scanner.path, paths);
    this.#scanner = undefined;
    const offset = byteOffsetOf(header);
    const size = header.type === 'directory' ? 0 : header.size;
    this.#memberEnd = offset + Math.ceil(size / BLOCK) * BLOCK;
    this.#forgetBefore(this.#memberEnd);
    const name = header.name;
    if (/^(?:\.?\/+)*\.snapshot(?:\/|$)/.test(name)) {
      const list = name.slice(name.indexOf('.snapshot') + '.snapshot/'.length);
      if (content !== undefined) this.#lists.set(list, content.bytes);
      return;
    }
    if (header.type === 'link') {
      this.#tree.addHardLink(name, header.linkname);
      return;
    }
    const type = typeOf(header);
    if (type === undefined) {
      this.#tree.report(name, 'was left out: the archive gives it a type that is not known');
      return;
    }
    const pax = paxOf(header);
    const sparseSize = numberIn(pax?.['GNU.sparse.realsize'] ?? pax?.['GNU.sparse.size']);
    const member: ArchiveMember = {
      type,
      mode: header.mode & 0o7777,
      uid: numberIn(pax?.uid) ?? idOf(header.uid),
      gid: numberIn(pax?.gid) ?? idOf(header.gid),
      size: sparseSize ?? header.size,
      modified: nanoseconds(pax?.mtime) ?? BigInt(Math.trunc(header.mtime.getTime() || 0)) * 1_000_000n,
      content: sparseSize === undefined ? contentOf(header, content) : { kind: 'unknown', reason: 'is a sparse file' },
      ...(type === 'symlink' ? { target: header.linkname } : {}),
      ...(type === 'char' || type === 'block' ? { device: { major: header.devmajor, minor: header.devminor } } : {}),
    };
    this.#tree.add(pax?.['GNU.sparse.name'] ?? name, member);
  }

  /** Turns names back into what their bytes say. */
  #restoreNames(header: Header): void {
    const pax = paxOf(header);
    const path = pax?.path;
    const linkPath = pax?.linkpath;
    const isDamaged = path?.includes('\ufffd') || linkPath?.includes('\ufffd');
    const raw = isDamaged ? readPaxRecords(this.#bytes(this.#memberEnd, byteOffsetOf(header) - BLOCK)) : undefined;
    header.name = path === undefined ? fromLatin1(header.name) : (raw?.get('path') ?? path);
    if (linkPath !== undefined) header.linkname = raw?.get('linkpath') ?? linkPath;
    else if (typeof header.linkname === 'string') header.linkname = fromLatin1(header.linkname);
    else header.linkname = '';
  }

  #bytes(from: number, to: number): Uint8Array {
    return Buffer.concat(this.#recent).subarray(from - this.#recentFrom, to - this.#recentFrom);
  }

  #forgetBefore(offset: number): void {
    let count = 0;
    for (const chunk of this.#recent) {
      if (this.#recentFrom + chunk.length > offset) break;
      this.#recentFrom += chunk.length;
      count += 1;
    }
    if (count > 0) this.#recent.splice(0, count);
  }

  #describe(error: unknown): string {
    const where = this.#isInMember ? `inside "${this.#lastName}"` : `after "${this.#lastName}"`;
    const place = this.#lastName === '' ? `at byte ${this.#fed}` : `at byte ${this.#fed}, ${where}`;
    const reason = describeSystemError(error);
    if (reason === 'Unexpected end of data') return `the archive ends ${place}; it was cut off`;
    return `the archive is damaged ${place}: ${reason}`;
  }
}

function drained(extractor: Extract): Promise<void> {
  return new Promise((resolve) => extractor.once('drain', () => resolve()));
}

function isFile(header: Header): boolean {
  return header.type === 'file' || header.type === 'contiguous-file';
}

const TYPES: Readonly<Record<string, InodeType>> = {
  file: 'file',
  'contiguous-file': 'file',
  symlink: 'symlink',
  directory: 'directory',
  'character-device': 'char',
  'block-device': 'block',
  fifo: 'fifo',
};

function typeOf(header: Header): InodeType | undefined {
  return Object.hasOwn(TYPES, header.type ?? '') ? TYPES[header.type] : undefined;
}

/** tar-stream gives the offset of a member's data without declaring it. */
function byteOffsetOf(header: Header): number {
  return 'byteOffset' in header && typeof header.byteOffset === 'number' ? header.byteOffset : 0;
}

function paxOf(header: Header): Readonly<Record<string, string>> | undefined {
  return typeof header.pax === 'object' && header.pax !== null ? { ...header.pax } : undefined;
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Undefined for what a damaged header holds instead of an id, whatever its declared type. */
function idOf(value: number): number | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Seconds with a fraction, as pax headers write times. */
function nanoseconds(text: string | undefined): bigint | undefined {
  const match = text === undefined ? null : /^(-?)(\d{1,18})(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, seconds, fraction] = match;
  const value = BigInt(seconds ?? '0') * 1_000_000_000n + BigInt((fraction ?? '').slice(0, 9).padEnd(9, '0'));
  return sign === '-' ? -value : value;
}

function fromLatin1(name: string): string {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 0x7f) return decodeText(Buffer.from(name, 'latin1'));
  return name;
}

const EMPTY: FileContent = { kind: 'bytes', bytes: new Uint8Array() };
const NOT_KEPT: FileContent = { kind: 'unknown', reason: 'its content was not kept when the archive was read' };

function contentOf(header: Header, content: MemberContent | undefined): FileContent {
  if (header.size === 0) return EMPTY;
  return content === undefined || content.isProgram ? NOT_KEPT : { kind: 'bytes', bytes: content.bytes };
}

/** Where the data of one member is gathered. */
class MemberContent {
  readonly bytes: Uint8Array;
  #filled = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  write(data: Uint8Array): void {
    this.bytes.set(data, this.#filled);
    this.#filled += data.length;
  }

  get isProgram(): boolean {
    const { bytes } = this;
    return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
  }
}

/** Hands out pieces of large buffers: one allocation for many small contents. */
class Arena {
  #slab = new Uint8Array();
  #used = 0;

  take(size: number): Uint8Array {
    const slabSize = 256 * 1024;
    if (size > slabSize / 4) return new Uint8Array(size);
    if (this.#used + size > this.#slab.length) {
      this.#slab = new Uint8Array(slabSize);
      this.#used = 0;
    }
    const piece = this.#slab.subarray(this.#used, this.#used + size);
    this.#used += size;
    return piece;
  }
}

/** Reading a file of an archive piece by piece, decompressed, with bounds on what a small file may grow to. */

import { readSync } from 'node:fs';
import type { Transform } from 'node:stream';

type Compression = 'none' | 'gzip' | 'zstd';

/** What the first bytes of a file say: how it is compressed, or which compression it has that is not supported. */
export function compressionOf(head: Uint8Array): Compression | { readonly unsupported: string } {
  if (startsWith(head, 0x1f, 0x8b)) return 'gzip';
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  // A skippable frame in front, as pzstd writes it (RFC 8878, 3.1.2).
  if (((head[0] ?? 0) & 0xf0) === 0x50 && startsWith(head.subarray(1), 0x2a, 0x4d, 0x18)) return 'zstd';
  if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a)) return { unsupported: 'xz' };
  if (startsWith(head, 0x42, 0x5a, 0x68)) return { unsupported: 'bzip2' };
  if (startsWith(head, 0x04, 0x22, 0x4d, 0x18)) return { unsupported: 'lz4' };
  return 'none';
}

function startsWith(head: Uint8Array, ...bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => head[i] === byte);
}

export interface UnpackLimits {
  /** Bytes that an archive may always unpack to. Default: 256 MiB. */
  readonly always?: number;
  /** Beyond that, unpacked bytes a compressed byte. Default: 200; root file systems come to 2…10. */
  readonly ratio?: number;
}

/** An archive that unpacks to more than its limits allow. */
class UnpackLimitError extends Error {}

const CHUNK = 128 * 1024;
/** Block_Maximum_Size (RFC 8878, 3.1.1.2.4). */
const ZSTD_BLOCK_MAX = 128 * 1024;
/** The window that the zstd tool accepts without being told otherwise. */
const ZSTD_WINDOW_MAX = 128 * 1024 * 1024;
const invalidZstd = 'invalid zstd data';
/** Bytes of window that the JavaScript decoder may move in all; it moves the whole window once a block. */
const ZSTD_WORK_MAX = 128 * 1024 ** 3;

/** The unpacked bytes of an open file of the given size. Throws if they are damaged, cut off or too many. */
export async function* unpackedChunks(
  file: number,
  size: number,
  compression: Compression,
  limits: UnpackLimits = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  if (compression === 'none') {
    yield* fileChunks(file);
    return;
  }
  const limit = Math.max(limits.always ?? 256 * 1024 * 1024, size * (limits.ratio ?? 200));
  let total = 0;
  for await (const chunk of compression === 'gzip' ? gunzipped(file) : unzstded(file)) {
    total += chunk.length;
    if (total > limit) {
      throw new UnpackLimitError(`unpacks to more than ${limit} bytes from ${size}, which no root file system does`);
    }
    yield chunk;
  }
}

function* fileChunks(file: number): Generator<Uint8Array, void, undefined> {
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(CHUNK);
    const count = readSync(file, chunk, 0, CHUNK, null);
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

async function* gunzipped(file: number): AsyncGenerator<Uint8Array, void, undefined> {
  const { createGunzip } = await import('node:zlib');
  yield* transformed(file, createGunzip({ chunkSize: CHUNK }));
}

async function* unzstded(file: number): AsyncGenerator<Uint8Array, void, undefined> {
  const zlib = await import('node:zlib');
  // Node has zstd since 22.15.
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  if (typeof create === 'function') yield* unzstdedByNode(file, create({ chunkSize: CHUNK }));
  else yield* unzstdedByScript(file);
}

/** Both decoders say the same of the same damage, whatever Node reads the archive. */
async function* unzstdedByNode(file: number, stream: Transform): AsyncGenerator<Uint8Array, void, undefined> {
  const head = Buffer.alloc(18);
  readSync(file, head, 0, head.length, 0);
  try {
    yield* transformed(file, stream);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ZSTD_error_frameParameter_windowTooLarge') {
      throw new UnpackLimitError(`needs ${zstdWindowSize(head)} bytes of memory to unpack`);
    }
    throw code.startsWith('ZSTD_error_') ? new Error(invalidZstd) : error;
  }
}

async function* transformed(file: number, stream: Transform): AsyncGenerator<Uint8Array, void, undefined> {
  const { Readable } = await import('node:stream');
  const source = Readable.from(fileChunks(file), { objectMode: false, highWaterMark: CHUNK });
  source.on('error', (error) => stream.destroy(error));
  try {
    yield* source.pipe(stream);
  } finally {
    // The file is closed by whoever opened it, and its number may then stand for another one.
    source.destroy();
  }
}

async function* unzstdedByScript(file: number): AsyncGenerator<Uint8Array, void, undefined> {
  const { Decompress } = await import('fzstd');
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((block) => {
    if (block.length > ZSTD_BLOCK_MAX) throw new Error(invalidZstd);
    if (block.length > 0) ready.push(block);
  });
  let previous: Uint8Array | undefined;
  let windowSize = 0;
  let work = 0;
  for (const part of smallParts(fileChunks(file))) {
    if (previous === undefined) {
      windowSize = zstdWindowSize(part);
      if (windowSize > ZSTD_WINDOW_MAX) throw new UnpackLimitError(`needs ${windowSize} bytes of memory to unpack`);
    } else {
      decoder.push(previous);
    }
    work += ready.length * windowSize;
    if (work > ZSTD_WORK_MAX) throw new UnpackLimitError('takes too long to unpack without the zstd of Node 22');
    yield* ready;
    ready = [];
    // One part is held back, because the last one has to be marked as such.
    previous = part;
  }
  decoder.push(previous ?? new Uint8Array(), true);
  yield* ready;
}

/** A block of four bytes may unpack to 128 KiB; small parts bound what one of them can unpack to. */
function* smallParts(chunks: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  const step = 1024;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += step) yield chunk.subarray(at, at + step);
  }
}

/** The window that the frame at the start asks for (RFC 8878, 3.1.1.1); 0 for a skippable frame. */
function zstdWindowSize(head: Uint8Array): number {
  if (head[0] !== 0x28) return 0;
  const descriptor = head[4] ?? 0;
  if ((descriptor & 0x20) === 0) {
    const windowByte = head[5] ?? 0;
    const base = 2 ** (10 + (windowByte >> 3));
    return base + (base / 8) * (windowByte & 7);
  }
  // A single segment: the window is the content, whose size follows the dictionary id.
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = 1 << (descriptor >> 6);
  let size = sizeBytes === 2 ? 256 : 0;
  for (let i = 0; i < sizeBytes; i++) size += (head[5 + dictionaryBytes + i] ?? 0) * 256 ** i;
  return size;
}

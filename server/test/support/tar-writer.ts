/** Writes small tar archives for tests, byte by byte, so that hostile ones can be made too. */

import { encodeText } from '../../src/core/text/bytes.ts';

export interface TarEntry {
  readonly name: string;
  /** Default: `0`, a file. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly link?: string;
  readonly device?: readonly [number, number];
  /** Records of an extended header in front. */
  readonly pax?: Readonly<Record<string, string>>;
}

const BLOCK = 512;

/** The archive with its end mark. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  return concatenate([...entries.flatMap(entryBlocks), new Uint8Array(2 * BLOCK)]);
}

/** The same bytes as a zstd frame of raw and run-length blocks (RFC 8878, 3.1.1.2). */
export function writeZstd(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x80 | 0x20, ...littleEndian(bytes.length, 4))];
  const step = 100_000;
  for (let at = 0; at === 0 || at < bytes.length; at += step) {
    const block = bytes.subarray(at, at + step);
    const isLast = at + step >= bytes.length ? 1 : 0;
    parts.push(Uint8Array.from(littleEndian(isLast | (block.length << 3), 3)), block);
  }
  return concatenate(parts);
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function littleEndian(value: number, length: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

function entryBlocks(entry: TarEntry): Uint8Array[] {
  const content = typeof entry.content === 'string' ? encodeText(entry.content) : (entry.content ?? new Uint8Array());
  const blocks: Uint8Array[] = [];
  if (entry.pax !== undefined) {
    const records = concatenate(Object.entries(entry.pax).map(([key, value]) => paxRecord(key, value)));
    blocks.push(header({ name: 'PaxHeaders/x', type: 'x' }, records.length), padded(records));
  }
  blocks.push(header(entry, content.length), padded(content));
  return blocks;
}

function paxRecord(key: string, value: string): Uint8Array {
  const body = encodeText(` ${key}=${value}\n`);
  let length = body.length + 1;
  while (`${length}`.length + body.length !== length) length = `${length}`.length + body.length;
  return concatenate([encodeText(`${length}`), body]);
}

function header(entry: TarEntry, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const octal = (value: number, at: number, width: number) =>
    block.set(encodeText(`${value.toString(8).padStart(width - 1, '0')}\0`), at);
  block.set(encodeText(entry.name).subarray(0, 100), 0);
  octal(entry.mode ?? 0o644, 100, 8);
  octal(entry.uid ?? 0, 108, 8);
  octal(entry.gid ?? 0, 116, 8);
  octal(size, 124, 12);
  octal(1_000_000_000, 136, 12);
  block.set(encodeText(entry.type ?? '0'), 156);
  block.set(encodeText(entry.link ?? '').subarray(0, 100), 157);
  block.set(encodeText('ustar\x0000'), 257);
  octal(entry.device?.[0] ?? 0, 329, 8);
  octal(entry.device?.[1] ?? 0, 337, 8);
  block.fill(0x20, 148, 156);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

function padded(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK);
  block.set(bytes);
  return block;
}

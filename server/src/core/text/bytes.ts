/**
 * Bytes and strings. systemd treats file names and configuration as bytes; we use strings in which every byte that is
 * not part of valid UTF-8 stands as the lone surrogate U+DC00 + byte, so that decoding and encoding lose nothing.
 */

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Decodes UTF-8, keeping invalid bytes as U+DC80…U+DCFF. Never throws. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

/** The bytes that {@link decodeText} read. Lone surrogates outside U+DC80…U+DCFF become U+FFFD, as in any UTF-8 encoder. */
export function encodeText(text: string): Uint8Array {
  return hasEscapedBytes(text) ? encodeEscaping(text) : encoder.encode(text);
}

/** True if the text came from bytes that are not valid UTF-8. */
export function hasEscapedBytes(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xdc80 && code <= 0xdcff && !isHighSurrogate(text.charCodeAt(i - 1))) return true;
  }
  return false;
}

/** A string for one raw byte, as {@link decodeText} gives it when the byte is not part of valid UTF-8. */
export function escapedByte(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
}

/** Joins escaped bytes that together are valid UTF-8 into characters, so that equal bytes are equal strings. */
export function normalizeText(text: string): string {
  return hasEscapedBytes(text) ? decodeText(encodeEscaping(text)) : text;
}

/** Compares as strcmp(3) does, by UTF-8 bytes. Returns a negative number, 0 or a positive number. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Below the surrogates, the order of UTF-16 code units is the order of UTF-8 bytes.
    if (x < 0xd800 && y < 0xd800) return x - y;
    return compareEncoded(encodeText(a), encodeText(b));
  }
  return a.length - b.length;
}

function compareEncoded(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function encodeEscaping(text: string): Uint8Array {
  const bytes: number[] = [];
  let plainFrom = 0;
  const flush = (to: number) => {
    if (to > plainFrom) for (const byte of encoder.encode(text.slice(plainFrom, to))) bytes.push(byte);
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xdc80 && code <= 0xdcff && !isHighSurrogate(text.charCodeAt(i - 1))) {
      flush(i);
      bytes.push(code - 0xdc00);
      plainFrom = i + 1;
    }
  }
  flush(text.length);
  return Uint8Array.from(bytes);
}

function decodeEscaping(bytes: Uint8Array): string {
  const parts: string[] = [];
  let validFrom = 0;
  let at = 0;
  const flush = (to: number) => {
    if (to > validFrom) parts.push(strictDecoder.decode(bytes.subarray(validFrom, to)));
  };
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    flush(at);
    parts.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
    at += 1;
    validFrom = at;
  }
  flush(at);
  return parts.join('');
}

/** Length of the valid UTF-8 sequence at the offset, 0 if there is none (RFC 3629, table in section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(second) ? 2 : 0;
  const third = bytes[at + 2] ?? 0;
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isContinuation(third) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xf4 ? 0x8f : 0xbf;
    const fourth = bytes[at + 3] ?? 0;
    return second >= low && second <= high && isContinuation(third) && isContinuation(fourth) ? 4 : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

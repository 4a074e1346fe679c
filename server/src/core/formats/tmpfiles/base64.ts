/** Base64 as systemd reads it: blanks anywhere, padding required, no bits left over (RFC 4648, section 4). */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BLANKS = ' \t\n\r';

/** The decoded bytes; undefined if the text is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  let padding = 0;
  let count = 0;
  for (const char of text) {
    if (BLANKS.includes(char)) continue;
    // systemd skips blanks after the padding, and nothing else may follow it.
    if (padding > 0 && count % 4 === 0) return undefined;
    count += 1;
    if (char === '=') {
      const place = (count - 1) % 4;
      if (place < 2) return undefined;
      padding += 1;
      continue;
    }
    const value = alphabet.indexOf(char);
    if (value === -1 || padding > 0) return undefined;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  if (count % 4 !== 0 || (bits > 0 && (held & ((1 << bits) - 1)) !== 0)) return undefined;
  return Uint8Array.from(bytes);
}

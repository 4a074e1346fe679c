/** Short stable names of findings that survive a move of their line. */

const PRIME = 0x100000001b3n;
const OFFSET = 0xcbf29ce484222325n;
const MASK = 0xffffffffffffffffn;

/** FNV-1a, 64 bits, over the parts' UTF-16 units; 16 hexadecimal digits. Identifies, does not protect. */
export function fingerprint(parts: readonly string[]): string {
  let hash = OFFSET;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) hash = ((hash ^ BigInt(part.charCodeAt(i))) * PRIME) & MASK;
    // Separates the parts, so that moving text between them changes the name.
    hash = ((hash ^ 0x1fn) * PRIME) & MASK;
  }
  return hash.toString(16).padStart(16, '0');
}

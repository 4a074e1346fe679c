/**
 * The absolute paths that stand in an executable's bytes, as strings(1) would show them: what a program was compiled to
 * open. The file is looked at piece by piece; memory is bounded by the piece and the number of paths kept.
 */

/** Where configuration, state and shared data lie. */
const starts = ['/etc/', '/var/', '/run/', '/srv/', '/usr/share/'].map((text) => Buffer.from(text));

/** As many paths as snapshots keep of a program. */
const pathsMax = 400;
const lengthMin = 2;
const lengthMax = 120;
/** A path that begins near the end of a piece is looked at again with the next one. */
const overlap = 160;

const isPathByte = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/%@+-')
  isPathByte[char.charCodeAt(0)] = 1;

/** Takes a program's bytes in pieces and gathers the paths in them. */
export class PathScanner {
  readonly #paths = new Set<string>();
  #rest: Uint8Array = new Uint8Array();
  #isProgram: boolean | undefined;
  #head: number[] = [];

  /** Of the next bytes of the file. Pieces may be reused by the caller afterwards. */
  write(piece: Uint8Array): void {
    if (this.#isProgram === undefined) {
      for (let i = 0; i < piece.length && this.#head.length < 4; i++) this.#head.push(piece[i] ?? 0);
      if (this.#head.length === 4) this.#isProgram = isElf(this.#head);
    }
    if (this.#isProgram === false) return;
    const bytes =
      this.#rest.length === 0
        ? Buffer.from(piece.buffer, piece.byteOffset, piece.length)
        : Buffer.concat([this.#rest, piece]);
    this.#scan(bytes, bytes.length - overlap);
    this.#rest = Uint8Array.prototype.slice.call(bytes, Math.max(0, bytes.length - overlap - 1));
  }

  /** The paths, sorted; undefined if the file is no ELF executable. */
  finish(): readonly string[] | undefined {
    if (this.#isProgram !== true) return undefined;
    const rest = Buffer.from(this.#rest);
    this.#scan(rest, rest.length);
    return [...this.#paths].sort();
  }

  /** Paths that begin before an offset. */
  #scan(bytes: Buffer, before: number): void {
    for (const start of starts) {
      for (let at = bytes.indexOf(start); at !== -1 && at < before; at = bytes.indexOf(start, at + 1)) {
        if (this.#paths.size >= pathsMax) return;
        // What continues a longer path (`/usr/local/etc/`) is no path of its own.
        if (at > 0 && isPathByte[bytes[at - 1] ?? 0] === 1) continue;
        const from = at + start.length;
        let end = from;
        while (end < bytes.length && end - from < lengthMax && isPathByte[bytes[end] ?? 0] === 1) end += 1;
        if (end - from >= lengthMin) this.#paths.add(bytes.toString('latin1', at, end));
      }
    }
  }
}

function isElf(head: readonly number[]): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** True for what may be started as a program: an executable file in a directory of programs, by its path without a slash. */
export function isProgramPath(path: string, mode: number | undefined): boolean {
  if (((mode ?? 0) & 0o111) === 0 || /\.so(?:\.|$)/.test(path)) return false;
  return /^(?:usr\/)?(?:s?bin|libexec)\/|^usr\/local\/|^opt\/|^(?:usr\/)?lib\/(?!modules\/|firmware\/|gcc\/)[^/]+\//.test(
    path,
  );
}

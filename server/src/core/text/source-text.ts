/** Positions in a text: spans of UTF-16 offsets, and their lines and columns, which are computed only when asked for. */

/** A half-open range of UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A position for people and for JSON: both count from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A range for people and for JSON; the end is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Offsets at which each line begins. Lines end at `\n` only, as systemd reads them. */
export class LineIndex {
  readonly #text: string;
  readonly #length: number;
  #known: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#length = text.length;
  }

  /** Counted at the first use: of most files nobody asks for a line. */
  get #starts(): readonly number[] {
    if (this.#known === undefined) {
      const text = this.#text;
      const starts = [0];
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.#known = starts;
    }
    return this.#known;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Line and column, from 1, of an offset. Offsets outside the text are moved to its nearest end. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.#length));
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  }

  range(span: Span): Range {
    return { start: this.position(span.start), end: this.position(span.end) };
  }

  /** The span of a line (from 1) without its line end; undefined if there is no such line. */
  lineSpan(line: number): Span | undefined {
    const start = this.#starts[line - 1];
    if (start === undefined) return undefined;
    const next = this.#starts[line];
    return { start, end: next === undefined ? this.#length : next - 1 };
  }
}

/** A file's text with the path it has inside the image. */
export class SourceText {
  readonly path: string;
  readonly text: string;
  readonly lines: LineIndex;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.lines = new LineIndex(text);
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }
}

/** The range of a place: its span, else its line, else the first position of the file. */
export function rangeOf(source: SourceText | undefined, line: number | undefined, span: Span | undefined): Range {
  if (source !== undefined && span !== undefined) return source.lines.range(span);
  const lineSpan = line === undefined ? undefined : source?.lines.lineSpan(line);
  if (source !== undefined && lineSpan !== undefined) return source.lines.range(lineSpan);
  const start = { line: line ?? 1, column: 1 };
  return { start, end: start };
}

/** The ids that may be given out, and the cursor that goes through them from the top. */

interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** A set of ids as inclusive ranges. All ranges are added before the first question is asked. */
export class IdRanges {
  readonly #added: IdRange[] = [];
  /** Descending, disjoint; made of the added ones at the first question. */
  #ranges: readonly IdRange[] | undefined;
  /** The id given out last, in the range at `#current`; users and groups share it, and it never goes back up. */
  #cursor = Number.POSITIVE_INFINITY;
  #current = 0;

  get isEmpty(): boolean {
    return this.#added.length === 0;
  }

  add(from: number, to: number): void {
    this.#added.push({ from, to });
    this.#ranges = undefined;
  }

  has(id: number): boolean {
    const ranges = this.#sorted();
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.from ?? 0) > id) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low];
    return range !== undefined && range.from <= id && id <= range.to;
  }

  /** The next lower id, whether it is free or not; undefined when all were passed. */
  next(): number | undefined {
    const ranges = this.#sorted();
    for (; this.#current < ranges.length; this.#current += 1) {
      const range = ranges[this.#current];
      if (range === undefined || range.from >= this.#cursor) continue;
      this.#cursor = Math.min(this.#cursor - 1, range.to);
      return this.#cursor;
    }
    return undefined;
  }

  #sorted(): readonly IdRange[] {
    if (this.#ranges !== undefined) return this.#ranges;
    const merged: { from: number; to: number }[] = [];
    for (const range of [...this.#added].sort((a, b) => b.to - a.to)) {
      const last = merged.at(-1);
      if (last !== undefined && range.to >= last.from - 1) last.from = Math.min(last.from, range.from);
      else merged.push({ ...range });
    }
    this.#ranges = merged;
    return merged;
  }
}

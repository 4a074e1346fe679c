/** The ids that may be given out, and the cursor that goes through them from the top. */

/** A set of ids as inclusive ranges; ranges that touch are one. */
export class IdRanges {
  /** Ascending, disjoint. */
  #ranges: readonly { readonly from: number; readonly to: number }[] = [];
  /** The id given out last; users and groups share it, and it never goes back up. */
  #cursor = Number.POSITIVE_INFINITY;

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  add(from: number, to: number): void {
    const kept: { from: number; to: number }[] = [];
    const merged = { from, to };
    for (const range of this.#ranges) {
      if (range.to + 1 < merged.from || merged.to + 1 < range.from) kept.push(range);
      else {
        merged.from = Math.min(merged.from, range.from);
        merged.to = Math.max(merged.to, range.to);
      }
    }
    this.#ranges = [...kept, merged].sort((a, b) => a.from - b.from);
  }

  has(id: number): boolean {
    return this.#ranges.some((range) => range.from <= id && id <= range.to);
  }

  /** The next lower id, whether it is free or not; undefined when all were passed. */
  next(): number | undefined {
    const below = this.#cursor - 1;
    for (let i = this.#ranges.length - 1; i >= 0; i--) {
      const range = this.#ranges[i];
      if (range === undefined || range.from > below) continue;
      this.#cursor = Math.min(below, range.to);
      return this.#cursor;
    }
    return undefined;
  }
}

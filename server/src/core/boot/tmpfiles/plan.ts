/**
 * All accepted lines in the order in which they are worked on: two tables keyed by path, first come first, and for each
 * path its nearest configured ancestor (semantics 2.6 and 2.7).
 */

import { defaultAgeByForDirectories, defaultAgeByForFiles } from '../../formats/tmpfiles/age.ts';
import { fnmatch } from '../../pattern/fnmatch.ts';
import { compareItems, type Item, isCompatible } from './item.ts';

/** What the age of an X line is but for its span, unless its own column says otherwise. */
const noAge = {
  keepFirstLevel: false,
  byForFiles: defaultAgeByForFiles,
  byForDirectories: defaultAgeByForDirectories,
};

export interface PathItems {
  readonly path: string;
  readonly items: Item[];
  parent: PathItems | undefined;
  readonly children: PathItems[];
}

export class Plan {
  /** Lines whose path is literal. */
  readonly literals = new Map<string, PathItems>();
  /** Lines whose path is a pattern. */
  readonly globs = new Map<string, PathItems>();
  #patterns: readonly string[] | undefined;

  /** Adds a line; the earlier line that keeps it out if there is one. */
  add(item: Item): Item | undefined {
    const table = item.type.path === 'glob' ? this.globs : this.literals;
    const known = table.get(item.path);
    if (known === undefined) {
      table.set(item.path, { path: item.path, items: [item], parent: undefined, children: [] });
      return undefined;
    }
    const rival = known.items.find((earlier) => !isCompatible(earlier, item));
    if (rival !== undefined) return rival;
    known.items.push(item);
    known.items.sort(compareItems);
    return undefined;
  }

  /** X lines take the age of the directory line that they lie in; done anew after each file. */
  inheritAges(): void {
    for (const entry of this.globs.values()) {
      for (const item of entry.items) {
        if (item.type.letter !== 'X') continue;
        const candidate = this.#directoryLineFor(item);
        if (candidate?.age === undefined) continue;
        item.age = { ...(item.age ?? noAge), span: candidate.age.span };
      }
    }
  }

  #directoryLineFor(item: Item): Item | undefined {
    let candidate: Item | undefined;
    for (const entry of this.literals.values()) {
      for (const other of entry.items) {
        if (other.type.makes !== 'directory') continue;
        if (other.path === item.path) {
          candidate = other;
          break;
        }
        const isBetter =
          candidate === undefined
            ? isBelow(item.path, other.path)
            : isBelow(other.path, candidate.path) && fnmatch(item.path, other.path, { pathname: true, period: true });
        if (isBetter) candidate = other;
      }
    }
    return candidate;
  }

  /** Links each path to its nearest configured ancestor. */
  linkParents(): void {
    for (const table of [this.literals, this.globs]) {
      for (const entry of table.values()) {
        for (let cut = entry.path.lastIndexOf('/'); cut > 0; cut = entry.path.lastIndexOf('/', cut - 1)) {
          const prefix = entry.path.slice(0, cut);
          const parent = this.literals.get(prefix) ?? this.globs.get(prefix);
          if (parent === undefined) continue;
          entry.parent = parent;
          parent.children.push(entry);
          break;
        }
      }
    }
  }

  /** True if a path has a line of its own, so that removing and cleaning from above spare it. */
  hasOwnLine(path: string): boolean {
    if (this.literals.has(path)) return true;
    this.#patterns ??= [...this.globs.keys()];
    return this.#patterns.some((pattern) => fnmatch(pattern, path, { pathname: true, period: true }));
  }
}

function isBelow(path: string, ancestor: string): boolean {
  return path === ancestor || ancestor === '/' || path.startsWith(`${ancestor}/`);
}

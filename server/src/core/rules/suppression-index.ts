/** Which findings the comments of the files silence, and which comments silence nothing. */

import { findConfigFiles } from '../layering/config-files.ts';
import type { Finding } from '../problems/problem.ts';
import type { Span } from '../text/source-text.ts';
import type { RuleContext } from './rule-context.ts';
import {
  aboutSuppressions,
  commentedFormat,
  isAbout,
  readSuppressions,
  type Suppression,
  type SuppressionProblem,
  type Suppressions,
} from './suppressions.ts';

/** A comment without use, or one that is none. */
type LeftOver =
  | {
      readonly file: string;
      readonly problem: SuppressionProblem;
      readonly suppression?: never;
      readonly unused?: never;
    }
  | {
      readonly file: string;
      readonly suppression: Suppression;
      /** Those of its rules that say nothing there. */
      readonly unused: Suppression['rules'];
      readonly problem?: never;
    };

export class SuppressionIndex {
  /** Ids of all rules. */
  readonly ruleIds: ReadonlySet<string>;
  readonly #context: RuleContext;
  readonly #files = new Map<string, Suppressions>();
  /** Rules that had something to silence, by the comment. */
  readonly #used = new Map<Suppression, Set<string>>();

  constructor(context: RuleContext, ruleIds: ReadonlySet<string>) {
    this.#context = context;
    this.ruleIds = ruleIds;
  }

  /** True if a comment silences the finding. The comments are then known to be of use. */
  silences(finding: Pick<Finding, 'rule' | 'place'>): boolean {
    const { file } = finding.place;
    const { entries } = this.#of(file);
    if (entries.length === 0) return false;
    const place = this.#spanOf(finding);
    let isSilenced = false;
    for (const entry of entries) {
      if (!isAbout(entry, finding.rule, place)) continue;
      isSilenced = true;
      const used = this.#used.get(entry);
      if (used === undefined) this.#used.set(entry, new Set([finding.rule]));
      else used.add(finding.rule);
    }
    return isSilenced;
  }

  /** The rules that comments of the image's configuration name; undefined: all, because one names none. */
  asked(): ReadonlySet<string> | undefined {
    const ids = new Set<string>();
    for (const { entries } of this.#all().values()) {
      for (const { rules } of entries) {
        if (rules.length === 0) return undefined;
        for (const { id } of rules) ids.add(id);
      }
    }
    return ids;
  }

  /** The comments that silence nothing, in the order of the files and their texts. Asked when all other rules have spoken. */
  *leftOver(): Generator<LeftOver> {
    for (const [file, { entries, problems }] of this.#all()) {
      for (const problem of problems) yield { file, problem };
      for (const suppression of entries) {
        const used = this.#used.get(suppression);
        const unused = suppression.rules.filter(({ id }) => id !== aboutSuppressions && used?.has(id) !== true);
        if (suppression.rules.length === 0 ? used === undefined : unused.length > 0) {
          yield { file, suppression, unused };
        }
      }
    }
  }

  #of(file: string): Suppressions {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const format = commentedFormat(file);
    const text = format === undefined ? undefined : this.#context.source(file)?.text;
    const read = format === undefined || text === undefined ? none : readSuppressions(text, format);
    this.#files.set(file, read);
    return read;
  }

  #spanOf({ place }: Pick<Finding, 'place'>): Span | undefined {
    if (place.span !== undefined) return place.span;
    return place.line === undefined ? undefined : this.#context.source(place.file)?.lines.lineSpan(place.line);
  }

  /** All files of the image's own that hold comments, read or to be read. */
  #all(): ReadonlyMap<string, Suppressions> {
    const found = new Map<string, Suppressions>();
    const { simulation } = this.#context;
    const { tree, inputs, image, units } = simulation;
    const add = (path: string) => {
      if (found.has(path) || !image.isOwn(path)) return;
      const read = this.#of(path);
      if (read !== none) found.set(path, read);
    };
    for (const kind of ['preset', 'sysusers', 'tmpfiles'] as const) {
      for (const { path } of findConfigFiles(tree, kind, inputs).files) add(path);
    }
    for (const { unit } of units.outcomes) for (const { path } of unit.files) add(path);
    return found;
  }
}

const none: Suppressions = { entries: [], problems: [] };

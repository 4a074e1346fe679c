/**
 * The syntax tree of a preset file. Its nodes are the lines that hold something; what lies between them is blanks and
 * line ends, so the text can be printed back from the tree.
 */

import type { Problem } from '../../problems/problem.ts';
import type { Span } from '../../text/source-text.ts';
import type { PresetVerb } from './verbs.ts';

/** A word of a line as it stands; preset files know neither quotes nor escapes. */
export interface PresetWord {
  readonly text: string;
  readonly span: Span;
}

interface PresetNodeBase {
  /** As systemd counts lines, from 1. */
  readonly line: number;
  /** Without the blanks at both ends. */
  readonly span: Span;
}

/** A line whose first character is `#` or `;`. */
export interface PresetComment extends PresetNodeBase {
  readonly kind: 'comment';
}

/** A line that begins with one of the verbs and that systemd takes as a rule. */
export interface PresetRule extends PresetNodeBase {
  readonly kind: 'rule';
  readonly verb: PresetVerb;
  readonly verbSpan: Span;
  /** Everything behind the verb, blanks included; of an `enable` line the first word. Undefined if there is nothing. */
  readonly pattern: PresetWord | undefined;
  /** Names of instances behind the template of an `enable` line. */
  readonly instances: readonly PresetWord[];
}

/** A line that systemd warns of and passes over. */
export interface PresetJunk extends PresetNodeBase {
  readonly kind: 'junk';
}

export type PresetNode = PresetComment | PresetRule | PresetJunk;

export interface PresetDocument {
  readonly text: string;
  /** Every line that is not blank, in order, up to one that is too long to be read. */
  readonly nodes: readonly PresetNode[];
  /** The nodes that take part in matching. */
  readonly rules: readonly PresetRule[];
  readonly problems: readonly Problem[];
  /** Set if a line is too long: then no preset file is applied at all. */
  readonly failure: Problem | undefined;
}

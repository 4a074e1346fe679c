/** What a feature gets besides its document: the set it belongs to, as last simulated, and the other files. */

import type { CheckedSet } from '../workspace/checked-set.ts';
import type { FeatureDocument } from './feature-document.ts';

/** A place in a file of the workspace or of the base. */
export interface FileSpan {
  readonly uri: string;
  readonly span: { readonly start: number; readonly end: number };
}

export interface FeatureContext {
  readonly uri: string;
  readonly document: FeatureDocument;
  /** The last finished simulation that the document belongs to; undefined for files that no set holds. */
  readonly set: CheckedSet | undefined;
  /** Path of the document in the set's image. */
  readonly imagePath: string | undefined;
  /** The set's own files as features see them, this one included; parsed when asked for. */
  files(): Iterable<SetFile>;
  /** The file at a path of the set's image, of the base too; undefined if it cannot be read or is not of our kinds. */
  fileAt(imagePath: string): SetFile | undefined;
  /** True once the client no longer wants the answer. */
  isCancelled(): boolean;
}

/** One file of a set. */
export interface SetFile {
  readonly uri: string;
  readonly imagePath: string;
  readonly document: FeatureDocument;
}

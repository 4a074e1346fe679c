/** What a completion offers, without anything of the protocol. */

import type { SpecifierFormat } from '../../core/specifier/specifier.ts';
import type { Span } from '../../core/text/source-text.ts';
import type { FeatureContext } from '../feature-context.ts';

export type CandidateKind =
  | 'section'
  | 'setting'
  | 'keyword'
  | 'value'
  | 'unit'
  | 'account'
  | 'file'
  | 'directory'
  | 'specifier'
  | 'type'
  | 'snippet';

/** Where the words about a candidate are, which are looked up only when the editor shows them. */
export type About =
  | { readonly about: 'setting'; readonly section: string; readonly name: string }
  | { readonly about: 'line-type'; readonly letter: string }
  | { readonly about: 'modifier'; readonly sign: string }
  | { readonly about: 'account-type'; readonly type: string }
  | { readonly about: 'verb'; readonly action: string }
  | { readonly about: 'specifier'; readonly letter: string; readonly format: SpecifierFormat }
  | { readonly about: 'age'; readonly sign: string }
  | { readonly about: 'unit'; readonly name: string };

export interface Candidate {
  readonly label: string;
  readonly kind: CandidateKind;
  readonly span: Span;
  /** What is written; absent: the label. */
  readonly insert?: string;
  /** What the typed text is compared with; absent: the label. */
  readonly filter?: string;
  readonly detail?: string;
  readonly isSnippet?: true;
  readonly isObsolete?: true;
  readonly about?: About;
}

export interface Completions {
  /** The likely ones first. */
  readonly candidates: readonly Candidate[];
  /** True if there are more, so that the editor asks again when more is typed. */
  readonly isIncomplete: boolean;
}

export interface CompletionRequest {
  readonly context: FeatureContext;
  readonly offset: number;
  /** The character whose typing asked; undefined if a person or a word did. */
  readonly trigger: string | undefined;
  readonly takesSnippets: boolean;
}

/** How many candidates are sent at most. */
export const mostCandidates = 1000;

export const none: Completions = { candidates: [], isIncomplete: false };

/** Those of the candidates that are sent: all if there are few, else those that begin with what is typed. */
export function limited(candidates: readonly Candidate[], typed: string): Completions {
  if (candidates.length <= mostCandidates) return { candidates, isIncomplete: false };
  const fitting = candidates.filter(({ label, filter }) => (filter ?? label).startsWith(typed));
  return { candidates: fitting.slice(0, mostCandidates), isIncomplete: true };
}

export function joined(...all: readonly Completions[]): Completions {
  return {
    candidates: all.flatMap(({ candidates }) => candidates),
    isIncomplete: all.some(({ isIncomplete }) => isIncomplete),
  };
}

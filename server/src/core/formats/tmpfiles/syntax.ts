/**
 * The syntax tree of a tmpfiles.d file. The nodes cover the text without gaps, so that it can be written back; what can be
 * judged from the text alone is judged here, specifiers and accounts are left to the simulation.
 */

import type { Problem } from '../../problems/problem.ts';
import type { Span } from '../../text/source-text.ts';
import type { Word } from '../../text/words.ts';
import type { Acl } from './acl.ts';
import type { Age } from './age.ts';
import type { LineType } from './line-types.ts';
import type { ModifierName } from './modifiers.ts';

export interface TmpfilesDocument {
  readonly text: string;
  readonly nodes: readonly TmpfilesNode[];
  /** Of all lines, in their order. */
  readonly problems: readonly Problem[];
}

export type TmpfilesNode = BlankNode | CommentNode | TmpfilesLine | UnreadNode;

interface NodeBase {
  /** From the end of the node before to the end of this one's line end; together they are the text. */
  readonly full: Span;
}

export interface BlankNode extends NodeBase {
  readonly kind: 'blank';
}

export interface CommentNode extends NodeBase {
  readonly kind: 'comment';
  readonly span: Span;
}

/** The rest of a file from a line on that is too long to be read. */
export interface UnreadNode extends NodeBase {
  readonly kind: 'unread';
  readonly span: Span;
  readonly line: number;
}

/** Where in the order of the tool's checks a problem is met; checks that need more than the text stand between them. */
export const stages = ['words', 'modifiers', 'path', 'type', 'argument', 'source', 'content', 'mode', 'age'] as const;
export type Stage = (typeof stages)[number];

export interface LineProblem extends Problem {
  readonly stage: Stage;
  /** What it does to the line: `refused` counts for the exit status (65), `dropped` does not, `none` is a warning. */
  readonly effect: 'refused' | 'dropped' | 'none';
}

/** The mode column (tmpfiles.d(5), Mode). */
export interface Mode {
  readonly bits: number;
  /** `~`: masked by the rights that are there. */
  readonly isMasked: boolean;
  /** `:`: only for new inodes. */
  readonly onlyCreate: boolean;
}

/** The user or group column, not yet resolved. */
export interface Owner {
  readonly name: string;
  /** `:`: only for new inodes. */
  readonly onlyCreate: boolean;
  /** Of the name, without the colon. */
  readonly span: Span;
}

/** What the argument of a line turned out to be, where its type says more than text. */
export type ParsedArgument =
  | { readonly kind: 'device'; readonly major: number; readonly minor: number }
  | { readonly kind: 'xattrs'; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly kind: 'acl'; readonly acl: Acl }
  | { readonly kind: 'base64'; readonly bytes: Uint8Array };

export interface TmpfilesLine extends NodeBase {
  readonly kind: 'line';
  /** As the tool counts, from 1. */
  readonly line: number;
  /** Without blanks around. */
  readonly span: Span;
  /** Up to six: type, path, mode, user, group, age, as they stand. */
  readonly words: readonly Word[];
  /** Of the type letter; empty if there is none. */
  readonly letter: string;
  readonly type: LineType | undefined;
  readonly modifiers: ReadonlySet<ModifierName>;
  /** The path column, unquoted, specifiers not replaced. */
  readonly path: Word | undefined;
  readonly mode: Mode | undefined;
  readonly user: Owner | undefined;
  readonly group: Owner | undefined;
  readonly age: Age | undefined;
  /** The rest of the line, raw; undefined if there is none or it is `-`. */
  readonly argument: Word | undefined;
  readonly parsedArgument: ParsedArgument | undefined;
  /** In the order of the tool's checks. */
  readonly problems: readonly LineProblem[];
}

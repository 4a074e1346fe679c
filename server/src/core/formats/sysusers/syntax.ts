/** The syntax tree of a sysusers.d file and what its lines mean. */

import type { Problem } from '../../problems/problem.ts';
import type { Span } from '../../text/source-text.ts';
import type { Word } from '../../text/words.ts';
import type { SysusersColumn, SysusersLineType } from './line-types.ts';

/** The words of a line by their column; undefined where the line is shorter. */
export interface SysusersWords extends Readonly<Record<SysusersColumn, Word | undefined>> {
  readonly type: Word;
}

/** A `u` or `u!` line. Ids, paths and texts that were not given are undefined. */
export interface UserEntry {
  readonly kind: 'user';
  readonly name: string;
  readonly uid: number | undefined;
  /** A number after the colon; the group must exist. */
  readonly gid: number | undefined;
  /** A name after the colon. */
  readonly groupName: string | undefined;
  /** The file whose owner gives the ids. */
  readonly idPath: string | undefined;
  readonly gecos: string | undefined;
  readonly home: string | undefined;
  readonly shell: string | undefined;
  readonly isLocked: boolean;
  /** Columns whose text holds a specifier that nothing tells; their text above is as it was written. */
  readonly unknown: readonly ('gecos' | 'home' | 'shell')[];
}

/** A `g` line. */
export interface GroupEntry {
  readonly kind: 'group';
  readonly name: string;
  readonly gid: number | undefined;
  readonly idPath: string | undefined;
}

/** An `m` line. */
interface MemberEntry {
  readonly kind: 'member';
  readonly user: string;
  readonly group: string;
}

/** An `r` line; both ends belong to the range. */
interface RangeEntry {
  readonly kind: 'range';
  readonly from: number;
  readonly to: number;
}

export type SysusersEntry = UserEntry | GroupEntry | MemberEntry | RangeEntry;

/** What a line comes to. */
export type SysusersMeaning =
  | { readonly kind: 'entry'; readonly entry: SysusersEntry }
  /** systemd drops the line; the problem says why. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** A name or an id holds a specifier whose value is not known here. */
  | { readonly kind: 'unknown'; readonly column: 'name' | 'id' };

export interface SysusersComment {
  readonly kind: 'comment';
  readonly number: number;
  readonly span: Span;
}

export interface SysusersLine {
  readonly kind: 'line';
  /** As the tool counts, from 1. */
  readonly number: number;
  readonly span: Span;
  /** The words as far as they could be read; undefined if there is not even a type. */
  readonly words: SysusersWords | undefined;
  /** Undefined if the version does not know the type. */
  readonly type: SysusersLineType | undefined;
  /** What follows from the text alone. */
  readonly meaning: SysusersMeaning;
  /** True if a word holds a specifier, so that the meaning depends on the system. */
  readonly hasSpecifiers: boolean;
}

export interface SysusersDocument {
  readonly text: string;
  /** Lines that are not blank, in order. */
  readonly nodes: readonly (SysusersComment | SysusersLine)[];
  /** Everything wrong that the text alone tells. */
  readonly problems: readonly Problem[];
  /** Set if a line of a mebibyte or more ended the reading: neither it nor what follows is read. */
  readonly failure: Problem | undefined;
}

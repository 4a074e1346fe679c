/** A line that was accepted: what the run works on, and what became of it. */

import type { Acl } from '../../formats/tmpfiles/acl.ts';
import type { AgeBy } from '../../formats/tmpfiles/age.ts';
import type { LineType } from '../../formats/tmpfiles/line-types.ts';
import type { Mode, TmpfilesLine } from '../../formats/tmpfiles/syntax.ts';
import type { FileContent } from '../../image/image.ts';
import type { Cause, Place } from '../../problems/problem.ts';
import type { Inode } from '../../tree/inode.ts';

/** A resolved user or group column. */
export interface ItemOwner {
  /** Undefined: the file that would tell has unknown content. */
  readonly id: number | undefined;
  readonly onlyCreate: boolean;
}

export interface ItemAge {
  readonly span: bigint;
  readonly keepFirstLevel: boolean;
  readonly byForFiles: AgeBy;
  readonly byForDirectories: AgeBy;
}

/** What an item did to one path. */
export interface Effect {
  readonly kind: 'created' | 'parent' | 'copied' | 'changed' | 'removed' | 'kept' | 'failed' | 'unknown';
  readonly path: string;
  /** Code of the message that says more. */
  readonly code?: string;
}

export interface Item {
  readonly type: LineType;
  readonly line: TmpfilesLine;
  readonly file: string;
  /** Specifiers replaced, simplified. */
  readonly path: string;
  /** Text of the argument, escapes and specifiers replaced; target and source have their defaults. */
  readonly argument: string | undefined;
  /** What f, F and w write: the argument, its decoded form or a credential. */
  readonly content: FileContent;
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  readonly xattrs: readonly (readonly [string, string])[];
  readonly acl: Acl | undefined;
  readonly mode: Mode | undefined;
  /** Bits for new inodes, whether or not there is a mode column. */
  readonly createMode: number;
  readonly user: ItemOwner | undefined;
  readonly group: ItemOwner | undefined;
  /** The column's; X lines without one take that of the directory they are in. */
  age: ItemAge | undefined;
  readonly done: Set<Operation>;
  readonly effects: Effect[];
}

export type Operation = 'create' | 'remove' | 'clean' | 'purge';

export function placeOf(item: Item): Place {
  return { file: item.file, line: item.line.line, span: item.line.span };
}

export function causeOf(item: Item, action: Cause['action']): Cause {
  return { ...placeOf(item), phase: 'tmpfiles', action };
}

/** Notes that a line would have made what an early unit's start has made before it. */
export function claim(inode: Inode, item: Item, action: Cause['action']): void {
  const { causes } = inode;
  if (causes.length > 0 && causes.every(({ phase }) => phase === 'start')) inode.addCause(causeOf(item, action));
}

/** Whether a later line may stand beside an earlier one on the same path (semantics 2.6). */
export function isCompatible(earlier: Item, later: Item): boolean {
  if (!earlier.type.owns || !later.type.owns) return true;
  if (isAppending(earlier) && isAppending(later)) return true;
  return (
    sameContent(earlier.content, later.content) &&
    sameOwner(earlier.user, later.user) &&
    sameOwner(earlier.group, later.group) &&
    sameMode(earlier, later) &&
    sameAge(earlier.age, later.age) &&
    earlier.device?.major === later.device?.major &&
    earlier.device?.minor === later.device?.minor
  );
}

function isAppending(item: Item): boolean {
  return item.type.letter === 'w' && item.line.modifiers.has('appendOrForce');
}

function sameContent(a: FileContent, b: FileContent): boolean {
  // What cannot be known is taken to be the same, so that no line is lost by a guess.
  if (a.kind !== 'bytes' || b.kind !== 'bytes') return true;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
}

function sameOwner(a: ItemOwner | undefined, b: ItemOwner | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.onlyCreate === b.onlyCreate && (a.id === b.id || a.id === undefined || b.id === undefined);
}

function sameMode(a: Item, b: Item): boolean {
  return (
    (a.mode === undefined) === (b.mode === undefined) &&
    a.createMode === b.createMode &&
    (a.mode?.isMasked ?? false) === (b.mode?.isMasked ?? false) &&
    (a.mode?.onlyCreate ?? false) === (b.mode?.onlyCreate ?? false)
  );
}

function sameAge(a: ItemAge | undefined, b: ItemAge | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.span === b.span &&
    a.keepFirstLevel === b.keepFirstLevel &&
    sameAgeBy(a.byForFiles, b.byForFiles) &&
    sameAgeBy(a.byForDirectories, b.byForDirectories)
  );
}

function sameAgeBy(a: AgeBy, b: AgeBy): boolean {
  return a.access === b.access && a.birth === b.birth && a.change === b.change && a.modification === b.modification;
}

/** Order of lines on one path: what owns it first, then by the code of the type letter. */
export function compareItems(a: Item, b: Item): number {
  if (a.type.owns !== b.type.owns) return a.type.owns ? -1 : 1;
  return a.type.letter.charCodeAt(0) - b.type.letter.charCodeAt(0);
}

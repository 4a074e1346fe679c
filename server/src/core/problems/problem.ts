/** Problems, messages and findings as values. Nothing here is ever thrown. */

import type { Range, Span } from '../text/source-text.ts';

export type Severity = 'error' | 'warning' | 'info';

/** How the real tool would log it. `notice` and below never change an exit status. */
export type MessageSeverity = 'error' | 'warning' | 'notice' | 'info';

/** What a parser says about one place of one text. The code is stable and names the bad pattern. */
export interface Problem {
  readonly code: string;
  readonly severity: MessageSeverity;
  readonly span: Span;
  readonly message: string;
}

/** The steps of a boot that can make or change something, in their order. `image` is what the image shipped. */
export type Phase = 'image' | 'skeleton' | 'preset' | 'sysusers' | 'tmpfiles' | 'start';

/** A place inside the image: an absolute path, a line from 1 and, where known, the exact range. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly span?: Span;
}

/** Why an inode, a link, an account or a change of one exists. */
export interface Cause extends Place {
  readonly phase: Phase;
  /** What the line did: it created the thing itself, made it as a missing parent, copied it, changed it, removed it. */
  readonly action: 'created' | 'parent' | 'copied' | 'changed' | 'removed' | 'shipped';
}

/** What the real tool would say while it works. Rules turn messages into findings by their code. */
export interface Message {
  readonly code: string;
  readonly severity: MessageSeverity;
  readonly phase: Phase;
  readonly text: string;
  /** The line it is about; absent if the message concerns the run as a whole. */
  readonly place?: Place;
  /** The other place that matters: the earlier line, the existing inode's cause. */
  readonly related?: readonly RelatedPlace[];
  /** The path, user, group or unit concerned, so that rules need not read the text. */
  readonly subject?: string;
}

export interface RelatedPlace extends Place {
  readonly message: string;
}

/** A finding as rules return it: places still are spans; the surface turns them into lines and columns. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: 'certain' | 'likely';
  /** One sentence: what is wrong, with the offending text quoted. */
  readonly message: string;
  readonly place: Place;
  readonly phase: Phase;
  /** What the boot does because of it. */
  readonly consequence?: string;
  /** How to mend it, in words; `lines` below are to be written as they stand. */
  readonly help?: string;
  readonly suggestion?: Suggestion;
  /** Units that suffer. */
  readonly affects: readonly string[];
  readonly related: readonly RelatedPlace[];
  /** Distinguishes findings of one rule on one line; part of the fingerprint. */
  readonly subject?: string;
}

/** Lines that mend a finding and the file inside the image that should hold them. */
export interface Suggestion {
  readonly file: string;
  readonly lines: readonly string[];
}

/** A finding with positions, as reports and JSON have it. */
export interface LocatedFinding extends Finding {
  readonly range: Range;
  readonly fingerprint: string;
}

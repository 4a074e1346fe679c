/**
 * The requests of our own that previews are made of: types only, shared by server and client. Every list is sorted; what is
 * not known is absent. A `set` is named by its id from `statelessBoot/sets`; `volatile` asks for another boot of the same set.
 */

import type { VolatileMode } from '../core/boot/skeleton.ts';

/** A place in a file of the workspace or of the base; lines and characters from 0, as the protocol counts. */
export interface PreviewLocation {
  readonly uri: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

/** `statelessBoot/sets`: what the workspace has that can boot. */
export interface PreviewSet {
  readonly id: string;
  /** For people: the folder's name, the root's directory. */
  readonly label: string;
  readonly kind: 'root' | 'repository' | 'document';
  readonly folder: string;
  readonly directory: string;
  /** For example `debian 13`; absent without os-release. */
  readonly os?: string;
  readonly systemdVersion: number;
  readonly systemdEvidence: string;
  readonly volatile: VolatileMode;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly fails: number;
  readonly starts: number;
  /** Milliseconds that the simulation took. */
  readonly duration?: number;
}

/** Names a set and, if it is not the set's own, the boot. */
export interface PreviewParams {
  readonly set: string;
  readonly volatile?: VolatileMode;
}

/** `statelessBoot/tree`: the entries of one directory of the resulting tree. */
export interface TreeParams extends PreviewParams {
  readonly path: string;
}

export interface TreeEntry {
  readonly name: string;
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';
  /** Like `drwxr-x---`. */
  readonly mode?: string;
  readonly octal?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly target?: string;
  readonly size?: number;
  /** What made it. */
  readonly phase: string;
  /** Short, for example `alpha.conf:3`. */
  readonly cause?: string;
  readonly location?: PreviewLocation;
  readonly isDirectory: boolean;
  /** Whether the image ships it as it is. */
  readonly isShipped: boolean;
  /** Worst finding about it or something below it. */
  readonly severity?: 'error' | 'warning' | 'info';
  readonly findings: number;
}

/** `statelessBoot/accounts` */
export interface Accounts {
  readonly users: readonly AccountEntry[];
  readonly groups: readonly AccountEntry[];
}

export interface AccountEntry {
  readonly name: string;
  readonly id: number;
  readonly gid?: number;
  readonly home?: string;
  readonly shell?: string;
  readonly members?: readonly string[];
  readonly cause?: string;
  readonly location?: PreviewLocation;
  /** Units that run as it. */
  readonly usedBy: readonly string[];
}

/** `statelessBoot/units` */
export interface UnitEntry {
  readonly name: string;
  readonly state: 'starts' | 'new' | 'skipped' | 'fails' | 'gone' | 'later' | 'unknown' | 'idle';
  readonly isLikely: boolean;
  /** One line; empty for units that start. */
  readonly reason: string;
  readonly location?: PreviewLocation;
  readonly causes: readonly { readonly text: string; readonly location?: PreviewLocation }[];
}

/** `statelessBoot/timeline`: the phases of the boot in their order. */
export interface TimelineEntry {
  readonly phase: string;
  readonly summary: string;
  readonly severity?: 'error' | 'warning';
  readonly details: readonly { readonly text: string; readonly location?: PreviewLocation }[];
}

/** `statelessBoot/content`: a file of the tree; `when` is the image as shipped or the tree after the boot. */
export interface ContentParams extends PreviewParams {
  readonly path: string;
  readonly when: 'shipped' | 'after';
}

/** `statelessBoot/listing`: the resulting tree as text, a line an entry, for comparison in a diff editor. */
export interface ListingParams extends PreviewParams {
  /** The same for all of two sets whose listings are compared. */
  readonly withCauses?: boolean;
}

/** `statelessBoot/explain` */
export interface ExplainParams {
  readonly rule: string;
}

export interface ExplainedRule {
  readonly id: string;
  readonly title: string;
  readonly markdown: string;
}

/** `statelessBoot/rules` */
export interface ListedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: 'error' | 'warning' | 'info';
}

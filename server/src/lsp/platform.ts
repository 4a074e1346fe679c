/** What the language server needs of its surroundings: Node with a file system, or a browser's worker. */

import type { Image } from '../core/image/image.ts';
import type { ReportInput } from '../report/html/input.ts';
import type { FolderHost } from '../workspace/workspace-folder.ts';

export interface Platform {
  /** The files of a folder; undefined if it cannot be read from here. */
  openFolder(uri: string): FolderHost | undefined;
  /** Opens what loose files are laid over: `none`, a path (relative to the folder), or undefined for the bundled base. */
  openBase(base: string | undefined, folder: string | undefined): Promise<OpenedBase>;
  /** The report as one HTML page; absent where it cannot be made. */
  readonly reportPage?: (input: ReportInput) => Promise<string>;
  /** Memory in use, in bytes, after a collection if the process was started so that it can be asked for (`--expose-gc`). */
  readonly memory?: () => { readonly heapUsed: number };
  /** Days since 1970-01-01. */
  today(): number;
  /** A clock for durations, in milliseconds. */
  now(): number;
  /** Unpacks gzip data; undefined for damaged data and for more than `most` bytes. Absent where nothing can. */
  gunzip?(bytes: Uint8Array, most: number): Uint8Array | undefined;
}

export interface OpenedBase {
  /** Undefined: loose files lie over nothing. */
  readonly image: Image | undefined;
  /** Why the base that was asked for cannot be used; the bundled one is then taken. */
  readonly problem?: string;
}

/** The two lists of a snapshot (contract, "Snapshots"): files whose content was left out, and paths inside programs. */

import type { FileContent } from '../core/image/image.ts';
import { decodeText } from '../core/text/bytes.ts';

/** The directory of the lists; it is no part of the image. */
export const snapshotDirectory = '.snapshot';
export const manifestName = 'manifest.jsonl';
export const execStringsName = 'exec-strings.jsonl';

/** What a snapshot knows of a file that it holds without content. */
export interface LeftOut {
  readonly size: number;
  readonly content: FileContent;
  /** True for ELF files: a program that `exec-strings.jsonl` does not list has no paths in it. */
  readonly isProgram: boolean;
}

/** Told of lines that are not entries. */
type Report = (path: string, message: string) => void;

/** The files of `.snapshot/manifest.jsonl` by their absolute path. */
export function readManifest(bytes: Uint8Array, report: Report): ReadonlyMap<string, LeftOut> {
  const files = new Map<string, LeftOut>();
  const contents = new Map<string, FileContent>();
  forEachRow(manifestName, bytes, report, (row) => {
    const { path, size, kind } = row;
    if (typeof path !== 'string' || typeof size !== 'number') return false;
    const reason = `its content was left out of the snapshot (${typeof kind === 'string' ? kind : 'other'})`;
    const content = contents.get(reason) ?? { kind: 'unknown', reason };
    contents.set(reason, content);
    files.set(path, { size, content, isProgram: kind === 'elf' });
    return true;
  });
  return files;
}

/** The paths that `.snapshot/exec-strings.jsonl` lists, by the program's path. */
export function readEmbeddedPaths(bytes: Uint8Array, report: Report): ReadonlyMap<string, readonly string[]> {
  const programs = new Map<string, readonly string[]>();
  forEachRow(execStringsName, bytes, report, (row) => {
    const { path, paths } = row;
    if (typeof path !== 'string' || !Array.isArray(paths)) return false;
    programs.set(
      path,
      paths.filter((entry) => typeof entry === 'string'),
    );
    return true;
  });
  return programs;
}

function forEachRow(
  name: string,
  bytes: Uint8Array,
  report: Report,
  take: (row: Record<string, unknown>) => boolean,
): void {
  let line = 0;
  for (const text of decodeText(bytes).split('\n')) {
    line += 1;
    if (text === '') continue;
    const row = parseRow(text);
    if (row === undefined || !take(row)) {
      report(`/${snapshotDirectory}/${name}`, `line ${line} is not an entry of the list`);
    }
  }
}

function parseRow(text: string): Record<string, unknown> | undefined {
  try {
    const row: unknown = JSON.parse(text);
    return typeof row === 'object' && row !== null ? { ...row } : undefined;
  } catch {
    return undefined;
  }
}

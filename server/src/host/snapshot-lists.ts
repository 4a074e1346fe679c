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
    const why = typeof kind === 'string' ? kind : 'other';
    let content = contents.get(why);
    if (content === undefined) {
      content = { kind: 'unknown', reason: `its content was left out of the snapshot (${why})` };
      contents.set(why, content);
    }
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
  const lines = decodeText(bytes).split('\n');
  const rows = parseAll(lines) ?? lines.map((text) => (text === '' ? null : parseRow(text)));
  rows.forEach((row, index) => {
    if (row !== null && (!isRecord(row) || !take(row))) {
      report(`/${snapshotDirectory}/${name}`, `line ${index + 1} is not an entry of the list`);
    }
  });
}

/** All lines in one go, which is several times as fast; undefined if some line is no value of its own. Null for empty lines. */
function parseAll(lines: readonly string[]): readonly unknown[] | undefined {
  // Only objects, so that two halves of a value on two lines are not taken for one.
  if (lines.some((line) => line !== '' && !(line.startsWith('{') && line.endsWith('}')))) return undefined;
  try {
    const rows: unknown = JSON.parse(`[${lines.map((line) => (line === '' ? 'null' : line)).join(',')}]`);
    return Array.isArray(rows) && rows.length === lines.length ? rows : undefined;
  } catch {
    return undefined;
  }
}

function parseRow(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

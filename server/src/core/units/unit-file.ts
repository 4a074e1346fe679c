/**
 * One fragment or drop-in as the loader reads it: its syntax tree, cut off where systemd stops reading, and what keeps the
 * unit from loading.
 */

import { findDirective, isKnownDirective, sectionsOf, type UnitType } from '../formats/unit/directives.ts';
import { parseUnit } from '../formats/unit/parse.ts';
import { grammarOf } from '../formats/unit/settings/table.ts';
import { textSpan, type UnitDocument, type UnitEntry, type UnitSection } from '../formats/unit/syntax.ts';
import type { Problem } from '../problems/problem.ts';
import { decodeText } from '../text/bytes.ts';
import { LineIndex } from '../text/source-text.ts';
import type { Inode } from '../tree/inode.ts';
import type { Systemd } from '../versions/systemd.ts';
import type { LoadedFile, LoadState } from './unit.ts';

/** What reading a file came to. */
export type UnitFileReading =
  | {
      readonly kind: 'read';
      readonly file: LoadedFile;
      /** Why a fragment with this text does not load; a drop-in only counts up to there. */
      readonly failure:
        | { readonly state: LoadState & ('bad-setting' | 'error'); readonly problem: Problem }
        | undefined;
    }
  /** The image leaves the content out. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A parsed file whose line index is made at its first use. */
class ParsedFile implements LoadedFile {
  readonly path: string;
  readonly document: UnitDocument;
  readonly source?: NonNullable<LoadedFile['source']>;
  #lines: LineIndex | undefined;

  constructor(path: string, document: UnitDocument, source: LoadedFile['source']) {
    this.path = path;
    this.document = document;
    if (source !== undefined) this.source = source;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.document.text);
    return this.#lines;
  }
}

/** Settings whose bad value makes the load state `error` (EINVAL) instead of `bad-setting` (ENOEXEC); seen on 257. */
const errorSettings: ReadonlySet<string> = new Set(['PIDFile']);

/** Reads a fragment or drop-in for a unit type. `source` is what a generator made it from. */
export function readUnitFile(
  path: string,
  inode: Inode,
  type: UnitType,
  systemd: Systemd,
  source?: LoadedFile['source'],
): UnitFileReading {
  if (inode.type !== 'file') return { kind: 'unreadable', reason: 'it is not a regular file' };
  const content = inode.content;
  if (content.kind === 'unknown') return { kind: 'unknown' };
  if (content.kind === 'unreadable') return { kind: 'unreadable', reason: content.reason };
  const document = parseUnit(decodeText(content.bytes), systemd);
  const stop = findStop(document, type, systemd);
  if (stop !== undefined) {
    return {
      kind: 'read',
      file: new ParsedFile(path, cutOff(document, stop), source),
      failure: { state: errorSettings.has(stop.entry.key) ? 'error' : 'bad-setting', problem: stop.problem },
    };
  }
  const { failure } = document;
  return {
    kind: 'read',
    file: new ParsedFile(path, document, source),
    failure: failure === undefined ? undefined : { state: 'error', problem: failure },
  };
}

interface Stop {
  readonly section: UnitSection;
  readonly entry: UnitEntry;
  readonly problem: Problem;
}

/** The first value that systemd refuses so much that it reads no further. */
function findStop(document: UnitDocument, type: UnitType, systemd: Systemd): Stop | undefined {
  const sections = sectionsOf(type);
  for (const section of document.sections) {
    if (!sections.includes(section.name)) continue;
    for (const entry of section.entries) {
      const directive = findDirective(section.name, entry.key);
      if (directive === undefined || !isKnownDirective(directive, systemd)) continue;
      if (directive.last !== undefined && directive.last < systemd.version) continue;
      const problem = grammarOf(directive)?.(entry.value, { systemd, key: entry.key }).find((one) => one.stopsUnit);
      if (problem !== undefined) {
        const { code, severity, message } = problem;
        return { section, entry, problem: { code, severity, message, span: textSpan(entry, problem.span) } };
      }
    }
  }
  return undefined;
}

function cutOff(document: UnitDocument, stop: Stop): UnitDocument {
  const before = document.sections.slice(0, document.sections.indexOf(stop.section));
  const entries = stop.section.entries.slice(0, stop.section.entries.indexOf(stop.entry));
  return { ...document, sections: [...before, { ...stop.section, entries }] };
}

/**
 * One fragment or drop-in as the loader reads it: its syntax tree, cut off where systemd stops reading, and what keeps the
 * unit from loading.
 */

import { findDirective, isKnownDirective, sectionsOf, type UnitType } from '../formats/unit/directives.ts';
import { parseUnitBytes } from '../formats/unit/parse.ts';
import { grammarOf, mayStopUnit } from '../formats/unit/settings/table.ts';
import { textSpan, type UnitDocument, type UnitEntry, type UnitSection } from '../formats/unit/syntax.ts';
import type { Problem } from '../problems/problem.ts';
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
  const document = parseUnitBytes(content.bytes, systemd);
  const stop = findStop(document, type, systemd);
  if (stop !== undefined) {
    return {
      kind: 'read',
      file: loadedFile(path, cutOff(document, stop), source),
      failure: { state: errorSettings.has(stop.entry.key) ? 'error' : 'bad-setting', problem: stop.problem },
    };
  }
  const { failure } = document;
  return {
    kind: 'read',
    file: loadedFile(path, document, source),
    failure: failure === undefined ? undefined : { state: 'error', problem: failure },
  };
}

function loadedFile(path: string, document: UnitDocument, source: LoadedFile['source']): LoadedFile {
  return { path, document, lines: new LineIndex(document.text), ...(source === undefined ? {} : { source }) };
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
      if (directive === undefined || !mayStopUnit(directive) || !isKnownDirective(directive, systemd)) continue;
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

/** Who names what in a whole set: the occurrences of all its files by kind and name, gathered once for a simulation. */

import type { CheckedSet } from '../workspace/checked-set.ts';
import type { FeatureContext, SetFile } from './feature-context.ts';
import type { FeatureDocument } from './feature-document.ts';
import { type Occurrence, occurrencesIn, type SubjectKind } from './occurrences.ts';

/** An occurrence and the file it stands in; its span lies in the text of that file's document. */
export interface IndexedOccurrence {
  readonly file: SetFile;
  readonly occurrence: Occurrence;
}

export interface SetIndex {
  /** Where the set's own files name something, in the order of the files and their texts. */
  of(kind: SubjectKind, name: string): readonly IndexedOccurrence[];
}

type Entries = ReadonlyMap<string, readonly IndexedOccurrence[]>;

const indexes = new WeakMap<CheckedSet, Entries>();
interface KeyedEntry {
  readonly key: string;
  readonly entry: IndexedOccurrence;
}

const knownEntries = new WeakMap<SetFile, readonly KeyedEntry[]>();
const known = new WeakMap<FeatureDocument, readonly Occurrence[]>();

/**
 * The index of the set that a document belongs to, of the document alone if there is none. What stands in the document itself
 * is always as its text is now; the other files are as they were when the set was simulated.
 */
export function setIndex(context: FeatureContext): SetIndex {
  const { set, uri, document, imagePath } = context;
  const alone: SetFile = { uri, imagePath: imagePath ?? document.file, document };
  if (set === undefined) {
    const entries = gather([alone]);
    return { of: (kind, name) => entries.get(keyOf(kind, name)) ?? [] };
  }
  let entries = indexes.get(set);
  if (entries === undefined) {
    entries = gather(context.files());
    indexes.set(set, entries);
  }
  const all = entries;
  return {
    of(kind, name) {
      const found = all.get(keyOf(kind, name)) ?? [];
      const isCurrent = (entry: IndexedOccurrence) => entry.file.uri !== uri || entry.file.document === document;
      const here = found.findIndex((entry) => entry.file.uri === uri);
      if (here !== -1 && found.every(isCurrent)) return found;
      const now = occurrencesOf(document)
        .filter((occurrence) => occurrence.kind === kind && occurrence.name === name)
        .map((occurrence) => ({ file: alone, occurrence }));
      const others = found.filter((entry) => entry.file.uri !== uri);
      if (now.length === 0) return others;
      const at = here === -1 ? others.length : here;
      return [...others.slice(0, at), ...now, ...others.slice(at)];
    },
  };
}

/** The occurrences of a document, found once. */
export function occurrencesOf(document: FeatureDocument): readonly Occurrence[] {
  let found = known.get(document);
  if (found === undefined) {
    found = occurrencesIn(document);
    known.set(document, found);
  }
  return found;
}

function gather(files: Iterable<SetFile>): Entries {
  const entries = new Map<string, IndexedOccurrence[]>();
  for (const file of files) {
    for (const { key, entry } of entriesOf(file)) {
      const list = entries.get(key);
      if (list === undefined) entries.set(key, [entry]);
      else list.push(entry);
    }
  }
  return entries;
}

/** The entries of a file, made once: from one simulation to the next nearly all files stay as they are. */
function entriesOf(file: SetFile): readonly KeyedEntry[] {
  let found = knownEntries.get(file);
  if (found === undefined) {
    found = occurrencesOf(file.document).map((occurrence) => ({
      key: keyOf(occurrence.kind, occurrence.name),
      entry: { file, occurrence },
    }));
    knownEntries.set(file, found);
  }
  return found;
}

function keyOf(kind: SubjectKind, name: string): string {
  return `${kind}\0${name}`;
}

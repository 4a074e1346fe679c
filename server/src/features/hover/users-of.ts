/** Who names a path, an account or a unit: units with what becomes of them, lines of other files. */

import { baseName } from '../../core/tree/tree.ts';
import { code, count, link, plain } from '../markdown.ts';
import type { SubjectKind } from '../occurrences.ts';
import { type IndexedOccurrence, setIndex } from '../set-index.ts';
import { obstacleWords, outcomeWords } from './outcome-words.ts';
import { type HoverScope, placeLink } from './scope.ts';

const MOST = 6;

/** One list item a unit or line that names the subject; units that suffer without naming it last. */
export function usersOf(scope: HoverScope, kind: SubjectKind, name: string): string[] {
  const { context, facts } = scope;
  const items = new Map<string, string>();
  const named = new Set<string>();
  const entries = setIndex(context).of(kind, name);
  let hidden = 0;
  for (const entry of entries) {
    const { role, via } = entry.occurrence;
    if (role !== 'uses') continue;
    const { parsed } = entry.file.document;
    const unit = parsed.format === 'unit' ? parsed.unit : undefined;
    const key = `${unit ?? entry.file.uri} ${via}`;
    if (items.has(key)) continue;
    if (items.size >= MOST) {
      hidden += 1;
      continue;
    }
    items.set(key, unit === undefined ? lineItem(entry) : unitItem(scope, entry, unit));
    if (unit !== undefined) named.add(unit);
  }
  const list = [...items.values()];
  const others = (facts?.sufferers(name) ?? []).filter(({ unit }) => !named.has(unit.name));
  for (const outcome of others.slice(0, Math.max(0, MOST - list.length))) {
    list.push(`${code(outcome.unit.name)} ${outcomeWords(outcome)}`);
  }
  hidden += Math.max(0, others.length - Math.max(0, MOST - items.size));
  if (hidden > 0) list.push(`and ${count(hidden, 'other')}`);
  return list.length === 0 ? [] : [list.map((item) => `- ${item}`).join('\n')];
}

function addressOf({ file, occurrence }: IndexedOccurrence): { readonly text: string; readonly address: string } {
  const { line } = file.document.lines.position(occurrence.span.start);
  return {
    text: `${baseName(file.document.file)}:${line}`,
    address: `${file.uri}#L${line}`,
  };
}

function unitItem(scope: HoverScope, entry: IndexedOccurrence, unit: string): string {
  const { text, address } = addressOf(entry);
  const outcome = scope.facts?.outcome(unit);
  const then = outcome === undefined ? '' : ` · ${outcomeWords(outcome)}`;
  // What the subject itself does to the unit, where something else stops it before.
  const own = outcome?.obstacles.slice(1).find(({ subject }) => subject === entry.occurrence.name);
  const after = own === undefined ? '' : `, and then ${obstacleWords(own)}`;
  return `${code(`${entry.occurrence.via}=`)} of ${link(plain(text), address)}${then}${after}`;
}

function lineItem(entry: IndexedOccurrence): string {
  const { text, address } = addressOf(entry);
  return `${code(entry.occurrence.via)} line ${link(plain(text), address)}`;
}

/** A line of the set's own files that should make something. */
export interface Maker {
  readonly link: string;
  /** The unit whose start makes it; undefined for lines of other files. */
  readonly unit: string | undefined;
}

/** The lines of the set's own files that make something, for what the simulation does not show. */
export function makersOf(scope: HoverScope, kind: SubjectKind, name: string): Maker[] {
  return setIndex(scope.context)
    .of(kind, name)
    .filter(({ occurrence }) => occurrence.role === 'makes')
    .map(({ file, occurrence }) => {
      const { parsed, lines } = file.document;
      const { line } = lines.position(occurrence.span.start);
      return {
        link: placeLink(scope, { file: file.imagePath, line }),
        unit: parsed.format === 'unit' ? parsed.unit : undefined,
      };
    });
}

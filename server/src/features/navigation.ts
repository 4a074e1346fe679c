/** From a name to the lines that make it, and to all that name it. */

import type { Place } from '../core/problems/problem.ts';
import type { Span } from '../core/text/source-text.ts';
import { parentPath } from '../core/tree/tree.ts';
import type { FeatureContext } from './feature-context.ts';
import type { Occurrence } from './occurrences.ts';
import { type IndexedOccurrence, occurrencesOf, setIndex } from './set-index.ts';

/** What stands under the cursor, if it is a user, group, path or unit. */
export function occurrenceUnder(context: FeatureContext, offset: number): Occurrence | undefined {
  return occurrencesOf(context.document).find(({ span }) => offset >= span.start && offset <= span.end);
}

/** Everything in the set that names the same thing; a user's name also stands for the group that its line makes. */
export function referencesTo(context: FeatureContext, { kind, name }: Occurrence): readonly IndexedOccurrence[] {
  return setIndex(context).of(kind, name);
}

/** The occurrences of the same thing in the document itself. */
export function highlightsOf(context: FeatureContext, { kind, name }: Occurrence): readonly Occurrence[] {
  return occurrencesOf(context.document).filter((other) => other.kind === kind && other.name === name);
}

/** Places that make what an occurrence names: in the set's own files as they are now, else by the causes of the simulation. */
export function definitionsOf(
  context: FeatureContext,
  occurrence: Occurrence,
): { readonly own: readonly IndexedOccurrence[]; readonly places: readonly Place[] } {
  const { kind, name } = occurrence;
  const index = setIndex(context);
  const making = (of: Occurrence['kind']) => index.of(of, name).filter((entry) => entry.occurrence.role === 'makes');
  // A `u` line makes the group of that name, too (sysusers.d(5), Type).
  const own = [...making(kind), ...(kind === 'group' && making('group').length === 0 ? making('user') : [])];
  if (own.length > 0 && kind !== 'unit') return { own, places: [] };
  return { own: [], places: simulatedPlaces(context, kind, name) };
}

function simulatedPlaces({ set }: FeatureContext, kind: Occurrence['kind'], name: string): readonly Place[] {
  if (set === undefined) return [];
  const { simulation } = set;
  if (kind === 'unit') {
    const { store } = simulation.units;
    const unit = store.find(name);
    return unit === undefined ? [] : unit.files.map(({ path }) => ({ file: path }));
  }
  if (kind === 'path') {
    // Of a path that nobody makes, whoever makes the directory above it is the next best answer.
    for (const path of [name, parentPath(name)]) {
      const causes = simulation.units.finalTree.lookup(path, { follow: false })?.causes ?? [];
      const places = causes.filter(({ line }) => line !== undefined);
      if (places.length > 0) return places;
    }
    return [];
  }
  if (simulation.sysusers.kind !== 'ran') return [];
  const { users, groups } = simulation.sysusers.result;
  const account = (kind === 'user' ? users : groups).find(({ entry }) => entry.name === name);
  return account?.cause === undefined ? [] : [account.cause];
}

/** A section, entry or line for outlines. */
export interface OutlineEntry {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'section' | 'entry' | 'path' | 'account' | 'unit';
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly OutlineEntry[];
}

/** The outline of a document. */
export function outlineOf({ document }: FeatureContext): readonly OutlineEntry[] {
  const { parsed } = document;
  switch (parsed.format) {
    case 'unit':
      return parsed.tree.sections.map((section) => ({
        name: `[${section.name}]`,
        detail: '',
        kind: 'section',
        span: { start: section.header.span.start, end: (section.entries.at(-1) ?? section.header).span.end },
        nameSpan: section.header.nameSpan,
        children: section.entries.map(({ key, value, span, keySpan }) => ({
          name: `${key}=`,
          detail: value.slice(0, 200),
          kind: 'entry',
          span,
          nameSpan: keySpan,
          children: [],
        })),
      }));
    case 'tmpfiles':
      return parsed.tree.nodes.flatMap((node) =>
        node.kind !== 'line' || node.path === undefined
          ? []
          : [leaf('path', node.path.value, node.words[0]?.value ?? '', node.span, node.path.span)],
      );
    case 'sysusers':
      return parsed.tree.nodes.flatMap((node) =>
        node.kind !== 'line' || node.words?.name === undefined
          ? []
          : [leaf('account', node.words.name.value, node.words.type.value, node.span, node.words.name.span)],
      );
    case 'preset':
      return parsed.tree.rules.flatMap(({ pattern, verb, span }) =>
        pattern === undefined ? [] : [leaf('unit', pattern.text, verb.action, span, pattern.span)],
      );
  }
}

function leaf(kind: OutlineEntry['kind'], name: string, detail: string, span: Span, nameSpan: Span): OutlineEntry {
  // An editor refuses an outline with an entry that has no name.
  return { kind, name: name === '' ? '(empty)' : name, detail, span, nameSpan, children: [] };
}

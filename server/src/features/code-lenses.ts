/** The lines above a file: its boot at a click, who uses what it makes, which preset line decides on it. */

import type { VolatileMode } from '../core/boot/skeleton.ts';
import type { Place } from '../core/problems/problem.ts';
import { baseName } from '../core/tree/tree.ts';
import type { FeatureContext, FileSpan } from './feature-context.ts';
import { count } from './markdown.ts';
import type { SubjectKind } from './occurrences.ts';
import { type SetFacts, setFacts } from './set-facts.ts';
import { type IndexedOccurrence, occurrencesOf, setIndex } from './set-index.ts';

/** All stand above the first line. */
export interface CodeLens {
  readonly title: string;
  readonly action:
    | { readonly kind: 'simulate' }
    | { readonly kind: 'show'; readonly places: readonly FileSpan[] }
    | { readonly kind: 'none' };
}

const bootNames: Readonly<Record<VolatileMode, string>> = {
  yes: 'empty /etc boot',
  state: 'empty /var boot',
  no: 'boot',
  overlay: 'boot',
};

/** The lenses of a document; `problems` is how many diagnostics it has. */
export function codeLenses(context: FeatureContext, problems: number): readonly CodeLens[] {
  const { set } = context;
  if (set === undefined) return [];
  const facts = setFacts(set);
  const makes = makesWords(context, facts);
  const parts = [
    `▶ Simulate ${bootNames[set.options.volatile]}`,
    makes === undefined ? undefined : `makes ${makes}`,
    fateWords(context, facts),
    problems === 0 ? undefined : count(problems, 'problem'),
  ];
  const lenses: CodeLens[] = [
    { title: parts.filter((part) => part !== undefined).join(' · '), action: { kind: 'simulate' } },
  ];
  const used = usedLens(context, makes);
  if (used !== undefined) lenses.push(used);
  const enabled = presetLens(context, facts);
  if (enabled !== undefined) lenses.push(enabled);
  return lenses;
}

/** `3 paths`, `2 users and 1 group`; undefined if the file makes nothing. */
function makesWords(context: FeatureContext, facts: SetFacts): string | undefined {
  const { document, imagePath } = context;
  if (imagePath === undefined) return undefined;
  const { sysusers } = facts.set.simulation;
  const parts: [number, string][] = [];
  switch (document.parsed.format) {
    case 'tmpfiles': {
      const paths = new Set<string>();
      for (const { result } of facts.lines(imagePath)) {
        if (result.kind !== 'applied') continue;
        for (const { kind, path } of result.effects) {
          if (kind === 'created' || kind === 'parent' || kind === 'copied') paths.add(path);
        }
      }
      parts.push([paths.size, 'path']);
      break;
    }
    case 'sysusers': {
      if (sysusers.kind !== 'ran') break;
      const { users, groups } = sysusers.result;
      parts.push([users.filter(({ cause }) => cause?.file === imagePath).length, 'user']);
      parts.push([groups.filter(({ cause }) => cause?.file === imagePath).length, 'group']);
      break;
    }
    case 'unit': {
      const made = occurrencesOf(document).filter(({ kind, role }) => kind === 'path' && role === 'makes');
      const paths = new Set(made.map(({ name }) => name));
      parts.push([[...paths].filter((path) => facts.tree.lookup(path) !== undefined).length, 'path']);
      break;
    }
    case 'preset':
      break;
  }
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => count(number, word));
  return said.length === 0 ? undefined : said.join(' and ');
}

/** What the boot does with the unit, or how many units the presets enable. */
function fateWords({ document, imagePath }: FeatureContext, facts: SetFacts): string | undefined {
  const { parsed } = document;
  if (parsed.format === 'preset') {
    if (imagePath === undefined) return undefined;
    const enabled = parsed.tree.rules
      .flatMap(({ line }) => facts.presetsOfLine(imagePath, line))
      .filter(({ verdict }) => verdict === 'enabled');
    return `enables ${count(enabled.length, 'unit')}`;
  }
  const outcome = parsed.format === 'unit' && parsed.unit !== undefined ? facts.outcome(parsed.unit) : undefined;
  switch (outcome?.outcome) {
    case 'active':
    case 'ran':
      return 'starts';
    case 'skipped':
      return 'is skipped';
    case 'failed':
    case 'dep-failed':
    case 'assert-failed': {
      const result = outcome.obstacles[0]?.result;
      return result === undefined ? 'fails' : `fails: ${result}`;
    }
    default:
      return undefined;
  }
}

/** Who uses what the file makes. */
function usedLens(context: FeatureContext, makes: string | undefined): CodeLens | undefined {
  if (makes === undefined) return undefined;
  const index = setIndex(context);
  const uses = new Set<IndexedOccurrence>();
  for (const { kind, name, role, via } of occurrencesOf(context.document)) {
    if (role !== 'makes') continue;
    const kinds: readonly SubjectKind[] = kind === 'user' && via === 'u' ? ['user', 'group'] : [kind];
    for (const each of kinds) {
      for (const entry of index.of(each, name)) {
        if (entry.occurrence.role === 'uses' && entry.file.uri !== context.uri) uses.add(entry);
      }
    }
  }
  if (uses.size === 0) return undefined;
  const units = new Set<string>();
  const files = new Set<string>();
  for (const { file } of uses) {
    const { parsed } = file.document;
    if (parsed.format === 'unit') units.add(parsed.unit ?? file.uri);
    else files.add(file.uri);
  }
  const users = [
    units.size === 0 ? undefined : count(units.size, 'unit'),
    files.size === 0 ? undefined : count(files.size, 'other file'),
  ].filter((part) => part !== undefined);
  const places = [...uses].map(({ file, occurrence }) => ({ uri: file.uri, span: occurrence.span }));
  return { title: `creates ${makes}, used by ${users.join(' and ')}`, action: { kind: 'show', places } };
}

/** Which preset line decides on the unit. */
function presetLens(context: FeatureContext, facts: SetFacts): CodeLens | undefined {
  const { parsed } = context.document;
  if (parsed.format !== 'unit' || parsed.unit === undefined || parsed.isDropIn) return undefined;
  const preset = facts.preset(parsed.unit);
  // Of what cannot be enabled a rule that disables it says nothing.
  if (preset === undefined || (preset.verdict === 'disabled' && !facts.isInstallable(parsed.unit))) return undefined;
  const verdicts: Readonly<Record<string, string>> = {
    enabled: 'enabled',
    disabled: 'not enabled',
    ignored: 'left as it is',
  };
  const verdict = verdicts[preset.verdict];
  if (verdict === undefined) return undefined;
  const [also] = preset.pulledBy;
  const place = preset.rule ?? also;
  if (place === undefined) return { title: `${verdict}: no preset line matches`, action: { kind: 'none' } };
  const at = fileSpan(context, place);
  return {
    title: `${verdict} by ${baseName(place.file)}${place.line === undefined ? '' : `:${place.line}`}`,
    action: at === undefined ? { kind: 'none' } : { kind: 'show', places: [at] },
  };
}

function fileSpan(context: FeatureContext, { file, line, span }: Place): FileSpan | undefined {
  const found = context.fileAt(file);
  const whole = span ?? (line === undefined ? undefined : found?.document.lines.lineSpan(line));
  return found === undefined ? undefined : { uri: found.uri, span: whole ?? { start: 0, end: 0 } };
}

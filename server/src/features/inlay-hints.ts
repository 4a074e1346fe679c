/** What a line comes to, written behind it: the inode it makes, rights in letters, ids that are given out. */

import type { LineOutcome } from '../core/boot/tmpfiles/run-tmpfiles.ts';
import type { SysusersLine } from '../core/formats/sysusers/syntax.ts';
import type { TmpfilesLine } from '../core/formats/tmpfiles/syntax.ts';
import { findDirective } from '../core/formats/unit/directives.ts';
import type { UnitEntry } from '../core/formats/unit/syntax.ts';
import { valueCandidates } from '../core/formats/unit/value-candidates.ts';
import type { Span } from '../core/text/source-text.ts';
import { modeText, rightsText } from '../core/tree/mode-text.ts';
import { directorySettings } from '../core/units/naming-settings.ts';
import type { FeatureContext } from './feature-context.ts';
import { count } from './markdown.ts';
import { type SetFacts, setFacts } from './set-facts.ts';

export interface InlayHint {
  /** Behind which the hint stands. */
  readonly offset: number;
  readonly label: string;
}

/** The hints of a part of a document, in its order. */
export function inlayHints(context: FeatureContext, range: Span): readonly InlayHint[] {
  const { document, set, imagePath } = context;
  const { parsed } = document;
  const facts = set === undefined ? undefined : setFacts(set);
  const hints: InlayHint[] = [];
  const isIn = ({ start, end }: Span) => end >= range.start && start <= range.end;
  switch (parsed.format) {
    case 'tmpfiles':
      for (const node of parsed.tree.nodes) {
        if (node.kind !== 'line' || !isIn(node.span)) continue;
        const text = document.text.slice(node.span.start, node.span.end);
        const outcome = imagePath === undefined ? undefined : facts?.lineOutcome(imagePath, node.line, text);
        hints.push(...tmpfilesHints(node, outcome, facts));
      }
      break;
    case 'sysusers':
      for (const node of parsed.tree.nodes) {
        if (node.kind === 'line' && isIn(node.span)) hints.push(...sysusersHints(node, facts));
      }
      break;
    case 'preset':
      for (const rule of parsed.tree.rules) {
        if (facts === undefined || imagePath === undefined || !isIn(rule.span)) continue;
        const units = facts.presetsOfLine(imagePath, rule.line);
        hints.push({
          offset: rule.span.end,
          label: `→ ${units.length === 0 ? 'decides on no unit' : count(units.length, 'unit')}`,
        });
      }
      break;
    case 'unit':
      for (const { name, entries } of parsed.tree.sections) {
        for (const entry of entries) {
          if (isIn(entry.span)) hints.push(...settingHints(context, name, entry, facts));
        }
      }
  }
  return hints.filter(({ offset }) => offset >= range.start && offset <= range.end);
}

function tmpfilesHints(line: TmpfilesLine, outcome: LineOutcome | undefined, facts: SetFacts | undefined): InlayHint[] {
  const hints: InlayHint[] = [];
  const { mode, words } = line;
  const modeWord = words[2];
  if (mode !== undefined && modeWord !== undefined) {
    hints.push({ offset: modeWord.span.end, label: rightsText(mode.bits) });
  }
  const result = outcome?.result;
  for (const kind of ['user', 'group'] as const) {
    const owner = line[kind];
    const id = result?.kind === 'applied' ? result[kind]?.id : undefined;
    if (owner !== undefined && id !== undefined && owner.name !== String(id)) {
      hints.push({ offset: owner.span.end, label: String(id) });
    }
  }
  if (outcome !== undefined) {
    const label = fateLabel(outcome, facts);
    if (label !== undefined) hints.push({ offset: line.span.end, label: `→ ${label}` });
  }
  return hints;
}

function fateLabel({ result, path }: LineOutcome, facts: SetFacts | undefined): string | undefined {
  if (result.kind === 'skipped') return result.reason === 'not-boot' ? undefined : 'passed over';
  if (result.kind !== 'applied') return result.kind;
  const paths = (kinds: readonly string[]) =>
    new Set(result.effects.filter(({ kind }) => kinds.includes(kind)).map((effect) => effect.path));
  const made = paths(['created', 'copied']);
  const parents = paths(['parent']).size;
  const more = parents === 0 ? '' : ` + ${count(parents, 'parent')}`;
  if (made.size > 1) return `${count(made.size, 'path')}${more}`;
  const [only] = made;
  if (only !== undefined) {
    const inode = facts?.tree.lookup(only, { follow: false });
    // What has gone again by the end of the boot has no rights to show.
    if (facts === undefined || inode === undefined) return `made${more}`;
    const owner = `${facts.userName(inode.uid)}:${facts.groupName(inode.gid)}`;
    return `${modeText(inode.type, inode.mode)} ${owner}${more}`;
  }
  if (paths(['failed']).size > 0) return 'fails';
  const removed = paths(['removed']).size;
  if (removed > 0) return `removes ${count(removed, 'path')}`;
  const changed = paths(['changed']).size;
  if (changed > 0) return `changes ${count(changed, 'path')}`;
  const kept = result.effects.some(({ kind, path: at }) => kind === 'kept' && at === path);
  return kept ? 'there already' : undefined;
}

function sysusersHints({ type, words, span }: SysusersLine, facts: SetFacts | undefined): InlayHint[] {
  const name = words?.name?.value;
  if (facts === undefined || name === undefined || (type?.letter !== 'u' && type?.letter !== 'g')) return [];
  const kind = type.letter === 'u' ? 'user' : 'group';
  const found = facts.accounts[kind](name);
  if (found.kind !== 'found') return [];
  const { account } = found;
  const id = 'uid' in account ? account.uid : account.gid;
  const text = words?.id?.value;
  const isSaid = text === String(id) || text?.startsWith(`${id}:`) === true;
  return isSaid ? [] : [{ offset: words?.id?.span.end ?? span.end, label: String(id) }];
}

function settingHints(
  { document }: FeatureContext,
  section: string,
  { key, value, valueSpan }: UnitEntry,
  facts: SetFacts | undefined,
): InlayHint[] {
  const directive = findDirective(section, key);
  if (directive === undefined || value === '') return [];
  const hint = (label: string): InlayHint[] => [{ offset: valueSpan.end, label }];
  const base = Object.hasOwn(directorySettings, key) ? directorySettings[key] : undefined;
  if (base !== undefined) return /^[^\s%:]+$/.test(value) ? hint(`→ ${base}/${value}`) : [];
  const { kind } = valueCandidates(directive, document.systemd);
  if (kind === 'mode') return /^[0-7]{1,4}$/.test(value) ? hint(rightsText(Number.parseInt(value, 8))) : [];
  if ((kind === 'user' || kind === 'group') && facts !== undefined && /^[a-z_][\w-]*$/i.test(value)) {
    const found = facts.accounts[kind](value);
    if (found.kind !== 'found') return [];
    return hint(String('uid' in found.account ? found.account.uid : found.account.gid));
  }
  return [];
}

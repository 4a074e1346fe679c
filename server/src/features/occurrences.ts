/**
 * Where a file names users, groups, paths and units, and in which role: what hover, definition, references, rename and
 * highlights share.
 */

import { findDirective } from '../core/formats/unit/directives.ts';
import { parseUnitName } from '../core/formats/unit/settings/unit-name.ts';
import { textSpan, type UnitEntry } from '../core/formats/unit/syntax.ts';
import type { Span } from '../core/text/source-text.ts';
import { accountSettings, directorySettings } from '../core/units/naming-settings.ts';
import type { FeatureDocument } from './feature-document.ts';

export type SubjectKind = 'user' | 'group' | 'path' | 'unit';

export interface Occurrence {
  readonly kind: SubjectKind;
  /** Of a path: absolute, specifiers that never vary replaced, no slash at the end. */
  readonly name: string;
  readonly span: Span;
  /**
   * `makes`: the line makes it (a sysusers.d line its account, a tmpfiles.d line its path, StateDirectory= its directory, a
   * unit file its unit); `removes`; `enables`, `disables`: a preset line; `uses`: anything else.
   */
  readonly role: 'makes' | 'removes' | 'enables' | 'disables' | 'uses';
  /** The setting, line type or verb that it stands in. */
  readonly via: string;
}

/** Directories that specifiers of the system manager stand for (systemd.unit(5), tmpfiles.d(5), Specifiers). */
const fixedSpecifiers: Readonly<Record<string, string>> = {
  S: '/var/lib',
  C: '/var/cache',
  L: '/var/log',
  t: '/run',
  E: '/etc',
  T: '/tmp',
  V: '/var/tmp',
};

const unitListSettings =
  /^(?:Wants|Requires|Requisite|BindsTo|PartOf|Upholds|Conflicts|Before|After|OnFailure|OnSuccess|PropagatesReloadTo|ReloadPropagatedFrom|PropagatesStopTo|StopPropagatedFrom|JoinsNamespaceOf|WantedBy|RequiredBy|UpheldBy|Also|Alias|Unit|Service|Slice|Sockets|DefaultInstance)$/;
/** Settings whose texts may look like paths without being any. */
const noPaths = /^(?:Documentation|Description|X-.*)$/;

const REMOVING = 'rRD';

/** All occurrences in a file, in the order of its text. */
export function occurrencesIn(document: FeatureDocument): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const { parsed } = document;
  const path = (text: string, span: Span, role: Occurrence['role'], via: string) => {
    const name = plainPath(text);
    if (name !== undefined) found.push({ kind: 'path', name, span, role, via });
  };
  switch (parsed.format) {
    case 'tmpfiles':
      for (const node of parsed.tree.nodes) {
        if (node.kind !== 'line') continue;
        const { letter } = node;
        if (node.path !== undefined) {
          path(node.path.value, node.path.span, roleOfLine(letter), letter);
        }
        if (node.user !== undefined) {
          found.push({ kind: 'user', name: node.user.name, span: node.user.span, role: 'uses', via: letter });
        }
        if (node.group !== undefined) {
          found.push({ kind: 'group', name: node.group.name, span: node.group.span, role: 'uses', via: letter });
        }
        if (node.argument !== undefined && (letter === 'C' || letter === 'L')) {
          path(node.argument.value, node.argument.span, 'uses', letter);
        }
      }
      break;
    case 'sysusers':
      for (const node of parsed.tree.nodes) {
        if (node.kind !== 'line' || node.words === undefined) continue;
        const { type, name, id, home, shell } = node.words;
        const letter = type.value.charAt(0);
        if (name !== undefined && letter !== 'r') {
          const kind = letter === 'g' ? 'group' : 'user';
          found.push({ kind, name: name.value, span: name.span, role: letter === 'm' ? 'uses' : 'makes', via: letter });
        }
        if (id !== undefined && letter === 'm') {
          found.push({ kind: 'group', name: id.value, span: id.span, role: 'uses', via: letter });
        } else if (id !== undefined && letter === 'u') {
          const colon = id.value.indexOf(':');
          const group = id.value.slice(colon + 1);
          if (colon !== -1 && /^[a-z_]/i.test(group)) {
            const span = { start: id.span.start + colon + 1, end: id.span.end };
            found.push({ kind: 'group', name: group, span, role: 'uses', via: letter });
          }
        }
        if (home !== undefined) path(home.value, home.span, 'uses', letter);
        if (shell !== undefined) path(shell.value, shell.span, 'uses', letter);
      }
      break;
    case 'preset':
      for (const { verb, pattern } of parsed.tree.rules) {
        if (pattern === undefined || parseUnitName(pattern.text) === undefined) continue;
        const role = verb.action === 'enable' ? 'enables' : verb.action === 'disable' ? 'disables' : 'uses';
        found.push({ kind: 'unit', name: pattern.text, span: pattern.span, role, via: verb.action });
      }
      break;
    case 'unit':
      for (const section of parsed.tree.sections) {
        for (const entry of section.entries) unitOccurrences(section.name, entry, found);
      }
  }
  return found;
}

function roleOfLine(letter: string): Occurrence['role'] {
  if (REMOVING.includes(letter) && letter !== 'D') return 'removes';
  return 'xXzZtTaAhHm'.includes(letter) ? 'uses' : 'makes';
}

function unitOccurrences(section: string, entry: UnitEntry, found: Occurrence[]): void {
  const { key, value } = entry;
  if (value === '' || noPaths.test(key)) return;
  const account = accountSettings[key];
  const directory = directorySettings[key];
  const isUnitList = unitListSettings.test(key) && findDirective(section, key) !== undefined;
  for (const match of value.matchAll(/[^\s"']+/g)) {
    const word = match[0];
    const at = match.index;
    const span = (start: number, end: number) => textSpan(entry, { start: at + start, end: at + end });
    if (account !== undefined) {
      if (!/[%\d]/.test(word.charAt(0))) {
        found.push({ kind: account, name: word, span: span(0, word.length), role: 'uses', via: key });
      }
    } else if (directory !== undefined) {
      const name = word.split(':', 1)[0] ?? word;
      const path = plainPath(`${directory}/${name}`);
      if (path !== undefined)
        found.push({ kind: 'path', name: path, span: span(0, name.length), role: 'makes', via: key });
    } else if (isUnitList) {
      if (parseUnitName(word) !== undefined) {
        found.push({ kind: 'unit', name: word, span: span(0, word.length), role: 'uses', via: key });
      }
    } else pathsInWord(word, span, key, found);
  }
}

/** `-/etc/x`, `!/run/y`, `--config=/etc/x`, `/a:/b:rbind`, `%S/app`. */
function pathsInWord(word: string, span: (start: number, end: number) => Span, via: string, found: Occurrence[]): void {
  for (const match of word.matchAll(/(?<=^|[=:,@|!+-])(?:%[SCLtETV])?\/[^:,=;]*|%[SCLtETV](?=$|:)/g)) {
    const name = plainPath(match[0]);
    if (name === undefined || /[*?]/.test(name)) continue;
    // The rest of an address (`http://x`) is no path.
    if (name.startsWith('//') || word.charAt(match.index - 2) === '/') continue;
    found.push({ kind: 'path', name, span: span(match.index, match.index + match[0].length), role: 'uses', via });
  }
}

/** The path with the specifiers replaced that never vary; undefined for what is no absolute path or holds other ones. */
export function plainPath(text: string): string | undefined {
  const expanded = text.replace(/%([SCLtETV%])/g, (_whole, letter: string) =>
    letter === '%' ? '\0' : (fixedSpecifiers[letter] ?? ''),
  );
  if (expanded.includes('%') || !expanded.startsWith('/')) return undefined;
  const path = expanded.replaceAll('\0', '%').replace(/\/+/g, '/');
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

/** The occurrence at an offset; the narrowest one if they overlap. */
export function occurrenceAt(document: FeatureDocument, offset: number): Occurrence | undefined {
  let best: Occurrence | undefined;
  for (const occurrence of occurrencesIn(document)) {
    const { start, end } = occurrence.span;
    if (offset < start || offset > end) continue;
    if (best === undefined || end - start < best.span.end - best.span.start) best = occurrence;
  }
  return best;
}

/** A setting of a unit file: what it does, its value decoded, where it is documented. */

import { directiveWords } from '../../core/formats/unit/directive-words.ts';
import { findDirective } from '../../core/formats/unit/directives.ts';
import type { UnitEntry } from '../../core/formats/unit/syntax.ts';
import { valueCandidates } from '../../core/formats/unit/value-candidates.ts';
import { parseTimeSpan } from '../../core/text/time-span.ts';
import { rightsText } from '../../core/tree/mode-text.ts';
import { manualAddress } from '../manual-link.ts';
import { manualParagraphs } from '../manual-page.ts';
import { code, link, plain } from '../markdown.ts';
import { timeSpanWords } from '../time-words.ts';
import type { HoverScope } from './scope.ts';

/** Everything about a setting; empty for what is no setting of the section. */
export function describeDirective(scope: HoverScope, section: string, entry: UnitEntry): string[] {
  const directive = findDirective(section, entry.key);
  if (directive === undefined) return [];
  const { systemd } = scope.context.document;
  const { since, last, page } = directive;
  const notes = [
    `**${plain(entry.key)}=**`,
    `\\[${plain(section)}\\]`,
    link(plain(page), manualAddress(page)),
    since === undefined
      ? undefined
      : `since ${since}${since > systemd.version ? `; ${systemd.version} ignores it` : ''}`,
    last === undefined ? undefined : last === 0 ? 'without effect' : `without effect since ${last + 1}`,
  ].filter((note) => note !== undefined);
  const words = directiveWords(section, entry.key);
  const value = valueWords(scope, section, entry);
  return [
    notes.join(' · '),
    ...(words === undefined ? [] : [words]),
    ...(value === undefined ? [] : [value]),
    ...manualQuote(scope, page, [`${entry.key}=`]),
  ];
}

/** The sentence of a setting, as a last line behind what its value names. */
export function briefDirective(section: string, key: string): string[] {
  const words = directiveWords(section, key);
  return words === undefined ? [] : [`${code(`${key}=`)} ${words}`];
}

/** The value in words, where the text does not say it itself. */
export function valueWords(scope: HoverScope, section: string, entry: UnitEntry): string | undefined {
  const directive = findDirective(section, entry.key);
  const { value } = entry;
  if (directive === undefined || value === '') return undefined;
  const { kind } = valueCandidates(directive, scope.context.document.systemd);
  if (kind === 'mode') {
    if (!/^[0-7]{1,5}$/.test(value)) return undefined;
    const bits = Number.parseInt(value, 8);
    return entry.key === 'UMask'
      ? `${code(value)} takes ${code(rightsText(bits))} away from new files.`
      : `${code(value)} is ${code(rightsText(bits))}.`;
  }
  if (kind === 'time') {
    const span = parseTimeSpan(value);
    return span === undefined ? undefined : `${code(value)} is ${timeSpanWords(span)}.`;
  }
  if (kind === 'size' || kind === 'limit') {
    const bytes = /^(\d+)([KMGT])$/.exec(value);
    if (bytes === null) return undefined;
    const size = BigInt(bytes[1] ?? '0') * 1024n ** BigInt('KMGT'.indexOf(bytes[2] ?? 'K') + 1);
    return `${code(value)} is ${size} bytes.`;
  }
  if (kind === 'command') {
    const signs = /^[-@:+!|]+/.exec(value)?.[0] ?? '';
    const meanings = [...new Set(signs.replaceAll('!!', '‼'))].map((sign) => signWords[sign]);
    return meanings.length === 0 ? undefined : `${code(signs)}: ${meanings.join(' ')}`;
  }
  return undefined;
}

/** Signs before the program of a command line (systemd.service(5), Command Lines). */
const signWords: Readonly<Record<string, string>> = {
  '-': 'A failure does not count.',
  '@': 'The second word is passed as the name of the program.',
  ':': 'Variables are not replaced.',
  '+': 'Runs with all rights, whatever the unit says of users and sandboxes.',
  '!': 'Runs without the change of user, the rest of the sandbox stays.',
  '‼': 'As `!`, only where ambient capabilities are missing.',
  '|': 'Runs through the shell of the user.',
};

/** What the image's own manual page says of the first of some terms that it has. */
export function manualQuote(scope: HoverScope, page: string, terms: readonly string[]): string[] {
  const source = scope.tools.manual(page);
  if (source === undefined) return [];
  for (const term of terms) {
    const text = manualParagraphs(source, term);
    if (text !== undefined) return [`> ${plain(text).replaceAll('\n', '\n> ')}\n>\n> — ${plain(page)} of the image`];
  }
  return [];
}

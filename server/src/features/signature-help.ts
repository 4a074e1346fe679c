/** What the columns of the line under the cursor mean, and which of them the cursor is in. */

import { type SysusersColumn, sysusersColumns, sysusersLineTypes } from '../core/formats/sysusers/line-types.ts';
import { argumentWords, type TmpfilesColumn, tmpfilesColumns } from '../core/formats/tmpfiles/column-words.ts';
import { findLineType, type LineType } from '../core/formats/tmpfiles/line-types.ts';
import { findDirective } from '../core/formats/unit/directives.ts';
import { valueCandidates } from '../core/formats/unit/value-candidates.ts';
import { lineCursor, unitCursor } from './completion/cursor.ts';
import { manualLink } from './completion/documentation.ts';
import { argumentColumn } from './completion/tmpfiles.ts';
import type { FeatureDocument } from './feature-document.ts';

export interface LineSignature {
  readonly parameters: readonly { readonly label: string; readonly words: string }[];
  /** Markdown. */
  readonly words: string;
  readonly active: number;
}

/** The signature of the line; undefined where a line has no columns. */
export function signatureAt(document: FeatureDocument, offset: number): LineSignature | undefined {
  switch (document.kind.format) {
    case 'tmpfiles':
      return tmpfilesSignature(document, offset);
    case 'sysusers':
      return sysusersSignature(document, offset);
    case 'unit':
      return commandSignature(document, offset);
    default:
      return undefined;
  }
}

function tmpfilesSignature(document: FeatureDocument, offset: number): LineSignature | undefined {
  const cursor = lineCursor(document, offset, '#', argumentColumn);
  if (cursor === undefined) return undefined;
  const typed = cursor.words[0] ?? cursor.word.before;
  const type = findLineType(typed.charAt(0), document.systemd);
  const columns = Object.entries(tmpfilesColumns) as [TmpfilesColumn, string][];
  return {
    parameters: columns.map(([column, words]) => ({ label: column, words: columnWords(column, words, type) })),
    words: `${type?.what ?? 'A line of seven columns.'} ${manualLink('tmpfiles.d(5)')}`,
    active: cursor.words.length,
  };
}

function columnWords(column: TmpfilesColumn, words: string, type: LineType | undefined): string {
  if (type === undefined || column === 'type') return words;
  if (column === 'argument') return argumentWords[type.argument];
  if (column === 'path') return type.path === 'glob' ? `${words} Wildcards match.` : words;
  return type.uses.includes(column) ? words : `Not used by \`${type.letter}\`; write \`-\`.`;
}

function sysusersSignature(document: FeatureDocument, offset: number): LineSignature | undefined {
  const cursor = lineCursor(document, offset, '#');
  if (cursor === undefined) return undefined;
  const typed = cursor.words[0] ?? cursor.word.before;
  const type = sysusersLineTypes.find((row) => row.type === typed);
  const words = (column: SysusersColumn) => {
    if (type === undefined) return '';
    const use = type.columns[column];
    if (use === undefined) return `Not used by \`${type.type}\`; write \`-\` or nothing.`;
    return `${upperFirst(use.what)}.${use.isRequired ? '' : ' `-` leaves it out.'}`;
  };
  return {
    parameters: [
      { label: 'type', words: 'What the line does: u, g, m or r.' },
      ...sysusersColumns.map((column) => ({ label: column, words: words(column) })),
    ],
    words: `${type === undefined ? 'A line of up to six columns' : upperFirst(type.what)}. ${manualLink('sysusers.d(5)')}`,
    active: Math.min(cursor.words.length, sysusersColumns.length),
  };
}

/** The signs before a program (systemd.service(5), Command Lines). */
const prefixWords: readonly (readonly [string, string])[] = [
  ['-', 'a failure does not count'],
  ['@', 'the first argument is the name that the program sees'],
  [':', 'variables are not replaced'],
  ['+', 'with all privileges, outside of sandboxes'],
  ['!', 'without the change of user and group'],
];

function commandSignature(document: FeatureDocument, offset: number): LineSignature | undefined {
  const cursor = unitCursor(document, offset);
  if (cursor?.kind !== 'value') return undefined;
  const directive = findDirective(cursor.section, cursor.key);
  if (directive === undefined || valueCandidates(directive, document.systemd).kind !== 'command') return undefined;
  const { systemd } = document;
  const signs = systemd.has('unit-exec-shell-prefix')
    ? [...prefixWords, ['|', 'the line is given to a shell'] as const]
    : prefixWords;
  const program = `A path, or a name that is looked up. Signs before it: ${signs.map(([sign, words]) => `\`${sign}\` ${words}`).join(', ')}.`;
  return {
    parameters: [
      { label: 'program', words: program },
      {
        label: 'arguments',
        words:
          'Split at blanks; quotes keep words together. `$NAME` becomes words, with braces one. No shell reads them.',
      },
    ],
    words: manualLink('systemd.service(5)', `${cursor.key}=`),
    active: cursor.words.length === 0 ? 0 : 1,
  };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

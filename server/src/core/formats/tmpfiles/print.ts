/** Writes tmpfiles.d texts: a syntax tree as it was read, and new lines in the form that every version reads. */

import type { TmpfilesDocument } from './syntax.ts';

/** The text of a document, byte for byte. */
export function printTmpfiles(document: TmpfilesDocument): string {
  return document.nodes.map((node) => document.text.slice(node.full.start, node.full.end)).join('');
}

export interface NewLine {
  /** Letter and modifiers. */
  readonly type: string;
  /** The path as it is meant; specifiers and special characters are escaped. */
  readonly path: string;
  readonly mode?: number | undefined;
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  readonly age?: string | undefined;
  /** Raw text of the argument column. */
  readonly argument?: string | undefined;
}

/** A new line, without its line end. Columns at the end that say nothing are left out. */
export function printTmpfilesLine(line: NewLine): string {
  const columns = [
    line.type,
    quoteWord(line.path.replaceAll('%', '%%')),
    line.mode === undefined ? '-' : `0${line.mode.toString(8).padStart(3, '0')}`,
    line.user ?? '-',
    line.group ?? '-',
    line.age ?? '-',
    line.argument ?? '-',
  ];
  while (columns.length > 2 && columns.at(-1) === '-') columns.pop();
  return columns.join(' ');
}

/** A backslash is doubled and quotes are used where a word needs them: so all versions read the same. */
function quoteWord(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&');
  return /[ \t\r\n'"]/.test(text) || text === '' ? `"${escaped}"` : escaped;
}

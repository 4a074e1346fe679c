/** gshadow(5): parsing as fgetsgent(3), printing as putsgent(3). */

import {
  type AccountFile,
  type FieldReader,
  isWritableField,
  isWritableList,
  parseList,
  readAccountLines,
} from './fields.ts';

export interface GshadowEntry {
  readonly name: string;
  readonly password: string;
  readonly administrators: readonly string[];
  readonly members: readonly string[];
  /** Where it stands in its file, from 1; undefined for an entry that is yet to be written. */
  readonly line: number | undefined;
}

/** Reads /etc/gshadow. Never throws; there is no line that glibc does not understand somehow. */
export function parseGshadow(text: string): AccountFile<GshadowEntry> {
  return readAccountLines(text, parseLine);
}

function parseLine(fields: FieldReader, line: number): GshadowEntry {
  const name = fields.text();
  const password = fields.text();
  const administrators = parseList(fields.text());
  return { name, password, administrators, members: parseList(fields.rest()), line };
}

/** The line with its newline; undefined if glibc refuses to write the entry. */
export function printGshadow(entry: GshadowEntry): string | undefined {
  const { name, password, administrators, members } = entry;
  if (![name, password].every(isWritableField)) return undefined;
  if (!isWritableList(administrators) || !isWritableList(members)) return undefined;
  return `${name}:${password}:${administrators.join(',')}:${members.join(',')}\n`;
}

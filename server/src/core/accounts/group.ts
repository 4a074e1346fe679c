/** group(5): parsing as fgetgrent(3), printing as putgrent(3). */

import {
  type AccountFile,
  type FieldReader,
  isNisName,
  isWritableField,
  isWritableList,
  parseList,
  readAccountLines,
} from './fields.ts';

export interface GroupEntry {
  readonly name: string;
  /** Undefined only for a NIS line that is nothing but a name. */
  readonly password: string | undefined;
  readonly gid: number;
  readonly members: readonly string[];
  /** Where it stands in its file, from 1; undefined for an entry that is yet to be written. */
  readonly line: number | undefined;
}

/** Reads /etc/group. Never throws; lines that glibc would pass over are listed apart. */
export function parseGroup(text: string): AccountFile<GroupEntry> {
  return readAccountLines(text, parseLine);
}

function parseLine(fields: FieldReader, line: number): GroupEntry | undefined {
  const name = fields.text();
  const isNis = isNisName(name);
  if (isNis && fields.isAtEnd) return { name, password: undefined, gid: 0, members: [], line };
  const password = fields.text();
  const gid = isNis ? fields.optionalNumber(0) : fields.number();
  if (gid === undefined) return undefined;
  return { name, password, gid, members: parseList(fields.rest()), line };
}

/** The line with its newline; undefined if glibc refuses to write the entry. */
export function printGroup(entry: GroupEntry): string | undefined {
  const { name, password, members } = entry;
  if (!isWritableField(name) || !isWritableField(password) || !isWritableList(members)) return undefined;
  const gid = isNisName(name) ? '' : entry.gid;
  return `${name}:${password ?? ''}:${gid}:${members.join(',')}\n`;
}

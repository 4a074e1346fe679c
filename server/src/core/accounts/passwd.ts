/** passwd(5): parsing as fgetpwent(3), printing as putpwent(3). */

import { type AccountFile, type FieldReader, isNisName, isWritableField, readAccountLines } from './fields.ts';

export interface PasswdEntry {
  readonly name: string;
  /** Undefined only for a NIS line that is nothing but a name. */
  readonly password: string | undefined;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
  /** Where it stands in its file, from 1; undefined for an entry that is yet to be written. */
  readonly line: number | undefined;
}

/** Reads /etc/passwd. Never throws; lines that glibc would pass over are listed apart. */
export function parsePasswd(text: string): AccountFile<PasswdEntry> {
  return readAccountLines(text, parseLine);
}

function parseLine(fields: FieldReader, line: number): PasswdEntry | undefined {
  const name = fields.text();
  const isNis = isNisName(name);
  if (isNis && fields.isAtEnd) {
    return { name, password: undefined, uid: 0, gid: 0, gecos: '', home: '', shell: '', line };
  }
  const password = fields.text();
  const uid = isNis ? fields.optionalNumber(0) : fields.number();
  if (uid === undefined) return undefined;
  const gid = isNis ? fields.optionalNumber(0) : fields.number();
  if (gid === undefined) return undefined;
  const gecos = fields.text();
  const home = fields.text();
  return { name, password, uid, gid, gecos, home, shell: fields.rest(), line };
}

/** The line with its newline; undefined if glibc refuses to write the entry. */
export function printPasswd(entry: PasswdEntry): string | undefined {
  const { name, password, home, shell } = entry;
  if (![name, password, home, shell].every(isWritableField)) return undefined;
  const gecos = entry.gecos.replace(/[:\n]/g, ' ');
  const ids = isNisName(name) ? ':' : `${entry.uid}:${entry.gid}`;
  return `${name}:${password ?? ''}:${ids}:${gecos}:${home}:${shell}\n`;
}

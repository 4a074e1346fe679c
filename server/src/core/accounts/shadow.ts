/** shadow(5): parsing as fgetspent(3), printing as putspent(3). */

import { type AccountFile, type FieldReader, isNisName, isWritableField, readAccountLines } from './fields.ts';

/** Days are since 1970-01-01; undefined stands for an empty field. */
export interface ShadowEntry {
  readonly name: string;
  readonly password: string;
  readonly lastChange: number | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly warning: number | undefined;
  readonly inactive: number | undefined;
  readonly expiration: number | undefined;
  readonly flag: number | undefined;
  /** Where it stands in its file, from 1; undefined for an entry that is yet to be written. */
  readonly line: number | undefined;
}

/** Marks an empty field while undefined means a bad one. */
const EMPTY = null;

/** Reads /etc/shadow. Never throws; lines that glibc would pass over are listed apart. */
export function parseShadow(text: string): AccountFile<ShadowEntry> {
  return readAccountLines(text, parseLine);
}

function parseLine(fields: FieldReader, line: number): ShadowEntry | undefined {
  const name = fields.text();
  const noLimits = { warning: undefined, inactive: undefined, expiration: undefined, flag: undefined };
  if (isNisName(name) && fields.isAtEnd) {
    return { name, password: '', lastChange: 0, minimum: 0, maximum: 0, ...noLimits, line };
  }
  const password = fields.text();
  const lastChange = fields.optionalNumber(EMPTY);
  if (lastChange === undefined) return undefined;
  const minimum = fields.optionalNumber(EMPTY);
  if (minimum === undefined) return undefined;
  const maximum = fields.optionalNumber(EMPTY);
  if (maximum === undefined) return undefined;
  const first = { name, password, lastChange: day(lastChange), minimum: day(minimum), maximum: day(maximum), line };
  fields.skipSpace();
  // The form of System V Release 3 ends here.
  if (fields.isAtEnd) return { ...first, ...noLimits };
  const warning = fields.optionalNumber(EMPTY);
  if (warning === undefined) return undefined;
  const inactive = fields.optionalNumber(EMPTY);
  if (inactive === undefined) return undefined;
  const expiration = fields.optionalNumber(EMPTY);
  if (expiration === undefined) return undefined;
  const flag = fields.lastNumber(EMPTY);
  if (flag === undefined) return undefined;
  return {
    ...first,
    warning: day(warning),
    inactive: day(inactive),
    expiration: day(expiration),
    flag: flag === EMPTY ? undefined : flag,
  };
}

/** glibc keeps days as a signed 32-bit number, of which -1 is the empty field. */
function day(value: number | null): number | undefined {
  if (value === EMPTY) return undefined;
  const signed = value | 0;
  return signed === -1 ? undefined : signed;
}

/** The line with its newline; undefined if glibc refuses to write the entry. */
export function printShadow(entry: ShadowEntry): string | undefined {
  if (!isWritableField(entry.name) || !isWritableField(entry.password)) return undefined;
  const days = [entry.lastChange, entry.minimum, entry.maximum, entry.warning, entry.inactive, entry.expiration];
  return `${entry.name}:${entry.password}:${days.map(printNumber).join(':')}:${printNumber(entry.flag)}\n`;
}

function printNumber(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

/** Settings over several files: a unit's fragment and its drop-ins in the order systemd reads them. */

import type { UnitDocument, UnitEntry } from './syntax.ts';

/** A fragment or a drop-in with its path inside the image. */
export interface UnitFile {
  readonly path: string;
  readonly document: UnitDocument;
}

/** One assignment and the file it stands in. */
export interface SettingValue {
  readonly path: string;
  readonly entry: UnitEntry;
}

/** Every assignment of a setting in reading order, empty ones too. */
export function allValues(files: readonly UnitFile[], section: string, key: string): SettingValue[] {
  const values: SettingValue[] = [];
  for (const file of files) {
    for (const part of file.document.sections) {
      if (part.name !== section) continue;
      for (const entry of part.entries) if (entry.key === key) values.push({ path: file.path, entry });
    }
  }
  return values;
}

/** The assignments of a list setting that count: those behind the last empty assignment (systemd.unit(5)). */
export function listValues(files: readonly UnitFile[], section: string, key: string): SettingValue[] {
  const values = allValues(files, section, key);
  return values.slice(values.findLastIndex((value) => value.entry.value === '') + 1);
}

/** The assignment of a single-valued setting that counts: the last one, which may be empty. */
export function lastValue(files: readonly UnitFile[], section: string, key: string): SettingValue | undefined {
  return allValues(files, section, key).at(-1);
}

/** Reading a unit's settings for its start: values with their places, specifiers expanded. */

import { parseBoolean } from '../../formats/unit/settings/boolean.ts';
import { splitWords } from '../../formats/unit/settings/grammar.ts';
import { parseMode } from '../../formats/unit/settings/number.ts';
import type { Place } from '../../problems/problem.ts';
import type { Span } from '../../text/source-text.ts';
import { pathComponents } from '../../tree/tree.ts';
import type { SettingValue, Unit } from '../../units/unit.ts';

/** A part of a value with its specifiers expanded; undefined text: nobody can tell what it stands for. */
export interface PlacedText {
  readonly text: string;
  readonly place: Place;
}

/** Expands a part of a value; undefined if a specifier cannot be resolved. */
export function placed(unit: Unit, value: SettingValue, text: string, span?: Span): PlacedText | undefined {
  const expanded = unit.expand(text);
  return expanded.kind === 'value' ? { text: expanded.value, place: unit.place(value, span) } : undefined;
}

/** The assignment of a single-valued setting of the unit's own section. */
export function single(unit: Unit, key: string): PlacedText | undefined {
  const value = unit.last(unit.ownSection, key);
  return value === undefined ? undefined : placed(unit, value, value.entry.value);
}

export function booleanOf(unit: Unit, key: string): boolean | undefined {
  const text = unit.last(unit.ownSection, key)?.entry.value;
  return text === undefined ? undefined : parseBoolean(text);
}

export function modeOf(unit: Unit, key: string, otherwise: number): number {
  const text = unit.last(unit.ownSection, key)?.entry.value;
  return (text === undefined ? undefined : parseMode(text)) ?? otherwise;
}

/** All words of a list setting. Words whose specifiers cannot be resolved are left out. */
export function wordsOf(unit: Unit, key: string): readonly PlacedText[] {
  const found: PlacedText[] = [];
  for (const value of unit.list(unit.ownSection, key)) {
    for (const word of splitWords(value.entry.value, { backslash: 'drop' }).words) {
      const text = placed(unit, value, word.value, word.span);
      if (text !== undefined) found.push(text);
    }
  }
  return found;
}

/** A path without double slashes, `.` and trailing slash, as systemd simplifies configured paths. */
export function simplified(path: string): string {
  return path.startsWith('/') ? `/${pathComponents(path).join('/')}` : pathComponents(path).join('/');
}

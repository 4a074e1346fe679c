/** The specifiers of a format, each with what it comes to here. */

import { parseUnitName, unescapeUnitName, unescapeUnitPath } from '../../core/formats/unit/settings/unit-name.ts';
import {
  expandSpecifiers,
  findSpecifier,
  type SpecifierFormat,
  specifierContext,
  specifierRows,
  unitSpecifierContext,
} from '../../core/specifier/specifier.ts';
import type { FeatureContext } from '../feature-context.ts';
import type { Candidate, Completions } from './candidate.ts';

/** What an instance decides. */
const ofInstance = 'iIf';

/**
 * The specifiers, if a percent sign stands before the cursor that begins one; undefined otherwise.
 * @param before the text up to the cursor, at least of the word
 */
export function specifierCompletions(
  context: FeatureContext,
  before: string,
  offset: number,
  format: SpecifierFormat,
): Completions | undefined {
  const percents = /%+$/.exec(before)?.[0].length ?? 0;
  if (percents % 2 === 0) return undefined;
  const { systemd } = context.document;
  const expand = expander(context, format);
  const span = { start: offset - 1, end: offset };
  const candidates: Candidate[] = [];
  for (const { letter, what } of specifierRows) {
    if (findSpecifier(letter, format, { systemd }) === undefined) continue;
    const value = expand(letter);
    candidates.push({
      label: `%${letter}`,
      span,
      kind: 'specifier',
      detail: value === undefined ? what : `${what}: ${value}`,
      about: { about: 'specifier', letter, format },
    });
  }
  candidates.push({ label: '%%', span, kind: 'specifier', detail: 'a percent sign' });
  return { candidates, isIncomplete: false };
}

function expander(
  { set, document, imagePath }: FeatureContext,
  format: SpecifierFormat,
): (letter: string) => string | undefined {
  if (set === undefined) return () => undefined;
  let context = specifierContext(set.simulation.tree, set.inputs);
  const { kind } = document;
  const unit = kind.format === 'unit' ? kind.unit : undefined;
  if (kind.format === 'unit' && unit !== undefined) {
    context = unitSpecifierContext(context, {
      name: unit,
      unescape: unescapeUnitName,
      unescapePath: unescapeUnitPath,
      ...(kind.isDropIn || imagePath === undefined ? {} : { fragmentPath: imagePath }),
    });
  }
  const isTemplate = unit !== undefined && parseUnitName(unit)?.instance === '';
  return (letter) => {
    if (isTemplate && ofInstance.includes(letter)) return undefined;
    const expanded = expandSpecifiers(`%${letter}`, format, context);
    return expanded.kind === 'value' && expanded.value !== '' ? expanded.value : undefined;
  };
}

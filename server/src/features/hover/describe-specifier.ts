/** A `%` specifier: what it stands for and what it comes to here. */

import { unescapeUnitName, unescapeUnitPath } from '../../core/formats/unit/settings/unit-name.ts';
import {
  expandSpecifiers,
  findSpecifier,
  type SpecifierFormat,
  specifierContext,
  unitSpecifierContext,
} from '../../core/specifier/specifier.ts';
import type { Span } from '../../core/text/source-text.ts';
import type { FeatureDocument } from '../feature-document.ts';
import { code, plain } from '../markdown.ts';
import type { HoverScope } from './scope.ts';

export interface SpecifierAt {
  readonly letter: string;
  readonly span: Span;
  readonly format: SpecifierFormat;
}

/** Letters that differ from instance to instance of a template. */
const ofInstance = 'iInNf';

/** The specifier at an offset; none in comments and preset files. */
export function specifierAt(document: FeatureDocument, offset: number): SpecifierAt | undefined {
  const { parsed } = document;
  if (parsed.format === 'preset') return undefined;
  const line = document.lines.lineSpan(document.lines.position(offset).line);
  if (line === undefined) return undefined;
  const text = document.text.slice(line.start, line.end);
  if (/^\s*[#;]/.test(text)) return undefined;
  for (const match of text.matchAll(/%([A-Za-z0-9%])/g)) {
    const start = line.start + match.index;
    if (offset < start || offset > start + 2) continue;
    const letter = match[1] ?? '';
    if (letter === '%') continue;
    return { letter, span: { start, end: start + 2 }, format: formatAt(document, start) };
  }
  return undefined;
}

function formatAt({ parsed }: FeatureDocument, offset: number): SpecifierFormat {
  if (parsed.format === 'tmpfiles' || parsed.format === 'sysusers') return parsed.format;
  if (parsed.format !== 'unit') return 'unit';
  const section = parsed.tree.sections.findLast(({ header }) => header.span.start <= offset);
  return section?.name === 'Install' ? 'unit-install' : 'unit';
}

export function describeSpecifier(scope: HoverScope, { letter, format }: SpecifierAt): string[] {
  const { context, facts } = scope;
  const { parsed, systemd } = context.document;
  const row = findSpecifier(letter, format, { systemd });
  const title = code(`%${letter}`);
  if (row === undefined) return [`${title} is no specifier here.`];
  const what = `${title} stands for: ${plain(row.what)}`;
  const unit = parsed.format === 'unit' ? parsed.unit : undefined;
  if (parsed.format === 'unit' && unit !== undefined && /@\.[a-z]+$/.test(unit) && ofInstance.includes(letter)) {
    return [`${what}. It differs from instance to instance.`];
  }
  if (facts === undefined) return [`${what}.`];
  const { simulation } = facts.set;
  const plainContext = specifierContext(simulation.tree, simulation.inputs);
  const { imagePath } = context;
  const specifiers =
    unit === undefined
      ? plainContext
      : unitSpecifierContext(plainContext, {
          name: unit,
          unescape: unescapeUnitName,
          unescapePath: unescapeUnitPath,
          ...(imagePath === undefined ? {} : { fragmentPath: facts.outcome(unit)?.unit.fragmentPath ?? imagePath }),
        });
  const expanded = expandSpecifiers(`%${letter}`, format, specifiers);
  switch (expanded.kind) {
    case 'value':
      return [`${what}. Here: ${expanded.value === '' ? 'nothing' : code(expanded.value)}.`];
    case 'no-information':
      return [`${what}. *The system does not tell it*.`];
    case 'invalid-information':
      return [`${what}. *What should tell it is invalid*.`];
    case 'unknowable':
      return [`${what}. Known only on the running system.`];
    default:
      return [`${what}.`];
  }
}

/** What is said of the thing under the cursor: of a specifier, a path, an account or a unit first, then of where it stands. */

import type { UnitEntry } from '../../core/formats/unit/syntax.ts';
import type { Span } from '../../core/text/source-text.ts';
import { hasPlaceholder } from '../../workspace/document-kind.ts';
import type { FeatureContext } from '../feature-context.ts';
import type { FeatureDocument } from '../feature-document.ts';
import { type Occurrence, occurrenceAt } from '../occurrences.ts';
import { setFacts } from '../set-facts.ts';
import { describeAccount } from './describe-account.ts';
import {
  type Described,
  describePresetLine,
  describeSysusersColumn,
  describeTmpfilesColumn,
} from './describe-column.ts';
import { briefDirective, describeDirective, valueWords } from './describe-directive.ts';
import { describePath } from './describe-path.ts';
import { describeSpecifier, specifierAt } from './describe-specifier.ts';
import { describeUnit } from './describe-unit.ts';
import type { HoverScope, HoverTools } from './scope.ts';

export interface Hover {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

/** The hover at an offset; undefined where there is nothing to say. */
export function hoverAt(context: FeatureContext, offset: number, tools: HoverTools): Hover | undefined {
  const { document, set } = context;
  const scope: HoverScope = { context, facts: set === undefined ? undefined : setFacts(set), tools };
  const paragraphs: string[] = [];
  let span: Span | undefined;
  const specifier = specifierAt(document, offset);
  if (specifier !== undefined) {
    paragraphs.push(...describeSpecifier(scope, specifier));
    span = specifier.span;
  }
  const occurrence = occurrenceAt(document, offset);
  if (occurrence !== undefined && !isHidden(document, occurrence.span)) {
    const described = describeSubject(scope, occurrence);
    paragraphs.push(...described);
    if (described.length > 0) span ??= occurrence.span;
  }
  const around = surroundings(scope, offset, paragraphs.length > 0);
  if (around !== undefined) {
    paragraphs.push(...around.paragraphs);
    span ??= around.span;
  }
  return span === undefined || paragraphs.length === 0 ? undefined : { span, text: paragraphs.join('\n\n') };
}

/** What a placeholder of a template hides, nobody knows yet. */
function isHidden(document: FeatureDocument, { start, end }: Span): boolean {
  return document.isTemplate && hasPlaceholder(document.text.slice(start, end));
}

function describeSubject(scope: HoverScope, { kind, name }: Occurrence): string[] {
  const { parsed } = scope.context.document;
  switch (kind) {
    case 'path':
      return describePath(scope, name);
    case 'unit':
      return describeUnit(scope, name);
    default:
      return describeAccount(scope, kind, name, parsed.format === 'unit' ? parsed.unit : undefined);
  }
}

/** The directive or column; brief if its value has been explained already. */
function surroundings(scope: HoverScope, offset: number, isBrief: boolean): Described | undefined {
  const { parsed } = scope.context.document;
  switch (parsed.format) {
    case 'tmpfiles': {
      const line = parsed.tree.nodes.find((node) => offset >= node.full.start && offset < node.full.end);
      const last = line ?? parsed.tree.nodes.at(-1);
      if (last?.kind !== 'line' || offset > last.span.end) return undefined;
      return isBrief ? undefined : describeTmpfilesColumn(scope, last, offset);
    }
    case 'sysusers': {
      const line = parsed.tree.nodes.find(({ span }) => offset >= span.start && offset <= span.end);
      return line?.kind !== 'line' || isBrief ? undefined : describeSysusersColumn(scope, line, offset);
    }
    case 'preset': {
      const rule = parsed.tree.rules.find(({ span }) => offset >= span.start && offset <= span.end);
      return rule === undefined || isBrief ? undefined : describePresetLine(scope, rule, offset);
    }
    case 'unit': {
      for (const { name, header, entries } of parsed.tree.sections) {
        if (offset >= header.nameSpan.start - 1 && offset <= header.nameSpan.end + 1) {
          return parsed.unit === undefined
            ? undefined
            : { span: header.nameSpan, paragraphs: describeUnit(scope, parsed.unit) };
        }
        const entry = entries.find(({ span }) => offset >= span.start && offset < span.end) ?? lastAt(entries, offset);
        if (entry !== undefined) return describeEntry(scope, name, entry, offset, isBrief);
      }
      return undefined;
    }
  }
}

/** The end of the text belongs to its last line. */
function lastAt(entries: readonly UnitEntry[], offset: number): UnitEntry | undefined {
  const last = entries.at(-1);
  return last !== undefined && offset === last.span.end && offset === last.valueSpan.end ? last : undefined;
}

function describeEntry(
  scope: HoverScope,
  section: string,
  entry: UnitEntry,
  offset: number,
  isBrief: boolean,
): Described | undefined {
  const { keySpan, valueSpan, key } = entry;
  if (offset >= keySpan.start && offset <= keySpan.end) {
    return { span: keySpan, paragraphs: describeDirective(scope, section, entry) };
  }
  if (offset < valueSpan.start || offset > valueSpan.end) return undefined;
  const value = isBrief ? undefined : valueWords(scope, section, entry);
  const brief = briefDirective(section, key);
  return { span: valueSpan, paragraphs: value === undefined ? brief : [value, ...brief] };
}

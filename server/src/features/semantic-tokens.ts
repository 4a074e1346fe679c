/** What the words of a file mean, for colours beyond those that grammars can give: accounts, units, paths, specifiers. */

import { findDirective, isKnownDirective } from '../core/formats/unit/directives.ts';
import { parseExecLine } from '../core/formats/unit/settings/exec-line.ts';
import { textSpan, type UnitEntry } from '../core/formats/unit/syntax.ts';
import { valueCandidates } from '../core/formats/unit/value-candidates.ts';
import type { Span } from '../core/text/source-text.ts';
import type { FeatureDocument } from './feature-document.ts';
import type { Occurrence, SubjectKind } from './occurrences.ts';
import { occurrencesOf } from './set-index.ts';

export const tokenTypes = [
  'comment',
  'namespace',
  'property',
  'operator',
  'keyword',
  'modifier',
  'string',
  'number',
  'variable',
  'class',
  'function',
  'enumMember',
  'macro',
] as const;
export type TokenType = (typeof tokenTypes)[number];

export const tokenModifiers = ['declaration', 'deprecated'] as const;
export type TokenModifier = (typeof tokenModifiers)[number];

export interface SemanticToken {
  readonly span: Span;
  readonly type: TokenType;
  readonly modifier?: TokenModifier;
}

const subjectTypes: Readonly<Record<SubjectKind, TokenType>> = {
  user: 'variable',
  group: 'variable',
  path: 'string',
  unit: 'class',
};

/** Specifiers, and what a build step fills in. */
const SPECIFIER = /%[A-Za-z0-9%]/g;
const PLACEHOLDER = /@[A-Za-z_][A-Za-z0-9_-]*@|\{\{.*?\}\}|\{%.*?%\}|<%.*?%>/g;

/** The tokens of a document in its order; none overlaps another and none goes over a line's end. */
export function semanticTokens(document: FeatureDocument): readonly SemanticToken[] {
  const found = tokensOf(document).sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const tokens: SemanticToken[] = [];
  let end = 0;
  for (const token of found) {
    if (token.span.start < end || token.span.end <= token.span.start) continue;
    end = token.span.end;
    cut(document, token, tokens);
  }
  return tokens;
}

/** Cuts a token at line ends and around what is replaced in it. */
function cut(document: FeatureDocument, token: SemanticToken, tokens: SemanticToken[]): void {
  const { text, isTemplate, parsed } = document;
  const { span, type } = token;
  const inside = text.slice(span.start, span.end);
  const cuts: { start: number; end: number; type?: 'macro' }[] = [];
  for (const { index } of inside.matchAll(/\n/g)) cuts.push({ start: index, end: index + 1 });
  if (type !== 'comment' && parsed.format !== 'preset') {
    for (const match of inside.matchAll(SPECIFIER)) {
      cuts.push({ start: match.index, end: match.index + 2, type: 'macro' });
    }
  }
  if (isTemplate) {
    for (const match of inside.matchAll(PLACEHOLDER)) {
      cuts.push({ start: match.index, end: match.index + match[0].length, type: 'macro' });
    }
  }
  cuts.sort((a, b) => a.start - b.start);
  let at = 0;
  const push = (start: number, end: number, as: TokenType) => {
    if (end <= start) return;
    tokens.push({ ...token, type: as, span: { start: span.start + start, end: span.start + end } });
  };
  for (const each of cuts) {
    if (each.start < at) continue;
    push(at, each.start, type);
    if (each.type !== undefined) push(each.start, each.end, each.type);
    at = each.end;
  }
  push(at, inside.length, type);
}

function tokensOf(document: FeatureDocument): SemanticToken[] {
  const { parsed } = document;
  const tokens: SemanticToken[] = [];
  const add = (span: Span | undefined, type: TokenType, modifier?: TokenModifier) => {
    if (span !== undefined) tokens.push(modifier === undefined ? { span, type } : { span, type, modifier });
  };
  switch (parsed.format) {
    case 'tmpfiles':
      for (const node of parsed.tree.nodes) {
        if (node.kind === 'comment') add(node.span, 'comment');
        if (node.kind !== 'line') continue;
        const [type, path, mode, , , age] = node.words;
        if (type !== undefined) {
          // A word in quotes is marked as a whole.
          const isPlain = type.span.end - type.span.start === type.value.length;
          const end = isPlain ? type.span.start + 1 : type.span.end;
          add({ start: type.span.start, end }, 'keyword');
          add({ start: end, end: type.span.end }, 'modifier');
        }
        add(path?.span, 'string');
        if (mode !== undefined && mode.value !== '-') add(mode.span, 'number');
        add(node.user?.span, 'variable');
        add(node.group?.span, 'variable');
        if (age !== undefined && age.value !== '-') add(age.span, 'number');
        add(node.argument?.span, 'string');
      }
      break;
    case 'sysusers':
      for (const node of parsed.tree.nodes) {
        if (node.kind === 'comment') add(node.span, 'comment');
        if (node.kind !== 'line' || node.words === undefined) continue;
        const { type, name, id, gecos, home, shell } = node.words;
        add({ start: type.span.start, end: Math.min(type.span.start + 1, type.span.end) }, 'keyword');
        add({ start: type.span.start + 1, end: type.span.end }, 'modifier');
        add(name?.span, 'variable', type.value.startsWith('m') ? undefined : 'declaration');
        if (id !== undefined && id.value !== '-') {
          add(id.span, type.value === 'm' ? 'variable' : id.value.startsWith('/') ? 'string' : 'number');
        }
        for (const word of [gecos, home, shell]) if (word !== undefined && word.value !== '-') add(word.span, 'string');
      }
      break;
    case 'preset':
      for (const node of parsed.tree.nodes) {
        if (node.kind === 'comment') add(node.span, 'comment');
        if (node.kind !== 'rule') continue;
        add(node.verbSpan, 'keyword');
        add(node.pattern?.span, 'class');
        for (const { span } of node.instances) add(span, 'variable');
      }
      break;
    case 'unit': {
      for (const node of parsed.tree.nodes) if (node.kind === 'comment') add(node.span, 'comment');
      const occurrences = new Occurrences(occurrencesOf(document));
      for (const { name, header, entries } of parsed.tree.sections) {
        add(header.nameSpan, 'namespace');
        for (const entry of entries) settingTokens(document, name, entry, occurrences.within(entry.valueSpan), add);
      }
    }
  }
  return tokens;
}

/** Occurrences in the order of the text, given out once from front to back. */
class Occurrences {
  readonly #list: readonly Occurrence[];
  #at = 0;

  constructor(list: readonly Occurrence[]) {
    this.#list = list;
  }

  within({ start, end }: Span): Occurrence[] {
    const found: Occurrence[] = [];
    for (; this.#at < this.#list.length; this.#at++) {
      const occurrence = this.#list[this.#at];
      if (occurrence === undefined || occurrence.span.start >= end) break;
      if (occurrence.span.start >= start) found.push(occurrence);
    }
    return found;
  }
}

type Add = (span: Span | undefined, type: TokenType, modifier?: TokenModifier) => void;

function settingTokens(
  { systemd }: FeatureDocument,
  section: string,
  entry: UnitEntry,
  occurrences: readonly Occurrence[],
  add: Add,
): void {
  const { keySpan, key, equals, value } = entry;
  const directive = findDirective(section, key);
  const isRemoved = directive?.last !== undefined && directive.last < systemd.version;
  add(keySpan, 'property', isRemoved ? 'deprecated' : undefined);
  add({ start: equals, end: equals + 1 }, 'operator');
  if (value === '' || directive === undefined || !isKnownDirective(directive, systemd)) return;
  const whole = textSpan(entry, { start: 0, end: value.length });
  const candidates = valueCandidates(directive, systemd);
  switch (candidates.kind) {
    case 'command': {
      const first = parseExecLine(value, { systemd, key }).commands;
      for (const { path } of first) add(textSpan(entry, path.span), 'function');
      break;
    }
    case 'boolean':
      add(whole, 'enumMember');
      return;
    case 'mode':
    case 'time':
    case 'size':
    case 'number':
    case 'limit':
      add(whole, 'number');
      return;
    case 'keywords':
    case 'capability':
    case 'system-call':
    case 'file-system':
    case 'signal':
    case 'exit-status': {
      const words = new Set(candidates.values.map((candidate) => candidate.value));
      for (const match of value.matchAll(/[^\s~]+/g)) {
        if (!words.has(match[0])) continue;
        add(textSpan(entry, { start: match.index, end: match.index + match[0].length }), 'enumMember');
      }
      break;
    }
    default:
      break;
  }
  for (const { kind, role, span } of occurrences) {
    add(span, subjectTypes[kind], role === 'makes' ? 'declaration' : undefined);
  }
  // What is replaced in the rest of the value.
  for (const match of value.matchAll(SPECIFIER)) {
    add(textSpan(entry, { start: match.index, end: match.index + 2 }), 'macro');
  }
}

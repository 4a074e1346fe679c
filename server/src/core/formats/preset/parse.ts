/** Reading preset files as systemd.preset(5) says and systemd 252 to 262 do. */

import type { Problem } from '../../problems/problem.ts';
import { ConfigLines } from '../../text/config-lines.ts';
import { nearestName } from '../../text/nearest-name.ts';
import type { Span } from '../../text/source-text.ts';
import { isBlank } from '../../text/words.ts';
import type { Systemd } from '../../versions/systemd.ts';
import { parseUnitName } from '../unit/settings/unit-name.ts';
import type { PresetDocument, PresetNode, PresetRule, PresetWord } from './syntax.ts';
import { findPresetVerb, presetVerbs } from './verbs.ts';

/** Reads a preset file. Never throws. */
export function parsePreset(text: string, systemd: Systemd): PresetDocument {
  const nodes: PresetNode[] = [];
  const rules: PresetRule[] = [];
  const problems: Problem[] = [];
  const lines = new ConfigLines(text);
  while (lines.advance()) {
    const line = lines.number;
    const span = { start: lines.start, end: lines.end };
    const first = text.charCodeAt(span.start);
    if (first === 35 || first === 59) {
      nodes.push({ kind: 'comment', line, span });
      continue;
    }
    const read = readRule(text, line, span, systemd);
    if (read.kind === 'rule') rules.push(read.rule);
    nodes.push(read.kind === 'rule' ? read.rule : { kind: 'junk', line, span });
    if (read.problem !== undefined) problems.push(read.problem);
  }
  const { tooLong } = lines;
  const failure: Problem | undefined =
    tooLong === undefined
      ? undefined
      : {
          code: 'line-too-long',
          severity: 'error',
          span: tooLong.span,
          message: 'this line is longer than 1 MiB, which ends the reading of all presets',
        };
  if (failure !== undefined) problems.push(failure);
  return { text, nodes, rules, problems, failure };
}

type Read =
  | { readonly kind: 'rule'; readonly rule: PresetRule; readonly problem?: Problem }
  | { readonly kind: 'junk'; readonly problem: Problem };

function readRule(text: string, line: number, span: Span, systemd: Systemd): Read {
  const verbWord = wordAt(text, span.start, span.end);
  const verb = findPresetVerb(verbWord.text);
  if (verb === undefined) return { kind: 'junk', problem: unknownVerb(verbWord, systemd) };
  if (verb.needs !== undefined && !systemd.has(verb.needs)) {
    return {
      kind: 'junk',
      problem: {
        code: 'unsupported-preset-verb',
        severity: 'warning',
        span: verbWord.span,
        message: `systemd ${systemd.version} does not know "${verb.action}" and passes over the line, so later rules decide`,
      },
    };
  }
  const verbSpan = verbWord.span;
  const make = (pattern: PresetWord | undefined, instances: readonly PresetWord[]): PresetRule => ({
    kind: 'rule',
    line,
    span,
    verb,
    verbSpan,
    pattern,
    instances,
  });
  const from = skipBlanks(text, verbWord.span.end, span.end);
  if (from === span.end) {
    const problem: Problem = {
      code: verb.takesInstances ? 'preset-bare-enable' : 'preset-missing-pattern',
      severity: verb.takesInstances ? 'error' : 'warning',
      span: verbWord.span,
      message: verb.takesInstances
        ? `"${verb.action}" without a name crashes systemd as soon as a unit reaches this line`
        : `"${verb.action}" without a pattern matches nothing`,
    };
    return { kind: 'rule', rule: make(undefined, []), problem };
  }
  if (!verb.takesInstances) {
    const pattern = { text: text.slice(from, span.end), span: { start: from, end: span.end } };
    const rule = make(pattern, []);
    const end = wordAt(text, from, span.end).span.end;
    if (end === span.end) return { kind: 'rule', rule };
    const problem: Problem = {
      code: 'preset-trailing-words',
      severity: 'warning',
      span: { start: skipBlanks(text, end, span.end), end: span.end },
      message: `the rest of the line belongs to the pattern, so "${pattern.text}" matches no unit`,
    };
    return { kind: 'rule', rule, problem };
  }
  const pattern = wordAt(text, from, span.end);
  const instances: PresetWord[] = [];
  for (let at = skipBlanks(text, pattern.span.end, span.end); at < span.end; ) {
    const word = wordAt(text, at, span.end);
    instances.push(word);
    at = skipBlanks(text, word.span.end, span.end);
  }
  if (instances.length > 0 && parseUnitName(pattern.text)?.instance !== '') {
    return {
      kind: 'junk',
      problem: {
        code: 'preset-instances-without-template',
        severity: 'warning',
        span: pattern.span,
        message: `"${pattern.text}" is not the name of a template, so nothing may follow it; the line is ignored`,
      },
    };
  }
  return { kind: 'rule', rule: make(pattern, instances) };
}

function unknownVerb(word: PresetWord, systemd: Systemd): Problem {
  const known = presetVerbs.filter((verb) => verb.needs === undefined || systemd.has(verb.needs));
  const near = nearestName(
    word.text,
    known.map((verb) => verb.action),
  );
  const shown = word.text.length > 60 ? `${word.text.slice(0, 60)}…` : word.text;
  return {
    code: 'unknown-preset-verb',
    severity: 'warning',
    span: word.span,
    message: `"${shown}" is not a preset verb; the line is ignored${near === undefined ? '' : ` (did you mean "${near}"?)`}`,
  };
}

function wordAt(text: string, start: number, limit: number): PresetWord {
  let end = start;
  while (end < limit && !isBlank(text.charCodeAt(end))) end += 1;
  return { text: text.slice(start, end), span: { start, end } };
}

function skipBlanks(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

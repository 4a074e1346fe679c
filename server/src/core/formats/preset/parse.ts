/** Reading preset files as systemd.preset(5) says and systemd 252 to 262 do. */

import type { Problem } from '../../problems/problem.ts';
import { ConfigLines } from '../../text/config-lines.ts';
import { nearestName } from '../../text/nearest-name.ts';
import type { Span } from '../../text/source-text.ts';
import { isBlank } from '../../text/words.ts';
import type { Systemd } from '../../versions/systemd.ts';
import { parseUnitName } from '../unit/settings/unit-name.ts';
import type { PresetDocument, PresetNode, PresetRule, PresetWord } from './syntax.ts';
import { findPresetVerb, type PresetVerb, presetVerbs } from './verbs.ts';

/** Reads a preset file. Never throws. */
export function parsePreset(text: string, systemd: Systemd): PresetDocument {
  const nodes: PresetNode[] = [];
  const rules: PresetRule[] = [];
  const problems: Problem[] = [];
  const lines = new ConfigLines(text);
  while (lines.advance()) {
    const { number, start, end } = lines;
    const first = text.charCodeAt(start);
    if (first === 35 || first === 59) {
      nodes.push(new PlainNode('comment', number, start, end));
      continue;
    }
    const rule = readRule(text, number, start, end, systemd, problems);
    if (rule !== undefined) rules.push(rule);
    nodes.push(rule ?? new PlainNode('junk', number, start, end));
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

/** Reads the line between two offsets; undefined if systemd passes over it. */
function readRule(
  text: string,
  line: number,
  start: number,
  end: number,
  systemd: Systemd,
  problems: Problem[],
): PresetRule | undefined {
  const verbEnd = wordEnd(text, start, end);
  const verb = findPresetVerb(text.slice(start, verbEnd));
  if (verb === undefined) {
    problems.push(unknownVerb(wordAt(text, start, end), systemd));
    return undefined;
  }
  const verbSpan = { start, end: verbEnd };
  if (verb.needs !== undefined && !systemd.has(verb.needs)) {
    problems.push({
      code: 'unsupported-preset-verb',
      severity: 'warning',
      span: verbSpan,
      message: `systemd ${systemd.version} does not know "${verb.action}" and passes over the line, so later rules decide`,
    });
    return undefined;
  }
  const from = skipBlanks(text, verbEnd, end);
  if (from === end) {
    problems.push({
      code: verb.takesInstances ? 'preset-bare-enable' : 'preset-missing-pattern',
      severity: verb.takesInstances ? 'error' : 'warning',
      span: verbSpan,
      message: verb.takesInstances
        ? `"${verb.action}" without a name crashes systemd as soon as a unit reaches this line`
        : `"${verb.action}" without a pattern matches nothing`,
    });
    return new Rule(text, line, start, end, verb, NO_WORDS);
  }
  const firstEnd = wordEnd(text, from, end);
  if (!verb.takesInstances) {
    if (firstEnd < end) {
      problems.push({
        code: 'preset-trailing-words',
        severity: 'warning',
        span: { start: skipBlanks(text, firstEnd, end), end },
        message: `the rest of the line belongs to the pattern, so "${text.slice(from, end)}" matches no unit`,
      });
    }
    return new Rule(text, line, start, end, verb, NO_WORDS);
  }
  if (firstEnd === end) return new Rule(text, line, start, end, verb, NO_WORDS);
  const pattern = text.slice(from, firstEnd);
  if (parseUnitName(pattern)?.instance !== '') {
    problems.push({
      code: 'preset-instances-without-template',
      severity: 'warning',
      span: { start: from, end: firstEnd },
      message: `"${pattern}" is not the name of a template, so nothing may follow it; the line is ignored`,
    });
    return undefined;
  }
  const instances: PresetWord[] = [];
  for (let at = skipBlanks(text, firstEnd, end); at < end; ) {
    const word = wordAt(text, at, end);
    instances.push(word);
    at = skipBlanks(text, word.span.end, end);
  }
  return new Rule(text, line, start, end, verb, instances);
}

const NO_WORDS: readonly PresetWord[] = [];

/** A comment or a line that is passed over. It keeps offsets only: what is kept of a large file costs more than reading it. */
class PlainNode<Kind extends 'comment' | 'junk'> {
  readonly kind: Kind;
  readonly line: number;
  readonly #start: number;
  readonly #end: number;

  constructor(kind: Kind, line: number, start: number, end: number) {
    this.kind = kind;
    this.line = line;
    this.#start = start;
    this.#end = end;
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }
}

/** A rule; where its words stand follows from the text, so they are cut out when asked for. */
class Rule implements PresetRule {
  readonly line: number;
  readonly verb: PresetVerb;
  readonly instances: readonly PresetWord[];
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;

  constructor(
    text: string,
    line: number,
    start: number,
    end: number,
    verb: PresetVerb,
    instances: readonly PresetWord[],
  ) {
    this.line = line;
    this.verb = verb;
    this.instances = instances;
    this.#text = text;
    this.#start = start;
    this.#end = end;
  }

  get kind(): 'rule' {
    return 'rule';
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }

  get verbSpan(): Span {
    return { start: this.#start, end: this.#start + this.verb.action.length };
  }

  get pattern(): PresetWord | undefined {
    const start = skipBlanks(this.#text, this.#start + this.verb.action.length, this.#end);
    if (start === this.#end) return undefined;
    const end = this.verb.takesInstances ? wordEnd(this.#text, start, this.#end) : this.#end;
    return { text: this.#text.slice(start, end), span: { start, end } };
  }
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
  const end = wordEnd(text, start, limit);
  return { text: text.slice(start, end), span: { start, end } };
}

function wordEnd(text: string, start: number, limit: number): number {
  let end = start;
  while (end < limit && !isBlank(text.charCodeAt(end))) end += 1;
  return end;
}

function skipBlanks(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

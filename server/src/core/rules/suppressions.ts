/**
 * Comments by which the author of a file says that a finding is known and meant:
 *
 *     # stateless-boot: ignore RULE[, RULE...] -- reason       the next line (of a unit the whole entry)
 *     # stateless-boot: ignore-file RULE...                    the file
 *     # stateless-boot: ignore-start RULE... / ignore-end      what lies between them
 *
 * Without a rule, all rules. They stand on lines of their own, because systemd knows no comment at the end of a line.
 */

import type { Span } from '../text/source-text.ts';

/** The kinds of files that can hold such comments. */
export type CommentedFormat = 'tmpfiles' | 'sysusers' | 'preset' | 'unit';

/** A rule that a comment names. */
interface NamedRule {
  readonly id: string;
  readonly span: Span;
}

export interface Suppression {
  /** Of the comment, from its first to its last character. */
  readonly span: Span;
  /** Empty: all rules. */
  readonly rules: readonly NamedRule[];
  /** What it is about; undefined: the whole file, findings without a line too. */
  readonly covers: Span | undefined;
}

/** A comment that looks like one of these, but is not. */
export interface SuppressionProblem {
  readonly span: Span;
  readonly message: string;
}

export interface Suppressions {
  readonly entries: readonly Suppression[];
  readonly problems: readonly SuppressionProblem[];
}

/** This rule speaks of the comments; no comment for all rules silences it. */
export const aboutSuppressions = 'suppression-unused';

const MARK = 'stateless-boot:';
const COMMENT = /^[ \t]*([#;]+)[ \t]*stateless-boot:[ \t]*([^\s,]*)([\s\S]*)$/;
/** A file with more of them is no file that somebody wrote. */
const MOST = 1000;

const nothing: Suppressions = { entries: [], problems: [] };

const unitSuffix =
  /\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)(?:\.d\/[^/]+\.conf)?$/;

/** The format of a path of the image; undefined if it is none that can hold such comments. */
export function commentedFormat(path: string): CommentedFormat | undefined {
  if (path.endsWith('.preset')) return 'preset';
  if (/\/tmpfiles\.d\/[^/]+\.conf$/.test(path)) return 'tmpfiles';
  if (/\/sysusers\.d\/[^/]+\.conf$/.test(path)) return 'sysusers';
  if (unitSuffix.test(path) || /\/(?:service|socket|mount|swap|timer|path|target|slice)\.d\/[^/]+\.conf$/.test(path))
    return 'unit';
  return undefined;
}

/** Reads the comments of a file. Never throws; linear in the text. */
export function readSuppressions(text: string, format: CommentedFormat): Suppressions {
  if (!text.includes(MARK)) return nothing;
  const entries: Suppression[] = [];
  const problems: SuppressionProblem[] = [];
  const waiting: { readonly span: Span; readonly rules: readonly NamedRule[] }[] = [];
  const open: { readonly span: Span; readonly rules: readonly NamedRule[]; readonly from: number }[] = [];
  for (const line of linesOf(text, format)) {
    if (!line.isComment) {
      for (const { span, rules } of waiting.splice(0)) {
        entries.push({ span, rules, covers: { start: line.start, end: line.end } });
      }
      continue;
    }
    if (entries.length + waiting.length + open.length >= MOST) break;
    const read = readComment(text, line);
    if (read === undefined) continue;
    const { verb, span, rules } = read;
    if (verb === 'ignore') waiting.push({ span, rules });
    else if (verb === 'ignore-file') entries.push({ span, rules, covers: undefined });
    else if (verb === 'ignore-start') open.push({ span, rules, from: line.end });
    else if (verb === 'ignore-end') {
      const index = open.findLastIndex((start) => isEndOf(rules, start.rules));
      const [start] = index === -1 ? [] : open.splice(index, 1);
      if (start === undefined) problems.push({ span, message: 'nothing that this could end was started' });
      else entries.push({ span: start.span, rules: start.rules, covers: { start: start.from, end: line.start } });
    } else {
      const message =
        verb === ''
          ? 'the comment does not say what it asks for'
          : `"${verb}" is none of ignore, ignore-file, ignore-start and ignore-end`;
      problems.push({ span: read.verbSpan, message });
    }
  }
  for (const { span, rules } of waiting)
    entries.push({ span, rules, covers: { start: text.length, end: text.length } });
  for (const { span, rules, from } of open) {
    entries.push({ span, rules, covers: { start: from, end: text.length } });
    problems.push({ span, message: 'no ignore-end follows, so it counts to the end of the file' });
  }
  return { entries: entries.sort((a, b) => a.span.start - b.span.start), problems };
}

/** An end without rules ends the last start; one with rules the last start with the same. */
function isEndOf(end: readonly NamedRule[], start: readonly NamedRule[]): boolean {
  if (end.length === 0) return true;
  return end.length === start.length && end.every(({ id }) => start.some((rule) => rule.id === id));
}

interface Line extends Span {
  readonly isComment: boolean;
}

/** The lines with something in them; a unit's continued entry is one, comments inside it are told first. */
function* linesOf(text: string, format: CommentedFormat): Generator<Line> {
  const marks = format === 'unit' || format === 'preset' ? '#;' : '#';
  let at = 0;
  let continuedFrom: number | undefined;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 ? text.length : newline + 1;
    let end = newline === -1 ? text.length : newline;
    if (end > at && text.charCodeAt(end - 1) === 13) end -= 1;
    let first = at;
    while (first < end && (text.charCodeAt(first) === 32 || text.charCodeAt(first) === 9)) first += 1;
    const isComment = first < end && marks.includes(text.charAt(first));
    if (isComment) yield { start: at, end, isComment };
    else if (format === 'unit' && isContinued(text, at, end)) continuedFrom ??= at;
    else if (first < end || continuedFrom !== undefined) {
      yield { start: continuedFrom ?? at, end, isComment };
      continuedFrom = undefined;
    }
    at = next;
  }
  if (continuedFrom !== undefined) yield { start: continuedFrom, end: text.length, isComment: false };
}

/** True if an odd number of backslashes stands at the end of a line. */
function isContinued(text: string, start: number, end: number): boolean {
  let count = 0;
  while (end - 1 - count >= start && text.charCodeAt(end - 1 - count) === 92) count += 1;
  return count % 2 === 1;
}

interface ReadComment {
  readonly verb: string;
  readonly verbSpan: Span;
  readonly span: Span;
  readonly rules: readonly NamedRule[];
}

function readComment(text: string, line: Span): ReadComment | undefined {
  const match = COMMENT.exec(text.slice(line.start, Math.min(line.end, line.start + 4000)));
  if (match === null) return undefined;
  const [whole = '', marks = '', verb = '', rest = ''] = match;
  const start = line.start + whole.indexOf(marks);
  const restStart = line.start + whole.length - rest.length;
  const reason = /(?:^|\s)--(?:\s|$)/.exec(rest);
  const named = reason === null ? rest : rest.slice(0, reason.index);
  const rules = [...named.matchAll(/[^\s,]+/g)].map((word) => ({
    id: word[0],
    span: { start: restStart + word.index, end: restStart + word.index + word[0].length },
  }));
  const verbStart = restStart - verb.length;
  return {
    verb,
    verbSpan: verb === '' ? { start, end: line.end } : { start: verbStart, end: restStart },
    span: { start, end: line.start + whole.trimEnd().length },
    rules,
  };
}

/** True if a comment is about a finding of a rule at a place; without a place it has to be about the file. */
export function isAbout(suppression: Suppression, rule: string, place: Span | undefined): boolean {
  const { rules, covers } = suppression;
  if (rules.length === 0 ? rule === aboutSuppressions : !rules.some(({ id }) => id === rule)) return false;
  if (covers === undefined) return true;
  if (place === undefined) return false;
  // The next line begins behind the line end, so a place at the very end is still in it.
  return place.start <= covers.end && (place.end > covers.start || place.start === covers.start);
}

/** The edit that silences a rule for what stands at a place, or, without one, for the file. */
export function suppressionEdit(
  text: string,
  format: CommentedFormat,
  rule: string,
  place: Span | undefined,
): { readonly span: Span; readonly text: string } {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  let target: Line | undefined;
  let above: Line | undefined;
  if (place !== undefined) {
    for (const line of linesOf(text, format)) {
      if (!line.isComment && line.end >= place.start) {
        target = line;
        break;
      }
      above = line;
    }
  }
  if (target === undefined) {
    const insert = { start: 0, end: 0 };
    return { span: insert, text: `# ${MARK} ignore-file ${rule}${lineEnd}` };
  }
  const read = above?.isComment ? readComment(text, above) : undefined;
  // A comment that is there already takes one more name.
  if (read?.verb === 'ignore' && read.rules.length > 0 && above !== undefined && above.end < target.start) {
    const end = read.rules.at(-1)?.span.end ?? read.span.end;
    return { span: { start: end, end }, text: `, ${rule}` };
  }
  const indent = /^[ \t]*/.exec(text.slice(target.start, target.end))?.[0] ?? '';
  return {
    span: { start: target.start, end: target.start },
    text: `${indent}# ${MARK} ignore ${rule}${lineEnd}`,
  };
}

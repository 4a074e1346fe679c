/** Findings as a good compiler prints them: position, message, the line with the range underlined, boot, fix. */

import { relative } from 'node:path';
import type { LocatedFinding, Severity } from '../core/problems/problem.ts';
import type { RuleContext } from '../core/rules/rule-context.ts';
import { baseName } from '../core/tree/tree.ts';
import { printable, type Style } from './style.ts';

/** Tabs would move the underline away from what it marks. */
const TAB = '    ';
const WIDTH = 100;

/** One finding, without a line end at the end. */
export function formatFinding(finding: LocatedFinding, context: RuleContext, style: Style): string {
  const lines = [`${head(finding, style)} ${style.bold(printable(finding.message))}`];
  lines.push(`  ${placeLine(finding, context)}`);
  lines.push(...quote(finding, context, style));
  for (const related of finding.related) {
    const line = related.line === undefined ? '' : `:${related.line}`;
    lines.push(`  ${style.dim('note')}  ${printable(related.message)}: ${printable(related.file)}${line}`);
  }
  if (finding.consequence !== undefined) lines.push(...labelled('boot', finding.consequence, style));
  if (finding.affects.length > 0) lines.push(...labelled('hits', finding.affects.join(', '), style));
  if (finding.help !== undefined) lines.push(...labelled('fix', finding.help, style));
  if (finding.suggestion !== undefined) {
    const intro = `add to ${printable(finding.suggestion.file)}`;
    lines.push(finding.help === undefined ? `  ${style.dim('fix ')}  ${intro}` : `        ${intro}`);
    for (const line of finding.suggestion.lines) lines.push(`          ${style.good(printable(line))}`);
  }
  return lines.join('\n');
}

function head(finding: LocatedFinding, style: Style): string {
  const word = finding.confidence === 'likely' ? 'likely' : finding.severity;
  return paintSeverity(finding.severity, style)(`${word}[${finding.rule}]`);
}

/** The colour of a severity. */
export function paintSeverity(severity: Severity, style: Style): (text: string) => string {
  switch (severity) {
    case 'error':
      return style.error;
    case 'warning':
      return style.warning;
    case 'info':
      return style.info;
    default:
      return severity satisfies never;
  }
}

/** Line and column; a finding about a path as such has none. */
function positionOf(finding: LocatedFinding): string {
  if (finding.place.line === undefined && finding.place.span === undefined) return '';
  return `:${finding.range.start.line}:${finding.range.start.column}`;
}

/**
 * Errors and warnings in full, the gravest first; notes summed up, a line a rule, unless `verbose`. Blocks are to be
 * separated by an empty line.
 */
export function formatFindings(
  findings: readonly LocatedFinding[],
  context: RuleContext,
  style: Style,
  options: { readonly verbose: boolean },
): string[] {
  const of = (severity: Severity) => findings.filter((finding) => finding.severity === severity);
  const notes = of('info');
  const shown = [...of('error'), ...of('warning'), ...(options.verbose ? notes : [])];
  const blocks = shown.map((finding) => formatFinding(finding, context, style));
  if (!options.verbose && notes.length > 0) blocks.push(summarizeNotes(notes, style));
  return blocks;
}

function summarizeNotes(notes: readonly LocatedFinding[], style: Style): string {
  const byRule = new Map<string, LocatedFinding[]>();
  for (const note of notes) byRule.set(note.rule, [...(byRule.get(note.rule) ?? []), note]);
  const width = Math.max(...[...byRule.keys()].map((rule) => rule.length));
  const rows = [...byRule].sort().map(([rule, same]) => {
    const places = same.map((note) =>
      note.place.line === undefined ? note.place.file : `${baseName(note.place.file)}:${note.place.line}`,
    );
    let list = '';
    let listed = 0;
    for (const place of places.map(printable)) {
      if (listed > 0 && list.length + place.length > WIDTH - width - 12) break;
      list += listed === 0 ? place : `, ${place}`;
      listed += 1;
    }
    const rest = listed < places.length ? ` and ${places.length - listed} more` : '';
    return `  ${style.info(rule.padEnd(width))}  ${String(same.length).padStart(3)}  ${style.dim(list + rest)}`;
  });
  return [`${style.info('notes')} (-v shows them in full)`, ...rows].join('\n');
}

/** The position, in the file that the user has if it has another name inside the image. */
function placeLine(finding: LocatedFinding, context: RuleContext): string {
  const file = printable(finding.place.file);
  const origin = context.shipped.lookup(finding.place.file)?.lower?.origin;
  if (origin === undefined) return `${file}${positionOf(finding)}`;
  const near = relative('', origin);
  return `${printable(near.startsWith('..') ? origin : near)}${positionOf(finding)}  (installed as ${file})`;
}

function quote(finding: LocatedFinding, context: RuleContext, style: Style): string[] {
  const source =
    finding.place.line === undefined && finding.place.span === undefined
      ? undefined
      : context.source(finding.place.file);
  const span = source?.lines.lineSpan(finding.range.start.line);
  if (source === undefined || span === undefined) return [];
  const text = source.slice(span);
  const number = String(finding.range.start.line);
  const from = finding.range.start.column - 1;
  const isOneLine = finding.range.end.line === finding.range.start.line;
  const to = isOneLine ? finding.range.end.column - 1 : text.length;
  // A long line is shown around the place, so that the mark stays on the screen.
  const cut = text.length > WIDTH && from > WIDTH - 30 ? from - 30 : 0;
  const shown = text.slice(cut, cut + WIDTH);
  const expand = (part: string) => printable(part.replaceAll('\t', TAB));
  const before = expand(text.slice(cut, from)).length;
  const marked = Math.max(1, expand(text.slice(from, Math.min(to, cut + WIDTH))).length);
  const gutter = ' '.repeat(number.length);
  const lead = cut > 0 ? '…' : '';
  const tail = cut + WIDTH < text.length ? '…' : '';
  const mark = paintSeverity(finding.severity, style)('^'.repeat(marked));
  return [
    `  ${style.dim(`${number} │`)} ${lead}${expand(shown)}${tail}`,
    `  ${style.dim(`${gutter} │`)} ${' '.repeat(before + lead.length)}${mark}`,
  ];
}

function labelled(label: string, text: string, style: Style): string[] {
  const [first = '', ...rest] = wrap(printable(text), WIDTH - 8);
  return [`  ${style.dim(label.padEnd(4))}  ${first}`, ...rest.map((line) => `        ${line}`)];
}

/** Breaks a text at blanks into lines of at most `width` characters; longer words stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/** Runs the rules on a simulation and puts their findings into one stable order. */

import type { SimulationResult } from '../boot/simulate.ts';
import type { Finding, LocatedFinding, Severity } from '../problems/problem.ts';
import { compareBytes } from '../text/bytes.ts';
import { rangeOf } from '../text/source-text.ts';
import { fingerprint } from './fingerprint.ts';
import { findRule, rules } from './registry.ts';
import type { Rule } from './rule.ts';
import { RuleContext } from './rule-context.ts';
import { SuppressionIndex } from './suppression-index.ts';
import { aboutSuppressions } from './suppressions.ts';

export interface CheckOptions {
  /** Ids of the rules to run. Default: all. */
  readonly select?: ReadonlySet<string>;
  readonly ignore?: ReadonlySet<string>;
  /** Also report on files that are not the image's own (those of a base image). Default: false. */
  readonly includeBase?: boolean;
}

export interface CheckResult {
  /** Sorted by file, position, rule and message. */
  readonly findings: readonly LocatedFinding[];
  /** Texts of the files that findings point to. */
  readonly context: RuleContext;
  /** How many findings comments in the files silence. */
  readonly suppressed: number;
  /** Rules that threw, which is a fault of ours: nothing false is shown, the others go on. */
  readonly failures: readonly { readonly rule: string; readonly message: string }[];
}

export function check(simulation: SimulationResult, options: CheckOptions = {}): CheckResult {
  const context = new RuleContext(simulation);
  const suppressions = new SuppressionIndex(context, new Set(rules.map(({ id }) => id)));
  context.suppressions = suppressions;
  const findings: LocatedFinding[] = [];
  const failures: { rule: string; message: string }[] = [];
  const silenced = new Set<string>();
  const isWanted = (id: string) => options.select?.has(id) !== false && !options.ignore?.has(id);
  const run = (rule: Rule, isShown: boolean) => {
    try {
      for (const finding of findingsOf(rule, context)) {
        if (!options.includeBase && !simulation.image.isOwn(finding.place.file)) continue;
        const isSilenced = suppressions.silences(finding);
        if (!isShown) continue;
        const located = locate(finding, context);
        if (isSilenced) silenced.add(keyOf(located));
        else findings.push(located);
      }
    } catch (error) {
      failures.push({
        rule: rule.id,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  };
  for (const rule of rules) if (rule.id !== aboutSuppressions && isWanted(rule.id)) run(rule, true);
  const last = isWanted(aboutSuppressions) ? findRule(aboutSuppressions) : undefined;
  if (last !== undefined) {
    // Whether a comment has a use is a question to rules that are not asked for as well.
    const asked = suppressions.asked();
    for (const rule of rules) {
      if (rule.id === aboutSuppressions || isWanted(rule.id)) continue;
      if (asked === undefined || asked.has(rule.id)) run(rule, false);
    }
    run(last, true);
  }
  findings.sort(compareFindings);
  return {
    findings: findings.filter((finding, i) => !isSame(finding, findings[i - 1])),
    context,
    suppressed: silenced.size,
    failures,
  };
}

/** What two findings have in common that are the same. */
function keyOf({ place, range, rule, message }: LocatedFinding): string {
  return [place.file, range.start.line, range.start.column, rule, message].join('\0');
}

function* findingsOf(rule: Rule, context: RuleContext): Generator<Finding> {
  for (const finding of rule.check(context)) {
    yield {
      rule: rule.id,
      phase: rule.phase,
      severity: finding.severity ?? rule.severity,
      confidence: finding.confidence ?? 'certain',
      affects: [...(finding.affects ?? [])].sort(compareBytes),
      related: finding.related ?? [],
      message: finding.message,
      place: finding.place,
      ...(finding.consequence === undefined ? {} : { consequence: finding.consequence }),
      ...(finding.help === undefined ? {} : { help: finding.help }),
      ...(finding.suggestion === undefined ? {} : { suggestion: finding.suggestion }),
      ...(finding.subject === undefined ? {} : { subject: finding.subject }),
    };
  }
}

/** The beginning of a line identifies it; a finding for each word of a very long one would read all of it each time. */
const QUOTED_MAX = 500;

function locate(finding: Finding, context: RuleContext): LocatedFinding {
  const source = context.source(finding.place.file);
  const range = rangeOf(source, finding.place.line, finding.place.span);
  const line = source?.lines.lineSpan(range.start.line);
  const quoted = source === undefined || line === undefined ? '' : source.slice(line).trim().slice(0, QUOTED_MAX);
  return {
    ...finding,
    range,
    fingerprint: fingerprint([finding.rule, finding.place.file, finding.subject ?? '', quoted]),
  };
}

const severityRank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** True if a severity is at or above another. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severityRank[severity] <= severityRank[threshold];
}

function compareFindings(a: LocatedFinding, b: LocatedFinding): number {
  return (
    compareBytes(a.place.file, b.place.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.column - b.range.start.column ||
    compareBytes(a.rule, b.rule) ||
    compareBytes(a.message, b.message)
  );
}

function isSame(a: LocatedFinding, b: LocatedFinding | undefined): boolean {
  return b !== undefined && compareFindings(a, b) === 0;
}

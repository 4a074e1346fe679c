/** Problems and findings as the protocol's diagnostics. */

import { type Diagnostic, DiagnosticSeverity, DiagnosticTag, type Range } from 'vscode-languageserver';
import manifest from '../../../package.json' with { type: 'json' };
import type { LocatedFinding, MessageSeverity, Place, Problem } from '../core/problems/problem.ts';
import { ruleOfProblem } from '../core/rules/problem-rules.ts';
import { findRule } from '../core/rules/registry.ts';
import type { DocumentKind } from '../workspace/document-kind.ts';
import type { RuleLevel } from './settings.ts';

/** What findings and problems know of themselves in the editor: features find the finding of a diagnostic by it. */
export interface DiagnosticData {
  readonly fingerprint?: string;
}

const severities: Readonly<Record<MessageSeverity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  notice: DiagnosticSeverity.Information,
  info: DiagnosticSeverity.Information,
};

/** Where the page of a rule can be read; nothing for an id that has no page. */
function pageOf(rule: string): { codeDescription?: { href: string } } {
  if (findRule(rule) === undefined) return {};
  return { codeDescription: { href: `${manifest.homepage}/blob/main/docs/rules/${rule}.md` } };
}

export function problemDiagnostic(
  problem: Problem,
  kind: DocumentKind,
  range: Range,
  levels: ReadonlyMap<string, RuleLevel>,
): Diagnostic | undefined {
  const rule = ruleOfProblem(kind.format, problem);
  const level = levels.get(rule);
  if (level === 'off') return undefined;
  return {
    range,
    severity: severities[level ?? problem.severity],
    source: 'stateless-boot',
    code: rule,
    ...pageOf(rule),
    message: upperFirst(problem.message),
    ...tagsOf(problem.code),
  };
}

function tagsOf(code: string): { tags?: DiagnosticTag[] } {
  if (/^(obsolete|removed)-/.test(code)) return { tags: [DiagnosticTag.Deprecated] };
  if (/shadowed|overridden/.test(code)) return { tags: [DiagnosticTag.Unnecessary] };
  return {};
}

/** A range in a file of the workspace or the base. */
export type Locate = (place: Place) => { readonly uri: string; readonly range: Range } | undefined;

export function findingDiagnostic(
  finding: LocatedFinding,
  range: Range,
  locate: Locate,
  levels: ReadonlyMap<string, RuleLevel>,
): Diagnostic | undefined {
  const level = levels.get(finding.rule);
  if (level === 'off') return undefined;
  const sentences = [finding.message, finding.consequence, finding.help].filter((text) => text !== undefined);
  const related = finding.related.flatMap((place) => {
    const at = locate(place);
    return at === undefined ? [] : [{ location: at, message: place.message }];
  });
  const data: DiagnosticData = { fingerprint: finding.fingerprint };
  return {
    range,
    severity: severities[level ?? finding.severity],
    source: 'stateless-boot',
    code: finding.rule,
    ...pageOf(finding.rule),
    message: `${finding.confidence === 'likely' ? 'Likely: ' : ''}${sentences.map(upperFirst).join('.\n')}.`,
    ...(related.length === 0 ? {} : { relatedInformation: related }),
    ...(/shadowed/.test(finding.rule) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    data,
  };
}

/** Sentences begin with a capital, unless with a name: of a unit, a file, a setting or a tool. */
function upperFirst(text: string): string {
  if (/^(?:systemd\b|\S*[^\W_][.@=/_:]\w)/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

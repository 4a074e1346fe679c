/** The JSON of the command line: fields and order as docs/contract describes them; absent means not known. */

import type { Cause, LocatedFinding, Message } from '../core/problems/problem.ts';
import type { Range } from '../core/text/source-text.ts';
import type { ReportEntry } from './tree-entries.ts';

export const schemaVersion = 1;

/** Pretty enough to read, stable byte for byte. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}

export function entryToJson(entry: ReportEntry, options: { readonly withChange: boolean }): object {
  return withoutUndefined({
    path: entry.path,
    type: entry.type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    user: entry.user,
    group: entry.group,
    target: entry.target,
    device: entry.device,
    size: entry.size,
    sha256: entry.sha256,
    phase: entry.phase,
    origin: entry.origin.length === 0 ? undefined : entry.origin.map(causeToJson),
    facts: entry.facts.length === 0 ? undefined : entry.facts,
    change: options.withChange ? entry.change : undefined,
  });
}

export function causeToJson(cause: Cause): object {
  return withoutUndefined({ file: cause.file, line: cause.line, phase: cause.phase, action: cause.action });
}

export function messageToJson(message: Message): object {
  return withoutUndefined({
    severity: message.severity,
    code: message.code,
    phase: message.phase,
    file: message.place?.file,
    line: message.place?.line,
    text: message.text,
    subject: message.subject,
  });
}

/** `rangeOfRelated` locates the related places, whose texts only the caller has. */
export function findingToJson(
  finding: LocatedFinding,
  rangeOfRelated: (file: string, line: number | undefined) => Range,
  originOf: (file: string) => string | undefined,
): object {
  return withoutUndefined({
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    message: finding.message,
    file: finding.place.file,
    sourceFile: originOf(finding.place.file),
    range: finding.range,
    phase: finding.phase,
    consequence: finding.consequence,
    help: finding.help,
    suggestion: finding.suggestion,
    affects: finding.affects,
    related: finding.related.map((related) => ({
      file: related.file,
      range: rangeOfRelated(related.file, related.line),
      message: related.message,
    })),
    fingerprint: finding.fingerprint,
    fixable: false,
  });
}

function withoutUndefined(object: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

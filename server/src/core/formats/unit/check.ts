/**
 * What systemd's loader says of one unit file from its text alone. What needs other files or a running system (units that
 * do not exist, a service without any command over all its drop-ins, …) is not said here.
 */

import type { Problem } from '../../problems/problem.ts';
import { nearestName } from '../../text/nearest-name.ts';
import type { Systemd } from '../../versions/systemd.ts';
import {
  type Directive,
  findDirective,
  isKnownDirective,
  nearestDirective,
  sectionsOf,
  sectionsWith,
  type UnitType,
} from './directives.ts';
import { grammarOf } from './settings/table.ts';
import { parseUnitName } from './settings/unit-name.ts';
import { textSpan, type UnitDocument, type UnitEntry, type UnitSection } from './syntax.ts';

/**
 * The problems of a unit file or drop-in. Without a name its type is unknown: every section is then taken for possible.
 * They come in the order of the text and end with the first one that keeps the unit from loading.
 */
export function checkUnit(document: UnitDocument, unitName: string | undefined, systemd: Systemd): readonly Problem[] {
  const type = unitName === undefined ? undefined : parseUnitName(unitName)?.type;
  const problems: Problem[] = document.problems.filter((problem) => problem !== document.failure);
  const context: CheckContext = { document, type, systemd, problems, nearest: new Map() };
  for (const section of document.sections) {
    const stopped = checkSection(section, context);
    if (stopped) return problems;
  }
  if (document.failure !== undefined) problems.push(document.failure);
  return problems;
}

interface CheckContext {
  readonly document: UnitDocument;
  readonly type: UnitType | undefined;
  readonly systemd: Systemd;
  readonly problems: Problem[];
  /** Near names found so far, by section and name. */
  readonly nearest: Map<string, string | undefined>;
}

/** After so many different unknown settings a file is something else, and searching on would only take time. */
const mostSuggestions = 50;

/** True if a problem keeps the unit from loading, after which nothing is read. */
function checkSection(section: UnitSection, context: CheckContext): boolean {
  const { problems, document } = context;
  const sections = sectionsOf(context.type);
  if (!sections.includes(section.name)) {
    if (!section.name.startsWith('X-')) problems.push(unknownSection(section, context));
    return false;
  }
  let junk = 0;
  for (const entry of section.entries) {
    for (; (section.junk[junk]?.span.start ?? Number.POSITIVE_INFINITY) < entry.span.start; junk++) {
      problems.push(junkProblem(section, junk, document));
    }
    if (checkEntry(section, entry, context)) return true;
  }
  for (; junk < section.junk.length; junk++) problems.push(junkProblem(section, junk, document));
  return false;
}

function junkProblem(section: UnitSection, index: number, document: UnitDocument): Problem {
  const node = section.junk[index];
  const line = node?.span ?? section.header.span;
  const text = document.text.slice(line.start, line.end).trim();
  const start = document.text.indexOf(text, line.start);
  const isKeyless = node?.reason === 'missing-key';
  return {
    code: isKeyless ? 'missing-key' : 'missing-equals-sign',
    severity: 'warning',
    span: { start, end: start + text.length },
    message: isKeyless
      ? `"${shortened(text)}" has no key before "=" and is ignored`
      : `"${shortened(text)}" is no assignment and is ignored`,
  };
}

function unknownSection(section: UnitSection, context: CheckContext): Problem {
  const isOther = sectionsOf(undefined).includes(section.name);
  const near = nearestName(section.name, sectionsOf(context.type));
  const hint = isOther
    ? `; ${context.type} units have no such section`
    : near === undefined
      ? ''
      : `; did you mean "[${near}]"?`;
  return {
    code: isOther ? 'misplaced-section' : 'unknown-section',
    severity: 'warning',
    span: section.header.nameSpan,
    message: `Section "[${shortened(section.name)}]" is ignored${hint}`,
  };
}

function checkEntry(section: UnitSection, entry: UnitEntry, context: CheckContext): boolean {
  const { systemd, problems } = context;
  const directive = findDirective(section.name, entry.key);
  if (directive === undefined || !isKnownDirective(directive, systemd)) {
    if (!entry.key.startsWith('X-')) problems.push(unknownSetting(section, entry, directive, context));
    return false;
  }
  if (directive.last !== undefined && directive.last < systemd.version) {
    // Between the last version that has it and the first that does not, nobody knows.
    if (directive.last === 0 || systemd.has('unit-resource-control-legacy-removed')) {
      problems.push({
        code: 'removed-setting',
        severity: 'info',
        span: entry.keySpan,
        message: `${entry.key}= was removed from systemd and has no effect`,
      });
    }
    return false;
  }
  const obsolete = obsoleteSetting(entry);
  if (obsolete !== undefined) problems.push(obsolete);
  for (const problem of grammarOf(directive)?.(entry.value, { systemd, key: entry.key }) ?? []) {
    problems.push({
      code: problem.code,
      severity: problem.severity,
      span: textSpan(entry, problem.span),
      message: problem.message,
    });
    if (problem.stopsUnit) return true;
  }
  return false;
}

function unknownSetting(
  section: UnitSection,
  entry: UnitEntry,
  directive: Directive | undefined,
  context: CheckContext,
): Problem {
  const { systemd } = context;
  const span = entry.keySpan;
  const name = shortened(entry.key);
  const ignored = `${name}= in [${section.name}] is unknown to systemd ${systemd.version} and ignored`;
  if (directive?.since !== undefined) {
    const message = `${ignored}; it is known since ${directive.since}`;
    return { code: 'setting-too-new', severity: 'warning', span, message };
  }
  const others = sectionsWith(entry.key, sectionsOf(context.type), systemd);
  if (others.length > 0) {
    const message = `${ignored}; it belongs into [${others.join('] or [')}]`;
    return { code: 'misplaced-setting', severity: 'warning', span, message };
  }
  const sought = `${section.name} ${entry.key}`;
  if (!context.nearest.has(sought) && context.nearest.size < mostSuggestions) {
    context.nearest.set(sought, nearestDirective(section.name, entry.key, systemd));
  }
  const near = context.nearest.get(sought);
  const hint = near === undefined ? '' : `; did you mean ${near}=?`;
  return { code: 'unknown-setting', severity: 'warning', span, message: `${ignored}${hint}` };
}

/** Settings and values that still work, but that systemd asks to replace. */
const obsoleteSettings: Readonly<Record<string, string>> = {
  RequiresOverridable: 'Requires=',
  RequisiteOverridable: 'Requisite=',
  MemoryLimit: 'MemoryMax=',
  CPUShares: 'CPUWeight=',
  StartupCPUShares: 'StartupCPUWeight=',
  BlockIODeviceWeight: 'IODeviceWeight=',
  BlockIOReadBandwidth: 'IOReadBandwidthMax=',
  BlockIOWriteBandwidth: 'IOWriteBandwidthMax=',
};

/** What to write instead of a setting that systemd asks to replace; undefined for all others. */
export function replacementOf(name: string): string | undefined {
  return Object.hasOwn(obsoleteSettings, name) ? obsoleteSettings[name] : undefined;
}

/** True for a value that still works and that nobody should write any more. */
export function isObsoleteValue(key: string, value: string): boolean {
  return (
    (key === 'KillMode' && value === 'none') ||
    (/^Standard(Output|Error)$/.test(key) && /^syslog(\+console)?$/.test(value))
  );
}

function obsoleteSetting(entry: UnitEntry): Problem | undefined {
  const { key, value } = entry;
  const replacement = replacementOf(key);
  if (replacement) {
    const message = `${key}= is obsolete; use ${replacement}`;
    return { code: 'obsolete-setting', severity: 'warning', span: entry.keySpan, message };
  }
  if (!isObsoleteValue(key, value)) return undefined;
  const problem = { code: 'obsolete-value', span: entry.valueSpan };
  if (key === 'KillMode') {
    const message = 'KillMode=none leaves processes behind and is to be removed; use "mixed" or "control-group"';
    return { ...problem, severity: 'warning', message };
  }
  const message = `"${value}" is obsolete; systemd takes "${value.replace('syslog', 'journal')}" instead`;
  return { ...problem, severity: 'notice', message };
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

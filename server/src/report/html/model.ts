/** Everything that the page shows, as values; the views only write it down. */

import type { Outcome } from '../../core/boot/start/unit-outcome.ts';
import type { LocatedFinding, Severity } from '../../core/problems/problem.ts';
import { wordsOf } from '../obstacle-words.ts';
import { pathsMade } from '../phase-summary.ts';
import { describeMode, osName } from '../simulation.ts';
import { shortCause } from '../tree-text.ts';
import { type JudgedUnit, judgeUnits, reasonOf, type UnitState } from '../unit-states.ts';
import { type AccountChange, accountChanges } from './account-changes.ts';
import { buildCauses, type CauseModel } from './causes.ts';
import type { ReportInput } from './input.ts';
import { counted, grouped, listed, type Words } from './markup.ts';
import {
  buildLanes,
  enabledByPresets,
  type Lane,
  laneTitles,
  type PictureFacts,
  type Sign,
  unitLanes,
} from './picture.ts';
import type { Quote, Quotes } from './quotes.ts';
import { buildTree, type TreeModel } from './tree-model.ts';

export interface NumberModel {
  readonly heading: string;
  readonly value: string;
  readonly unit: string;
  readonly notes: readonly { readonly sign: Sign | undefined; readonly text: string }[];
}

export interface AccountRow {
  readonly name: string;
  readonly id: string;
  /** Empty if it is the same. */
  readonly today: string;
  readonly isLost: boolean;
  readonly by: string;
  readonly wantedBy: Words;
  /** Nothing about it needs a look. */
  readonly isPlain: boolean;
}

export interface UnitRow {
  readonly name: string;
  readonly state: UnitState;
  readonly lane: string;
  readonly why: string;
  readonly isCode: boolean;
  readonly cause: string | undefined;
  readonly today: string;
}

export interface FindingModel {
  readonly finding: LocatedFinding;
  readonly position: string;
  readonly quote: Quote | undefined;
  /** The card that tells it already. */
  readonly cause: string | undefined;
}

export interface ReportModel {
  readonly title: string;
  readonly verdict: { readonly lead: string; readonly rest: string; readonly isBad: boolean };
  readonly lede: Words;
  readonly facts: readonly { readonly term: string; readonly value: Words }[];
  readonly numbers: readonly NumberModel[];
  readonly lanes: readonly Lane[];
  readonly causes: readonly CauseModel[];
  readonly tree: TreeModel;
  readonly users: readonly AccountRow[];
  readonly groups: readonly AccountRow[];
  readonly units: readonly UnitRow[];
  readonly idleCount: number;
  readonly findings: Readonly<Record<Severity, readonly FindingModel[]>>;
  readonly findingCounts: Readonly<Record<Severity, number>>;
}

const FINDING_QUOTES_MAX = 60;
/** Findings of a severity that are written out; the others are counted. */
const FINDINGS_MAX = 400;

export function buildModel(input: ReportInput, quotes: Quotes): ReportModel {
  const { simulation } = input;
  const judged = judgeUnits(input.units, input.today);
  const lanes = unitLanes(judged, input.order);
  const causes = buildCauses(input, judged, lanes, quotes);
  const lookups = causeLookups(causes, judged);
  const tree = buildTree(input, (path) => lookups.needs.get(path));
  const refusedLines = linesRefused(input);
  const madePaths = simulation.tmpfiles.kind === 'ran' ? [...pathsMade(simulation.tmpfiles.result)].sort() : [];
  const facts: PictureFacts = {
    judged,
    lanes,
    causeOf: (kind, name) =>
      lookups.causes.get(`${kind} ${name}`) ?? (kind === 'path' ? lookups.needs.get(name)?.cause : undefined),
    neededPaths: [...lookups.needs.keys()].filter((path) => /^\/(etc|var)\//.test(path)).sort(),
    lostCount: tree.lostCount,
    madePaths,
    refusedLines,
  };
  const accounts = accountChanges(input);
  const count = (...states: readonly UnitState[]) => judged.filter(({ state }) => states.includes(state)).length;
  const verdict = verdictOf(input, judged);
  const wanting = (kind: 'user' | 'group') => (name: string) => wantedBy(input, kind, name);
  return {
    title: `${verdict.lead} – boot report – ${simulation.image.label}`,
    verdict,
    lede: ledeOf(judged, causes, input.today !== undefined),
    facts: factsOf(input, tree.lostCount),
    numbers: numbersOf(input, judged, accounts, madePaths.length, refusedLines.length),
    lanes: buildLanes(input, facts),
    causes,
    tree,
    users: accounts.users.map((change) => accountRow(change, wanting('user'))),
    groups: accounts.groups.map((change) => accountRow(change, wanting('group'))),
    units: judged
      .filter(({ state }) => state !== 'idle')
      .map((unit) => unitRow(unit, lanes, facts, input.today === undefined ? '' : 'not loaded')),
    idleCount: count('idle'),
    ...findingsOf(input, causes, quotes),
  };
}

interface Lookups {
  /** Anchors by `kind name`. */
  readonly causes: ReadonlyMap<string, string>;
  readonly needs: ReadonlyMap<string, { readonly cause: string; readonly unit: string }>;
}

function causeLookups(causes: readonly CauseModel[], judged: readonly JudgedUnit[]): Lookups {
  const found = new Map<string, string>();
  const needs = new Map<string, { readonly cause: string; readonly unit: string }>();
  for (const { id, covers } of causes) {
    const kinds = [
      ['unit', covers.units],
      ['path', covers.paths],
      ['account', covers.accounts],
      ['line', covers.lines],
    ] as const;
    for (const [kind, names] of kinds) {
      for (const name of names) if (!found.has(`${kind} ${name}`)) found.set(`${kind} ${name}`, id);
    }
  }
  for (const { name, outcome } of judged) {
    const cause = found.get(`unit ${name}`);
    if (cause === undefined) continue;
    for (const obstacle of outcome.obstacles) {
      const isPath = wordsOf(obstacle).subject === 'path';
      if (isPath && !needs.has(obstacle.subject)) needs.set(obstacle.subject, { cause, unit: name });
    }
  }
  return { causes: found, needs };
}

const numerals = [
  'none',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

function inWords(number: number): string {
  return numerals[number] ?? grouped(number);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function verdictOf(input: ReportInput, judged: readonly JudgedUnit[]): ReportModel['verdict'] {
  const rest = ` when this image boots ${modeInWords(input)}.`;
  const of = (state: UnitState) => judged.filter((unit) => unit.state === state).length;
  const fails = of('fails');
  if (fails > 0) return { lead: `${counted(fails, 'unit')} ${fails === 1 ? 'fails' : 'fail'}`, rest, isBad: true };
  // Where no unit is known, nothing is said about units.
  if (judged.length === 0) return { lead: 'What is left', rest, isBad: false };
  const gone = of('gone');
  if (gone > 0) {
    return {
      lead: `No unit fails, but ${inWords(gone)} ${gone === 1 ? 'is' : 'are'} never started`,
      rest,
      isBad: true,
    };
  }
  return { lead: 'No unit fails', rest, isBad: false };
}

function modeInWords({ simulation }: ReportInput): string {
  switch (simulation.volatile) {
    case 'yes':
      return 'with an empty /etc and /var';
    case 'state':
      return 'with an empty /var and a read-only /etc';
    case 'no':
      return 'as it is';
    case 'overlay':
      return 'as it is, and loses what it writes';
    default:
      return simulation.volatile satisfies never;
  }
}

/** What the failing units do today: run, fail as well, or are not started. */
function todayInWords(all: number, running: number, failing: number, others: number): string {
  const number = (count: number) => capitalized(inWords(count));
  if (running === all) return all === 1 ? 'It runs today.' : 'All of them run today.';
  if (failing === all) return all === 1 ? 'It fails today as well.' : 'All of them fail today as well.';
  if (others === all) {
    return all === 1
      ? 'It is started only because of the reset.'
      : 'All of them are started only because of the reset.';
  }
  const parts = [
    ...(running === 0 ? [] : [`${number(running)} of them ${running === 1 ? 'runs' : 'run'} today`]),
    ...(failing === 0 ? [] : [`${number(failing)} ${failing === 1 ? 'fails' : 'fail'} today as well`]),
    ...(others === 0 ? [] : [`${number(others)} ${others === 1 ? 'is' : 'are'} started only because of the reset`]),
  ];
  return `${parts.join('; ').replace(/; [A-Z]/g, (text) => text.toLowerCase())}.`;
}

function ledeOf(judged: readonly JudgedUnit[], causes: readonly CauseModel[], isCompared: boolean): Words {
  const of = (state: UnitState) => judged.filter((unit) => unit.state === state);
  const fails = of('fails');
  const gone = of('gone');
  const later = of('later');
  const text: (string | { readonly code: string })[] = [];
  if (isCompared && fails.length > 0) {
    const running = fails.filter(({ today }) => today === 'active' || today === 'ran').length;
    const failing = fails.filter(({ today }) => today?.endsWith('failed') === true).length;
    const others = fails.length - running - failing;
    text.push(`${todayInWords(fails.length, running, failing, others)} `);
  }
  if (gone.length > 0 && fails.length > 0) {
    text.push(gone.length === 1 ? 'One more, ' : `${capitalized(inWords(gone.length))} more, `);
    text.push(
      ...listed(
        gone.map(({ name }) => name),
        3,
      ),
    );
    text.push(
      gone.length === 1 ? ', runs today and is never started again. ' : ', run today and are never started again. ',
    );
  }
  if (later.length > 0) {
    text.push(
      `${capitalized(inWords(later.length))} ${later.length === 1 ? 'unit' : 'units'} ${later.length === 1 ? 'fails' : 'fail'} when something starts ${later.length === 1 ? 'it' : 'them'} later. `,
    );
  }
  const real = causes.filter(({ covers }) => covers.units.length > 0);
  const files = real.filter(({ covers }) => covers.paths.some((path) => path.startsWith('/etc/'))).length;
  const state = real.filter(({ covers }) => covers.paths.some((path) => path.startsWith('/var/'))).length;
  const accounts = real.filter(({ covers }) => covers.accounts.length > 0).length;
  const others = real.length - files - state - accounts;
  const classes = [
    [files, 'lost path of /etc', 'lost paths of /etc'],
    [state, 'lost path of /var', 'lost paths of /var'],
    [accounts, 'account that nothing recreates', 'accounts that nothing recreates'],
    [others, 'other cause', 'other causes'],
  ] as const;
  const told = classes
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${inWords(number)} ${number === 1 ? one : many}`);
  const last = told.pop();
  if (last !== undefined && others < real.length) {
    text.push(
      `${real.length === 1 ? 'The cause' : 'The causes'}: ${told.length === 0 ? last : `${told.join(', ')} and ${last}`}.`,
    );
  }
  if (text.length === 0 && judged.length > 0) text.push('Every unit that the boot starts finds what it needs.');
  return text;
}

function factsOf(input: ReportInput, lostCount: number): ReportModel['facts'] {
  const { simulation, systemd } = input;
  const os = osName(simulation);
  return [
    { term: 'Image', value: [`${simulation.image.label}${os === undefined ? '' : `, ${os}`}`] },
    { term: 'systemd', value: [`${systemd.version}`] },
    {
      term: 'Mode',
      value: [`${describeMode(simulation.volatile)} (`, { code: `--volatile ${simulation.volatile}` }, ')'],
    },
    ...(lostCount === 0
      ? []
      : [{ term: 'Lost', value: [`${counted(lostCount, 'path')} of the image’s /etc and /var`] }]),
  ];
}

function linesRefused({ simulation }: ReportInput): string[] {
  const lines = new Set<string>();
  for (const { phase, severity, place } of simulation.messages) {
    if (phase === 'tmpfiles' && severity === 'error' && place?.line !== undefined)
      lines.add(`${place.file}:${place.line}`);
  }
  return [...lines].sort();
}

function numbersOf(
  input: ReportInput,
  judged: readonly JudgedUnit[],
  accounts: ReturnType<typeof accountChanges>,
  made: number,
  refused: number,
): NumberModel[] {
  const { simulation } = input;
  const enabled = enabledByPresets(simulation);
  const fresh = enabled.filter(({ isNew }) => isNew);
  const noRule = enabled.filter(({ why }) => why === 'enabled, no rule').length;
  const count = (state: UnitState) => judged.filter((unit) => unit.state === state).length;
  const lost = (list: readonly AccountChange[]) => list.filter(({ now }) => now === undefined).length;
  const by = (list: readonly AccountChange[]) =>
    list.filter(({ now, cause }) => now !== undefined && cause !== undefined).length;
  const lostUsers = lost(accounts.users);
  const lostGroups = lost(accounts.groups);
  const lostParts = [
    ...(lostUsers === 0 ? [] : [counted(lostUsers, 'user')]),
    ...(lostGroups === 0 ? [] : [counted(lostGroups, 'group')]),
  ];
  const skippedNote = (reason: string) => [{ sign: undefined, text: `passed over: ${reason}` }];
  const unitNotes = [
    ...(count('fails') === 0
      ? []
      : [{ sign: 'fails' as const, text: `${count('fails')} ${count('fails') === 1 ? 'fails' : 'fail'}` }]),
    ...(count('gone') === 0 ? [] : [{ sign: 'gone' as const, text: `${count('gone')} never started` }]),
    ...(count('unknown') === 0 ? [] : [{ sign: 'unknown' as const, text: `${count('unknown')} unknown` }]),
  ];
  return [
    {
      heading: 'Presets',
      value: grouped(enabled.length),
      unit: enabled.length === 1 ? 'unit enabled' : 'units enabled',
      notes:
        simulation.presets.kind === 'skipped'
          ? skippedNote(simulation.presets.reason)
          : [
              {
                sign: undefined,
                text: `${grouped(enabled.length - fresh.length)} today${noRule === 0 ? '' : `. ${grouped(noRule)} match no rule, so are enabled`}`,
              },
            ],
    },
    {
      heading: 'Accounts',
      value: grouped(by(accounts.users)),
      unit: `${by(accounts.users) === 1 ? 'user' : 'users'}, ${counted(by(accounts.groups), 'group')}`,
      notes:
        lostUsers + lostGroups > 0
          ? [{ sign: 'fails', text: `${lostParts.join(' and ')} not recreated` }]
          : simulation.sysusers.kind === 'skipped'
            ? skippedNote(simulation.sysusers.reason)
            : [{ sign: undefined, text: 'every account of today is made again' }],
    },
    {
      heading: 'Files',
      value: grouped(made),
      unit: `${made === 1 ? 'path' : 'paths'} made by tmpfiles`,
      notes:
        refused > 0
          ? [
              {
                sign: 'fails',
                text: `${counted(refused, 'line')} dropped, ${refused === 1 ? 'its' : 'their'} unit stays green`,
              },
            ]
          : [{ sign: undefined, text: 'no line is dropped' }],
    },
    {
      heading: 'Units',
      value: grouped(count('starts') + count('new')),
      unit: `start, ${grouped(count('skipped'))} skipped`,
      notes: unitNotes.length === 0 ? [{ sign: undefined, text: 'none fails' }] : unitNotes,
    },
  ];
}

function wantedBy({ findings }: ReportInput, kind: 'user' | 'group', name: string): Words {
  const units = [...new Set(findings.context.references.usingAccount(kind, name).map(({ unit }) => unit))];
  return units.length === 0 ? [] : listed(units, 3);
}

function accountRow({ name, now, today, cause }: AccountChange, wanted: (name: string) => Words): AccountRow {
  const isLost = now === undefined;
  const hasMoved = now !== undefined && today !== undefined && now !== today;
  const wantedWords = wanted(name);
  return {
    name,
    id: String(isLost ? (today ?? '') : now),
    today: hasMoved ? String(today) : '',
    isLost,
    by: cause === undefined ? (isLost ? 'no sysusers.d line' : 'image') : shortCause(cause),
    wantedBy: wantedWords,
    isPlain: !isLost && !hasMoved && wantedWords.length === 0,
  };
}

const outcomeWords: Readonly<Record<Outcome, string>> = {
  active: 'runs',
  ran: 'runs',
  failed: 'fails',
  'dep-failed': 'fails',
  'assert-failed': 'fails',
  skipped: 'skipped',
  idle: 'not started',
  unloaded: 'not loaded',
  absent: 'not there',
  masked: 'masked',
  unknown: 'unknown',
};

const stateRank: Readonly<Record<UnitState, number>> = {
  fails: 0,
  gone: 1,
  later: 2,
  unknown: 3,
  skipped: 4,
  new: 5,
  starts: 6,
  idle: 7,
};

/** For sorting: what went wrong first. */
export function rankOf({ state }: { readonly state: UnitState }): number {
  return stateRank[state];
}

function unitRow(
  unit: JudgedUnit,
  lanes: ReadonlyMap<string, number>,
  facts: PictureFacts,
  unknownToday: string,
): UnitRow {
  const { outcome, state } = unit;
  const cause = facts.causeOf('unit', unit.name);
  const reason = reasonOf(unit);
  const activators = outcome.activatedBy.length > 0 ? outcome.activatedBy : outcome.pulledInBy;
  const quiet = state === 'starts' || state === 'new';
  return {
    name: unit.name,
    state,
    lane: laneTitles[lanes.get(unit.name) ?? 7] ?? '',
    why: quiet ? (activators.length === 0 ? '' : `by ${activators.slice(0, 2).join(', ')}`) : reason,
    isCode: !quiet && outcome.condition?.text !== undefined && outcome.obstacles.length === 0,
    cause,
    today: unit.today === undefined ? unknownToday : outcomeWords[unit.today],
  };
}

function findingsOf(
  { findings }: ReportInput,
  causes: readonly CauseModel[],
  quotes: Quotes,
): Pick<ReportModel, 'findings' | 'findingCounts'> {
  const told = new Map(causes.flatMap(({ id, covers }) => covers.findings.map((finding) => [finding, id] as const)));
  const result: Record<Severity, FindingModel[]> = { error: [], warning: [], info: [] };
  let quoted = 0;
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const finding of findings.findings) {
    counts[finding.severity] += 1;
    if (counts[finding.severity] > FINDINGS_MAX) continue;
    const cause = told.get(finding);
    const wantsQuote = finding.severity !== 'info' && cause === undefined && quoted < FINDING_QUOTES_MAX;
    const quote = wantsQuote && finding.place.file !== '' ? quotes.quote(finding.place, undefined, false) : undefined;
    if (quote !== undefined) quoted += 1;
    const isPlaced = finding.place.line !== undefined || finding.place.span !== undefined;
    result[finding.severity].push({
      finding,
      position: isPlaced ? `:${finding.range.start.line}:${finding.range.start.column}` : '',
      quote,
      cause,
    });
  }
  return { findings: result, findingCounts: counts };
}

/** One card and one row of the picture for each root cause. */

import type { Obstacle } from '../../core/boot/start/obstacle.ts';
import type { LocatedFinding, Phase, Place } from '../../core/problems/problem.ts';
import { compareBytes } from '../../core/text/bytes.ts';
import { baseName, Tree } from '../../core/tree/tree.ts';
import { wordsOf } from '../obstacle-words.ts';
import { addTo, becauseOf, type CauseGroup, groupByCause, type JudgedUnit, type UnitState } from '../unit-states.ts';
import { type AccountChange, accountChanges } from './account-changes.ts';
import type { ReportInput } from './input.ts';
import { counted, listed, type Words } from './markup.ts';
import {
  accountLane,
  enabledByPresets,
  lastLane,
  type PresetFact,
  presetLane,
  type Sign,
  signs,
  skeletonLane,
  tmpfilesLane,
} from './picture.ts';
import type { Quote, Quotes } from './quotes.ts';

export interface ChainNode {
  /** What it is: `unit, line 47`. */
  readonly role: string;
  readonly name: string;
  /** True for a name of a thing, false for words. */
  readonly isName: boolean;
  readonly state: Sign | undefined;
  /** What becomes of it. */
  readonly fate: string | undefined;
  readonly isEnd: boolean;
}

/** Nodes that stand one above the other, and what leads on from them. */
export interface ChainStep {
  readonly nodes: readonly ChainNode[];
  readonly edge: string;
}

export interface RowNode {
  readonly lane: number;
  readonly items: readonly { readonly sign: Sign; readonly label: string; readonly detail: string }[];
}

export interface CauseModel {
  readonly id: string;
  readonly sign: Sign;
  readonly title: Words;
  readonly tag: string;
  readonly rule: string;
  readonly why: Words;
  readonly chain: readonly ChainStep[];
  readonly quotes: readonly Quote[];
  readonly atBoot: readonly { readonly sign: Sign; readonly name: string; readonly text: string }[];
  readonly fixes: readonly { readonly file: string; readonly lines: readonly string[] }[];
  readonly advice: readonly string[];
  /** What the units meet after the cause is mended. */
  readonly next: readonly Words[];
  readonly row: readonly RowNode[];
  /** The chain in words, for the line above the rows. */
  readonly said: Words;
  /** Units, paths, accounts and lines that belong to it. */
  readonly covers: {
    readonly units: readonly string[];
    readonly paths: readonly string[];
    readonly accounts: readonly string[];
    readonly lines: readonly string[];
    readonly findings: readonly LocatedFinding[];
  };
}

/** More cards than this nobody reads; the table of units has every unit. */
const CAUSES_MAX = 250;
const QUOTES_MAX = 4;
const STEPS_MAX = 3;
const STACK_MAX = 6;
const AT_BOOT_MAX = 12;
const ROW_ITEMS_MAX = 4;

/** The rule whose lines fall to a missing account. */
const ownerRule = 'tmpfiles-owner-unresolvable';

interface Surroundings {
  readonly input: ReportInput;
  readonly quotes: Quotes;
  readonly lanes: ReadonlyMap<string, number>;
  readonly presets: ReadonlyMap<string, PresetFact>;
  readonly shipped: Tree;
  readonly lostAccounts: { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };
  /** Dropped lines by the account that they name. */
  readonly dropped: ReadonlyMap<string, readonly LocatedFinding[]>;
}

/** Causes of failing units, those that take most units first, then what goes wrong without any unit failing. */
export function buildCauses(
  input: ReportInput,
  judged: readonly JudgedUnit[],
  lanes: ReadonlyMap<string, number>,
  quotes: Quotes,
): CauseModel[] {
  const accounts = accountChanges(input);
  const lost = (changes: readonly AccountChange[]) =>
    new Set(changes.filter(({ now }) => now === undefined).map(({ name }) => name));
  const around: Surroundings = {
    lostAccounts: { users: lost(accounts.users), groups: lost(accounts.groups) },
    input,
    quotes,
    lanes,
    presets: new Map(enabledByPresets(input.simulation).map((fact) => [fact.unit, fact])),
    shipped: new Tree(input.simulation.image.root),
    dropped: droppedLines(input),
  };
  const ids = new Map<string, number>();
  const causes = groupByCause(judged)
    .slice(0, CAUSES_MAX)
    .map((group) => causeOfGroup(group, around, ids));
  const covered = new Set(causes.flatMap(({ covers }) => covers.findings));
  const rest = input.findings.findings.filter((finding) => finding.severity === 'error' && !covered.has(finding));
  const byRule = new Map<string, LocatedFinding[]>();
  for (const finding of rest) addTo(byRule, finding.rule, finding);
  const silent = [...byRule].sort(([a], [b]) => compareBytes(a, b));
  return [...causes, ...silent.map(([rule, findings]) => silentCause(rule, findings, around, ids))];
}

function droppedLines({ findings }: ReportInput): Map<string, LocatedFinding[]> {
  const found = new Map<string, LocatedFinding[]>();
  for (const finding of findings.findings) {
    if (finding.rule !== ownerRule) continue;
    const name = accountNamed(finding, findings.context);
    if (name !== undefined) addTo(found, name, finding);
  }
  return found;
}

/** The text that a finding marks: for a dropped line the account. */
function accountNamed(finding: LocatedFinding, context: ReportInput['findings']['context']): string | undefined {
  const { span, file } = finding.place;
  const text = span === undefined ? undefined : context.source(file)?.slice(span);
  return text === undefined || text === '' ? undefined : text;
}

/** An anchor: readable, and the same for the same cause. */
function anchor(text: string, taken: Map<string, number>): string {
  const slug =
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 48) || 'unit';
  const number = (taken.get(slug) ?? 0) + 1;
  taken.set(slug, number);
  // A slug never ends in two hyphens and a number, so that no other one is hit.
  return number === 1 ? `cause-${slug}` : `cause-${slug}--${number}`;
}

function causeOfGroup(group: CauseGroup, around: Surroundings, ids: Map<string, number>): CauseModel {
  const { obstacle, units, dependents } = group;
  const all = [...units, ...dependents];
  const [first] = all;
  const subject = obstacle?.subject ?? first?.name ?? '';
  const kind = obstacle === undefined ? 'other' : wordsOf(obstacle).subject;
  const isAccount = kind === 'user' || kind === 'group';
  const dropped = isAccount ? (around.dropped.get(subject) ?? []) : [];
  const findings = matchingFindings(group, dropped, around);
  const worst = worstState(all);
  return {
    id: anchor(isAccount ? `${kind} ${subject}` : subject, ids),
    sign: signs[worst],
    title: titleOf(group, worst),
    // As `check` grades it: an inference is no error.
    tag: `${worst === 'later' || obstacle?.confidence === 'likely' ? 'warning' : 'error'}, ${obstacle?.confidence ?? 'certain'}`,
    rule: ruleOf(obstacle, findings),
    why: whyOf(group),
    chain: chainOf(group, dropped, around),
    quotes: quotesOf(group, dropped, around),
    atBoot: limited([
      ...units.map((unit) => atBoot(unit, undefined)),
      ...dependents.map((unit) => atBoot(unit, becauseOf(unit))),
      ...dropped.map((finding) => ({
        sign: 'fails' as const,
        name: shortPlace(finding.place),
        text: `line dropped${finding.consequence === undefined ? '' : `: ${finding.consequence}`}`,
      })),
    ]),
    ...fixesOf(findings, subject),
    next: nextOf(units),
    row: rowOf(group, dropped, around),
    said: saidOf(group),
    covers: {
      units: all.map(({ name }) => name),
      paths: kind === 'path' ? [subject] : [],
      accounts: isAccount ? [subject] : [],
      lines: dropped.map(({ place }) => `${place.file}:${place.line ?? 1}`),
      findings,
    },
  };
}

/** As many rows as a card can bear; the table of units has the rest. */
function limited(rows: CauseModel['atBoot']): CauseModel['atBoot'] {
  if (rows.length <= AT_BOOT_MAX) return rows;
  const rest = rows.length - AT_BOOT_MAX + 1;
  return [...rows.slice(0, AT_BOOT_MAX - 1), { sign: 'fails', name: `${rest} more`, text: '' }];
}

function worstState(units: readonly JudgedUnit[]): UnitState {
  for (const state of ['fails', 'gone', 'later'] as const) if (units.some((unit) => unit.state === state)) return state;
  return 'fails';
}

function titleOf({ obstacle, units, dependents }: CauseGroup, worst: UnitState): Words {
  const names = [...units, ...dependents].filter(({ state }) => state === worst).map(({ name }) => name);
  const isOne = names.length === 1;
  const verb =
    worst === 'gone'
      ? isOne
        ? ' is never started: '
        : ' are never started: '
      : worst === 'later'
        ? isOne
          ? ' fails when started: '
          : ' fail when started: '
        : isOne
          ? ' fails: '
          : ' fail: ';
  return [...listed(names), verb, ...causeInWords(obstacle)];
}

function causeInWords(obstacle: Obstacle | undefined): Words {
  if (obstacle === undefined) return ['nothing pulls it in any more'];
  const { subject, verb } = wordsOf(obstacle);
  const lead = subject === 'user' || subject === 'group' ? `${subject} ` : '';
  return [lead, { code: obstacle.subject }, ` ${verb}`];
}

function whyOf({ obstacle, units }: CauseGroup): Words {
  const [unit] = units;
  const description = unit?.outcome.unit.last('Unit', 'Description')?.entry.value;
  const expanded = description === undefined ? undefined : unit?.outcome.unit.expand(description);
  const lead = expanded?.kind === 'value' ? [`${expanded.value.replace(/\.$/, '')}. `] : [];
  const sentence =
    obstacle === undefined
      ? 'The image as it is starts it; after the reset no unit, link or generator does.'
      : `${obstacle.message.startsWith(obstacle.subject) ? obstacle.message : capitalized(obstacle.message)}.`;
  return [...lead, sentence];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function atBoot(unit: JudgedUnit, because: string | undefined): CauseModel['atBoot'][number] {
  return { sign: signs[unit.state], name: unit.name, text: fateOf(unit, because) };
}

function fateOf(unit: JudgedUnit, because: string | undefined): string {
  const result = unit.outcome.obstacles[0]?.result;
  switch (unit.state) {
    case 'gone':
      return 'never started, nothing in the journal';
    case 'later':
      if (because !== undefined) return `not started by the boot; goes down with ${because} when started`;
      return `not started by the boot; ${failure(result)} when started`;
    default: {
      const what = because === undefined ? failure(result) : `goes down with ${because}`;
      return unit.today?.endsWith('failed') === true ? `${what}, as it does today` : what;
    }
  }
}

/** `217/USER` is a status; `resources` and the like are results of the unit as a whole. */
function isStatus(result: string): boolean {
  return /^\d+\//.test(result);
}

function failure(result: string | undefined): string {
  if (result === undefined) return 'fails';
  return isStatus(result) ? `fails with ${result}` : `fails (${result})`;
}

function shortFate(unit: JudgedUnit): string {
  if (unit.state === 'gone') return 'never started';
  if (unit.state === 'later') return 'fails when started';
  const result = unit.outcome.obstacles[0]?.result;
  return result === undefined || isStatus(result) ? (result ?? 'fails') : failure(result);
}

function shortPlace(place: Place): string {
  return `${baseName(place.file)}${place.line === undefined ? '' : `:${place.line}`}`;
}

/** Findings about what the units meet, now or after this cause is mended: they know how to mend it. */
function matchingFindings(
  { obstacle, units }: CauseGroup,
  dropped: readonly LocatedFinding[],
  { input }: Surroundings,
): LocatedFinding[] {
  const places = new Set<string>();
  for (const { outcome } of units) {
    for (const { place } of outcome.obstacles) places.add(`${place.file}:${place.line ?? ''}`);
  }
  return input.findings.findings.filter(
    (finding) =>
      dropped.includes(finding) ||
      (finding.place.line !== undefined && places.has(`${finding.place.file}:${finding.place.line}`)) ||
      (finding.subject !== undefined && finding.subject === obstacle?.subject),
  );
}

/** The rule that says of the units what the obstacle says; without one the obstacle's own name. */
function ruleOf(obstacle: Obstacle | undefined, findings: readonly LocatedFinding[]): string {
  if (obstacle === undefined) return 'never-started';
  const { place, subject, code } = obstacle;
  const said = findings.find(
    (finding) =>
      finding.phase === 'start' &&
      finding.place.file === place.file &&
      finding.place.line === place.line &&
      finding.message.includes(subject),
  );
  return said?.rule ?? code;
}

/** `subject`: what the card is about; advice on anything else says on what. */
function fixesOf(findings: readonly LocatedFinding[], subject?: string): Pick<CauseModel, 'fixes' | 'advice'> {
  const byFile = new Map<string, Set<string>>();
  const advice = new Set<string>();
  for (const { suggestion, help, message } of findings) {
    if (help !== undefined) {
      const isClear = subject === undefined || message.includes(subject);
      advice.add(isClear ? `${capitalized(help)}.` : `${capitalized(message)}: ${help}.`);
    }
    if (suggestion === undefined) continue;
    const lines = byFile.get(suggestion.file) ?? new Set();
    for (const line of suggestion.lines) lines.add(line);
    byFile.set(suggestion.file, lines);
  }
  return { fixes: [...byFile].map(([file, lines]) => ({ file, lines: [...lines] })), advice: [...advice] };
}

function nextOf(units: readonly JudgedUnit[]): Words[] {
  const next: Words[] = [];
  const seen = new Set<string>();
  for (const { name, outcome } of units) {
    for (const obstacle of outcome.obstacles.slice(1)) {
      const key = `${name} ${obstacle.subject}`;
      if (seen.has(key)) continue;
      seen.add(key);
      next.push([
        ...causeInWords(obstacle),
        ...(units.length > 1 ? [' for ', { code: name }] : []),
        ` (${shortPlace(obstacle.place)})`,
      ]);
    }
  }
  return next.slice(0, 8);
}

/* The chain, from effect to cause. */

const dependencyWords: Readonly<Record<string, string>> = {
  'required-unit-failed': 'requires',
  'activated-service-failed': 'starts',
  'needed-service-failed': 'needs',
};

function unitNode(unit: JudgedUnit): ChainNode {
  const place = becauseOf(unit) === undefined ? unit.outcome.obstacles[0]?.place : undefined;
  const line = place !== undefined && isOfUnit(place.file, unit) ? place.line : undefined;
  return {
    role: line === undefined ? 'unit' : `unit, line ${line}`,
    name: unit.name,
    isName: true,
    state: signs[unit.state],
    fate: shortFate(unit),
    isEnd: false,
  };
}

/** True for the unit's fragment and drop-ins; a generator's obstacle lies elsewhere. */
function isOfUnit(file: string, { outcome }: JudgedUnit): boolean {
  return outcome.unit.files.some(({ path }) => path === file) || file === outcome.unit.fragmentPath;
}

function stacked(nodes: readonly ChainNode[], what: string): ChainNode[] {
  if (nodes.length <= STACK_MAX) return [...nodes];
  const rest = nodes.length - STACK_MAX + 1;
  return [
    ...nodes.slice(0, STACK_MAX - 1),
    { role: what, name: `${rest} more`, isName: false, state: 'fails', fate: undefined, isEnd: false },
  ];
}

function chainOf(group: CauseGroup, dropped: readonly LocatedFinding[], around: Surroundings): ChainStep[] {
  const { obstacle, units, dependents } = group;
  const steps: ChainStep[] = [];
  if (dependents.length > 0) {
    const words = dependents.map(({ outcome }) => dependencyWords[outcome.obstacles[0]?.code ?? ''] ?? 'needs');
    steps.push({ nodes: stacked(dependents.map(unitNode), 'units'), edge: [...new Set(words)].join(', ') });
  }
  const lines = dropped.map(
    ({ place }): ChainNode => ({
      role: 'tmpfiles.d',
      name: shortPlace(place),
      isName: true,
      state: 'fails',
      fate: 'line dropped',
      isEnd: false,
    }),
  );
  const settings = units.flatMap(({ outcome }) => settingOf(outcome.obstacles[0], around) ?? []);
  const edge = [...new Set([...settings, ...(lines.length > 0 ? ['owner'] : [])])].slice(0, 3).join(', ');
  steps.push({ nodes: stacked([...units.map(unitNode), ...lines], 'units'), edge });
  if (obstacle === undefined) {
    steps.push({ nodes: [endNode('was enabled or generated from /etc', 'nothing pulls it in')], edge: '' });
    return steps;
  }
  const { subject, end } = wordsOf(obstacle);
  const isAccount = subject === 'user' || subject === 'group';
  const via = obstacle.chain.filter(
    ({ file, line }) =>
      file !== obstacle.subject &&
      !(isAccount && /^\/etc\/(passwd|group)$/.test(file)) &&
      !(isSamePlace(file, line, obstacle) && units.some((unit) => isOfUnit(file, unit))),
  );
  for (const { place, messages } of byFile(via).slice(0, STEPS_MAX)) {
    steps.push({
      nodes: [
        {
          role: shortPlace(place),
          name: messages.join(', '),
          isName: false,
          state: undefined,
          fate: undefined,
          isEnd: false,
        },
      ],
      edge: '',
    });
  }
  steps.push({
    nodes: [
      {
        role: subject === 'other' ? 'setting' : subject,
        name: obstacle.subject,
        isName: true,
        state: 'fails',
        fate: undefined,
        isEnd: false,
      },
    ],
    edge: '',
  });
  steps.push({ nodes: [endNode(originOf(obstacle, around), end)], edge: '' });
  return steps;
}

/** Steps that follow each other in one file are one. */
function byFile(steps: Obstacle['chain']): { readonly place: Place; readonly messages: string[] }[] {
  const merged: { readonly place: Place; readonly messages: string[] }[] = [];
  for (const step of steps) {
    const last = merged.at(-1);
    const name = `${baseName(step.file)} `;
    // The file's name stands above.
    const message = step.message.startsWith(name) ? step.message.slice(name.length) : step.message;
    if (last !== undefined && last.place.file === step.file) last.messages.push(message);
    else merged.push({ place: step, messages: [message] });
  }
  return merged;
}

function isSamePlace(file: string, line: number | undefined, { place }: Obstacle): boolean {
  return file === place.file && line === place.line;
}

function endNode(role: string, name: string): ChainNode {
  return { role, name, isName: false, state: 'fails', fate: undefined, isEnd: true };
}

/** Where the missing thing is today. */
function originOf(obstacle: Obstacle, { shipped, lostAccounts }: Surroundings): string {
  const { subject: kind } = wordsOf(obstacle);
  const { subject } = obstacle;
  if (kind === 'user' || kind === 'group') {
    // A socket's owner or a program's account may be either.
    if (lostAccounts.users.has(subject) && kind === 'user') return 'was in the image’s /etc/passwd';
    return lostAccounts.groups.has(subject) ? 'was in the image’s /etc/group' : 'not in the image';
  }
  if (kind !== 'path') return '';
  if (shipped.lookup(subject, { follow: false }) === undefined) return 'not in the image';
  return `was in the image’s /${subject.split('/')[1] ?? ''}`;
}

/** The setting that an obstacle's place belongs to: `User=`; undefined where it is no unit file. */
function settingOf(obstacle: Obstacle | undefined, { input }: Surroundings): string | undefined {
  if (obstacle?.place.line === undefined) return undefined;
  const source = input.findings.context.source(obstacle.place.file);
  for (let line = obstacle.place.line; line > 0 && line > obstacle.place.line - 20; line -= 1) {
    const span = source?.lines.lineSpan(line);
    const text = source === undefined || span === undefined ? '' : source.slice(span);
    const key = /^\s*([A-Z][A-Za-z0-9]*)\s*=/.exec(text)?.[1];
    if (key !== undefined) return `${key}=`;
    // Only a line that continues the one above may look further up.
    const above = source?.lines.lineSpan(line - 1);
    if (source === undefined || above === undefined || !source.slice(above).endsWith('\\')) return undefined;
  }
  return undefined;
}

/* Quotes. */

function quotesOf({ units }: CauseGroup, dropped: readonly LocatedFinding[], { quotes, input }: Surroundings): Quote[] {
  const found: Quote[] = [];
  const seen = new Set<string>();
  const add = (place: Place, note: string, withContext: boolean) => {
    const key = `${place.file}:${place.line ?? ''}`;
    if (found.length >= QUOTES_MAX || seen.has(key)) return;
    seen.add(key);
    const quote = quotes.quote(place, note, withContext);
    if (quote !== undefined) found.push(quote);
  };
  for (const { outcome } of units) {
    const obstacle = outcome.obstacles[0];
    if (obstacle === undefined) continue;
    const marked =
      obstacle.place.span === undefined
        ? undefined
        : input.findings.context.source(obstacle.place.file)?.slice(obstacle.place.span);
    const { verb, end, subject } = wordsOf(obstacle);
    const names = marked?.includes(obstacle.subject) === true;
    const hint = obstacle.chain.find(({ message }) => message.includes(obstacle.subject))?.message;
    const note = names && subject === 'path' ? end : names ? verb : (hint ?? `${obstacle.subject} ${verb}`);
    add(obstacle.place, note, found.length === 0);
  }
  for (const { place, consequence } of dropped) add(place, consequence ?? 'the line is dropped', false);
  for (const { outcome } of units.slice(0, 1)) {
    for (const step of outcome.obstacles[0]?.chain ?? []) {
      // What stands in the databases of today says less than the line that needs it.
      if (step.line !== undefined && !/^\/etc\/(passwd|group)$/.test(step.file)) add(step, step.message, false);
    }
  }
  return found;
}

/* The row of the picture. */

function rowOf(group: CauseGroup, dropped: readonly LocatedFinding[], around: Surroundings): RowNode[] {
  const { obstacle, units, dependents } = group;
  const items = new Map<number, { sign: Sign; label: string; detail: string }[]>();
  const add = (lane: number, sign: Sign, label: string, detail: string) => addTo(items, lane, { sign, label, detail });
  if (obstacle !== undefined) {
    const { subject, verb, end } = wordsOf(obstacle);
    if (subject === 'user' || subject === 'group') add(accountLane, 'fails', obstacle.subject, end);
    else if (subject === 'path') {
      const top = /^\/(etc|var)(\/|$)/.exec(obstacle.subject)?.[1];
      if (top !== undefined)
        add(skeletonLane, 'fails', obstacle.subject, verb === 'is gone' ? `lost with /${top}` : verb);
      else if (obstacle.subject.startsWith('/')) add(tmpfilesLane, 'fails', obstacle.subject, verb);
    }
  }
  for (const unit of [...units, ...dependents]) {
    const preset = around.presets.get(unit.name);
    if (preset?.isNew) add(presetLane, 'new', unit.name, preset.why);
    add(
      around.lanes.get(unit.name) ?? lastLane,
      signs[unit.state],
      unit.name,
      dependents.includes(unit) ? `goes down with ${becauseOf(unit) ?? 'it'}` : shortFate(unit),
    );
  }
  for (const { place } of dropped) add(tmpfilesLane, 'fails', shortPlace(place), 'line dropped');
  return [...items]
    .sort(([a], [b]) => a - b)
    .map(([lane, list]) => ({
      lane,
      items:
        list.length <= ROW_ITEMS_MAX
          ? list
          : [
              ...list.slice(0, ROW_ITEMS_MAX - 1),
              { sign: 'fails', label: `${list.length - ROW_ITEMS_MAX + 1} more`, detail: '' },
            ],
    }));
}

function saidOf({ obstacle, units, dependents }: CauseGroup): Words {
  const said: (string | { code: string })[] = [];
  const names = (list: readonly JudgedUnit[]) =>
    listed(
      list.map(({ name }) => name),
      3,
    );
  if (dependents.length > 0) {
    said.push(...names(dependents), dependents.length === 1 ? ' goes down with ' : ' go down with ');
  }
  said.push(...names(units));
  if (obstacle === undefined) return [...said, ': nothing pulls it in any more'];
  const { subject, verb, end } = wordsOf(obstacle);
  if (subject === 'unit') return [...said, ', because ', { code: obstacle.subject }, ` ${verb}`];
  const lead = dependents.length > 0 ? ', which needs ' : units.length === 1 ? ' needs ' : ' need ';
  const kind = subject === 'user' || subject === 'group' ? `${subject} ` : '';
  return [...said, `${lead}${kind}`, { code: obstacle.subject }, `, which ${verb}${end === verb ? '' : `: ${end}`}`];
}

/* What is wrong without any unit failing. */

const phaseLanes: Readonly<Record<Phase, number>> = {
  image: skeletonLane,
  skeleton: skeletonLane,
  preset: presetLane,
  sysusers: accountLane,
  tmpfiles: tmpfilesLane,
  start: lastLane,
};

function silentCause(
  rule: string,
  findings: readonly LocatedFinding[],
  around: Surroundings,
  ids: Map<string, number>,
): CauseModel {
  const [first] = findings;
  const { context } = around.input.findings;
  const accounts =
    rule === ownerRule ? [...new Set(findings.flatMap((finding) => accountNamed(finding, context) ?? []))] : [];
  const count = counted(findings.length, 'line');
  const title: Words =
    accounts.length > 0
      ? [
          `${count} ${findings.length === 1 ? 'is' : 'are'} dropped: `,
          ...listed(accounts, 5),
          accounts.length === 1 ? ' does not exist' : ' do not exist',
        ]
      : findings.length === 1
        ? [capitalized(first?.message ?? rule)]
        : [capitalized(first?.message ?? rule), `, and ${counted(findings.length - 1, 'more finding')} of this kind`];
  const consequences = findings.map(({ place, consequence, message }) => ({
    sign: 'fails' as const,
    name: shortPlace(place),
    text: consequence ?? message,
  }));
  const node = (role: string, name: string, fate: string | undefined): ChainNode => ({
    role,
    name,
    isName: true,
    state: 'fails',
    fate,
    isEnd: false,
  });
  const chain: ChainStep[] =
    accounts.length === 0
      ? []
      : [
          {
            nodes: stacked(
              findings.map(({ place, consequence }) => node('tmpfiles.d', shortPlace(place), consequence)),
              'lines',
            ),
            edge: 'owner, group',
          },
          {
            nodes: stacked(
              accounts.map((name) => node('account', name, undefined)),
              'accounts',
            ),
            edge: '',
          },
          { nodes: [endNode('in the image’s /etc only', 'no sysusers.d line')], edge: '' },
        ];
  const lane = phaseLanes[first?.phase ?? 'tmpfiles'];
  const row: RowNode[] = [
    ...(accounts.length === 0
      ? []
      : [
          {
            lane: accountLane,
            items: [
              {
                sign: 'fails' as const,
                label: accounts.length === 1 ? (accounts[0] ?? '') : counted(accounts.length, 'account'),
                detail:
                  accounts.length === 1
                    ? 'no sysusers.d line'
                    : `${accounts.slice(0, 3).join(', ')}${accounts.length > 3 ? ', …' : ''}`,
              },
            ],
          },
        ]),
    {
      lane,
      items: [
        {
          sign: 'fails' as const,
          label: findings.length === 1 && first !== undefined ? shortPlace(first.place) : count,
          detail: accounts.length > 0 ? 'dropped, no unit fails' : rule,
        },
      ],
    },
  ];
  const quotes = findings
    .slice(0, QUOTES_MAX)
    .flatMap(({ place, consequence, message }) => around.quotes.quote(place, consequence ?? message, false) ?? []);
  return {
    id: anchor(rule, ids),
    sign: 'fails',
    title,
    tag: `error, ${first?.confidence ?? 'certain'}`,
    rule,
    why: [
      accounts.length > 0
        ? 'No unit fails by it: systemd-tmpfiles exits with 65, which its unit counts as success. What the lines would make is missing.'
        : 'No unit is known to fail by it.',
    ],
    chain,
    quotes,
    atBoot: limited(consequences),
    ...fixesOf(findings),
    next: [],
    row,
    said: title,
    covers: {
      units: [],
      paths: [],
      accounts,
      lines: findings.map(({ place }) => `${place.file}:${place.line ?? 1}`),
      findings,
    },
  };
}

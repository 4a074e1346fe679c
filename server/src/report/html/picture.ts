/** The picture of the boot: eight columns in boot order, a mark for each thing, a row for each cause. */

import type { SimulationResult } from '../../core/boot/simulate.ts';
import { baseName, Tree } from '../../core/tree/tree.ts';
import type { JudgedUnit, UnitState } from '../unit-states.ts';
import { accountChanges } from './account-changes.ts';
import type { ReportInput } from './input.ts';
import { counted, grouped } from './markup.ts';

/** What a sign stands for. */
export type Sign = 'made' | 'new' | 'skipped' | 'fails' | 'gone' | 'unknown';

export const laneTitles = [
  'Skeleton',
  'Presets',
  'Sysusers',
  'Tmpfiles',
  'sysinit',
  'sockets',
  'basic',
  'multi-user',
] as const;

export const skeletonLane = 0;
export const presetLane = 1;
export const accountLane = 2;
export const tmpfilesLane = 3;
const sysinitLane = 4;
const socketLane = 5;
const basicLane = 6;
export const lastLane = 7;

export interface Mark {
  readonly sign: Sign;
  readonly title: string;
  /** The anchor of the cause that the mark belongs to. */
  readonly cause: string | undefined;
}

export interface Lane {
  readonly title: string;
  /** Marks in a line. */
  readonly columns: number;
  readonly marks: readonly Mark[];
  /** Marks that were left out because there are too many. */
  readonly hidden: number;
  readonly notes: readonly { readonly sign: Sign | undefined; readonly number: string; readonly text: string }[];
}

/** Room for marks by lane; the widths of the columns in the style sheet go with it. */
const laneColumns: readonly number[] = [16, 11, 11, 13, 11, 9, 7, 13];
const MARK_LINES_MAX = 9;

export const signs: Readonly<Record<UnitState, Sign>> = {
  starts: 'made',
  new: 'new',
  skipped: 'skipped',
  fails: 'fails',
  gone: 'gone',
  later: 'fails',
  unknown: 'unknown',
  idle: 'skipped',
};

/** Column of each unit: its type, and whether its job runs before sysinit.target's. */
export function unitLanes(units: readonly JudgedUnit[], order: readonly string[]): ReadonlyMap<string, number> {
  const position = new Map(order.map((name, i) => [name, i]));
  const sysinit = position.get('sysinit.target') ?? -1;
  return new Map(
    units.map(({ name, outcome }) => {
      const { type } = outcome.unit;
      if (type === 'socket') return [name, socketLane];
      if (type === 'timer' || type === 'path') return [name, basicLane];
      const at = position.get(name);
      return [name, at !== undefined && at <= sysinit ? sysinitLane : lastLane];
    }),
  );
}

export interface PictureFacts {
  readonly judged: readonly JudgedUnit[];
  readonly lanes: ReadonlyMap<string, number>;
  /** Anchor of the cause of a unit, a path, an account or a refused line (`file:line`). */
  readonly causeOf: (kind: 'unit' | 'path' | 'account' | 'line', name: string) => string | undefined;
  /** Lost paths that units need, sorted. */
  readonly neededPaths: readonly string[];
  readonly lostCount: number;
  /** Paths that systemd-tmpfiles made, in order. */
  readonly madePaths: readonly string[];
  /** Lines of tmpfiles.d that were refused: `file:line`. */
  readonly refusedLines: readonly string[];
}

/** Units that the presets enable: whether they are enabled today, and why. */
export interface PresetFact {
  readonly unit: string;
  readonly isNew: boolean;
  readonly why: string;
}

export function enabledByPresets(simulation: SimulationResult): PresetFact[] {
  if (simulation.presets.kind !== 'ran') return [];
  const shipped = new Tree(simulation.image.root);
  const { links, units } = simulation.presets.result;
  const rules = new Map(units.map((unit) => [unit.unit, unit]));
  const found = new Map<string, PresetFact>();
  for (const link of links) {
    const isThere = shipped.lookup(link.path, { follow: false }) !== undefined;
    const known = found.get(link.unit);
    if (known !== undefined && !(known.isNew && isThere)) continue;
    const rule = link.rule ?? rules.get(link.unit)?.rule;
    const why =
      rule !== undefined
        ? `enabled by ${baseName(rule.file)}${rule.line === undefined ? '' : `:${rule.line}`}`
        : (rules.get(link.unit)?.pulledBy.length ?? 0) > 0
          ? 'enabled by Also='
          : 'enabled, no rule';
    found.set(link.unit, { unit: link.unit, isNew: !isThere, why });
  }
  return [...found.values()];
}

export function buildLanes(input: ReportInput, facts: PictureFacts): Lane[] {
  const { simulation } = input;
  const lanes = [
    skeleton(simulation, facts),
    presets(simulation, facts),
    sysusers(input, facts),
    tmpfiles(simulation, facts),
    ...[sysinitLane, socketLane, basicLane, lastLane].map((lane) => unitLane(lane, facts)),
  ];
  return lanes.map(({ marks, notes }, i): Lane => {
    const columns = laneColumns[i] ?? 10;
    const room = columns * MARK_LINES_MAX;
    // What went wrong is shown in any case.
    const shown = marks.length <= room ? marks : [...marks].sort((a, b) => gravity(a) - gravity(b)).slice(0, room);
    const kept = new Set(shown);
    return {
      title: laneTitles[i] ?? '',
      columns,
      marks: marks.filter((mark) => kept.has(mark)),
      hidden: marks.length - shown.length,
      notes,
    };
  });
}

type Content = Pick<Lane, 'marks' | 'notes'>;

function gravity({ sign }: Mark): number {
  return sign === 'fails' || sign === 'gone' ? 0 : 1;
}

function note(sign: Sign | undefined, number: number, text: string): Lane['notes'] {
  return number === 0 ? [] : [{ sign, number: grouped(number), text }];
}

function skeleton({ volatile }: SimulationResult, facts: PictureFacts): Content {
  const what =
    volatile === 'yes' ? '/etc and /var start empty' : volatile === 'state' ? '/var starts empty' : 'as shipped';
  return {
    marks: facts.neededPaths.map((path) => ({ sign: 'fails', title: path, cause: facts.causeOf('path', path) })),
    notes: [
      { sign: undefined, number: '', text: what },
      ...note(undefined, facts.lostCount, facts.lostCount === 1 ? 'path lost' : 'paths lost'),
      ...note('fails', facts.neededPaths.length, 'of them needed'),
    ],
  };
}

function presets(simulation: SimulationResult, facts: PictureFacts): Content {
  const { presets: phase } = simulation;
  if (phase.kind === 'skipped') return { marks: [], notes: [{ sign: undefined, number: '', text: phase.reason }] };
  const enabled = enabledByPresets(simulation);
  const fresh = enabled.filter(({ isNew }) => isNew);
  const refused = simulation.messages.filter(({ phase: of, severity }) => of === 'preset' && severity === 'error');
  return {
    marks: [
      ...[...enabled.filter(({ isNew }) => !isNew), ...fresh].map(
        ({ unit, isNew }): Mark => ({ sign: isNew ? 'new' : 'made', title: unit, cause: facts.causeOf('unit', unit) }),
      ),
      ...refused.map((message): Mark => ({ sign: 'skipped', title: message.text, cause: undefined })),
    ],
    notes: [
      ...note('made', enabled.length, `enabled${fresh.length === 0 ? '' : `, ${grouped(fresh.length)} new`}`),
      ...note(
        'skipped',
        refused.length,
        refused.every(({ code }) => code === 'unit-masked') ? 'masked, ignored' : 'refused',
      ),
    ],
  };
}

function sysusers(input: ReportInput, facts: PictureFacts): Content {
  const { sysusers: phase } = input.simulation;
  const { users } = accountChanges(input);
  const made = users.filter(({ now, cause }) => now !== undefined && cause !== undefined);
  const lost = users.filter(({ now }) => now === undefined);
  return {
    marks: [
      ...made.map(({ name }): Mark => ({ sign: 'made', title: name, cause: facts.causeOf('account', name) })),
      ...lost.map(({ name }): Mark => ({ sign: 'fails', title: name, cause: facts.causeOf('account', name) })),
    ],
    notes:
      phase.kind === 'skipped'
        ? [{ sign: undefined, number: '', text: phase.reason }]
        : [
            ...note('made', made.length, made.length === 1 ? 'user' : 'users'),
            ...note('fails', lost.length, 'not declared'),
          ],
  };
}

function tmpfiles({ tmpfiles: phase }: SimulationResult, facts: PictureFacts): Content {
  if (phase.kind === 'skipped') return { marks: [], notes: [{ sign: undefined, number: '', text: phase.reason }] };
  return {
    marks: [
      ...facts.madePaths.map((path): Mark => ({ sign: 'made', title: path, cause: undefined })),
      ...facts.refusedLines.map((line): Mark => ({ sign: 'fails', title: line, cause: facts.causeOf('line', line) })),
    ],
    notes: [
      ...note('made', facts.madePaths.length, facts.madePaths.length === 1 ? 'path' : 'paths'),
      ...note('fails', facts.refusedLines.length, facts.refusedLines.length === 1 ? 'line dropped' : 'lines dropped'),
    ],
  };
}

const markOrder: readonly UnitState[] = ['starts', 'new', 'skipped', 'unknown', 'fails', 'gone'];

function unitLane(lane: number, facts: PictureFacts): Content {
  const here = facts.judged.filter(({ name }) => facts.lanes.get(name) === lane);
  const of = (state: UnitState) => here.filter((unit) => unit.state === state);
  const started = of('starts').length + of('new').length;
  const fresh = of('new').length;
  return {
    marks: markOrder.flatMap((state) =>
      of(state).map(({ name }): Mark => ({ sign: signs[state], title: name, cause: facts.causeOf('unit', name) })),
    ),
    notes: [
      ...note('made', started, `start${fresh === 0 ? '' : `, ${grouped(fresh)} new`}`),
      ...note('skipped', of('skipped').length, 'skipped'),
      ...note('unknown', of('unknown').length, 'unknown'),
      ...note('fails', of('fails').length, of('fails').length === 1 ? 'fails' : 'fail'),
      ...note('gone', of('gone').length, 'never started'),
    ],
  };
}

/** For screen readers. */
export function describeMarks(lane: Lane): string {
  const total = counted(lane.marks.length + lane.hidden, 'mark');
  return `${lane.title}: ${total}`;
}

/** What the boot does with the units, for people at a terminal. */

import type { UnitOutcome } from '../core/boot/start/unit-outcome.ts';
import type { Place } from '../core/problems/problem.ts';
import { baseName } from '../core/tree/tree.ts';
import { printable, type Style } from './style.ts';
import { addTo, becauseOf, type JudgedUnit, judgeUnits, reasonOf, type UnitState } from './unit-states.ts';

export interface UnitsTextOptions {
  /** All units that are skipped, also those that the machine skips with or without a reset. */
  readonly verbose: boolean;
  /** Outcomes of the image booted as it is; with them units that are never started any more are told. */
  readonly today?: readonly UnitOutcome[];
  /** Characters in a line. Default: 100. */
  readonly width?: number;
}

/** Widths of names and places, and the part of the line that a name may take. */
const NAME_MAX = 36;
const NAME_SHARE = 0.38;
const PLACE_MAX = 34;
const PLACE_MIN = 16;
/** Deepest indentation of a chain; longer ones go on at that depth. */
const DEPTH_MAX = 4;

/** The row of the phase summary, for example ` 4  units     81 start  36 skipped  10 fail`. */
export function unitsSummary(units: readonly UnitOutcome[], style: Style, today?: readonly UnitOutcome[]): string {
  const judged = judgeUnits(units, today);
  const count = (...states: readonly UnitState[]) => judged.filter(({ state }) => states.includes(state)).length;
  const parts = [`${count('starts', 'new')} start`];
  const add = (number: number, text: string, paint: (text: string) => string) => {
    if (number > 0) parts.push(paint(`${number} ${text}`));
  };
  add(count('skipped'), 'skipped', style.dim);
  add(count('fails'), count('fails') === 1 ? 'fails' : 'fail', style.error);
  add(count('gone'), 'never started', style.error);
  add(count('unknown'), 'unknown', style.warning);
  return ` 4  ${'units'.padEnd(8)}  ${parts.join('  ')}`;
}

/** Tables of the units that fail, that are never started any more, that the reset has skipped, and that nobody can tell. */
export function formatUnits(units: readonly UnitOutcome[], style: Style, options: UnitsTextOptions): string[] {
  const judged = judgeUnits(units, options.today);
  const of = (...states: readonly UnitState[]) => judged.filter(({ state }) => states.includes(state));
  const skipped = judged.filter((unit) => unit.state === 'skipped' && (options.verbose || unit.isSkippedByReset));
  const tables: Table[] = [
    { head: ['fails', 'because'], rows: chains(of('fails')), paint: style.error },
    { head: ['never started', 'because'], rows: of('gone').map(plainRow), paint: style.error },
    { head: ['fails when started', 'because'], rows: of('later').map(plainRow), paint: style.warning },
    { head: ['skipped', 'because'], rows: skipped.map(plainRow), paint: style.warning },
    { head: ['unknown', 'would tell'], rows: of('unknown').map(plainRow), paint: style.info },
  ];
  const lines = tables.filter(({ rows }) => rows.length > 0).flatMap((table) => formatTable(table, style, options));
  const others = of('skipped').length - skipped.length;
  if (others > 0) {
    const text = `${others} more ${others === 1 ? 'unit is' : 'units are'} skipped with or without a reset (-v shows them)`;
    lines.push(...(lines.length === 0 ? [] : ['']), ` ${style.dim(text)}`);
  }
  return lines;
}

interface Row {
  /** 0 for a unit of its own; more below the unit that it goes down with. */
  readonly depth: number;
  readonly name: string;
  readonly reason: string;
  readonly place: string;
}

interface Table {
  readonly head: readonly [string, string];
  readonly rows: readonly Row[];
  readonly paint: (text: string) => string;
}

/** Failing units in the order of their names, each followed by those that it takes with it. */
function chains(failing: readonly JudgedUnit[]): Row[] {
  const names = new Set(failing.map(({ name }) => name));
  const below = new Map<string, JudgedUnit[]>();
  const tops: JudgedUnit[] = [];
  for (const unit of failing) {
    const above = becauseOf(unit);
    if (above === undefined || above === unit.name || !names.has(above)) tops.push(unit);
    else addTo(below, above, unit);
  }
  const rows: Row[] = [];
  const done = new Set<string>();
  const visit = (unit: JudgedUnit, depth: number) => {
    if (done.has(unit.name)) return;
    done.add(unit.name);
    rows.push({ ...plainRow(unit), depth });
    for (const dependent of below.get(unit.name) ?? []) visit(dependent, depth + 1);
  };
  for (const unit of tops) visit(unit, 0);
  // Units that blame each other in a circle hang below nothing.
  for (const unit of failing) visit(unit, 0);
  return rows;
}

function plainRow(unit: JudgedUnit): Row {
  const { outcome } = unit;
  const place = outcome.becauseOf !== undefined ? undefined : (outcome.obstacles[0]?.place ?? outcome.condition?.place);
  const reason =
    unit.state === 'unknown' || unit.state === 'skipped'
      ? [outcome.condition?.text, outcome.condition?.reason].filter((part) => part !== undefined).join(': ')
      : '';
  return { depth: 0, name: unit.name, reason: reason === '' ? reasonOf(unit) : reason, place: shortPlace(place) };
}

/** A place in a few characters: `nginx.service:22`. */
function shortPlace(place: Place | undefined): string {
  if (place === undefined) return '';
  return `${baseName(place.file)}${place.line === undefined ? '' : `:${place.line}`}`;
}

function formatTable(table: Table, style: Style, options: UnitsTextOptions): string[] {
  const width = options.width ?? 100;
  const nameMax = Math.min(NAME_MAX, Math.floor(width * NAME_SHARE));
  const rows = table.rows.map((row) => {
    const depth = Math.min(row.depth, DEPTH_MAX);
    const lead = depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `;
    return {
      lead,
      name: cutMiddle(printable(row.name), nameMax - lead.length),
      reason: printable(row.reason),
      place: printable(row.place),
    };
  });
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const nameWidth = Math.max(table.head[0].length, widest(rows.map(({ lead, name }) => lead + name)));
  const reasonNeed = Math.max(table.head[1].length, widest(rows.map(({ reason }) => reason)));
  // The reason says more than where it stands, so the place is cut first.
  const room = width - nameWidth - 7;
  const placeMax = Math.max(PLACE_MIN, Math.min(PLACE_MAX, room - reasonNeed));
  const placeWidth = Math.min(placeMax, widest(rows.map(({ place }) => place)));
  const reasonWidth = Math.min(reasonNeed, Math.max(20, room - placeWidth));
  return [
    '',
    ` ${table.paint(table.head[0].padEnd(nameWidth + 2))}  ${style.dim(table.head[1])}`,
    ...rows.map(({ lead, name, reason, place }) => {
      const padding = ' '.repeat(nameWidth - lead.length - name.length);
      const text = cutMiddle(reason, reasonWidth).padEnd(reasonWidth);
      return `   ${style.dim(lead)}${style.bold(name)}${padding}  ${text}  ${style.dim(cutMiddle(place, placeMax))}`.trimEnd();
    }),
  ];
}

/** Keeps the beginning and the end, which tell most of a path or a unit's name. */
export function cutMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  const room = Math.max(2, width - 1);
  const head = Math.floor(room / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (room - head))}`;
}

/**
 * Outcomes as reports sort them: what the boot does with each unit, compared with what it does today, and which units have
 * one cause. Nothing is judged here that the simulation has not judged.
 */

import type { CauseClass, Obstacle } from '../core/boot/start/obstacle.ts';
import type { Outcome, UnitOutcome } from '../core/boot/start/unit-outcome.ts';
import { compareBytes } from '../core/text/bytes.ts';
import { wordsOf } from './obstacle-words.ts';

/**
 * `new`: starts only because of the reset. `gone`: starts today, and nothing starts it any more. `later`: the boot does not
 * start it, but it fails when something does, which it does not today. `idle`: not started, as today.
 */
export type UnitState = 'starts' | 'new' | 'skipped' | 'fails' | 'gone' | 'later' | 'unknown' | 'idle';

export interface JudgedUnit {
  readonly name: string;
  readonly outcome: UnitOutcome;
  readonly state: UnitState;
  /** What the boot of the image as it is does with the unit; undefined: nobody has looked, or it is not loaded. */
  readonly today: Outcome | undefined;
  /** Skipped by a condition that the reset made false. */
  readonly isSkippedByReset: boolean;
}

/** Causes that take a unit out of the boot without an error. */
const silentCauses: ReadonlySet<CauseClass> = new Set(['generator-input-lost', 'unit-file-in-etc', 'alias-lost']);

/** Sorted by name. `today` are the outcomes of the same image booted as it is; without them nothing is called new. */
export function judgeUnits(units: readonly UnitOutcome[], today?: readonly UnitOutcome[]): JudgedUnit[] {
  const before = new Map(today?.map((outcome) => [outcome.unit.name, outcome]));
  const judged = units.map((outcome): JudgedUnit => {
    const earlier = before.get(outcome.unit.name);
    const then = earlier?.outcome;
    const state = stateOf(outcome, earlier, today !== undefined);
    return {
      name: outcome.unit.name,
      outcome,
      state,
      today: then,
      isSkippedByReset:
        state === 'skipped' && outcome.condition?.isEnvironmental !== true && (today === undefined || isStarted(then)),
    };
  });
  const known = new Set(judged.map(({ name }) => name));
  for (const outcome of today ?? []) {
    if (known.has(outcome.unit.name) || !isStarted(outcome.outcome) || isMadeOnDemand(outcome)) continue;
    // The reset leaves no trace of it: its file or its link was in /etc, or a generator made it.
    const lost: UnitOutcome = { ...outcome, outcome: 'unloaded', obstacles: [], pulledInBy: [], activatedBy: [] };
    judged.push({
      name: outcome.unit.name,
      outcome: lost,
      state: 'gone',
      today: outcome.outcome,
      isSkippedByReset: false,
    });
  }
  return judged.sort((a, b) => compareBytes(a.name, b.name));
}

function isStarted(outcome: Outcome | undefined): boolean {
  return outcome === 'active' || outcome === 'ran';
}

/** Units that PID 1 makes for others: they come and go with those. */
function isMadeOnDemand({ unit }: UnitOutcome): boolean {
  return unit.type === 'slice' || unit.type === 'scope' || unit.type === 'device';
}

function stateOf(judged: UnitOutcome, today: UnitOutcome | undefined, isCompared: boolean): UnitState {
  const startsToday = isCompared ? isStarted(today?.outcome) : undefined;
  const { outcome, obstacles, whenStarted } = judged;
  switch (outcome) {
    case 'failed':
    case 'dep-failed':
    case 'assert-failed':
      return 'fails';
    case 'active':
    case 'ran':
      return startsToday === false ? 'new' : 'starts';
    case 'skipped':
    case 'unknown':
      return outcome;
    case 'idle':
    case 'unloaded':
    case 'absent':
    case 'masked': {
      if (startsToday === true && isMadeOnDemand(judged)) return 'idle';
      const isSilent = obstacles.some(({ cause }) => silentCauses.has(cause));
      if (startsToday === true || (startsToday === undefined && isSilent)) return 'gone';
      return whenStarted === 'failed' && today?.whenStarted !== 'failed' ? 'later' : 'idle';
    }
    default:
      return outcome satisfies never;
  }
}

/** Units with one cause: those that it hits itself, and those that go down with them. */
export interface CauseGroup {
  /** The first obstacle of the first unit; undefined if none is known. */
  readonly obstacle: Obstacle | undefined;
  readonly units: readonly JudgedUnit[];
  readonly dependents: readonly JudgedUnit[];
}

const troubled: ReadonlySet<UnitState> = new Set(['fails', 'gone', 'later']);

/** Every unit that fails, is never started or fails later, by cause; causes that take most units first. */
export function groupByCause(judged: readonly JudgedUnit[]): CauseGroup[] {
  const bad = judged.filter(({ state }) => troubled.has(state));
  const byName = new Map(bad.map((unit) => [unit.name, unit]));
  const groups = new Map<string, { obstacle: Obstacle | undefined; units: JudgedUnit[]; dependents: JudgedUnit[] }>();
  for (const unit of bad) {
    const root = rootOf(unit, byName);
    const obstacle = root.outcome.obstacles[0];
    const key = obstacle === undefined ? `unit ${root.name}` : `${kindOf(obstacle)} ${obstacle.subject}`;
    const group = groups.get(key) ?? { obstacle, units: [], dependents: [] };
    groups.set(key, group);
    (root === unit ? group.units : group.dependents).push(unit);
  }
  const failing = ({ units, dependents }: CauseGroup) =>
    [...units, ...dependents].filter(({ state }) => state === 'fails').length;
  const rank = (group: CauseGroup) => (group.units.some(({ state }) => state === 'gone') ? 0 : 1);
  return [...groups.values()].sort(
    (a, b) => failing(b) - failing(a) || rank(a) - rank(b) || compareBytes(firstName(a), firstName(b)),
  );
}

function firstName({ units, dependents }: CauseGroup): string {
  return units[0]?.name ?? dependents[0]?.name ?? '';
}

/** User and group of one name are lost by one cause. */
function kindOf(obstacle: Obstacle): string {
  const { subject } = wordsOf(obstacle);
  return subject === 'group' ? 'user' : subject;
}

/** The unit at the end of a chain of failures; a chain that ends nowhere, or in a circle, ends at its last known unit. */
function rootOf(unit: JudgedUnit, byName: ReadonlyMap<string, JudgedUnit>): JudgedUnit {
  const named = unit.outcome.rootUnit === undefined ? undefined : byName.get(unit.outcome.rootUnit);
  if (named !== undefined) return named;
  const seen = new Set<JudgedUnit>();
  let at = unit;
  while (!seen.has(at)) {
    seen.add(at);
    const name = becauseOf(at);
    const next = name === undefined ? undefined : byName.get(name);
    if (next === undefined) break;
    at = next;
  }
  return at;
}

/** The unit whose failure takes this one with it, whether by a dependency or because its program needs the other one. */
export function becauseOf({ outcome }: JudgedUnit): string | undefined {
  if (outcome.becauseOf !== undefined) return outcome.becauseOf;
  const obstacle = outcome.obstacles[0];
  return obstacle !== undefined && /-failed$/.test(obstacle.code) ? obstacle.subject : undefined;
}

/** One line: why a unit does not start, from its first obstacle or its condition. */
export function reasonOf(unit: JudgedUnit): string {
  const { outcome, state } = unit;
  const obstacle = outcome.obstacles[0];
  if (outcome.becauseOf !== undefined && state === 'fails') {
    // What is missing altogether does not fail.
    return obstacle?.subject === outcome.becauseOf
      ? wordsOf(obstacle).short(outcome.becauseOf)
      : `${outcome.becauseOf} fails`;
  }
  if (obstacle !== undefined) {
    const notes = [obstacle.result, obstacle.confidence === 'likely' ? 'likely' : undefined].filter(
      (note) => note !== undefined,
    );
    return `${wordsOf(obstacle).short(obstacle.subject)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
  }
  const { condition } = outcome;
  if (condition?.text !== undefined) return condition.text;
  if (condition?.reason !== undefined) return condition.reason;
  return state === 'gone' ? 'nothing pulls it in any more' : '';
}

/** Adds to a list in a map. */
export function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

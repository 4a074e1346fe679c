/** Findings about units that will not start: one way to say what fails, who suffers, and how sure it is. */

import type { Obstacle, ObstacleCode } from '../boot/start/obstacle.ts';
import type { UnitOutcome } from '../boot/start/unit-outcome.ts';
import type { RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** An obstacle with the unit that meets it. */
export interface MetObstacle {
  readonly outcome: UnitOutcome;
  readonly obstacle: Obstacle;
}

/** The obstacles with one of the codes that units meet themselves; what another unit's failure brings them is left out. */
export function* metObstacles(context: RuleContext, codes: readonly ObstacleCode[]): Generator<MetObstacle> {
  for (const outcome of context.simulation.units.outcomes) {
    if (outcome.becauseOf !== undefined) continue;
    for (const obstacle of outcome.obstacles) if (codes.includes(obstacle.code)) yield { outcome, obstacle };
  }
}

/**
 * A finding about an obstacle. A unit that the boot starts makes it an error if it is certain, a warning if it is likely; one
 * that only something else starts later, a warning; one that nothing starts, a note.
 */
export function obstacleFinding(
  { outcome, obstacle }: MetObstacle,
  extra: Partial<RuleFinding> = {},
): RuleFinding & {
  readonly consequence: string;
} {
  const { unit } = outcome;
  const isLikely = obstacle.confidence === 'likely' || outcome.confidence === 'likely';
  const isStarted = outcome.outcome === 'failed' || outcome.outcome === 'skipped';
  return {
    message: lowerFirst(obstacle.message),
    place: obstacle.place,
    confidence: isLikely ? 'likely' : 'certain',
    severity: isStarted ? (isLikely ? 'warning' : 'error') : outcome.activatedBy.length > 0 ? 'warning' : 'info',
    affects: [unit.name],
    related: obstacle.chain,
    subject: `${unit.name} ${obstacle.subject}`,
    ...extra,
    consequence: extra.consequence ?? whatHappens(outcome, obstacle),
  };
}

/** The units that go down with a unit. */
export function dependentsOf(unit: string, context: RuleContext): readonly string[] {
  return context.simulation.units.outcomes
    .filter(({ rootUnit, outcome }) => rootUnit === unit && outcome !== 'idle' && outcome !== 'unloaded')
    .map((outcome) => outcome.unit.name);
}

/** The finding with the units that go down with its own added to those that it hits. */
export function withDependents(finding: RuleFinding, unit: string, context: RuleContext): RuleFinding {
  const dependents = dependentsOf(unit, context);
  if (dependents.length === 0) return finding;
  return {
    ...finding,
    affects: [...(finding.affects ?? []), ...dependents],
    consequence: `${finding.consequence ?? `${unit} fails`}; ${joined(dependents)} ${dependents.length === 1 ? 'goes' : 'go'} down with it`,
  };
}

/** A finding for each obstacle with one of the codes. */
export function* obstacleFindings(
  context: RuleContext,
  codes: readonly ObstacleCode[],
  extra: (met: MetObstacle) => Partial<RuleFinding> | undefined = () => ({}),
): Generator<RuleFinding> {
  for (const met of metObstacles(context, codes)) {
    const more = extra(met);
    if (more !== undefined) yield withDependents(obstacleFinding(met, more), met.outcome.unit.name, context);
  }
}

function whatHappens(outcome: UnitOutcome, obstacle: Obstacle): string {
  const { unit, activatedBy } = outcome;
  const what = obstacle.result === undefined ? 'fails' : `fails with ${obstacle.result}`;
  if (outcome.outcome === 'failed') {
    const [first] = outcome.obstacles;
    if (first !== undefined && first !== obstacle)
      return `${unit.name} fails for another reason first, then for this one`;
    return `${unit.name} ${what}`;
  }
  if (outcome.outcome === 'skipped') return `${unit.name} is skipped`;
  if (activatedBy.length > 0) return `${unit.name} ${what} when ${joined(activatedBy)} starts it`;
  return `${unit.name} ${what} if something starts it`;
}

/** `a`, `a and b`, `a, b and c`; more than four are counted. */
export function joined(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : [...names];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

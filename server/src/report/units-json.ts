/** The field `units` of the JSON, as docs/contract describes it. */

import type { UnitOutcome } from '../core/boot/start/unit-outcome.ts';
import type { Place } from '../core/problems/problem.ts';

/** Units that anything loads, or that fail or are skipped when started; the order is kept. */
export function unitsToJson(units: readonly UnitOutcome[]): object[] {
  return units.filter(isListed).map((outcome) => {
    const [first] = outcome.obstacles;
    const causes = [...new Set(outcome.obstacles.map(({ cause }) => cause))];
    return {
      unit: outcome.unit.name,
      outcome: outcome.outcome,
      whenStarted: outcome.whenStarted,
      confidence: outcome.confidence,
      ...(first === undefined ? {} : { cause: first.cause, causes }),
      ...(first?.result === undefined ? {} : { result: first.result }),
      pulledInBy: outcome.pulledInBy,
      activatedBy: outcome.activatedBy,
      ...(outcome.becauseOf === undefined ? {} : { becauseOf: outcome.becauseOf }),
      ...(outcome.rootUnit === undefined ? {} : { rootUnit: outcome.rootUnit }),
      evidence: evidenceOf(outcome),
    };
  });
}

/** A unit file that nothing loads is listed only if it would not start. */
function isListed({ outcome, whenStarted }: UnitOutcome): boolean {
  return outcome !== 'unloaded' || whenStarted === 'failed' || whenStarted === 'skipped';
}

function evidenceOf({ obstacles, condition }: UnitOutcome): object[] {
  const evidence: object[] = [];
  const add = (place: Place, message: string) =>
    evidence.push({ file: place.file, ...(place.line === undefined ? {} : { line: place.line }), message });
  if (condition?.place !== undefined && condition.value !== 'true') {
    add(condition.place, [condition.text, condition.reason].filter((part) => part !== undefined).join(': '));
  }
  for (const { place, message, chain } of obstacles) {
    add(place, message);
    for (const step of chain) add(step, step.message);
  }
  return evidence;
}

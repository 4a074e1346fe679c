/** What a report is made of. */

import type { DetectedSystemd } from '../../core/boot/detect-systemd.ts';
import type { SimulationResult } from '../../core/boot/simulate.ts';
import type { UnitOutcome } from '../../core/boot/start/unit-outcome.ts';
import type { CheckResult } from '../../core/rules/check.ts';
import type { Tree } from '../../core/tree/tree.ts';

export interface ReportInput {
  readonly simulation: SimulationResult;
  /** As it stands when all units have started. */
  readonly tree: Tree;
  readonly units: readonly UnitOutcome[];
  /** The units of the start jobs in the order in which they run. */
  readonly order: readonly string[];
  readonly findings: CheckResult;
  readonly systemd: DetectedSystemd;
  /** Outcomes of the same image booted as it is (`--volatile=no`), to tell what is new and what is lost. */
  readonly today?: readonly UnitOutcome[];
}

/**
 * Works off the start transaction: the phases run at the jobs of their services, every other job is judged on the tree of its
 * moment, and failures spread to the units that depend on them. Afterwards every unit that is loaded or can be activated is
 * asked what would happen if it were started later.
 */

import type { Image } from '../image/image.ts';
import { findNeededServices } from '../programs/needed-services.ts';
import { openProgramView, type ProgramView, viewAt } from '../programs/program-view.ts';
import { compareBytes } from '../text/bytes.ts';
import type { Tree } from '../tree/tree.ts';
import { findActivators } from '../units/activation.ts';
import { UnitStore } from '../units/load-units.ts';
import { serviceType } from '../units/service-type.ts';
import type { Dependency, Unit } from '../units/unit.ts';
import type { BootInputs } from './boot-inputs.ts';
import { type ConditionContext, evaluateConditions } from './conditions/evaluate-conditions.ts';
import { mountedUnits } from './mounted-units.ts';
import type { VolatileMode } from './skeleton.ts';
import type { Obstacle } from './start/obstacle.ts';
import { programObstacles } from './start/program-obstacles.ts';
import { givesUpAfterRestarts } from './start/restart.ts';
import { type StartContext, startContext } from './start/start-context.ts';
import { applyStart, finishedOutcome, judgeStart } from './start/start-unit.ts';
import { SystemAccounts } from './start/system-accounts.ts';
import type { ConditionVerdict, Outcome, UnitOutcome, WhenStarted } from './start/unit-outcome.ts';
import { type Job, planTransaction, type Transaction } from './transaction/plan-transaction.ts';

/** A phase that the job of a service runs. */
export interface BootPhase {
  readonly unit: string;
  run(): void;
  /** The service is there but does not run: masked, not pulled in, or its conditions are not met. */
  skip(reason: string): void;
}

export interface UnitsBoot {
  readonly tree: Tree;
  readonly image: Image;
  readonly inputs: BootInputs;
  readonly isFirstBoot: boolean;
  readonly volatile: VolatileMode;
  readonly until: SimulatedUntil;
}

/**
 * How far a boot is simulated. `tmpfiles`: to the end of the phases, with what starts before them; the tree is the same, and of
 * the later units nothing is said. `units`: to the end of the start transaction, and what could be started afterwards.
 */
export type SimulatedUntil = 'tmpfiles' | 'units';

export interface UnitsRun {
  /** With all units of `outcomes`. */
  readonly store: UnitStore;
  readonly transaction: Transaction;
  /**
   * Sorted by name: everything that is loaded, and what can be activated. What would become of units that the boot does not
   * start is found out when this is first asked for; the trees do not depend on it.
   */
  readonly outcomes: readonly UnitOutcome[];
  /** As the tree stands when all jobs are done. */
  readonly finalTree: Tree;
}

/** A phase whose service the image lacks runs before this target, behind which everything finds /etc and /var rebuilt. */
const PHASES_DONE = 'sysinit.target';
/** Writes the stamps that ConditionNeedsUpdate= asks for. */
const STAMPING = 'systemd-update-done.service';

/** Runs the units of a boot. The boot's tree changes only up to the last phase; what later starts make is in `finalTree`. */
export function runUnits(boot: UnitsBoot, phases: readonly BootPhase[]): UnitsRun {
  const { tree, image, inputs } = boot;
  const store = new UnitStore(tree, inputs, { embeddedPaths: (program) => image.embeddedPaths?.(program) });
  const target = inputs.environment.target ?? 'default.target';
  const transaction = planBoot(store, target);
  const runner = new UnitsRunner(boot, store, transaction);
  runner.runJobs(phases);
  let outcomes: readonly UnitOutcome[] | undefined;
  const settle = () => {
    if (outcomes !== undefined) return outcomes;
    if (boot.until === 'units') {
      runner.spreadToTriggers();
      runner.askIdleUnits();
    }
    outcomes = runner.outcomes();
    return outcomes;
  };
  return {
    get store() {
      settle();
      return store;
    },
    transaction,
    get outcomes() {
      return settle();
    },
    finalTree: runner.tree,
  };
}

/** Where PID 1 goes if the target that it should boot into cannot be started (systemd(1)). */
const FALLBACK = 'rescue.target';

function planBoot(store: UnitStore, target: string): Transaction {
  store.loadAll(target);
  const transaction = planTransaction(store, target);
  // A target that was asked for is not replaced: whoever asked is told.
  if (transaction.failure === undefined || store.inputs.environment.target !== undefined) return transaction;
  store.loadAll(FALLBACK);
  const rescue = planTransaction(store, FALLBACK);
  return rescue.failure === undefined ? { ...rescue, failure: transaction.failure } : transaction;
}

/** What has become of a unit so far. */
interface State {
  readonly outcome: Outcome;
  readonly whenStarted: WhenStarted;
  readonly confidence: 'certain' | 'likely';
  readonly obstacles: readonly Obstacle[];
  readonly condition?: ConditionVerdict;
  readonly becauseOf?: string;
  readonly rootUnit?: string;
  /** True if its start job failed, so that units that require it and wait for it are refused. */
  readonly failsJob?: boolean;
}

/** What starts are judged by at one point of the boot. */
interface Moment {
  readonly tree: Tree;
  readonly start: StartContext;
  readonly conditions: ConditionContext;
  readonly programs: ProgramView;
}

/** Dependencies that keep a unit from starting when the other one has failed. */
const requiring: ReadonlySet<Dependency['kind']> = new Set(['Requires', 'BindsTo', 'Requisite']);

class UnitsRunner {
  readonly #boot: UnitsBoot;
  readonly #store: UnitStore;
  readonly #transaction: Transaction;
  readonly #states = new Map<Unit, State>();
  readonly #activatedBy = new Map<Unit, Set<string>>();
  #isAsking = false;
  /** Units that started before the phases had run. */
  readonly #early: Unit[] = [];
  /** Units that surely come after the stamps of systemd-update-done.service. */
  readonly #afterStamps = new Set<Unit>();
  /** What the boot itself loads; the rest is only asked what would happen. */
  readonly #isLoaded = new Set<Unit>();
  #moment: Moment;

  constructor(boot: UnitsBoot, store: UnitStore, transaction: Transaction) {
    this.#boot = boot;
    this.#store = store;
    this.#transaction = transaction;
    const { tree, image, inputs } = boot;
    const isPartial = image.completeness === 'partial';
    this.#moment = {
      tree,
      start: startContext({ tree, image, inputs, findUnit: (name) => this.#findUnit(name) }),
      conditions: { tree, inputs, isFirstBoot: boot.isFirstBoot, isPartial, mountPoints: mountPoints(boot) },
      programs: openProgramView(image, inputs, tree),
    };
  }

  /** The tree of the moment. */
  get tree(): Tree {
    return this.#moment.tree;
  }

  /** All start jobs in their order, the phases at their place. */
  runJobs(phases: readonly BootPhase[]): void {
    for (const name of mountedUnits(this.#boot.inputs, this.#boot.volatile)) {
      const state: State = { outcome: 'active', whenStarted: 'active', confidence: 'certain', obstacles: [] };
      this.#states.set(this.#store.load(name), state);
    }
    const pending = new Map(phases.map((phase) => [phase.unit, phase]));
    // A service that is not among the jobs does not run its phase; without any such unit the image does not say, and it runs.
    for (const phase of phases) {
      const unit = this.#store.read(phase.unit);
      if (unit.loadState === 'not-found' || this.#transaction.jobs.has(unit)) continue;
      pending.delete(phase.unit);
      phase.skip(unit.loadState === 'masked' ? `${phase.unit} is masked` : `nothing starts ${phase.unit}`);
    }
    if (pending.size === 0) this.#enterFinalTree();
    for (const job of this.#transaction.order) {
      if (this.#boot.until === 'tmpfiles' && pending.size === 0) return;
      if (job.unit.names.includes(PHASES_DONE)) this.#runPhases(pending);
      if (this.#states.has(job.unit)) continue;
      const phase = pending.get(job.unit.name);
      if (phase === undefined) {
        this.#runJob(job);
        continue;
      }
      pending.delete(phase.unit);
      this.#runPhaseJob(job.unit, phase);
      if (pending.size === 0) this.#enterFinalTree();
    }
    this.#runPhases(pending);
  }

  #runPhases(pending: Map<string, BootPhase>): void {
    if (pending.size === 0) return;
    for (const phase of pending.values()) phase.run();
    pending.clear();
    this.#enterFinalTree();
  }

  #runPhaseJob(unit: Unit, phase: BootPhase): void {
    const verdict = evaluateConditions(unit, this.#moment.conditions);
    if (verdict.value === 'false' || (verdict.value === 'unknown' && verdict.usual === 'false')) {
      phase.skip(verdict.reason ?? verdict.text ?? 'a condition is not met');
      this.#states.set(unit, { ...skippedState(verdict) });
      return;
    }
    phase.run();
    this.#changeMoment(this.#moment.tree);
    this.#runStart(unit, verdict);
  }

  /** From here on the boot's tree stays as it is. */
  #enterFinalTree(): void {
    if (this.#moment.tree !== this.#boot.tree || this.#boot.until === 'tmpfiles') return;
    this.#changeMoment(this.#boot.tree.fork());
    this.#askEarlyPrograms();
  }

  #changeMoment(tree: Tree): void {
    const { start, conditions, programs } = this.#moment;
    this.#moment = {
      tree,
      start: { ...start, tree, accounts: new SystemAccounts(tree, this.#boot.inputs) },
      conditions: { ...conditions, tree },
      programs: viewAt(programs, tree),
    };
  }

  #runJob(job: Job): void {
    const { unit } = job;
    const refused = this.#refusal(job);
    if (refused !== undefined) {
      this.#states.set(unit, refused);
      return;
    }
    const isStamped = this.#comesAfterStamps(job);
    const verdict = evaluateConditions(unit, { ...this.#moment.conditions, isStamped });
    if (verdict.value === 'false' && verdict.isAssert && mayBeMadeByThen(job, verdict)) {
      const condition: ConditionVerdict = { ...verdict, value: 'unknown' };
      this.#states.set(unit, {
        outcome: 'unknown',
        whenStarted: 'unknown',
        confidence: 'likely',
        obstacles: [],
        condition,
      });
      return;
    }
    if (verdict.value === 'false') {
      this.#states.set(unit, verdict.isAssert ? assertState(verdict) : skippedState(verdict));
      return;
    }
    if (verdict.value === 'unknown' && verdict.usual !== 'true') {
      const whenStarted = verdict.usual === 'false' ? 'skipped' : 'unknown';
      const outcome = verdict.usual === 'false' ? 'skipped' : 'unknown';
      this.#states.set(unit, { outcome, whenStarted, confidence: 'likely', obstacles: [], condition: verdict });
      return;
    }
    this.#runStart(unit, verdict);
  }

  /** Without an order between them it is a race, and the condition is taken to be asked first. */
  #comesAfterStamps({ unit, waitsFor }: Job): boolean {
    const isAfter = waitsFor.some(
      (other) =>
        this.#afterStamps.has(other) ||
        (other.name === STAMPING && this.#states.get(other)?.outcome === finishedOutcome(other)),
    );
    if (isAfter) this.#afterStamps.add(unit);
    return isAfter;
  }

  #runStart(unit: Unit, verdict: ConditionVerdict): void {
    const state = this.#judge(unit, verdict);
    this.#states.set(unit, state);
    if (state.outcome !== 'skipped') applyStart(unit, this.#moment.start);
  }

  /** The manager's obstacles, then the program's, on the tree of the moment. */
  #judge(unit: Unit, verdict: ConditionVerdict): State {
    const judged = judgeStart(unit, this.#moment.start);
    const condition = verdict.value === 'true' ? {} : { condition: verdict };
    if (judged.kind === 'skipped') {
      const confidence = judged.obstacles[0]?.confidence ?? 'likely';
      return { outcome: 'skipped', whenStarted: 'skipped', confidence, obstacles: judged.obstacles, ...condition };
    }
    const obstacles = [...judged.obstacles, ...this.#programObstacles(unit)];
    const [first] = obstacles;
    if (first === undefined) {
      if (unit.isIncomplete) {
        return { outcome: 'unknown', whenStarted: 'unknown', confidence: 'likely', obstacles, ...condition };
      }
      const outcome = finishedOutcome(unit);
      return { outcome, whenStarted: 'active', confidence: 'certain', obstacles, ...condition };
    }
    const failsJob = judged.kind === 'fails' ? judged.failsJob : !isUnattended(unit);
    const confidence = verdict.value === 'true' ? first.confidence : 'likely';
    return { outcome: 'failed', whenStarted: 'failed', confidence, obstacles, failsJob, ...condition };
  }

  /**
   * What the unit's own programs will miss. It is an inference, too coarse for the half-made tree before the phases: those
   * units are asked again afterwards. What nothing starts is not asked at all.
   */
  #programObstacles(unit: Unit): readonly Obstacle[] {
    const isReachable = !this.#isAsking || this.#isLoaded.has(unit) || this.#activatedBy.has(unit);
    if (!isReachable) return [];
    if (this.#moment.tree === this.#boot.tree) {
      this.#early.push(unit);
      return [];
    }
    return [...programObstacles(unit, this.#moment.programs), ...this.#neededServices(unit)];
  }

  /** Services that have failed and that the unit, as far as one can tell, only accompanies. */
  #neededServices(unit: Unit): readonly Obstacle[] {
    return findNeededServices(unit, this.#moment.programs, (name) => this.#store.find(name)).flatMap((needed) => {
      const other = this.#store.find(needed.unit);
      const state = other === undefined ? undefined : this.#states.get(other);
      if (state === undefined || !failedOutcomes.has(state.outcome)) return [];
      return [
        {
          code: 'needed-service-failed' as const,
          cause: 'dependency' as const,
          confidence: 'likely' as const,
          place: needed.place,
          message: `${needed.unit} fails, and this unit can hardly do without it`,
          subject: needed.unit,
          chain: needed.chain,
        },
      ];
    });
  }

  /** The programs of the units that started before the phases, on what the phases have made. */
  #askEarlyPrograms(): void {
    const early = this.#early.splice(0);
    for (const unit of early) {
      const state = this.#states.get(unit);
      if (state?.outcome !== 'active' && state?.outcome !== 'ran') continue;
      const obstacles = this.#programObstacles(unit);
      if (obstacles.length === 0) continue;
      this.#states.set(unit, {
        outcome: 'failed',
        whenStarted: 'failed',
        confidence: 'likely',
        obstacles,
        failsJob: !isUnattended(unit),
      });
    }
  }

  /** Why a job is not even tried: a unit that it requires is missing, or has failed before it. */
  #refusal(job: Job): State | undefined {
    const { unit } = job;
    for (const dependency of unit.dependencies) {
      if (!requiring.has(dependency.kind)) continue;
      const target = this.#store.find(dependency.target) ?? this.#store.load(dependency.target);
      // The transaction has judged by what can be loaded; a job that it keeps in spite of that (before 254) is run.
      const isKept = !isLoadable(target) && dependency.kind !== 'BindsTo';
      if (target === unit || isKept) continue;
      const found = this.#requirementFailure(unit, target, dependency);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #requirementFailure(unit: Unit, target: Unit, dependency: Dependency): State | undefined {
    if (!isLoadable(target)) {
      // What a partial image or a generator does not show may exist all the same.
      const isSure = !this.#moment.start.isPartial && this.#store.unknownGenerators.length === 0;
      return this.#refusedState(target, dependency, isSure ? 'certain' : 'likely', {
        code: 'required-unit-missing',
        message: `${target.name} is required and ${target.loadState === 'masked' ? 'masked' : 'does not exist'}`,
      });
    }
    const state = this.#states.get(target);
    // What is bound to a unit and waits for it starts only if that unit is active then (systemd.unit(5), BindsTo=).
    if (dependency.kind === 'BindsTo' && state !== undefined && inactiveOutcomes.has(state.outcome)) {
      if (!this.#store.hasDependency(unit, 'After', target)) return undefined;
      return this.#refusedState(target, dependency, state.confidence, {
        code: 'required-unit-failed',
        message: `${target.name}, which it is bound to, is not active`,
      });
    }
    if (state === undefined || state.failsJob !== true) return undefined;
    const waits = this.#store.hasDependency(unit, 'After', target) || this.#store.hasDependency(target, 'Before', unit);
    if (!waits && dependency.kind !== 'Requisite') return undefined;
    return this.#refusedState(target, dependency, state.confidence, {
      code: 'required-unit-failed',
      message: `${target.name}, which it requires, fails`,
    });
  }

  #refusedState(
    target: Unit,
    dependency: Dependency,
    confidence: 'certain' | 'likely',
    what: Pick<Obstacle, 'code' | 'message'>,
  ): State {
    const before = this.#states.get(target);
    const obstacle: Obstacle = {
      ...what,
      cause: 'dependency',
      result: 'dependency',
      confidence,
      place: dependency.place,
      subject: target.name,
      chain: [],
    };
    return {
      outcome: 'dep-failed',
      whenStarted: 'failed',
      confidence,
      obstacles: [obstacle, ...(before?.obstacles ?? [])],
      becauseOf: target.name,
      rootUnit: before?.rootUnit ?? target.name,
      failsJob: true,
    };
  }

  /**
   * A service that gives up after its restarts takes the sockets and paths that start it along: they fail with
   * `service-start-limit-hit` (systemd.socket(5) and systemd.path(5) share this behaviour of the manager).
   */
  spreadToTriggers(): void {
    for (const unit of this.#store.loaded) {
      if (unit.type !== 'socket' && unit.type !== 'path') continue;
      const state = this.#states.get(unit);
      if (state?.outcome !== 'active') continue;
      for (const dependency of unit.dependencies) {
        if (dependency.kind !== 'Triggers') continue;
        const service = this.#store.find(dependency.target);
        const failed = service === undefined ? undefined : this.#states.get(service);
        if (service === undefined || failed?.outcome !== 'failed') continue;
        if (!givesUpAfterRestarts(service, failed.obstacles[0])) continue;
        const obstacle: Obstacle = {
          code: 'activated-service-failed',
          cause: 'activated-service-failed',
          result: unit.type === 'socket' ? 'service-start-limit-hit' : 'unit-start-limit-hit',
          confidence: 'likely',
          place: dependency.place,
          message: `${service.name}, which it starts, fails again and again until it meets its start limit`,
          subject: service.name,
          chain: [],
        };
        this.#states.set(unit, {
          outcome: 'failed',
          whenStarted: 'failed',
          confidence: 'likely',
          obstacles: [obstacle, ...failed.obstacles],
          becauseOf: service.name,
          rootUnit: failed.rootUnit ?? service.name,
        });
      }
    }
  }

  /** What would happen to the units that the boot does not start, if something started them now. */
  askIdleUnits(): void {
    this.#isAsking = true;
    // ConditionFirstBoot= is met while the system starts up, not afterwards.
    this.#moment = { ...this.#moment, conditions: { ...this.#moment.conditions, isFirstBoot: false } };
    const loaded = [...this.#store.loaded];
    for (const unit of loaded) this.#isLoaded.add(unit);
    for (const [name, sources] of findActivators(this.#store)) {
      const unit = this.#store.load(name);
      this.#activatedBy.set(unit, new Set(sources));
      this.#later(unit, new Set());
    }
    for (const unit of loaded) this.#later(unit, new Set());
    for (const name of [...this.#store.fileNames].sort(compareBytes)) {
      if (templateName.test(name)) continue;
      const unit = this.#store.load(name);
      if (unit.name === name) this.#later(unit, new Set());
    }
  }

  /** The state of a unit, found out by starting it now, with what it requires, if the boot has not started it. */
  #later(unit: Unit, asking: Set<Unit>): State {
    const known = this.#states.get(unit);
    if (known !== undefined) return known;
    if (unit.loadState === 'not-found') return this.#remember(unit, idleState('absent', 'unknown'));
    if (unit.loadState === 'masked') return this.#remember(unit, idleState('masked', 'failed'));
    if (asking.has(unit)) return idleState('idle', 'unknown');
    asking.add(unit);
    for (const dependency of unit.dependencies) {
      if (!requiring.has(dependency.kind)) continue;
      const target = this.#store.find(dependency.target) ?? this.#store.load(dependency.target);
      if (target === unit) continue;
      this.#later(target, asking);
      const found = this.#requirementFailure(unit, target, dependency);
      if (found !== undefined) return this.#remember(unit, { ...found, outcome: 'idle' });
    }
    const verdict = evaluateConditions(unit, this.#moment.conditions);
    const isSkipped = verdict.value === 'false' || (verdict.value === 'unknown' && verdict.usual === 'false');
    if (isSkipped && !verdict.isAssert) return this.#remember(unit, { ...skippedState(verdict), outcome: 'idle' });
    if (isSkipped) return this.#remember(unit, { ...assertState(verdict), outcome: 'idle' });
    const judged = this.#judge(unit, verdict);
    const isOpen = verdict.value === 'unknown' && verdict.usual === undefined && judged.outcome !== 'failed';
    return this.#remember(unit, {
      ...judged,
      outcome: 'idle',
      whenStarted: isOpen ? 'unknown' : judged.whenStarted,
    });
  }

  #remember(unit: Unit, state: State): State {
    this.#states.set(unit, state);
    return state;
  }

  outcomes(): readonly UnitOutcome[] {
    const outcomes: UnitOutcome[] = [];
    for (const [unit, state] of this.#states) {
      const isLoaded = this.#isLoaded.has(unit);
      if (!isLoaded && state.outcome !== 'idle') continue;
      const job = this.#transaction.jobs.get(unit);
      outcomes.push({
        unit,
        ...state,
        outcome: isLoaded ? state.outcome : 'unloaded',
        pulledInBy: sortedNames(job?.pulledInBy.map((pull) => pull.unit.name) ?? []),
        activatedBy: sortedNames(this.#activatedBy.get(unit) ?? []),
      });
    }
    return outcomes.sort((a, b) => compareBytes(a.unit.name, b.unit.name));
  }

  #findUnit(name: string): Unit | undefined {
    return this.#store.find(name) ?? this.#store.load(name);
  }
}

/** PID 1 mounts a transient machine id over the file where it cannot or may not be written yet (machine-id(5)). */
function mountPoints({ tree, isFirstBoot }: UnitsBoot): ReadonlySet<string> {
  const isTransient = isFirstBoot || tree.lookup('/etc/machine-id')?.size === 0;
  return new Set(isTransient ? ['/etc/machine-id'] : []);
}

function isLoadable({ loadState }: Unit): boolean {
  return loadState !== 'not-found' && loadState !== 'masked';
}

/** What an assertion misses below /run may be made by the program of a service that is waited for. */
function mayBeMadeByThen({ waitsFor }: Job, { text = '' }: ConditionVerdict): boolean {
  return /=\|?\/(?:var\/)?run\//.test(text) && waitsFor.some(({ type }) => type === 'service');
}

const failedOutcomes: ReadonlySet<Outcome> = new Set(['failed', 'dep-failed', 'assert-failed']);

/** What a unit bound to another one does not survive; `idle` is no state of a start job. */
const inactiveOutcomes: ReadonlySet<Outcome> = new Set(['skipped', 'dep-failed', 'assert-failed']);

const templateName = /@\.[a-z]+$/;

function sortedNames(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].sort(compareBytes);
}

/** True if nobody waits for the main process, so that its failure comes after the job is done. */
function isUnattended(unit: Unit): boolean {
  return unit.type !== 'service' || ['simple', 'idle'].includes(serviceType(unit));
}

function skippedState(verdict: ConditionVerdict): State {
  return { outcome: 'skipped', whenStarted: 'skipped', confidence: 'certain', obstacles: [], condition: verdict };
}

function assertState(verdict: ConditionVerdict): State {
  return {
    outcome: 'assert-failed',
    whenStarted: 'failed',
    confidence: 'certain',
    obstacles: [],
    condition: verdict,
    failsJob: true,
  };
}

function idleState(outcome: Outcome, whenStarted: WhenStarted): State {
  return { outcome, whenStarted, confidence: 'certain', obstacles: [] };
}

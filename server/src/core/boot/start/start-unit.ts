/**
 * Whether the start of a unit succeeds, and what it makes in the tree (systemd.exec(5); semantics 6.1 and 6.3). The settings
 * are asked in the order in which the manager and its child meet them; judging goes on after the first obstacle, on a fork of
 * the tree, so that everything that is missing is said.
 */

import type { Tree } from '../../tree/tree.ts';
import { serviceType } from '../../units/service-type.ts';
import type { Unit } from '../../units/unit.ts';
import { pathAndAbove } from '../path-facts.ts';
import {
  credentials,
  environmentFiles,
  ipcNamespace,
  networkNamespace,
  openFiles,
  pam,
  standardStreams,
  workingDirectory,
} from './exec-checks.ts';
import { directoryKinds, setUpDirectories } from './exec-directories.ts';
import { resolveIdentity } from './identity.ts';
import { openSockets, socketOwners } from './listen.ts';
import { startAutomount, startMount, startSwap } from './mounts.ts';
import { namespaceView, setUpNamespace } from './namespace.ts';
import type { Obstacle } from './obstacle.ts';
import { checkProgram } from './programs.ts';
import { endsByItself, type StartCommand, startCommands } from './start-commands.ts';
import type { StartContext } from './start-context.ts';
import { startPath, startTimer, triggeredUnitMissing } from './triggers.ts';
import type { Outcome } from './unit-outcome.ts';
import { simplified } from './unit-settings.ts';

export type { StartContext } from './start-context.ts';

/** What becomes of a start job. */
export interface StartResult {
  /** `skipped`: a command of ExecCondition= ends the start; the job succeeds and the unit stays inactive. */
  readonly kind: 'starts' | 'fails' | 'skipped';
  /** The first is what stops it; the others wait behind. Empty with `starts`. */
  readonly obstacles: readonly Obstacle[];
  /**
   * True if the start job itself fails, so that units that require this one are refused. False: the job is done and the
   * unit fails afterwards (Type=simple and idle, whose process is not waited for).
   */
  readonly failsJob: boolean;
}

/** One thing in the way and who meets it. */
interface Met {
  readonly obstacle: Obstacle;
  /** `manager`: it refuses by itself. A command: its child ends with the status. */
  readonly by: 'manager' | StartCommand;
}

/** Judges a start on the context's tree as it is. */
export function judgeStart(unit: Unit, context: StartContext): StartResult {
  const met = runStart(unit, context, context.tree.fork(), false);
  const first = met[0];
  const obstacles = met.map(({ obstacle }) => obstacle);
  if (first === undefined) return { kind: 'starts', obstacles, failsJob: false };
  const isSkipped = first.by !== 'manager' && first.by.key === 'ExecCondition';
  return { kind: isSkipped ? 'skipped' : 'fails', obstacles, failsJob: !isSkipped && failsJob(unit, first, context) };
}

/** What keeps a unit from starting, in the order in which the manager and its child would meet it. */
export function findObstacles(unit: Unit, context: StartContext): readonly Obstacle[] {
  return judgeStart(unit, context).obstacles;
}

/** Makes in the tree what the start of the unit makes, that of a failing one up to where it fails. */
export function applyStart(unit: Unit, context: StartContext): void {
  runStart(unit, context, context.tree, true);
}

/** What a unit is after a start without obstacles, as far as the unit alone tells. */
export function finishedOutcome(unit: Unit): Outcome {
  return endsByItself(unit) ? 'ran' : 'active';
}

/** The process of these is not waited for, so only what runs before or after it can fail the job. */
function failsJob(unit: Unit, first: Met, context: StartContext): boolean {
  if (first.by === 'manager' || unit.type !== 'service') return true;
  if (!['simple', 'idle'].includes(serviceType(unit))) return true;
  if (first.by.key !== 'ExecStart') return true;
  return startCommands(unit, context.inputs.systemd).some(({ key }) => key === 'ExecStartPost');
}

/**
 * Runs a start on a tree. `stops`: end at the first obstacle, as the real start does; otherwise everything is asked. What a
 * prefix `-` forgives is left out of the answer, but ends a real start's command all the same.
 */
function runStart(unit: Unit, context: StartContext, tree: Tree, stops: boolean): readonly Met[] {
  if (unit.loadFailure !== undefined) {
    const { place, message } = unit.loadFailure;
    const what = { code: 'bad-setting', cause: 'bad-setting', result: 'bad-setting', confidence: 'certain' } as const;
    return [{ by: 'manager', obstacle: { ...what, place, message, subject: unit.name, chain: [] } }];
  }
  const byManager = (obstacles: readonly Obstacle[]) => obstacles.map((obstacle): Met => ({ obstacle, by: 'manager' }));
  switch (unit.type) {
    case 'service':
      return runCommands(unit, context, tree, stops);
    case 'socket': {
      const met: Met[] = byManager(triggeredUnitMissing(unit, context));
      if (stops && met.length > 0) return met;
      met.push(...runCommands(unit, context, tree, stops));
      if (stops && met.length > 0) return met;
      met.push(...byManager(openSockets(unit, context, tree)));
      if (stops && met.length > 0) return met;
      return [...met, ...byManager(socketOwners(unit, context))];
    }
    case 'mount':
      return byManager(startMount(unit, context, tree));
    case 'automount':
      return byManager(startAutomount(unit, context, tree));
    case 'swap':
      return byManager(startSwap(unit, context, tree));
    case 'path':
      return byManager(startPath(unit, context, tree));
    case 'timer':
      return byManager(startTimer(unit, context, tree));
    default:
      return [];
  }
}

/** Types that wait for a word of the main process, which a forgiven failure never sends. */
const notifyTypes: ReadonlySet<string> = new Set(['notify', 'notify-reload']);

function runCommands(unit: Unit, context: StartContext, tree: Tree, stops: boolean): readonly Met[] {
  const commands = startCommands(unit, context.inputs.systemd);
  if (commands.length === 0) return [];
  const met: Met[] = [];
  let isStopped = false;
  /** What several commands would meet shows at the first whose failure counts. */
  const meet = (obstacles: readonly Obstacle[], among: readonly StartCommand[]) => {
    if (obstacles.length > 0 && among.length > 0) isStopped = true;
    const by = among.find(({ prefixes }) => !prefixes.ignoreFailure) ?? unheard(unit, among);
    if (by !== undefined) met.push(...obstacles.map((obstacle) => ({ obstacle: inWordsOf(by, obstacle), by })));
  };

  const environment = environmentFiles(unit, context, tree);
  met.push(...environment.map((obstacle): Met => ({ obstacle, by: 'manager' })));
  if (stops && environment.length > 0) return met;

  const { identity, obstacles: accounts } = resolveIdentity(unit, context);
  const asUser = commands.filter(changesUser);
  const steps: (() => void)[] = [
    () => meet(openFiles(unit, context, tree), commands),
    () => meet(accounts, commands),
    () => meet(networkNamespace(unit, context, tree), commands),
    () => meet(standardStreams(unit, context, tree), commands),
    ...directoryKinds.map((kind) => () => meet(setUpDirectories(unit, kind, identity, context, tree), commands)),
    () => meet(credentials(unit, context, tree), commands),
    () => meet(pam(unit, context, tree), asUser),
    () => meet(ipcNamespace(unit, context, tree), commands),
    () => meet(setUpNamespace(unit, context, tree), commands),
  ];
  for (const step of steps) {
    step();
    if (stops && isStopped) return met;
  }

  const view = namespaceView(unit, context, tree);
  // An earlier command that names a program's path, or a directory above it, may make it.
  const namedBefore = new Set<string>();
  for (const command of commands) {
    const obstacle = checkProgram(unit, command, identity, view, context);
    const isNamed = obstacle !== undefined && [...pathAndAbove(obstacle.subject)].some((path) => namedBefore.has(path));
    if (obstacle !== undefined && !isNamed) meet([obstacle], [command]);
    for (const word of command.words) if (/^\/./.test(word)) namedBefore.add(simplified(word));
  }
  const missing = workingDirectory(unit, context, view, identity, true);
  meet(missing, commands);
  if (missing.length === 0) meet(workingDirectory(unit, context, view, identity, false), asUser);
  return met;
}

/** `+` and `!` leave the process with the manager's user; PAM is not asked then. */
function changesUser({ prefixes }: StartCommand): boolean {
  return prefixes.privileges === 'as-set' || prefixes.privileges === 'ambient';
}

/**
 * The main command of a service that has to report itself ready, by a message or a PID file: with `-`, its failure shows as
 * silence.
 */
function unheard(unit: Unit, commands: readonly StartCommand[]): StartCommand | undefined {
  if (unit.type !== 'service') return undefined;
  const type = serviceType(unit);
  const mustReport = notifyTypes.has(type) || (type === 'forking' && unit.last('Service', 'PIDFile') !== undefined);
  return mustReport ? commands.find(({ key }) => key === 'ExecStart') : undefined;
}

function inWordsOf(command: StartCommand, obstacle: Obstacle): Obstacle {
  return command.prefixes.ignoreFailure ? { ...obstacle, result: 'protocol' } : obstacle;
}

/**
 * The proof by `systemd --test`: random units are laid over a real tree, its own systemd says how it loads them and which
 * jobs it would queue, and that is compared with our units, dependencies and transaction of the same files.
 */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { detectSystemd } from '../../src/core/boot/detect-systemd.ts';
import { makeSkeleton } from '../../src/core/boot/skeleton.ts';
import { planTransaction, type Transaction } from '../../src/core/boot/transaction/plan-transaction.ts';
import { layerImages } from '../../src/core/image/layered-image.ts';
import { Tree } from '../../src/core/tree/tree.ts';
import { UnitStore } from '../../src/core/units/load-units.ts';
import type { DependencyKind, Unit } from '../../src/core/units/unit.ts';
import { Systemd } from '../../src/core/versions/systemd.ts';
import { openImage } from '../../src/host/open-image.ts';
import { type GeneratedFile, generateUnits } from './generate-units.ts';
import { type DumpedUnit, runTestMode, type TestModeDump } from './test-mode.ts';

const kinds: readonly DependencyKind[] = [
  'Wants',
  'Requires',
  'Requisite',
  'BindsTo',
  'PartOf',
  'Upholds',
  'Conflicts',
  'After',
  'OnFailure',
  'OnSuccess',
  'Triggers',
];

export async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      units: { type: 'string', default: '150' },
    },
  });
  let passed = 0;
  let failed = 0;
  const first = Number(values.seed ?? Date.now() % 1_000_000);
  for (const base of positionals) {
    for (let round = 0; round < Number(values.rounds); round++) {
      const seed = first + round;
      const { compared, setAside, differences } = await compareRound(base, seed, Number(values.units));
      passed += compared;
      failed += differences.length;
      console.log(`${base} seed ${seed}: ${compared} units, ${differences.length} differences${setAside}`);
      for (const line of differences.slice(0, 30)) console.log(`  ${line}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

interface Round {
  readonly compared: number;
  readonly setAside: string;
  readonly differences: readonly string[];
}

async function compareRound(base: string, seed: number, count: number): Promise<Round> {
  const directory = mkdtempSync(join(tmpdir(), 'units-'));
  try {
    const files = generateUnits(seed, count);
    const upper = join(directory, 'files');
    for (const file of files) writeFile(upper, file);
    const first = runTestMode(base, upper);
    const [above, below] = [
      await openImage(upper, { directoryIs: 'root' }),
      await openImage(base, { directoryIs: 'root' }),
    ];
    if (above.kind === 'failed' || below.kind === 'failed') throw new Error(`${base} cannot be opened`);
    const image = layerImages(above.image, below.image);
    const { version, build } = detectSystemd(new Tree(image.root));
    const inputs: BootInputs = {
      systemd: new Systemd(version, build),
      semantics: 'boot',
      rootPrefix: '',
      machine: { home: '/root', temporary: '/tmp', persistentTemporary: '/var/tmp' },
      credentials: new Map(),
      day: 20_000,
      environment: { container: first.isContainer },
      mayMakeDevices: true,
    };
    const store = new UnitStore(makeSkeleton(image.root, 'no').tree, inputs);
    const plan = planTransaction(store, 'default.target');
    store.load('init.scope');
    let { differences, setAside } = compareRun(store, plan, first);
    // systemd walks its hash tables, whose order changes from run to run: what another run does not show is chance.
    for (let again = 0; again < 4 && differences.length > 0; again++) {
      const other = new Set(compareRun(store, plan, runTestMode(base, upper)).differences);
      const kept = differences.filter((difference) => other.has(difference));
      if (kept.length < differences.length) setAside = `${setAside}, ${differences.length - kept.length} by chance`;
      differences = kept;
    }
    return { compared: first.units.size, setAside, differences };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What one run of the real manager shows otherwise than we say. */
function compareRun(
  store: UnitStore,
  plan: Transaction,
  real: TestModeDump,
): { readonly differences: readonly string[]; readonly setAside: string } {
  const differences = [...real.units.values()].flatMap((unit) => compareUnit(store, unit));
  const isDecided = plan.cycles.length === 0 && plan.conflicts.every((conflict) => conflict.isCertain);
  // Which job of a cycle or conflict goes is chance.
  if (!isDecided) return { setAside: ', jobs set aside', differences };
  const ours = new Set([...plan.jobs.keys()].filter((unit) => !isPerpetual(unit)).map((unit) => unit.name));
  const theirs = new Set(real.jobs.map((name) => store.load(name).name));
  // What a refused unit has queued before it was refused stays, and that is chance, too.
  const leavesJobs = plan.refused.some((refusal) => !refusal.isUnloadable);
  for (const name of theirs) if (!ours.has(name) && !leavesJobs) differences.push(`job of ${name}: only real`);
  const keepsRefused = !store.inputs.systemd.has('transaction-drops-refused-jobs') && leavesJobs;
  for (const name of ours) {
    if (theirs.has(name) || keepsRefused || (leavesJobs && hasConflict(store, name))) continue;
    differences.push(`job of ${name}: only ours`);
  }
  return { setAside: '', differences };
}

/** A unit that a job left behind may exclude. */
function hasConflict(store: UnitStore, name: string): boolean {
  const unit = store.load(name);
  const isOwn = unit.dependencies.some(({ kind, implied }) => kind === 'Conflicts' && implied === undefined);
  return isOwn || store.incoming(unit).some(({ dependency }) => dependency.kind === 'Conflicts');
}

function isPerpetual(unit: Unit): boolean {
  return ['-.slice', 'system.slice', '-.mount', 'init.scope'].includes(unit.name);
}

function writeFile(root: string, file: GeneratedFile): void {
  const path = join(root, file.path);
  mkdirSync(dirname(path), { recursive: true });
  if (file.target === undefined) writeFileSync(path, file.text ?? '');
  else symlinkSync(file.target, path);
}

/** A target comes after what it is a part of if that was loaded before by chance. */
function mayFollowPart(unit: Unit, name: string): boolean {
  return unit.dependencies.some((dependency) => dependency.kind === 'PartOf' && dependency.target === name);
}

function compareUnit(store: UnitStore, real: DumpedUnit): string[] {
  const unit = store.find(real.name);
  // Units that were only looked for leave traces in the real manager until it collects its garbage.
  if (unit === undefined) return real.loadState === 'not-found' ? [] : [`${real.name}: only real, ${real.loadState}`];
  const differences: string[] = [];
  const state = unit.loadState === 'stub' ? 'loaded' : unit.loadState;
  if (state !== real.loadState) differences.push(`${real.name}: ${real.loadState}, ours ${unit.loadState}`);
  for (const kind of kinds) {
    const theirs = new Set((real.dependencies.get(kind) ?? []).map((name) => store.read(name).name));
    const ours = new Set<string>();
    for (const dependency of unit.dependencies) {
      if (dependency.kind === kind) ours.add(store.load(dependency.target).name);
    }
    if (kind === 'After') {
      for (const { source, dependency } of store.incoming(unit))
        if (dependency.kind === 'Before') ours.add(source.name);
    }
    for (const name of theirs) {
      if (ours.has(name) || (kind === 'After' && mayFollowPart(unit, name))) continue;
      differences.push(`${real.name}: ${kind}=${name} only real`);
    }
    for (const name of ours) if (!theirs.has(name)) differences.push(`${real.name}: ${kind}=${name} only ours`);
  }
  return differences;
}

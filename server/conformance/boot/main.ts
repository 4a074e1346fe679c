/**
 * The proof by boot: probes are laid side by side into a real image, the image is booted once with empty /etc and /var, and
 * what the real systemd did with each of them is compared with what we predict from the same files.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { evaluateConditions } from '../../src/core/boot/conditions/evaluate-conditions.ts';
import { detectSystemd } from '../../src/core/boot/detect-systemd.ts';
import { simulate } from '../../src/core/boot/simulate.ts';
import { startContext } from '../../src/core/boot/start/start-context.ts';
import { applyStart, finishedOutcome, judgeStart, type StartResult } from '../../src/core/boot/start/start-unit.ts';
import type { ConditionVerdict } from '../../src/core/boot/start/unit-outcome.ts';
import { listEntries } from '../../src/core/tree/changes.ts';
import { Tree } from '../../src/core/tree/tree.ts';
import type { Unit } from '../../src/core/units/unit.ts';
import { Systemd } from '../../src/core/versions/systemd.ts';
import { openImage } from '../../src/host/open-image.ts';
import { unitLoader } from '../../test/support/load-unit.ts';
import {
  type BootedUnit,
  type BootMode,
  type BootOutcome,
  bootHostName,
  bootWords,
  prepareImage,
  removeImages,
} from './boot-container.ts';
import { statusesOf } from './claims.ts';
import { type Probe, probes, sharedFiles } from './probes.ts';
import { proveRules } from './prove-rules.ts';

interface Prediction {
  readonly unit: Unit;
  readonly condition: ConditionVerdict;
  /** Undefined if the conditions are not met. */
  readonly start: StartResult | undefined;
}

export async function main(script: string): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      /** Keep what the boot left in a file. */
      journal: { type: 'string' },
      /** `yes` or `state`, as systemd-nspawn takes them. */
      volatile: { type: 'string', default: 'yes' },
      verbose: { type: 'boolean', default: false },
      /** Only the probes, or only the examples of the rules. */
      probes: { type: 'boolean', default: false },
      rules: { type: 'boolean', default: false },
    },
  });
  if (!canBoot()) process.exit(1);
  let passed = 0;
  let failed = 0;
  const add = (tally: { readonly passed: number; readonly failed: number }) => {
    passed += tally.passed;
    failed += tally.failed;
  };
  for (const base of positionals) {
    if (!values.rules) add(await proveOn(base, script, values));
    if (!values.probes && values.volatile === 'yes') {
      const { version, build } = await systemdOf(base);
      const { only, verbose } = values;
      const tally = await proveRules(base, script, version, bootedInputs(new Systemd(version, build)), {
        only,
        verbose,
      });
      add(tally);
      console.log(`systemd ${version}: ${tally.rules} rules proved by ${tally.boots} boots`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

/** Says what is missing for a boot. Mounts are made where nobody else sees them, so that none is left behind. */
function canBoot(): boolean {
  if (process.getuid?.() !== 0) {
    console.log('The proof by boot needs root.');
    return false;
  }
  const found = spawnSync('systemd-nspawn', ['--version'], { encoding: 'utf8' });
  if (found.status !== 0) {
    console.log(`systemd-nspawn cannot be run (package systemd-container): ${found.error?.message ?? found.stderr}`);
    return false;
  }
  if (process.env[insideVariable] === undefined) {
    const words = ['--mount', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
    const inside = spawnSync('unshare', words, { stdio: 'inherit', env: { ...process.env, [insideVariable]: '1' } });
    process.exit(inside.status ?? 1);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      removeImages();
      process.exit(1);
    });
  }
  return true;
}

const insideVariable = 'BOOT_PROOF_INSIDE';

async function systemdOf(base: string) {
  const opened = await openImage(base, { directoryIs: 'root' });
  if (opened.kind === 'failed' || !existsSync(join(base, 'usr'))) throw new Error(`${base} is no tree`);
  return detectSystemd(new Tree(opened.image.root));
}

/** The machine that the container is. */
function bootedInputs(systemd: Systemd): BootInputs {
  return {
    systemd,
    semantics: 'boot',
    rootPrefix: '',
    machine: { hostName: bootHostName, home: '/root', temporary: '/tmp', persistentTemporary: '/var/tmp' },
    credentials: new Map(),
    day: Math.floor(Date.now() / 86_400_000),
    environment: { container: true, kernelCommandLine: ['/usr/lib/systemd/systemd', ...bootWords].join(' ') },
    mayMakeDevices: false,
  };
}

async function proveOn(
  base: string,
  script: string,
  options: {
    readonly only?: string | undefined;
    readonly journal?: string | undefined;
    readonly verbose?: boolean;
    readonly volatile?: string;
  },
): Promise<{ readonly passed: number; readonly failed: number }> {
  const { version } = await systemdOf(base);
  const chosen = probes.filter(
    (probe) =>
      (probe.since ?? 0) <= version &&
      version < (probe.until ?? Number.POSITIVE_INFINITY) &&
      (options.only === undefined || new RegExp(options.only).test(probe.unit)),
  );
  const files = sharedFiles + chosen.map((probe) => probe.files).join('');
  const mode = options.volatile === 'state' ? 'state' : 'yes';
  const units = chosen.map(({ unit }) => unit);
  const image = prepareImage(base, { files, script, mode, started: units });
  try {
    const booted = image.boot();
    if ('failure' in booted) {
      console.log(`systemd ${version} did not boot:\n${booted.failure.slice(-2000)}`);
      return { passed: 0, failed: 1 };
    }
    if (options.journal !== undefined) writeFileSync(options.journal, booted.journal);
    return await compare(version, mode, image.root, chosen, booted, options.verbose ?? false);
  } finally {
    image.remove();
  }
}

async function compare(
  version: number,
  mode: BootMode,
  root: string,
  chosen: readonly Probe[],
  booted: BootOutcome,
  verbose: boolean,
) {
  const opened = await openImage(root, { directoryIs: 'root' });
  if (opened.kind === 'failed') throw new Error(opened.message);
  const { build } = detectSystemd(new Tree(opened.image.root));
  const inputs = bootedInputs(new Systemd(version, build));
  const { tree: settled } = simulate(opened.image, mode, inputs);
  const tree = settled.fork();
  const load = unitLoader(tree, inputs);
  const context = startContext({ tree, image: opened.image, inputs, findUnit: load });
  let passed = 0;
  let failed = 0;
  const report = (what: string, differences: readonly string[]) => {
    if (differences.length === 0) passed += 1;
    else failed += 1;
    for (const difference of differences) console.log(`${version} ${what}: ${difference}`);
  };
  // The collector starts them when the boot is over, which ends the first boot for conditions too.
  const conditions = { tree, inputs, isFirstBoot: false, isPartial: false, mountPoints: new Set<string>() };
  for (const { unit: name } of chosen) {
    const unit = load(name);
    const condition = evaluateConditions(unit, conditions);
    const start = condition.value === 'false' ? undefined : judgeStart(unit, context);
    if (start !== undefined) applyStart(unit, context);
    const real = booted.units.get(name);
    report(name, real === undefined ? ['nothing recorded'] : differencesOf({ unit, condition, start }, real));
    if (verbose && real !== undefined) {
      console.log(
        `${version} ${name}: ${start?.kind ?? condition.value} ${start?.obstacles.map(({ result }) => result).join(' ') ?? ''}`,
      );
    }
  }
  report('paths', pathDifferences(tree, booted));
  return { passed, failed };
}

function differencesOf(predicted: Prediction, real: BootedUnit): string[] {
  const { condition, start, unit } = predicted;
  const property = (name: string) => real.properties.get(name) ?? '';
  const seen = `${property('ActiveState')}, Result=${property('Result')}, status ${statusesOf(real).join('/')}, start ${real.startStatus}`;
  const differences: string[] = [];
  const isAssert = condition.isAssert === true;
  const realCondition = property(isAssert ? 'AssertResult' : 'ConditionResult') === 'yes' ? 'true' : 'false';
  if (condition.value === 'unknown') differences.push(`unknown: ${condition.text}, really ${realCondition}`);
  else if (start?.kind === 'skipped' && property('Result') === 'exec-condition') {
    // ExecCondition= counts as a condition then.
    if (realCondition !== 'false') differences.push('the unit does not count as skipped');
  } else if (condition.value !== realCondition) {
    differences.push(`condition ${condition.value} (${condition.reason ?? ''}), really ${realCondition}`);
  }
  if (isAssert && condition.value === 'false' && real.startStatus === 0)
    differences.push('the assertion did not fail the job');
  if (start === undefined) return differences;

  const first = start.obstacles[0];
  const said = `${start.kind} ${start.obstacles.map(({ result, message }) => `${result} ${message}`).join('; ')}`;
  const wrong = (what: string) => differences.push(`${what}: ${said}; really ${seen}`);
  if (start.kind === 'starts') {
    const isActive = property('ActiveState') === 'active';
    if (property('Result') !== 'success' && property('Result') !== '') wrong('result');
    else if (real.startStatus !== 0) wrong('job');
    else if (finishedOutcome(unit) === 'active' && !isActive && unit.type !== 'service') wrong('state');
  } else if (start.kind === 'skipped') {
    if (property('Result') !== 'exec-condition') wrong('not skipped');
  } else {
    const result = first?.result ?? '';
    if (result === 'refused') {
      if (real.startStatus === 0 || property('ActiveState') === 'active') wrong('not refused');
    } else if (property('ActiveState') !== 'failed') wrong('not failed');
    else if (/^\d/.test(result)) {
      const status = Number.parseInt(result, 10);
      if (property('Result') !== 'exit-code') wrong('result');
      else if (unit.type === 'service' && !statusesOf(real).includes(status)) wrong('status');
    } else if (property('Result') !== result) wrong('result');
    if (start.failsJob !== (real.startStatus !== 0)) wrong(`job ${start.failsJob ? 'should fail' : 'should be done'}`);
  }
  return differences;
}

const typeLetters = { file: 'f', directory: 'd', symlink: 'l', socket: 's', fifo: 'p', char: 'c', block: 'b' } as const;

/** What a start made must be there as we say, and what has a probe's name must be made by us too. */
function pathDifferences(tree: Tree, booted: BootOutcome): string[] {
  const differences: string[] = [];
  for (const { path, inode } of listEntries(tree)) {
    if (inode === undefined || !inode.causes.some(({ phase }) => phase === 'start')) continue;
    const real = booted.paths.get(path);
    // What is mounted there hides the mount point.
    if (/-?mount$/.test(path) && real?.type === 'd') continue;
    const described = [
      typeLetters[inode.type],
      inode.type === 'symlink' ? '' : inode.mode?.toString(8),
      inode.uid ?? real?.uid,
      inode.gid ?? real?.gid,
      inode.target ?? '',
    ].join(' ');
    const seen =
      real === undefined
        ? 'not there'
        : [real.type, real.type === 'l' ? '' : real.mode.toString(8), real.uid, real.gid, real.target].join(' ');
    if (described !== seen) differences.push(`${path} is ${described}, really ${seen}`);
  }
  for (const [path, { type }] of booted.paths) {
    if (!/probe/.test(path) || tree.lookup(path, { follow: false }) !== undefined) continue;
    if (/^\/run\/(systemd|credentials)\/|systemd-private-|^\/tmp\//.test(path)) continue;
    differences.push(`${path} (${type}) is really there`);
  }
  return differences;
}

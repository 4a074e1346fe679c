/**
 * Proves the rules' examples by boot: what the real systemd did with the units, paths and accounts of each example is compared
 * with what the rule's row in rule-examples.ts claims and with what the simulation of the same image says, and the rule has to
 * speak about the wrong one and be silent about the right one. Wrong and right have to end differently.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGroup } from '../../src/core/accounts/group.ts';
import { parsePasswd } from '../../src/core/accounts/passwd.ts';
import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { type SimulationResult, simulate } from '../../src/core/boot/simulate.ts';
import type { UnitOutcome } from '../../src/core/boot/start/unit-outcome.ts';
import { check } from '../../src/core/rules/check.ts';
import { decodeText } from '../../src/core/text/bytes.ts';
import { listEntries } from '../../src/core/tree/changes.ts';
import { openImage } from '../../src/host/open-image.ts';
import { type BootOutcome, prepareImage } from './boot-container.ts';
import { realFate, refuteClaim } from './claims.ts';
import { imageOfExample, joinExamples, type RuleExample, ruleExamples, unitsOf } from './lay-examples.ts';
import { type BootedProof, type BootName, type BootSetting, boots } from './rule-examples.ts';

export interface Tally {
  passed: number;
  failed: number;
  rules: number;
  boots: number;
}

interface Proving {
  readonly base: string;
  /** The collector's script. */
  readonly script: string;
  readonly version: number;
  /** The machine that the boot shows. */
  readonly inputs: BootInputs;
  readonly tally: Tally;
  /** What the real boot left of each example, by rule and side, tags taken away. */
  readonly evidence: Map<string, string>;
}

/** Boots the examples on a tree. */
export async function proveRules(
  base: string,
  script: string,
  version: number,
  inputs: BootInputs,
  options: { readonly only?: string | undefined; readonly verbose?: boolean },
): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, rules: 0, boots: 0 };
  const proving: Proving = { base, script, version, inputs, tally, evidence: new Map() };
  const chosen = ruleExamples(version).filter(
    ({ rule }) => options.only === undefined || new RegExp(options.only).test(rule.id),
  );
  tally.rules = new Set(chosen.map(({ rule }) => rule)).size;
  const images = new Map<string, { readonly boot: BootName; readonly examples: RuleExample[] }>();
  for (const example of chosen) {
    const { boot, image } = imageOfExample(example, version);
    const same = images.get(image);
    if (same === undefined) images.set(image, { boot, examples: [example] });
    else same.examples.push(example);
  }
  for (const [name, { boot, examples }] of images) await proveImage(name, boot, examples, proving);
  compareSides(chosen, proving);
  if (options.verbose) for (const [example, text] of proving.evidence) console.log(`${example}:\n${text}\n`);
  return tally;
}

/** Wrong and right have to end differently, unless the row says why not. */
function compareSides(chosen: readonly RuleExample[], { evidence, version, tally }: Proving): void {
  for (const { rule, side, proof } of chosen) {
    const [bad, good] = [evidence.get(`${rule.id} bad`), evidence.get(`${rule.id} good`)];
    if (side === 'good' || bad === undefined || good === undefined || isAlike(proof, version)) continue;
    if (bad !== good) continue;
    tally.failed += 1;
    console.log(`${version} ${rule.id}: wrong and right example ended alike`);
  }
}

function isAlike({ alike }: BootedProof, version: number): boolean {
  return alike !== undefined && version < (alike.until ?? Number.POSITIVE_INFINITY);
}

async function proveImage(
  name: string,
  boot: BootName,
  examples: readonly RuleExample[],
  { base, script, version, inputs, tally, evidence }: Proving,
): Promise<void> {
  const setting: BootSetting = boots[boot];
  const mode = setting.mode ?? 'yes';
  const shipped = (path: string) => {
    const file = join(base, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const image = prepareImage(base, {
    files: `${joinExamples(examples, shipped)}${setting.files ?? ''}`,
    script,
    mode,
    watched: examples.flatMap(unitsOf),
    started: examples.flatMap(({ proof }) => (proof.started === undefined ? [] : [proof.started])).slice(0, 1),
    without: setting.without ?? [],
  });
  tally.boots += 1;
  try {
    const opened = await openImage(image.root, { directoryIs: 'root' });
    if (opened.kind === 'failed') throw new Error(opened.message);
    // Before the boot, which may change an image that is kept.
    const simulation = simulate(opened.image, mode, inputs);
    const { findings, failures } = check(simulation);
    for (const { rule, message } of failures) console.log(`${version} ${rule} threw: ${message}`);
    tally.failed += failures.length;
    const booted = image.boot();
    const failure = 'failure' in booted ? booted.failure : undefined;
    const isRefused = failure !== undefined && /merged|\/usr|symlink/i.test(failure) && !failure.includes('systemd 2');
    if (failure !== undefined && !(setting.isRefused === true && isRefused)) {
      tally.failed += examples.length;
      console.log(
        `${version} the image ${name} with ${examples.length} examples did not boot:\n${failure.slice(-1500)}`,
      );
      return;
    }
    for (const example of examples) {
      const { rule, side } = example;
      const speaks = findings.some(
        (finding) =>
          finding.rule === rule.id &&
          isOwnOf(example)([finding.message, finding.place.file, finding.subject ?? '', ...finding.affects].join(' ')),
      );
      const differences = 'failure' in booted ? [] : differencesOf(example, simulation, booted, version);
      if (setting.isRefused === true && failure === undefined) differences.push('the image is not refused');
      if (speaks !== (side === 'bad')) differences.push(`the rule ${speaks ? 'speaks' : 'is silent'}`);
      if (!('failure' in booted)) evidence.set(`${rule.id} ${side}`, realEvidence(example, booted));
      if (differences.length === 0) tally.passed += 1;
      else tally.failed += 1;
      for (const difference of differences.slice(0, 8)) console.log(`${version} ${rule.id} (${side}): ${difference}`);
    }
  } finally {
    image.remove();
  }
}

function isOwnOf({ tag, proof }: RuleExample): (text: string) => boolean {
  const marks = [tag, ...(proof.names ?? [])];
  return (text) => marks.some((mark) => text.includes(mark));
}

/** The boot against what the row claims, and against the simulation. */
function differencesOf(
  example: RuleExample,
  simulation: SimulationResult,
  booted: BootOutcome,
  version: number,
): string[] {
  const { tag, side, claims, proof } = example;
  const differences: string[] = [];
  for (const claim of claims) {
    if (isAlike(proof, version) && /^(?:no )?log /.test(claim)) continue;
    const truth = refuteClaim(claim, booted);
    if (truth !== undefined) differences.push(`claimed: ${claim}; really ${truth}`);
  }
  if (side === 'good') {
    const failing = unitsOf(example).filter((unit) => {
      const real = booted.units.get(unit);
      return real !== undefined && /^(?:fails|not loaded)$/.test(realFate(real));
    });
    differences.push(...failing.map((unit) => `${unit} is not well`));
  }
  return [
    ...differences,
    ...unitDifferences(unitsOf(example), simulation, booted),
    ...pathDifferences(isOwnOf(example), simulation, booted),
    ...accountDifferences((name) => name.includes(tag), simulation, booted),
  ];
}

function predictedFate(outcome: UnitOutcome | undefined): string {
  switch (outcome?.outcome) {
    case 'active':
    case 'ran':
      return 'starts';
    case 'failed':
      return 'fails';
    case 'skipped':
      return 'skipped';
    case 'masked':
      return 'masked';
    case 'absent':
    case undefined:
      return 'not there';
    case 'unknown':
      return 'unknown';
    default:
      return outcome?.unit.loadFailure === undefined ? 'not started' : 'not loaded';
  }
}

function unitDifferences(units: readonly string[], { units: run }: SimulationResult, booted: BootOutcome): string[] {
  const outcomes = new Map(run.outcomes.flatMap((outcome) => outcome.unit.names.map((name) => [name, outcome])));
  return units.flatMap((name) => {
    const real = booted.units.get(name);
    if (real === undefined) return [];
    const outcome = outcomes.get(name);
    const [theirs, ours] = [realFate(real), predictedFate(outcome)];
    if (theirs !== ours) return [`${name} ${theirs} (${real.properties.get('Result')}), we say: ${ours}`];
    const status = /^\d+/.exec(outcome?.obstacles[0]?.result ?? '')?.[0];
    if (theirs !== 'fails' || status === undefined || outcome?.unit.type !== 'service') return [];
    const statuses = ['ExecStartPre', 'ExecStart', 'ExecMainStatus']
      .map((key) => real.properties.get(key) ?? '')
      .join(' ');
    return statuses.includes(`status=${status}`) || statuses.endsWith(status)
      ? []
      : [`${name}: status ${statuses}, we say ${status}`];
  });
}

const typeLetters = { file: 'f', directory: 'd', symlink: 'l', socket: 's', fifo: 'p', char: 'c', block: 'b' } as const;

/** Paths of the example below /etc, /var, /run and /srv: those that we say are there, with their properties, and no others. */
function pathDifferences(isOwn: (path: string) => boolean, { units }: SimulationResult, booted: BootOutcome): string[] {
  const differences: string[] = [];
  const ours = new Set<string>();
  for (const { path, inode } of listEntries(units.finalTree, '/', { all: false }))
    ours.add(inode === undefined ? '' : path);
  for (const root of ['/etc', '/var', '/run', '/srv']) {
    for (const { path, inode } of listEntries(units.finalTree, root, { all: true })) {
      if (inode === undefined || !isOwn(path) || inode.causes.length === 0) continue;
      const real = booted.paths.get(path);
      if (real === undefined) {
        // Programs may remove or replace what is theirs; a socket of a failed unit goes with it.
        if (inode.type !== 'socket' && inode.type !== 'file') differences.push(`${path} (${inode.type}) is not there`);
      } else if (real.type !== typeLetters[inode.type])
        differences.push(`${path} is ${real.type}, we say ${inode.type}`);
      else if (inode.type === 'symlink') {
        // What directory order decides has no target for us.
        if (inode.target !== undefined && real.target !== inode.target)
          differences.push(`${path} leads to ${real.target}, we say ${inode.target}`);
      } else {
        const isSame = real.mode === inode.mode && real.uid === inode.uid && real.gid === inode.gid;
        const mounted = /mount$/.test(path);
        if (!isSame && !mounted)
          differences.push(
            `${path} is ${real.mode.toString(8)} ${real.uid}:${real.gid}, we say ${inode.mode?.toString(8)} ${inode.uid}:${inode.gid}`,
          );
      }
    }
  }
  return differences;
}

function accountDifferences(
  isOwn: (name: string) => boolean,
  { tree }: SimulationResult,
  booted: BootOutcome,
): string[] {
  const textOf = (path: string) => {
    const content = tree.lookup(path)?.content;
    return content?.kind === 'bytes' ? decodeText(content.bytes) : '';
  };
  const users = (text: string) =>
    parsePasswd(text)
      .entries.filter(({ name }) => isOwn(name))
      .map(({ name, uid, gid, home }) => `user ${name} ${uid}:${gid} ${home}`);
  const groups = (text: string) =>
    parseGroup(text)
      .entries.filter(({ name }) => isOwn(name))
      .map(({ name, gid, members }) => `group ${name} ${gid} ${[...members].sort().join()}`);
  const ours = [...users(textOf('/etc/passwd')), ...groups(textOf('/etc/group'))];
  const theirs = [...users(booted.passwd), ...groups(booted.group)];
  return [
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `${line} is only really there`),
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `${line} is not there`),
  ];
}

/** What an example left, without the names and ids that are only its own, so that both sides can be compared. */
function realEvidence(example: RuleExample, booted: BootOutcome): string {
  const { tag, proof } = example;
  const isOwn = isOwnOf(example);
  const lines = unitsOf(example).map((name) => {
    const real = booted.units.get(name);
    return real === undefined ? '' : `${name} ${realFate(real)} ${real.properties.get('Result')}`;
  });
  for (const [path, { type, mode, uid, gid, target, end }] of booted.paths) {
    const owner = `${uid === 0 ? 'root' : 'other'}:${gid === 0 ? 'root' : 'other'}`;
    if (isOwn(path)) lines.push(`${path} ${type} ${mode.toString(8)} ${owner} ${target} ${end}`);
  }
  for (const { name } of [...parsePasswd(booted.passwd).entries, ...parseGroup(booted.group).entries]) {
    if (name.includes(tag)) lines.push(`account ${name}`);
  }
  if (proof.names?.includes('/etc/machine-id')) lines.push(booted.machineId);
  for (const line of booted.journal.split('\n')) {
    const message = /(?:systemd|tmpfiles|sysusers)[^:]*: (.*)$/.exec(line)?.[1];
    if (message?.includes(tag)) lines.push(message);
  }
  return lines
    .sort()
    .join('\n')
    .replaceAll(tag, '')
    .replace(/\d{4,}/g, 'N');
}

/**
 * Proves the rules' examples by boot: what the real systemd did with the units, paths and accounts of each example is compared
 * with what the simulation of the same image says, and the rule has to speak about the wrong one and be silent about the
 * right one. Whether wrong and right really end differently is told, too.
 */

import { parseGroup } from '../../src/core/accounts/group.ts';
import { parsePasswd } from '../../src/core/accounts/passwd.ts';
import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { type SimulationResult, simulate } from '../../src/core/boot/simulate.ts';
import type { UnitOutcome } from '../../src/core/boot/start/unit-outcome.ts';
import { check } from '../../src/core/rules/check.ts';
import { decodeText } from '../../src/core/text/bytes.ts';
import { listEntries } from '../../src/core/tree/changes.ts';
import { openImage } from '../../src/host/open-image.ts';
import { type BootedUnit, type BootOutcome, prepareImage } from './boot-container.ts';
import { isForVersion, isSharable, joinExamples, type RuleExample, ruleExamples, unitsOf } from './rule-examples.ts';

export interface Tally {
  passed: number;
  failed: number;
  /** Rules whose wrong and right example ended differently in the real boot. */
  readonly visible: Set<string>;
  readonly invisible: Set<string>;
}

/** Boots the examples on a tree. `inputsFor` makes the inputs of an image for the machine that the boot shows. */
export async function proveRules(
  base: string,
  script: string,
  version: number,
  inputsFor: () => BootInputs,
  options: { readonly only?: string | undefined; readonly alone: boolean },
): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, visible: new Set(), invisible: new Set() };
  const chosen = ruleExamples().filter(
    (example) =>
      isForVersion(example, version) &&
      (example.rule.manual.exampleVolatile ?? 'yes') === 'yes' &&
      (options.only === undefined || new RegExp(options.only).test(example.rule.id)),
  );
  const baseline = await findingsOfBase(base, inputsFor());
  const shared = chosen.filter((example) => isSharable(example, version));
  // Both sides of a rule go the same way.
  const together = shared.filter(({ rule }) => shared.filter((other) => other.rule === rule).length === 2);
  if (together.length > 0) await proveGroup(base, script, version, inputsFor, together, tally, baseline);
  if (options.alone) {
    for (const example of chosen.filter((one) => !together.includes(one))) {
      await proveGroup(base, script, version, inputsFor, [example], tally, baseline);
    }
  }
  compareSides(tally);
  return tally;
}

async function findingsOfBase(base: string, inputs: BootInputs): Promise<ReadonlySet<string>> {
  const opened = await openImage(base, { directoryIs: 'root' });
  if (opened.kind === 'failed') throw new Error(opened.message);
  return new Set(check(simulate(opened.image, 'yes', inputs)).findings.map(({ fingerprint }) => fingerprint));
}

/** What the real boot left of each example, by rule and side, tags taken away. */
const evidence = new Map<string, string>();

function compareSides(tally: Tally): void {
  for (const key of evidence.keys()) {
    const id = key.slice(0, key.indexOf(' '));
    const [bad, good] = [evidence.get(`${id} bad`), evidence.get(`${id} good`)];
    if (bad === undefined || good === undefined) continue;
    (bad === good ? tally.invisible : tally.visible).add(id);
  }
}

async function proveGroup(
  base: string,
  script: string,
  version: number,
  inputsFor: () => BootInputs,
  examples: readonly RuleExample[],
  tally: Tally,
  baseline: ReadonlySet<string>,
): Promise<void> {
  const units = examples.flatMap(unitsOf);
  const image = prepareImage(base, joinExamples(examples), [], script, 'yes', units);
  const label = examples.length === 1 ? `${examples[0]?.rule.id} ${examples[0]?.side}` : `${examples.length} examples`;
  try {
    const booted = image.boot();
    if ('failure' in booted) {
      tally.failed += 1;
      console.log(`${version} ${label}: did not boot:\n${booted.failure.slice(-1500)}`);
      return;
    }
    const opened = await openImage(image.root, { directoryIs: 'root' });
    if (opened.kind === 'failed') throw new Error(opened.message);
    const simulation = simulate(opened.image, 'yes', inputsFor());
    const { findings: all, failures } = check(simulation);
    // What the rules say of the tree without any example is not the example's.
    const findings = all.filter(({ fingerprint }) => !baseline.has(fingerprint));
    for (const { rule, message } of failures) console.log(`${version} ${rule} threw: ${message}`);
    tally.failed += failures.length;
    for (const example of examples) {
      const { rule, side, tag } = example;
      const isOwn = (text: string) => (examples.length === 1 ? true : text.includes(tag));
      const differences = [
        ...unitDifferences(unitsOf(example), simulation, booted),
        ...pathDifferences(isOwn, simulation, booted),
        ...accountDifferences((name) => name.includes(tag), simulation, booted),
      ];
      const speaks = findings.some(
        (finding) =>
          finding.rule === rule.id &&
          isOwn([finding.message, finding.place.file, finding.subject ?? '', ...finding.affects].join(' ')),
      );
      if (speaks !== (side === 'bad')) differences.push(`the rule ${speaks ? 'speaks' : 'is silent'}`);
      evidence.set(`${rule.id} ${side}`, realEvidence(example, booted));
      if (differences.length === 0) tally.passed += 1;
      else tally.failed += 1;
      for (const difference of differences.slice(0, 8)) console.log(`${version} ${rule.id} (${side}): ${difference}`);
    }
  } finally {
    image.remove();
  }
}

/** A unit's fate in one word, as both sides can say it. */
function realFate(real: BootedUnit): string {
  const property = (name: string) => real.properties.get(name) ?? '';
  const load = property('LoadState');
  if (load === 'not-found') return 'not there';
  if (load === 'bad-setting' || load === 'error') return 'not loaded';
  if (load === 'masked') return 'masked';
  const state = property('ActiveState');
  if (state === 'failed') return property('AssertResult') === 'no' ? 'not started' : 'fails';
  if (state === 'active' || state === 'activating' || state === 'reloading') return 'starts';
  const wasAsked = property('ConditionTimestampMonotonic') !== '0' && property('ConditionTimestampMonotonic') !== '';
  if (wasAsked && property('ConditionResult') === 'no') return 'skipped';
  if (wasAsked && property('Result') === 'success' && property('ConditionResult') === 'yes') return 'starts';
  return 'not started';
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
  const { tag } = example;
  const lines = unitsOf(example).map((name) => {
    const real = booted.units.get(name);
    return real === undefined ? '' : `${name} ${realFate(real)} ${real.properties.get('Result')}`;
  });
  for (const [path, { type, mode, uid, gid, target }] of booted.paths) {
    const owner = `${uid === 0 ? 'root' : 'other'}:${gid === 0 ? 'root' : 'other'}`;
    if (path.includes(tag)) lines.push(`${path} ${type} ${mode.toString(8)} ${owner} ${target}`);
  }
  for (const { name } of [...parsePasswd(booted.passwd).entries, ...parseGroup(booted.group).entries]) {
    if (name.includes(tag)) lines.push(`account ${name}`);
  }
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

/**
 * Generated configurations, given to our dry run and to the real tool; full trees, exit statuses and refused lines are
 * compared. A difference is made as small as possible before it is shown.
 */

import fc from 'fast-check';
import type { Image } from '../../src/core/image/image.ts';
import { listEntries } from '../../src/core/tree/changes.ts';
import type { Inode } from '../../src/core/tree/inode.ts';
import type { Tree } from '../../src/core/tree/tree.ts';
import { openDirectory } from '../../src/host/directory-image.ts';
import type { RealOutcome, RealRun, RealSystemd } from './real-systemd.ts';
import { buildTree, describeContent, type NodeSpec, readTree, type TreeListing } from './tree-spec.ts';

/** One generated case: what the root holds (configuration files included) and the arguments of the tool. */
export interface Case {
  readonly nodes: readonly NodeSpec[];
  readonly args: readonly string[];
  /** Files of $CREDENTIALS_DIRECTORY by name. */
  readonly credentials?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Outcome {
  readonly status: number;
  /** Refused lines as `path:line`, each once. */
  readonly rejected: readonly string[];
  readonly tree: TreeListing;
}

export interface ToolUnderTest {
  readonly name: string;
  readonly arbitrary: fc.Arbitrary<Case>;
  /** Part of the asked-for cases that is run, where the real tool is slow. Default: 1. */
  readonly share?: number;
  /** The real tool's command line for a case. */
  command(oneCase: Case): RealRun;
  /** Our answer for the root as it is. `rootPrefix` is the root as the real tool sees it. */
  simulate(image: Image, oneCase: Case, real: RealSystemd, rootPrefix: string): Promise<Simulated> | Simulated;
  /** The refused lines that the real tool's standard error names, as `path:line`. */
  rejectedLines(outcome: RealOutcome, version: number): readonly string[];
  /**
   * The name of a known fault or undefined order of the real tool that explains a case, from docs/differences.md;
   * undefined if the case must agree. Judged by the case alone, not by our result.
   */
  excuse?(oneCase: Case, real: RealOutcome, version: number): string | undefined;
}

export interface Simulated {
  readonly status: number;
  readonly rejected: readonly string[];
  readonly tree: Tree;
}

export interface Tally {
  readonly tool: string;
  readonly version: number;
  compared: number;
  different: number;
  /** Cases set aside, by the name of the reason. */
  readonly excused: Map<string, number>;
}

const BATCH = 100;

/** Compares `count` cases. Prints each difference, made small, up to `show`. */
export async function runDifferential(
  tool: ToolUnderTest,
  real: RealSystemd,
  options: {
    readonly count: number;
    readonly seed: number;
    readonly show: number;
    readonly log: (text: string) => void;
  },
): Promise<Tally> {
  const cases = fc.sample(tool.arbitrary, { numRuns: options.count, seed: options.seed });
  const tally: Tally = { tool: tool.name, version: real.version, compared: 0, different: 0, excused: new Map() };
  for (let from = 0; from < cases.length; from += BATCH) {
    const batch = cases.slice(from, from + BATCH);
    const results = await compareBatch(tool, real, batch);
    for (const [i, result] of results.entries()) {
      tally.compared += 1;
      if (result.excuse !== undefined) tally.excused.set(result.excuse, (tally.excused.get(result.excuse) ?? 0) + 1);
      else if (result.differences.length > 0) {
        tally.different += 1;
        const oneCase = batch[i];
        if (tally.different > options.show || oneCase === undefined) continue;
        const small = await minimise(tool, real, oneCase);
        const [again] = await compareBatch(tool, real, [small]);
        options.log(`\n${tool.name} ${real.version}, seed ${options.seed}, case ${from + i}:\n${describeCase(small)}`);
        for (const line of again?.differences ?? []) options.log(`  ${line}`);
        options.log(`  real stderr:\n    ${(again?.stderr ?? '').trimEnd().split('\n').slice(0, 12).join('\n    ')}`);
      }
    }
  }
  return tally;
}

interface Compared {
  readonly differences: readonly string[];
  readonly excuse: string | undefined;
  readonly stderr: string;
}

async function compareBatch(tool: ToolUnderTest, real: RealSystemd, cases: readonly Case[]): Promise<Compared[]> {
  const ours: Outcome[] = [];
  for (const [index, oneCase] of cases.entries()) {
    real.prepareCase(index);
    const root = real.rootDirectory(index);
    buildTree(root, oneCase.nodes);
    buildTree(
      `${real.caseDirectory(index)}/credentials`,
      Object.entries(oneCase.credentials ?? {}).map(([name, text]) => ({
        path: `/${name}`,
        type: 'file' as const,
        text,
      })),
    );
    const opened = openDirectory(root);
    if (opened.kind === 'failed') throw new Error(opened.message);
    const simulated = await tool.simulate(opened.image, oneCase, real, real.rootAsSeen(index));
    ours.push({ status: simulated.status, rejected: simulated.rejected, tree: listTree(simulated.tree) });
  }
  const outcomes = real.run(
    cases.map((oneCase, index) => ({ index, run: withCredentials(tool.command(oneCase), oneCase) })),
  );
  return cases.map((oneCase, index) => {
    const outcome = outcomes[index] as RealOutcome;
    const theirs: Outcome = {
      status: outcome.status,
      rejected: tool.rejectedLines(outcome, real.version),
      tree: readTree(real.rootDirectory(index)),
    };
    const differences = compareOutcomes(ours[index] as Outcome, theirs);
    const excuse = differences.length > 0 ? tool.excuse?.(oneCase, outcome, real.version) : undefined;
    return { differences, excuse, stderr: outcome.stderr };
  });
}

function withCredentials(run: RealRun, oneCase: Case): RealRun {
  const input = oneCase.input === undefined ? {} : { input: oneCase.input };
  return { ...run, ...input, environment: { ...run.environment, CREDENTIALS_DIRECTORY: 'CASE/credentials' } };
}

function compareOutcomes(ours: Outcome, theirs: Outcome): string[] {
  const differences: string[] = [];
  if (ours.status !== theirs.status) differences.push(`exit status: real ${theirs.status}, ours ${ours.status}`);
  const [real, own] = [[...new Set(theirs.rejected)].sort(), [...new Set(ours.rejected)].sort()];
  if (real.join() !== own.join()) differences.push(`refused lines: real [${real.join(' ')}], ours [${own.join(' ')}]`);
  for (const path of [...new Set([...theirs.tree.keys(), ...ours.tree.keys()])].sort()) {
    const [realEntry, ownEntry] = [theirs.tree.get(path), ours.tree.get(path)];
    if (realEntry !== ownEntry)
      differences.push(`${JSON.stringify(path)}: real ${realEntry ?? '-'}, ours ${ownEntry ?? '-'}`);
  }
  return differences;
}

function listTree(tree: Tree): TreeListing {
  const listing = new Map<string, string>();
  for (const entry of listEntries(tree, '/', { all: true })) {
    if (entry.inode !== undefined) listing.set(entry.path, describeInode(entry.inode));
  }
  return listing;
}

function describeInode(inode: Inode): string {
  const rights = `${inode.mode?.toString(8).padStart(4, '0')} ${inode.uid}:${inode.gid}`;
  switch (inode.type) {
    case 'symlink':
      return `symlink ${inode.uid}:${inode.gid} -> ${inode.target}`;
    case 'file':
      return `file ${rights} ${inode.content.kind === 'bytes' ? describeContent(inode.content.bytes) : inode.content.kind}`;
    case 'char':
    case 'block':
      return `${inode.type} ${rights} ${inode.device?.major}:${inode.device?.minor}`;
    default:
      return `${inode.type} ${rights}`;
  }
}

/** Leaves out nodes, lines and arguments as long as the case still differs. */
async function minimise(tool: ToolUnderTest, real: RealSystemd, start: Case): Promise<Case> {
  let best = start;
  for (let round = 0; round < 8; round++) {
    const candidates = smallerCases(best);
    let better: Case | undefined;
    for (let from = 0; from < candidates.length && better === undefined; from += BATCH) {
      const batch = candidates.slice(from, from + BATCH);
      const results = await compareBatch(tool, real, batch);
      const hit = results.findIndex((result) => result.differences.length > 0 && result.excuse === undefined);
      if (hit !== -1) better = batch[hit];
    }
    if (better === undefined) return best;
    best = better;
  }
  return best;
}

function smallerCases(oneCase: Case): Case[] {
  const smaller: Case[] = [];
  const { nodes, args } = oneCase;
  for (let size = nodes.length >> 1; size >= 1; size >>= 1) {
    for (let i = 0; i + size <= nodes.length; i += size) {
      smaller.push({ ...oneCase, nodes: [...nodes.slice(0, i), ...nodes.slice(i + size)] });
    }
  }
  for (const [i, node] of nodes.entries()) {
    if (node.type !== 'file' || node.text === undefined) continue;
    const lines = node.text.split('\n');
    if (lines.length < 2) continue;
    for (let size = lines.length >> 1; size >= 1; size >>= 1) {
      for (let at = 0; at + size <= lines.length; at += size) {
        const text = [...lines.slice(0, at), ...lines.slice(at + size)].join('\n');
        smaller.push({ ...oneCase, nodes: [...nodes.slice(0, i), { ...node, text }, ...nodes.slice(i + 1)] });
      }
    }
  }
  for (const i of args.keys()) smaller.push({ ...oneCase, args: [...args.slice(0, i), ...args.slice(i + 1)] });
  return smaller;
}

function describeCase(oneCase: Case): string {
  const lines = [`  args ${JSON.stringify(oneCase.args)}`];
  for (const node of oneCase.nodes) lines.push(`  ${JSON.stringify(node)}`);
  if (oneCase.credentials !== undefined) lines.push(`  credentials ${JSON.stringify(oneCase.credentials)}`);
  return lines.join('\n');
}

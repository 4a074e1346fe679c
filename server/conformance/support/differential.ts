/**
 * Generated configurations, given to our dry run and to the real tool; full trees, exit statuses and refused lines are
 * compared. A difference is made as small as possible before it is shown.
 */

import fc from 'fast-check';
import type { FileContent, Image } from '../../src/core/image/image.ts';
import { listEntries } from '../../src/core/tree/changes.ts';
import type { Inode } from '../../src/core/tree/inode.ts';
import type { Tree } from '../../src/core/tree/tree.ts';
import { openDirectory } from '../../src/host/directory-image.ts';
import type { RealOutcome, RealRun, RealSystemd } from './real-systemd.ts';
import {
  buildTree,
  describeContent,
  formatMode,
  type NodeSpec,
  type Properties,
  readTree,
  type TreeListing,
} from './tree-spec.ts';

/** One generated case: what the root holds (configuration files included) and the arguments of the tool. */
export interface Case {
  readonly nodes: readonly NodeSpec[];
  readonly args: readonly string[];
  /** Files of $CREDENTIALS_DIRECTORY by name. */
  readonly credentials?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Outcome {
  /** Undefined: our side cannot know it. */
  readonly status: number | undefined;
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
  readonly status: number | undefined;
  readonly rejected: readonly string[];
  readonly tree: Tree;
}

export interface Tally {
  readonly tool: string;
  readonly version: number;
  compared: number;
  different: number;
  /** Cases of which our side says that it cannot know something; the rest of them is compared. */
  partlyUnknown: number;
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
  const tally: Tally = {
    tool: tool.name,
    version: real.version,
    compared: 0,
    different: 0,
    partlyUnknown: 0,
    excused: new Map(),
  };
  for (let from = 0; from < cases.length; from += BATCH) {
    const batch = cases.slice(from, from + BATCH);
    const results = await compareBatch(tool, real, batch);
    for (const [i, result] of results.entries()) {
      tally.compared += 1;
      if (result.isPartlyUnknown) tally.partlyUnknown += 1;
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
  readonly isPartlyUnknown: boolean;
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
    const own = ours[index] as Outcome;
    const differences = compareOutcomes(own, theirs);
    const excuse = differences.length > 0 ? tool.excuse?.(oneCase, outcome, real.version) : undefined;
    return { differences, isPartlyUnknown: hasUnknown(own), excuse, stderr: outcome.stderr };
  });
}

function withCredentials(run: RealRun, oneCase: Case): RealRun {
  const input = oneCase.input === undefined ? {} : { input: oneCase.input };
  return { ...run, ...input, environment: { ...run.environment, CREDENTIALS_DIRECTORY: 'CASE/credentials' } };
}

function hasUnknown({ status, tree }: Outcome): boolean {
  return status === undefined || [...tree.values()].some((properties) => properties.includes(undefined));
}

/** What differs; what our side says it cannot know is not compared. */
function compareOutcomes(ours: Outcome, theirs: Outcome): string[] {
  const differences: string[] = [];
  if (ours.status !== undefined && ours.status !== theirs.status)
    differences.push(`exit status: real ${theirs.status}, ours ${ours.status}`);
  const [real, own] = [[...new Set(theirs.rejected)].sort(), [...new Set(ours.rejected)].sort()];
  if (real.join() !== own.join()) differences.push(`refused lines: real [${real.join(' ')}], ours [${own.join(' ')}]`);
  for (const path of [...new Set([...theirs.tree.keys(), ...ours.tree.keys()])].sort()) {
    const [realEntry, ownEntry] = [theirs.tree.get(path), ours.tree.get(path)];
    if (realEntry === undefined || ownEntry === undefined || !agree(ownEntry, realEntry))
      differences.push(`${JSON.stringify(path)}: real ${describe(realEntry)}, ours ${describe(ownEntry)}`);
  }
  return differences;
}

function agree(own: Properties, real: Properties): boolean {
  return own.length === real.length && own.every((property, i) => property === undefined || property === real[i]);
}

function describe(properties: Properties | undefined): string {
  return properties?.map((property) => property ?? '?').join(', ') ?? '-';
}

function listTree(tree: Tree): TreeListing {
  const listing = new Map<string, Properties>();
  for (const entry of listEntries(tree, '/', { all: true })) {
    if (entry.inode !== undefined) listing.set(entry.path, describeInode(entry.inode));
  }
  return listing;
}

function describeInode(inode: Inode): Properties {
  const owner = [
    inode.uid === undefined ? undefined : `uid ${inode.uid}`,
    inode.gid === undefined ? undefined : `gid ${inode.gid}`,
  ];
  const rights = [inode.mode === undefined ? undefined : formatMode(inode.mode), ...owner];
  const { type, content } = inode;
  switch (type) {
    case 'symlink':
      return [type, ...owner, inode.target];
    case 'file':
      return [type, ...rights, describeFile(content)];
    case 'char':
    case 'block':
      return [type, ...rights, `${inode.device?.major}:${inode.device?.minor}`];
    default:
      return [type, ...rights];
  }
}

function describeFile(content: FileContent): string | undefined {
  if (content.kind === 'unknown') return undefined;
  return content.kind === 'bytes' ? describeContent(content.bytes) : content.kind;
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

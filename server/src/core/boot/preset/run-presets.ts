/**
 * Applying presets to all units, as `systemctl preset-all` and PID 1 on a first boot do. systemd works through directory
 * entries in the order of the file system; where that order decides, the result here says so and predicts nothing.
 */

import type { Message } from '../../problems/problem.ts';
import { specifierContext } from '../../specifier/specifier.ts';
import { compareBytes } from '../../text/bytes.ts';
import { Inode } from '../../tree/inode.ts';
import { baseName, parentPath, type Tree } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';
import {
  type EnablementLink,
  type EntryOrder,
  type InstallOutcome,
  type PresetMode,
  type RemovedLink,
  runInstall,
  type UnitPreset,
} from './install-run.ts';
import type { LinkJournal } from './link-journal.ts';
import { readPresetRules } from './preset-rules.ts';

export type { EnablementLink, EntryOrder, PresetMode, RemovedLink, UnitPreset } from './install-run.ts';

export interface PresetOptions {
  /** `full` also removes links of disabled units; the default of preset-all. A first boot is `enable-only`. */
  readonly mode: PresetMode;
  /** The order of directory entries where it is known; else what depends on it is left undefined. */
  readonly order?: EntryOrder;
}

/** A path below /etc/systemd/system whose state depends on the order of directory entries. */
export interface UndefinedLink {
  readonly path: string;
  /** The targets it may have, sorted. */
  readonly targets: readonly string[];
  /** True if there may also be nothing. */
  readonly mayBeMissing: boolean;
  /** The settings that may make it. */
  readonly candidates: readonly EnablementLink[];
}

export interface PresetResult {
  /**
   * What the real command returns; 139 if it crashes; undefined if another order of directory entries gives another status.
   * At boot it only shows in the log.
   */
  readonly exitStatus: number | undefined;
  readonly messages: readonly Message[];
  /** By unit name. */
  readonly units: readonly UnitPreset[];
  /** By path; links that depend on the order of entries are left out. */
  readonly links: readonly EnablementLink[];
  readonly removed: readonly RemovedLink[];
  readonly undefinedLinks: readonly UndefinedLink[];
}

/**
 * Orders to try when the real one is not known: both directions settle which of two entries comes first, the others mix
 * what lies between.
 */
const orders: readonly [EntryOrder, ...EntryOrder[]] = [
  byName,
  (directory, names) => byName(directory, names).toReversed(),
  (directory, names) => {
    const sorted = byName(directory, names);
    const middle = sorted.length >> 1;
    return [...sorted.slice(middle), ...sorted.slice(0, middle)];
  },
  (directory, names) => {
    const sorted = byName(directory, names);
    return [...sorted.filter((_, i) => i % 2 === 1), ...sorted.filter((_, i) => i % 2 === 0).toReversed()];
  },
];

function byName(_: string, names: readonly string[]): readonly string[] {
  return [...names].sort(compareBytes);
}

/** Applies the presets of a tree to it. Never throws for anything that the tree holds. */
export function runPresets(tree: Tree, inputs: BootInputs, options: PresetOptions): PresetResult {
  const presets = readPresetRules(tree, inputs);
  const specifiers = specifierContext(tree, inputs);
  const attempt = (order: EntryOrder) => runInstall(tree, inputs, specifiers, presets, { mode: options.mode, order });
  let outcome = attempt(options.order ?? orders[0]);
  let undefinedLinks: readonly UndefinedLink[] = [];
  let isExitStatusCertain = true;
  const messages: Message[] = [...presets.messages];
  if (options.order === undefined && outcome.mayDependOnOrder) {
    const runs = [summarize(outcome)];
    outcome.journal.undo();
    for (const order of orders.slice(1)) {
      const other = attempt(order);
      runs.push(summarize(other));
      other.journal.undo();
    }
    outcome = attempt(orders[0]);
    isExitStatusCertain = runs.every((run) => run.exitStatus === outcome.exitStatus);
    undefinedLinks = compareRuns(tree, runs, outcome.journal);
  } else if (options.order === undefined) {
    // Nothing else depends on the order, so that who else could have come first is known without trying.
    undefinedLinks = outcome.contested.map((candidates) => ({
      path: candidates[0].path,
      targets: [...new Set(candidates.flatMap(({ target }) => target ?? []))].sort(compareBytes),
      mayBeMissing: false,
      candidates,
    }));
  }
  for (const link of undefinedLinks) {
    leaveUndefined(tree, link);
    messages.push(undefinedMessage(link));
  }
  const undefinedPaths = new Set(undefinedLinks.map((link) => link.path));
  // A failure that concerns only who comes first is told by the message about the order.
  const isTold = (message: Message) =>
    message.code === 'alias-already-exists' && undefinedPaths.has(message.subject ?? '');
  messages.push(...outcome.messages.filter((message) => !isTold(message)));
  const isCertain = (link: { readonly path: string }) => !undefinedPaths.has(link.path);
  const byPath = (a: { readonly path: string }, b: { readonly path: string }) => compareBytes(a.path, b.path);
  return {
    exitStatus: isExitStatusCertain ? outcome.exitStatus : undefined,
    messages,
    units: [...outcome.units].sort((a, b) => compareBytes(a.unit, b.unit)),
    links: outcome.links.filter(isCertain).sort(byPath),
    removed: outcome.removed.filter(isCertain).sort(byPath),
    undefinedLinks,
  };
}

interface RunSummary {
  readonly exitStatus: number;
  readonly changed: ReadonlyMap<string, string | undefined>;
  readonly links: readonly EnablementLink[];
}

function summarize(outcome: InstallOutcome): RunSummary {
  return { exitStatus: outcome.exitStatus, changed: new Map(outcome.journal.changed), links: outcome.links };
}

/** Paths whose state differs between runs. `last` is the run that the tree shows. */
function compareRuns(tree: Tree, runs: readonly RunSummary[], last: LinkJournal): UndefinedLink[] {
  const differing: UndefinedLink[] = [];
  const paths = new Set(runs.flatMap((run) => [...run.changed.keys()]));
  for (const path of [...paths].sort(compareBytes)) {
    // A run that did not touch the path leaves what was there before.
    const standing = tree.lookup(path, { follow: false });
    const before = last.changed.has(path) ? last.before(path) : standing?.target;
    const states = new Set(runs.map((run) => (run.changed.has(path) ? run.changed.get(path) : before)));
    if (states.size < 2) continue;
    const targets = [...states].filter((target) => target !== undefined).sort(compareBytes);
    const candidates = new Map<string, EnablementLink>();
    for (const link of runs.flatMap((run) => run.links)) {
      if (link.path === path) candidates.set(`${link.unit} ${link.install.file} ${link.install.span?.start}`, link);
    }
    differing.push({ path, targets, mayBeMissing: states.has(undefined), candidates: [...candidates.values()] });
  }
  return differing;
}

/** A link that is certain to exist keeps its place without a target; one that may be missing is left out. */
function leaveUndefined(tree: Tree, link: UndefinedLink): void {
  const parent = tree.lookup(parentPath(link.path));
  if (parent?.type !== 'directory') return;
  if (link.mayBeMissing) {
    parent.remove(baseName(link.path));
    return;
  }
  const cause = link.candidates[0]?.install;
  parent.set(
    baseName(link.path),
    Inode.create({
      type: 'symlink',
      mode: 0o777,
      ...(cause === undefined ? {} : { cause: { ...cause, phase: 'preset', action: 'created' } }),
    }),
  );
}

function undefinedMessage(link: UndefinedLink): Message {
  const [candidate] = link.candidates;
  const others = link.targets.map((target) => `"${target}"`).join(' or ');
  return {
    code: 'preset-order-undefined',
    severity: 'warning',
    phase: 'preset',
    text: link.mayBeMissing
      ? `whether "${link.path}" exists depends on the order of directory entries`
      : `"${link.path}" will be a link to ${others}, whichever unit the file system lists first`,
    ...(candidate === undefined ? {} : { place: candidate.install }),
    related: link.candidates.slice(1).map((other) => ({ ...other.install, message: 'the other unit' })),
    subject: link.path,
  };
}

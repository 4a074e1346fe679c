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
  /** What the real command returns; 139 if it crashes. At boot it only shows in the log. */
  readonly exitStatus: number;
  readonly messages: readonly Message[];
  /** By unit name. */
  readonly units: readonly UnitPreset[];
  /** By path; links that depend on the order of entries are left out. */
  readonly links: readonly EnablementLink[];
  readonly removed: readonly RemovedLink[];
  readonly undefinedLinks: readonly UndefinedLink[];
}

const byName: EntryOrder = (_, names) => [...names].sort(compareBytes);
const byNameBackwards: EntryOrder = (_, names) => [...names].sort((a, b) => compareBytes(b, a));

/** Applies the presets of a tree to it. Never throws for anything that the tree holds. */
export function runPresets(tree: Tree, inputs: BootInputs, options: PresetOptions): PresetResult {
  const presets = readPresetRules(tree, inputs);
  const specifiers = specifierContext(tree, inputs);
  const attempt = (order: EntryOrder) => runInstall(tree, inputs, specifiers, presets, { mode: options.mode, order });
  let outcome = attempt(options.order ?? byName);
  let undefinedLinks: readonly UndefinedLink[] = [];
  const messages: Message[] = [...presets.messages];
  if (options.order === undefined && outcome.mayDependOnOrder) {
    const first = summarize(outcome);
    outcome.journal.undo();
    const backwards = attempt(byNameBackwards);
    const second = summarize(backwards);
    backwards.journal.undo();
    outcome = attempt(byName);
    undefinedLinks = compareRuns(first, second);
    for (const link of undefinedLinks) {
      leaveUndefined(tree, link);
      messages.push(undefinedMessage(link));
    }
    // Failures that concern only who comes first are told by the message above.
    const undefinedPaths = new Set(undefinedLinks.map((link) => link.path));
    messages.push(
      ...outcome.messages.filter(
        (message) => message.code !== 'alias-already-exists' || !undefinedPaths.has(message.subject ?? ''),
      ),
    );
  } else messages.push(...outcome.messages);
  const undefinedPaths = new Set(undefinedLinks.map((link) => link.path));
  return {
    exitStatus: outcome.exitStatus,
    messages,
    units: [...outcome.units].sort((a, b) => compareBytes(a.unit, b.unit)),
    links: outcome.links.filter((link) => !undefinedPaths.has(link.path)).sort((a, b) => compareBytes(a.path, b.path)),
    removed: outcome.removed
      .filter((link) => !undefinedPaths.has(link.path))
      .sort((a, b) => compareBytes(a.path, b.path)),
    undefinedLinks,
  };
}

interface RunSummary {
  readonly changed: ReadonlyMap<string, string | undefined>;
  readonly links: readonly EnablementLink[];
}

function summarize(outcome: InstallOutcome): RunSummary {
  return { changed: new Map(outcome.journal.changed), links: outcome.links };
}

function compareRuns(first: RunSummary, second: RunSummary): UndefinedLink[] {
  const differing: UndefinedLink[] = [];
  const paths = new Set([...first.changed.keys(), ...second.changed.keys()]);
  for (const path of [...paths].sort(compareBytes)) {
    const a = first.changed.get(path);
    const b = second.changed.get(path);
    if (first.changed.has(path) === second.changed.has(path) && a === b) continue;
    const targets = [...new Set([a, b].filter((target) => target !== undefined))].sort(compareBytes);
    const candidates = [...first.links, ...second.links].filter((link) => link.path === path);
    differing.push({ path, targets, mayBeMissing: a === undefined || b === undefined, candidates });
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

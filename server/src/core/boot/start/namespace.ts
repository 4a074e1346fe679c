/**
 * The mounts of a service's own namespace (systemd.exec(5), "Sandboxing" and "Paths"): sources that must be there,
 * destinations that are made, and what a program then sees of a path.
 */

import { quoted, splitWords } from '../../formats/unit/settings/grammar.ts';
import { parseBindPaths } from '../../formats/unit/settings/paths.ts';
import { parentPath, Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import { pathAndAbove, traceLinks } from '../path-facts.ts';
import { execDirectoryPaths } from './exec-directories.ts';
import { makePath } from './make-path.ts';
import { checkMaking, confidenceOf, explainAbsence, type PathState, pathState } from './missing-path.ts';
import type { Obstacle } from './obstacle.ts';
import type { StartContext } from './start-context.ts';
import { booleanOf, type PlacedText, placed, simplified, single, wordsOf } from './unit-settings.ts';

const RESULT = '226/NAMESPACE';

interface Bind {
  readonly source: PlacedText;
  readonly destination: string;
  readonly mayBeMissing: boolean;
}

function bindsOf(unit: Unit, context: StartContext): readonly Bind[] {
  const binds: Bind[] = [];
  for (const key of ['BindPaths', 'BindReadOnlyPaths']) {
    for (const value of unit.list(unit.ownSection, key)) {
      for (const bind of parseBindPaths(value.entry.value, { systemd: context.inputs.systemd, key }).binds) {
        const source = placed(unit, value, bind.source.value, bind.source.span);
        const destination = placed(unit, value, bind.destination.value, bind.destination.span);
        if (source === undefined || destination === undefined) continue;
        binds.push({
          source: { ...source, text: simplified(source.text) },
          destination: simplified(destination.text),
          mayBeMissing: bind.mayBeMissing,
        });
      }
    }
  }
  return binds;
}

function temporaryFileSystems(unit: Unit): readonly PlacedText[] {
  return wordsOf(unit, 'TemporaryFileSystem').map((word) => ({ ...word, text: simplified(untilColon(word.text)) }));
}

/** The first of the parts between colons; `\:` is a colon inside it. */
function untilColon(text: string): string {
  return (/^(?:\\.|[^:\\])*/.exec(text)?.[0] ?? text).replace(/\\(.)/g, '$1');
}

/** Images and directories that are mounted over parts of the tree: `[-]SOURCE[:DESTINATION…]`. */
interface Overlay {
  readonly key: string;
  readonly source: PlacedText;
  readonly mayBeMissing: boolean;
  /** Where it is seen; what is there then, nobody can tell. */
  readonly covers: readonly string[];
}

function overlaysOf(unit: Unit): readonly Overlay[] {
  const overlays: Overlay[] = [];
  for (const key of ['MountImages', 'ExtensionImages', 'ExtensionDirectories']) {
    for (const value of unit.list(unit.ownSection, key)) {
      for (const word of splitWords(value.entry.value, { backslash: 'keep' }).words) {
        const text = placed(unit, value, word.value, word.span);
        if (text === undefined) continue;
        const mayBeMissing = text.text.startsWith('-');
        const path = (mayBeMissing ? text.text.slice(1) : text.text).replace(/^\+/, '');
        const source = untilColon(path);
        const rest = path.slice(source.length + 1);
        const covers = key === 'MountImages' ? [simplified(untilColon(rest))] : ['/usr', '/opt', '/etc'];
        overlays.push({ key, source: { ...text, text: source }, mayBeMissing, covers });
      }
    }
  }
  return overlays;
}

/** What a program of the unit sees. */
export interface NamespaceView {
  /** What is at a path for the program; kernel paths and what own mounts cover are `unknown`. */
  state(path: string): PathState;
  /** The tree that `found` paths lie in. */
  readonly tree: Tree;
}

function isPrivateTmp(unit: Unit): boolean {
  const value = unit.last(unit.ownSection, 'PrivateTmp')?.entry.value;
  if (booleanOf(unit, 'DynamicUser') === true) return true;
  return value === 'disconnected' || booleanOf(unit, 'PrivateTmp') === true;
}

/** Directories that a setting takes away from the unit, and that setting. */
function hiddenDirectories(unit: Unit): ReadonlyMap<string, string> {
  const hidden = new Map<string, string>();
  const home = unit.last(unit.ownSection, 'ProtectHome')?.entry.value.toLowerCase();
  if (home !== undefined && (home === 'tmpfs' || booleanOf(unit, 'ProtectHome') === true)) {
    for (const directory of ['/home', '/root', '/run/user']) hidden.set(directory, 'ProtectHome=');
  }
  if (isPrivateTmp(unit)) for (const directory of ['/tmp', '/var/tmp']) hidden.set(directory, 'PrivateTmp=');
  for (const { text } of temporaryFileSystems(unit)) hidden.set(text, 'TemporaryFileSystem=');
  for (const { text } of wordsOf(unit, 'InaccessiblePaths')) {
    hidden.set(simplified(text.replace(/^-?\+?/, '')), 'InaccessiblePaths=');
  }
  return hidden;
}

/** The nearest of some directories that is a path or lies above it. */
function nearest(directories: { has(path: string): boolean }, path: string): string | undefined {
  for (const at of pathAndAbove(path)) if (directories.has(at)) return at;
  return undefined;
}

/** What the unit's programs see of the tree once its namespace is set up. */
export function namespaceView(unit: Unit, context: StartContext, tree: Tree): NamespaceView {
  const rootDirectory = single(unit, 'RootDirectory');
  const hasImage = unit.last(unit.ownSection, 'RootImage') !== undefined;
  const root = rootDirectory === undefined ? tree.root : tree.lookup(rootDirectory.text);
  const isPlain = rootDirectory === undefined || simplified(rootDirectory.text) === '/';
  const view = isPlain || root === undefined ? tree : new Tree(root);
  const binds = new Map(bindsOf(unit, context).map((bind) => [bind.destination, bind.source.text]));
  const overlays = new Set(overlaysOf(unit).flatMap(({ covers }) => covers));
  // What a unit's own directories look like below a temporary file system depends on settings and version.
  const own = new Set(execDirectoryPaths(unit, context));
  const hidden = hiddenDirectories(unit);
  return {
    tree: view,
    state(path) {
      // Without its root directory the unit fails before anything else is looked at.
      if (hasImage || root === undefined) return { kind: 'unknown' };
      const destination = nearest(binds, path);
      if (destination !== undefined) {
        // Rights on the way are those of the source; the tree that is found in is the host's.
        const source = binds.get(destination) ?? '';
        return isPlain ? pathState(context, tree, source + path.slice(destination.length)) : { kind: 'unknown' };
      }
      if (nearest(overlays, path) !== undefined) return { kind: 'unknown' };
      const isHidden = (at: string): PathState | undefined => {
        const directory = at === '/' ? undefined : nearest(hidden, parentPath(at));
        if (directory === undefined) return undefined;
        if (nearest(own, at) !== undefined) return { kind: 'unknown' };
        return { kind: 'missing', reason: `${quoted(path)} is hidden by ${hidden.get(directory)}` };
      };
      if (!isPlain) return pathState(context, view, path);
      const state = isHidden(path) ?? pathState(context, view, path);
      return state.kind === 'found' ? (isHidden(state.path) ?? state) : state;
    },
  };
}

/** What a mount of the namespace does; where two have one path, the earlier row wins (mount_path_compare of systemd). */
const mountModes = [
  'inaccessible',
  'bind',
  'other',
  'noexec',
  'exec',
  'tmpfs',
  'read-only',
  'writable',
  'implicit',
] as const;
type MountMode = (typeof mountModes)[number];

/** Lists of paths that must exist, unless `-` stands in front; old names too. */
const pathLists: Readonly<Record<string, MountMode>> = {
  ReadWritePaths: 'writable',
  ReadWriteDirectories: 'writable',
  ReadOnlyPaths: 'read-only',
  ReadOnlyDirectories: 'read-only',
  InaccessiblePaths: 'inaccessible',
  InaccessibleDirectories: 'inaccessible',
  ExecPaths: 'exec',
  NoExecPaths: 'noexec',
};

/** Modes that are left out where the next mount above has the same (drop_nop of systemd): there they change nothing. */
const redundantModes: ReadonlySet<MountMode> = new Set<MountMode>(['read-only', 'writable', 'exec']);

/** Paths that ProtectSystem= and ProtectHome= mount over, by value. What of them is missing is passed over. */
const protections: readonly (readonly [setting: string, value: RegExp, mode: MountMode, paths: string])[] = [
  ['ProtectSystem', /^(1|yes|y|true|t|on|full)$/i, 'read-only', '/usr /boot /efi'],
  ['ProtectSystem', /^full$/i, 'read-only', '/etc'],
  ['ProtectSystem', /^strict$/i, 'read-only', '/'],
  ['ProtectSystem', /^strict$/i, 'implicit', '/proc /sys /dev /home /run/user /root'],
  ['ProtectHome', /^(1|yes|y|true|t|on)$/i, 'inaccessible', '/home /run/user /root'],
  ['ProtectHome', /^read-only$/i, 'read-only', '/home /run/user /root'],
  ['ProtectHome', /^tmpfs$/i, 'tmpfs', '/home /run/user /root'],
];

/** What DynamicUser= implies where nothing else is written. */
const dynamicDefaults: Readonly<Record<string, string>> = { ProtectSystem: 'strict', ProtectHome: 'read-only' };

type ModeAt = ReadonlyMap<string, MountMode>;

/** The mode of every path that the namespace mounts something on. */
function mountsOf(unit: Unit, context: StartContext): ModeAt {
  const modes = new Map<string, MountMode>();
  const add = (path: string, mode: MountMode) => {
    const there = modes.get(path);
    if (there === undefined || mountModes.indexOf(mode) < mountModes.indexOf(there)) modes.set(path, mode);
  };
  const isDynamic = booleanOf(unit, 'DynamicUser') === true;
  for (const [setting, pattern, mode, paths] of protections) {
    const value =
      unit.last(unit.ownSection, setting)?.entry.value ?? (isDynamic ? dynamicDefaults[setting] : undefined);
    if (value !== undefined && pattern.test(value)) for (const path of paths.split(' ')) add(path, mode);
  }
  for (const [key, mode] of Object.entries(pathLists)) {
    for (const { text } of wordsOf(unit, key)) add(simplified(text.replace(/^-?\+?/, '')), mode);
  }
  for (const { text } of temporaryFileSystems(unit)) add(text, 'tmpfs');
  for (const { destination } of bindsOf(unit, context)) add(destination, 'bind');
  for (const overlay of overlaysOf(unit)) for (const path of overlay.covers) add(path, 'other');
  if (isPrivateTmp(unit)) for (const path of ['/tmp', '/var/tmp']) add(path, 'other');
  return modes;
}

/** The next mount above a path. */
function mountAbove(modes: ModeAt, path: string): { readonly path: string; readonly mode: MountMode } | undefined {
  for (let at = path; at !== '/'; ) {
    at = parentPath(at);
    const mode = modes.get(at);
    if (mode !== undefined) return { path: at, mode };
  }
  return undefined;
}

/** Checks the namespace's sources and makes its destinations in the tree. */
export function setUpNamespace(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  const report = (key: string, path: PlacedText, reason: string) =>
    obstacles.push({
      code: 'namespace-path-missing',
      cause: 'mount-namespace-path-missing',
      result: RESULT,
      confidence: confidenceOf(context),
      place: path.place,
      message: `${reason}, which ${key}= needs`,
      subject: path.text,
      chain: explainAbsence(context, tree, path.text).chain,
    });
  const needs = (key: string, path: PlacedText) => {
    const state = pathState(context, tree, path.text);
    if (state.kind === 'missing') report(key, path, state.reason);
  };
  const makeDestination = (key: string, path: string, type: 'directory' | 'file', place: PlacedText['place']) => {
    const check = checkMaking(context, tree, path, true);
    if (check.kind === 'can') {
      makePath(tree, path, { type, mode: type === 'directory' ? 0o755 : 0o644 }, place);
      return;
    }
    if (check.kind !== 'read-only' && check.kind !== 'no-parent') return;
    const isReadOnly = check.kind === 'read-only';
    const reason = isReadOnly ? `${quoted(check.at)} is read-only` : check.reason;
    obstacles.push({
      code: isReadOnly ? 'mount-destination-read-only' : 'namespace-path-missing',
      cause: isReadOnly ? 'read-only' : 'mount-namespace-path-missing',
      result: RESULT,
      confidence: confidenceOf(context),
      place,
      message: `The destination ${quoted(path)} of ${key}= cannot be made: ${reason}`,
      subject: path,
      chain: [],
    });
  };

  const root = single(unit, 'RootDirectory');
  if (root !== undefined) needs('RootDirectory', root);
  const image = single(unit, 'RootImage');
  if (image !== undefined) needs('RootImage', image);
  for (const overlay of overlaysOf(unit)) if (!overlay.mayBeMissing) needs(overlay.key, overlay.source);
  const isPlain = image === undefined && (root === undefined || simplified(root.text) === '/');

  for (const bind of bindsOf(unit, context)) {
    if (!bind.mayBeMissing) needs('BindPaths', bind.source);
    const source = tree.lookup(bind.source.text);
    if (!isPlain || source === undefined) continue;
    const type = source.type === 'directory' ? 'directory' : 'file';
    makeDestination('BindPaths', bind.destination, type, bind.source.place);
  }
  if (!isPlain) return obstacles;
  for (const { text, place } of temporaryFileSystems(unit)) {
    makeDestination('TemporaryFileSystem', text, 'directory', place);
  }
  const modes = mountsOf(unit, context);
  for (const [key, mode] of Object.entries(pathLists)) {
    for (const word of wordsOf(unit, key)) {
      if (word.text.startsWith('-')) continue;
      const path = { ...word, text: simplified(word.text.replace(/^\+/, '')) };
      // Another mount has the same path: only that one is made.
      if (modes.get(path.text) !== mode) continue;
      const above = [path.text, traceLinks(tree, path.text).end].map((each) => mountAbove(modes, each));
      if (
        above.some(
          (mount) =>
            mount !== undefined && (mount.mode === 'inaccessible' || (mount.mode === mode && redundantModes.has(mode))),
        )
      )
        continue;
      const covering = above[0];
      if (covering?.mode === 'tmpfs')
        report(key, path, `${quoted(path.text)} is hidden by an empty ${quoted(covering.path)}`);
      else if (covering?.mode !== 'bind' && covering?.mode !== 'other') needs(key, path);
    }
  }
  return obstacles;
}

/**
 * The mounts of a service's own namespace (systemd.exec(5), "Sandboxing" and "Paths"): sources that must be there,
 * destinations that are made, and what a program then sees of a path.
 */

import { splitWords } from '../../formats/unit/settings/grammar.ts';
import { parseBindPaths } from '../../formats/unit/settings/paths.ts';
import { Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import { makePath } from './make-path.ts';
import { checkMaking, confidenceOf, explainAbsence, type PathState, pathState, quote } from './missing-path.ts';
import type { Obstacle } from './obstacle.ts';
import type { StartContext } from './start-context.ts';
import { booleanOf, type PlacedText, placed, simplified, single, wordsOf } from './unit-settings.ts';

const RESULT = '226/NAMESPACE';

/** Lists of paths that must exist, unless `-` stands in front. The second name of each is an old one. */
const pathLists: readonly string[] = [
  'ReadWritePaths',
  'ReadWriteDirectories',
  'ReadOnlyPaths',
  'ReadOnlyDirectories',
  'InaccessiblePaths',
  'InaccessibleDirectories',
  'ExecPaths',
  'NoExecPaths',
];

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
        overlays.push({ source: { ...text, text: source }, mayBeMissing, covers });
      }
    }
  }
  return overlays;
}

function isAtOrBelow(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** What a program of the unit sees. */
export interface NamespaceView {
  /** What is at a path for the program; kernel paths and what own mounts cover are `unknown`. */
  state(path: string): PathState;
  /** The tree that `found` paths lie in. */
  readonly tree: Tree;
}

/** Directories that a setting takes away from the unit. */
function hiddenDirectories(unit: Unit): readonly (readonly [directory: string, setting: string])[] {
  const hidden: (readonly [string, string])[] = [];
  const home = unit.last(unit.ownSection, 'ProtectHome')?.entry.value.toLowerCase();
  if (home !== undefined && (home === 'tmpfs' || booleanOf(unit, 'ProtectHome') === true)) {
    for (const directory of ['/home', '/root', '/run/user']) hidden.push([directory, 'ProtectHome=']);
  }
  const temporary = unit.last(unit.ownSection, 'PrivateTmp')?.entry.value;
  const isPrivateTmp = temporary === 'disconnected' || booleanOf(unit, 'PrivateTmp') === true;
  if (isPrivateTmp || (temporary === undefined && booleanOf(unit, 'DynamicUser') === true)) {
    for (const directory of ['/tmp', '/var/tmp']) hidden.push([directory, 'PrivateTmp=']);
  }
  for (const { text } of wordsOf(unit, 'InaccessiblePaths')) {
    hidden.push([simplified(text.replace(/^-?\+?/, '')), 'InaccessiblePaths=']);
  }
  return hidden;
}

/** What the unit's programs see of the tree once its namespace is set up. */
export function namespaceView(unit: Unit, context: StartContext, tree: Tree): NamespaceView {
  const rootDirectory = single(unit, 'RootDirectory');
  const hasImage = unit.last(unit.ownSection, 'RootImage') !== undefined;
  const root = rootDirectory === undefined ? tree.root : tree.lookup(rootDirectory.text);
  const isPlain = rootDirectory === undefined || simplified(rootDirectory.text) === '/';
  const view = isPlain || root === undefined ? tree : new Tree(root);
  const binds = bindsOf(unit, context);
  const covered = [
    ...temporaryFileSystems(unit).map(({ text }) => text),
    ...overlaysOf(unit).flatMap(({ covers }) => covers),
  ];
  const hidden = hiddenDirectories(unit);
  return {
    tree: view,
    state(path) {
      // Without its root directory the unit fails before anything else is looked at.
      if (hasImage || root === undefined) return { kind: 'unknown' };
      const bind = binds.findLast(({ destination }) => isAtOrBelow(path, destination));
      if (bind !== undefined) {
        // Rights on the way are those of the source; the tree that is found in is the host's.
        return isPlain
          ? pathState(context, tree, bind.source.text + path.slice(bind.destination.length))
          : { kind: 'unknown' };
      }
      if (covered.some((directory) => isAtOrBelow(path, directory))) return { kind: 'unknown' };
      const state = pathState(context, view, path);
      if (!isPlain || state.kind !== 'found') return state;
      const by = hidden.find(([directory]) => state.path !== directory && isAtOrBelow(state.path, directory));
      return by === undefined ? state : { kind: 'missing', reason: `${quote(path)} is hidden by ${by[1]}` };
    },
  };
}

/** Checks the namespace's sources and makes its destinations in the tree. */
export function setUpNamespace(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  const missing = (key: string, path: PlacedText) => {
    const state = pathState(context, tree, path.text);
    if (state.kind !== 'missing') return;
    obstacles.push({
      code: 'namespace-path-missing',
      cause: 'mount-namespace-path-missing',
      result: RESULT,
      confidence: confidenceOf(context),
      place: path.place,
      message: `${state.reason}, which ${key}= needs`,
      subject: path.text,
      chain: explainAbsence(context, tree, path.text).chain,
    });
  };
  const makeDestination = (key: string, path: string, type: 'directory' | 'file', place: PlacedText['place']) => {
    const check = checkMaking(context, tree, path, true);
    if (check.kind === 'can') {
      makePath(tree, path, { type, mode: type === 'directory' ? 0o755 : 0o644 }, place);
      return;
    }
    if (check.kind !== 'read-only' && check.kind !== 'no-parent') return;
    const isReadOnly = check.kind === 'read-only';
    obstacles.push({
      code: isReadOnly ? 'mount-destination-read-only' : 'namespace-path-missing',
      cause: isReadOnly ? 'read-only' : 'mount-namespace-path-missing',
      result: RESULT,
      confidence: confidenceOf(context),
      place,
      message: `The destination ${quote(path)} of ${key}= cannot be made: ${isReadOnly ? `${quote(check.at)} is read-only` : check.reason}`,
      subject: path,
      chain: [],
    });
  };

  const root = single(unit, 'RootDirectory');
  if (root !== undefined) missing('RootDirectory', root);
  const image = single(unit, 'RootImage');
  if (image !== undefined) missing('RootImage', image);
  for (const overlay of overlaysOf(unit)) if (!overlay.mayBeMissing) missing('MountImages', overlay.source);
  const isPlain = image === undefined && (root === undefined || simplified(root.text) === '/');

  const binds = bindsOf(unit, context);
  for (const bind of binds) {
    if (!bind.mayBeMissing) missing('BindPaths', bind.source);
    const source = tree.lookup(bind.source.text);
    if (!isPlain || source === undefined) continue;
    makeDestination(
      'BindPaths',
      bind.destination,
      source.type === 'directory' ? 'directory' : 'file',
      bind.source.place,
    );
  }
  if (!isPlain) return obstacles;
  const temporary = temporaryFileSystems(unit);
  for (const { text, place } of temporary) makeDestination('TemporaryFileSystem', text, 'directory', place);

  const covers = [...temporary.map(({ text }) => text), ...overlaysOf(unit).flatMap((overlay) => overlay.covers)];
  for (const key of pathLists) {
    for (const word of wordsOf(unit, key)) {
      const prefix = /^-?\+?/.exec(word.text)?.[0] ?? '';
      const path = { ...word, text: simplified(word.text.slice(prefix.length)) };
      if (
        prefix.startsWith('-') ||
        covers.some((directory) => path.text !== directory && isAtOrBelow(path.text, directory))
      )
        continue;
      missing(key, path);
    }
  }
  return obstacles;
}

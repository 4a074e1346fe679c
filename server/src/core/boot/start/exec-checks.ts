/** The settings of systemd.exec(5) that a command's child checks before it runs anything, besides accounts and mounts. */

import { parseCredential } from '../../formats/unit/settings/credential.ts';
import { quoted } from '../../formats/unit/settings/grammar.ts';
import { glob } from '../../pattern/glob.ts';
import type { Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import { existsInContainer } from '../conditions/container-facts.ts';
import { isKernelPath } from '../path-facts.ts';
import { type Identity, mayReach } from './identity.ts';
import { makePath } from './make-path.ts';
import { checkMaking, confidenceOf, explainAbsence, pathState } from './missing-path.ts';
import type { NamespaceView } from './namespace.ts';
import type { Obstacle, ObstacleCode } from './obstacle.ts';
import { pamStack } from './pam.ts';
import type { StartContext } from './start-context.ts';
import { booleanOf, type PlacedText, placed, simplified, single } from './unit-settings.ts';

/** A path that a setting needs and that is not there; undefined if it is there or nobody can tell. */
function needed(
  context: StartContext,
  tree: Tree,
  path: PlacedText,
  what: {
    readonly code: ObstacleCode;
    readonly result: string;
    readonly setting: string;
    readonly cause?: Obstacle['cause'];
  },
): Obstacle | undefined {
  const state = pathState(context, tree, path.text);
  if (state.kind !== 'missing') return undefined;
  const absence = explainAbsence(context, tree, path.text);
  return {
    code: what.code,
    cause: what.cause ?? absence.cause,
    result: what.result,
    confidence: confidenceOf(context),
    place: path.place,
    message: `${state.reason}, which ${what.setting}= needs`,
    subject: path.text,
    chain: absence.chain,
  };
}

function defined<Value>(values: readonly (Value | undefined)[]): readonly Value[] {
  return values.filter((value) => value !== undefined);
}

/** EnvironmentFile=: read by the manager before anything is run. A pattern must match; a directory is no file. */
export function environmentFiles(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  for (const value of unit.list(unit.ownSection, 'EnvironmentFile')) {
    const path = placed(unit, value, value.entry.value);
    if (path === undefined || path.text.startsWith('-')) continue;
    if (/[*?[{]/.test(path.text)) {
      if (isKernelPath(path.text) || matches(tree, path.text) || context.isPartial) continue;
      obstacles.push({
        code: 'environment-file-missing',
        cause: 'missing-environment-file',
        result: 'resources',
        confidence: 'certain',
        place: path.place,
        message: `No file matches ${quoted(path.text)}, which EnvironmentFile= needs`,
        subject: path.text,
        chain: [],
      });
      continue;
    }
    const what = { code: 'environment-file-missing', result: 'resources', setting: 'EnvironmentFile' } as const;
    const missing = needed(context, tree, path, { ...what, cause: 'missing-environment-file' });
    if (missing !== undefined) obstacles.push(missing);
    else if (tree.lookup(path.text)?.type === 'directory') {
      obstacles.push({
        ...what,
        cause: 'missing-environment-file',
        confidence: 'certain',
        place: path.place,
        message: `${quoted(path.text)} is a directory, and EnvironmentFile= needs a file`,
        subject: path.text,
        chain: [],
      });
    }
  }
  return obstacles;
}

function matches(tree: Tree, pattern: string): boolean {
  const files = {
    exists: (path: string) => tree.lookup(path, { follow: false }) !== undefined,
    list: (path: string) => {
      const inode = tree.lookup(path);
      return inode?.type === 'directory' ? inode.names() : undefined;
    },
  };
  return glob(files, pattern).length > 0;
}

/** OpenFile= (253): `PATH[:NAME[:OPTIONS]]`. It is opened for writing too, unless `read-only` says otherwise. */
export function openFiles(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  if (context.inputs.systemd.version < 253) return [];
  const obstacles: Obstacle[] = [];
  for (const value of unit.list('Service', 'OpenFile')) {
    const [path = '', , options = ''] = value.entry.value.split(':');
    if (/(^|,)graceful(,|$)/.test(options)) continue;
    const text = placed(unit, value, path, { start: 0, end: path.length });
    if (text === undefined) continue;
    const what = { code: 'open-file-missing', result: '202/FDS', setting: 'OpenFile' } as const;
    const missing = needed(context, tree, text, what);
    const unwritable = /(^|,)read-only(,|$)/.test(options) ? undefined : whyUnwritable(tree, text.text);
    if (missing !== undefined) obstacles.push(missing);
    else if (unwritable !== undefined) {
      obstacles.push({
        code: what.code,
        result: what.result,
        cause: unwritable.cause,
        confidence: confidenceOf(context),
        place: text.place,
        message: `${quoted(text.text)} of OpenFile= is to be opened for writing and is ${unwritable.reason}`,
        subject: text.text,
        chain: [],
      });
    }
  }
  return obstacles;
}

function whyUnwritable(tree: Tree, path: string): (Pick<Obstacle, 'cause'> & { readonly reason: string }) | undefined {
  const found = tree.walk(path);
  if (found.kind !== 'found') return undefined;
  if (found.inode.type === 'directory') return { cause: 'other', reason: 'a directory' };
  if (found.inode.type !== 'file' || !tree.isReadOnly(found.path)) return undefined;
  return { cause: 'read-only', reason: 'on a read-only file system' };
}

export function networkNamespace(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const path = single(unit, 'NetworkNamespacePath');
  if (path === undefined) return [];
  const what = { code: 'network-namespace-missing', result: '225/NETWORK', setting: 'NetworkNamespacePath' } as const;
  return defined([needed(context, tree, path, what)]);
}

/** IPCNamespacePath= is joined with the mounts. */
export function ipcNamespace(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const path = single(unit, 'IPCNamespacePath');
  if (path === undefined || !context.inputs.systemd.has('unit-ipc-namespace-needed')) return [];
  const what = { code: 'namespace-path-missing', result: '226/NAMESPACE', setting: 'IPCNamespacePath' } as const;
  return defined([needed(context, tree, path, { ...what, cause: 'mount-namespace-path-missing' })]);
}

/** StandardInput=, StandardOutput= and StandardError=. Files of the last two are made, their directories are not. */
export function standardStreams(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  return defined([
    standardInput(unit, context, tree),
    standardFile(unit, 'StandardOutput', '209/STDOUT', context, tree),
    standardFile(unit, 'StandardError', '222/STDERR', context, tree),
  ]);
}

function standardInput(unit: Unit, context: StartContext, tree: Tree): Obstacle | undefined {
  const input = single(unit, 'StandardInput');
  const what = { code: 'standard-input-missing', result: '208/STDIN', setting: 'StandardInput' } as const;
  const file = input?.text.startsWith('file:') ? input.text.slice('file:'.length) : undefined;
  if (input !== undefined && file !== undefined) return needed(context, tree, { ...input, text: file }, what);
  if (input === undefined || !/^tty(-force|-fail)?$/.test(input.text)) return undefined;
  const terminal = single(unit, 'TTYPath');
  if (terminal === undefined || context.inputs.environment.container !== true) return undefined;
  if (existsInContainer(simplified(terminal.text)) !== false) return undefined;
  return {
    ...what,
    cause: 'other',
    confidence: 'certain',
    place: terminal.place,
    message: `A container has no ${quoted(terminal.text)}, which ${what.setting}= needs`,
    subject: terminal.text,
    chain: [],
  };
}

function standardFile(
  unit: Unit,
  setting: 'StandardOutput' | 'StandardError',
  result: string,
  context: StartContext,
  tree: Tree,
): Obstacle | undefined {
  const value = single(unit, setting);
  const path = /^(?:file|append|truncate):(\/.*)$/.exec(value?.text ?? '')?.[1];
  if (value === undefined || path === undefined) return undefined;
  const check = checkMaking(context, tree, path, false);
  const obstacle = (cause: Obstacle['cause'], reason: string): Obstacle => ({
    code: setting === 'StandardOutput' ? 'standard-output-parent-missing' : 'standard-error-parent-missing',
    cause,
    result,
    confidence: confidenceOf(context),
    place: value.place,
    message: `${quoted(path)} of ${setting}= cannot be opened: ${reason}`,
    subject: path,
    chain: check.kind === 'no-parent' ? explainAbsence(context, tree, check.at).chain : [],
  });
  switch (check.kind) {
    case 'no-parent':
      return obstacle('missing-output-path', check.reason);
    case 'read-only':
      return obstacle('read-only', `${quoted(check.at)} is read-only`);
    case 'can':
      makePath(tree, path, { type: 'file', mode: 0o644 }, value.place);
      return undefined;
    case 'exists': {
      const found = tree.walk(path);
      if (found.kind !== 'found' || isKernelPath(found.path)) return undefined;
      if (found.inode.type === 'directory') return obstacle('missing-output-path', 'it is a directory');
      if (found.inode.type === 'file' && tree.isReadOnly(found.path)) return obstacle('read-only', 'it is read-only');
      return undefined;
    }
    default:
      return undefined;
  }
}

/** LoadCredential=ID:/PATH, unless SetCredential= has the same id for a fallback. Sources without a path may be missing. */
export function credentials(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const section = unit.ownSection;
  const fallbacks = new Set(
    ['SetCredential', 'SetCredentialEncrypted'].flatMap((key) =>
      unit.list(section, key).map((value) => parseCredential(value.entry.value).id),
    ),
  );
  const obstacles: Obstacle[] = [];
  for (const key of ['LoadCredential', 'LoadCredentialEncrypted']) {
    for (const value of unit.list(section, key)) {
      const { id, rest, restSpan } = parseCredential(value.entry.value);
      const path = rest === undefined ? undefined : placed(unit, value, rest, restSpan);
      if (path === undefined || !path.text.startsWith('/') || fallbacks.has(id)) continue;
      const missing = needed(context, tree, path, {
        code: 'credential-missing',
        result: '243/CREDENTIALS',
        setting: key,
      });
      if (missing !== undefined) obstacles.push(missing);
    }
  }
  return obstacles;
}

/** PAMName= */
export function pam(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const name = single(unit, 'PAMName');
  if (name === undefined) return [];
  const hasUser = single(unit, 'User') !== undefined || booleanOf(unit, 'DynamicUser') === true;
  if (!hasUser && !context.inputs.systemd.has('unit-pam-without-user')) return [];
  const stack = pamStack(tree, name.text);
  if (stack.kind !== 'missing' || context.isPartial) return [];
  const by = stack.includedBy;
  return [
    {
      code: 'pam-stack-missing',
      cause: 'pam',
      result: '224/PAM',
      confidence: confidenceOf(context),
      place: name.place,
      message:
        by === undefined
          ? `PAM has neither a stack for ${quoted(name.text)} nor one for "other"`
          : `The PAM stack ${quoted(by)} includes ${quoted(stack.file)}, which does not exist`,
      subject: stack.file,
      chain: [
        ...(by === undefined ? [] : [{ file: by, message: `${quoted(by)} includes it` }]),
        ...explainAbsence(context, tree, stack.file).chain,
      ],
    },
  ];
}

/** WorkingDirectory=: entered as the unit's user, inside its namespace. `-` forgives. */
export function workingDirectory(
  unit: Unit,
  context: StartContext,
  view: NamespaceView,
  identity: Identity,
  isRoot: boolean,
): readonly Obstacle[] {
  const value = single(unit, 'WorkingDirectory');
  if (value === undefined || value.text.startsWith('-')) return [];
  const obstacle = (what: Pick<Obstacle, 'message' | 'subject' | 'chain'> & Partial<Obstacle>): readonly Obstacle[] => [
    {
      code: 'working-directory-missing',
      cause: 'missing-working-directory',
      result: '200/CHDIR',
      confidence: confidenceOf(context),
      place: value.place,
      ...what,
    },
  ];
  let path = value.text;
  if (path === '~') {
    const { user } = identity;
    if (user === undefined) {
      if (identity.uid !== 0) return [];
      path = '/root';
    } else if (user.home === undefined) {
      // Without a home it stays in `/` since 254 at the latest; 252 tries the manager's home, which the user may not enter.
      if (context.inputs.systemd.has('unit-working-directory-without-home') || user.uid === 0) return [];
      return obstacle({
        message: `The user ${quoted(user.name)} has no home directory, which WorkingDirectory=~ needs`,
        subject: user.name,
        chain: [],
      });
    } else path = user.home;
  }
  const state = view.state(simplified(path));
  if (state.kind === 'unknown') return [];
  const setting = `WorkingDirectory=${value.text === '~' ? '~' : ''}`;
  if (state.kind === 'missing') {
    return obstacle({
      message: `${state.reason}, which ${setting} needs`,
      subject: path,
      chain: explainAbsence(context, view.tree, path).chain,
    });
  }
  if (state.inode.type !== 'directory') {
    return obstacle({ message: `${quoted(path)} of ${setting} is not a directory`, subject: path, chain: [] });
  }
  if (!isRoot && mayReach(view.tree, state.path, identity) === false) {
    return obstacle({
      cause: 'permission',
      message: `The unit's user may not enter ${quoted(path)} of ${setting}`,
      subject: path,
      chain: state.inode.causes.map((cause) => ({ ...cause, message: `${quoted(state.path)} gets its rights here` })),
    });
  }
  return [];
}

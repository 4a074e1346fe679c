/** Conditions on paths of the tree. Paths of the kernel's own file systems are unknown, except for what is certain. */

import { quoted } from '../../formats/unit/settings/grammar.ts';
import { isHiddenOrBackup } from '../../layering/config-files.ts';
import { glob } from '../../pattern/glob.ts';
import { decodeText } from '../../text/bytes.ts';
import type { Inode } from '../../tree/inode.ts';
import { pathComponents, type WalkResult } from '../../tree/tree.ts';
import { isKernelPath, traceLinks } from '../path-facts.ts';
import { type Answer, answer, type ConditionContext, unknown } from './answer.ts';
import { existsInContainer, isWritableInContainer, usuallyExists } from './container-facts.ts';

function normalized(path: string): string {
  return `/${pathComponents(path).join('/')}`;
}

/** Answers for a path of the kernel's, where something is certain. */
function kernelPath(path: string, context: ConditionContext, what: (path: string) => boolean | undefined): Answer {
  const place = normalized(path);
  const known = context.inputs.environment.container === true ? what(place) : undefined;
  if (known !== undefined)
    return answer(known, `${quoted(place)} ${known ? 'exists' : 'does not exist'} in a container`);
  const isContainer = context.inputs.environment.container === true;
  return unknown(`${quoted(place)} is the kernel's`, usuallyExists(place, isContainer));
}

interface Found {
  readonly inode: Inode;
  readonly path: string;
}

/** Walks and answers for everything that is not found; otherwise asks `test`. */
function withInode(
  path: string,
  context: ConditionContext,
  test: (found: Found) => Answer,
  options: { readonly follow?: boolean; readonly kernel?: (path: string) => boolean | undefined } = {},
): Answer {
  if (isKernelPath(path)) return kernelPath(path, context, options.kernel ?? onlyAbsence);
  const found = context.tree.walk(path, { follow: options.follow ?? true });
  const { end } = traceLinks(context.tree, path);
  if (isKernelPath(end)) return unknown(`${quoted(path)} leads to the kernel's ${quoted(end)}`);
  if (found.kind === 'found') return test(found);
  if (context.isPartial && found.kind === 'missing' && !isEmptiedAtBoot(path)) {
    return unknown(`the image shows only a part of the system, ${quoted(path)} may exist`);
  }
  return answer(false, describeMissing(path, found));
}

/** A path that does not exist has no property either. */
function onlyAbsence(path: string): false | undefined {
  return existsInContainer(path) === false ? false : undefined;
}

function isEmptiedAtBoot(path: string): boolean {
  const first = pathComponents(path)[0] ?? '';
  return ['etc', 'var', 'run', 'tmp', 'home', 'root', 'srv'].includes(first);
}

function describeMissing(path: string, found: WalkResult): string {
  if (found.kind === 'loop') return `${quoted(path)} is a link in circles`;
  if (found.kind === 'not-a-directory') return `${quoted(found.path)} is not a directory`;
  return `${quoted(path)} does not exist`;
}

const typeNames: Readonly<Record<Inode['type'], string>> = {
  file: 'a file',
  directory: 'a directory',
  symlink: 'a link',
  char: 'a device',
  block: 'a device',
  fifo: 'a FIFO',
  socket: 'a socket',
};

function isOfType(path: string, found: Found, type: Inode['type']): Answer {
  const is = found.inode.type === type;
  return answer(
    is,
    `${quoted(path)} is ${is ? typeNames[type] : `${typeNames[found.inode.type]}, not ${typeNames[type]}`}`,
  );
}

type PathTest = (path: string, context: ConditionContext) => Answer;

export const pathExists: PathTest = (path, context) =>
  withInode(path, context, () => answer(true, `${quoted(path)} exists`), { kernel: existsInContainer });

export const pathExistsGlob: PathTest = (pattern, context) => {
  const { tree } = context;
  if (isKernelPath(pattern)) return unknown(`${quoted(pattern)} is the kernel's`);
  const found = glob(
    {
      exists: (path) => tree.lookup(path, { follow: false }) !== undefined,
      list: (path) => {
        const inode = tree.lookup(path);
        return inode?.type === 'directory' ? inode.names() : undefined;
      },
    },
    pattern,
  );
  if (found[0] !== undefined) return answer(true, `${quoted(found[0])} exists`);
  if (context.isPartial && !isEmptiedAtBoot(pattern)) {
    return unknown(`the image shows only a part of the system, something may match ${quoted(pattern)}`);
  }
  return answer(false, `nothing matches ${quoted(pattern)}`);
};

export const pathIsDirectory: PathTest = (path, context) =>
  withInode(path, context, (found) => isOfType(path, found, 'directory'));

export const pathIsSymbolicLink: PathTest = (path, context) =>
  withInode(path, context, (found) => isOfType(path, found, 'symlink'), { follow: false });

export const pathIsSocket: PathTest = (path, context) =>
  withInode(path, context, (found) => isOfType(path, found, 'socket'));

/** Mounted on every boot (mount-setup of systemd). */
const alwaysMounted: ReadonlySet<string> = new Set(['/', '/proc', '/sys', '/dev', '/dev/pts', '/dev/shm', '/run']);

export const pathIsMountPoint: PathTest = (path, context) => {
  if (alwaysMounted.has(normalized(path))) return answer(true, `something is always mounted on ${quoted(path)}`);
  return withInode(path, context, (found) => {
    const { tree } = context;
    if (alwaysMounted.has(found.path) || [...tree.readOnly, ...tree.writable].includes(found.path)) {
      return answer(true, `${quoted(found.path)} is a mount point`);
    }
    if (found.path === '/etc/machine-id') {
      const is = context.isFirstBoot || !holdsMachineId(found.inode);
      return answer(is, is ? 'a transient machine id is mounted there' : '/etc/machine-id holds an id of its own');
    }
    if (context.mountPoints === undefined) return unknown(`nobody can tell what is mounted on ${quoted(path)}`, false);
    const is = context.mountPoints.has(found.path);
    return answer(is, `${is ? 'something' : 'nothing'} is mounted on ${quoted(path)}`);
  });
};

/** PID 1 mounts a transient id over a file that has none (machine-id(5)). Content that was left out counts as an id. */
function holdsMachineId(inode: Inode): boolean {
  if (inode.type !== 'file' || inode.content.kind !== 'bytes') return true;
  return /^[0-9A-Fa-f]{32}\n?$/.test(decodeText(inode.content.bytes));
}

export const pathIsReadWrite: PathTest = (path, context) => {
  const { container } = context.inputs.environment;
  if (isKernelPath(path) && container !== undefined) {
    const place = normalized(path);
    const writable = container ? isWritableInContainer(place) : true;
    // Outside of containers the kernel's file systems are writable, if only there is such a path.
    if (writable === false) return answer(false, `${quoted(place)} is read-only in a container`);
    if (writable === true && existsInContainer(place)) return answer(true, `${quoted(place)} is writable`);
  }
  return withInode(path, context, (found) => {
    const isReadOnly = context.tree.isReadOnly(found.path);
    return answer(!isReadOnly, `${quoted(path)} is on a ${isReadOnly ? 'read-only' : 'writable'} file system`);
  });
};

export const pathIsEncrypted: PathTest = (path, context) =>
  withInode(path, context, () => unknown(`nobody can tell what disk ${quoted(path)} is on`, false));

export const directoryNotEmpty: PathTest = (path, context) =>
  withInode(path, context, (found) => {
    if (found.inode.type !== 'directory') return isOfType(path, found, 'directory');
    const name = found.inode.names().find((entry) => !isHiddenOrBackup(entry));
    if (name === undefined && context.isPartial && !isEmptiedAtBoot(path)) {
      return unknown(`the image shows only a part of the system, ${quoted(path)} may not be empty`);
    }
    return name === undefined
      ? answer(false, `${quoted(path)} is empty`)
      : answer(true, `${quoted(path)} holds ${quoted(name)}`);
  });

export const fileNotEmpty: PathTest = (path, context) =>
  withInode(path, context, (found) => {
    if (found.inode.type !== 'file') return isOfType(path, found, 'file');
    const { size } = found.inode;
    if (size === undefined) return unknown(`the size of ${quoted(path)} is not known`, true);
    return answer(size > 0, `${quoted(path)} is ${size > 0 ? 'not empty' : 'empty'}`);
  });

export const fileIsExecutable: PathTest = (path, context) =>
  withInode(path, context, (found) => {
    if (found.inode.type !== 'file') return isOfType(path, found, 'file');
    const { mode } = found.inode;
    if (mode === undefined) return unknown(`the mode of ${quoted(path)} is not known`, true);
    const is = (mode & 0o111) !== 0;
    return answer(is, `${quoted(path)} is ${is ? '' : 'not '}executable`);
  });

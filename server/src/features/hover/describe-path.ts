/** A path: whether it is there after the boot, who makes it, what a reset takes away, who needs it. */

import { isKernelPath } from '../../core/boot/path-facts.ts';
import type { InodeType } from '../../core/image/image.ts';
import type { Inode } from '../../core/tree/inode.ts';
import { modeText } from '../../core/tree/mode-text.ts';
import { pathComponents } from '../../core/tree/tree.ts';
import { code, plain } from '../markdown.ts';
import type { SetFacts } from '../set-facts.ts';
import { bootOf, causeWords, fixOf, type HoverScope, placeLink } from './scope.ts';
import { makersOf, usersOf } from './users-of.ts';

export const typeWords: Readonly<Record<InodeType, string>> = {
  file: 'file',
  directory: 'directory',
  symlink: 'symlink',
  char: 'character device',
  block: 'block device',
  fifo: 'named pipe',
  socket: 'socket',
};

/** Directories that the boot begins without; elsewhere a partial image may just not show something. */
const emptied: ReadonlySet<string> = new Set(['etc', 'var', 'run', 'tmp']);

export function describePath(scope: HoverScope, path: string): string[] {
  const { facts } = scope;
  if (facts === undefined) return describeAlone(scope, path);
  const title = `**${plain(path)}** ${bootOf(facts)}:`;
  const found = facts.tree.walk(path, { follow: false });
  if (found.kind === 'found') {
    const { inode } = found;
    if (isKernelPath(found.path) && inode.causes.every(({ phase }) => phase === 'skeleton')) {
      return [`${title} the kernel's own, not known from files.`];
    }
    const other = found.path === path ? '' : `\n\nThat is ${code(found.path)}.`;
    return [
      `${title} ${inodeWords(facts, inode)}, ${originWords(scope, inode)}.${other}`,
      ...usersOf(scope, 'path', path),
    ];
  }
  if (isKernelPath(path)) return [`${title} the kernel's own, not known from files.`];
  if (found.kind === 'missing' && facts.isPartial && !emptied.has(pathComponents(path)[0] ?? '')) {
    return [`${title} *unknown*; the base is not a whole system, so that nothing follows from what it lacks.`];
  }
  const paragraphs = [`${title} ${absence(found)}`];
  const shipped = facts.shipped.lookup(path, { follow: false });
  if (shipped !== undefined) {
    paragraphs.push(`The image ships it (${shippedWords(facts, shipped)}), ${lossWords(facts)}.`);
  }
  const makers = makersOf(scope, 'path', path);
  const [first] = makers;
  if (first !== undefined) {
    const links = makers.slice(0, 3).map((maker) => maker.link);
    // A line may be refused, its unit never start: say so rather than deny the line.
    paragraphs[0] =
      first.unit === undefined
        ? `${title} *not there*, although ${links.join(', ')} would make it${refusalWords(scope, path)}.`
        : `${title} *not there*; ${links.join(', ')} makes it when ${code(first.unit)} starts.`;
  }
  return [...paragraphs, ...usersOf(scope, 'path', path), ...fixOf(scope, path)];
}

function describeAlone(scope: HoverScope, path: string): string[] {
  const lines = makersOf(scope, 'path', path).map((maker) => maker.link);
  return lines.length === 0 ? [] : [`**${plain(path)}** is made by ${lines.slice(0, 3).join(', ')}.`];
}

function absence(found: { readonly kind: string; readonly path?: string }): string {
  if (found.kind === 'loop') return '*not there*: a link in circles.';
  if (found.kind === 'not-a-directory') return `*not there*: ${code(found.path ?? '')} is no directory.`;
  return '*nobody makes it.*';
}

function refusalWords({ facts }: HoverScope, path: string): string {
  const finding = facts?.findings(path).find(({ phase }) => phase === 'tmpfiles');
  return finding === undefined ? '' : ` (${plain(finding.message)})`;
}

/** `directory `drwxr-x---` lantern:lantern`. */
export function inodeWords(facts: SetFacts, inode: Inode): string {
  const { type, mode, uid, gid, target } = inode;
  const owner = code(`${facts.userName(uid)}:${facts.groupName(gid)}`);
  if (type === 'symlink') return `symlink to ${code(target ?? '?')}, ${owner}`;
  return `${typeWords[type]} ${code(modeText(type, mode))} ${owner}`;
}

function shippedWords(facts: SetFacts, { type, mode, uid, gid }: Inode): string {
  const user = uid === undefined ? undefined : facts.shippedAccounts.user(String(uid));
  const group = gid === undefined ? undefined : facts.shippedAccounts.group(String(gid));
  const owner = `${user?.kind === 'found' ? user.account.name : (uid ?? '?')}:${group?.kind === 'found' ? group.account.name : (gid ?? '?')}`;
  return code(`${modeText(type, mode)} ${owner}`);
}

function lossWords(facts: SetFacts): string {
  return facts.set.options.volatile === 'yes' || facts.set.options.volatile === 'state'
    ? 'a reset removes it'
    : 'the boot removes it';
}

function originWords(scope: HoverScope, inode: Inode): string {
  // What an early unit's start makes and a line names, too, is the line's.
  const first = inode.causes.find(({ phase }) => phase !== 'start') ?? inode.causes[0];
  if (first === undefined) return 'as the image ships it';
  if (first.phase === 'start') return `made when ${placeLink(scope, first)} starts`;
  const made = causeWords(scope, first);
  const changed = inode.causes.filter((cause) => cause !== first && cause.action === 'changed').slice(0, 2);
  return [made, ...changed.map((cause) => causeWords(scope, cause))].join(', ');
}

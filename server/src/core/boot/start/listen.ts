/** Sockets and FIFOs of .socket units: what they bind to and make, and what keeps them from it (systemd.socket(5)). */

import { quoted } from '../../formats/unit/settings/grammar.ts';
import { parseListenAddress } from '../../formats/unit/settings/listen-address.ts';
import { parentPath, type Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import { makeLink, makePath } from './make-path.ts';
import { checkMaking, confidenceOf, pathState } from './missing-path.ts';
import type { Obstacle } from './obstacle.ts';
import type { StartContext } from './start-context.ts';
import { modeOf, type PlacedText, placed, simplified, single, wordsOf } from './unit-settings.ts';

interface ListenRow {
  readonly key: string;
  /** What is made at the path; undefined: it must be there. */
  readonly makes: 'socket' | 'fifo' | undefined;
}

const listenRows: readonly ListenRow[] = [
  { key: 'ListenStream', makes: 'socket' },
  { key: 'ListenDatagram', makes: 'socket' },
  { key: 'ListenSequentialPacket', makes: 'socket' },
  { key: 'ListenFIFO', makes: 'fifo' },
  { key: 'ListenSpecial', makes: undefined },
];

interface ListenPath extends PlacedText {
  readonly row: ListenRow;
}

/** Paths of the file system that the socket listens on. An empty assignment of any address resets that kind only. */
function listenPaths(unit: Unit): readonly ListenPath[] {
  const paths: ListenPath[] = [];
  for (const row of listenRows) {
    for (const value of unit.list('Socket', row.key)) {
      const text = placed(unit, value, value.entry.value);
      if (text === undefined) continue;
      const path = row.makes === 'socket' ? socketPath(text.text) : text.text;
      if (path?.startsWith('/')) paths.push({ ...text, row, text: modernRun(simplified(path)) });
    }
  }
  return paths;
}

function socketPath(value: string): string | undefined {
  const address = parseListenAddress(value);
  return address?.kind === 'path' ? address.path : undefined;
}

/** Paths below /var/run are moved to /run when the unit is loaded. */
function modernRun(path: string): string {
  return path.startsWith('/var/run/') ? path.slice('/var'.length) : path;
}

/** Opens the socket's addresses in the tree. */
export function openSockets(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  const directoryMode = modeOf(unit, 'DirectoryMode', 0o755);
  const mode = modeOf(unit, 'SocketMode', 0o666);
  const owner = socketOwner(unit, context);
  const paths = listenPaths(unit);
  for (const { row, text: path, place } of paths) {
    const fail = (cause: Obstacle['cause'], message: string) => {
      obstacles.push({
        code: 'socket-unbindable',
        cause,
        result: 'resources',
        confidence: confidenceOf(context),
        place,
        message,
        subject: path,
        chain: [],
      });
    };
    if (row.makes === undefined) {
      const state = pathState(context, tree, path);
      if (state.kind === 'missing') fail('other', `${state.reason}, which ${row.key}= needs`);
      continue;
    }
    const there = tree.lookup(path, { follow: false });
    if (there !== undefined) {
      // What has the name is removed, unless it is a directory; a FIFO is used again.
      if (there.type === 'directory') fail('other', `${quoted(path)} of ${row.key}= is a directory`);
      else if (row.makes === 'fifo' && there.type !== 'fifo')
        fail('other', `${quoted(path)} of ${row.key}= is not a FIFO`);
      else if (row.makes === 'socket' && there.type !== 'socket' && tree.isReadOnly(path)) {
        fail('read-only', `${quoted(path)} of ${row.key}= cannot be made: it is on a read-only file system`);
      } else if (row.makes === 'socket') {
        tree.lookup(parentPath(path))?.remove(path.slice(path.lastIndexOf('/') + 1));
        makePath(tree, path, { type: 'socket', mode, ...owner }, place, directoryMode);
      }
      continue;
    }
    const check = checkMaking(context, tree, path, true);
    if (check.kind === 'read-only') {
      fail('read-only', `${quoted(path)} of ${row.key}= cannot be made: ${quoted(check.at)} is read-only`);
    } else if (check.kind === 'no-parent') {
      fail('other', `${quoted(path)} of ${row.key}= cannot be made: ${check.reason}`);
    } else if (check.kind === 'can') {
      makePath(tree, path, { type: row.makes, mode, ...owner }, place, directoryMode);
    }
  }
  // Links are made for the one node that there is; a failure is only logged.
  const node = paths.filter(({ row }) => row.makes !== undefined);
  if (node.length === 1 && node[0] !== undefined) {
    for (const link of wordsOf(unit, 'Symlinks')) {
      const path = simplified(link.text);
      makeLink(tree, path, node[0].text, link.place);
    }
  }
  return obstacles;
}

function socketOwner(unit: Unit, context: StartContext): { readonly uid?: number; readonly gid?: number } {
  const user = single(unit, 'SocketUser');
  const group = single(unit, 'SocketGroup');
  const account = user === undefined ? undefined : context.accounts.user(user.text);
  const own = group === undefined ? undefined : context.accounts.group(group.text);
  const uid = account?.kind === 'found' ? account.account.uid : 0;
  const gid = own?.kind === 'found' ? own.account.gid : account?.kind === 'found' ? account.account.gid : 0;
  return { uid, gid };
}

/** SocketUser= and SocketGroup= are looked up by a helper process once the sockets are open. */
export function socketOwners(unit: Unit, context: StartContext): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  for (const [key, kind] of [
    ['SocketUser', 'user'],
    ['SocketGroup', 'group'],
  ] as const) {
    const name = single(unit, key);
    if (name === undefined) continue;
    const found = kind === 'user' ? context.accounts.user(name.text) : context.accounts.group(name.text);
    if (found.kind !== 'missing') continue;
    const shipped =
      kind === 'user' ? context.shippedAccounts.user(name.text) : context.shippedAccounts.group(name.text);
    const file = kind === 'user' ? '/etc/passwd' : '/etc/group';
    obstacles.push({
      code: 'socket-owner-missing',
      cause: 'missing-user',
      result: kind === 'user' ? '217/USER' : '216/GROUP',
      confidence: confidenceOf(context),
      place: name.place,
      message: `The ${kind} ${quoted(name.text)} of ${key}= does not exist`,
      subject: name.text,
      chain:
        shipped.kind === 'found'
          ? [{ file, message: `the image's ${file} has it, but nothing declares it in sysusers.d` }]
          : [],
    });
  }
  return obstacles;
}

/**
 * What starts units later than the boot's own transaction: sockets, timers, paths and automounts, names on the bus, and rules
 * of udev.
 */

import { instanceOf, parseUnitName } from '../formats/unit/settings/unit-name.ts';
import { isHiddenOrBackup } from '../layering/config-files.ts';
import type { Place } from '../problems/problem.ts';
import { compareBytes, decodeText } from '../text/bytes.ts';
import { LineIndex } from '../text/source-text.ts';
import { joinPath, type Tree } from '../tree/tree.ts';
import { isAccepting } from './activation-settings.ts';
import type { UnitStore } from './load-units.ts';
import type { Unit } from './unit.ts';

export interface Activation {
  /** The name that is started; for accepting sockets and rules with variables a template. */
  readonly target: string;
  readonly kind: 'socket' | 'timer' | 'path' | 'automount' | 'bus' | 'udev';
  /** The unit, the bus name or the path of the rule. */
  readonly by: string;
  readonly place: Place;
}

/** Where D-Bus looks for what it starts, best first; a bus name counts once. */
const busDirectories = [
  '/etc/dbus-1/system-services',
  '/run/dbus-1/system-services',
  '/usr/local/share/dbus-1/system-services',
  '/usr/share/dbus-1/system-services',
  '/lib/dbus-1/system-services',
];

/** Where udev looks for rules, best first; a file name counts once (udev(7)). */
const ruleDirectories = [
  '/etc/udev/rules.d',
  '/run/udev/rules.d',
  '/usr/local/lib/udev/rules.d',
  '/usr/lib/udev/rules.d',
];

/** All activations that loaded units and the image's files tell of, in a stable order. */
export function readActivations(store: UnitStore): readonly Activation[] {
  return [...unitActivations(store), ...busActivations(store.tree), ...ruleActivations(store.tree)];
}

function unitActivations(store: UnitStore): readonly Activation[] {
  const found: Activation[] = [];
  for (const unit of [...store.loaded]) {
    const { type } = unit;
    if (type !== 'socket' && type !== 'timer' && type !== 'path' && type !== 'automount') continue;
    for (const { kind, target, place } of unit.dependencies) {
      if (kind === 'Triggers') found.push({ target, kind: type, by: unit.name, place });
    }
    if (type === 'socket' && isAccepting(unit)) {
      found.push({ target: connectionTemplate(unit), kind: type, by: unit.name, place: unit.filePlace });
    }
  }
  return found;
}

/** The template whose instances an accepting socket starts. */
function connectionTemplate(socket: Unit): string {
  return `${socket.name.replace(/(@[^@]*)?\.socket$/, '')}@.service`;
}

interface ServiceFile {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

function winners(tree: Tree, directories: readonly string[], suffix: string): readonly ServiceFile[] {
  const found = new Map<string, ServiceFile | undefined>();
  for (const directory of directories) {
    const walked = tree.walk(directory);
    if (walked.kind !== 'found' || walked.inode.type !== 'directory') continue;
    for (const name of walked.inode.names()) {
      if (!name.endsWith(suffix) || isHiddenOrBackup(name) || found.has(name)) continue;
      const path = joinPath(walked.path, name);
      const inode = tree.lookup(path);
      const content = inode?.type === 'file' ? inode.content : undefined;
      found.set(name, content?.kind === 'bytes' ? { path, name, text: decodeText(content.bytes) } : undefined);
    }
  }
  const files = [...found.values()].filter((file) => file !== undefined);
  return files.sort((a, b) => compareBytes(a.name, b.name));
}

/** `SystemdService=` of activation files; without one D-Bus starts the program itself. */
function busActivations(tree: Tree): readonly Activation[] {
  const byName = new Map<string, Activation>();
  for (const { path, text } of winners(tree, busDirectories, '.service')) {
    const busName = /^[ \t]*Name[ \t]*=[ \t]*(\S+)[ \t\r]*$/m.exec(text)?.[1];
    const match = /^[ \t]*SystemdService[ \t]*=[ \t]*(\S+)[ \t\r]*$/m.exec(text);
    const target = match?.[1];
    if (busName === undefined || match === null || target === undefined || byName.has(busName)) continue;
    if (parseUnitName(target) === undefined) continue;
    const start = match.index + match[0].indexOf(target, match[0].indexOf('='));
    byName.set(busName, {
      target,
      kind: 'bus',
      by: busName,
      place: {
        file: path,
        line: new LineIndex(text).position(start).line,
        span: { start, end: start + target.length },
      },
    });
  }
  return [...byName.values()];
}

const wantedByRule = /ENV\{SYSTEMD_WANTS\}[ \t]*\+?=[ \t]*"([^"\n]*)"/g;

/** `ENV{SYSTEMD_WANTS}` of udev rules (systemd.device(5)). */
function ruleActivations(tree: Tree): readonly Activation[] {
  return winners(tree, ruleDirectories, '.rules').flatMap(({ path, text }) => {
    const found: Activation[] = [];
    let lines: LineIndex | undefined;
    for (const match of text.matchAll(wantedByRule)) {
      lines ??= new LineIndex(text);
      const { line } = lines.position(match.index);
      for (const word of (match[1] ?? '').split(/\s+/)) {
        const target = ruleTarget(word);
        if (target !== undefined) found.push({ target, kind: 'udev', by: path, place: { file: path, line } });
      }
    }
    return found;
  });
}

/** A unit that a rule names. What udev puts into the instance only the device knows. */
function ruleTarget(word: string): string | undefined {
  if (!/[$%]/.test(word)) return parseUnitName(word)?.name;
  const parsed = parseUnitName(word.replace(/@[^@]*[$%].*(?=\.[a-z]+$)/, '@'));
  return parsed?.instance === '' ? instanceOf(parsed, '') : undefined;
}

/** By the name of each unit that something starts later: what does. Names of units are those of the store. */
export function findActivators(store: UnitStore): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { target, by } of readActivations(store)) {
    const name = parseUnitName(target)?.instance === '' ? target : store.read(target).name;
    const known = found.get(name);
    if (known === undefined) found.set(name, [by]);
    else if (!known.includes(by)) known.push(by);
  }
  return found;
}

/** The units that something may start later, loaded with all that belongs to them. Templates are left out. */
export function activatableUnits(store: UnitStore): readonly Unit[] {
  const found = new Set<Unit>();
  for (const { target } of readActivations(store)) {
    if (parseUnitName(target)?.instance !== '') found.add(store.load(target));
  }
  return [...found];
}

/** What the program of a unit may make by itself, and what the unit's own settings make before it runs. */

import { parseBindPaths, parseUnitDirectories } from '../formats/unit/settings/paths.ts';
import { parentPath } from '../tree/tree.ts';
import type { Unit } from '../units/unit.ts';
import type { ProgramView } from './program-view.ts';

const directorySettings = [
  ['StateDirectory', '/var/lib'],
  ['CacheDirectory', '/var/cache'],
  ['LogsDirectory', '/var/log'],
  ['ConfigurationDirectory', '/etc'],
  ['RuntimeDirectory', '/run'],
] as const;

/** Paths that the start of the unit makes, each with its parents: State…Directory= and targets of bind mounts. */
export function pathsMadeBy(unit: Unit, view: ProgramView): ReadonlySet<string> {
  const made = new Set<string>();
  const add = (path: string) => {
    for (let at = path; at !== '/' && !made.has(at); at = parentPath(at)) made.add(at);
  };
  const section = unit.ownSection;
  for (const [key, base] of directorySettings) {
    for (const setting of unit.list(section, key)) {
      const { directories } = parseUnitDirectories(setting.entry.value, { systemd: view.inputs.systemd, key });
      for (const { path } of directories) {
        const expansion = unit.expand(path);
        if (expansion.kind === 'value') add(`${base}/${expansion.value}`);
      }
    }
  }
  for (const key of ['BindPaths', 'BindReadOnlyPaths']) {
    for (const setting of unit.list(section, key)) {
      const { binds } = parseBindPaths(setting.entry.value, { systemd: view.inputs.systemd, key });
      for (const bind of binds) {
        const expansion = unit.expand(bind.destination.value);
        if (expansion.kind === 'value' && expansion.value.startsWith('/')) add(expansion.value);
      }
    }
  }
  return made;
}

/** The same with the directories that commands of the unit make and may make. */
export function pathsMadeFor(unit: Unit, view: ProgramView, byCommands: ReadonlySet<string>): ReadonlySet<string> {
  const made = pathsMadeBy(unit, view);
  if (byCommands.size === 0) return made;
  const all = new Set(made);
  const isPrivileged = runsWithPrivileges(unit);
  for (const path of byCommands) {
    let above = parentPath(path);
    while (above !== '/' && !made.has(above) && view.tree.lookup(above) === undefined) above = parentPath(above);
    if (isPrivileged || mayCreateIn(above, unit, view, made)) all.add(path);
  }
  return all;
}

/** True if a command before the program keeps the manager's rights: `+`, `!` and PermissionsStartOnly= (systemd.service(5)). */
function runsWithPrivileges(unit: Unit): boolean {
  const section = unit.ownSection;
  if (/^(?:1|yes|y|true|t|on)$/i.test(unit.last(section, 'PermissionsStartOnly')?.entry.value ?? '')) return true;
  return unit.list(section, 'ExecStartPre').some(({ entry }) => /^[-@:|]*[+!]/.test(entry.value));
}

/** True if the program runs as root and its file system lets it make an entry in that directory. */
export function mayCreateIn(
  directory: string,
  unit: Unit,
  view: ProgramView,
  made: ReadonlySet<string> = pathsMadeBy(unit, view),
): boolean {
  if (view.tree.isReadOnly(directory)) return false;
  // State…Directory= belong to the service's user and stay writable; parents made along with them do not, but hold nothing.
  if (made.has(directory) && directory.split('/').length > 3) return true;
  const section = unit.ownSection;
  const user = unit.last(section, 'User')?.entry.value ?? 'root';
  if (user !== 'root' && user !== '0') return false;
  if (/^(?:1|yes|y|true|t|on)$/i.test(unit.last(section, 'DynamicUser')?.entry.value ?? '')) return false;
  const protection = unit.last(section, 'ProtectSystem')?.entry.value;
  const isLocked = protection === 'strict' || pathsOf(unit, ['ReadOnlyPaths', 'ReadOnlyDirectories']).includes('/');
  if (!isLocked) return protection !== 'full' || !/^\/etc(?:\/|$)/.test(directory);
  const writable = pathsOf(unit, ['ReadWritePaths', 'ReadWriteDirectories']);
  // What does not exist yet (`-`) cannot be mounted writable.
  return writable.some(
    (path) => (directory === path || directory.startsWith(`${path}/`)) && view.tree.lookup(path) !== undefined,
  );
}

function pathsOf(unit: Unit, keys: readonly string[]): readonly string[] {
  return keys
    .flatMap((key) => unit.list(unit.ownSection, key))
    .flatMap((setting) => setting.entry.value.split(/\s+/))
    .map((path) => path.replace(/^[-+]+/, ''));
}

/**
 * Which units name which paths and accounts, read from the unit files of the simulated tree, so that a finding about a
 * path or a user can say who suffers. Whether such a unit really starts is not decided here.
 */

import { parseUnit } from '../formats/unit/parse.ts';
import { textSpan } from '../formats/unit/syntax.ts';
import type { Place } from '../problems/problem.ts';
import { compareBytes } from '../text/bytes.ts';
import { joinPath } from '../tree/tree.ts';
import type { RuleContext } from './rule-context.ts';

export interface UnitReference {
  readonly unit: string;
  readonly setting: string;
  readonly place: Place;
}

/** Settings that make a directory below a fixed one at start (systemd.exec(5), RuntimeDirectory=). */
const directorySettings: Readonly<Record<string, string>> = {
  RuntimeDirectory: '/run',
  StateDirectory: '/var/lib',
  CacheDirectory: '/var/cache',
  LogsDirectory: '/var/log',
  ConfigurationDirectory: '/etc',
};

const accountSettings: Readonly<Record<string, 'user' | 'group'>> = {
  User: 'user',
  Group: 'group',
  SupplementaryGroups: 'group',
  SocketUser: 'user',
  SocketGroup: 'group',
};

/** Settings whose paths a unit does not need: conditions ask, and documentation only tells. */
const harmless =
  /^(Condition|Assert|Documentation$|Description$|RequiresMountsFor$|WantsMountsFor$|InaccessiblePaths$)/;

const unitDirectories = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

export class UnitReferences {
  readonly #paths = new Map<string, UnitReference[]>();
  readonly #accounts = new Map<string, UnitReference[]>();
  /** Paths that a unit's own *Directory= settings make. */
  readonly #made = new Map<string, UnitReference[]>();
  readonly #wanted = new Set<string>();

  constructor(context: RuleContext) {
    const { tree } = context.simulation;
    const seen = new Set<string>();
    for (const directory of unitDirectories) {
      const inode = tree.lookup(directory);
      if (inode?.type !== 'directory') continue;
      for (const name of inode.names().sort(compareBytes)) {
        if (/\.(wants|requires|upholds)$/.test(name)) {
          const links = tree.lookup(joinPath(directory, name));
          for (const link of links?.type === 'directory' ? links.names() : []) this.#wanted.add(link);
        } else if (/\.(service|socket|mount|path|timer|swap|automount)$/.test(name) && !seen.has(name)) {
          seen.add(name);
          this.#read(name, joinPath(directory, name), context);
        }
      }
    }
  }

  /** Wanted units that name a path, or one below it. Sorted by unit. */
  needing(path: string): UnitReference[] {
    const found: UnitReference[] = [];
    for (const [named, references] of this.#paths) {
      if (named === path || named.startsWith(`${path}/`))
        found.push(...references.filter(({ unit }) => this.isWanted(unit)));
    }
    return found.sort((a, b) => compareBytes(a.unit, b.unit));
  }

  /** Wanted units that run as, or are owned by, an account. */
  usingAccount(kind: 'user' | 'group', name: string): UnitReference[] {
    return (this.#accounts.get(`${kind} ${name}`) ?? []).filter(({ unit }) => this.isWanted(unit));
  }

  /** Units whose StateDirectory= and the like make a path or something below it. */
  making(path: string): UnitReference[] {
    const found: UnitReference[] = [];
    for (const [made, references] of this.#made) {
      if (made === path || made.startsWith(`${path}/`)) found.push(...references);
    }
    return found;
  }

  /** True if a .wants, .requires or .upholds link, or one to an instance of it, names the unit. */
  isWanted(unit: string): boolean {
    if (this.#wanted.has(unit)) return true;
    const at = unit.indexOf('@.');
    if (at === -1) return false;
    const [prefix, suffix] = [unit.slice(0, at + 1), unit.slice(at + 1)];
    return [...this.#wanted].some((name) => name.startsWith(prefix) && name.endsWith(suffix));
  }

  #read(unit: string, path: string, context: RuleContext): void {
    const source = context.source(path);
    if (source === undefined) return;
    for (const section of parseUnit(source.text).sections) {
      if (section.name === 'Install' || section.name === 'Unit') continue;
      for (const entry of section.entries) {
        const { key, value } = entry;
        if (harmless.test(key)) continue;
        const place = (start: number, end: number): Place => {
          const span = textSpan(entry, { start, end });
          return { file: path, line: source.lines.position(span.start).line, span };
        };
        const account = accountSettings[key];
        const directory = directorySettings[key];
        for (const match of value.matchAll(/[^\s"'=:,;]+/g)) {
          const word = match[0];
          const reference = { unit, setting: key, place: place(match.index, match.index + word.length) };
          if (account !== undefined) add(this.#accounts, `${account} ${word}`, reference);
          else if (directory !== undefined) add(this.#made, `${directory}/${word}`, reference);
          else {
            const slash = /^[-+@!|]*(\/[^%*?$]+)$/.exec(word)?.[1];
            // `-` in front forgives a missing path in every setting that takes paths.
            if (slash !== undefined && !word.startsWith('-')) add(this.#paths, slash.replace(/\/+$/, ''), reference);
          }
        }
      }
    }
  }
}

function add(map: Map<string, UnitReference[]>, key: string, reference: UnitReference): void {
  const references = map.get(key);
  if (references === undefined) map.set(key, [reference]);
  else references.push(reference);
}

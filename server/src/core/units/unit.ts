/**
 * A unit as PID 1 has it in memory: all its names, its fragment and drop-ins in the order they are read, and what they say.
 * `UnitStore` (load-units.ts) makes them; nothing here reads the tree.
 */

import { findDirective, isKnownDirective, type UnitType } from '../formats/unit/directives.ts';
import { parseBoolean } from '../formats/unit/settings/boolean.ts';
import { parseExecLine } from '../formats/unit/settings/exec-line.ts';
import { grammarOf } from '../formats/unit/settings/table.ts';
import { textSpan, type UnitEntry } from '../formats/unit/syntax.ts';
import type { SettingValue, UnitFile } from '../formats/unit/values.ts';
import type { Place } from '../problems/problem.ts';
import type { Expansion } from '../specifier/specifier.ts';
import type { LineIndex, Span } from '../text/source-text.ts';
import { newestKnownVersion, Systemd } from '../versions/systemd.ts';

/** As `systemctl show -p LoadState` words it. `stub`: a unit without any file that PID 1 makes up (slices, -.mount, devices). */
export type LoadState = 'loaded' | 'stub' | 'not-found' | 'masked' | 'bad-setting' | 'error';

/** The kinds of dependencies that a start transaction and its ordering know (systemd.unit(5)). */
export type DependencyKind =
  | 'Wants'
  | 'Requires'
  | 'Requisite'
  | 'BindsTo'
  | 'PartOf'
  | 'Upholds'
  | 'Conflicts'
  | 'Before'
  | 'After'
  | 'OnFailure'
  | 'OnSuccess'
  | 'Triggers';

/** One dependency of a unit and why it is there. */
export interface Dependency {
  readonly kind: DependencyKind;
  /** The unit's name as written or implied; aliases are resolved by the store. */
  readonly target: string;
  /** The line or link that says so; for an implied one the setting that implies it, or the unit's file as a whole. */
  readonly place: Place;
  /** Set for a dependency that nobody wrote: the manual page's reason, for example `DefaultDependencies=`. */
  readonly implied?: string;
}

/** A fragment or drop-in with its line index. `source` is another file that it was made from (a generator's input). */
export interface LoadedFile extends UnitFile {
  readonly lines: LineIndex;
  readonly source?: Place;
}

const noValues: readonly SettingValue[] = [];

export class Unit {
  /** The name the unit goes by; for an alias the real one. */
  readonly name: string;
  /** All names, sorted, its own included. */
  readonly names: readonly string[];
  readonly type: UnitType;
  /** The section named like the unit's type: `Service`, `Socket`, … */
  readonly ownSection: string;
  readonly loadState: LoadState;
  /** Fragment first, then drop-ins as they are applied. Empty for stubs and units that were not found. */
  readonly files: readonly LoadedFile[];
  /** The fragment's path; for a masked unit the mask's. */
  readonly fragmentPath: string | undefined;
  /** Why the unit could not be loaded; set with `bad-setting` and `error`. */
  readonly loadFailure: { readonly place: Place; readonly message: string } | undefined;
  /** True if the image leaves out the content of one of its files, so that settings may be missing here. */
  readonly isIncomplete: boolean;
  /** Own, implied and link-made dependencies, in the order in which they were found. */
  dependencies: readonly Dependency[] = [];
  readonly #expand: (unit: Unit, text: string) => Expansion;
  readonly #systemd: Systemd;
  /** All assignments by section and setting. */
  #values: Map<string, Map<string, SettingValue[]>> | undefined;
  /** Which assignments count, as far as it was asked; checking a value anew each time took longer than all else. */
  readonly #used = new Map<UnitEntry, boolean>();

  constructor(
    start: {
      readonly name: string;
      readonly names: readonly string[];
      readonly type: UnitType;
      readonly loadState: LoadState;
      readonly files?: readonly LoadedFile[];
      readonly fragmentPath?: string;
      readonly loadFailure?: { readonly place: Place; readonly message: string };
      readonly isIncomplete?: boolean;
    },
    expand: (unit: Unit, text: string) => Expansion,
    systemd: Systemd = new Systemd(newestKnownVersion),
  ) {
    this.name = start.name;
    this.names = start.names;
    this.type = start.type;
    this.ownSection = start.type.charAt(0).toUpperCase() + start.type.slice(1);
    this.loadState = start.loadState;
    this.files = start.files ?? [];
    this.fragmentPath = start.fragmentPath;
    this.loadFailure = start.loadFailure;
    this.isIncomplete = start.isIncomplete ?? false;
    this.#expand = expand;
    this.#systemd = systemd;
  }

  /** Every assignment of a setting in reading order, empty ones too. Settings that the version does not know have none. */
  all(section: string, key: string): readonly SettingValue[] {
    this.#values ??= this.#readValues();
    return this.#values.get(section)?.get(key) ?? noValues;
  }

  /** The assignments of a list setting that count. */
  list(section: string, key: string): readonly SettingValue[] {
    const values = this.all(section, key);
    if (values.length === 0) return values;
    return values.slice(values.findLastIndex((value) => value.entry.value === '') + 1);
  }

  /**
   * The assignments that count of several settings that share one list: an empty value of any of them resets all
   * (`OnCalendar=` and its kin, `ListenStream=` and its kin, `PathExists=` and its kin).
   */
  sharedList(section: string, keys: readonly string[]): readonly SettingValue[] {
    const shared: SettingValue[] = [];
    const wanted = new Set(keys.filter((key) => this.all(section, key).length > 0));
    if (wanted.size === 0) return shared;
    for (const { path, document } of this.files) {
      for (const part of document.sections) {
        if (part.name !== section) continue;
        for (const entry of part.entries) {
          if (!wanted.has(entry.key)) continue;
          if (entry.value === '') shared.length = 0;
          else if (this.#isUsed(section, { path, entry })) shared.push({ path, entry });
        }
      }
    }
    return shared;
  }

  /**
   * The assignment of a single-valued setting that counts: the last one that systemd does not ignore for its value. Undefined
   * if there is none or it is empty.
   */
  last(section: string, key: string): SettingValue | undefined {
    const values = this.all(section, key);
    if (values.length === 0) return undefined;
    const last = values.findLast((value) => this.#isUsed(section, value));
    return last?.entry.value === '' ? undefined : last;
  }

  /** The assignments of a list setting that count and that systemd does not ignore for their value as a whole. */
  usable(section: string, key: string): readonly SettingValue[] {
    const values = this.list(section, key);
    return values.length === 0 ? values : values.filter((value) => this.#isUsed(section, value));
  }

  #isUsed(section: string, { entry }: SettingValue): boolean {
    let isUsed = this.#used.get(entry);
    if (isUsed === undefined) {
      isUsed = this.#isUsable(section, entry);
      this.#used.set(entry, isUsed);
    }
    return isUsed;
  }

  #isUsable(section: string, entry: UnitEntry): boolean {
    const directive = findDirective(section, entry.key);
    const context = { systemd: this.#systemd, key: entry.key };
    // Of a command line everything before what is wrong counts.
    if (
      /^Exec[A-Z]/.test(entry.key) &&
      entry.value !== '' &&
      entry.key !== 'ExecPaths' &&
      entry.key !== 'ExecSearchPath'
    ) {
      return parseExecLine(entry.value, context).commands.length > 0;
    }
    const grammar = directive === undefined ? undefined : grammarOf(directive);
    const problems = grammar?.(entry.value, context) ?? [];
    return problems.every((problem) => problem.severity === 'notice' || problem.severity === 'info');
  }

  /** The text of `last`. */
  text(section: string, key: string): string | undefined {
    return this.last(section, key)?.entry.value;
  }

  /** A boolean setting; undefined if it is not set. */
  boolean(section: string, key: string): boolean | undefined {
    const text = this.text(section, key);
    return text === undefined ? undefined : parseBoolean(text);
  }

  /** Where a value, or the part of it between two offsets of the value, stands. */
  place(value: SettingValue, part?: Span): Place {
    const { entry, path } = value;
    const span = textSpan(entry, part ?? { start: 0, end: entry.value.length });
    return { file: path, line: this.#file(path)?.lines.position(span.start).line ?? 1, span };
  }

  /** The whole unit as a place: its fragment's first line. */
  get filePlace(): Place {
    return { file: this.fragmentPath ?? this.name, line: 1 };
  }

  /** A text with its specifiers expanded for this unit (systemd.unit(5), "Specifiers"). */
  expand(text: string): Expansion {
    return text.includes('%') ? this.#expand(this, text) : { kind: 'value', value: text };
  }

  #file(path: string): LoadedFile | undefined {
    return this.files.find((file) => file.path === path);
  }

  /** All assignments by section and setting, so that asking for many settings reads the files once. */
  #readValues(): Map<string, Map<string, SettingValue[]>> {
    const sections = new Map<string, Map<string, SettingValue[]>>();
    for (const { path, document } of this.files) {
      for (const section of document.sections) {
        let values = sections.get(section.name);
        if (values === undefined) {
          values = new Map();
          sections.set(section.name, values);
        }
        for (const entry of section.entries) {
          const directive = findDirective(section.name, entry.key);
          if (directive === undefined || !isKnownDirective(directive, this.#systemd)) continue;
          const known = values.get(entry.key);
          if (known === undefined) values.set(entry.key, [{ path, entry }]);
          else known.push({ path, entry });
        }
      }
    }
    return sections;
  }
}

export type { SettingValue };

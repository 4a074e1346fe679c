/**
 * One run of `systemctl preset-all` over a tree: gather, remove, make links. The order in which directory entries are met
 * is given, because the real order is not known; run-presets.ts tries several.
 */

import { instanceOf, parseUnitName, templateOf } from '../../formats/unit/settings/unit-name.ts';
import { isHiddenOrBackup } from '../../layering/config-files.ts';
import { nameKind, openUnitDirectories, persistentConfig, realPath, unitEntries } from '../../layering/unit-files.ts';
import type { Cause, Message, MessageSeverity, Place, RelatedPlace } from '../../problems/problem.ts';
import type { SpecifierContext } from '../../specifier/specifier.ts';
import type { Inode } from '../../tree/inode.ts';
import { baseName, joinPath, parentPath, type Tree } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';
import { checkAliasValue } from './alias-value.ts';
import { type InstallFailure, installFailures, isExpectedFailure } from './install-failure.ts';
import {
  type DependencyKey,
  dependencySettings,
  discoverUnit,
  expandInstallValue,
  type Failed,
  type InstallContext,
  type InstallUnit,
  type InstallValue,
  makeUnitReader,
  searchUnit,
  traverseUnit,
  type UnitReader,
} from './install-unit.ts';
import { LinkJournal } from './link-journal.ts';
import { type PresetRules, queryPresets } from './preset-rules.ts';

export type PresetMode = 'full' | 'enable-only' | 'disable-only';

/** The order in which a tool meets the entries of a directory. */
export type EntryOrder = (directory: string, names: readonly string[]) => readonly string[];

/** What becomes of a unit. */
export type PresetVerdict = 'enabled' | 'disabled' | 'ignored' | 'static' | 'masked' | 'alias' | 'bad';

export interface UnitPreset {
  readonly unit: string;
  /** Its file, or the entry that was met. */
  readonly path: string;
  readonly verdict: PresetVerdict;
  /** The deciding preset line; undefined: no rule matches, which enables, or none was asked. */
  readonly rule: Place | undefined;
  /** Instances that the preset line enables instead of the template. */
  readonly instances: readonly string[];
  /** The Also= words that asked for the unit, whatever its own rule says. */
  readonly pulledBy: readonly Place[];
}

/** A link that stands after the run because of an [Install] setting. */
export interface EnablementLink {
  readonly path: string;
  /** Absolute path inside the root; undefined if it depends on the order of directory entries. */
  readonly target: string | undefined;
  /** The unit that is enabled; for a template's default instance that instance. */
  readonly unit: string;
  readonly setting: 'Alias' | DependencyKey | 'linked';
  readonly change: 'created' | 'replaced' | 'kept';
  /** The word of the [Install] section. */
  readonly install: Place;
  /** The preset line; undefined if no rule matches or Also= asked for it. */
  readonly rule: Place | undefined;
}

export interface RemovedLink {
  readonly path: string;
  readonly target: string;
}

export interface InstallOutcome {
  readonly journal: LinkJournal;
  readonly exitStatus: number;
  readonly messages: readonly Message[];
  readonly units: readonly UnitPreset[];
  readonly links: readonly EnablementLink[];
  readonly removed: readonly RemovedLink[];
  /** True if another order of directory entries might end differently, apart from who gets a contested alias. */
  readonly mayDependOnOrder: boolean;
  /** Aliases that several units of one directory claim: whichever is listed first gets it. Each claim as if it had won. */
  readonly contested: readonly (readonly [EnablementLink, ...EnablementLink[]])[];
}

/** Signals as a shell shows them: 128 + SIGSEGV. */
const CRASHED = 139;

/** Does it all, with changes that the outcome's journal can take back. */
export function runInstall(
  tree: Tree,
  inputs: BootInputs,
  specifiers: SpecifierContext,
  presets: PresetRules,
  options: { readonly mode: PresetMode; readonly order: EntryOrder },
): InstallOutcome {
  return new InstallRun(tree, inputs, specifiers, presets, options.mode, options.order).run();
}

/** A directory and its real path. */
interface OpenDirectory {
  readonly inode: Inode;
  readonly path: string;
}

interface UnitRecord {
  readonly unit: string;
  readonly path: string;
  readonly verdict: PresetVerdict;
  readonly rule: Place | undefined;
  readonly instances: readonly string[];
}

class InstallRun {
  readonly #tree: Tree;
  readonly #inputs: BootInputs;
  readonly #presets: PresetRules;
  readonly #mode: PresetMode;
  readonly #order: EntryOrder;
  readonly #reader: UnitReader;
  readonly #journal: LinkJournal;
  readonly #messages: Message[] = [];
  readonly #said = new Set<string>();
  readonly #records = new Map<string, UnitRecord>();
  readonly #links = new Map<string, EnablementLink>();
  readonly #removed: RemovedLink[] = [];
  readonly #plus: InstallContext = { units: new Map() };
  readonly #minus: InstallContext = { units: new Map() };
  readonly #existence = new Map<string, boolean>();
  /** Claims on an alias by its path, the winner's first. */
  readonly #claims = new Map<string, [EnablementLink, ...EnablementLink[]]>();
  #hasFailed = false;
  #mayDependOnOrder = false;

  constructor(
    tree: Tree,
    inputs: BootInputs,
    specifiers: SpecifierContext,
    presets: PresetRules,
    mode: PresetMode,
    order: EntryOrder,
  ) {
    this.#tree = tree;
    this.#inputs = inputs;
    this.#presets = presets;
    this.#mode = mode;
    this.#order = order;
    this.#journal = new LinkJournal(tree);
    this.#reader = makeUnitReader(tree, inputs, specifiers, (code, text, place, unit) =>
      this.#say(code, 'warning', text, { place, subject: unit }),
    );
  }

  run(): InstallOutcome {
    if (!this.#presets.isReadable) return this.#finish(this.#failureStatus());
    const gathered = this.#gather();
    if (gathered === 'crashed') return this.#finish(CRASHED);
    if (gathered === 'aborted') return this.#finish(this.#failureStatus());
    if (this.#mode !== 'enable-only') this.#removeLinks();
    if (this.#mode !== 'disable-only') this.#applyAll();
    return this.#finish(this.#hasFailed ? this.#failureStatus() : 0);
  }

  #finish(exitStatus: number): InstallOutcome {
    const pulled = new Map<string, Place[]>();
    for (const unit of this.#plus.units.values()) {
      for (const also of unit.also) {
        const places = pulled.get(also.text);
        if (places === undefined) pulled.set(also.text, [also.place]);
        else places.push(also.place);
      }
    }
    const units: UnitPreset[] = [];
    for (const record of this.#records.values()) {
      const unit = this.#plus.units.get(record.unit);
      const isPulled = unit !== undefined && pulled.has(record.unit);
      let verdict = record.verdict;
      if (isPulled && (verdict === 'disabled' || verdict === 'ignored')) verdict = 'enabled';
      if (verdict === 'enabled' && unit !== undefined && record.instances.length === 0 && !hasInstall(unit)) {
        verdict = 'static';
      }
      units.push({ ...record, verdict, pulledBy: pulled.get(record.unit) ?? [] });
    }
    return {
      journal: this.#journal,
      exitStatus,
      messages: this.#messages,
      units,
      links: [...this.#links.values()],
      removed: this.#removed,
      mayDependOnOrder: this.#mayDependOnOrder,
      contested: [...this.#claims.values()].filter((claims) => claims.length > 1),
    };
  }

  #failureStatus(): number {
    return this.#inputs.systemd.has('preset-exit-status-lost') ? 0 : 1;
  }

  // Gathering.

  #gather(): 'done' | 'crashed' | 'aborted' {
    for (const path of this.#reader.searchPath) {
      const found = this.#tree.walk(path);
      if (found.kind === 'missing') continue;
      if (found.kind !== 'found' || found.inode.type !== 'directory') {
        this.#say('unit-directory-unreadable', 'error', `"${path}" cannot be read as a directory`, { subject: path });
        this.#hasFailed = true;
        if (this.#endsAtUnexpected()) return 'aborted';
        continue;
      }
      for (const name of this.#order(found.path, unitEntries(found.inode))) {
        const failed = this.#prepare(name, joinPath(path, name));
        if (failed === 'crashed') {
          this.#mayDependOnOrder = true;
          return 'crashed';
        }
        if (failed === undefined) continue;
        const isExpected =
          isExpectedFailure(failed) &&
          !(failed === 'missing-alias-target' && this.#inputs.systemd.has('preset-dangling-alias-aborts'));
        if (isExpected) continue;
        this.#hasFailed = true;
        // The unit is not judged at all if another one asks for it first.
        this.#mayDependOnOrder = true;
        if (this.#endsAtUnexpected()) return 'aborted';
      }
    }
    return 'done';
  }

  #endsAtUnexpected(): boolean {
    return !this.#inputs.systemd.has('preset-goes-on-after-failure');
  }

  #prepare(name: string, entry: string): InstallFailure | 'crashed' | undefined {
    if (this.#plus.units.has(name) || this.#minus.units.has(name)) {
      if (!this.#records.has(name)) {
        const answer = queryPresets(this.#presets, name);
        // Another unit's Also= came first; had it not, the unit's own rule would have been asked.
        const isPlain = answer.kind === 'action' && answer.action === 'enable' && answer.instances.length === 0;
        if (!isPlain || !this.#isLoadable(name)) this.#mayDependOnOrder = true;
        const rule = answer.place;
        this.#records.set(name, { unit: name, path: entry, verdict: 'enabled', rule, instances: [] });
      }
      return undefined;
    }
    const found = discoverUnit(this.#reader, { units: new Map() }, name, { load: false, followConfigLinks: true });
    if ('failure' in found) return this.#fail(found, name, { unit: name, path: entry, verdict: 'bad' });
    if (found.name !== name) {
      this.#record({ unit: name, path: entry, verdict: 'alias' });
      return undefined;
    }
    const answer = queryPresets(this.#presets, name);
    if (answer.kind === 'crash') {
      this.#say(
        'preset-bare-enable-reached',
        'error',
        `"${name}" reaches an "enable" line without a name, at which systemd crashes`,
        { place: answer.place, subject: name },
      );
      return 'crashed';
    }
    const record = {
      unit: name,
      path: found.path ?? entry,
      rule: answer.place,
      instances: answer.instances,
    };
    const isMasked = found.mode === 'masked';
    switch (answer.action) {
      case 'ignore':
        this.#record({ ...record, verdict: isMasked ? 'masked' : 'ignored' });
        return undefined;
      case 'disable': {
        this.#record({ ...record, verdict: isMasked ? 'masked' : 'disabled' });
        const disabled = discoverUnit(this.#reader, this.#minus, name, { load: false, followConfigLinks: true });
        return 'failure' in disabled ? this.#fail(disabled, name, undefined) : undefined;
      }
      case 'enable': {
        this.#record({ ...record, verdict: isMasked ? 'masked' : 'enabled' });
        for (const unitName of answer.instances.length > 0 ? answer.instances : [name]) {
          const failed = this.#prepareEnabled(unitName, { ...record, verdict: 'bad' });
          if (failed !== undefined) return failed;
        }
        return undefined;
      }
      default:
        return answer.action satisfies never;
    }
  }

  #prepareEnabled(name: string, record: UnitRecord): InstallFailure | undefined {
    const found = discoverUnit(this.#reader, this.#plus, name, { load: true, followConfigLinks: true });
    if ('failure' in found) return this.#fail(found, name, record);
    if (found.name !== name || found.also.some((also) => this.#wasJudgedOtherwise(also.text))) {
      this.#mayDependOnOrder = true;
    }
    const path = found.path ?? '';
    if (found.mode === 'masked') return this.#fail({ failure: 'masked' }, path, undefined);
    const directory = parentPath(path);
    const isMade = directory.startsWith('/run/systemd/generator') || directory === '/run/systemd/transient';
    return isMade ? this.#fail({ failure: 'generated' }, path, undefined) : undefined;
  }

  /** Whether judging a unit by itself would succeed; says nothing. */
  #isLoadable(name: string): boolean {
    const reader: UnitReader = { ...this.#reader, onProblem: () => {} };
    const context: InstallContext = { units: new Map() };
    return !('failure' in discoverUnit(reader, context, name, { load: true, followConfigLinks: true }));
  }

  /** True for a unit that its own rule did not simply enable before an Also= asked for it. */
  #wasJudgedOtherwise(name: string): boolean {
    const record = this.#records.get(name);
    return record !== undefined && (record.verdict !== 'enabled' || record.instances.length > 0);
  }

  #record(record: Omit<UnitRecord, 'rule' | 'instances'> & Partial<UnitRecord>): void {
    this.#records.set(record.unit, { rule: undefined, instances: [], ...record });
  }

  /** Says what failed and returns it. */
  #fail(
    failed: Failed,
    subject: string,
    record: (Omit<UnitRecord, 'rule' | 'instances'> & Partial<UnitRecord>) | undefined,
  ): InstallFailure {
    const row = installFailures[failed.failure];
    const place: Place | undefined = failed.place ?? (record === undefined ? undefined : { file: record.path });
    this.#say(row.code, row.severity, `"${subject}" ${row.text}`, {
      ...(place === undefined ? {} : { place }),
      subject,
    });
    if (record !== undefined) this.#record(record);
    return failed.failure;
  }

  #say(
    code: string,
    severity: MessageSeverity,
    text: string,
    more: { readonly place?: Place; readonly subject?: string; readonly related?: readonly RelatedPlace[] },
  ): void {
    // A name that stands in several directories is judged once for each.
    const word = more.place?.span === undefined ? '' : `${more.place.file}:${more.place.span.start}`;
    const key = `${code} ${word} ${text}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#messages.push({ code, severity, phase: 'preset', text, ...more });
  }

  // Removing.

  #removeLinks(): void {
    const marked = new Set<string>();
    for (const unit of this.#minus.units.values()) {
      const found = traverseUnit(this.#reader, this.#minus, unit, { load: true, followConfigLinks: true });
      if (unit.mode === 'masked') {
        this.#say('unit-masked-ignored', 'info', `"${unit.path ?? unit.name}" is masked and left alone`, {
          subject: unit.name,
        });
        continue;
      }
      if (!('failure' in found) && unit.mode !== 'regular') continue;
      marked.add(unit.name);
    }
    if (marked.size === 0) return;
    const found = this.#tree.walk(persistentConfig);
    if (found.kind === 'missing') return;
    if (found.kind !== 'found' || found.inode.type !== 'directory') {
      this.#hasFailed = true;
      return;
    }
    while (this.#removeMarked([{ inode: found.inode, path: found.path }], marked)) {
      // A removed link is itself marked, so links to it go in the next round.
    }
  }

  /** Returns whether another round may find more. */
  #removeMarked(directories: readonly OpenDirectory[], marked: Set<string>): boolean {
    const here = directories.at(-1);
    if (here === undefined) return false;
    const { inode: directory, path } = here;
    let goOn = false;
    for (const name of this.#order(path, directory.names())) {
      const entry = directory.child(name);
      if (entry === undefined || isHiddenOrBackup(name)) continue;
      const entryPath = joinPath(path, name);
      if (entry.type === 'directory') {
        if (this.#removeMarked([...directories, { inode: entry, path: entryPath }], marked)) goOn = true;
        continue;
      }
      if (entry.type !== 'symlink' || parseUnitName(name) === undefined) continue;
      if (!this.#isMarked(name, entryPath, marked)) continue;
      if (this.#tree.isReadOnly(path)) {
        this.#fail({ failure: 'cannot-write' }, entryPath, undefined);
        this.#hasFailed = true;
        continue;
      }
      this.#journal.remove(directory, path, name);
      this.#removeEmpty(directories);
      this.#removed.push({ path: entryPath, target: entry.target ?? '' });
      this.#say('link-removed', 'info', `the link "${entryPath}" is removed`, { subject: entryPath });
      if (!marked.has(entryPath)) goOn = true;
      marked.add(entryPath);
    }
    return goOn;
  }

  /** Directories that have become empty go too, up to the configuration directory itself. */
  #removeEmpty(directories: readonly OpenDirectory[]): void {
    for (let i = directories.length - 1; i > 0; i--) {
      const [parent, directory] = [directories[i - 1], directories[i]];
      if (parent === undefined || directory === undefined || directory.inode.names().length > 0) return;
      this.#journal.remove(parent.inode, parent.path, baseName(directory.path));
    }
  }

  #isMarked(name: string, path: string, marked: ReadonlySet<string>): boolean {
    if (marked.has(name)) return true;
    const parsed = parseUnitName(name);
    if (parsed?.instance !== undefined && marked.has(`${parsed.prefix}@.${parsed.type}`)) return true;
    const real = realPath(this.#tree, path, { follow: true });
    if (real.kind === 'failed') {
      if (real.reason !== 'loop') return false;
      this.#fail({ failure: 'config-link' }, path, undefined);
      this.#hasFailed = true;
      return false;
    }
    if (marked.has(baseName(real.path))) {
      // A link by way of another link is not recognised once that one is gone.
      const target = this.#tree.lookup(path, { follow: false })?.target ?? '';
      if (baseName(target) !== baseName(real.path)) this.#mayDependOnOrder = true;
      return true;
    }
    if (!marked.has(real.path)) return false;
    this.#mayDependOnOrder = true;
    // With --root the real path carries the root and the marked ones do not, so removed links are not recognised.
    return this.#inputs.semantics !== 'offline';
  }

  // Making links.

  #applyAll(): void {
    let result = 0;
    // Also= may add units to the end while they are processed.
    for (const unit of this.#plus.units.values()) {
      const found = traverseUnit(this.#reader, this.#plus, unit, { load: true, followConfigLinks: false });
      if ('failure' in found) {
        if (unit.isAuxiliary) {
          if (found.failure !== 'missing') this.#mayDependOnOrder = true;
          const place = this.#alsoPlace(unit.name);
          this.#say('also-unit-failed', 'warning', `"${unit.name}" of Also= cannot be enabled`, {
            ...(place === undefined ? {} : { place }),
            subject: unit.name,
          });
          continue;
        }
        // Everything behind this unit stays as it is.
        this.#mayDependOnOrder = true;
        this.#fail(found, unit.name, undefined);
        this.#hasFailed = true;
        return;
      }
      if (unit.mode === 'masked') {
        this.#say('unit-masked-ignored', 'info', `"${unit.path ?? unit.name}" is masked and left alone`, {
          subject: unit.name,
        });
        continue;
      }
      if (unit.mode === 'regular') {
        const one = this.#apply(unit);
        if (result >= 0) result = one < 0 ? one : result + one;
      }
    }
    if (result < 0) this.#hasFailed = true;
    for (const unit of this.#plus.units.values()) {
      if (unit.also.some((also) => this.#links.has(`${persistentConfig}/${also.text}`))) this.#mayDependOnOrder = true;
    }
  }

  #alsoPlace(name: string): Place | undefined {
    for (const unit of this.#plus.units.values()) {
      const also = unit.also.find((value) => value.text === name);
      if (also !== undefined) return also.place;
    }
    return undefined;
  }

  /** Negative: something failed; else whether links were asked for. Older versions lose the failure of a later step. */
  #apply(unit: InstallUnit): number {
    const path = unit.path ?? '';
    if (!this.#isInSearchPath(path)) {
      const made = this.#makeLink(`${persistentConfig}/${unit.name}`, path, {
        unit,
        name: unit.name,
        setting: 'linked',
        install: { file: path },
        mayReplace: false,
      });
      if (made < 0) return made;
    }
    let result = this.#applyAliases(unit);
    const gathers = this.#inputs.systemd.has('preset-gathers-failures');
    for (const { key, suffix } of dependencySettings) {
      const one = this.#applyDependencies(unit, key, suffix);
      if (gathers ? one !== 0 && result >= 0 : result === 0) result = one;
    }
    return result;
  }

  #applyAliases(unit: InstallUnit): number {
    let result = 0;
    const { systemd } = this.#inputs;
    for (const value of unit.lists.Alias) {
      const alias = this.#expand(unit, value);
      if (alias === undefined) {
        result = -1;
        continue;
      }
      const checked = checkAliasValue(unit.name, alias);
      if (checked.kind === 'self') continue;
      if (checked.kind === 'invalid') {
        this.#say('alias-not-allowed', 'error', `"${unit.name}" cannot have the alias "${alias}": ${checked.reason}`, {
          place: value.place,
          subject: checked.name,
        });
        result = -1;
        continue;
      }
      let target = unit.path ?? '';
      if (!this.#isInSearchPath(target) && systemd.has('preset-alias-of-linked-unit')) {
        target = `${persistentConfig}/${unit.name}`;
      }
      const path = joinPath(persistentConfig, checked.path);
      let mayReplace = false;
      if (systemd.has('preset-replaces-dangling-alias')) {
        const real = realPath(this.#tree, path, { follow: true });
        if (real.kind === 'failed' && real.reason !== 'missing') {
          this.#fail({ failure: 'cannot-resolve', place: value.place }, path, undefined);
          result = -1;
          continue;
        }
        mayReplace = real.kind === 'path' && !real.exists;
      }
      const made = this.#makeLink(path, target, {
        unit,
        name: unit.name,
        setting: 'Alias',
        install: value.place,
        mayReplace,
      });
      if (made === -2 && systemd.has('preset-replaces-dangling-alias')) continue;
      if (result >= 0) result = made;
    }
    return result;
  }

  #applyDependencies(unit: InstallUnit, key: DependencyKey, suffix: string): number {
    const list = unit.lists[key];
    if (list.length === 0) return 0;
    const parsed = parseUnitName(unit.name);
    if (parsed === undefined) return 0;
    let name = unit.name;
    const isBareTemplate = nameKind(parsed) === 'template' && unit.defaultInstance === undefined;
    if (nameKind(parsed) === 'template' && unit.defaultInstance !== undefined) {
      name = instanceOf(parsed, unit.defaultInstance);
      if (parseUnitName(name) === undefined) return -1;
      const failed = this.#checkDefaultInstance(name);
      if (failed !== undefined) return failed;
    }
    let result = 0;
    for (const value of list) {
      const wanting = this.#expand(unit, value);
      if (wanting === undefined) {
        if (result >= 0) result = -1;
        continue;
      }
      const parsedWanting = parseUnitName(wanting);
      if (parsedWanting === undefined || (isBareTemplate && nameKind(parsedWanting) === 'plain')) {
        const text = isBareTemplate
          ? `the template "${unit.name}" has no DefaultInstance=, so ${key}=${wanting} makes no link`
          : `"${wanting}" is not a unit name, so ${key}= makes no link`;
        const code = parsedWanting === undefined ? 'install-invalid-unit-name' : 'template-without-default-instance';
        this.#say(code, 'notice', text, { place: value.place, subject: unit.name });
        continue;
      }
      const path = `${persistentConfig}/${wanting}${suffix}/${name}`;
      const made = this.#makeLink(path, unit.path ?? '', {
        unit,
        name,
        setting: key,
        install: value.place,
        mayReplace: true,
      });
      if (result >= 0) result = made;
      if (!this.#exists(wanting)) {
        this.#say(
          'dependency-of-missing-unit',
          'warning',
          `"${name}" is wanted by "${wanting}", which does not exist`,
          {
            place: value.place,
            subject: wanting,
          },
        );
      }
    }
    return result;
  }

  /** A default instance may have a file of its own, which may be a mask. */
  #checkDefaultInstance(name: string): number | undefined {
    const context: InstallContext = { units: new Map() };
    const instance: InstallUnit = {
      name,
      path: undefined,
      mode: undefined,
      linkTarget: undefined,
      isAuxiliary: false,
      defaultInstance: undefined,
      lists: { Alias: [], WantedBy: [], RequiredBy: [], UpheldBy: [] },
      also: [],
    };
    const failed = searchUnit(this.#reader, context, instance, { load: false, followConfigLinks: true });
    if (failed !== undefined) return -1;
    if (instance.mode !== 'masked') return undefined;
    this.#fail({ failure: 'masked' }, instance.path ?? name, undefined);
    return -1;
  }

  #exists(name: string): boolean {
    const known = this.#existence.get(name);
    if (known !== undefined) return known;
    const found = discoverUnit(this.#reader, { units: new Map() }, name, { load: false, followConfigLinks: false });
    const exists = !('failure' in found && found.failure === 'missing');
    this.#existence.set(name, exists);
    return exists;
  }

  #expand(unit: InstallUnit, value: InstallValue): string | undefined {
    const expanded = expandInstallValue(this.#reader, unit, value.text);
    if (typeof expanded === 'string') return expanded;
    this.#fail({ ...expanded, place: value.place }, value.text, undefined);
    return undefined;
  }

  #isInSearchPath(path: string): boolean {
    return this.#reader.searchPath.includes(parentPath(path));
  }

  /** 1: the link stands; -1: it cannot be made; -2: something else stands there. */
  #makeLink(
    path: string,
    target: string,
    link: {
      readonly unit: InstallUnit;
      readonly name: string;
      readonly setting: EnablementLink['setting'];
      readonly install: Place;
      readonly mayReplace: boolean;
    },
  ): 1 | -1 | -2 {
    const rule = this.#ruleOf(link.unit);
    const cause: Cause = { ...link.install, phase: 'preset', action: 'created' };
    const madeBefore = this.#journal.directoriesMade;
    const parent = this.#journal.ensureDirectory(parentPath(path), { ...cause, action: 'parent' });
    if (this.#journal.directoriesMade > madeBefore) {
      this.#reader.directories = openUnitDirectories(this.#tree, this.#inputs);
    }
    if (parent === undefined || this.#tree.isReadOnly(parent.path)) {
      // A dangling `.wants` link comes to life when another unit makes its target.
      this.#mayDependOnOrder = true;
      this.#fail({ failure: 'cannot-write', place: link.install }, path, undefined);
      return -1;
    }
    const name = baseName(path);
    const linkOf = (change: EnablementLink['change'], to: string): EnablementLink => ({
      path,
      target: to,
      unit: link.name,
      setting: link.setting,
      change,
      install: link.install,
      rule,
    });
    const record = (change: EnablementLink['change'], to: string) => this.#links.set(path, linkOf(change, to));
    const standing = parent.inode.child(name);
    if (standing === undefined) {
      this.#journal.setLink(parent.inode, parent.path, name, target, cause);
      record('created', target);
      if (link.setting === 'Alias' && !link.unit.isAuxiliary) this.#claims.set(path, [linkOf('created', target)]);
      return 1;
    }
    const standingTarget = standing.type === 'symlink' ? (standing.target ?? '') : undefined;
    if (standingTarget !== undefined && this.#areEquivalent(path, standingTarget, target)) {
      if (!this.#links.has(path)) record('kept', standingTarget);
      return 1;
    }
    if (standingTarget === undefined || !link.mayReplace) {
      const other = this.#links.get(path);
      if (other !== undefined && !this.#isClaim(link, path, linkOf('created', target))) this.#mayDependOnOrder = true;
      const what = standingTarget === undefined ? 'is not a link' : `is a link to "${standingTarget}"`;
      this.#say(
        'alias-already-exists',
        'error',
        `"${path}" already exists and ${what}, so "${link.name}" does not get that name`,
        {
          place: link.install,
          subject: path,
          ...(other === undefined ? {} : { related: [{ ...other.install, message: 'the other unit' }] }),
        },
      );
      return -2;
    }
    if (this.#links.has(path)) this.#mayDependOnOrder = true;
    this.#journal.setLink(parent.inode, parent.path, name, target, cause);
    record('replaced', target);
    return 1;
  }

  /**
   * Notes a claim on an alias that another unit has got. False if more than the link's target may depend on who came first.
   * Units of a directory with less priority come later in any order.
   */
  #isClaim(
    link: { readonly unit: InstallUnit; readonly setting: EnablementLink['setting'] },
    path: string,
    claim: EnablementLink,
  ): boolean {
    const claims = this.#claims.get(path);
    if (claims === undefined || link.setting !== 'Alias' || link.unit.isAuxiliary) return false;
    if (parentPath(claim.target ?? '') === parentPath(claims[0].target ?? '')) claims.push(claim);
    return true;
  }

  /** The preset line that enabled a unit; an instance named by a line is found by its template's rule. */
  #ruleOf(unit: InstallUnit): Place | undefined {
    const record = this.#records.get(unit.name) ?? this.#records.get(templateOf(unit.name) ?? '');
    return record?.verdict === 'enabled' ? record.rule : undefined;
  }

  /** systemd takes two targets for the same if they are one file, or namesakes inside the search path. */
  #areEquivalent(linkPath: string, a: string, b: string): boolean {
    const here = parentPath(linkPath);
    const first = a.startsWith('/') ? a : joinPath(here, a);
    const second = b.startsWith('/') ? b : joinPath(here, b);
    if (first === second) return true;
    const inode = this.#tree.lookup(first);
    if (inode !== undefined && inode === this.#tree.lookup(second)) return true;
    if (baseName(first) !== baseName(second)) return false;
    const isInside = (path: string) => this.#reader.searchPath.some((directory) => path.startsWith(`${directory}/`));
    return isInside(first) && isInside(second);
  }
}

function hasInstall(unit: InstallUnit): boolean {
  return unit.also.length > 0 || Object.values(unit.lists).some((list) => list.length > 0);
}

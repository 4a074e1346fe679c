/**
 * The units of a boot as PID 1 has them in memory: read from the unit directories and from what the generators make of the
 * tree, one object a unit whatever name it is asked by, with all written, linked and implied dependencies.
 */

import type { BootInputs } from '../boot/boot-inputs.ts';
import {
  instanceOf,
  parseUnitName,
  templateOf,
  type UnitName,
  unescapeUnitName,
  unescapeUnitPath,
} from '../formats/unit/settings/unit-name.ts';
import {
  findDropIns,
  findFragment,
  type OpenUnitDirectory,
  openUnitDirectories,
  readUnitNames,
  type UnitNameMap,
} from '../layering/unit-files.ts';
import type { Place } from '../problems/problem.ts';
import {
  type Expansion,
  expandSpecifiers,
  type SpecifierContext,
  specifierContext,
  unitSpecifierContext,
} from '../specifier/specifier.ts';
import { baseName, type Tree } from '../tree/tree.ts';
import {
  addableDependency,
  type DependencyHost,
  type FoundDependency,
  linkedDependencies,
  writtenDependencies,
} from './dependencies.ts';
import { type GeneratorReport, generatorInputs, runGenerators } from './generators/run-generators.ts';
import { impliedDependencies, sliceDependencies, sliceReference } from './implied-dependencies.ts';
import { type MountsFor, mountsFor } from './mounts-for.ts';
import { targetOrderings } from './target-orderings.ts';
import { type Dependency, type DependencyKind, type LoadedFile, type LoadState, Unit } from './unit.ts';
import { readUnitFile, type UnitFileReading } from './unit-file.ts';
import { verifyUnit } from './verify-unit.ts';

/** A dependency seen from the unit that it names. */
export interface IncomingDependency {
  readonly source: Unit;
  readonly dependency: Dependency;
}

/** Nothing real comes near; template instances that name ever more instances do. systemd stops at 131072 names. */
const unitsMaximum = 20_000;

/** Values of settings may be long lines. */
const expansionMaximum = 1 << 20;

const noDependencies: readonly IncomingDependency[] = [];

export interface UnitStoreOptions {
  /** Absolute paths embedded in a program, where the image knows them. */
  readonly embeddedPaths?: (program: string) => readonly string[] | undefined;
}

/**
 * All units of a tree, loaded when they are asked for. The tree is the one after presets; changes that are made to it
 * later are not seen, as PID 1 does not see them without a reload.
 */
export class UnitStore implements DependencyHost {
  /** The tree with what the generators make in /run/systemd/generator*. */
  readonly tree: Tree;
  readonly inputs: BootInputs;
  readonly generators: GeneratorReport;
  readonly #embeddedPaths: UnitStoreOptions['embeddedPaths'];
  readonly #names: UnitNameMap;
  readonly #directories: readonly OpenUnitDirectory[];
  readonly #specifiers: SpecifierContext;
  readonly #byName = new Map<string, Unit>();
  readonly #files = new Map<string, UnitFileReading>();
  /** Units whose dependencies are known, in the order in which they were loaded. */
  readonly #finished: Unit[] = [];
  readonly #isFinished = new Set<Unit>();
  readonly #incoming = new Map<Unit, IncomingDependency[]>();
  readonly #lists = new Map<Unit, Dependency[]>();
  readonly #targets = new Map<Unit, Map<DependencyKind, Set<Unit>>>();
  /** Found by another unit before this one's turn came. */
  readonly #given = new Map<Unit, FoundDependency[]>();
  /** Units that were refused earlier or later than others and so have fewer or more dependencies. */
  readonly #implied = new Map<Unit, 'not-even-links' | 'none' | 'all'>();
  readonly #usedDropIns = new Map<Unit, readonly string[]>();
  #readCount = 0;

  constructor(tree: Tree, inputs: BootInputs, options: UnitStoreOptions = {}) {
    this.tree = tree.fork();
    this.inputs = inputs;
    this.generators = runGenerators(this.tree, inputs);
    this.#embeddedPaths = options.embeddedPaths;
    this.#names = readUnitNames(this.tree, inputs);
    this.#directories = openUnitDirectories(this.tree, inputs);
    this.#specifiers = specifierContext(this.tree, inputs);
  }

  /** Every unit that was loaded so far with its dependencies, in the order of loading. */
  get loaded(): Iterable<Unit> {
    return this.#finished;
  }

  /** Generators of the image that may make units nobody can know. */
  get unknownGenerators(): readonly string[] {
    return this.generators.unknown;
  }

  /** Paths below /etc and /var that a generator names, so that a later step can say that its input is gone. */
  generatorInputs(path: string): readonly string[] {
    return generatorInputs(this.tree, path, this.#embeddedPaths);
  }

  /** Names that have a file or link in a unit directory, sorted by nothing. Templates included. */
  get fileNames(): Iterable<string> {
    return this.#names.entries.keys();
  }

  /** A unit and everything PID 1 loads with it. */
  load(name: string): Unit {
    const unit = this.read(name);
    if (!this.#isFinished.has(unit)) this.#finish(unit);
    return unit;
  }

  /** Loads everything that PID 1 loads when it loads that unit: transitively all units named in dependencies. */
  loadAll(target: string): void {
    this.load(target);
  }

  /** A unit if it is loaded already, by any of its names. */
  find(name: string): Unit | undefined {
    const unit = this.#byName.get(name);
    return unit !== undefined && this.#isFinished.has(unit) ? unit : undefined;
  }

  /** Dependencies of loaded units that name this unit. */
  incoming(unit: Unit): readonly IncomingDependency[] {
    return this.#incoming.get(unit) ?? noDependencies;
  }

  /** Paths of the drop-ins of a unit, masked ones left out. */
  dropIns(unit: Unit): readonly string[] {
    return this.#usedDropIns.get(unit) ?? [];
  }

  /** True if some entry of the unit directories has the name, or a template of it has. */
  isFileName(name: string): boolean {
    return this.#names.entries.has(name) || this.#names.entries.has(templateOf(name) ?? '');
  }

  /** A unit's own files only; its dependencies may not be there yet. Never recurses. */
  read(name: string): Unit {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const unit = this.#readUnit(name);
    for (const one of [name, ...unit.names]) if (!this.#byName.has(one)) this.#byName.set(one, unit);
    return unit;
  }

  /** The place a dependency link or a generated file goes back to. */
  sourceOf(path: string): Place | undefined {
    return this.generators.sources.get(path);
  }

  /** The entries of `.wants`, `.requires` or `.upholds` directories of a unit. */
  linkEntries(unit: Unit, suffix: string): ReturnType<typeof findDropIns> {
    return findDropIns(this.tree, ownNameFirst(unit), this.inputs, suffix, this.#directories);
  }

  /** A unit name with its specifiers expanded; templates become instances of the unit's own instance or prefix. */
  expandName(unit: Unit, text: string): string | undefined {
    const context = unitSpecifierContext(this.#specifiers, { name: unit.name });
    const expanded = text.includes('%') ? expandSpecifiers(text, 'unit-install', context, 255) : undefined;
    if (expanded !== undefined && expanded.kind !== 'value') return undefined;
    return this.resolveTemplate(unit, expanded?.value ?? text);
  }

  /** A name that is a template stands for the instance of the unit that names it (or of its prefix). */
  resolveTemplate(unit: Unit, text: string): string | undefined {
    const parsed = parseUnitName(text);
    if (parsed?.instance !== '') return parsed?.name;
    const own = parseUnitName(unit.name);
    const resolved = instanceOf(parsed, own?.instance || (own?.prefix ?? ''));
    return parseUnitName(resolved)?.name;
  }

  #expand(unit: Unit, text: string): Expansion {
    const specifiers = {
      name: unit.name,
      ...(unit.fragmentPath === undefined ? {} : { fragmentPath: unit.fragmentPath }),
      unescape: unescapeUnitName,
      unescapePath: unescapeUnitPath,
    };
    return expandSpecifiers(text, 'unit', unitSpecifierContext(this.#specifiers, specifiers), expansionMaximum);
  }

  #readUnit(name: string): Unit {
    const parsed = parseUnitName(name);
    if (parsed === undefined || parsed.instance === '' || this.#readCount >= unitsMaximum) {
      return this.#make({ name, names: [name], type: parsed?.type ?? 'service', loadState: 'not-found' });
    }
    this.#readCount += 1;
    // Scopes are made by programs, never from files (systemd.scope(5)).
    const fragment = parsed.type === 'scope' ? { kind: 'missing' as const } : findFragment(this.#names, name);
    if (parsed.type === 'slice' && !isSliceName(parsed)) {
      const loadFailure = { place: { file: parsed.name }, message: 'This is no name of a slice' };
      const path = fragment.kind === 'found' ? { fragmentPath: fragment.path } : {};
      return this.#make({ name, names: [name], type: 'slice', loadState: 'error', loadFailure, ...path });
    }
    switch (fragment.kind) {
      case 'missing':
      case 'dangling':
        return this.#readWithoutFragment(parsed);
      case 'masked': {
        const real = realName(fragment.path, parsed);
        const known = real === name ? undefined : this.#byName.get(real);
        if (known !== undefined) return known;
        const names = [...new Set([real, name])].sort();
        const start: UnitStart = {
          name: real,
          names,
          type: parsed.type,
          loadState: 'masked',
          fragmentPath: fragment.path,
        };
        return this.inputs.systemd.has('unit-masked-without-drop-ins') ? this.#make(start) : this.#withDropIns(start);
      }
      default: {
        const real = realName(fragment.path, parsed);
        const known = real === name ? undefined : this.#byName.get(real);
        if (known !== undefined) return known;
        const reading = this.#readFile(fragment.path, fragment.inode, parsed);
        const start = { name: real, names: fragment.names, type: parsed.type, fragmentPath: fragment.path };
        if (reading.kind === 'unknown') return this.#withDropIns({ ...start, loadState: 'loaded', isIncomplete: true });
        if (reading.kind === 'unreadable') {
          const loadFailure = { place: { file: fragment.path }, message: `The file cannot be read: ${reading.reason}` };
          return this.#make({ ...start, loadState: 'error', loadFailure });
        }
        const { file, failure } = reading;
        if (failure === undefined) return this.#withDropIns({ ...start, loadState: 'loaded', files: [file] });
        const { problem, state } = failure;
        const line = file.lines.position(problem.span.start).line;
        const loadFailure = { place: { file: file.path, line, span: problem.span }, message: problem.message };
        const unit = this.#make({ ...start, loadState: state, files: [file], loadFailure });
        this.#implied.set(unit, 'not-even-links');
        return unit;
      }
    }
  }

  #readWithoutFragment(parsed: UnitName): Unit {
    const start = { name: parsed.name, names: [parsed.name], type: parsed.type };
    const isMadeUp =
      parsed.type === 'slice' || parsed.type === 'device' || parsed.name === '-.mount' || parsed.name === 'init.scope';
    return isMadeUp
      ? this.#withDropIns({ ...start, loadState: 'stub' })
      : this.#make({ ...start, loadState: 'not-found' });
  }

  /** Drop-ins apply to every unit whose fragment was read or is not needed. */
  #withDropIns(start: UnitStart): Unit {
    const files = [...(start.files ?? [])];
    let isIncomplete = start.isIncomplete ?? false;
    const used: string[] = [];
    const type = { name: start.name, type: start.type };
    const names = [start.name, ...start.names.filter((name) => name !== start.name)];
    for (const dropIn of findDropIns(this.tree, names, this.inputs, '.d', this.#directories)) {
      if (dropIn.isMask) continue;
      const inode = this.tree.lookup(dropIn.path);
      if (inode === undefined || inode.type !== 'file') continue;
      used.push(dropIn.path);
      const reading = this.#readFile(dropIn.path, inode, type);
      if (reading.kind === 'read') files.push(reading.file);
      else if (reading.kind === 'unknown') isIncomplete = true;
    }
    const loadState = start.loadState === 'stub' && files.length > 0 ? 'loaded' : start.loadState;
    const unit = this.#make({ ...start, files, loadState, isIncomplete });
    this.#usedDropIns.set(unit, used);
    if (isIncomplete || (loadState !== 'loaded' && loadState !== 'stub')) return unit;
    const broken = verifyUnit(unit, this.inputs.systemd);
    if (broken === undefined) return unit;
    const { place, message } = broken;
    const refused = this.#make({ ...start, files, loadState: 'bad-setting', loadFailure: { place, message } });
    this.#usedDropIns.set(refused, used);
    if (broken.when !== undefined) this.#implied.set(refused, broken.when === 'last' ? 'all' : 'none');
    return refused;
  }

  #make(start: UnitStart): Unit {
    return new Unit(start, (unit, text) => this.#expand(unit, text), this.inputs.systemd);
  }

  #readFile(path: string, inode: Parameters<typeof readUnitFile>[1], unit: Pick<UnitName, 'type'>): UnitFileReading {
    const key = `${unit.type} ${path}`;
    let reading = this.#files.get(key);
    if (reading === undefined) {
      reading = readUnitFile(path, inode, unit.type, this.inputs.systemd, this.sourceOf(path));
      this.#files.set(key, reading);
    }
    return reading;
  }

  /** Works off a unit and all that it names, then orders targets, for which everything must be known. */
  #finish(first: Unit): void {
    const from = this.#finished.length;
    const queue = [first];
    const queued = new Set(queue);
    const enqueue = (unit: Unit) => {
      if (this.#isFinished.has(unit) || queued.has(unit)) return;
      queued.add(unit);
      queue.push(unit);
    };
    // The queue grows while it is worked off.
    for (let at = 0; at < queue.length; at++) {
      const unit = queue[at];
      if (unit === undefined) break;
      this.#isFinished.add(unit);
      this.#finished.push(unit);
      this.#connect(unit, enqueue);
    }
    for (const { unit, found } of targetOrderings(this, this.#finished.slice(from))) this.#add(unit, found, enqueue);
  }

  #connect(unit: Unit, enqueue: (unit: Unit) => void): void {
    for (const found of this.#given.get(unit) ?? []) this.#add(unit, found, enqueue);
    for (const found of writtenDependencies(this, unit)) this.#add(unit, found, enqueue);
    if (unit.loadState === 'not-found' || unit.loadState === 'error') return;
    const usual = { masked: 'none', 'bad-setting': 'own', loaded: 'all', stub: 'all' } as const;
    const implied = this.#implied.get(unit) ?? usual[unit.loadState];
    if (implied === 'not-even-links') return;
    if (unit.loadState === 'masked' && this.inputs.systemd.has('unit-masked-without-drop-ins')) return;
    for (const found of linkedDependencies(this, unit)) this.#add(unit, found, enqueue);
    const extent = implied === 'none' ? 'early' : 'all';
    for (const found of impliedDependencies(this, unit, extent)) this.#add(unit, found, enqueue);
    if (implied === 'none') return;
    // The slice and the mounts come last, when the unit is known to be good.
    if (implied !== 'all') {
      const reference = sliceReference(this, unit);
      if (reference !== undefined) this.#add(unit, reference, enqueue);
      return;
    }
    for (const found of sliceDependencies(this, unit)) this.#add(unit, found, enqueue);
    for (const needed of mountsFor(this, unit)) this.#addMounts(unit, needed, enqueue);
  }

  /** After all mount units on the way to a path, and Requires or Wants for those that have a file. */
  #addMounts(unit: Unit, needed: MountsFor, enqueue: (unit: Unit) => void): void {
    for (const name of needed.mountNames) {
      if (name !== '-.mount' && !this.isFileName(name)) continue;
      const mount = this.read(name);
      if (mount === unit || (mount.loadState !== 'loaded' && mount.loadState !== 'stub')) continue;
      const { place, implied } = needed;
      this.#add(unit, { kind: 'After', target: name, place, implied }, enqueue);
      if (mount.fragmentPath !== undefined)
        this.#add(unit, { kind: needed.kind, target: name, place, implied }, enqueue);
    }
  }

  #add(unit: Unit, found: FoundDependency, enqueue: (unit: Unit) => void): void {
    const target = this.read(found.target);
    enqueue(target);
    if (found.kind === 'References') return;
    const owner = found.owner === undefined ? unit : this.read(found.owner);
    if (owner !== unit && !this.#isFinished.has(owner)) {
      const { owner: _, ...own } = found;
      const given = this.#given.get(owner);
      if (given === undefined) this.#given.set(owner, [own]);
      else given.push(own);
      enqueue(owner);
      return;
    }
    const dependency = addableDependency(owner, target, found);
    if (dependency === undefined) return;
    // Nothing is implied that stands there already; what is written twice is kept twice, each with its place.
    if (dependency.implied !== undefined && this.hasDependency(owner, dependency.kind, target)) return;
    this.#remember(owner, dependency, target);
  }

  /** True if a unit has a dependency of a kind on another one. */
  hasDependency(unit: Unit, kind: DependencyKind, target: Unit): boolean {
    return this.#targets.get(unit)?.get(kind)?.has(target) ?? false;
  }

  #remember(unit: Unit, dependency: Dependency, target: Unit): void {
    let list = this.#lists.get(unit);
    if (list === undefined) {
      list = [];
      this.#lists.set(unit, list);
      unit.dependencies = list;
    }
    list.push(dependency);
    let kinds = this.#targets.get(unit);
    if (kinds === undefined) {
      kinds = new Map();
      this.#targets.set(unit, kinds);
    }
    const targets = kinds.get(dependency.kind);
    if (targets === undefined) kinds.set(dependency.kind, new Set([target]));
    else targets.add(target);
    const incoming = this.#incoming.get(target);
    if (incoming === undefined) this.#incoming.set(target, [{ source: unit, dependency }]);
    else incoming.push({ source: unit, dependency });
  }
}

interface UnitStart {
  readonly name: string;
  readonly names: readonly string[];
  readonly type: Unit['type'];
  readonly loadState: LoadState;
  readonly files?: readonly LoadedFile[];
  readonly fragmentPath?: string;
  readonly loadFailure?: { readonly place: Place; readonly message: string };
  readonly isIncomplete?: boolean;
}

/** The name of the unit that a fragment defines: a template that an instance falls back to stands for that instance. */
function realName(fragmentPath: string, asked: UnitName): string {
  const name = baseName(fragmentPath);
  const parsed = parseUnitName(name);
  return parsed?.instance === '' && asked.instance ? instanceOf(parsed, asked.instance) : name;
}

/** Each dash in a slice's name stands for a level, so that none may be empty (systemd.slice(5)). */
function isSliceName({ name, prefix, instance }: UnitName): boolean {
  return name === '-.slice' || (instance === undefined && !/^-|--|-$/.test(prefix));
}

function ownNameFirst(unit: Unit): readonly string[] {
  return [unit.name, ...unit.names.filter((name) => name !== unit.name)];
}

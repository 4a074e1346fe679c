/** A unit as the [Install] logic knows it, and finding and reading its files. */

import { parseUnitBytes } from '../../formats/unit/parse.ts';
import { instanceOf, parseUnitName, templateOf } from '../../formats/unit/settings/unit-name.ts';
import type { UnitDocument, UnitEntry } from '../../formats/unit/syntax.ts';
import { textSpan } from '../../formats/unit/syntax.ts';
import {
  findInstallDropIns,
  isNullOrEmpty,
  mayBeTemplate,
  mayHaveAliases,
  nameKind,
  type OpenUnitDirectory,
  openUnitDirectories,
  readUnitLink,
  realPath,
  unitDirectories,
} from '../../layering/unit-files.ts';
import type { Place } from '../../problems/problem.ts';
import { expandSpecifiers, type SpecifierContext, unitSpecifierContext } from '../../specifier/specifier.ts';
import { LineIndex } from '../../text/source-text.ts';
import { readWord } from '../../text/words.ts';
import type { Inode } from '../../tree/inode.ts';
import { baseName, joinPath, parentPath, type Tree } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';
import type { InstallFailure } from './install-failure.ts';

/** One word of an [Install] setting, not yet expanded. */
export interface InstallValue {
  readonly text: string;
  readonly place: Place;
}

/** The list settings of [Install] that make links in a directory of the wanting unit. */
export const dependencySettings = [
  { key: 'WantedBy', suffix: '.wants' },
  { key: 'RequiredBy', suffix: '.requires' },
  { key: 'UpheldBy', suffix: '.upholds', needs: 'upheld-by' },
] as const;

export type DependencyKey = (typeof dependencySettings)[number]['key'];

/** What is known of a unit so far; `mode` is undefined until its file was found. */
export interface InstallUnit {
  readonly name: string;
  path: string | undefined;
  mode: 'regular' | 'masked' | 'alias' | 'linked' | undefined;
  linkTarget: string | undefined;
  /** False once something else than Also= asked for the unit. */
  isAuxiliary: boolean;
  defaultInstance: string | undefined;
  readonly lists: Record<'Alias' | DependencyKey, InstallValue[]>;
  readonly also: InstallValue[];
}

/** Units asked for, in that order. */
export interface InstallContext {
  readonly units: Map<string, InstallUnit>;
}

/** A failure with the exact words it is about, or nothing. */
export interface Failed {
  readonly failure: InstallFailure;
  readonly place?: Place;
}

export interface SearchOptions {
  /** Read [Install], not only find the file. */
  readonly load: boolean;
  /** Follow links that stand in /etc and /run. */
  readonly followConfigLinks: boolean;
}

/** Everything that looking units up depends on. Parsed files are kept, because a run may be tried more than once. */
export interface UnitReader {
  readonly tree: Tree;
  readonly inputs: BootInputs;
  readonly searchPath: readonly string[];
  readonly specifiers: SpecifierContext;
  readonly documents: Map<Inode, ReadUnitFile>;
  /** The unit directories as they are; asked for anew after one was made. */
  directories: readonly OpenUnitDirectory[];
  /** Gets problems of values that systemd warns of and passes over. */
  readonly onProblem: (code: string, text: string, place: Place, unit: string) => void;
}

interface ReadUnitFile {
  readonly document: UnitDocument;
  readonly lines: LineIndex;
}

export function makeUnitReader(
  tree: Tree,
  inputs: BootInputs,
  specifiers: SpecifierContext,
  onProblem: UnitReader['onProblem'],
): UnitReader {
  const searchPath = unitDirectories(inputs.systemd).map((directory) => directory.path);
  const directories = openUnitDirectories(tree, inputs);
  return { tree, inputs, searchPath, specifiers, documents: new Map(), directories, onProblem };
}

/** systemd's limit for expanded unit names (UNIT_NAME_MAX). */
const UNIT_NAME_MAX = 256;
/** systemd follows at most this many links from one name. */
const LINKS_MAX = 64;

/** Adds a unit to a context or finds it there. Undefined: not a unit name. */
export function addUnit(context: InstallContext, name: string, isAuxiliary: boolean): InstallUnit | undefined {
  const known = context.units.get(name);
  if (known !== undefined) {
    known.isAuxiliary &&= isAuxiliary;
    return known;
  }
  if (parseUnitName(name) === undefined) return undefined;
  const unit: InstallUnit = {
    name,
    path: undefined,
    mode: undefined,
    linkTarget: undefined,
    isAuxiliary,
    defaultInstance: undefined,
    lists: { Alias: [], WantedBy: [], RequiredBy: [], UpheldBy: [] },
    also: [],
  };
  context.units.set(name, unit);
  return unit;
}

/** Finds the unit that a name stands for, adding it to the context, and follows its links to the end. */
export function discoverUnit(
  reader: UnitReader,
  context: InstallContext,
  name: string,
  options: SearchOptions,
): InstallUnit | Failed {
  const unit = addUnit(context, name, false);
  return unit === undefined ? { failure: 'bad-value' } : traverseUnit(reader, context, unit, options);
}

/** Finds a unit's file and follows aliases and links from unit to unit. */
export function traverseUnit(
  reader: UnitReader,
  context: InstallContext,
  start: InstallUnit,
  options: SearchOptions,
): InstallUnit | Failed {
  const failed = searchUnit(reader, context, start, options);
  if (failed !== undefined) return failed;
  let unit = start;
  for (let links = 1; unit.mode === 'alias' || unit.mode === 'linked'; links++) {
    if (links > LINKS_MAX) return { failure: 'config-link' };
    if (!options.followConfigLinks && isConfigPath(reader, unit.path ?? '')) return { failure: 'config-link' };
    const target = unit.linkTarget ?? '';
    const targetName = baseName(target);
    if (unit.mode === 'linked' || targetName === unit.name) {
      const problem = followLink(reader, context, unit, target, options);
      if (problem !== undefined) return problem;
      continue;
    }
    const instance = parseUnitName(unit.name)?.instance;
    const parsedTarget = parseUnitName(targetName);
    let nextName = targetName;
    if (instance && parsedTarget?.instance === '') {
      nextName = instanceOf(parsedTarget, instance);
      if (parseUnitName(nextName) === undefined) return { failure: 'bad-value' };
      if (nextName === unit.name) {
        const problem = followLink(reader, context, unit, target, options);
        if (problem !== undefined) return problem;
        continue;
      }
    }
    const next = addUnit(context, nextName, false);
    if (next === undefined) return { failure: 'bad-value' };
    unit = next;
    const problem = searchUnit(reader, context, unit, options);
    if (problem !== undefined) return problem.failure === 'missing' ? { failure: 'missing-alias-target' } : problem;
  }
  return unit;
}

function isConfigPath(reader: UnitReader, path: string): boolean {
  const parent = parentPath(path);
  return unitDirectories(reader.inputs.systemd).some(
    (directory) => directory.kind === 'config' && directory.path === parent,
  );
}

function followLink(
  reader: UnitReader,
  context: InstallContext,
  unit: InstallUnit,
  target: string,
  options: SearchOptions,
): Failed | undefined {
  unit.path = target;
  unit.linkTarget = undefined;
  unit.mode = undefined;
  return loadPath(reader, context, unit, target, options);
}

/** Looks a unit up in the search path, an instance also as its template, and reads its drop-ins. */
export function searchUnit(
  reader: UnitReader,
  context: InstallContext,
  unit: InstallUnit,
  options: SearchOptions,
): Failed | undefined {
  if (unit.mode !== undefined) return undefined;
  if (unit.path !== undefined) return loadPath(reader, context, unit, unit.path, options);
  const parsed = parseUnitName(unit.name);
  const template = parsed?.instance ? templateOf(unit.name) : undefined;
  const failed =
    searchName(reader, context, unit, unit.name, options) ??
    (template === undefined ? undefined : searchName(reader, context, unit, template, options));
  if (failed === undefined) return { failure: 'missing' };
  if (failed !== 'found') return failed;
  // TypeScript cannot see that loading has set the mode.
  if ((unit.mode as InstallUnit['mode']) === 'masked' || !options.load) return undefined;
  for (const dropIn of findInstallDropIns(reader.tree, unit.name, reader.inputs, reader.directories)) {
    const problem = loadDropIn(reader, context, unit, dropIn.path);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function searchName(
  reader: UnitReader,
  context: InstallContext,
  unit: InstallUnit,
  fileName: string,
  options: SearchOptions,
): 'found' | Failed | undefined {
  for (const directory of reader.directories) {
    const inode = directory.inode.child(fileName);
    if (inode === undefined) continue;
    const path = joinPath(directory.path, fileName);
    const failed = loadInode(reader, context, unit, path, inode, options);
    if (failed?.failure === 'missing') continue;
    if (failed !== undefined) return failed;
    unit.path = path;
    return 'found';
  }
  return undefined;
}

/** Reads what stands at a path: a unit file, a mask or a link. Sets the unit's mode. */
function loadPath(
  reader: UnitReader,
  context: InstallContext,
  unit: InstallUnit,
  path: string,
  options: SearchOptions,
): Failed | undefined {
  return loadInode(reader, context, unit, path, reader.tree.lookup(path, { follow: false }), options);
}

function loadInode(
  reader: UnitReader,
  context: InstallContext,
  unit: InstallUnit,
  path: string,
  inode: Inode | undefined,
  options: SearchOptions,
): Failed | undefined {
  const parsed = parseUnitName(unit.name);
  if (parsed === undefined || (nameKind(parsed) !== 'plain' && !mayBeTemplate(parsed))) return { failure: 'bad-value' };
  if (inode === undefined) return { failure: 'missing' };
  if (inode.type === 'symlink') return loadLink(reader, unit, path);
  if (isNullOrEmpty(inode)) {
    unit.mode = 'masked';
    return undefined;
  }
  if (inode.type !== 'file') return { failure: 'not-a-file' };
  if (options.load) {
    const failed = loadInstall(reader, context, unit, path, inode);
    if (failed !== undefined) return failed;
  }
  unit.mode = 'regular';
  return undefined;
}

function loadLink(reader: UnitReader, unit: InstallUnit, path: string): Failed | undefined {
  const link = readUnitLink(reader.tree, path, reader.searchPath);
  if (link.kind === 'invalid') {
    switch (link.reason) {
      case 'missing':
        return { failure: 'missing' };
      case 'bad-target':
        return { failure: 'bad-alias-target' };
      case 'bad-source':
        return { failure: 'bad-value' };
      case 'self':
      case 'loop':
        return { failure: 'config-link' };
      default:
        return link.reason satisfies never;
    }
  }
  unit.linkTarget = link.path;
  const target = lookAtTarget(reader, link.path);
  if (target === 'loop') return { failure: 'config-link' };
  if (target === 'not-a-directory') return { failure: 'missing' };
  unit.mode = target === 'mask' ? 'masked' : link.kind;
  return undefined;
}

/**
 * Whether a link ends at a mask, or nowhere because links lead in circles. With --root, older versions put the root in
 * front of the target twice and so know only /dev/null by its name; the rest is then found at the next step.
 */
function lookAtTarget(reader: UnitReader, target: string): 'mask' | 'other' | 'loop' | 'not-a-directory' {
  if (target === '/dev/null') return 'mask';
  const { semantics, systemd } = reader.inputs;
  if (semantics === 'offline' && !systemd.has('offline-link-to-empty-unit-masks')) return 'other';
  const real = realPath(reader.tree, target, { follow: true });
  if (real.kind === 'failed') return real.reason === 'missing' ? 'other' : real.reason;
  if (!real.exists) return real.path === '/dev/null' ? 'mask' : 'other';
  const inode = reader.tree.lookup(real.path);
  return inode !== undefined && isNullOrEmpty(inode) ? 'mask' : 'other';
}

const dropInFailures = { loop: 'config-link', missing: 'missing', 'not-a-directory': 'not-a-file' } as const;

function loadDropIn(reader: UnitReader, context: InstallContext, unit: InstallUnit, path: string): Failed | undefined {
  const inode = reader.tree.lookup(path);
  if (inode === undefined) {
    const real = realPath(reader.tree, path, { follow: true });
    const reason = real.kind === 'failed' ? real.reason : 'missing';
    return { failure: dropInFailures[reason], place: { file: path } };
  }
  if (isNullOrEmpty(inode)) return undefined;
  if (inode.type !== 'file') return { failure: 'not-a-file', place: { file: path } };
  return loadInstall(reader, context, unit, path, inode);
}

/** Reads the [Install] sections of a file into a unit, setting by setting, as later ones depend on earlier ones. */
function loadInstall(
  reader: UnitReader,
  context: InstallContext,
  unit: InstallUnit,
  path: string,
  inode: Inode,
): Failed | undefined {
  const file = readUnitFile(reader, inode);
  if (file === undefined) return undefined;
  const { document, lines } = file;
  for (const section of document.sections) {
    if (section.name !== 'Install') continue;
    for (const entry of section.entries) {
      const failed = applySetting(reader, context, unit, { path, lines, entry });
      if (failed !== undefined) return failed;
    }
  }
  if (document.failure === undefined) return undefined;
  const { span } = document.failure;
  return { failure: 'unparsable-unit', place: { file: path, line: lines.position(span.start).line, span } };
}

function readUnitFile(reader: UnitReader, inode: Inode): ReadUnitFile | undefined {
  const known = reader.documents.get(inode);
  if (known !== undefined) return known;
  const content = inode.content;
  if (content.kind !== 'bytes') return undefined;
  const document = parseUnitBytes(content.bytes, reader.inputs.systemd);
  const read = { document, lines: new LineIndex(document.text) };
  reader.documents.set(inode, read);
  return read;
}

interface Setting {
  readonly path: string;
  readonly lines: LineIndex;
  readonly entry: UnitEntry;
}

function applySetting(
  reader: UnitReader,
  context: InstallContext,
  unit: InstallUnit,
  setting: Setting,
): Failed | undefined {
  switch (setting.entry.key) {
    case 'Alias': {
      const parsed = parseUnitName(unit.name);
      if (parsed !== undefined && mayHaveAliases(parsed)) addWords(reader, unit, 'Alias', setting);
      else {
        const text = `units of type ${parsed?.type ?? ''} cannot have other names, so Alias= is ignored`;
        reader.onProblem('alias-of-type-without-aliases', text, placeOf(setting), unit.name);
      }
      return undefined;
    }
    case 'WantedBy':
    case 'RequiredBy':
      addWords(reader, unit, setting.entry.key, setting);
      return undefined;
    case 'UpheldBy':
      if (reader.inputs.systemd.has('upheld-by')) addWords(reader, unit, 'UpheldBy', setting);
      return undefined;
    case 'Also':
      return addAlso(reader, context, unit, setting);
    case 'DefaultInstance':
      return setDefaultInstance(reader, unit, setting);
    default:
      return undefined;
  }
}

function placeOf({ path, lines, entry }: Setting, from = 0, to = entry.value.length): Place {
  const span = textSpan(entry, { start: from, end: to });
  return { file: path, line: lines.position(span.start).line, span };
}

/** An empty value forgets the words so far. A quote that is not closed loses the value; before 253 only its rest. */
function addWords(reader: UnitReader, unit: InstallUnit, key: 'Alias' | DependencyKey, setting: Setting): void {
  const list = unit.lists[key];
  const { value } = setting.entry;
  if (value === '') {
    list.length = 0;
    return;
  }
  const words: InstallValue[] = [];
  for (let at = 0; ; ) {
    const read = readWord(value, at, value.length, { backslash: 'keep' });
    if (read.kind === 'end') break;
    if (read.kind === 'problem') {
      const place = placeOf(setting, read.problem.span.start, read.problem.span.end);
      reader.onProblem('unterminated-quote', `${key}= has a quote that is not closed`, place, unit.name);
      if (reader.inputs.systemd.has('install-list-all-or-nothing')) return;
      break;
    }
    words.push({ text: read.word.value, place: placeOf(setting, read.word.span.start, read.word.span.end) });
    at = read.next;
  }
  for (const word of words) list.push(word);
}

/** Also= units join the context at once; a bad one makes the whole file fail to load. Nothing resets the list. */
function addAlso(reader: UnitReader, context: InstallContext, unit: InstallUnit, setting: Setting): Failed | undefined {
  const { value } = setting.entry;
  for (let at = 0; ; ) {
    const read = readWord(value, at, value.length, { backslash: 'drop', unquote: false });
    if (read.kind === 'end') return undefined;
    if (read.kind === 'problem') return { failure: 'bad-value', place: placeOf(setting) };
    const place = placeOf(setting, read.word.span.start, read.word.span.end);
    const name = expandInstallValue(reader, unit, read.word.value);
    if (typeof name !== 'string') return { ...name, place };
    if (addUnit(context, name, true) === undefined) return { failure: 'bad-value', place };
    unit.also.push({ text: name, place });
    at = read.next;
  }
}

function setDefaultInstance(reader: UnitReader, unit: InstallUnit, setting: Setting): Failed | undefined {
  const parsed = parseUnitName(unit.name);
  if (parsed?.instance) return undefined;
  if (parsed?.instance === undefined) {
    const text = 'DefaultInstance= is for templates only and is ignored';
    reader.onProblem('default-instance-without-template', text, placeOf(setting), unit.name);
    return undefined;
  }
  const instance = expandInstallValue(reader, unit, setting.entry.value);
  if (typeof instance !== 'string') return { ...instance, place: placeOf(setting) };
  if (instance !== '' && !/^[@0-9A-Za-z:_.\\-]+$/.test(instance)) {
    return { failure: 'bad-value', place: placeOf(setting) };
  }
  unit.defaultInstance = instance === '' ? undefined : instance;
  return undefined;
}

/** A value with its specifiers expanded for a unit as far as its file has been read. */
export function expandInstallValue(reader: UnitReader, unit: InstallUnit, text: string): string | Failed {
  if (!text.includes('%') && text.length <= UNIT_NAME_MAX) return text;
  const context = unitSpecifierContext(reader.specifiers, {
    name: unit.name,
    ...(unit.defaultInstance === undefined ? {} : { defaultInstance: unit.defaultInstance }),
  });
  const expansion = expandSpecifiers(text, 'unit-install', context, UNIT_NAME_MAX);
  switch (expansion.kind) {
    case 'value':
      return expansion.value;
    case 'unknown-specifier':
      return { failure: 'unknown-specifier' };
    case 'no-information':
      return { failure: 'specifier-without-value' };
    case 'unknowable':
      return { failure: 'unknowable' };
    default:
      return { failure: 'bad-value' };
  }
}

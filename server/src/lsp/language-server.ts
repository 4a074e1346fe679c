/**
 * The state of a running server: folders, open documents, settings and the last finished simulation of each set. Features
 * read it; nothing else holds any. A change is judged in two steps: the file's own problems at once, everything that needs the
 * boot as soon as no more input waits.
 */

import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  type Diagnostic,
  type Position,
  type Range,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { Image, ImageNode } from '../core/image/image.ts';
import { type ConfigKind, configKinds, findConfigFiles } from '../core/layering/config-files.ts';
import { listUnitNames } from '../core/layering/unit-files.ts';
import type { LocatedFinding, Place } from '../core/problems/problem.ts';
import { decodeText } from '../core/text/bytes.ts';
import type { Span } from '../core/text/source-text.ts';
import { newestKnownVersion, Systemd } from '../core/versions/systemd.ts';
import { documentProblems } from '../features/document-problems.ts';
import type { FeatureContext, SetFile } from '../features/feature-context.ts';
import { FeatureDocument } from '../features/feature-document.ts';
import type { CheckedSet, SetOptions } from '../workspace/checked-set.ts';
import { documentKindOf } from '../workspace/document-kind.ts';
import { nodeAt, resolveLinks } from '../workspace/live-directory.ts';
import { documentSet, WorkspaceFolder } from '../workspace/workspace-folder.ts';
import { findingDiagnostic, problemDiagnostic } from './diagnostics.ts';
import { mapSpan } from './map-span.ts';
import type { Platform } from './platform.ts';
import { readSettings, type ServerSettings } from './settings.ts';

/** Scheme of files that only the base has. */
const BASE_SCHEME = 'stateless-boot-base';

/** A simulation that took longer than this waits until the typing pauses, so that keystrokes are not held up. */
const LONG_MS = 120;

/** A folder with what was last found in it. */
interface FolderState {
  readonly folder: WorkspaceFolder;
  /** Sets with a finished simulation; undefined until the first is. */
  judged: readonly CheckedSet[] | undefined;
  /** Files that have diagnostics, by URI. */
  readonly published: Set<string>;
  /** What a document's findings were computed on. */
  duration: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  waiting: (() => void)[];
}

/** Findings of one file and the text that their spans lie in. */
interface FileFindings {
  readonly text: string;
  readonly findings: readonly LocatedFinding[];
  readonly set: CheckedSet;
}

export class LanguageServer {
  readonly connection: Connection;
  readonly platform: Platform;
  readonly documents: TextDocuments<TextDocument>;
  settings: ServerSettings = readSettings(undefined);
  /** What the client said that it can do; undefined before the handshake. */
  client: ClientCapabilities | undefined;
  readonly #folders = new Map<string, FolderState>();
  /** What a file that lies in no folder is laid over. */
  #base: Image | undefined;
  readonly #findings = new Map<string, FileFindings>();
  readonly #parsed = new Map<string, FeatureDocument>();
  readonly #fileOfNode = new WeakMap<ImageNode, SetFile>();
  readonly #readFrom = new WeakMap<FeatureDocument, ImageNode>();
  readonly #alone = new Map<string, { readonly text: string; readonly set: CheckedSet | undefined }>();
  readonly #judgedListeners: (() => void)[] = [];
  #hasStarted = false;

  constructor(connection: Connection, platform: Platform) {
    this.connection = connection;
    this.platform = platform;
    this.documents = new TextDocuments(TextDocument);
    this.documents.onDidChangeContent(({ document }) => this.#guarded('a change', () => this.#changed(document)));
    this.documents.onDidClose(({ document }) => this.#guarded('a closed file', () => this.#closed(document.uri)));
    connection.onDidChangeWatchedFiles(({ changes }) =>
      this.#guarded('changed files', () => {
        for (const { uri } of changes) this.#filesChanged(uri);
      }),
    );
    this.documents.listen(connection);
  }

  static readonly sync = { openClose: true, change: TextDocumentSyncKind.Incremental } as const;

  // Folders and settings.

  async start(folders: readonly { readonly uri: string; readonly name: string }[], settings: unknown): Promise<void> {
    this.settings = readSettings(settings);
    this.#base = (await this.platform.openBase(undefined, undefined)).image;
    for (const { uri, name } of folders) await this.addFolder(uri, name);
    this.#hasStarted = true;
    for (const document of this.documents.all()) this.#changed(document);
  }

  async addFolder(uri: string, name: string): Promise<void> {
    const host = this.platform.openFolder(uri);
    if (host === undefined) {
      this.connection.console.warn(`${uri}: the folder cannot be read; its files are judged one by one`);
      return;
    }
    const folder = new WorkspaceFolder(uri.replace(/\/+$/, ''), name, host, this.#options());
    const state: FolderState = {
      folder,
      judged: undefined,
      published: new Set(),
      duration: 0,
      timer: undefined,
      waiting: [],
    };
    this.#folders.set(folder.uri, state);
    await this.#openBase(folder);
    this.schedule(folder.uri);
  }

  removeFolder(uri: string): void {
    const state = this.#folders.get(uri.replace(/\/+$/, ''));
    if (state === undefined) return;
    clearTimeout(state.timer);
    this.#folders.delete(state.folder.uri);
    // Whoever waits for a simulation of it goes on without one.
    for (const ready of state.waiting.splice(0)) ready();
    for (const file of state.published) void this.connection.sendDiagnostics({ uri: file, diagnostics: [] });
  }

  async configure(settings: unknown): Promise<void> {
    this.settings = readSettings(settings);
    for (const { folder } of this.#folders.values()) {
      folder.setOptions(this.#options());
      await this.#openBase(folder);
      this.schedule(folder.uri);
    }
    this.#alone.clear();
    for (const document of this.documents.all()) this.#changed(document);
  }

  async #openBase(folder: WorkspaceFolder): Promise<void> {
    const opened = await this.platform.openBase(this.settings.base, folder.uri);
    if (opened.problem !== undefined) {
      this.connection.window.showWarningMessage(`Stateless Boot: the base image cannot be used. ${opened.problem}`);
    }
    folder.setBase(opened.image);
  }

  #options(): SetOptions {
    const { volatile, systemdVersion, target, container, rules } = this.settings;
    const off = [...rules].filter(([, level]) => level === 'off').map(([id]) => id);
    return {
      volatile,
      day: this.platform.today(),
      ...(systemdVersion === undefined ? {} : { systemdVersion }),
      ...(target === undefined ? {} : { target }),
      ...(container === undefined ? {} : { container }),
      ...(off.length === 0 ? {} : { ignore: new Set(off) }),
    };
  }

  /**
   * The folder that a file lies in, and its path below it, parts joined by `/`: `written` as the editor has it, `file` after
   * the symlinks on the way. In an image with a merged /usr every configuration file can be opened by two names.
   */
  folderOf(uri: string): { readonly state: FolderState; readonly file: string; readonly written: string } | undefined {
    let best: FolderState | undefined;
    for (const state of this.#folders.values()) {
      if (!uri.startsWith(`${state.folder.uri}/`)) continue;
      if (best === undefined || state.folder.uri.length > best.folder.uri.length) best = state;
    }
    if (best === undefined) return undefined;
    const written = decodePath(uri.slice(best.folder.uri.length + 1));
    return { state: best, file: resolveLinks(best.folder.root, written), written };
  }

  folders(): readonly WorkspaceFolder[] {
    return [...this.#folders.values()].map(({ folder }) => folder);
  }

  /** The last judged sets of a folder. */
  judgedSets(folder: string): readonly CheckedSet[] {
    return this.#folders.get(folder)?.judged ?? [];
  }

  /** Calls back whenever simulations have finished. */
  onJudged(listener: () => void): void {
    this.#judgedListeners.push(listener);
  }

  // Changes.

  #changed(document: TextDocument): void {
    // Before the folders are known, a file of theirs would be judged as if it stood alone.
    if (!this.#hasStarted) return;
    const at = this.folderOf(document.uri);
    this.#parsed.delete(document.uri);
    this.#publishQuick(document);
    if (at === undefined) {
      this.#alone.delete(document.uri);
      setTimeout(() => this.#guarded('the check of a file', () => this.#judgeAlone(document.uri)), 0);
      return;
    }
    at.state.folder.setBuffer(at.file, document.getText());
    this.schedule(at.state.folder.uri);
  }

  #closed(uri: string): void {
    this.#parsed.delete(uri);
    const at = this.folderOf(uri);
    if (at === undefined) {
      this.#alone.delete(uri);
      void this.connection.sendDiagnostics({ uri, diagnostics: [] });
      return;
    }
    at.state.folder.dropBuffer(at.file);
    // Another name of the file may still be open.
    for (const other of this.documents.all()) {
      const same = this.folderOf(other.uri);
      if (same?.state === at.state && same.file === at.file) same.state.folder.setBuffer(at.file, other.getText());
    }
    this.schedule(at.state.folder.uri);
  }

  #filesChanged(uri: string): void {
    const at = this.folderOf(uri);
    if (at === undefined) return;
    this.#parsed.delete(uri);
    // The watcher tells of the entry of that name, which may be a link itself.
    const { folder } = at.state;
    folder.refresh(resolveLinks(folder.root, at.written, { final: false }));
    this.schedule(at.state.folder.uri);
  }

  /** Has the sets of a folder simulated when nothing more urgent waits. */
  schedule(folder: string): void {
    const state = this.#folders.get(folder);
    if (state === undefined) return;
    clearTimeout(state.timer);
    const delay = state.duration < LONG_MS ? 0 : Math.min(state.duration, 500);
    state.timer = setTimeout(() => {
      state.timer = undefined;
      this.#guarded(`the simulation of ${state.folder.name}`, () => this.#judge(state));
      for (const ready of state.waiting.splice(0)) ready();
      for (const listener of this.#judgedListeners) this.#guarded('a listener', listener);
    }, delay);
  }

  /** Waits until the folder's latest state is simulated. */
  async settled(folder: string): Promise<void> {
    const state = this.#folders.get(folder);
    if (state?.timer === undefined) return;
    await new Promise<void>((resolve) => state.waiting.push(resolve));
  }

  #judge(state: FolderState): void {
    const began = this.platform.now();
    const sets = state.folder.sets;
    const findings = new Map<string, FileFindings & { readonly findings: LocatedFinding[] }>();
    for (const set of sets) {
      const from = this.platform.now();
      const { result } = set;
      set.duration ??= this.platform.now() - from;
      for (const failure of result.failures) {
        this.connection.console.error(`the rule ${failure.rule} failed: ${failure.message}`);
      }
      for (const finding of result.findings) {
        const file = set.fileOf(finding.place.file);
        if (file === undefined) continue;
        const uri = this.uriOf(state.folder, file);
        const known = findings.get(uri);
        if (known !== undefined) known.findings.push(finding);
        else {
          const text = result.context.source(finding.place.file)?.text ?? '';
          findings.set(uri, { text, findings: [finding], set });
        }
      }
    }
    state.judged = sets;
    state.duration = this.platform.now() - began;
    for (const uri of state.published) this.#findings.delete(uri);
    for (const [uri, found] of findings) this.#findings.set(uri, found);
    const open = this.documents.all().filter(({ uri }) => this.folderOf(uri)?.state === state);
    const uris = new Set([...state.published, ...findings.keys(), ...open.map(({ uri }) => uri)]);
    state.published.clear();
    for (const uri of uris) {
      const document = this.documents.get(uri);
      const diagnostics = document === undefined ? this.#closedDiagnostics(uri) : this.#diagnosticsOf(document);
      if (diagnostics.length > 0) state.published.add(uri);
      void this.connection.sendDiagnostics({
        uri,
        diagnostics,
        ...(document === undefined ? {} : { version: document.version }),
      });
    }
  }

  #judgeAlone(uri: string): void {
    const document = this.documents.get(uri);
    const set = this.#aloneSet(uri);
    if (document === undefined || set === undefined) return;
    const { result } = set;
    const findings = result.findings.filter(({ place }) => set.fileOf(place.file) === uri);
    this.#findings.set(uri, { text: document.getText(), findings, set });
    void this.connection.sendDiagnostics({
      uri,
      version: document.version,
      diagnostics: this.#diagnosticsOf(document),
    });
  }

  #aloneSet(uri: string): CheckedSet | undefined {
    const document = this.documents.get(uri);
    if (document === undefined) return undefined;
    const text = document.getText();
    const known = this.#alone.get(uri);
    if (known?.text === text) return known.set;
    const path = URI.parse(uri).path;
    const kind = documentKindOf(path, () => text, document.languageId);
    const set = kind === undefined ? undefined : documentSet(uri, path, text, this.#base, this.#options());
    this.#alone.set(uri, { text, set });
    return set;
  }

  // Diagnostics.

  #publishQuick(document: TextDocument): void {
    const diagnostics = this.#diagnosticsOf(document);
    if (diagnostics.length > 0) this.folderOf(document.uri)?.state.published.add(document.uri);
    void this.connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
  }

  /** The file's own problems as its text is now, and its findings as far as the text they lie in is still there. */
  #diagnosticsOf(document: TextDocument): Diagnostic[] {
    const known = this.featureDocument(document.uri);
    if (known === undefined) return [];
    const text = document.getText();
    const found = this.findingsOf(document.uri);
    const diagnostics: Diagnostic[] = [];
    const covered: Span[] = [];
    for (const finding of found?.findings ?? []) {
      const span = this.#findingSpan(finding, found?.set);
      const moved = span === undefined ? { start: 0, end: 0 } : mapSpan(span, found?.text ?? '', text);
      if (moved === undefined) continue;
      covered.push(moved);
      const diagnostic = this.#findingDiagnostic(finding, rangeIn(document, moved), found?.set);
      if (diagnostic !== undefined) diagnostics.push(diagnostic);
    }
    for (const problem of documentProblems(known)) {
      // A finding says the same with what it leads to.
      if (covered.some(({ start, end }) => problem.span.start <= end && problem.span.end >= start)) continue;
      const range = rangeIn(document, problem.span);
      const diagnostic = problemDiagnostic(problem, known.kind, range, this.settings.rules);
      if (diagnostic !== undefined) diagnostics.push(diagnostic);
    }
    return diagnostics;
  }

  #closedDiagnostics(uri: string): Diagnostic[] {
    const found = this.#findings.get(uri);
    return (found?.findings ?? []).flatMap((finding) => {
      const diagnostic = this.#findingDiagnostic(finding, protocolRange(finding.range), found?.set);
      return diagnostic === undefined ? [] : [diagnostic];
    });
  }

  #findingSpan(finding: LocatedFinding, set: CheckedSet | undefined): Span | undefined {
    const { file, line, span } = finding.place;
    if (span !== undefined) return span;
    return line === undefined ? undefined : set?.result.context.source(file)?.lines.lineSpan(line);
  }

  #findingDiagnostic(finding: LocatedFinding, range: Range, set: CheckedSet | undefined): Diagnostic | undefined {
    return findingDiagnostic(
      finding,
      range,
      (place) => (set === undefined ? undefined : this.locate(set, place)),
      this.settings.rules,
    );
  }

  /** Where a place of a set's image is for the editor; undefined if no file can be shown. */
  locate(set: CheckedSet, place: Place): { readonly uri: string; readonly range: Range } | undefined {
    const uri = this.uriOfImagePath(set, place.file);
    if (uri === undefined) return undefined;
    const source = set.result.context.source(place.file);
    const span = place.span ?? (place.line === undefined ? undefined : source?.lines.lineSpan(place.line));
    const range = source === undefined || span === undefined ? undefined : source.lines.range(span);
    return { uri, range: range === undefined ? noRange : protocolRange(range) };
  }

  /** The findings of a file whose text they were computed on is still current, by their fingerprint. */
  findingsOf(uri: string): FileFindings | undefined {
    const own = this.#findings.get(uri);
    const at = own === undefined ? this.folderOf(uri) : undefined;
    return at === undefined ? own : this.#findings.get(this.uriOf(at.state.folder, at.file));
  }

  /** How many diagnostics a file has now. */
  problemCount(uri: string): number {
    const document = this.documents.get(uri);
    return (document === undefined ? this.#closedDiagnostics(uri) : this.#diagnosticsOf(document)).length;
  }

  // What features ask for.

  uriOf(folder: WorkspaceFolder, file: string): string {
    return `${folder.uri}/${file.split('/').map(encodeURIComponent).join('/')}`;
  }

  /** The URI of a path of a set's image; of the base a read-only one. Undefined if there is no such file. */
  uriOfImagePath(set: CheckedSet, imagePath: string): string | undefined {
    const file = set.fileOf(imagePath);
    if (set.kind === 'document' && file !== undefined) return file;
    if (file !== undefined) {
      const state = [...this.#folders.values()].find(({ judged }) =>
        judged?.some((known) => known === set || known.isBootOf(set)),
      );
      if (state !== undefined) return this.uriOf(state.folder, file);
    }
    return `${BASE_SCHEME}:${imagePath.split('/').map(encodeURIComponent).join('/')}`;
  }

  /** Text of a file of the base, by its URI. */
  baseText(uri: string): string | undefined {
    const parsed = URI.parse(uri);
    if (parsed.scheme !== BASE_SCHEME) return undefined;
    for (const { judged } of this.#folders.values()) {
      for (const set of judged ?? []) {
        const text = textOf(set.image, parsed.path);
        if (text !== undefined) return text;
      }
    }
    return this.#base === undefined ? undefined : textOf(this.#base, parsed.path);
  }

  /** An open document or a file of a folder as features see it; undefined for what is not of our kinds. */
  featureDocument(uri: string): FeatureDocument | undefined {
    const open = this.documents.get(uri);
    const at = this.folderOf(uri);
    const set = this.setOf(uri)?.set;
    const systemd = set?.systemd ?? new Systemd(this.settings.systemdVersion ?? newestKnownVersion);
    const known = this.#parsed.get(uri);
    // A closed file is read once: its node stays the same until somebody touches it.
    const node = open === undefined && at !== undefined ? nodeAt(at.state.folder.root, at.file.split('/')) : undefined;
    if (node !== undefined && known?.systemd.version === systemd.version && this.#readFrom.get(known) === node) {
      return known;
    }
    const text = open?.getText() ?? (at === undefined ? this.baseText(uri) : textOf(at.state.folder, at.file));
    if (text === undefined) return undefined;
    if (known !== undefined && known.text === text && known.systemd.version === systemd.version) {
      if (node !== undefined) this.#readFrom.set(known, node);
      return known;
    }
    const path = at?.file ?? URI.parse(uri).path;
    const kind = documentKindOf(path, () => text, open?.languageId);
    if (kind === undefined) return undefined;
    const document = new FeatureDocument(path, text, kind, systemd);
    this.#parsed.set(uri, document);
    if (node !== undefined) this.#readFrom.set(document, node);
    return document;
  }

  /** The judged set of a file and its path there. */
  setOf(uri: string): { readonly set: CheckedSet; readonly imagePath: string } | undefined {
    const at = this.folderOf(uri);
    if (at === undefined) {
      const set = this.#alone.get(uri)?.set;
      const imagePath = set?.imagePathOf(uri);
      return set === undefined || imagePath === undefined ? undefined : { set, imagePath };
    }
    for (const set of at.state.judged ?? []) {
      const imagePath = set.imagePathOf(at.written) ?? set.imagePathOf(at.file);
      if (imagePath !== undefined) return { set, imagePath };
    }
    return undefined;
  }

  /** What a feature needs to answer for a file; undefined if the file is not of our kinds. Waits for a first simulation. */
  async context(uri: string, token?: CancellationToken): Promise<FeatureContext | undefined> {
    const at = this.folderOf(uri);
    if (at !== undefined && at.state.judged === undefined) await this.settled(at.state.folder.uri);
    if (at === undefined) this.#aloneSet(uri);
    const document = this.featureDocument(uri);
    if (document === undefined) return undefined;
    const found = this.setOf(uri);
    return {
      uri,
      document,
      set: found?.set,
      imagePath: found?.imagePath,
      files: () => this.#filesOf(found?.set, at?.state.folder),
      fileAt: (imagePath) => (found === undefined ? undefined : this.#fileAt(found.set, imagePath)),
      isCancelled: () => token?.isCancellationRequested === true,
    };
  }

  *#filesOf(set: CheckedSet | undefined, folder: WorkspaceFolder | undefined): Generator<SetFile> {
    if (set === undefined) return;
    const paths = set.ownFiles?.keys() ?? configurationFiles(set);
    for (const imagePath of paths) {
      const file = set.fileOf(imagePath);
      if (file === undefined) continue;
      // A node stays the same until its file is touched, in the editor or on disk.
      const node = folder === undefined ? undefined : nodeAt(folder.root, file.split('/'));
      const known = node === undefined ? undefined : this.#fileOfNode.get(node);
      if (known?.imagePath === imagePath && known.document.systemd.version === set.systemd.version) {
        yield known;
        continue;
      }
      const uri = folder === undefined ? file : this.uriOf(folder, file);
      const document = this.featureDocument(uri);
      if (document === undefined) continue;
      const found = { uri, imagePath, document };
      if (node !== undefined) this.#fileOfNode.set(node, found);
      yield found;
    }
  }

  #fileAt(set: CheckedSet, imagePath: string): SetFile | undefined {
    const uri = this.uriOfImagePath(set, imagePath);
    const document = uri === undefined ? undefined : this.featureDocument(uri);
    return uri === undefined || document === undefined ? undefined : { uri, imagePath, document };
  }

  /** The offset of a position; beyond the end of a line it is that end. */
  offset(document: FeatureDocument, position: Position): number {
    return TextDocument.create('', '', 0, document.text).offsetAt(position);
  }

  /** A span of a document as a range of the protocol. */
  range(document: FeatureDocument, span: Span): Range {
    const open = TextDocument.create('', '', 0, document.text);
    return rangeIn(open, span);
  }

  /**
   * Wraps a handler: it answers with `fallback` if it fails, and what failed stands in the log; one that the client no longer
   * wants is not worked on.
   */
  guard<Params, Result>(
    name: string,
    fallback: Result,
    handler: (params: Params, token: CancellationToken) => Result | Promise<Result>,
  ): (params: Params, token: CancellationToken) => Promise<Result> {
    return async (params, token) => {
      // Whatever has arrived meanwhile is read first: it may be the cancellation.
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (token.isCancellationRequested) throw new ResponseError(-32800, 'cancelled');
      try {
        return await handler(params, token);
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        this.connection.console.error(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
        return fallback;
      }
    };
  }

  #guarded(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.connection.console.error(`${what} failed: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}

const noRange: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A range as findings have it: lines and columns from 1. */
function protocolRange({ start, end }: LocatedFinding['range']): Range {
  return {
    start: { line: start.line - 1, character: start.column - 1 },
    end: { line: end.line - 1, character: end.column - 1 },
  };
}

function rangeIn(document: TextDocument, span: Span): Range {
  return { start: document.positionAt(span.start), end: document.positionAt(span.end) };
}

function decodePath(path: string): string {
  return path
    .split('/')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    })
    .join('/');
}

function textOf({ root }: { readonly root: ImageNode }, path: string): string | undefined {
  const node = nodeAt(
    root,
    path.split('/').filter((name) => name !== ''),
  );
  const content = node?.type === 'file' ? node.read() : undefined;
  return content?.kind === 'bytes' ? decodeText(content.bytes) : undefined;
}

/** The configuration files of a root, each once. */
function configurationFiles(set: CheckedSet): ReadonlySet<string> {
  const { simulation, inputs } = set;
  const tree = simulation.tree;
  const paths = new Set<string>();
  for (const kind of Object.keys(configKinds) as ConfigKind[]) {
    for (const { path, overrides } of findConfigFiles(tree, kind, inputs).files) {
      for (const each of [path, ...overrides]) paths.add(each);
    }
  }
  for (const path of listUnitNames(tree, inputs).values()) paths.add(path);
  for (const { unit } of simulation.units.outcomes) for (const { path } of unit.files) paths.add(path);
  return paths;
}

/**
 * A client of the language server as it is shipped: a process of its own, spoken to over its standard input and output. A
 * workspace is written as several files in one text (`--- /path`); `$0` in a file is where the cursor stands.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseFileSet } from './file-set.ts';

export interface Cursor {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}

export class LanguageClient {
  readonly connection: ProtocolConnection;
  /** What the server said that it can do. */
  initialized: InitializeResult | undefined;
  /** Lines that the server logged; errors in it fail a test. */
  readonly log: string[] = [];
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #isTemporary: boolean;
  readonly #diagnostics = new Map<string, PublishDiagnosticsParams>();
  readonly #open = new Map<string, TextDocument>();
  readonly #listeners = new Set<() => void>();

  private constructor(folder: string, process_: ChildProcess, isTemporary: boolean) {
    this.folder = folder;
    this.#isTemporary = isTemporary;
    this.#process = process_;
    assert.ok(process_.stdout !== null && process_.stdin !== null);
    this.connection = createProtocolConnection(
      new StreamMessageReader(process_.stdout),
      new StreamMessageWriter(process_.stdin),
    );
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#diagnostics.set(params.uri, params);
      for (const listener of this.#listeners) listener();
    });
    this.connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
      if (type <= 2) this.log.push(message);
    });
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.listen();
  }

  /**
   * Writes the files to a new folder and starts a server on it. `initializationOptions` are the settings, `textDocument` more of
   * what the client can do.
   */
  static async start(files: string, settings: object = {}, textDocument: object = {}): Promise<LanguageClient> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stateless-boot-lsp-')));
    for (const { path, type, mode, text } of parseFileSet(files)) {
      const target = join(folder, path);
      mkdirSync(type === 'directory' ? target : dirname(target), { recursive: true });
      if (type === 'symlink') symlinkSync(text, target);
      else if (type === 'file') writeFileSync(target, text.replace('$0', ''), { mode });
    }
    return LanguageClient.startOn(folder, settings, { isTemporary: true, textDocument });
  }

  /** Starts a server on a folder that is there already. */
  static async startOn(
    folder: string,
    settings: object = {},
    options: { readonly isTemporary?: boolean; readonly textDocument?: object } = {},
  ): Promise<LanguageClient> {
    const child = spawn(process.execPath, ['--expose-gc', 'dist/cli.js', 'lsp', '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, SOURCE_DATE_EPOCH: '1795478400' },
    });
    const client = new LanguageClient(folder, child, options.isTemporary === true);
    const uri = pathToFileURL(folder).href;
    client.initialized = await client.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'work' }],
      capabilities: {
        textDocument: {
          publishDiagnostics: { relatedInformation: true, versionSupport: true },
          ...options.textDocument,
        },
        workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
      },
      initializationOptions: settings,
    });
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  uri(path: string): string {
    return `${pathToFileURL(this.folder).href}${path}`;
  }

  /** The path below the folder of a URI; other URIs as they are. */
  path(uri: string): string {
    const folder = pathToFileURL(this.folder).href;
    return uri.startsWith(folder) ? decodeURIComponent(uri.slice(folder.length)) : uri;
  }

  /** Opens a file with a text; `$0` in it is the cursor. */
  async open(path: string, text: string, languageId = 'plaintext'): Promise<Cursor> {
    const at = text.indexOf('$0');
    const document = TextDocument.create(this.uri(path), languageId, 1, text.replace('$0', ''));
    this.#open.set(document.uri, document);
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: document.uri, languageId, version: 1, text: document.getText() },
    });
    return { uri: document.uri, position: document.positionAt(at === -1 ? 0 : at) };
  }

  /** Opens a file of a workspace text, `$0` in it being the cursor. */
  async openOf(files: string, path: string): Promise<Cursor> {
    const file = parseFileSet(files).find((entry) => entry.path === path);
    assert.ok(file !== undefined, `${path} is in the workspace`);
    return this.open(path, file.text);
  }

  /** Replaces a part of an open file, by offsets; both default to the whole. */
  async change(path: string, text: string, start?: number, end?: number): Promise<void> {
    const document = this.#open.get(this.uri(path));
    assert.ok(document !== undefined, `${path} is open`);
    const change =
      start === undefined
        ? { text }
        : { range: { start: document.positionAt(start), end: document.positionAt(end ?? start) }, text };
    const version = document.version + 1;
    this.#open.set(document.uri, TextDocument.update(document, [change], version));
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: document.uri, version },
      contentChanges: [change],
    });
  }

  /** The text of an open file; undefined if it is not open. */
  text(path: string): string | undefined {
    return this.#open.get(this.uri(path))?.getText();
  }

  /** Tells the server that a file changed on disk. */
  async changed(path: string): Promise<void> {
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: this.uri(path), type: 2 }],
    });
  }

  /** Bytes of live objects in the server, garbage collected before. */
  async memory(): Promise<number> {
    const { heapUsed } = await this.connection.sendRequest<{ readonly heapUsed: number }>('statelessBoot/memory', {});
    return heapUsed;
  }

  async close(path: string): Promise<void> {
    this.#open.delete(this.uri(path));
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.uri(path) } });
  }

  diagnostics(path: string): readonly Diagnostic[] {
    return this.#diagnostics.get(this.uri(path))?.diagnostics ?? [];
  }

  /** Waits until the diagnostics of a file satisfy a condition. */
  async until(
    path: string,
    condition: (diagnostics: readonly Diagnostic[]) => boolean,
  ): Promise<readonly Diagnostic[]> {
    const deadline = Date.now() + 10_000;
    while (!condition(this.diagnostics(path))) {
      const left = deadline - Date.now();
      if (left <= 0) {
        const seen = this.diagnostics(path).map(({ code, message }) => `${code}: ${message}`);
        assert.fail(`the diagnostics of ${path} did not come to what was waited for, but to ${JSON.stringify(seen)}`);
      }
      await new Promise<void>((resolve) => {
        const listener = () => {
          clearTimeout(timer);
          this.#listeners.delete(listener);
          resolve();
        };
        const timer = setTimeout(listener, left);
        this.#listeners.add(listener);
      });
    }
    return this.diagnostics(path);
  }

  /** Waits until everything sent so far is simulated. */
  async settled(): Promise<void> {
    await this.connection.sendRequest('statelessBoot/settled', {});
  }

  /** The diagnostics of a file drawn under its lines: `  ^^^ severity[code]: first line of the message`. */
  drawn(path: string): string {
    const text = this.text(path) ?? '';
    const lines = text.split('\n');
    const drawn: string[] = [];
    for (const [index, line] of lines.entries()) {
      drawn.push(line);
      for (const { range, severity, code, message } of this.diagnostics(path)) {
        if (range.start.line !== index) continue;
        const end = range.end.line === index ? range.end.character : line.length;
        const marks = '^'.repeat(Math.max(1, end - range.start.character));
        const word = ['', 'error', 'warning', 'info', 'hint'][severity ?? 0];
        drawn.push(
          `#${' '.repeat(Math.max(0, range.start.character - 1))}${marks} ${word}[${code}]: ${String(message).split('\n')[0]}`,
        );
      }
    }
    return drawn.join('\n').trimEnd();
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await new Promise((resolve) => this.#process.once('exit', resolve));
    this.connection.dispose();
    if (this.#isTemporary) rmSync(this.folder, { recursive: true, force: true });
    assert.deepEqual(this.log, [], 'the server logged no warning and no error');
  }
}

/** Runs a check with a server on a workspace and ends it whatever happens. */
export async function withClient(
  files: string,
  check: (client: LanguageClient) => Promise<void>,
  settings: object = {},
  textDocument: object = {},
): Promise<void> {
  const client = await LanguageClient.start(files, settings, textDocument);
  try {
    await check(client);
  } catch (error) {
    client.connection.end();
    throw error;
  }
  await client.stop();
}

/** The connection to the language server, which runs as a process of its own on the editor's runtime. */

import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { PreviewSet } from '../../server/src/lsp/protocol.ts';

/** Languages of ours, and those that other extensions give to unit files. */
const languages = [
  'systemd-tmpfiles',
  'systemd-sysusers',
  'systemd-preset',
  'systemd-unit',
  'systemd-unit-file',
  'systemd',
];

/** Loose files whose names carry no extension of ours. */
const patterns = [
  '**/*.{service,socket,mount,automount,swap,target,timer,path,slice}.in',
  '**/debian/*.{tmpfiles,sysusers}',
];

export class ServerConnection implements vscode.Disposable {
  readonly #client: LanguageClient;
  #started: Promise<void> | undefined;

  constructor(context: vscode.ExtensionContext) {
    const module = context.asAbsolutePath('dist/server.js');
    const run = { module, transport: TransportKind.ipc };
    this.#client = new LanguageClient(
      'statelessBoot',
      'Stateless Boot',
      { run, debug: run },
      {
        documentSelector: [
          ...languages.map((language) => ({ language })),
          ...patterns.map((pattern) => ({ scheme: 'file', pattern })),
        ],
        synchronize: { configurationSection: 'statelessBoot' },
      },
    );
    context.subscriptions.push(
      vscode.workspace.registerTextDocumentContentProvider('stateless-boot-base', {
        provideTextDocumentContent: async (uri) =>
          (await this.ask<string | null>('document', { uri: uri.toString() })) ?? '',
      }),
    );
  }

  /** Starts the server at the first call. A failure is shown by the client, and stands in its output channel. */
  start(): Promise<void> {
    this.#started ??= this.#client.start();
    return this.#started;
  }

  async restart(): Promise<void> {
    await this.start();
    await this.#client.restart();
  }

  showLog(): void {
    this.#client.outputChannel.show();
  }

  /** Sends one of the requests of server/src/lsp/protocol.ts. */
  async ask<Result>(name: string, params: object = {}): Promise<Result> {
    await this.start();
    return this.#client.sendRequest<Result>(`statelessBoot/${name}`, params);
  }

  sets(): Promise<readonly PreviewSet[]> {
    return this.ask('sets');
  }

  async dispose(): Promise<void> {
    if (this.#started !== undefined) await this.#client.dispose();
  }
}

/** Connects a server to its client: the handshake, folders, settings and file watching. Features come from their table. */

import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import { version } from '../cli/version.ts';
import { features } from './features.ts';
import { LanguageServer } from './language-server.ts';
import type { Platform } from './platform.ts';

/** Listens on a connection until the client ends it. */
export function serve(connection: Connection, platform: Platform): void {
  const server = new LanguageServer(connection, platform);
  let initial: InitializeParams | undefined;

  connection.onInitialize((params): InitializeResult => {
    initial = params;
    server.clientCapabilities = params.capabilities;
    const capabilities = Object.assign({}, ...features.map((feature) => feature.capabilities));
    return {
      capabilities: {
        ...capabilities,
        textDocumentSync: LanguageServer.sync,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: 'stateless-boot', version },
    };
  });

  connection.onInitialized(async () => {
    const { capabilities, initializationOptions } = initial ?? {};
    const asks = capabilities?.workspace?.configuration === true;
    const settings = async () => {
      if (!asks) return initializationOptions;
      const [asked] = await connection.workspace.getConfiguration([{ section: 'statelessBoot' }]);
      return asked ?? initializationOptions;
    };
    const root = initial?.rootUri;
    const folders = initial?.workspaceFolders ?? (root == null ? [] : [{ uri: root, name: nameOf(root) }]);
    await server.start(folders, await settings());
    if (capabilities?.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'statelessBoot' });
    }
    if (capabilities?.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] });
    }
    connection.onDidChangeConfiguration(async (change) => {
      const sent = change.settings as { readonly statelessBoot?: unknown } | null | undefined;
      await server.configure(asks ? await settings() : (sent?.statelessBoot ?? sent));
    });
    if (capabilities?.workspace?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        for (const { uri } of removed) server.removeFolder(uri);
        for (const { uri, name } of added) await server.addFolder(uri, name);
      });
    }
  });

  for (const feature of features) feature.register(server);
  connection.listen();
}

function nameOf(uri: string): string {
  return uri.replace(/\/+$/, '').split('/').at(-1) ?? uri;
}

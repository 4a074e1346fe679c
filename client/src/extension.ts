/** The VS Code extension: starts the language server for the files that it knows, and registers the commands. */

import type * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { ServerConnection } from './server-connection.ts';

/** Called by VS Code when a file of ours is opened or one of the commands is used. */
export function activate(context: vscode.ExtensionContext): ServerConnection {
  const server = new ServerConnection(context);
  context.subscriptions.push(server);
  registerCommands(context, server);
  // What is open already is looked at without being asked; a command starts the server, too.
  void server.start();
  return server;
}

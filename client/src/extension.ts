/**
 * The VS Code extension. For now it colours preset files and runs the bundled checker on a folder in a terminal; the
 * language server and the previews build on the same core.
 */

import { join } from 'node:path';
import * as vscode from 'vscode';

/** Called by VS Code when one of the commands is used for the first time. */
export function activate(context: vscode.ExtensionContext): void {
  const checker = join(context.extensionPath, 'dist', 'cli.js');
  context.subscriptions.push(
    vscode.commands.registerCommand('statelessBoot.checkFolder', async (resource?: vscode.Uri) => {
      const folder = resource ?? (await pickFolder());
      if (folder !== undefined) runChecker(checker, folder.fsPath);
    }),
  );
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 1) return folders[0]?.uri;
  const picked = await vscode.window.showWorkspaceFolderPick({ placeHolder: 'Image root or source folder to check' });
  return picked?.uri;
}

/** The editor's own runtime serves as Node, so that none need be installed. */
function runChecker(checker: string, folder: string): void {
  const terminal = vscode.window.createTerminal({
    name: 'Stateless Boot',
    cwd: folder,
    shellPath: process.execPath,
    shellArgs: [checker, 'check', folder],
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  terminal.show();
}

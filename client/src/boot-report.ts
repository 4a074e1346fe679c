/** The boot report in a panel beside the files: the page of `--format html` under a strict policy. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PreviewSet } from '../../server/src/lsp/protocol.ts';
import type { ServerConnection } from './server-connection.ts';

/** Shows the report of a set's boot. */
export async function showReport(
  server: ServerConnection,
  set: PreviewSet,
  volatile: PreviewSet['volatile'],
): Promise<vscode.WebviewPanel | undefined> {
  const page = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Simulating the boot of ${set.label}` },
    () => server.ask<string | null>('report', { set: set.id, volatile }),
  );
  if (page === null) {
    void vscode.window.showErrorMessage('Stateless Boot: the report could not be made; the log says why.');
    return undefined;
  }
  const panel = vscode.window.createWebviewPanel(
    'statelessBoot.report',
    `Boot of ${set.label}`,
    vscode.ViewColumn.Beside,
    {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: [],
    },
  );
  panel.webview.html = secured(page);
  return panel;
}

/** The page's own scripts run by a nonce; nothing else does, and nothing is loaded from anywhere. */
function secured(page: string): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-${nonce}'`;
  return page
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/i, '')
    .replace(/<head>/i, `<head><meta http-equiv="Content-Security-Policy" content="${policy}">${plainCode}`)
    .replace(/<script(?=[\s>])/g, `<script nonce="${nonce}"`);
}

/** The editor gives code a box of its own; the page has its own idea of where boxes are, and says so after this. */
const plainCode = '<style>code { padding: 0; background: none; color: inherit; }</style>';

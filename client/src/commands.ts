/** The commands: simulate, compare, explain, check in a terminal. */

import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExplainedRule, PreviewSet } from '../../server/src/lsp/protocol.ts';
import { showReport } from './boot-report.ts';
import type { ServerConnection } from './server-connection.ts';

type Mode = PreviewSet['volatile'];

/** Scheme of texts that a simulation made. */
const GENERATED = 'stateless-boot';

export function registerCommands(context: vscode.ExtensionContext, server: ServerConnection): void {
  const command = (id: string, run: (...words: never[]) => unknown) =>
    vscode.commands.registerCommand(`statelessBoot.${id}`, run);
  const simulate = (mode: Mode) => async (resource?: vscode.Uri | string) => {
    const set = await chooseSet(server, resource);
    if (set !== undefined) await showReport(server, set, mode);
  };
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(GENERATED, {
      async provideTextDocumentContent(uri) {
        const { request, ...params } = JSON.parse(uri.query);
        const answer = await server.ask<string | ExplainedRule | null>(request, params);
        return typeof answer === 'string' ? answer : (answer?.markdown ?? '');
      },
    }),
    command('simulate', simulate('yes')),
    command('simulateEmptyVar', simulate('state')),
    command('simulateAsShipped', simulate('no')),
    command('compareWithShipped', async (resource?: vscode.Uri) => {
      const set = await chooseSet(server, resource);
      if (set === undefined) return;
      const listing = (volatile: Mode) =>
        generated(`${set.label} ${volatile}`, { request: 'listing', set: set.id, volatile });
      await vscode.commands.executeCommand(
        'vscode.diff',
        listing('no'),
        listing('yes'),
        `${set.label}: as shipped, after a reset`,
      );
    }),
    command('previewPasswd', async (resource?: vscode.Uri) => {
      const set = await chooseSet(server, resource);
      if (set === undefined) return;
      const file = generated('/etc/passwd', { request: 'content', set: set.id, path: '/etc/passwd', when: 'after' });
      await vscode.window.showTextDocument(file);
    }),
    command('explainRule', async (rule?: string) => {
      const id = rule ?? (await vscode.window.showQuickPick(ruleItems(server), { placeHolder: 'Rule' }))?.label;
      if (id === undefined) return;
      const page = generated(`/${id}.md`, { request: 'explain', rule: id });
      await vscode.commands.executeCommand('markdown.showPreview', page);
    }),
    command('showReferences', (uri: string, position: Place, locations: readonly { uri: string; range: Range }[]) =>
      vscode.commands.executeCommand(
        'editor.action.showReferences',
        vscode.Uri.parse(uri),
        positionOf(position),
        locations.map(
          ({ uri: target, range }) =>
            new vscode.Location(
              vscode.Uri.parse(target),
              new vscode.Range(positionOf(range.start), positionOf(range.end)),
            ),
        ),
      ),
    ),
    command('restartServer', () => server.restart()),
    command('showLog', () => server.showLog()),
    command('checkFolder', async (resource?: vscode.Uri) => {
      const folder = resource ?? (await pickFolder());
      if (folder !== undefined) runChecker(join(context.extensionPath, 'dist', 'cli.js'), folder.fsPath);
    }),
  );
}

interface Place {
  readonly line: number;
  readonly character: number;
}

interface Range {
  readonly start: Place;
  readonly end: Place;
}

function positionOf({ line, character }: Place): vscode.Position {
  return new vscode.Position(line, character);
}

function generated(path: string, params: object): vscode.Uri {
  return vscode.Uri.from({ scheme: GENERATED, path, query: JSON.stringify(params) });
}

/** The set that a file or folder belongs to; asks if there are several. */
async function chooseSet(
  server: ServerConnection,
  resource: vscode.Uri | string | undefined,
): Promise<PreviewSet | undefined> {
  const sets = await server.sets();
  const uri = resource?.toString() ?? vscode.window.activeTextEditor?.document.uri.toString();
  const fitting = sets
    .filter(
      (set) =>
        uri !== undefined && `${uri}/`.startsWith(`${set.folder}/${set.directory === '' ? '' : `${set.directory}/`}`),
    )
    .sort((a, b) => b.directory.length - a.directory.length);
  if (fitting[0] !== undefined) return fitting[0];
  if (sets.length < 2) {
    if (sets.length === 0) {
      void vscode.window.showInformationMessage(
        'Stateless Boot found no root file system and no unit, tmpfiles.d, sysusers.d or preset file in this workspace.',
      );
    }
    return sets[0];
  }
  const items = sets.map((set) => ({ label: set.label, description: set.os ?? `systemd ${set.systemdVersion}`, set }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'What shall boot?' }))?.set;
}

async function ruleItems(server: ServerConnection): Promise<vscode.QuickPickItem[]> {
  const rules = await server.ask<readonly { id: string; title: string }[]>('rules');
  return rules.map(({ id, title }) => ({ label: id, description: title }));
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

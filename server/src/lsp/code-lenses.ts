/** Code lenses above the first line of each file. */

import { type CodeLens, type CodeLensParams, CodeLensRefreshRequest, type Command } from 'vscode-languageserver';
import { codeLenses, type CodeLens as FeatureLens } from '../features/code-lenses.ts';
import type { FileSpan } from '../features/feature-context.ts';
import type { LspFeature } from './feature.ts';
import type { LanguageServer } from './language-server.ts';

const start = { line: 0, character: 0 };

export const codeLensFeature: LspFeature = {
  name: 'code lenses',
  capabilities: { codeLensProvider: { resolveProvider: false } },
  register(server) {
    server.connection.onCodeLens(
      server.guard('code lenses', [], async ({ textDocument }: CodeLensParams, token): Promise<CodeLens[]> => {
        if (!server.settings.codeLens) return [];
        const { uri } = textDocument;
        const context = await server.context(uri, token);
        if (context === undefined) return [];
        return codeLenses(context, server.problemCount(uri)).map((lens) => ({
          range: { start, end: start },
          command: commandOf(server, uri, lens),
        }));
      }),
    );
    server.onJudged(() => {
      if (server.client?.workspace?.codeLens?.refreshSupport !== true || !server.settings.codeLens) return;
      server.connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
    });
  },
};

function commandOf(server: LanguageServer, uri: string, { title, action }: FeatureLens): Command {
  switch (action.kind) {
    case 'simulate':
      return { title, command: 'statelessBoot.simulate', arguments: [uri] };
    case 'show': {
      const places = action.places.flatMap((place) => locationOf(server, place));
      return { title, command: 'statelessBoot.showReferences', arguments: [uri, start, places] };
    }
    default:
      return { title, command: '' };
  }
}

function locationOf(server: LanguageServer, { uri, span }: FileSpan) {
  const document = server.featureDocument(uri);
  return document === undefined ? [] : [{ uri, range: server.range(document, span) }];
}

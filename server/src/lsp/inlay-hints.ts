/** Inlay hints, for those who have asked for them in the settings. */

import { type InlayHint, type InlayHintParams, InlayHintRefreshRequest } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { inlayHints } from '../features/inlay-hints.ts';
import type { LspFeature } from './feature.ts';

export const inlayHintFeature: LspFeature = {
  name: 'inlay hints',
  capabilities: { inlayHintProvider: true },
  register(server) {
    server.connection.languages.inlayHint.on(
      server.guard('inlay hints', [], async ({ textDocument, range }: InlayHintParams, token): Promise<InlayHint[]> => {
        if (!server.settings.inlayHints) return [];
        const context = await server.context(textDocument.uri, token);
        if (context === undefined) return [];
        const text = TextDocument.create('', '', 0, context.document.text);
        const span = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
        return inlayHints(context, span).map(({ offset, label }) => ({
          position: text.positionAt(offset),
          label,
          paddingLeft: true,
        }));
      }),
    );
    server.onJudged(() => {
      if (server.client?.workspace?.inlayHint?.refreshSupport !== true || !server.settings.inlayHints) return;
      server.connection.sendRequest(InlayHintRefreshRequest.type).catch(() => undefined);
    });
  },
};

/** Semantic tokens, of a whole document or a part of it. */

import { type SemanticTokens, SemanticTokensBuilder } from 'vscode-languageserver';
import { semanticTokens, tokenModifiers, tokenTypes } from '../features/semantic-tokens.ts';
import type { LspFeature } from './feature.ts';
import type { LanguageServer } from './language-server.ts';

const none: SemanticTokens = { data: [] };

export const semanticTokenFeature: LspFeature = {
  name: 'semantic tokens',
  capabilities: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: true,
      range: true,
    },
  },
  register(server) {
    const { semanticTokens: requests } = server.connection.languages;
    requests.on(
      server.guard('semantic tokens', none, ({ textDocument }: { textDocument: { uri: string } }) =>
        tokensOf(server, textDocument.uri, 0, Number.POSITIVE_INFINITY),
      ),
    );
    requests.onRange(
      server.guard(
        'semantic tokens',
        none,
        ({ textDocument, range }: { textDocument: { uri: string }; range: LineRange }) =>
          tokensOf(server, textDocument.uri, range.start.line, range.end.line),
      ),
    );
  },
};

interface LineRange {
  readonly start: { readonly line: number };
  readonly end: { readonly line: number };
}

function tokensOf(server: LanguageServer, uri: string, first: number, last: number): SemanticTokens {
  const document = server.featureDocument(uri);
  if (document === undefined) return none;
  const builder = new SemanticTokensBuilder();
  for (const { span, type, modifier } of semanticTokens(document)) {
    const { line, column } = document.lines.position(span.start);
    if (line - 1 < first || line - 1 > last) continue;
    const bits = modifier === undefined ? 0 : 1 << tokenModifiers.indexOf(modifier);
    builder.push(line - 1, column - 1, span.end - span.start, tokenTypes.indexOf(type), bits);
  }
  return builder.build();
}

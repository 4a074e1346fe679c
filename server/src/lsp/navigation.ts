/** Definition, references, highlights and outlines. */

import {
  DocumentHighlightKind,
  type DocumentSymbol,
  type Location,
  SymbolKind,
  type TextDocumentPositionParams,
} from 'vscode-languageserver';
import type { FeatureContext } from '../features/feature-context.ts';
import {
  definitionsOf,
  highlightsOf,
  type OutlineEntry,
  occurrenceUnder,
  outlineOf,
  referencesTo,
} from '../features/navigation.ts';
import type { IndexedOccurrence } from '../features/set-index.ts';
import type { LspFeature } from './feature.ts';
import type { LanguageServer } from './language-server.ts';

export const navigationFeature: LspFeature = {
  name: 'navigation',
  capabilities: {
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentSymbolProvider: true,
  },
  register(server) {
    const { connection } = server;
    connection.onDefinition(
      server.guard('definition', [] as Location[], async (params: TextDocumentPositionParams, token) => {
        const context = await server.context(params.textDocument.uri, token);
        const under = context === undefined ? undefined : at(server, context, params);
        if (context === undefined || under === undefined) return [];
        const { own, places } = definitionsOf(context, under);
        const { set } = context;
        const located = set === undefined ? [] : places.flatMap((place) => server.locate(set, place) ?? []);
        return unique([...own.map((entry) => locationOf(server, entry)), ...located]);
      }),
    );
    connection.onReferences(
      server.guard('references', [] as Location[], async (params: TextDocumentPositionParams, token) => {
        const context = await server.context(params.textDocument.uri, token);
        const under = context === undefined ? undefined : at(server, context, params);
        if (context === undefined || under === undefined) return [];
        return unique(referencesTo(context, under).map((entry) => locationOf(server, entry)));
      }),
    );
    connection.onDocumentHighlight(
      server.guard('highlights', [], async (params: TextDocumentPositionParams, token) => {
        const context = await server.context(params.textDocument.uri, token);
        const under = context === undefined ? undefined : at(server, context, params);
        if (context === undefined || under === undefined) return [];
        return highlightsOf(context, under).map(({ span, role }) => ({
          range: server.range(context.document, span),
          kind: role === 'makes' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
        }));
      }),
    );
    connection.onDocumentSymbol(
      server.guard('outline', [] as DocumentSymbol[], async ({ textDocument }, token) => {
        const context = await server.context(textDocument.uri, token);
        if (context === undefined) return [];
        return outlineOf(context).map((entry) => symbolOf(server, context, entry));
      }),
    );
  },
};

function at(server: LanguageServer, context: FeatureContext, { position }: TextDocumentPositionParams) {
  return occurrenceUnder(context, server.offset(context.document, position));
}

function locationOf(server: LanguageServer, { file, occurrence }: IndexedOccurrence): Location {
  return { uri: file.uri, range: server.range(file.document, occurrence.span) };
}

function unique(locations: readonly Location[]): Location[] {
  const seen = new Map(locations.map((location) => [JSON.stringify(location), location]));
  return [...seen.values()];
}

const symbolKinds: Readonly<Record<OutlineEntry['kind'], SymbolKind>> = {
  section: SymbolKind.Namespace,
  entry: SymbolKind.Property,
  path: SymbolKind.File,
  account: SymbolKind.Key,
  unit: SymbolKind.Event,
};

function symbolOf(server: LanguageServer, context: FeatureContext, entry: OutlineEntry): DocumentSymbol {
  return {
    name: entry.name,
    detail: entry.detail,
    kind: symbolKinds[entry.kind],
    range: server.range(context.document, entry.span),
    selectionRange: server.range(context.document, entry.nameSpan),
    children: entry.children.map((child) => symbolOf(server, context, child)),
  };
}

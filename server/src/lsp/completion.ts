/** Completion: candidates at once, the words about one when the editor shows it. */

import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionList,
  type CompletionParams,
  InsertTextFormat,
  MarkupKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { About, Candidate, CandidateKind } from '../features/completion/candidate.ts';
import { completionsAt } from '../features/completion/completion.ts';
import { documentationOf } from '../features/completion/documentation.ts';
import type { LspFeature } from './feature.ts';

/** What an item carries to find its words again. */
interface ItemData {
  readonly uri: string;
  readonly about: About;
}

const itemKinds: Readonly<Record<CandidateKind, CompletionItemKind>> = {
  section: CompletionItemKind.Module,
  setting: CompletionItemKind.Property,
  keyword: CompletionItemKind.Keyword,
  value: CompletionItemKind.Value,
  unit: CompletionItemKind.Reference,
  account: CompletionItemKind.Variable,
  file: CompletionItemKind.File,
  directory: CompletionItemKind.Folder,
  specifier: CompletionItemKind.Constant,
  type: CompletionItemKind.EnumMember,
  snippet: CompletionItemKind.Snippet,
};

export const completionFeature: LspFeature = {
  name: 'completion',
  capabilities: {
    completionProvider: { triggerCharacters: ['[', '=', '%', '/', ' ', '-', '@'], resolveProvider: true },
  },
  register(server) {
    server.connection.onCompletion(
      server.guard('completion', null, async (params: CompletionParams, token): Promise<CompletionList | null> => {
        const { uri } = params.textDocument;
        const context = await server.context(uri, token);
        if (context === undefined) return null;
        const text = TextDocument.create(uri, '', 0, context.document.text);
        const completion = server.client?.textDocument?.completion?.completionItem;
        const { candidates, isIncomplete } = completionsAt({
          context,
          offset: text.offsetAt(params.position),
          trigger: params.context?.triggerCharacter,
          takesSnippets: completion?.snippetSupport === true,
        });
        const toItem = (candidate: Candidate, index: number): CompletionItem => {
          const { span, about } = candidate;
          const data: ItemData | undefined = about === undefined ? undefined : { uri, about };
          return {
            label: candidate.label,
            kind: itemKinds[candidate.kind],
            sortText: String(index).padStart(4, '0'),
            textEdit: {
              range: { start: text.positionAt(span.start), end: text.positionAt(span.end) },
              newText: candidate.insert ?? candidate.label,
            },
            ...(candidate.filter === undefined ? {} : { filterText: candidate.filter }),
            ...(candidate.detail === undefined ? {} : { detail: candidate.detail }),
            ...(candidate.isSnippet === true ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
            ...(candidate.isObsolete === true ? { tags: [CompletionItemTag.Deprecated] } : {}),
            ...(data === undefined ? {} : { data }),
          };
        };
        return { isIncomplete, items: candidates.map(toItem) };
      }),
    );
    server.connection.onCompletionResolve(async (item, token) => {
      const resolve = server.guard('completion item', item, async (asked: CompletionItem): Promise<CompletionItem> => {
        const data = asked.data as ItemData | undefined;
        if (data === undefined) return asked;
        const context = data.about.about === 'unit' ? await server.context(data.uri) : undefined;
        const value = documentationOf(data.about, context);
        return value === undefined ? asked : { ...asked, documentation: { kind: MarkupKind.Markdown, value } };
      });
      return resolve(item, token);
    });
  },
};

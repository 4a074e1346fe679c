/** Signature help: the columns of a line as parameters. */

import { MarkupKind, type SignatureHelp, type SignatureHelpParams } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { signatureAt } from '../features/signature-help.ts';
import type { LspFeature } from './feature.ts';

export const signatureHelpFeature: LspFeature = {
  name: 'signature help',
  capabilities: { signatureHelpProvider: { triggerCharacters: [' ', '\t', '='], retriggerCharacters: [' ', '\t'] } },
  register(server) {
    server.connection.onSignatureHelp(
      server.guard('signature help', null, (params: SignatureHelpParams): SignatureHelp | null => {
        const document = server.featureDocument(params.textDocument.uri);
        if (document === undefined) return null;
        const offset = TextDocument.create('', '', 0, document.text).offsetAt(params.position);
        const signature = signatureAt(document, offset);
        if (signature === undefined) return null;
        const documentation = (value: string) => ({ kind: MarkupKind.Markdown, value });
        const parameters = signature.parameters.map(({ label, words }) => ({
          label,
          documentation: documentation(words),
        }));
        const label = parameters.map((parameter) => parameter.label).join(' ');
        return {
          signatures: [{ label, documentation: documentation(signature.words), parameters }],
          activeSignature: 0,
          activeParameter: signature.active,
        };
      }),
    );
  },
};

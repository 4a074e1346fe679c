/** Files of the base have no place in the workspace: the editor shows them read-only and asks for their text here. */

import type { LspFeature } from './feature.ts';

export const baseDocumentFeature: LspFeature = {
  name: 'base document',
  capabilities: {},
  register(server) {
    server.connection.onRequest(
      'statelessBoot/document',
      server.guard('base document', null, (params: { readonly uri: string }) => server.baseText(params.uri) ?? null),
    );
  },
};

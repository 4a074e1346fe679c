/** Lets a client wait until everything that it sent is simulated: for tests, scripts and the editor's "working" mark. */

import type { LspFeature } from './feature.ts';

export const settledFeature: LspFeature = {
  name: 'settled',
  capabilities: {},
  register(server) {
    server.connection.onRequest(
      'statelessBoot/settled',
      server.guard('settled', null, async () => {
        for (const { uri } of server.folders()) await server.settled(uri);
        return null;
      }),
    );
  },
};

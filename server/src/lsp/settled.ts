/** Lets a client wait until everything that it sent is simulated, and ask what memory is in use: for tests and benchmarks. */

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
    server.connection.onRequest(
      'statelessBoot/memory',
      server.guard('memory', null, () => server.platform.memory?.() ?? null),
    );
  },
};

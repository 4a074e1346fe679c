/** The language server as a process of its own: `stateless-boot lsp --stdio`, or started by the extension. */

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { nodePlatform } from './node-platform.ts';
import { serve } from './serve.ts';

/** Serves over standard input and output, or over the pipe that the arguments name. */
export function startServer(): void {
  const epoch = Number(process.env.SOURCE_DATE_EPOCH);
  const day = Number.isFinite(epoch) && epoch > 0 ? Math.floor(epoch / 86_400) : undefined;
  serve(createConnection(ProposedFeatures.all), nodePlatform(day));
}

// The extension starts this file itself; the command line tool loads it and calls.
if (process.argv[1]?.endsWith('server.js') === true) startServer();

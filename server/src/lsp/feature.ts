/** How a feature of the protocol is plugged in: what it offers, and how it listens. One file a feature, one row in `features.ts`. */

import type { ServerCapabilities } from 'vscode-languageserver';
import type { LanguageServer } from './language-server.ts';

export interface LspFeature {
  readonly name: string;
  readonly capabilities: ServerCapabilities;
  register(server: LanguageServer): void;
}

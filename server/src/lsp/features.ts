/** All features, a row each. */

import { baseDocumentFeature } from './base-document.ts';
import { codeLensFeature } from './code-lenses.ts';
import { completionFeature } from './completion.ts';
import type { LspFeature } from './feature.ts';
import { hoverFeature } from './hover.ts';
import { inlayHintFeature } from './inlay-hints.ts';
import { navigationFeature } from './navigation.ts';
import { previewFeature } from './preview.ts';
import { semanticTokenFeature } from './semantic-tokens.ts';
import { settledFeature } from './settled.ts';
import { signatureHelpFeature } from './signature-help.ts';

export const features: readonly LspFeature[] = [
  baseDocumentFeature,
  hoverFeature,
  inlayHintFeature,
  codeLensFeature,
  semanticTokenFeature,
  navigationFeature,
  previewFeature,
  settledFeature,
  completionFeature,
  signatureHelpFeature,
];

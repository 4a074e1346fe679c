/** All features, a row each. */

import { baseDocumentFeature } from './base-document.ts';
import { completionFeature } from './completion.ts';
import type { LspFeature } from './feature.ts';
import { settledFeature } from './settled.ts';
import { signatureHelpFeature } from './signature-help.ts';

export const features: readonly LspFeature[] = [
  baseDocumentFeature,
  completionFeature,
  settledFeature,
  signatureHelpFeature,
];

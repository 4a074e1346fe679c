/** All features, a row each. */

import { baseDocumentFeature } from './base-document.ts';
import type { LspFeature } from './feature.ts';
import { hoverFeature } from './hover.ts';
import { settledFeature } from './settled.ts';

export const features: readonly LspFeature[] = [baseDocumentFeature, hoverFeature, settledFeature];

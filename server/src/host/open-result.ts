/** What opening something the user named gives: an image, or one sentence saying why not. */

import type { Image } from '../core/image/image.ts';

export type OpenResult =
  | { readonly kind: 'opened'; readonly image: Image }
  | { readonly kind: 'failed'; readonly message: string };

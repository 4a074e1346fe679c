/** Where a span of a text stands in a later form of it. */

import type { Span } from '../core/text/source-text.ts';

/** The span moved by what was inserted or removed before it; undefined if the text of the span itself was touched. */
export function mapSpan(span: Span, before: string, after: string): Span | undefined {
  if (before === after) return span;
  const most = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < most && before.charCodeAt(prefix) === after.charCodeAt(prefix)) prefix++;
  if (span.end <= prefix) return span;
  let suffix = 0;
  while (
    suffix < most - prefix &&
    before.charCodeAt(before.length - 1 - suffix) === after.charCodeAt(after.length - 1 - suffix)
  ) {
    suffix++;
  }
  if (span.start < before.length - suffix) return undefined;
  const moved = after.length - before.length;
  return { start: span.start + moved, end: span.end + moved };
}

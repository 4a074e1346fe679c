/** Turning preset files back into text. */

import type { PresetDocument } from './syntax.ts';

/** The text of a document, put together from its nodes and what stands between them. */
export function printPreset(document: PresetDocument): string {
  const { text } = document;
  let printed = '';
  let at = 0;
  for (const node of document.nodes) {
    printed += text.slice(at, node.span.start) + text.slice(node.span.start, node.span.end);
    at = node.span.end;
  }
  return printed + text.slice(at);
}

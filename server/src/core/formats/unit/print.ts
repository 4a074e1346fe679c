/** Writing a unit file's syntax tree: the text it was read from, byte for byte. */

import type { UnitDocument } from './syntax.ts';

/** The text of a document, put together from its nodes. */
export function printUnit(document: UnitDocument): string {
  return document.nodes.map((node) => document.text.slice(node.span.start, node.span.end)).join('');
}

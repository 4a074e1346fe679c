/** Writing a sysusers.d syntax tree: the text it was read from, byte for byte. */

import type { SysusersDocument } from './syntax.ts';

/** The text of a document, put together from its nodes and the blanks and line ends between them. */
export function printSysusers(document: SysusersDocument): string {
  const parts: string[] = [];
  let at = 0;
  for (const { span } of document.nodes) {
    parts.push(document.text.slice(at, span.start), document.text.slice(span.start, span.end));
    at = span.end;
  }
  parts.push(document.text.slice(at));
  return parts.join('');
}

/** mtree(5), version 2.0 as bsdtar and mtree read it. */

import { encodeText } from '../core/text/bytes.ts';
import type { ReportEntry } from './tree-entries.ts';

const types: Readonly<Record<string, string>> = {
  file: 'file',
  directory: 'dir',
  symlink: 'link',
  char: 'char',
  block: 'block',
  fifo: 'fifo',
  socket: 'socket',
};

/** The whole specification; entries without a known attribute leave the keyword out. */
export function formatMtree(entries: readonly ReportEntry[]): string {
  const lines = ['#mtree v2.0'];
  for (const entry of entries) {
    if (entry.type === undefined) continue;
    const words = [`.${escapeMtree(entry.path)}`, `type=${types[entry.type]}`];
    if (entry.mode !== undefined) words.push(`mode=${entry.mode}`);
    if (entry.uid !== undefined) words.push(`uid=${entry.uid}`);
    if (entry.gid !== undefined) words.push(`gid=${entry.gid}`);
    if (entry.user !== undefined) words.push(`uname=${escapeMtree(entry.user)}`);
    if (entry.group !== undefined) words.push(`gname=${escapeMtree(entry.group)}`);
    if (entry.target !== undefined) words.push(`link=${escapeMtree(entry.target)}`);
    if (entry.size !== undefined && entry.type === 'file') words.push(`size=${entry.size}`);
    if (entry.sha256 !== undefined) words.push(`sha256digest=${entry.sha256}`);
    lines.push(words.join(' '));
  }
  return `${lines.join('\n')}\n`;
}

/** Bytes outside the printable ASCII range, blanks, `#`, `*`, `?`, `[`, `=` and `\` as octal escapes (vis(3), VIS_CSTYLE). */
function escapeMtree(text: string): string {
  if (/^[A-Za-z0-9/._@:+,-]*$/.test(text)) return text;
  let escaped = '';
  for (const byte of encodeText(text)) {
    const character = String.fromCharCode(byte);
    const isPlain = byte > 32 && byte < 127 && !'\\#*?[='.includes(character);
    escaped += isPlain ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return escaped;
}

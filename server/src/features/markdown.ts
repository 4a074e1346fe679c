/** Pieces of Markdown. Whatever comes from files is escaped or stands as code. */

/** A text that is to be read as it stands. */
export function plain(text: string): string {
  const inside = text.replace(/[\\`*_[\]<>~]/g, '\\$&').replace(/&(?=#?\w+;)/g, '&amp;');
  // What would begin a list or a heading.
  return inside.replace(/^(\s*)([-+#])/gm, '$1\\$2');
}

/** A name, a path or a line of a file, as code. */
export function code(text: string): string {
  // Only a longer fence than any inside keeps backticks apart; the blanks between belong to the fence.
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const clean = text.replace(/[\r\n]+/g, ' ');
  return longest === 0 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`;
}

/** A link; without an address only its text, which is Markdown already. */
export function link(text: string, address: string | undefined): string {
  if (address === undefined) return text;
  const safe = address.replace(/[()<>\s\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `[${text}](${safe})`;
}

/** `1 path`, `3 paths`. */
export function count(number: number, word: string, plural = `${word}s`): string {
  return `${number} ${number === 1 ? word : plural}`;
}

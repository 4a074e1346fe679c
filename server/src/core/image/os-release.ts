/** os-release(5): assignments in a subset of shell syntax. */

/** A file of `NAME=value` lines as systemd's environment file parser reads it: quotes, backslashes, `#` and `;` comments. */
export function parseEnvironmentFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r') {
      at += 1;
      continue;
    }
    if (char === '#' || char === ';') {
      at = lineEnd(text, at);
      continue;
    }
    const equals = text.indexOf('=', at);
    const end = lineEnd(text, at);
    if (equals === -1 || equals > end) {
      at = end;
      continue;
    }
    const key = text.slice(at, equals).trim();
    const [value, next] = readValue(text, equals + 1);
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) values.set(key, value);
    at = next;
  }
  return values;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** The value that begins at the offset, and the offset after its line. */
function readValue(text: string, from: number): [string, number] {
  let value = '';
  let at = from;
  // Blanks after the last significant character are not part of an unquoted value.
  let significant = 0;
  let quote = '';
  while (at < text.length && (text[at] === ' ' || text[at] === '\t')) at += 1;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && at + 1 < text.length) {
        at += 1;
        const next = text.charAt(at);
        if (next === '\n') continue;
        value += '"\\`$'.includes(next) ? next : `\\${next}`;
      } else value += char;
      significant = value.length;
      continue;
    }
    if (char === '\n' || char === '\r') break;
    if (char === '"' || char === "'") {
      quote = char;
      continue;
    }
    if (char === '\\' && at + 1 < text.length) {
      at += 1;
      if (text[at] !== '\n') value += text.charAt(at);
      significant = value.length;
      continue;
    }
    value += char;
    if (char !== ' ' && char !== '\t') significant = value.length;
  }
  return [value.slice(0, significant), at];
}

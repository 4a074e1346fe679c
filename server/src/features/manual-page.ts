/**
 * Paragraphs of manual pages in their source form (man(7)), as far as systemd's pages use it: what a list says of a term.
 * Anything that is not known there is passed over, so that at worst a word is missing.
 */

/** Longest page that is looked into, and longest text that is taken from it. */
const PAGE_MAX = 2_000_000;
const TEXT_MAX = 1200;

/**
 * The paragraphs that explain a term of a list, as plain text with blank lines between them; undefined if there is none.
 * @param term as people write it: `User=`, `f+`
 */
export function manualParagraphs(source: string, term: string): string | undefined {
  if (source.length > PAGE_MAX) return undefined;
  const wanted = `\\fI${escapeRoff(term)}\\fR`;
  const bold = `\\fB${escapeRoff(term)}\\fR`;
  for (const needle of [wanted, bold]) {
    for (let at = source.indexOf(needle); at !== -1; at = source.indexOf(needle, at + needle.length)) {
      const start = source.lastIndexOf('\n', at) + 1;
      const end = source.indexOf('\n', at);
      if (end === -1) break;
      const line = source.slice(start, end);
      // A term stands alone or among others on a line of its own, and its text begins on the next.
      const isTerm = at === start || source.slice(at - 2, at) === ', ';
      if (isTerm && /^\\f[IB].*(?:\\fR|\))$/.test(line) && /^\.RS\b/.test(source.slice(end + 1, end + 5))) {
        return readParagraphs(source, end + 1);
      }
    }
  }
  return undefined;
}

function escapeRoff(text: string): string {
  return text.replaceAll('-', '\\-').replaceAll('.', '\\&.');
}

/** The text from an `.RS` on to its `.RE`. */
function readParagraphs(source: string, from: number): string | undefined {
  const paragraphs: string[] = [];
  let words: string[] = [];
  let depth = 0;
  let isLiteral = false;
  let length = 0;
  let mark = '';
  const flush = () => {
    const text = words.join(' ').trim();
    words = [];
    if (text === '') return;
    paragraphs.push(mark + text);
    mark = '';
  };
  for (let at = from; at < source.length && length < TEXT_MAX; ) {
    let end = source.indexOf('\n', at);
    if (end === -1) end = source.length;
    const line = source.slice(at, end);
    at = end + 1;
    if (line.startsWith('.') || line.startsWith("'")) {
      const request = /^[.']\s*([A-Za-z]+)/.exec(line)?.[1];
      if (request === 'RS') depth += 1;
      else if (request === 'RE') {
        depth -= 1;
        if (depth <= 0) break;
      } else if (request === 'SH' || request === 'SS') break;
      else if (request === 'nf') isLiteral = true;
      else if (request === 'fi') isLiteral = false;
      flush();
      continue;
    }
    // Examples and tables are left to the page itself.
    if (isLiteral) continue;
    const text = plainRoff(line);
    if (line.startsWith("\\h'")) {
      // The sign or number of an item of a list; its text follows after requests for the page's layout.
      mark = `${text.trim()} `;
      continue;
    }
    words.push(text);
    length += text.length;
  }
  flush();
  const text = paragraphs.filter((paragraph) => !/^Added in version \d+\.$/.test(paragraph)).join('\n\n');
  if (text === '') return undefined;
  return text.length <= TEXT_MAX ? text : `${text.slice(0, text.lastIndexOf(' ', TEXT_MAX))} …`;
}

const namedCharacters: Readonly<Record<string, string>> = {
  aq: "'",
  Aq: "'",
  em: '—',
  en: '–',
  lq: '“',
  rq: '”',
  oq: '‘',
  cq: '’',
  bu: '•',
  ha: '^',
  ti: '~',
  rs: '\\',
  la: '<',
  ra: '>',
  dq: '"',
};

function plainRoff(line: string): string {
  return line.replace(
    /\\(?:h'[^']*'|c$|f(?:\[[^\]]*\]|\(..|.)|\*?\((..)|\*?\[([^\]]*)\]|s[+-]?\d|"(.*)$|([-e]|[&|^:%c])|(.))/g,
    (_whole, short?: string, long?: string, _comment?: string, sign?: string, other?: string) => {
      const name = short ?? long;
      if (name !== undefined) return Object.hasOwn(namedCharacters, name) ? (namedCharacters[name] ?? '') : '';
      if (sign !== undefined) return sign === '-' ? '-' : sign === 'e' ? '\\' : '';
      if (other !== undefined) return other === ' ' || other === '~' ? ' ' : other;
      return '';
    },
  );
}

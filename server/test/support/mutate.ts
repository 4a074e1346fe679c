/** Mutations of texts for hostile tests: from a seed the same mutants in the same order on every machine. */

/** Pseudo-random numbers (mulberry32): the seed decides all of them. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}

/** Characters and words that parsers of line formats stumble over. */
const spices = [
  ...['\n', '\r', '\r\n', '\n\r', '\0', '\t', ' ', '\v', '\f', '\u0085', '\u2028', '\u00a0'],
  ...[
    '"',
    "'",
    '\\',
    '\\\n',
    '\\\\',
    '\\x',
    '\\x00',
    '\\x2',
    '\\u12',
    '\\U0010ffff',
    '\\777',
    '\\"',
    ';',
    ' ; ',
    '\\;',
  ],
  ...[
    '#',
    '=',
    '==',
    '[',
    ']',
    '[]',
    '[X-',
    '%',
    '%%',
    '%m',
    '%z',
    '$',
    '*',
    '?',
    '{',
    '}',
    '~',
    '!',
    '|',
    '+',
    '-',
    ':',
    '@',
  ],
  ...[
    '/',
    '//',
    '/../',
    '/./',
    '.',
    '..',
    '0',
    '-1',
    '65535',
    '4294967296',
    '1e309',
    '99999999999999999999',
    'infinity',
  ],
  ...[
    '\ufeff',
    '\ufffe',
    '\uffff',
    '\ufdd0',
    '\udc80',
    '\udcff',
    '\ud800',
    '\udfff',
    '\u{1f600}',
    '\u{10ffff}',
    'e\u0301',
    '\u202e',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'],
] as [string, ...string[]];

type Mutation = (text: string, random: Random, corpus: readonly [string, ...string[]]) => string;

function spot(text: string, random: Random): number {
  return random.below(text.length + 1);
}

function cut(text: string, random: Random): { readonly start: number; readonly end: number } {
  const start = spot(text, random);
  return { start, end: Math.min(text.length, start + 1 + random.below(random.pick([2, 20, 200]))) };
}

const mutations: readonly [Mutation, ...Mutation[]] = [
  function flip(text, random) {
    const at = random.below(Math.max(1, text.length));
    const code = text.charCodeAt(at) || 0;
    return text.slice(0, at) + String.fromCharCode(code ^ (1 << random.below(8))) + text.slice(at + 1);
  },
  function insert(text, random) {
    const at = spot(text, random);
    return text.slice(0, at) + random.pick(spices) + text.slice(at);
  },
  function replace(text, random) {
    const { start, end } = cut(text, random);
    return text.slice(0, start) + random.pick(spices) + text.slice(end);
  },
  function remove(text, random) {
    const { start, end } = cut(text, random);
    return text.slice(0, start) + text.slice(end);
  },
  function duplicate(text, random) {
    const { start, end } = cut(text, random);
    return text.slice(0, end) + text.slice(start);
  },
  function splice(text, random, corpus) {
    const other = random.pick(corpus);
    return text.slice(0, spot(text, random)) + other.slice(spot(other, random));
  },
  function longRun(text, random) {
    const at = spot(text, random);
    return text.slice(0, at) + random.pick(spices).repeat(random.pick([50, 500, 5000])) + text.slice(at);
  },
  function swapLines(text, random) {
    const lines = text.split('\n');
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    return lines.join('\n');
  },
];

/** Mutants of the texts: each a text of the corpus with one to six mutations. */
export function* mutants(corpus: readonly [string, ...string[]], seed: number, count: number): Generator<string> {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    let text = random.pick(corpus);
    for (let left = 1 + random.below(6); left > 0; left--) text = random.pick(mutations)(text, random, corpus);
    yield text;
  }
}

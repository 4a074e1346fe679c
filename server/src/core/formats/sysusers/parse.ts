/** Parsing sysusers.d files: words, their spans, and every check that the text alone decides, in the tool's order. */

import type { Problem } from '../../problems/problem.ts';
import { specifierRows } from '../../specifier/specifier.ts';
import { encodeText } from '../../text/bytes.ts';
import { ConfigLines } from '../../text/config-lines.ts';
import type { Span } from '../../text/source-text.ts';
import type { Word, WordReader } from '../../text/words.ts';
import type { Systemd } from '../../versions/systemd.ts';
import { type SysusersColumn, type SysusersLineType, type sysusersColumns, sysusersLineTypes } from './line-types.ts';
import { Comment, columnReader, Line, splitColumns } from './nodes.ts';
import type { SysusersComment, SysusersDocument, SysusersLine, SysusersMeaning, SysusersWords } from './syntax.ts';
import { isAccountName, isAccountPath, isGecos, isShell, parseId, parseIdRange, simplifyPath } from './values.ts';

/** What became of the specifiers of a word. */
type WordExpansion =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** The value exists but is not known here. */
  | { readonly kind: 'unknown' };

/** Expands the specifiers of a word's text; `maximum` is the greatest length of the result in bytes. */
export type ExpandWord = (text: string, maximum: number) => WordExpansion;

const NAME_MAX = 255;
const PATH_MAX = 4096;
const LONG_LINE_MAX = 1048576;

/** Parses a file. Never throws. */
export function parseSysusers(text: string, systemd: Systemd): SysusersDocument {
  const lines = new ConfigLines(text);
  const reader = columnReader(text);
  const nodes: (SysusersComment | SysusersLine)[] = [];
  const problems: Problem[] = [];
  while (lines.advance()) {
    const { number, start, end } = lines;
    if (text.charCodeAt(start) === 35) {
      nodes.push(new Comment(number, start, end));
      continue;
    }
    const line = readLine(reader, start, end, number, systemd);
    if (line.meaning.kind === 'refused') problems.push(line.meaning.problem);
    nodes.push(line);
  }
  const { tooLong } = lines;
  const failure =
    tooLong === undefined
      ? undefined
      : refusal('line-too-long', tooLong.span, 'the line is too long, so neither it nor anything after it is read');
  if (failure !== undefined) problems.push(failure);
  return { text, nodes, problems, failure };
}

/** Parses one line, as given with --inline or found in a file; the span is the line without its blanks. */
export function parseSysusersLine(text: string, span: Span, number: number, systemd: Systemd): SysusersLine {
  return readLine(columnReader(text), span.start, span.end, number, systemd);
}

function readLine(reader: WordReader, start: number, end: number, number: number, systemd: Systemd): SysusersLine {
  const words = splitColumns(reader, start, end);
  const problem = splittingProblem(reader, words, start, end);
  const type = words === undefined ? undefined : findLineType(words.type.value, systemd);
  if (problem !== undefined || words === undefined) {
    const refused = problem ?? refusal('missing-columns', { start, end }, 'the line is empty');
    return new Line(reader, number, start, end, type, { kind: 'refused', problem: refused }, false);
  }
  const meaning = interpretSysusersWords(words, systemd, expandTextually);
  // Quotes and backslashes neither make nor hide a percent sign.
  const hasSpecifiers = reader.text.slice(start, end).includes('%');
  return new Line(reader, number, start, end, type, meaning, hasSpecifiers);
}

/** What is wrong with a line before its columns are looked at. */
function splittingProblem(
  { text, at, problem }: WordReader,
  words: SysusersWords | undefined,
  start: number,
  end: number,
): Problem | undefined {
  if (problem !== undefined) return refusal(problem.code, problem.span, wordProblemTexts[problem.code]);
  if (words?.name === undefined) {
    return refusal('missing-columns', { start, end }, 'a line needs a type and a name at least');
  }
  if (at >= end) return undefined;
  const message = `"${text.slice(at, end)}" stands after the last column`;
  return refusal('trailing-garbage', { start: at, end }, message);
}

function findLineType(text: string, systemd: Systemd): SysusersLineType | undefined {
  const row = rowsByType.get(text);
  return row?.needs !== undefined && !systemd.has(row.needs) ? undefined : row;
}

const rowsByType: ReadonlyMap<string, SysusersLineType> = new Map(sysusersLineTypes.map((row) => [row.type, row]));

const wordProblemTexts: Readonly<Record<string, string>> = {
  'unterminated-quote': 'the quote is never closed',
  'trailing-backslash': 'the backslash at the end protects nothing',
};

const sysusersSpecifiers = new Set(
  specifierRows.filter((row) => row.formats.includes('sysusers')).map((row) => row.letter),
);

/** What the text tells without a system: specifiers that do not exist are refused, `%%` is `%`, all others wait. */
function expandTextually(text: string, maximum: number): WordExpansion {
  let isKnown = true;
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at + 2)) {
    const letter = text.charAt(at + 1);
    if (!/^[A-Za-z0-9]$/.test(letter)) continue;
    if (!sysusersSpecifiers.has(letter)) {
      return { kind: 'refused', code: 'unknown-specifier', message: `sysusers.d has no specifier "%${letter}"` };
    }
    isKnown = false;
  }
  if (!isKnown) return { kind: 'unknown' };
  const value = text.replaceAll('%%', '%');
  const isTooLong = value.length * 3 > maximum && encodeText(value).length > maximum;
  return isTooLong ? tooLong : { kind: 'value', value };
}

const tooLong: WordExpansion = { kind: 'refused', code: 'text-too-long', message: 'the text is too long' };

/** What the words of a line come to: the checks of the tool in its order, of which the first that fails counts. */
export function interpretSysusersWords(words: SysusersWords, systemd: Systemd, expand: ExpandWord): SysusersMeaning {
  const { type } = words;
  const typeText = type.value;
  if (typeText === '') return refuse('empty-line-type', type, 'the type of the line is empty');
  const isLocked = typeText.length === 2 && typeText[1] === '!' && systemd.has('sysusers-locked-user');
  if (typeText.length > 1 && !isLocked) {
    const modifiers = typeText.slice(1);
    return refuse(
      'unknown-modifier',
      type,
      `systemd ${systemd.version} does not know the modifier "${modifiers}" of "${typeText}"`,
    );
  }
  const letter = typeText.charAt(0);
  if (!isLineLetter(letter)) return refuse('unknown-line-type', type, `there is no line type "${letter}"`);

  const values: ColumnValues = {
    name: undefined,
    id: undefined,
    gecos: undefined,
    home: undefined,
    shell: undefined,
    unknown: undefined,
  };
  const refused =
    takeColumn(values, 'name', words.name, systemd, expand) ??
    takeColumn(values, 'id', words.id, systemd, expand) ??
    takeColumn(values, 'gecos', words.gecos, systemd, expand) ??
    takeColumn(values, 'home', words.home, systemd, expand) ??
    takeColumn(values, 'shell', words.shell, systemd, expand);
  if (refused !== undefined) return refused;
  const meaning = interpreters[letter](words, values, isLocked, systemd);
  if (meaning.kind !== 'entry' || values.unknown === undefined) return meaning;
  if (values.unknown.includes('name')) return { kind: 'unknown', column: 'name' };
  return values.unknown.includes('id') ? { kind: 'unknown', column: 'id' } : meaning;
}

/** The columns that are set, specifiers expanded. */
type ColumnValues = Record<SysusersColumn, string | undefined> & {
  /** Columns whose specifiers cannot be expanded here; they hold the text as it was written. */
  unknown: SysusersColumn[] | undefined;
};

/** Expands and checks one column. Returns the refusal if the line is refused for it. */
function takeColumn(
  values: ColumnValues,
  column: SysusersColumn,
  word: Word | undefined,
  systemd: Systemd,
  expand: ExpandWord,
): SysusersMeaning | undefined {
  if (word === undefined || word.value === '' || word.value === '-') return undefined;
  const row = columnChecks[column];
  let text = word.value;
  if (text.includes('%') || text.length * 3 > row.maximum) {
    const expanded = expand(text, row.maximum);
    if (expanded.kind === 'refused') return refuse(expanded.code, word, expanded.message);
    if (expanded.kind === 'unknown') {
      values.unknown ??= [];
      values.unknown.push(column);
      values[column] = text;
      return undefined;
    }
    text = expanded.value;
  }
  const value = row.simplify(text, systemd);
  if (!row.isValid(value, systemd)) return refuse(row.code, word, `"${value}" ${row.message}`);
  values[column] = value;
  return undefined;
}

type Interpreter = (words: SysusersWords, values: ColumnValues, isLocked: boolean, systemd: Systemd) => SysusersMeaning;

type LineLetter = SysusersLineType['letter'];

function isLineLetter(letter: string): letter is LineLetter {
  return letter === 'u' || letter === 'g' || letter === 'm' || letter === 'r';
}

const interpreters: Readonly<Record<LineLetter, Interpreter>> = {
  u: interpretUser,
  g: (words, values, isLocked, systemd) => {
    const { name, id } = values;
    if (name === undefined) return missing(words, 'the name of a group in its second column');
    const early = refuseLock(words, isLocked) ?? refuseExtraColumns(words, values);
    if (early !== undefined) return early;
    if (id === undefined || isUnknown(values, 'id')) {
      return { kind: 'entry', entry: { kind: 'group', name, gid: undefined, idPath: undefined } };
    }
    if (id.startsWith('/')) {
      return { kind: 'entry', entry: { kind: 'group', name, gid: undefined, idPath: simplifyPath(id, systemd) } };
    }
    const gid = parseId(id);
    if (gid === undefined) return refuse('invalid-id', words.id ?? words.type, `"${id}" is not a valid group id`);
    return { kind: 'entry', entry: { kind: 'group', name, gid, idPath: undefined } };
  },
  m: (words, values, isLocked) => {
    const { name, id } = values;
    if (name === undefined) return missing(words, 'the name of a user in its second column');
    const locked = refuseLock(words, isLocked);
    if (locked !== undefined) return locked;
    if (id === undefined) return missing(words, 'the name of a group in its third column');
    if (!isUnknown(values, 'id') && !isAccountName(id)) {
      return refuse('invalid-account-name', words.id ?? words.type, `"${id}" is not a valid group name`);
    }
    const extra = refuseExtraColumns(words, values);
    return extra ?? { kind: 'entry', entry: { kind: 'member', user: name, group: id } };
  },
  r: (words, values, isLocked) => {
    const { name, id } = values;
    const locked = refuseLock(words, isLocked);
    if (locked !== undefined) return locked;
    if (name !== undefined) {
      return refuse('unexpected-column', words.name ?? words.type, 'a line of type "r" takes no name');
    }
    if (id === undefined) return missing(words, 'a range of ids in its third column');
    const extra = refuseExtraColumns(words, values);
    if (extra !== undefined) return extra;
    const range = isUnknown(values, 'id') ? { from: 0, to: 0 } : parseIdRange(id);
    if (range === undefined) {
      return refuse('invalid-id-range', words.id ?? words.type, `"${id}" is not a range of ids`);
    }
    return { kind: 'entry', entry: { kind: 'range', from: range.from, to: range.to } };
  },
};

function interpretUser(
  words: SysusersWords,
  values: ColumnValues,
  isLocked: boolean,
  systemd: Systemd,
): SysusersMeaning {
  const { name, id, gecos, home, shell, unknown } = values;
  if (name === undefined) return missing(words, 'the name of a user in its second column');
  const ids = id === undefined || isUnknown(values, 'id') ? noIds : parseUserIds(id, systemd);
  if (typeof ids === 'string') return refuse('invalid-id', words.id ?? words.type, ids);
  return {
    kind: 'entry',
    entry: {
      kind: 'user',
      name,
      uid: ids.uid,
      gid: ids.gid,
      groupName: ids.groupName,
      idPath: ids.idPath,
      gecos,
      home,
      shell,
      isLocked,
      unknown: unknown === undefined ? nothingUnknown : textColumns.filter((column) => unknown.includes(column)),
    },
  };
}

const textColumns = ['gecos', 'home', 'shell'] as const;
const nothingUnknown: readonly (typeof textColumns)[number][] = [];

function isUnknown(values: ColumnValues, column: SysusersColumn): boolean {
  return values.unknown?.includes(column) ?? false;
}

function refuseLock(words: SysusersWords, isLocked: boolean): SysusersMeaning | undefined {
  if (!isLocked) return undefined;
  return refuse('unexpected-lock', words.type, `"!" means nothing on a line of type "${words.type.value[0]}"`);
}

function refuseExtraColumns(words: SysusersWords, values: ColumnValues): SysusersMeaning | undefined {
  const column = textColumns.find((one) => values[one] !== undefined);
  if (column === undefined) return undefined;
  const text = `a line of type "${words.type.value[0]}" takes no ${columnTitles[column]}`;
  return refuse('unexpected-column', words[column] ?? words.type, text);
}

function missing(words: SysusersWords, what: string): SysusersMeaning {
  return refuse('missing-column', words.type, `a line of type "${words.type.value[0]}" needs ${what}`);
}

function refuse(code: string, word: Word, message: string): SysusersMeaning {
  return { kind: 'refused', problem: refusal(code, word.span, message) };
}

interface ColumnCheck {
  readonly maximum: number;
  readonly simplify: (value: string, systemd: Systemd) => string;
  readonly isValid: (value: string, systemd: Systemd) => boolean;
  readonly code: string;
  readonly message: string;
}

const asItIs = (value: string) => value;
const anything = () => true;

const columnChecks: Readonly<Record<(typeof sysusersColumns)[number], ColumnCheck>> = {
  name: {
    maximum: NAME_MAX,
    simplify: asItIs,
    isValid: isAccountName,
    code: 'invalid-account-name',
    message: 'is not a valid user or group name',
  },
  // What an id may be depends on the line's type.
  id: { maximum: PATH_MAX - 1, simplify: asItIs, isValid: anything, code: 'invalid-id', message: 'is not a valid id' },
  gecos: {
    maximum: LONG_LINE_MAX,
    simplify: asItIs,
    isValid: isGecos,
    code: 'invalid-gecos',
    message: 'cannot be a description: it holds a colon, a control character or invalid UTF-8',
  },
  home: {
    maximum: PATH_MAX - 1,
    simplify: simplifyPath,
    isValid: isAccountPath,
    code: 'invalid-home',
    message: 'cannot be a home directory: it is not a plain absolute path',
  },
  shell: {
    maximum: PATH_MAX - 1,
    simplify: simplifyPath,
    isValid: isShell,
    code: 'invalid-shell',
    message: 'cannot be a shell: it is not a plain absolute path of a file',
  },
};

const columnTitles = { gecos: 'description', home: 'home directory', shell: 'shell' } as const;

const noIds = { uid: undefined, gid: undefined, groupName: undefined, idPath: undefined };

/** The id column of a `u` line; a text says why it is none. */
function parseUserIds(
  id: string,
  systemd: Systemd,
):
  | {
      readonly uid: number | undefined;
      readonly gid: number | undefined;
      readonly groupName: string | undefined;
      readonly idPath: string | undefined;
    }
  | string {
  if (id.startsWith('/')) return { ...noIds, idPath: simplifyPath(id, systemd) };
  const colon = id.indexOf(':');
  const userPart = colon === -1 ? id : id.slice(0, colon);
  let gid: number | undefined;
  let groupName: string | undefined;
  if (colon !== -1) {
    const groupPart = id.slice(colon + 1);
    gid = parseId(groupPart);
    if (gid === undefined) {
      if (!isAccountName(groupPart)) return `"${groupPart}" is neither a valid group id nor a group name`;
      groupName = groupPart;
    }
  }
  if (userPart === '-') return { ...noIds, gid, groupName };
  const uid = parseId(userPart);
  return uid === undefined ? `"${userPart}" is not a valid user id` : { ...noIds, uid, gid, groupName };
}

function refusal(code: string, span: Span, message: string | undefined): Problem {
  return { code, severity: 'error', span, message: message ?? code };
}

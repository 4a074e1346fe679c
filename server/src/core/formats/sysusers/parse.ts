/** Parsing sysusers.d files: words, their spans, and every check that the text alone decides, in the tool's order. */

import type { Problem } from '../../problems/problem.ts';
import { specifierRows } from '../../specifier/specifier.ts';
import { encodeText } from '../../text/bytes.ts';
import { readConfigLines } from '../../text/config-lines.ts';
import type { Span } from '../../text/source-text.ts';
import { readWord, type Word } from '../../text/words.ts';
import type { Systemd } from '../../versions/systemd.ts';
import { type SysusersLineType, sysusersColumns, sysusersLineTypes } from './line-types.ts';
import type {
  SysusersComment,
  SysusersDocument,
  SysusersEntry,
  SysusersLine,
  SysusersMeaning,
  SysusersWords,
} from './syntax.ts';
import { isAccountName, isAccountPath, isGecos, isShell, parseId, parseIdRange, simplifyPath } from './values.ts';

/** What became of the specifiers of a word. */
export type WordExpansion =
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
  const { lines, tooLong } = readConfigLines(text);
  const nodes: (SysusersComment | SysusersLine)[] = [];
  const problems: Problem[] = [];
  for (const { number, span } of lines) {
    if (text[span.start] === '#') {
      nodes.push({ kind: 'comment', number, span });
      continue;
    }
    const line = parseSysusersLine(text, span, number, systemd);
    if (line.meaning.kind === 'refused') problems.push(line.meaning.problem);
    nodes.push(line);
  }
  const failure =
    tooLong === undefined
      ? undefined
      : refusal('line-too-long', tooLong.span, 'the line is too long, so neither it nor anything after it is read');
  if (failure !== undefined) problems.push(failure);
  return { text, nodes, problems, failure };
}

/** Parses one line, as given with --inline or found in a file; the span is the line without its blanks. */
export function parseSysusersLine(text: string, span: Span, number: number, systemd: Systemd): SysusersLine {
  const read: Word[] = [];
  let at = span.start;
  let problem: Problem | undefined;
  while (read.length <= sysusersColumns.length && problem === undefined) {
    const result = readWord(text, at, span.end, { backslash: 'drop' });
    if (result.kind === 'end') {
      at = span.end;
      break;
    }
    if (result.kind === 'problem') {
      problem = refusal(result.problem.code, result.problem.span, wordProblemTexts[result.problem.code]);
      break;
    }
    read.push(result.word);
    at = result.next;
  }
  if (problem === undefined && read.length < 2) {
    problem = refusal('missing-columns', span, 'a line needs a type and a name at least');
  }
  if (problem === undefined && at < span.end) {
    problem = refusal(
      'trailing-garbage',
      { start: at, end: span.end },
      `"${text.slice(at, span.end)}" stands after the last column`,
    );
  }
  const words = nameColumns(read);
  const type = words === undefined ? undefined : findLineType(words.type.value, systemd);
  const line = { kind: 'line' as const, number, span, words, type };
  if (problem !== undefined || words === undefined) {
    problem ??= refusal('missing-columns', span, 'a line needs a type and a name at least');
    return { ...line, meaning: { kind: 'refused', problem }, hasSpecifiers: false };
  }
  const meaning = interpretSysusersWords(words, systemd, expandTextually);
  return { ...line, meaning, hasSpecifiers: read.some((word) => word.value.includes('%')) };
}

function nameColumns(read: readonly Word[]): SysusersWords | undefined {
  const [type, name, id, gecos, home, shell] = read;
  if (type === undefined) return undefined;
  return {
    type,
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
    ...(gecos === undefined ? {} : { gecos }),
    ...(home === undefined ? {} : { home }),
    ...(shell === undefined ? {} : { shell }),
  };
}

function findLineType(text: string, systemd: Systemd): SysusersLineType | undefined {
  return sysusersLineTypes.find((row) => row.type === text && (row.needs === undefined || systemd.has(row.needs)));
}

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
  const refuse = (code: string, word: Word, message: string): SysusersMeaning => ({
    kind: 'refused',
    problem: refusal(code, word.span, message),
  });
  const typeText = words.type.value;
  if (typeText === '') return refuse('empty-line-type', words.type, 'the type of the line is empty');
  const modifiers = typeText.slice(1);
  if (modifiers !== '' && !(modifiers === '!' && systemd.has('sysusers-locked-user'))) {
    return refuse(
      'unknown-modifier',
      words.type,
      `systemd ${systemd.version} does not know the modifier "${modifiers}" of "${typeText}"`,
    );
  }
  const letter = typeText.charAt(0);
  if (!sysusersLineTypes.some((row) => row.letter === letter)) {
    return refuse('unknown-line-type', words.type, `there is no line type "${letter}"`);
  }
  const isLocked = modifiers === '!';

  const values: Record<string, string | undefined> = {};
  const unknown = new Set<string>();
  for (const column of sysusersColumns) {
    const word = words[column];
    if (word === undefined || word.value === '' || word.value === '-') continue;
    const row = columnChecks[column];
    const expanded = expand(word.value, row.maximum);
    if (expanded.kind === 'refused') return refuse(expanded.code, word, expanded.message);
    if (expanded.kind === 'unknown') {
      unknown.add(column);
      values[column] = word.value;
      continue;
    }
    const value = row.simplify(expanded.value, systemd);
    if (!row.isValid(value, systemd)) return refuse(row.code, word, `"${value}" ${row.message}`);
    values[column] = value;
  }

  const { name, id, gecos, home, shell } = values;
  const lockRefusal = () =>
    isLocked ? refuse('unexpected-lock', words.type, `"!" means nothing on a line of type "${letter}"`) : undefined;
  const extra = (['gecos', 'home', 'shell'] as const).find((column) => values[column] !== undefined);
  const extraRefusal = () => {
    const word = extra === undefined ? undefined : words[extra];
    return word === undefined
      ? undefined
      : refuse('unexpected-column', word, `a line of type "${letter}" takes no ${columnTitles[extra ?? 'gecos']}`);
  };
  const missing = (what: string) => refuse('missing-column', words.type, `a line of type "${letter}" needs ${what}`);
  const entry = (value: SysusersEntry): SysusersMeaning => {
    if (unknown.has('name')) return { kind: 'unknown', column: 'name' };
    return unknown.has('id') ? { kind: 'unknown', column: 'id' } : { kind: 'entry', entry: value };
  };
  const idWord = words.id ?? words.type;

  switch (letter) {
    case 'r': {
      const locked = lockRefusal();
      if (locked !== undefined) return locked;
      if (name !== undefined)
        return refuse('unexpected-column', words.name ?? words.type, 'a line of type "r" takes no name');
      if (id === undefined) return missing('a range of ids in its third column');
      const range = unknown.has('id') ? { from: 0, to: 0 } : parseIdRange(id);
      return (
        extraRefusal() ??
        (range === undefined
          ? refuse('invalid-id-range', idWord, `"${id}" is not a range of ids`)
          : entry({ kind: 'range', ...range }))
      );
    }
    case 'm':
      if (name === undefined) return missing('the name of a user in its second column');
      return (
        lockRefusal() ??
        (id === undefined
          ? missing('the name of a group in its third column')
          : !unknown.has('id') && !isAccountName(id)
            ? refuse('invalid-account-name', idWord, `"${id}" is not a valid group name`)
            : (extraRefusal() ?? entry({ kind: 'member', user: name, group: id })))
      );
    case 'g': {
      if (name === undefined) return missing('the name of a group in its second column');
      const early = lockRefusal() ?? extraRefusal();
      if (early !== undefined) return early;
      if (id === undefined || unknown.has('id') || id.startsWith('/')) {
        return entry({
          kind: 'group',
          name,
          gid: undefined,
          idPath: id === undefined ? undefined : simplifyPath(id, systemd),
        });
      }
      const gid = parseId(id);
      if (gid === undefined) return refuse('invalid-id', idWord, `"${id}" is not a valid group id`);
      return entry({ kind: 'group', name, gid, idPath: undefined });
    }
    default: {
      if (name === undefined) return missing('the name of a user in its second column');
      const ids = id === undefined || unknown.has('id') ? noIds : parseUserIds(id, systemd);
      if (typeof ids === 'string') return refuse('invalid-id', idWord, ids);
      return entry({
        kind: 'user',
        name,
        ...ids,
        gecos,
        home,
        shell,
        isLocked,
        unknown: (['gecos', 'home', 'shell'] as const).filter((column) => unknown.has(column)),
      });
    }
  }
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

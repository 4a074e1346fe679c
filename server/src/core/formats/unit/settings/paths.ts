/** Settings that hold paths, one or several, with and without prefixes. */

import type { Span } from '../../../text/source-text.ts';
import { readCEscape, readWord, type Word } from '../../../text/words.ts';
import {
  badValue,
  checkPath,
  type GrammarContext,
  hasSpecifier,
  listed,
  type PathRules,
  quoted,
  type SettingGrammar,
  splitWords,
  stopping,
  unknownSpecifier,
  type ValueProblem,
  wholeSpan,
  wordProblem,
} from './grammar.ts';

const absolute: PathRules = { kind: 'absolute' };
const relative: PathRules = { kind: 'relative' };

/** One path; the empty value sets the setting back. */
export const pathGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const problem = unknownSpecifier(value, context) ?? checkPath(value, wholeSpan(value), absolute, context);
  return listed([problem]);
};

/** `What=` of swap units. */
export const swapDeviceGrammar: SettingGrammar = (value, context) =>
  context.systemd.has('unit-swap-what-any') ? listed([unknownSpecifier(value, context)]) : pathGrammar(value, context);

/** One path whose badness makes the unit fail to load (`RootDirectory=`, `RootImage=`). */
export const vitalPathGrammar: SettingGrammar = (value, context) => pathGrammar(value, context).map(stopping);

/** `EnvironmentFile=`: a path, `-` in front. */
export const environmentFileGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const start = value.startsWith('-') ? 1 : 0;
  const span = { start, end: value.length };
  return listed([unknownSpecifier(value, context) ?? checkPath(value.slice(start), span, absolute, context)]);
};

/** `WorkingDirectory=`: a path or `~`, `-` in front. Without `-` a bad one makes the unit fail to load. */
export const workingDirectoryGrammar: SettingGrammar = (value, context) => {
  if (value === '' || value === '~' || value === '-~') return [];
  const start = value.startsWith('-') ? 1 : 0;
  const span = { start, end: value.length };
  const problem = unknownSpecifier(value, context) ?? checkPath(value.slice(start), span, absolute, context);
  return listed([problem === undefined || start === 1 ? problem : stopping(problem)]);
};

/** `PIDFile=`: a path, a relative one below /run. */
export const pidFileGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined) return [specifier];
  const rules: PathRules = { kind: 'any', outsideApiFileSystems: context.systemd.has('unit-refuses-api-paths') };
  const problem = checkPath(value, wholeSpan(value), rules, context);
  if (problem !== undefined) return [stopping(problem)];
  return listed([legacyRunDirectory(value, wholeSpan(value), context)]);
};

/** Sockets and pid files below /var/run are moved to /run, with a notice. */
export function legacyRunDirectory(path: string, span: Span, context: GrammarContext): ValueProblem | undefined {
  if (!context.systemd.has('unit-var-run-notice')) return undefined;
  if (!/^\/+(\.\/+)*var\/+(\.\/+)*run(\/|$)/.test(path)) return undefined;
  const message = `${quoted(path)} lies in the old directory /var/run; systemd uses /run instead`;
  return { ...badValue('legacy-run-directory', path, message, span), severity: 'notice' };
}

/** `ReadWritePaths=` and its kin: absolute paths with `-` (may be missing) and `+` (below the unit's root) in front. */
export const prefixedPathsGrammar: SettingGrammar = (value, context) => {
  const { words, problem } = splitWords(value, { backslash: 'drop' });
  const problems: ValueProblem[] = [];
  for (const word of words) {
    const length = /^-?\+?/.exec(word.value)?.[0].length ?? 0;
    const found = checkWordPath(value, word, length, absolute, context);
    if (found !== undefined) problems.push(found);
  }
  return listed([...problems, problem]);
};

/** `RequiresMountsFor=` and `WantsMountsFor=`: absolute paths; bad ones are left out. */
export const mountsForGrammar: SettingGrammar = (value, context) => {
  const { words, problem } = splitWords(value, { backslash: 'drop' });
  return listed([...words.map((word) => checkWordPath(value, word, 0, absolute, context)), problem]);
};

/** `Symlinks=`: absolute paths; a bad one ends the list. */
export const pathListGrammar: SettingGrammar = (value, context) => {
  const { words, problem } = splitWords(value, { backslash: 'drop' });
  const first = words
    .map((word) => checkWordPath(value, word, 0, absolute, context))
    .find((found) => found !== undefined);
  return listed([first ?? problem]);
};

/** `ExecSearchPath=`: absolute paths with colons between them; a bad one ends the list. */
export const colonPathsGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  let start = 0;
  for (const part of value.split(':')) {
    const span = { start, end: start + part.length };
    start = span.end + 1;
    // A backslash protects the next character; before a colon or at the end, the parts are others than these.
    if (/(^|[^\\])(\\\\)*\\$/.test(part)) return [];
    const path = part.replace(/\\(.)/g, '$1');
    const specifier = unknownSpecifier(path, context);
    const problem = specifier === undefined ? checkPath(path, span, absolute, context) : { ...specifier, span };
    if (problem !== undefined) return [problem];
  }
  return [];
};

/** A word that is a path behind `skipped` characters of prefix. */
function checkWordPath(
  value: string,
  word: Word,
  skipped: number,
  rules: PathRules,
  context: GrammarContext,
): ValueProblem | undefined {
  const isPlain = value.slice(word.span.start, word.span.end) === word.value;
  const span = isPlain ? { start: word.span.start + skipped, end: word.span.end } : word.span;
  const path = word.value.slice(skipped);
  const specifier = unknownSpecifier(path, context);
  return specifier === undefined ? checkPath(path, span, rules, context) : { ...specifier, span };
}

/** One entry of `StateDirectory=` and its kin. */
export interface UnitDirectory {
  readonly span: Span;
  /** Below the base directory of the setting; specifiers stand as they are. */
  readonly path: string;
  /** The symlink beside it; absent if none. */
  readonly link?: string;
  /** `ro` (257): read-only for the unit. */
  readonly readOnly: boolean;
}

/** Reads `StateDirectory=` and its kin: `path[:link[:flags]]`, several of them. */
export function parseUnitDirectories(
  value: string,
  context: GrammarContext,
): { readonly directories: readonly UnitDirectory[]; readonly problems: readonly ValueProblem[] } {
  const directories: UnitDirectory[] = [];
  const problems: ValueProblem[] = [];
  const { words, problem } = splitWords(value, { backslash: 'keep' });
  for (const word of words) {
    const fields = splitFields(word.value, context);
    if (fields === undefined) {
      problems.push(badValue('invalid-directory', value, `${quoted(word.value)} cannot be read`, word.span));
      return { directories, problems };
    }
    const [path = '', link = '', flags = ''] = fields;
    const found = checkUnitDirectory(word, path, link, flags, context);
    if (found === undefined) {
      const linked = link === '' ? {} : { link };
      directories.push({ span: word.span, path, ...linked, readOnly: flags === 'ro' });
    } else problems.push(found);
  }
  return { directories, problems: listed([...problems, problem]) };
}

/**
 * The parts between colons, C escapes undone; `\\:` is a colon inside a part. Before 257 several colons in a row counted as
 * one. Undefined if an escape is bad.
 */
function splitFields(text: string, context: GrammarContext): readonly string[] | undefined {
  const fields: string[] = [];
  let field = '';
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at);
    if (char === ':') {
      fields.push(field);
      field = '';
      at += 1;
    } else if (char !== '\\') {
      field += char;
      at += 1;
    } else if (text.charAt(at + 1) === ':') {
      field += ':';
      at += 2;
    } else {
      const escaped = readCEscape(text, at + 1, text.length);
      if (escaped === undefined) return undefined;
      field += escaped.value;
      at = escaped.next;
    }
  }
  fields.push(field);
  const counted = context.systemd.has('unit-directory-flags') ? fields : fields.filter((part) => part !== '');
  return text === '' || counted.length === 0 ? undefined : counted;
}

function checkUnitDirectory(
  word: Word,
  path: string,
  link: string,
  flags: string,
  context: GrammarContext,
): ValueProblem | undefined {
  const text = word.value;
  const specifier = unknownSpecifier(path, context);
  if (specifier !== undefined) return { ...specifier, span: word.span };
  const bad = checkPath(path, word.span, relative, context);
  if (bad !== undefined) return bad;
  const simple = path.split('/').filter((part) => part !== '' && part !== '.');
  if (simple.length === 0 && !hasSpecifier(path))
    return badValue('path-empty', text, `${quoted(path)} names no directory`, word.span);
  if (simple[0] === 'private') {
    return badValue(
      'private-directory',
      text,
      `${quoted(path)} lies in "private", which systemd keeps for itself`,
      word.span,
    );
  }
  if (link !== '') {
    if (context.key === 'ConfigurationDirectory') {
      return badValue('link-not-supported', text, 'ConfigurationDirectory= takes no link', word.span);
    }
    const linkSpecifier = unknownSpecifier(link, context);
    if (linkSpecifier !== undefined) return { ...linkSpecifier, span: word.span };
    const badLink = checkPath(link, word.span, relative, context);
    if (badLink !== undefined) return badLink;
  }
  if (flags !== '' && flags !== 'ro' && context.systemd.has('unit-directory-flags')) {
    return badValue('unknown-keyword', text, `${quoted(flags)} is no flag of a directory`, word.span);
  }
  return undefined;
}

export const unitDirectoriesGrammar: SettingGrammar = (value, context) => parseUnitDirectories(value, context).problems;

/** One entry of `BindPaths=` and `BindReadOnlyPaths=`. */
export interface BindPath {
  readonly source: Word;
  /** The same as the source if it is not given. */
  readonly destination: Word;
  /** `-`: a missing source is forgiven. */
  readonly mayBeMissing: boolean;
}

const bindWord = { backslash: 'drop', separators: ': \t\n\r' } as const;

/** Reads `BindPaths=`: `[-]source[:destination[:options]]`, several of them. */
export function parseBindPaths(
  value: string,
  context: GrammarContext,
): { readonly binds: readonly BindPath[]; readonly problems: readonly ValueProblem[] } {
  const binds: BindPath[] = [];
  const problems: ValueProblem[] = [];
  let at = 0;
  // Colons here do not run together: an empty part stays a part.
  const next = (separators: string): Word | ValueProblem | undefined => {
    if (separators.includes(':')) {
      while (at < value.length && ' \t'.includes(value.charAt(at)) && !value.startsWith(':', at)) at += 1;
      if (value.startsWith(':', at)) {
        at += 1;
        return { span: { start: at - 1, end: at - 1 }, value: '' };
      }
    }
    const read = readWord(value, at, value.length, { backslash: 'drop', separators });
    if (read.kind === 'end') return undefined;
    if (read.kind === 'problem') return wordProblem(value, read.problem);
    at = read.word.span.end;
    if (at < value.length) at += 1;
    return read.word;
  };
  while (at < value.length) {
    const source = next(bindWord.separators);
    if (source === undefined) break;
    if ('code' in source) return { binds, problems: [...problems, source] };
    const hasDestination = at > 0 && value.charAt(at - 1) === ':' && source.span.end < at;
    const skipped = source.value.startsWith('-') ? 1 : 0;
    const problem = checkWordPath(value, source, skipped, absolute, context);
    // Everything that is not read yet after a bad source is read as the next entry, as systemd does.
    if (problem !== undefined) {
      problems.push(problem);
      continue;
    }
    const path: Word = { span: source.span, value: source.value.slice(skipped) };
    let destination = path;
    if (hasDestination) {
      const read = next(bindWord.separators);
      if (read === undefined) {
        problems.push(
          badValue('missing-destination', value, `${quoted(`${path.value}:`)} names no destination`, source.span),
        );
        continue;
      }
      if ('code' in read) return { binds, problems: [...problems, read] };
      const bad = checkWordPath(value, read, 0, absolute, context);
      if (bad !== undefined) {
        problems.push(bad);
        continue;
      }
      destination = read;
      if (value.charAt(at - 1) === ':' && read.span.end < at) {
        const options = next(' \t\n\r');
        if (options !== undefined && 'code' in options) return { binds, problems: [...problems, options] };
        if (options !== undefined && !['', 'rbind', 'norbind'].includes(options.value)) {
          problems.push(
            badValue('unknown-keyword', value, `${quoted(options.value)} is no option of a bind mount`, options.span),
          );
          continue;
        }
      }
    }
    binds.push({ source: path, destination, mayBeMissing: skipped === 1 });
  }
  return { binds, problems };
}

export const bindPathsGrammar: SettingGrammar = (value, context) => parseBindPaths(value, context).problems;

/** `TemporaryFileSystem=`: absolute paths with mount options behind a colon. */
export const temporaryFileSystemsGrammar: SettingGrammar = (value, context) => {
  const { words, problem } = splitWords(value, { backslash: 'drop' });
  const problems = words.map((word) => {
    const colon = word.value.indexOf(':');
    const path = colon === -1 ? word.value : word.value.slice(0, colon);
    return path.includes('\\')
      ? undefined
      : checkWordPath(value, { span: word.span, value: path }, 0, absolute, context);
  });
  return listed([...problems, problem]);
};

/** Completion in tmpfiles.d(5) lines, a column at a time. */

import { ageWords } from '../../core/formats/tmpfiles/column-words.ts';
import { findLineType, type LineType, lineTypes } from '../../core/formats/tmpfiles/line-types.ts';
import { findModifier, modifiers } from '../../core/formats/tmpfiles/modifiers.ts';
import { capabilityWords } from '../../core/formats/unit/value-words.ts';
import type { Tree } from '../../core/tree/tree.ts';
import type { Systemd } from '../../core/versions/systemd.ts';
import { plainPath } from '../occurrences.ts';
import { accountCandidates } from './accounts.ts';
import { type Candidate, type CompletionRequest, type Completions, joined, limited, none } from './candidate.ts';
import { type CursorWord, lineCursor } from './cursor.ts';
import { pathCompletions, type TypedPath } from './paths.ts';
import { offersOf } from './set-offers.ts';
import { snippetCandidates } from './snippets.ts';
import { specifierCompletions } from './specifiers.ts';
import {
  blockDevices,
  charDevices,
  directoryModes,
  fileModes,
  spanUnitCandidates,
  type WordRow,
  wordCandidates,
} from './values.ts';

const FACTORY = '/usr/share/factory';
/** Behind the type stand five columns of one word, then the rest of the line. */
export const argumentColumn = 6;
/** Line types that people write most; the others follow in the order of the table. */
const likelyTypes = 'dfLCDeqrRzZ';
const appending = 'fwpLcbCaA';
const unset: WordRow = { word: '-', what: 'the default' };

const ages: readonly WordRow[] = [
  { word: '-', what: 'nothing is cleaned' },
  { word: '10d', what: 'ten days' },
  { word: '30d', what: 'thirty days' },
  { word: '1w', what: 'a week' },
  { word: '1d', what: 'a day' },
  { word: '12h', what: 'twelve hours' },
  { word: '0', what: 'all, whatever its age' },
];

export function tmpfilesCompletions(request: CompletionRequest): Completions {
  const { context, offset } = request;
  const { document, set } = context;
  const cursor = lineCursor(document, offset, '#', argumentColumn);
  if (cursor === undefined) return none;
  const { words, word } = cursor;
  const { systemd } = document;
  const typed = words[0] ?? '';
  const type = findLineType(typed.charAt(0), systemd);
  const span = { start: word.start, end: word.end };
  if (words.length === 0) return typeCompletions(request, word);
  const takesSpecifiers = words.length === 1 || (words.length === argumentColumn && type?.expandsArgument !== false);
  if (takesSpecifiers || words.length === 3 || words.length === 4) {
    const specifiers = specifierCompletions(context, word.before, offset, 'tmpfiles');
    if (specifiers !== undefined) return specifiers;
  }
  switch (words.length) {
    case 1:
      return pathCompletions(set, document.text, word, { to: type?.makes === 'directory' ? 'directory' : 'any' });
    case 2:
      if (type !== undefined && !type.uses.includes('mode')) return onlyUnset(span);
      return modeCompletions(word, type);
    case 3:
    case 4: {
      const which = words.length === 3 ? 'user' : 'group';
      if (type !== undefined && !type.uses.includes(which)) return onlyUnset(span);
      const sign = word.before.startsWith(':') ? 1 : 0;
      const name = { start: word.start + sign, end: word.end };
      const accounts = accountCandidates(set, which, name);
      return limited([...(sign === 0 ? wordCandidates([unset], span) : []), ...accounts], word.before.slice(sign));
    }
    case 5:
      return type === undefined || type.uses.includes('age') ? ageCompletions(word) : onlyUnset(span);
    default:
      return typed.includes('^') ? none : argumentCompletions(request, word, type, words[1] ?? '');
  }
}

function onlyUnset(span: Candidate['span']): Completions {
  return {
    candidates: wordCandidates([{ word: '-', what: 'the line type has no use for it' }], span),
    isIncomplete: false,
  };
}

function typeCompletions(request: CompletionRequest, word: CursorWord): Completions {
  const { systemd } = request.context.document;
  const letter = word.before.charAt(0);
  const type = findLineType(letter, systemd);
  if (type === undefined) {
    const rank = (row: LineType) => (likelyTypes.includes(row.letter) ? likelyTypes.indexOf(row.letter) : 99);
    const span = { start: word.start, end: word.end };
    const rows = lineTypes.filter((row) => findLineType(row.letter, systemd) !== undefined);
    const letters = [...rows].sort((a, b) => rank(a) - rank(b)).map((row) => typeCandidate(row, span));
    return { candidates: [...letters, ...snippetCandidates(request, span)], isIncomplete: false };
  }
  // Behind the letter stand its modifiers; each is offered with what is there already.
  const span = { start: word.start, end: word.end };
  const candidates: Candidate[] = word.before.length === 1 ? [typeCandidate(type, span)] : [];
  for (const { sign, name, what } of modifiers) {
    if (
      word.before.includes(sign) ||
      findModifier(sign, systemd) === undefined ||
      !takesModifier(type, name, systemd)
    ) {
      continue;
    }
    candidates.push({
      label: `${word.before}${sign}`,
      span,
      kind: 'type',
      detail: what,
      about: { about: 'modifier', sign },
    });
  }
  return { candidates, isIncomplete: true };
}

function typeCandidate({ letter, what }: LineType, span: Candidate['span']): Candidate {
  return { label: letter, span, kind: 'type', detail: what, about: { about: 'line-type', letter } };
}

function takesModifier(type: LineType, name: string, systemd: Systemd): boolean {
  switch (name) {
    case 'appendOrForce':
      return type.letter === 'C' ? systemd.has('tmpfiles-copy-merge') : appending.includes(type.letter);
    case 'base64':
      return !type.refusesBase64 && type.argument === 'content';
    case 'credential':
      return type.argument === 'content';
    case 'conditional':
      return type.letter === 'L';
    case 'purge':
      return type.purgeable;
    case 'tryReplace':
      return type.makes !== undefined || type.letter === 'C';
    default:
      return true;
  }
}

function modeCompletions(word: CursorWord, type: LineType | undefined): Completions {
  const signs = /^[~:]*/.exec(word.before)?.[0].length ?? 0;
  const span = { start: word.start + signs, end: word.end };
  const makesDirectory = type === undefined || type.makes === 'directory' || 'eCzZ'.includes(type.letter);
  const modes = makesDirectory ? directoryModes : fileModes;
  const candidates = [...(signs === 0 ? wordCandidates([unset], span) : []), ...wordCandidates(modes, span)];
  return { candidates, isIncomplete: false };
}

function ageCompletions(word: CursorWord): Completions {
  const units = spanUnitCandidates(word.before, word.start, word.end);
  if (units !== undefined) return { candidates: units, isIncomplete: true };
  const signs = /^(?:~|[aAbBcCmM]+:)*/.exec(word.before)?.[0].length ?? 0;
  const span = { start: word.start + signs, end: word.end };
  if (signs > 0) return { candidates: wordCandidates(ages.slice(1), span), isIncomplete: false };
  const kinds = Object.entries(ageWords).map(
    ([sign, what]): Candidate => ({
      label: sign === '~' ? sign : `${sign}:`,
      span,
      kind: 'value',
      detail: what,
      about: { about: 'age', sign },
    }),
  );
  return { candidates: [...wordCandidates(ages, span), ...kinds], isIncomplete: false };
}

function argumentCompletions(
  { context }: CompletionRequest,
  word: CursorWord,
  type: LineType | undefined,
  path: string,
): Completions {
  const { document, set } = context;
  const start = word.isQuoted ? word.start - 1 : word.start;
  const before = document.text.slice(start, word.start) + word.before;
  const span = { start, end: word.end };
  const words = (rows: readonly WordRow[], at = span): Completions => ({
    candidates: wordCandidates(rows, at),
    isIncomplete: false,
  });
  // Of arguments that are lists, the piece that the cursor stands in.
  const cut = Math.max(before.lastIndexOf(' '), before.lastIndexOf(',')) + 1;
  const piece = { start: start + cut, end: word.end };
  switch (type?.argument) {
    case 'target':
    case 'source': {
      const typed: TypedPath = { before, start, end: word.end };
      const factory = before === '' && set !== undefined ? factoryCandidates(offersOf(set).shipped, path, span) : [];
      return joined(
        { candidates: factory, isIncomplete: false },
        pathCompletions(set, document.text, typed, { to: 'any' }),
      );
    }
    case 'device':
      return words(type.letter === 'c' ? charDevices : blockDevices);
    case 'xattrs':
      return words(
        [
          { word: 'user.', what: 'attributes for anybody' },
          { word: 'trusted.', what: 'attributes for privileged programs' },
          { word: 'security.', what: 'attributes for security modules' },
        ],
        piece,
      );
    case 'attributes':
      return words([
        { word: '+C', what: 'no copy on write' },
        { word: '+a', what: 'only appending' },
        { word: '+i', what: 'no change at all' },
        { word: '+d', what: 'left out by dump(8)' },
        { word: '+A', what: 'no access times' },
        { word: '+c', what: 'compressed' },
        { word: '+m', what: 'not compressed' },
      ]);
    case 'acl': {
      // Behind the cursor may stand the rest of the entry, and others.
      const rest = /^[^:,\s]*/.exec(document.text.slice(word.start + word.before.length, word.end))?.[0].length ?? 0;
      const end = word.start + word.before.length + rest;
      return aclCompletions(context.set, before.slice(cut), { start: piece.start, end });
    }
    case 'capabilities':
      return words(
        capabilityWords.split(' ').map((name) => ({ word: `${name.toLowerCase()}+ep` })),
        piece,
      );
    default:
      return none;
  }
}

/** The factory's copy of the path that the line is about, then what else the factory has. */
function factoryCandidates(shipped: Tree, path: string, span: Candidate['span']): readonly Candidate[] {
  const plain = plainPath(path.replace(/^["']|["']$/g, ''));
  const candidates: Candidate[] = [];
  if (plain !== undefined && shipped.lookup(FACTORY + plain, { follow: false }) !== undefined) {
    candidates.push({ label: FACTORY + plain, span, kind: 'file', detail: 'the factory copy, which is the default' });
  }
  if (shipped.lookup(FACTORY)?.type === 'directory') {
    candidates.push({ label: FACTORY, span, kind: 'directory', detail: 'what a reset restores from' });
  }
  return candidates;
}

function aclCompletions(set: CompletionRequest['context']['set'], piece: string, span: Candidate['span']): Completions {
  const entry = /^((?:d|default):)?(u|user|g|group):([^:]*)$/.exec(piece);
  if (entry !== null) {
    const which = entry[2]?.startsWith('u') === true ? 'user' : 'group';
    const start = span.start + piece.length - (entry[3]?.length ?? 0);
    return limited(accountCandidates(set, which, { start, end: span.end }), entry[3] ?? '');
  }
  const rights = /:([rwxX-]*)$/.exec(piece);
  if (rights !== null && !/^(?:d|default):$/.test(piece)) {
    const at = { start: span.start + rights.index + 1, end: span.end };
    const rows = [{ word: 'r-x' }, { word: 'rwx' }, { word: 'r--' }, { word: 'rw-' }, { word: 'rwX' }, { word: '---' }];
    return { candidates: wordCandidates(rows, at), isIncomplete: false };
  }
  const tags = ['user:', 'group:', 'mask::', 'other::'];
  const rows = [...tags, ...tags.map((tag) => `default:${tag}`)].map((word) => ({ word }));
  return { candidates: wordCandidates(rows, span), isIncomplete: false };
}

/** Completion in sysusers.d(5) lines, a column at a time. */

import { type SysusersLineType, sysusersColumns, sysusersLineTypes } from '../../core/formats/sysusers/line-types.ts';
import { accountCandidates, wantedAccounts } from './accounts.ts';
import { type Candidate, type CompletionRequest, type Completions, joined, limited, none } from './candidate.ts';
import { type CursorWord, lineCursor } from './cursor.ts';
import { pathCompletions } from './paths.ts';
import { offersOf } from './set-offers.ts';
import { snippetCandidates } from './snippets.ts';
import { specifierCompletions } from './specifiers.ts';
import { type WordRow, wordCandidates } from './values.ts';

const shells = [
  '/usr/sbin/nologin',
  '/usr/bin/nologin',
  '/bin/sh',
  '/usr/bin/sh',
  '/bin/bash',
  '/usr/bin/bash',
  '/bin/false',
];

export function sysusersCompletions(request: CompletionRequest): Completions {
  const { context, offset } = request;
  const { document, set } = context;
  const cursor = lineCursor(document, offset, '#');
  if (cursor === undefined) return none;
  const { words, word } = cursor;
  const span = { start: word.start, end: word.end };
  if (words.length === 0) {
    const types = sysusersLineTypes.filter(({ needs }) => needs === undefined || document.systemd.has(needs));
    const rows = types.map(({ type, what }): Candidate => {
      return { label: type, span, kind: 'type', detail: what, about: { about: 'account-type', type } };
    });
    return { candidates: [...rows, ...snippetCandidates(request, span)], isIncomplete: false };
  }
  const column = sysusersColumns[words.length - 1];
  const type = sysusersLineTypes.find((row) => row.type === words[0]);
  if (column === undefined || type === undefined) return none;
  if (type.columns[column] === undefined) {
    return { candidates: wordCandidates([{ word: '-', what: 'not used by this type' }], span), isIncomplete: false };
  }
  const specifiers = specifierCompletions(context, word.before, offset, 'sysusers');
  if (specifiers !== undefined) return specifiers;
  const list = (...all: readonly (readonly Candidate[])[]) => limited(all.flat(), word.before);
  const words_ = (rows: readonly WordRow[]) => wordCandidates(rows, span);
  switch (column) {
    case 'name':
      if (type.letter === 'm') return list(accountCandidates(set, 'user', span), wantedAccounts(set, 'user', span));
      return list(wantedAccounts(set, type.letter === 'g' ? 'group' : 'user', span));
    case 'id':
      return idCompletions(request, word, type);
    case 'gecos':
      return list(words_([{ word: '-', what: 'no description' }]));
    case 'home': {
      const name = words[1] ?? '';
      const home = { word: `/var/lib/${name}`, what: 'made by a tmpfiles.d line or StateDirectory=' };
      const rows = [{ word: '-', what: '/' }, ...(/^[a-z_][\w-]*$/i.test(name) ? [home] : [])];
      const typed = word.before === '' ? words_(rows) : [];
      return joined(list(typed), pathCompletions(set, document.text, word, { to: 'directory' }));
    }
    case 'shell': {
      const there = shells.filter((path) => set === undefined || offersOf(set).shipped.lookup(path) !== undefined);
      const rows = [{ word: '-', what: 'no login' }, ...there.map((path) => ({ word: path }))];
      const typed = word.before === '' ? words_(rows) : [];
      return joined(list(typed), pathCompletions(set, document.text, word, { to: 'file', isProgram: true }));
    }
  }
}

function idCompletions({ context }: CompletionRequest, word: CursorWord, type: SysusersLineType): Completions {
  const { set, document } = context;
  const span = { start: word.start, end: word.end };
  if (type.letter === 'm') {
    return limited([...accountCandidates(set, 'group', span), ...wantedAccounts(set, 'group', span)], word.before);
  }
  if (type.letter === 'r') return none;
  const colon = word.before.indexOf(':');
  if (type.letter === 'u' && colon !== -1) {
    const group = { start: word.start + colon + 1, end: word.end };
    return limited(accountCandidates(set, 'group', group), word.before.slice(colon + 1));
  }
  if (word.before.startsWith('/')) return pathCompletions(set, document.text, word, { to: 'any' });
  const rows: WordRow[] = [{ word: '-', what: 'the next free id' }];
  if (type.letter === 'u') rows.push({ word: '-:', what: 'the next free id, and a group of another name' });
  return { candidates: wordCandidates(rows, span), isIncomplete: false };
}

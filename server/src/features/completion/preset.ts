/** Completion in systemd.preset(5) lines. */

import { findPresetVerb, presetVerbs } from '../../core/formats/preset/verbs.ts';
import { unitTypes } from '../../core/formats/unit/directives.ts';
import { type Candidate, type CompletionRequest, type Completions, limited, none } from './candidate.ts';
import { lineCursor } from './cursor.ts';
import { unitCandidates } from './units.ts';

export function presetCompletions({ context, offset }: CompletionRequest): Completions {
  const { document, set } = context;
  const cursor = lineCursor(document, offset, '#;');
  if (cursor === undefined) return none;
  const { words, word } = cursor;
  const span = { start: word.start, end: word.end };
  if (words.length === 0) {
    const verbs = presetVerbs.filter(({ needs }) => needs === undefined || document.systemd.has(needs));
    const candidates = verbs.map(({ action, what }): Candidate => {
      return { label: action, span, kind: 'keyword', detail: what, about: { about: 'verb', action } };
    });
    return { candidates, isIncomplete: false };
  }
  if (words.length > 1 || findPresetVerb(words[0] ?? '') === undefined) return none;
  const all: Candidate = { label: '*', span, kind: 'value', detail: 'every unit that no line before decides' };
  const units = unitCandidates(set, span, { types: unitTypes });
  return limited([...units, all], word.before);
}

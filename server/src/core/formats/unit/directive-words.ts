/** What each setting of unit files does, in a sentence or two, for hover and completion. */

import { findDirective } from './directives.ts';
import { execWords } from './words/exec.ts';
import { killWords, removedWords } from './words/kill.ts';
import {
  automountWords,
  mountWords,
  pathWords,
  scopeWords,
  sliceWords,
  swapWords,
  timerWords,
} from './words/other-types.ts';
import { resourceControlWords } from './words/resource-control.ts';
import { serviceWords } from './words/service.ts';
import { socketWords } from './words/socket.ts';
import { conditionWords, installWords, unitWords } from './words/unit.ts';

/** Settings that only sections of a type have, then those that several share. */
const ownWords: Readonly<Record<string, string>> = {
  Unit: unitWords,
  Install: installWords,
  Service: serviceWords,
  Socket: socketWords,
  Mount: mountWords,
  Automount: automountWords,
  Swap: swapWords,
  Timer: timerWords,
  Path: pathWords,
  Slice: sliceWords,
  Scope: scopeWords,
};
const sharedWords = execWords + killWords + resourceControlWords + removedWords;

const read = new Map<string, ReadonlyMap<string, string>>();

function wordsOf(table: string): ReadonlyMap<string, string> {
  let rows = read.get(table);
  if (rows === undefined) {
    rows = new Map(readRows(table));
    read.set(table, rows);
  }
  return rows;
}

function readRows(table: string): [string, string][] {
  return table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const blank = line.indexOf(' ');
      return [line.slice(0, blank), line.slice(blank + 1)];
    });
}

/** What a setting does; undefined if the section has no such setting. */
export function directiveWords(section: string, name: string): string | undefined {
  if (findDirective(section, name) === undefined) return undefined;
  const table = Object.hasOwn(ownWords, section) ? ownWords[section] : undefined;
  const own = table === undefined ? undefined : wordsOf(table).get(name);
  return own ?? wordsOf(sharedWords).get(name) ?? conditionSentence(name);
}

/** Each condition has an assertion that tests the same, so that one clause serves both. */
function conditionSentence(name: string): string | undefined {
  const match = /^(Condition|Assert)(.+)$/.exec(name);
  const clause = wordsOf(conditionWords).get(match?.[2] ?? '');
  if (match === null || clause === undefined) return undefined;
  return match[1] === 'Condition' ? `Skips the unit unless ${clause}.` : `Makes the start fail unless ${clause}.`;
}

/** Every row of the tables as it stands, so that a row without a setting is found. */
export function wordRows(): readonly { readonly sections: readonly string[]; readonly name: string }[] {
  const rows: { sections: readonly string[]; name: string }[] = [];
  for (const [section, table] of Object.entries(ownWords)) {
    for (const [name] of readRows(table)) rows.push({ sections: [section], name });
  }
  const sections = Object.keys(ownWords);
  for (const [name] of readRows(sharedWords)) rows.push({ sections, name });
  for (const [name] of readRows(conditionWords)) rows.push({ sections, name: `Condition${name}` });
  return rows;
}

/** The age column of tmpfiles.d(5): `[~][abcmABCM:]SPAN`. */

import { parseTimeSpan } from '../../text/time-span.ts';

/** Which times of an inode decide: access, birth, change, modification. */
export interface AgeBy {
  readonly access: boolean;
  readonly birth: boolean;
  readonly change: boolean;
  readonly modification: boolean;
}

export interface Age {
  /** Microseconds. */
  readonly span: bigint;
  /** `~`: what stands directly in the directory is kept. */
  readonly keepFirstLevel: boolean;
  readonly byForFiles: AgeBy;
  readonly byForDirectories: AgeBy;
}

/** The status change of a directory is left out, because removing its entries changes it. */
export const defaultAgeByForFiles: AgeBy = { access: true, birth: true, change: true, modification: true };
export const defaultAgeByForDirectories: AgeBy = { access: true, birth: true, change: false, modification: true };

/** Reads an age. Offsets are relative to the column's text. */
export function parseAge(
  text: string,
): { readonly age: Age } | { readonly problem: 'invalid-age' | 'invalid-age-by'; readonly part: string } {
  const keepFirstLevel = text.startsWith('~');
  const rest = keepFirstLevel ? text.slice(1) : text;
  const colon = rest.indexOf(':');
  let files = '';
  let directories = '';
  if (colon !== -1) {
    const by = rest.slice(0, colon);
    for (const letter of by) {
      if (' \t\n\r'.includes(letter)) continue;
      if ('abcm'.includes(letter)) files += letter;
      else if ('ABCM'.includes(letter)) directories += letter.toLowerCase();
      else return { problem: 'invalid-age-by', part: by };
    }
    if (files === '' && directories === '') return { problem: 'invalid-age-by', part: by };
  }
  const spanText = colon === -1 ? rest : rest.slice(colon + 1);
  const span = parseTimeSpan(spanText);
  if (span === undefined) return { problem: 'invalid-age', part: spanText };
  return {
    age: {
      span,
      keepFirstLevel,
      byForFiles: files === '' ? defaultAgeByForFiles : ageBy(files),
      byForDirectories: directories === '' ? defaultAgeByForDirectories : ageBy(directories),
    },
  };
}

function ageBy(letters: string): AgeBy {
  return {
    access: letters.includes('a'),
    birth: letters.includes('b'),
    change: letters.includes('c'),
    modification: letters.includes('m'),
  };
}

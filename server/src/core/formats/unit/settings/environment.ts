/** `Environment=` and the settings that name variables. */

import type { Word } from '../../../text/words.ts';
import {
  badValue,
  type GrammarContext,
  hasSpecifier,
  listed,
  quoted,
  type SettingGrammar,
  splitWords,
  unknownSpecifier,
  type ValueProblem,
} from './grammar.ts';

export interface EnvironmentAssignment {
  readonly word: Word;
  readonly name: string;
  readonly value: string;
}

/** True for the name of an environment variable. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** True unless the text cannot become a name whatever its specifiers stand for. */
function mayBeVariableName(text: string): boolean {
  return hasSpecifier(text) ? isVariableName(`_${text.replace(/%[A-Za-z]/g, '')}`) : isVariableName(text);
}

/** Reads `Environment=`: words `NAME=VALUE` with quotes and C escapes; specifiers stand as they are. */
export function parseEnvironment(
  value: string,
  context: GrammarContext,
): { readonly assignments: readonly EnvironmentAssignment[]; readonly problems: readonly ValueProblem[] } {
  const assignments: EnvironmentAssignment[] = [];
  const problems: ValueProblem[] = [];
  const { words, problem } = splitWords(value, { backslash: 'c' });
  for (const word of words) {
    const specifier = unknownSpecifier(word.value, context);
    if (specifier !== undefined) {
      problems.push({ ...specifier, span: word.span });
      continue;
    }
    const equals = word.value.indexOf('=');
    const name = equals === -1 ? word.value : word.value.slice(0, equals);
    if (equals !== -1 && isVariableName(name)) {
      assignments.push({ word, name, value: word.value.slice(equals + 1) });
    } else if (equals === -1 ? !hasSpecifier(name) : !mayBeVariableName(name)) {
      const message = `${quoted(word.value)} is not NAME=VALUE with a valid name`;
      problems.push(badValue('invalid-environment-assignment', value, message, word.span));
    }
  }
  return { assignments, problems: listed([...problems, problem]) };
}

export const environmentGrammar: SettingGrammar = (value, context) => parseEnvironment(value, context).problems;

function namesGrammar(takesAssignments: boolean, backslash: 'c' | 'drop'): SettingGrammar {
  return (value, context) => {
    const { words, problem } = splitWords(value, { backslash });
    const problems = words.map((word) => {
      const specifier = unknownSpecifier(word.value, context);
      if (specifier !== undefined) return { ...specifier, span: word.span };
      const equals = word.value.indexOf('=');
      const name = takesAssignments && equals !== -1 ? word.value.slice(0, equals) : word.value;
      if (mayBeVariableName(name)) return undefined;
      return badValue('invalid-variable-name', value, `${quoted(word.value)} is not the name of a variable`, word.span);
    });
    return listed([...problems, problem]);
  };
}

/** `PassEnvironment=`. */
export const variableNamesGrammar = namesGrammar(false, 'drop');
/** `UnsetEnvironment=`, which takes assignments too. */
export const variablesOrAssignmentsGrammar = namesGrammar(true, 'c');

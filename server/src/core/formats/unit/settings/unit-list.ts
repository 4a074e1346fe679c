/** Settings that name units. */

import {
  badValue,
  hasSpecifier,
  listed,
  quoted,
  type SettingGrammar,
  splitWords,
  unknownSpecifier,
} from './grammar.ts';
import { parseUnitName } from './unit-name.ts';

/** True unless the text cannot become a unit name whatever its specifiers stand for. */
function mayBeUnitName(text: string): boolean {
  if (!hasSpecifier(text)) return parseUnitName(text) !== undefined;
  return /^[@0-9A-Za-z:_.\\-]*$/.test(text.replace(/%./g, ''));
}

/** Unit names between blanks; quotes and backslashes mean nothing. Bad ones are left out. */
export const unitListGrammar: SettingGrammar = (value, context) => {
  const { words, problem } = splitWords(value, { backslash: 'keep', unquote: false });
  const problems = words.map((word) => {
    const specifier = unknownSpecifier(word.value, context, 'unit-name');
    if (specifier !== undefined) return { ...specifier, span: word.span };
    if (mayBeUnitName(word.value)) return undefined;
    return badValue('invalid-unit-name', value, `${quoted(word.value)} is not a unit name`, word.span);
  });
  return listed([...problems, problem]);
};

/** `Unit=` of timers and paths, `Service=` of sockets, `Slice=`: one name. What the name refers to is not looked at. */
export const unitNameGrammar: SettingGrammar = (value, context) => {
  const specifier = unknownSpecifier(value, context, 'unit-name');
  if (specifier !== undefined) return [specifier];
  const name = parseUnitName(value);
  if (name === undefined && mayBeUnitName(value)) return [];
  if (name === undefined) return [badValue('invalid-unit-name', value, `${quoted(value)} is not a unit name`)];
  const wanted = context.key === 'Service' ? 'service' : context.key === 'Slice' ? 'slice' : undefined;
  if (wanted !== undefined && name.type !== wanted) {
    return [badValue('wrong-unit-type', value, `${quoted(value)} is not a ${wanted} unit`)];
  }
  return [];
};

/** `Sockets=` of services: socket units. */
export const socketListGrammar: SettingGrammar = (value, context) => {
  const { words, problem } = splitWords(value, { backslash: 'drop', unquote: false });
  const problems = words.map((word) => {
    const specifier = unknownSpecifier(word.value, context, 'unit-name');
    if (specifier !== undefined) return { ...specifier, span: word.span };
    if (hasSpecifier(word.value) || parseUnitName(word.value)?.type === 'socket') return undefined;
    return badValue('wrong-unit-type', value, `${quoted(word.value)} is not a socket unit`, word.span);
  });
  return listed([...problems, problem]);
};

/** `Documentation=`: addresses. */
export const documentationGrammar: SettingGrammar = (value, context) => {
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined) return [specifier];
  const { words, problem } = splitWords(value, { backslash: 'keep' });
  // What a specifier stands for may hold blanks or quotes, so that nothing behind one is certain.
  if (hasSpecifier(value)) return [];
  if (problem !== undefined) return [problem];
  const bad = words.filter((word) => !/^(https?:\/\/|file:\/|info:|man:)[\x01-\x7f]+$/.test(word.value));
  return bad.map((word) =>
    badValue(
      'invalid-documentation',
      value,
      `${quoted(word.value)} is no http, https, file, info or man address`,
      word.span,
    ),
  );
};

/** Texts in which only the specifiers can be wrong. */
export const textGrammar: SettingGrammar = (value, context) => {
  const specifier = unknownSpecifier(value, context);
  return listed([specifier]);
};

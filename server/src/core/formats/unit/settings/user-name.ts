/** User and group names as unit files take them: nearly everything, numbers too (systemd.exec(5), `User=`). */

import {
  badValue,
  hasSpecifier,
  listed,
  quoted,
  type SettingGrammar,
  splitWords,
  stopping,
  unknownSpecifier,
} from './grammar.ts';

/** True for what systemd accepts in `User=` and `Group=`: a usable id or a name that passwd(5) can hold. */
export function isUserOrGroup(text: string): boolean {
  if (/^[0-9]+$/.test(text)) {
    // A leading zero makes it no id, and a name of digits only is never one.
    const id = Number(text);
    return String(id) === text && id < 0xffffffff && id !== 0xffff;
  }
  return text !== '' && !/^ | $|^-[0-9]*$|^\.{1,2}$/.test(text) && !/[:/\x00-\x1f\x7f]/.test(text);
}

/** `User=` and its kin. A name that no passwd(5) can hold makes the unit fail to load. */
export const userGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined) return [stopping(specifier)];
  if (value === 'nobody' && context.key.endsWith('User')) {
    const message = 'The user "nobody" owns what belongs to no one; a service running as it may touch such files';
    return [{ ...badValue('nobody-user', value, message), severity: 'notice' }];
  }
  if (hasSpecifier(value) || isUserOrGroup(value)) return [];
  return [stopping(badValue('invalid-user-name', value, `${quoted(value)} is no user or group name and no id`))];
};

/** `SupplementaryGroups=`: several of them. */
export const groupListGrammar: SettingGrammar = (value, context) => {
  const { words, problem } = splitWords(value, { backslash: 'drop', unquote: false });
  for (const word of words) {
    const specifier = unknownSpecifier(word.value, context);
    if (specifier !== undefined) return [stopping({ ...specifier, span: word.span })];
    if (hasSpecifier(word.value) || isUserOrGroup(word.value)) continue;
    const message = `${quoted(word.value)} is no group name and no id`;
    return [stopping(badValue('invalid-user-name', value, message, word.span))];
  }
  return listed([problem === undefined ? undefined : stopping(problem)]);
};

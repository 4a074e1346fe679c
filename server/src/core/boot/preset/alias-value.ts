/** What Alias= of a unit may be (systemd.unit(5)). */

import { instanceOf, parseUnitName, templateOf } from '../../formats/unit/settings/unit-name.ts';
import { checkAlias, nameKind } from '../../layering/unit-files.ts';

export type AliasValue =
  /** Where the link goes, below the configuration directory. */
  | { readonly kind: 'valid'; readonly path: string }
  /** The unit's own name: nothing to do, nothing to say. */
  | { readonly kind: 'self' }
  /** `name` is what the link would have been called. */
  | { readonly kind: 'invalid'; readonly name: string; readonly reason: string };

/** Judges an expanded value. Besides names there is an old form: `NAME.wants/UNIT` and `NAME.requires/UNIT`. */
export function checkAliasValue(unit: string, alias: string): AliasValue {
  if (alias.includes('/')) return checkDirectoryForm(unit, alias);
  const own = parseUnitName(unit);
  const parsed = parseUnitName(alias);
  // An instance gives its instance to an alias that is a template.
  const name = parsed?.instance === '' && own?.instance ? instanceOf(parsed, own.instance) : alias;
  switch (checkAlias(name, unit)) {
    case 'valid':
      return { kind: 'valid', path: name };
    case 'self':
      return { kind: 'self' };
    case 'bad-source':
      return { kind: 'invalid', name, reason: 'it is not the name of a unit that may be a link' };
    default:
      return { kind: 'invalid', name, reason: 'the types or the instances differ' };
  }
}

function checkDirectoryForm(unit: string, alias: string): AliasValue {
  const cut = alias.lastIndexOf('/');
  const name = alias.slice(cut + 1);
  const directory = alias.slice(0, cut).replace(/\/+$/, '');
  const wanting = /^(.*)\.(?:wants|requires)$/s.exec(directory)?.[1];
  const parsedWanting = wanting === undefined ? undefined : parseUnitName(wanting);
  if (parsedWanting === undefined) {
    return {
      kind: 'invalid',
      name: alias,
      reason: 'a slash is allowed in NAME.wants/UNIT and NAME.requires/UNIT only',
    };
  }
  const parsed = parseUnitName(name);
  const own = parseUnitName(unit);
  if (parsed === undefined || own === undefined)
    return { kind: 'invalid', name: alias, reason: 'it does not end in a unit name' };
  const path = `${directory}/${name}`;
  if (name === unit && nameKind(parsed) !== 'template') return { kind: 'valid', path };
  const isTemplateOf = own.instance === '' && `${parsed.prefix}@.${parsed.type}` === unit;
  const isInstanceOf = isTemplateOf && templateOf(name) === unit;
  const isPropagated = isTemplateOf && parsed.instance === '' && nameKind(parsedWanting) === 'template';
  if (isInstanceOf || isPropagated) return { kind: 'valid', path };
  return { kind: 'invalid', name: alias, reason: 'the link must be named like the unit' };
}

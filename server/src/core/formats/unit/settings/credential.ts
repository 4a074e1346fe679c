/** `LoadCredential=`, `SetCredential=` and `ImportCredential=` (systemd.exec(5), "Credentials"). */

import type { Span } from '../../../text/source-text.ts';
import { unescapeC } from '../../../text/words.ts';
import { badValue, hasSpecifier, listed, quoted, type SettingGrammar, unknownSpecifier } from './grammar.ts';

/** The part before the first colon and, if there is a colon, the part behind it. */
export interface CredentialValue {
  readonly id: string;
  readonly idSpan: Span;
  /** Path, name, glob target or data, as the setting takes it; undefined without a colon. */
  readonly rest: string | undefined;
  readonly restSpan: Span;
}

/** Reads `ID[:REST]`. Specifiers stand as they are. */
export function parseCredential(value: string): CredentialValue {
  const colon = value.indexOf(':');
  const end = colon === -1 ? value.length : colon;
  return {
    id: value.slice(0, end),
    idSpan: { start: 0, end },
    rest: colon === -1 ? undefined : value.slice(colon + 1),
    restSpan: { start: Math.min(end + 1, value.length), end: value.length },
  };
}

/** True for a credential's name: a plain file name of printable ASCII without colons. */
export function isCredentialName(name: string): boolean {
  return /^[\x20-\x7e]{1,255}$/.test(name) && !/[:/]/.test(name) && name !== '.' && name !== '..';
}

function checkName(value: string, name: string, span: Span) {
  if (hasSpecifier(name) || name.includes('\\') || isCredentialName(name)) return undefined;
  return badValue('invalid-credential-name', value, `${quoted(name)} is not the name of a credential`, span);
}

/** True for Base64 with its padding; blanks may stand anywhere. */
function isBase64(text: string): boolean {
  const digits = text.replace(/[ \t\n\r]/g, '');
  return digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits);
}

/** `LoadCredential=ID[:PATH]`. */
export const loadCredentialGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const { id, idSpan, rest, restSpan } = parseCredential(value);
  const problem = unknownSpecifier(id, context) ?? checkName(value, id, idSpan);
  if (problem !== undefined || !rest) return listed([problem]);
  const specifier = unknownSpecifier(rest, context);
  if (specifier !== undefined) return [{ ...specifier, span: restSpan }];
  if (/^%[A-Za-z]/.test(rest)) return [];
  const isGood = rest.startsWith('/')
    ? !/\/\/|\/\.{1,2}(\/|$)/.test(rest)
    : hasSpecifier(rest) || isCredentialName(rest);
  if (isGood) return [];
  const message = `${quoted(rest)} is neither a plain absolute path nor the name of a credential`;
  return [badValue('invalid-credential-source', value, message, restSpan)];
};

/** `SetCredential=ID:DATA`. */
export const setCredentialGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const { id, idSpan, rest, restSpan } = parseCredential(value);
  if (!rest) return [badValue('missing-credential-data', value, `${quoted(value)} gives no data behind a colon`)];
  const problem = unknownSpecifier(id, context) ?? checkName(value, id, idSpan);
  if (problem !== undefined) return [problem];
  if (context.key === 'SetCredentialEncrypted') {
    return isBase64(rest) ? [] : [badValue('invalid-base64', value, 'The data is not Base64', restSpan)];
  }
  // A NUL may stand in the data, though nowhere else.
  const unescaped = unescapeC(rest.replace(/\\(x00|000)/g, ' '));
  return 'value' in unescaped ? [] : [badValue('unknown-escape', value, 'The data contains a bad escape', restSpan)];
};

/** `ImportCredential=GLOB[:NEWNAME]`. */
export const importCredentialGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const { id, idSpan, rest, restSpan } = parseCredential(value);
  const specifier = unknownSpecifier(id, context);
  if (specifier !== undefined) return [specifier];
  if (rest && !isCredentialName(rest)) {
    return [badValue('invalid-credential-name', value, `${quoted(rest)} is not the name of a credential`, restSpan)];
  }
  const name = id.endsWith('*') ? id.slice(0, -1) : id;
  if (/[*?[\]]/.test(name)) {
    return [badValue('invalid-credential-name', value, `${quoted(id)} may have "*" only at its end`, idSpan)];
  }
  return name === '' && id !== '' ? [] : listed([checkName(value, name, idSpan)]);
};

/** The modifiers that may follow the type letter (tmpfiles.d(5), Type). */

import type { Behaviour, Systemd } from '../../versions/systemd.ts';

export type ModifierName =
  | 'boot'
  | 'appendOrForce'
  | 'allowFailure'
  | 'tryReplace'
  | 'base64'
  | 'credential'
  | 'purge'
  | 'conditional';

interface ModifierRow {
  readonly sign: string;
  readonly name: ModifierName;
  /** Absent: every known version has it. */
  readonly needs?: Behaviour;
  /** One line for people. */
  readonly what: string;
}

export const modifiers: readonly ModifierRow[] = [
  { sign: '!', name: 'boot', what: 'Only at boot (--boot), not when running again later.' },
  { sign: '+', name: 'appendOrForce', what: 'Append, replace or merge, as the type says.' },
  { sign: '-', name: 'allowFailure', what: 'A failure to create does not count.' },
  { sign: '=', name: 'tryReplace', what: 'Remove what is of another type on the way and at the path, then create.' },
  { sign: '~', name: 'base64', what: 'The argument is base64.' },
  { sign: '^', name: 'credential', what: 'The argument is the name of a credential that holds the content.' },
  { sign: '$', name: 'purge', needs: 'tmpfiles-modifier-purge', what: 'Removed by --purge.' },
  {
    sign: '?',
    name: 'conditional',
    needs: 'tmpfiles-modifier-conditional-link',
    what: 'Only if the target of the link exists.',
  },
];

const rowsBySign = new Map(modifiers.map((row) => [row.sign, row]));

/** The modifier of a sign, if the version knows it. */
export function findModifier(sign: string, systemd: Systemd): ModifierName | undefined {
  const row = rowsBySign.get(sign);
  return row === undefined || (row.needs !== undefined && !systemd.has(row.needs)) ? undefined : row.name;
}

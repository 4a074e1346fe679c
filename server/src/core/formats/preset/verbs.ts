/** The words a preset line may begin with: one row for parser, simulator, hover and documentation. */

import type { Behaviour } from '../../versions/systemd.ts';

export type PresetAction = 'enable' | 'disable' | 'ignore';

export interface PresetVerb {
  readonly action: PresetAction;
  /** The behaviour without which the line is unknown; absent: every version has it. */
  readonly needs?: Behaviour;
  /** Whether names of instances may follow the name of a template. */
  readonly takesInstances: boolean;
  /** The manual page. */
  readonly page: string;
  /** For people: what the line does. */
  readonly what: string;
}

export const presetVerbs: readonly PresetVerb[] = [
  {
    action: 'enable',
    takesInstances: true,
    page: 'systemd.preset(5)',
    what: 'Enables every unit that the pattern matches. Behind the name of a template, names of instances may follow.',
  },
  {
    action: 'disable',
    takesInstances: false,
    page: 'systemd.preset(5)',
    what: 'Disables every unit that the pattern matches; on a first boot they are merely not enabled.',
  },
  {
    action: 'ignore',
    needs: 'preset-ignore',
    takesInstances: false,
    page: 'systemd.preset(5)',
    what: 'Leaves the links of every unit that the pattern matches as they are.',
  },
];

const verbsByWord = new Map<string, PresetVerb>(presetVerbs.map((verb) => [verb.action, verb]));

/** The row of a line's first word, whatever the version. */
export function findPresetVerb(word: string): PresetVerb | undefined {
  return verbsByWord.get(word);
}

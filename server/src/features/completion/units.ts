/** Names of units. */

import { type UnitType, unitTypes } from '../../core/formats/unit/directives.ts';
import type { Span } from '../../core/text/source-text.ts';
import type { CheckedSet } from '../../workspace/checked-set.ts';
import type { Candidate } from './candidate.ts';
import { offersOf } from './set-offers.ts';

/** Targets of systemd.special(7) that are there even if the image's files do not tell. */
const fixedTargets =
  'multi-user.target graphical.target network-online.target network.target local-fs.target remote-fs.target sysinit.target basic.target sockets.target timers.target paths.target nss-user-lookup.target time-sync.target';

/** Targets that a setting's units come from first, by the setting, then by the type of the unit that is written. */
const likely: Readonly<Record<string, string>> = {
  'WantedBy service': 'multi-user.target graphical.target',
  'WantedBy socket': 'sockets.target',
  'WantedBy timer': 'timers.target',
  'WantedBy path': 'paths.target',
  'WantedBy mount': 'local-fs.target remote-fs.target',
  'WantedBy automount': 'local-fs.target remote-fs.target',
  'WantedBy target': 'multi-user.target',
  After: 'network-online.target network.target local-fs.target nss-user-lookup.target time-sync.target',
  Wants: 'network-online.target',
  Slice: 'system.slice',
  Before: 'multi-user.target',
};

export function unitCandidates(
  set: CheckedSet | undefined,
  span: Span,
  wish: {
    readonly types: readonly UnitType[];
    readonly key?: string;
    /** The unit that the file belongs to; it need not name itself. */
    readonly own?: string | undefined;
    readonly ownType?: UnitType | undefined;
    readonly without?: readonly string[];
  },
): readonly Candidate[] {
  const { key = '', types, own, ownType, without = [] } = wish;
  const first = (likely[`${key} ${ownType ?? 'service'}`] ?? likely[key] ?? '').split(' ');
  const rows =
    set === undefined
      ? fixedTargets.split(' ').map((name) => ({ name, detail: undefined, isOwn: false }))
      : offersOf(set).units;
  const isAnyType = types.length === unitTypes.length;
  const fitting = rows.filter(({ name }) => {
    if (name === own || without.includes(name)) return false;
    return isAnyType || types.some((type) => name.endsWith(`.${type}`));
  });
  const rank = (row: { readonly name: string; readonly isOwn: boolean }) => {
    const at = first.indexOf(row.name);
    return at !== -1 ? at : first.length + (row.isOwn ? 0 : 1);
  };
  return [...fitting]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ name, detail }) => ({
      label: name,
      span,
      kind: 'unit',
      about: { about: 'unit', name },
      ...(detail === undefined ? {} : { detail }),
    }));
}

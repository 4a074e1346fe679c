/** Users and groups of the simulated databases. */

import type { Span } from '../../core/text/source-text.ts';
import type { CheckedSet } from '../../workspace/checked-set.ts';
import type { Candidate } from './candidate.ts';
import { offersOf } from './set-offers.ts';

/** The accounts that exist after the boot; without a simulation, root. */
export function accountCandidates(
  set: CheckedSet | undefined,
  which: 'user' | 'group',
  span: Span,
  without: readonly string[] = [],
): readonly Candidate[] {
  const index = set === undefined ? undefined : offersOf(set);
  const rows = (which === 'user' ? index?.users : index?.groups) ?? [{ name: 'root', detail: 'id 0' }];
  return rows
    .filter(({ name }) => !without.includes(name))
    .map(({ name, detail }) => ({ label: name, span, kind: 'account', detail: `${which}, ${detail}` }));
}

/** The names that units and tmpfiles.d lines ask for and that nobody makes: what a sysusers.d line is probably for. */
export function wantedAccounts(set: CheckedSet | undefined, which: 'user' | 'group', span: Span): readonly Candidate[] {
  if (set === undefined) return [];
  const { users, groups } = offersOf(set).wanted;
  return (which === 'user' ? users : groups).map((name) => ({
    label: name,
    span,
    kind: 'account',
    detail: `${which} that something asks for and nothing makes`,
  }));
}

/** A user or group: whether it will exist, who makes it, its ids and home, who uses it. */

import type { Cause } from '../../core/problems/problem.ts';
import { code, plain } from '../markdown.ts';
import type { SetFacts } from '../set-facts.ts';
import { bootOf, causeWords, fixOf, type HoverScope, shortList } from './scope.ts';
import { makersOf, usersOf } from './users-of.ts';

/** @param unit the unit in whose settings the name stands, if it does */
export function describeAccount(scope: HoverScope, kind: 'user' | 'group', name: string, unit?: string): string[] {
  const { facts } = scope;
  if (facts === undefined) {
    const makers = makersOf(scope, kind, name).map((maker) => maker.link);
    return makers.length === 0 ? [] : [`${kind} **${plain(name)}**, made by ${makers.slice(0, 3).join(', ')}.`];
  }
  const title = `${kind} **${plain(name)}** ${bootOf(facts)}:`;
  const found = facts.accounts[kind](name);
  const paragraphs: string[] = [];
  if (found.kind === 'unknown') {
    paragraphs.push(`${title} *unknown*; a source that nsswitch.conf names cannot be read from files.`);
  } else if (found.kind === 'missing') {
    paragraphs.push(`${title} ${absenceWords(scope, unit)}`, ...shippedWords(facts, kind, name));
  } else if (kind === 'user') paragraphs.push(`${title} ${userWords(scope, name)}`);
  else paragraphs.push(`${title} ${groupWords(scope, name)}`);
  paragraphs.push(...usersOf(scope, kind, name));
  if (found.kind === 'missing') paragraphs.push(...fixOf(scope, name));
  return paragraphs;
}

function absenceWords({ facts }: HoverScope, unit: string | undefined): string {
  const isDynamic = unit !== undefined && facts?.outcome(unit)?.unit.boolean('Service', 'DynamicUser') === true;
  return isDynamic
    ? `made while ${code(unit)} runs, with an id of its own (${code('DynamicUser=')}).`
    : '*nothing makes it.*';
}

function shippedWords(facts: SetFacts, kind: 'user' | 'group', name: string): string[] {
  const today = facts.shippedAccounts[kind](name);
  if (today.kind !== 'found') return [];
  const { account } = today;
  const id = 'uid' in account ? `uid ${account.uid}` : `gid ${account.gid}`;
  return [`The image's /etc/${kind === 'user' ? 'passwd' : 'group'} has it today (${id}), a reset removes it.`];
}

function origin(scope: HoverScope, kind: 'user' | 'group', name: string): string {
  const { sysusers } = scope.facts?.set.simulation ?? {};
  const result = sysusers?.kind === 'ran' ? sysusers.result : undefined;
  const list: readonly {
    readonly entry: { readonly name: string };
    readonly cause: Cause | undefined;
    readonly isImplied: boolean;
    readonly id: { readonly from: string; readonly taken?: number } | undefined;
  }[] = (kind === 'user' ? result?.users : result?.groups) ?? [];
  const made = list.find(({ entry }) => entry.name === name);
  if (made?.cause === undefined) return 'as the image has it';
  const choice = made.id?.taken !== undefined ? `, since ${made.id.taken} is taken` : '';
  // Groups get their ids first, users of the same name take those.
  const from =
    made.id?.from === 'group' ? result?.groups.find(({ entry }) => entry.name === name)?.id?.from : made.id?.from;
  const how = from === 'automatic' ? ', with the next free id' : '';
  return `${causeWords(scope, made.cause)}${made.isImplied ? ', which only names it' : ''}${how}${choice}`;
}

function userWords(scope: HoverScope, name: string): string {
  const { facts } = scope;
  const found = facts?.accounts.user(name);
  if (facts === undefined || found?.kind !== 'found') return '';
  const { account } = found;
  const made = account.isSynthesized ? 'systemd knows it without looking' : origin(scope, 'user', account.name);
  const parts = [`uid ${account.uid}`, `group ${code(facts.groupName(account.gid))} (${account.gid})`];
  if (account.home !== undefined) {
    const exists = facts.tree.lookup(account.home)?.type === 'directory';
    parts.push(`home ${code(account.home)}${exists ? '' : ', which *will not exist*'}`);
  }
  if (account.shell !== undefined && account.shell !== '') parts.push(`shell ${code(account.shell)}`);
  return `${made}.\n\n${parts.join(' · ')}`;
}

function groupWords(scope: HoverScope, name: string): string {
  const found = scope.facts?.accounts.group(name);
  if (found?.kind !== 'found') return '';
  const { account } = found;
  const made =
    account.gid === 0 || account.gid === 65534
      ? 'systemd knows it without looking'
      : origin(scope, 'group', account.name);
  const members =
    account.members.length === 0 ? '' : ` · members ${shortList(account.members.map((member) => code(member)))}`;
  return `${made}.\n\ngid ${account.gid}${members}`;
}

/** Who has a number: of a uid the user, of a gid the group. */
export function describeId(scope: HoverScope, kind: 'user' | 'group', id: number): string[] {
  const { facts } = scope;
  if (facts === undefined) return [];
  const found = facts.accounts[kind](String(id));
  const label = kind === 'user' ? 'uid' : 'gid';
  if (found.kind !== 'found')
    return [`**${label} ${id}** ${bootOf(facts)}: ${found.kind === 'missing' ? 'nobody has it.' : '*unknown*.'}`];
  return [
    `**${label} ${id}** ${bootOf(facts)}: ${code(found.account.name)}, ${isKnown(id) ? 'which systemd knows without looking' : origin(scope, kind, found.account.name)}.`,
  ];
}

function isKnown(id: number): boolean {
  return id === 0 || id === 65534;
}

/** The words about a candidate: what it does, the version that it came with, its manual page. Looked up on demand. */

import { findPresetVerb } from '../../core/formats/preset/verbs.ts';
import { sysusersLineTypes } from '../../core/formats/sysusers/line-types.ts';
import { ageWords, argumentWords } from '../../core/formats/tmpfiles/column-words.ts';
import { lineTypes } from '../../core/formats/tmpfiles/line-types.ts';
import { modifiers } from '../../core/formats/tmpfiles/modifiers.ts';
import { replacementOf } from '../../core/formats/unit/check.ts';
import { directiveWords } from '../../core/formats/unit/directive-words.ts';
import { findDirective } from '../../core/formats/unit/directives.ts';
import { specifierRows } from '../../core/specifier/specifier.ts';
import { type Behaviour, behaviours } from '../../core/versions/systemd.ts';
import type { FeatureContext } from '../feature-context.ts';
import { manualAddress } from '../manual-link.ts';
import type { About } from './candidate.ts';

/** A link to a manual page named as `systemd.exec(5)`. */
export function manualLink(page: string, anchor = ''): string {
  return `[${page}](${manualAddress(page, anchor)})`;
}

/** Markdown; undefined if there is nothing to say. */
export function documentationOf(about: About, context: FeatureContext | undefined): string | undefined {
  switch (about.about) {
    case 'setting': {
      const directive = findDirective(about.section, about.name);
      if (directive === undefined) return undefined;
      const { since, last, page } = directive;
      const removed =
        last === undefined ? undefined : last === 0 ? 'Has no effect.' : `Has no effect since systemd ${last + 1}.`;
      const anchor = last === undefined ? `${about.name}=` : '';
      const replacement = replacementOf(about.name);
      const obsolete = replacement === undefined ? undefined : `Obsolete; use \`${replacement}\`.`;
      return paragraphs(directiveWords(about.section, about.name), removed ?? obsolete, origin(since, page, anchor));
    }
    case 'line-type': {
      const row = lineTypes.find(({ letter }) => letter === about.letter);
      if (row === undefined) return undefined;
      return paragraphs(row.what, argumentWords[row.argument], origin(sinceOf(row.needs), 'tmpfiles.d(5)'));
    }
    case 'modifier': {
      const row = modifiers.find(({ sign }) => sign === about.sign);
      return row === undefined ? undefined : paragraphs(row.what, origin(sinceOf(row.needs), 'tmpfiles.d(5)'));
    }
    case 'age':
      return paragraphs(ageWords[about.sign], origin(undefined, 'tmpfiles.d(5)'));
    case 'account-type': {
      const row = sysusersLineTypes.find(({ type }) => type === about.type);
      if (row === undefined) return undefined;
      const columns = Object.entries(row.columns).map(([name, { what }]) => `- ${name}: ${what}`);
      return paragraphs(`${upperFirst(row.what)}.`, columns.join('\n'), origin(sinceOf(row.needs), row.manual));
    }
    case 'verb': {
      const row = findPresetVerb(about.action);
      return row === undefined ? undefined : paragraphs(row.what, origin(sinceOf(row.needs), row.page));
    }
    case 'specifier': {
      const row = specifierRows.find(({ letter }) => letter === about.letter);
      if (row === undefined) return undefined;
      const { format } = about;
      const needs = format === 'tmpfiles' ? row.tmpfilesNeeds : format === 'unit' ? row.unitNeeds : undefined;
      const page =
        format === 'tmpfiles' ? 'tmpfiles.d(5)' : format === 'sysusers' ? 'sysusers.d(5)' : 'systemd.unit(5)';
      return paragraphs(`${upperFirst(row.what)}.`, origin(sinceOf(needs), page, 'Specifiers'));
    }
    case 'unit':
      return unitWords(about.name, context);
  }
}

/** Its description and file. */
function unitWords(name: string, context: FeatureContext | undefined): string | undefined {
  const outcome = context?.set?.simulation.units.outcomes.find(({ unit }) => unit.names.includes(name));
  if (outcome === undefined) return undefined;
  const { unit, pulledInBy } = outcome;
  const description = unit.last('Unit', 'Description')?.entry.value;
  const alias = unit.name === name ? undefined : `Another name of \`${unit.name}\`.`;
  const path = unit.fragmentPath === undefined ? undefined : `\`${unit.fragmentPath}\``;
  const by = pulledInBy[0] === undefined ? undefined : `Pulled in by \`${pulledInBy[0]}\`.`;
  return paragraphs(description === undefined ? undefined : escaped(description), alias, by, path);
}

/** Text of a file may hold anything. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!]/g, '\\$&');
}

function sinceOf(needs: Behaviour | undefined): number | undefined {
  if (needs === undefined) return undefined;
  const row: { readonly since?: number; readonly what: string } = behaviours[needs];
  return row.since;
}

function origin(since: number | undefined, page: string, anchor = ''): string {
  return since === undefined ? manualLink(page, anchor) : `Since systemd ${since}. ${manualLink(page, anchor)}`;
}

function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A unit: what the boot does with it and why, what pulls it in, which preset line decides. */

import type { UnitPreset } from '../../core/boot/preset/run-presets.ts';
import type { UnitOutcome } from '../../core/boot/start/unit-outcome.ts';
import { parseUnitName, templateOf } from '../../core/formats/unit/settings/unit-name.ts';
import { baseName, parentPath } from '../../core/tree/tree.ts';
import { code, count, plain } from '../markdown.ts';
import type { SetFacts } from '../set-facts.ts';
import { obstacleWords, outcomeWords } from './outcome-words.ts';
import { bootOf, type HoverScope, placeLink, shortList } from './scope.ts';

export function describeUnit(scope: HoverScope, name: string): string[] {
  const { facts } = scope;
  if (facts === undefined) return [];
  const outcome = facts.outcome(name);
  const title = `**${plain(name)}** ${bootOf(facts)}:`;
  if (outcome === undefined || outcome.outcome === 'absent')
    return [`${title} ${unloadedWords(scope, name)}`, ...presetWords(scope, name)];
  const { unit } = outcome;
  const alias = unit.name === name ? '' : ` (an alias of ${code(unit.name)})`;
  const paragraphs = [`${title} ${outcomeWords(outcome)}${alias}.`];
  if (unit.loadFailure !== undefined) {
    paragraphs.push(
      `It cannot be loaded: ${plain(unit.loadFailure.message)} (${placeLink(scope, unit.loadFailure.place)}).`,
    );
  }
  const chain = chainWords(facts, outcome);
  if (chain !== '') paragraphs.push(chain);
  const pulled = pullWords(outcome);
  if (pulled !== '') paragraphs.push(pulled);
  if (unit.files.length > 0) {
    const [fragment, ...dropIns] = unit.files;
    const more = dropIns.length === 0 ? '' : ` and ${count(dropIns.length, 'drop-in')}`;
    if (fragment !== undefined && fragment.path !== scope.context.imagePath) {
      paragraphs.push(`From ${placeLink(scope, { file: fragment.path, line: 1 })}${more}.`);
    }
  }
  return [...paragraphs, ...presetWords(scope, unit.name)];
}

function unloadedWords(scope: HoverScope, name: string): string {
  const { facts } = scope;
  const parsed = parseUnitName(name);
  const template = templateOf(name);
  if (parsed?.instance === '') {
    const hasFile = [...(facts?.set.simulation.units.store.fileNames ?? [])].includes(name);
    if (hasFile) return 'a template; its instances start, it does not.';
  }
  if (facts?.isPartial === true) {
    return '*unknown*; these files and the base have no such unit, but the base is not a whole system.';
  }
  return template === undefined
    ? '*there is no such unit.*'
    : `*there is no such unit*, nor the template ${code(template)}.`;
}

/** From the next unit of the chain of failures on to its end. */
function chainWords(facts: SetFacts, outcome: UnitOutcome): string {
  const steps: string[] = [];
  const seen = new Set([outcome.unit.name]);
  let next = outcome.becauseOf;
  while (next !== undefined && !seen.has(next) && steps.length < 8) {
    seen.add(next);
    const step = facts.outcome(next);
    const [obstacle] = step?.obstacles ?? [];
    const isEnd = step?.becauseOf === undefined;
    steps.push(`${code(next)}${isEnd && obstacle !== undefined ? ` (${obstacleWords(obstacle)})` : ''}`);
    next = step?.becauseOf;
  }
  return steps.length === 0 ? '' : `Because of ${steps.join(' ← ')}.`;
}

function pullWords({ pulledInBy, activatedBy }: UnitOutcome): string {
  const names = (list: readonly string[]) => shortList(list.map((name) => code(name)));
  const parts: string[] = [];
  if (pulledInBy.length > 0) parts.push(`Pulled in by ${names(pulledInBy)}.`);
  if (activatedBy.length > 0) parts.push(`Started by ${names(activatedBy)}.`);
  return parts.join(' ');
}

/** Which preset line decides, and the links that come of it. */
function presetWords(scope: HoverScope, name: string): string[] {
  const { facts } = scope;
  const preset = facts?.preset(name) ?? facts?.preset(templateOf(name) ?? '');
  if (facts === undefined || preset === undefined) return [];
  // What cannot be enabled is not "not enabled".
  if (preset.verdict === 'disabled' && !facts.isInstallable(name)) return [];
  const verdict = verdictWords(scope, preset);
  if (verdict === undefined) return [];
  const links = facts
    .enablementLinks(name)
    .map(({ path }) => code(path.includes('.d/') ? path : `${baseName(parentPath(path))}/${baseName(path)}`));
  return [`${verdict}${links.length === 0 ? '' : `: ${shortList(links, 3)}`}.`];
}

function verdictWords(scope: HoverScope, { verdict, rule, pulledBy }: UnitPreset): string | undefined {
  const by = rule === undefined ? 'since no preset line matches it' : `by ${placeLink(scope, rule)}`;
  switch (verdict) {
    case 'enabled': {
      const [also] = pulledBy;
      return also === undefined ? `Enabled ${by}` : `Enabled by the Also= of ${placeLink(scope, also)}`;
    }
    case 'disabled':
      return `Not enabled, ${by}`;
    case 'ignored':
      return `Left as it is ${by}`;
    case 'masked':
      return 'Masked';
    default:
      return undefined;
  }
}

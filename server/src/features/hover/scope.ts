/** What the parts of a hover are made with, and the pieces that several of them need. */

import type { VolatileMode } from '../../core/boot/skeleton.ts';
import type { Cause, Place } from '../../core/problems/problem.ts';
import { baseName } from '../../core/tree/tree.ts';
import type { FeatureContext } from '../feature-context.ts';
import { code, link, plain } from '../markdown.ts';
import type { SetFacts } from '../set-facts.ts';

export interface HoverTools {
  /** Address of a file of the image; undefined if there is no way to show it. */
  uriOf(imagePath: string): string | undefined;
  /** The source of a manual page that the image ships, `systemd.exec(5)`; undefined if it ships none. */
  manual(page: string): string | undefined;
}

export interface HoverScope {
  readonly context: FeatureContext;
  /** Undefined: no simulation holds the document. */
  readonly facts: SetFacts | undefined;
  readonly tools: HoverTools;
}

/** How the boot is called, by what it leaves of the image. */
const bootWords: Readonly<Record<VolatileMode, string>> = {
  yes: 'after an empty /etc boot',
  state: 'after a boot with an empty /var',
  no: 'after a boot of the image as it is',
  overlay: 'after a boot over the image as it is',
};

export function bootOf(facts: SetFacts): string {
  return bootWords[facts.set.options.volatile];
}

/** A place as `file:line`, with a link to it where the file can be shown. */
export function placeLink(scope: HoverScope, place: Place): string {
  const { facts, tools } = scope;
  const text = plain(
    `${baseName(facts?.set.fileOf(place.file) ?? place.file)}${place.line === undefined ? '' : `:${place.line}`}`,
  );
  const isFile = facts?.shipped.lookup(place.file)?.type === 'file';
  const uri = isFile ? tools.uriOf(place.file) : undefined;
  return link(text, uri === undefined ? undefined : `${uri}${place.line === undefined ? '' : `#L${place.line}`}`);
}

/** Who made something, from its first cause. */
export function causeWords(scope: HoverScope, cause: Cause): string {
  switch (cause.phase) {
    case 'skeleton':
      return 'made by the boot itself';
    case 'image':
      return 'shipped by the image';
    case 'preset':
      return `made by the presets, from ${placeLink(scope, cause)}`;
    default:
      return `${actionWords[cause.action]} ${cause.line === undefined ? phaseWords(scope, cause) : placeLink(scope, cause)}`;
  }
}

function phaseWords(scope: HoverScope, cause: Cause): string {
  return cause.phase === 'start' ? placeLink(scope, cause) : `systemd-${cause.phase}`;
}

const actionWords: Readonly<Record<Cause['action'], string>> = {
  created: 'made by',
  parent: 'made as a missing parent by',
  copied: 'copied by',
  changed: 'changed by',
  removed: 'removed by',
  shipped: 'shipped, named by',
};

/** At most some items of a list, and how many more there are. */
export function shortList(items: readonly string[], most = 6): string {
  const shown = items.slice(0, most).join(', ');
  return items.length <= most ? shown : `${shown} and ${items.length - most} more`;
}

/** What a finding about something says to write. */
export function fixOf(scope: HoverScope, subject: string): string[] {
  const finding = scope.facts?.findings(subject).find(({ help, suggestion }) => (help ?? suggestion) !== undefined);
  if (finding === undefined) return [];
  const { help, suggestion } = finding;
  const parts = help === undefined ? [] : [plain(help)];
  for (const line of suggestion?.lines.slice(0, 2) ?? []) {
    parts.push(`${code(line)} in ${plain(baseName(suggestion?.file ?? ''))}`);
  }
  return [`Fix: ${parts.join(' · ')}`];
}

/** The preset rules of a tree in the order in which they are asked, and which of them decides on a unit. */

import { parsePreset } from '../../formats/preset/parse.ts';
import type { PresetRule } from '../../formats/preset/syntax.ts';
import type { PresetAction } from '../../formats/preset/verbs.ts';
import { instanceOf, parseUnitName, templateOf } from '../../formats/unit/settings/unit-name.ts';
import { findConfigFiles } from '../../layering/config-files.ts';
import { type CompiledPattern, compilePattern } from '../../pattern/fnmatch.ts';
import type { Message, Place } from '../../problems/problem.ts';
import type { Tree } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';

/** A rule, where it stands and what it matches. */
interface LoadedRule {
  readonly rule: PresetRule;
  readonly place: Place;
  readonly pattern: CompiledPattern | undefined;
}

export interface PresetRules {
  readonly rules: readonly LoadedRule[];
  /** False if a file cannot be read to its end; then systemd applies no preset at all. */
  readonly isReadable: boolean;
  /** True if the content of a file is not known, so that a rule may be missing here. */
  readonly isPartial: boolean;
  readonly messages: readonly Message[];
}

/** What the rules say about a unit name. */
export type PresetAnswer =
  | {
      readonly kind: 'action';
      readonly action: PresetAction;
      /** The deciding line; undefined if no line matches, which means enable. */
      readonly place: Place | undefined;
      /** Full names of the instances to enable instead of the template. */
      readonly instances: readonly string[];
    }
  /** The name reached an `enable` line without a pattern, at which systemd crashes. */
  | { readonly kind: 'crash'; readonly place: Place };

/** Reads all preset files of a tree. */
export function readPresetRules(tree: Tree, inputs: BootInputs): PresetRules {
  const { files, messages: fileMessages } = findConfigFiles(tree, 'preset', inputs);
  const rules: LoadedRule[] = [];
  const messages: Message[] = [...fileMessages];
  let isPartial = false;
  for (const file of files) {
    if (file.text === undefined) {
      isPartial = true;
      continue;
    }
    const document = parsePreset(file.text, inputs.systemd);
    for (const problem of document.problems) {
      const line = lineAt(document.nodes, problem.span.start);
      messages.push({
        code: problem.code,
        severity: problem.severity,
        phase: 'preset',
        text: problem.message,
        place: { file: file.path, ...(line === undefined ? {} : { line }), span: problem.span },
        subject: file.path,
      });
    }
    if (document.failure !== undefined) return { rules: [], isReadable: false, isPartial, messages };
    for (const rule of document.rules) {
      rules.push({
        rule,
        place: { file: file.path, line: rule.line, span: rule.span },
        pattern: rule.pattern === undefined ? undefined : compilePattern(rule.pattern.text, { noEscape: true }),
      });
    }
  }
  // Anything that stands there but cannot be read, such as a directory, ends the reading of all presets.
  const isReadable = !fileMessages.some((message) => message.code === 'config-unreadable');
  return { rules: isReadable ? rules : [], isReadable, isPartial, messages };
}

function lineAt(
  nodes: readonly { readonly line: number; readonly span: { readonly start: number; readonly end: number } }[],
  offset: number,
) {
  return nodes.find((node) => node.span.start <= offset && offset <= node.span.end)?.line;
}

/** The first rule that matches a unit name decides. */
export function queryPresets(presets: PresetRules, unit: string): PresetAnswer {
  for (const { rule, place, pattern } of presets.rules) {
    const instances = matchInstances(rule, unit);
    if (instances === undefined) {
      if (pattern === undefined) {
        if (rule.verb.takesInstances) return { kind: 'crash', place };
        continue;
      }
      if (!pattern.matches(unit)) continue;
    }
    return { kind: 'action', action: rule.verb.action, place, instances: instances ?? [] };
  }
  return { kind: 'action', action: 'enable', place: undefined, instances: [] };
}

/** Undefined if the rule names no instances or they do not concern the unit; then its pattern is asked. */
function matchInstances(rule: PresetRule, unit: string): readonly string[] | undefined {
  if (rule.instances.length === 0 || rule.pattern === undefined) return undefined;
  const name = parseUnitName(unit);
  if (name?.instance === undefined) return undefined;
  if (name.instance !== '') {
    const isNamed =
      templateOf(unit) === rule.pattern.text && rule.instances.some((word) => word.text === name.instance);
    return isNamed ? [] : undefined;
  }
  if (unit !== rule.pattern.text) return undefined;
  const instances = rule.instances.map((word) => instanceOf(name, word.text));
  // One bad instance makes systemd take the line as if no instance were named.
  return instances.every((instance) => parseUnitName(instance)?.instance) ? instances : undefined;
}

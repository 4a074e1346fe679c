/**
 * Condition…= and Assert…= of a unit on the tree of its start (systemd.unit(5), "Conditions and Asserts"): one row a kind,
 * three answers.
 */

import { findDirective, isKnownDirective } from '../../formats/unit/directives.ts';
import { type ConditionValue, conditionGrammar, parseCondition } from '../../formats/unit/settings/condition.ts';
import { quoted } from '../../formats/unit/settings/grammar.ts';
import type { SettingValue, Unit } from '../../units/unit.ts';
import { isKernelPath } from '../path-facts.ts';
import type { ConditionVerdict } from '../start/unit-outcome.ts';
import { type Answer, type ConditionContext, unknown } from './answer.ts';
import {
  directoryNotEmpty,
  fileIsExecutable,
  fileNotEmpty,
  pathExists,
  pathExistsGlob,
  pathIsDirectory,
  pathIsEncrypted,
  pathIsMountPoint,
  pathIsReadWrite,
  pathIsSocket,
  pathIsSymbolicLink,
} from './path-conditions.ts';
import {
  acPower,
  architecture,
  capability,
  controlGroupController,
  credential,
  firmware,
  firstBoot,
  group,
  host,
  kernelCommandLine,
  machineOnly,
  needsUpdateCondition,
  osRelease,
  security,
  softwareVersion,
  user,
  virtualization,
} from './system-conditions.ts';

export type { ConditionContext } from './answer.ts';

interface ConditionKind {
  readonly test: (argument: string, context: ConditionContext) => Answer;
  /**
   * `path`: about files, and nothing to do with a reset only if they are the kernel's. `image`: what the image or the reset
   * decides. `machine`: hardware, kernel, surroundings.
   */
  readonly about: 'path' | 'image' | 'machine';
}

/** By the setting's name without `Condition` or `Assert`. */
const kinds: Readonly<Record<string, ConditionKind>> = {
  PathExists: { about: 'path', test: pathExists },
  PathExistsGlob: { about: 'path', test: pathExistsGlob },
  PathIsDirectory: { about: 'path', test: pathIsDirectory },
  PathIsSymbolicLink: { about: 'path', test: pathIsSymbolicLink },
  PathIsMountPoint: { about: 'path', test: pathIsMountPoint },
  PathIsReadWrite: { about: 'path', test: pathIsReadWrite },
  PathIsEncrypted: { about: 'machine', test: pathIsEncrypted },
  PathIsSocket: { about: 'path', test: pathIsSocket },
  DirectoryNotEmpty: { about: 'path', test: directoryNotEmpty },
  FileNotEmpty: { about: 'path', test: fileNotEmpty },
  FileIsExecutable: { about: 'path', test: fileIsExecutable },
  NeedsUpdate: { about: 'image', test: needsUpdateCondition },
  FirstBoot: { about: 'image', test: firstBoot },
  OSRelease: { about: 'image', test: osRelease },
  User: { about: 'image', test: user },
  Group: { about: 'image', test: group },
  Credential: { about: 'machine', test: credential },
  Virtualization: { about: 'machine', test: virtualization },
  KernelCommandLine: { about: 'machine', test: kernelCommandLine },
  KernelVersion: { about: 'machine', test: softwareVersion },
  Version: { about: 'machine', test: softwareVersion },
  Architecture: { about: 'machine', test: architecture },
  Host: { about: 'machine', test: host },
  ACPower: { about: 'machine', test: acPower },
  Capability: { about: 'machine', test: capability },
  Security: { about: 'machine', test: security },
  Firmware: { about: 'machine', test: firmware },
  ControlGroupController: { about: 'machine', test: controlGroupController },
  Memory: { about: 'machine', test: machineOnly('the size of the memory') },
  CPUs: { about: 'machine', test: machineOnly('the number of processors') },
  CPUFeature: { about: 'machine', test: machineOnly('the processor') },
  Environment: { about: 'machine', test: machineOnly("the manager's environment", false) },
  MemoryPressure: { about: 'machine', test: machineOnly('the pressure on the memory', true) },
  CPUPressure: { about: 'machine', test: machineOnly('the pressure on the processors', true) },
  IOPressure: { about: 'machine', test: machineOnly('the pressure on input and output', true) },
  KernelModuleLoaded: { about: 'machine', test: machineOnly('which kernel modules are loaded') },
  Fraction: { about: 'machine', test: machineOnly('the share of machines') },
  MachineTag: { about: 'machine', test: machineOnly('the tags of the machine', false) },
};

/** One condition as it stands in a unit. */
interface Tested {
  readonly value: SettingValue;
  readonly condition: ConditionValue;
  /** After the negation. */
  readonly result: 'true' | 'false' | 'unknown';
  readonly usual: 'true' | 'false' | undefined;
  readonly reason: string;
  readonly isEnvironmental: boolean;
}

/**
 * Whether a unit's conditions and then its assertions are met. The verdict names the assignment that decides: the first that
 * is not met, else the first that nobody can answer. With `|`, one of those must be met; then the first of them is named.
 */
export function evaluateConditions(unit: Unit, context: ConditionContext): ConditionVerdict {
  const conditions = evaluateList(unit, 'Condition', context);
  if (conditions.value === 'false') return conditions;
  const assertions = evaluateList(unit, 'Assert', context);
  if (assertions.value !== 'true') return { ...assertions, isAssert: true };
  return conditions;
}

function evaluateList(unit: Unit, family: 'Condition' | 'Assert', context: ConditionContext): ConditionVerdict {
  const tested = conditionsOf(unit, family, context).map((value) => test(unit, family, value, context));
  const triggers = tested.filter(({ condition }) => condition.isTrigger);
  const musts = tested.filter(({ condition }) => !condition.isTrigger);
  const failed = musts.find(({ result }) => result === 'false');
  if (failed !== undefined) return verdict(unit, 'false', failed);
  const isTriggerMet = triggers.length === 0 || triggers.some(({ result }) => result === 'true');
  const isTriggerOpen = !isTriggerMet && triggers.some(({ result }) => result === 'unknown');
  const first = triggers[0];
  if (!isTriggerMet && !isTriggerOpen && first !== undefined) {
    const isEnvironmental = triggers.every((trigger) => trigger.isEnvironmental);
    return {
      ...verdict(unit, 'false', first),
      ...(isEnvironmental ? { isEnvironmental } : { isEnvironmental: false }),
    };
  }
  const open = musts.find(({ result }) => result === 'unknown') ?? (isTriggerOpen ? triggers.find(isOpen) : undefined);
  if (open === undefined) return { value: 'true' };
  // What is usual must hold for every open condition that is needed, and for one of the open triggers.
  const usuals = musts.filter(isOpen).map(({ usual }) => usual);
  if (isTriggerOpen) {
    const some = triggers.filter(isOpen).map(({ usual }) => usual);
    usuals.push(some.includes('true') ? 'true' : some.every((usual) => usual === 'false') ? 'false' : undefined);
  }
  const blamed = musts.find(({ result, usual }) => result === 'unknown' && usual === 'false') ?? open;
  const usual = usuals.includes('false') ? 'false' : usuals.every((one) => one === 'true') ? 'true' : undefined;
  return { ...verdict(unit, 'unknown', blamed), ...(usual === undefined ? {} : { usual }) };
}

function isOpen(tested: Tested): boolean {
  return tested.result === 'unknown';
}

function verdict(unit: Unit, value: 'false' | 'unknown', tested: Tested): ConditionVerdict {
  const { entry } = tested.value;
  return {
    value,
    place: unit.place(tested.value),
    text: `${entry.key}=${entry.value}`,
    reason: tested.reason,
    ...(tested.isEnvironmental ? { isEnvironmental: true } : {}),
  };
}

/** The conditions that count. An empty assignment of any of them forgets all before it; lines that do not load are passed over. */
function conditionsOf(unit: Unit, family: 'Condition' | 'Assert', context: ConditionContext): readonly SettingValue[] {
  const { systemd } = context.inputs;
  let found: SettingValue[] = [];
  for (const file of unit.files) {
    for (const section of file.document.sections) {
      if (section.name !== 'Unit') continue;
      for (const entry of section.entries) {
        if (!entry.key.startsWith(family)) continue;
        const directive = findDirective('Unit', entry.key);
        if (directive === undefined || !isKnownDirective(directive, systemd)) continue;
        if (entry.value === '') found = [];
        else if (conditionGrammar(entry.value, { systemd, key: entry.key }).length === 0) {
          found.push({ path: file.path, entry });
        }
      }
    }
  }
  return found;
}

function test(unit: Unit, family: 'Condition' | 'Assert', value: SettingValue, context: ConditionContext): Tested {
  const { key } = value.entry;
  const name = key.slice(family.length);
  const condition = parseCondition(key, value.entry.value);
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const expanded = unit.expand(condition.argument);
  const argument = expanded.kind === 'value' ? expanded.value : condition.argument;
  const found =
    kind === undefined
      ? unknown(`${quoted(key)} is a condition that is not known here`)
      : expanded.kind === 'value'
        ? kind.test(argument, context)
        : unknown(`nobody can tell what ${quoted(condition.argument)} stands for`);
  const about = kind?.about ?? 'machine';
  return {
    value,
    condition,
    result: condition.isNegated ? negated(found.value) : found.value,
    usual:
      found.value !== 'unknown' || found.usual === undefined ? undefined : negateIf(condition.isNegated, found.usual),
    reason: found.reason,
    isEnvironmental: about === 'machine' || (about === 'path' && isKernelPath(argument)),
  };
}

function negated(value: Answer['value']): Answer['value'] {
  return value === 'unknown' ? 'unknown' : value === 'true' ? 'false' : 'true';
}

function negateIf(isNegated: boolean, value: 'true' | 'false'): 'true' | 'false' {
  return isNegated ? (value === 'true' ? 'false' : 'true') : value;
}

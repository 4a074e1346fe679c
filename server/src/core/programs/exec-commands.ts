/** The command lines of a service as its programs get them: specifiers and variables expanded, with the place of each word. */

import { parseEnvironment } from '../formats/unit/settings/environment.ts';
import { type ExecCommand, parseExecLine } from '../formats/unit/settings/exec-line.ts';
import type { GrammarContext } from '../formats/unit/settings/grammar.ts';
import { parseEnvironmentFile } from '../image/os-release.ts';
import type { Place } from '../problems/problem.ts';
import { decodeText } from '../text/bytes.ts';
import { readWord } from '../text/words.ts';
import type { Tree } from '../tree/tree.ts';
import type { SettingValue, Unit } from '../units/unit.ts';
import type { ProgramView } from './program-view.ts';

export interface ArgumentWord {
  readonly text: string;
  readonly place: Place;
  /** The variable that the word, or a part of it, comes from, and where that is set. */
  readonly from?: { readonly variable: string; readonly place: Place };
}

export interface ProgramCommand {
  readonly key: string;
  readonly program: string;
  readonly place: Place;
  /** Without argv[0]. */
  readonly words: readonly ArgumentWord[];
  /** Variables of the command line that only a lost environment file sets. */
  readonly lost: readonly LostVariable[];
}

export interface LostVariable {
  readonly variable: string;
  readonly value: string;
  /** The environment file that is gone. */
  readonly file: string;
  /** The EnvironmentFile= setting. */
  readonly place: Place;
  /** True if it stands where an option's value is expected, so that the option gets nothing. */
  readonly isOptionValue: boolean;
}

export interface UnitEnvironment {
  readonly values: ReadonlyMap<string, EnvironmentValue>;
  /** What environment files that are gone would have set. */
  readonly lost: ReadonlyMap<string, EnvironmentValue>;
}

export interface EnvironmentValue {
  readonly value: string;
  readonly place: Place;
  /** The environment file it stands in. */
  readonly file?: string;
}

/**
 * Commands whose failure makes the start fail (systemd.service(5)): ExecCondition= at most skips the unit, and `-` forgives.
 */
const keys = ['ExecStartPre', 'ExecStart', 'ExecStartPost'];

export function readUnitEnvironment(unit: Unit, view: ProgramView): UnitEnvironment {
  const context: GrammarContext = { systemd: view.inputs.systemd, key: 'Environment' };
  const values = new Map<string, EnvironmentValue>();
  const lost = new Map<string, EnvironmentValue>();
  const section = unit.ownSection;
  for (const setting of unit.list(section, 'Environment')) {
    for (const { word, name, value } of parseEnvironment(setting.entry.value, context).assignments) {
      const expanded = expand(unit, value);
      if (expanded !== undefined) values.set(name, { value: expanded, place: unit.place(setting, word.span) });
    }
  }
  for (const setting of unit.list(section, 'EnvironmentFile')) {
    const file = expand(unit, setting.entry.value.replace(/^-/, ''));
    if (file === undefined || !file.startsWith('/')) continue;
    const place = unit.place(setting);
    const text = textAt(view.tree, file);
    const into = text === undefined ? lost : values;
    const content = text ?? textAt(view.shipped, file);
    if (content === undefined) continue;
    for (const [name, value] of parseEnvironmentFile(content)) into.set(name, { value, place, file });
  }
  return { values, lost };
}

/** The commands that a start runs and whose failure counts. */
export function commandsOf(unit: Unit, view: ProgramView, environment: UnitEnvironment): readonly ProgramCommand[] {
  const commands: ProgramCommand[] = [];
  if (unit.type !== 'service' && unit.type !== 'socket') return commands;
  // A service that has to say when it is ready, or to leave a PID file, fails if its program ends before, whatever the `-`
  // forgives.
  const type = unit.last(unit.ownSection, 'Type')?.entry.value ?? '';
  const mustReport =
    ['notify', 'notify-reload'].includes(type) ||
    (type === 'forking' && unit.last(unit.ownSection, 'PIDFile') !== undefined);
  for (const key of keys) {
    const context: GrammarContext = { systemd: view.inputs.systemd, key };
    for (const setting of unit.list(unit.ownSection, key)) {
      for (const command of parseExecLine(setting.entry.value, context).commands) {
        if (!command.prefixes.ignoreFailure || (key === 'ExecStart' && mustReport))
          commands.push(programCommand(unit, key, setting, command, environment));
      }
    }
  }
  return commands;
}

/** No command line that works is longer: the kernel takes at most 128 KiB in one argument (execve(2), E2BIG). */
const sizeMax = 128 * 1024;
const wordsMax = 5000;

function programCommand(
  unit: Unit,
  key: string,
  setting: SettingValue,
  command: ExecCommand,
  environment: UnitEnvironment,
): ProgramCommand {
  const words: ArgumentWord[] = [];
  const lost: LostVariable[] = [];
  const behind = command.prefixes.ownArgumentZero ? command.words.slice(1) : command.words;
  let size = 0;
  for (const word of behind) {
    if (words.length >= wordsMax || size > sizeMax) break;
    const from = words.length;
    const place = unit.place(setting, word.span);
    const text = expand(unit, word.value);
    if (text === undefined) continue;
    if (command.prefixes.noExpansion || !text.includes('$')) words.push({ text, place });
    else {
      for (const part of expandVariables(text, place, environment, lost, words.at(-1)?.text ?? '')) words.push(part);
    }
    for (const { text: added } of words.slice(from)) size += added.length;
  }
  return {
    key,
    program: expand(unit, command.path.value) ?? command.path.value,
    place: unit.place(setting, command.span),
    words,
    lost,
  };
}

/** `${NAME}` is replaced where it stands, a word that is `$NAME` alone by the words of the value (systemd.service(5)). */
function expandVariables(
  text: string,
  place: Place,
  environment: UnitEnvironment,
  lost: LostVariable[],
  before: string,
): readonly ArgumentWord[] {
  const lookUp = (name: string): EnvironmentValue | undefined => {
    const known = environment.values.get(name);
    if (known !== undefined) return known;
    const gone = environment.lost.get(name);
    if (gone?.file !== undefined && gone.value.trim() !== '') {
      const isOptionValue = text.endsWith(`=\${${name}}`) || (isWhole(text, name) && mayTakeValue(before, gone.value));
      lost.push({ variable: name, value: gone.value, file: gone.file, place: gone.place, isOptionValue });
    }
    return undefined;
  };
  const alone = /^\$([A-Za-z_]\w*)$/.exec(text)?.[1];
  if (alone !== undefined) {
    const value = lookUp(alone);
    if (value === undefined) return [];
    const from = { variable: alone, place: value.place };
    return splitValue(value.value).map((part) => ({ text: part, place, from }));
  }
  let from: ArgumentWord['from'];
  const expanded = text.replace(/\$\$|\$\{([A-Za-z_]\w*)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole === '$$' ? '$' : whole;
    const value = lookUp(name);
    if (value !== undefined) from = { variable: name, place: value.place };
    return value?.value ?? '';
  });
  return expanded === '' ? [] : [{ text: expanded, place, ...(from === undefined ? {} : { from }) }];
}

function isWhole(text: string, variable: string): boolean {
  return text === `$${variable}` || text === `\${${variable}}`;
}

/** True if the word before is an option that stands alone, and the value is one word that is no option itself. */
function mayTakeValue(before: string, value: string): boolean {
  return /^-[^=]*$/.test(before) && /^[^\s-]\S*$/.test(value.trim());
}

function splitValue(value: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < value.length; ) {
    const word = readWord(value, at, value.length, { backslash: 'c-relaxed' });
    if (word.kind !== 'word') break;
    words.push(word.value);
    at = word.next;
  }
  return words;
}

function expand(unit: Unit, text: string): string | undefined {
  const expansion = unit.expand(text);
  return expansion.kind === 'value' ? expansion.value : undefined;
}

/** The text of a file of a tree; undefined if there is none that can be read. */
export function textAt(tree: Tree, path: string): string | undefined {
  const inode = tree.lookup(path);
  if (inode?.type !== 'file' || (inode.size ?? 0) > textMax) return undefined;
  const { content } = inode;
  return content.kind === 'bytes' ? decodeText(content.bytes) : undefined;
}

/** Larger files are no configuration that anybody wrote. */
const textMax = 512 * 1024;

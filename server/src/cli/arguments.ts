/** The command line: what may be given to which command, and what is wrong with it. */

import { parseArgs } from 'node:util';
import { type VolatileMode, volatileModes } from '../core/boot/skeleton.ts';
import type { Severity } from '../core/problems/problem.ts';

/** Wrong usage or unusable input: one line on standard error and exit status 2. */
export class UsageError extends Error {}

type OptionType = { readonly type: 'string' | 'boolean'; readonly short?: string; readonly multiple?: boolean };

/** Options that every command knows. */
const shared = {
  'systemd-version': { type: 'string' },
  base: { type: 'string' },
  target: { type: 'string' },
  arch: { type: 'string' },
  container: { type: 'boolean' },
  'no-container': { type: 'boolean' },
  select: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  color: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  verbose: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies Record<string, OptionType>;

export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

/** Parses a command's words. Throws UsageError for unknown options and missing values. */
export function parseArguments(words: readonly string[], own: Readonly<Record<string, OptionType>>): Arguments {
  try {
    const parsed = parseArgs({
      args: [...words],
      options: { ...shared, ...own },
      allowPositionals: true,
      strict: true,
    });
    return { values: parsed.values as Arguments['values'], positionals: parsed.positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? firstSentence(error.message) : String(error));
  }
}

/** Node explains at length how to pass such a word as a positional; the first sentence is what matters. */
function firstSentence(text: string): string {
  const end = text.indexOf('. ');
  return lowerFirst(end === -1 ? text : text.slice(0, end));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export function textOption(args: Arguments, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === 'string' ? value : undefined;
}

export function listOption(args: Arguments, name: string): readonly string[] {
  const value = args.values[name];
  if (!Array.isArray(value)) return [];
  return value
    .flatMap((item: string) => item.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export function flag(args: Arguments, name: string): boolean {
  return args.values[name] === true;
}

/** The values of an option that may stand several times, as they are. */
export function repeatedOption(args: Arguments, name: string): readonly string[] {
  const value = args.values[name];
  return Array.isArray(value) ? value : [];
}

/** One of several words, or the default. */
export function choiceOption<Choice extends string>(
  args: Arguments,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const value = textOption(args, name);
  if (value === undefined) return fallback;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not "${value}"`);
  return choice;
}

export function volatileOption(args: Arguments): VolatileMode {
  return choiceOption(args, 'volatile', volatileModes, 'yes');
}

export function versionOption(args: Arguments): number | undefined {
  const value = textOption(args, 'systemd-version');
  if (value === undefined) return undefined;
  const version = Number(value);
  if (!Number.isInteger(version) || version < 200 || version > 999) {
    throw new UsageError(`--systemd-version takes a version such as 257, not "${value}"`);
  }
  return version;
}

export function failOnOption(args: Arguments): Severity | 'never' {
  return choiceOption(args, 'fail-on', ['error', 'warning', 'info', 'never'] as const, 'error');
}

export function wantsColour(args: Arguments): boolean {
  return !flag(args, 'no-color');
}

/** At most `count` positional words. */
export function positionals(args: Arguments, count: number, what: string): readonly string[] {
  if (args.positionals.length > count) {
    throw new UsageError(`unexpected "${args.positionals[count]}": ${what}`);
  }
  return args.positionals;
}

/** The settings of the language server, as editors send them (`statelessBoot.*`). Unknown or wrong ones are passed over. */

import type { VolatileMode } from '../core/boot/skeleton.ts';

export interface ServerSettings {
  /** What loose files are laid over: a path, `none`, or undefined for the bundled base. */
  readonly base: string | undefined;
  readonly systemdVersion: number | undefined;
  readonly volatile: VolatileMode;
  readonly target: string | undefined;
  readonly container: boolean | undefined;
  /** Severity by rule id. */
  readonly rules: ReadonlyMap<string, RuleLevel>;
  readonly inlayHints: boolean;
  readonly codeLens: boolean;
}

export type RuleLevel = 'off' | 'info' | 'warning' | 'error';

const levels: readonly RuleLevel[] = ['off', 'info', 'warning', 'error'];
const modes: readonly VolatileMode[] = ['yes', 'state', 'no', 'overlay'];

/** Reads settings from whatever the editor sent. */
export function readSettings(value: unknown): ServerSettings {
  const all = isRecord(value) ? value : {};
  const text = (key: string) => (typeof all[key] === 'string' && all[key] !== '' ? (all[key] as string) : undefined);
  const rules = new Map<string, RuleLevel>();
  for (const [id, level] of Object.entries(isRecord(all.rules) ? all.rules : {})) {
    const known = levels.find((candidate) => candidate === level);
    if (known !== undefined) rules.set(id, known);
  }
  const version = Number(all.systemdVersion);
  return {
    base: text('base'),
    systemdVersion: Number.isInteger(version) && version > 0 ? version : undefined,
    volatile: modes.find((mode) => mode === all.volatile) ?? 'yes',
    target: text('target'),
    container: typeof all.container === 'boolean' ? all.container : undefined,
    rules,
    inlayHints: all.inlayHints === true,
    codeLens: all.codeLens !== false,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The commands that the start of a unit runs, in their order. */

import { type ExecPrefixes, parseExecLine } from '../../formats/unit/settings/exec-line.ts';
import type { Place } from '../../problems/problem.ts';
import { serviceType } from '../../units/service-type.ts';
import type { Unit } from '../../units/unit.ts';
import type { Systemd } from '../../versions/systemd.ts';
import { booleanOf, type PlacedText, placed } from './unit-settings.ts';

export interface StartCommand {
  /** The setting: ExecStart, … */
  readonly key: string;
  readonly prefixes: ExecPrefixes;
  /** The program, expanded; undefined if a specifier cannot be resolved, or with `|` for the shell alone. */
  readonly program: PlacedText | undefined;
  readonly place: Place;
  /** The words behind the program as they stand, for what an earlier command may make. */
  readonly words: readonly string[];
}

/** What runs at the start of a unit, by type. */
const startKeys: Readonly<Record<string, readonly string[]>> = {
  service: ['ExecCondition', 'ExecStartPre', 'ExecStart', 'ExecStartPost'],
  socket: ['ExecStartPre', 'ExecStartPost'],
};

/** A service that ends by itself runs these at once (systemd.service(5), Type=oneshot without RemainAfterExit=). */
const endKeys: readonly string[] = ['ExecStop', 'ExecStopPost'];

export function startCommands(unit: Unit, systemd: Systemd): readonly StartCommand[] {
  const keys = [...(startKeys[unit.type] ?? []), ...(endsByItself(unit) ? endKeys : [])];
  const commands: StartCommand[] = [];
  for (const key of keys) {
    for (const value of unit.list(unit.ownSection, key)) {
      for (const command of parseExecLine(value.entry.value, { systemd, key }).commands) {
        const { path, prefixes, span, words } = command;
        const program = path.value === '' ? undefined : placed(unit, value, path.value, path.span);
        commands.push({
          key,
          prefixes,
          program,
          place: unit.place(value, path.value === '' ? span : path.span),
          words: words.map((word) => word.value),
        });
      }
    }
  }
  return commands;
}

/** True for a service that is inactive again as soon as its commands have run. */
export function endsByItself(unit: Unit): boolean {
  return unit.type === 'service' && serviceType(unit) === 'oneshot' && booleanOf(unit, 'RemainAfterExit') !== true;
}

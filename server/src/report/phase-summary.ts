/** One line a phase: what it made, from how many files, and what it refused. */

import type { SimulationResult } from '../core/boot/simulate.ts';
import type { TmpfilesResult } from '../core/boot/tmpfiles/run-tmpfiles.ts';
import type { Message, Phase } from '../core/problems/problem.ts';
import type { Style } from './style.ts';

export function phaseSummary(simulation: SimulationResult, style: Style): string[] {
  const rows = phaseRows(simulation);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => {
    const cells = widths.map((width, column) => (row[column] ?? '').padEnd(width));
    return ` ${cells.join('  ')}  ${style.dim(row[3] ?? '')}`.trimEnd();
  });
}

/** The same as values: the phase, and what to say about it. */
export function summarizePhases(
  simulation: SimulationResult,
): readonly { readonly phase: Phase; readonly parts: readonly string[] }[] {
  const phases = ['preset', 'sysusers', 'tmpfiles'] as const;
  return phaseRows(simulation).map((row, i) => ({ phase: phases[i] ?? 'tmpfiles', parts: row.slice(2) }));
}

function phaseRows(simulation: SimulationResult): string[][] {
  const { sysusers, tmpfiles } = simulation;
  return [
    ['1', 'presets', ...presetRow(simulation)],
    sysusers.kind === 'ran'
      ? [
          '2',
          'sysusers',
          `${count(sysusers.result.users.filter(({ cause }) => cause !== undefined).length, 'user')}, ${count(sysusers.result.groups.filter(({ cause }) => cause !== undefined).length, 'group')}`,
          refused(simulation.messages, 'sysusers', sysusers.result.exitStatus),
        ]
      : ['2', 'sysusers', 'skipped', sysusers.reason],
    tmpfiles.kind === 'ran'
      ? [
          '3',
          'tmpfiles',
          count(pathsMade(tmpfiles.result).size, 'entry', 'entries'),
          refused(simulation.messages, 'tmpfiles', tmpfiles.result.exitStatus),
        ]
      : ['3', 'tmpfiles', 'skipped', tmpfiles.reason],
  ];
}

function presetRow(simulation: SimulationResult): string[] {
  const { presets } = simulation;
  if (presets.kind === 'skipped') return ['skipped', presets.reason];
  return [
    count(presets.result.links.length, 'link'),
    refused(simulation.messages, 'preset', presets.result.exitStatus),
  ];
}

/** Paths that the lines made, missing parents and copied content included. */
export function pathsMade({ outcomes }: TmpfilesResult): ReadonlySet<string> {
  const made = new Set<string>();
  for (const { result } of outcomes) {
    if (result.kind !== 'applied') continue;
    for (const { kind, path } of result.effects) {
      if (kind === 'created' || kind === 'parent' || kind === 'copied') made.add(path);
    }
  }
  return made;
}

function refused(messages: readonly Message[], phase: Phase, exitStatus: number | undefined): string {
  const lines = new Set(
    messages
      .filter((message) => message.phase === phase && message.severity === 'error' && message.place?.line !== undefined)
      .map((message) => `${message.place?.file}:${message.place?.line}`),
  );
  const parts = lines.size === 0 ? [] : [`${count(lines.size, 'line')} refused`];
  if (exitStatus === undefined) parts.push('exit status not known');
  else if (exitStatus !== 0) parts.push(`exit status ${exitStatus}`);
  return parts.join(', ');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

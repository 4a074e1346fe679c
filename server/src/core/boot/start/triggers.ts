/** Units that start others: sockets, timers and paths refuse to start without the unit that they would start. */

import { quoted } from '../../formats/unit/settings/grammar.ts';
import { instanceOf, parseUnitName } from '../../formats/unit/settings/unit-name.ts';
import type { Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import { makePath } from './make-path.ts';

import type { Obstacle } from './obstacle.ts';
import type { StartContext } from './start-context.ts';
import { booleanOf, modeOf, type PlacedText, placed, simplified, single } from './unit-settings.ts';

/** The setting that names the unit, by type. */
const unitSettings: Readonly<Record<string, string>> = { socket: 'Service', timer: 'Unit', path: 'Unit' };

/** The unit that a socket, timer or path starts. A socket that accepts connections starts instances of a template. */
export function triggeredUnit(unit: Unit): PlacedText | undefined {
  const key = unitSettings[unit.type];
  if (key === undefined) return undefined;
  const written = single(unit, key);
  if (written !== undefined) return written;
  const stem = unit.name.slice(0, unit.name.lastIndexOf('.'));
  if (unit.type === 'socket' && booleanOf(unit, 'Accept') === true) {
    const template = parseUnitName(`${stem.split('@')[0] ?? stem}@.service`);
    return template === undefined ? undefined : { text: instanceOf(template, ''), place: unit.filePlace };
  }
  return { text: `${stem}.service`, place: unit.filePlace };
}

export function triggeredUnitMissing(unit: Unit, context: StartContext): readonly Obstacle[] {
  // The template of an accepting socket is only looked for when a connection comes.
  if (unit.type === 'socket' && booleanOf(unit, 'Accept') === true) return [];
  const name = triggeredUnit(unit);
  if (name === undefined) return [];
  const found = context.findUnit(name.text);
  if (found === undefined || found.loadState === 'loaded' || found.loadState === 'stub') return [];
  const state = {
    'not-found': 'does not exist',
    masked: 'is masked',
    'bad-setting': 'does not load',
    error: 'does not load',
  };
  return [
    {
      code: 'triggered-unit-missing',
      cause: 'activated-service-failed',
      result: 'refused',
      confidence: context.isPartial ? 'likely' : 'certain',
      place: name.place,
      message: `${quoted(name.text)}, which it would start, ${state[found.loadState]}`,
      subject: name.text,
      chain: [],
    },
  ];
}

/** MakeDirectory=: the watched path itself becomes a directory, except for the two that wait for it to come. */
export function startPath(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const refused = triggeredUnitMissing(unit, context);
  if (refused.length === 0 && booleanOf(unit, 'MakeDirectory') === true) {
    const mode = modeOf(unit, 'DirectoryMode', 0o755);
    for (const key of ['PathChanged', 'PathModified', 'DirectoryNotEmpty']) {
      for (const value of unit.list('Path', key)) {
        const path = placed(unit, value, value.entry.value);
        if (path !== undefined) makePath(tree, simplified(path.text), { type: 'directory', mode }, path.place, mode);
      }
    }
  }
  return refused;
}

/** A persistent timer leaves a stamp when it starts for the first time. */
export function startTimer(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const refused = triggeredUnitMissing(unit, context);
  const persistent = unit.last('Timer', 'Persistent');
  if (refused.length === 0 && persistent !== undefined && booleanOf(unit, 'Persistent') === true) {
    const path = `/var/lib/systemd/timers/stamp-${unit.name}`;
    makePath(tree, path, { type: 'file', mode: 0o644 }, unit.place(persistent));
  }
  return refused;
}

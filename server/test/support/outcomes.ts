/** Outcomes of units for tests of reports: units are read from the image, what becomes of them is said by the test. */

import type { Obstacle } from '../../src/core/boot/start/obstacle.ts';
import type { UnitOutcome } from '../../src/core/boot/start/unit-outcome.ts';
import type { UnitType } from '../../src/core/formats/unit/directives.ts';
import { parseUnit } from '../../src/core/formats/unit/parse.ts';
import type { Image } from '../../src/core/image/image.ts';
import { decodeText } from '../../src/core/text/bytes.ts';
import { LineIndex } from '../../src/core/text/source-text.ts';
import { Tree } from '../../src/core/tree/tree.ts';
import { Unit } from '../../src/core/units/unit.ts';

type Said = Partial<Omit<UnitOutcome, 'unit' | 'obstacles'>> & { readonly obstacles?: readonly SaidObstacle[] };

/** An obstacle; `at` is `SETTING text`, found in the unit's first file. */
export type SaidObstacle = Partial<Omit<Obstacle, 'place'>> &
  Pick<Obstacle, 'code' | 'subject'> & { readonly at?: string };

export function outcomeOf(image: Image, name: string, said: Said = {}): UnitOutcome {
  const path = `/usr/lib/systemd/system/${name}`;
  const inode = new Tree(image.root).lookup(path);
  const content = inode?.type === 'file' ? inode.content : undefined;
  const text = content?.kind === 'bytes' ? decodeText(content.bytes) : undefined;
  const unit = new Unit(
    {
      name,
      names: [name],
      type: typeOf(name),
      loadState: text === undefined ? 'stub' : 'loaded',
      ...(text === undefined
        ? {}
        : { files: [{ path, document: parseUnit(text), lines: new LineIndex(text) }], fragmentPath: path }),
    },
    (_, value) => ({ kind: 'value', value }),
  );
  const outcome = said.outcome ?? 'active';
  return {
    outcome,
    whenStarted: outcome === 'active' ? 'active' : 'failed',
    confidence: 'certain',
    pulledInBy: ['multi-user.target'],
    activatedBy: [],
    ...said,
    unit,
    obstacles: (said.obstacles ?? []).map((obstacle) => obstacleOf(unit, obstacle)),
  };
}

function typeOf(name: string): UnitType {
  return name.endsWith('.socket') ? 'socket' : name.endsWith('.target') ? 'target' : 'service';
}

function obstacleOf(unit: Unit, { at, ...said }: SaidObstacle): Obstacle {
  const [key = '', word = ''] = at?.split(' ') ?? [];
  const value = unit.all(unit.ownSection, key).find(({ entry }) => entry.value.includes(word));
  const start = value?.entry.value.indexOf(word) ?? 0;
  return {
    cause: 'other',
    confidence: 'certain',
    message: `${said.subject} is missing`,
    chain: [],
    place: value === undefined ? unit.filePlace : unit.place(value, { start, end: start + word.length }),
    ...said,
  };
}

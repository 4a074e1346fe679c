/** A unit and what its program can see, from a made-up image after its simulated boot. */

import { simulate } from '../../src/core/boot/simulate.ts';
import type { VolatileMode } from '../../src/core/boot/skeleton.ts';
import { parseUnit } from '../../src/core/formats/unit/parse.ts';
import { findDropIns, findFragment, readUnitNames } from '../../src/core/layering/unit-files.ts';
import { openProgramView, type ProgramView } from '../../src/core/programs/program-view.ts';
import { decodeText } from '../../src/core/text/bytes.ts';
import { LineIndex } from '../../src/core/text/source-text.ts';
import { type LoadedFile, Unit } from '../../src/core/units/unit.ts';
import { imageOf } from './file-set.ts';
import { testInputs } from './inputs.ts';

export interface ProgramCase {
  /** Several files in one text (file-set.ts). */
  readonly files: string;
  /** Paths embedded in executables. */
  readonly embedded?: Readonly<Record<string, readonly string[]>>;
  readonly mode?: VolatileMode;
}

export interface OpenedCase {
  readonly view: ProgramView;
  load(name: string): Unit | undefined;
}

export function openCase(start: ProgramCase): OpenedCase {
  const { embedded = {}, mode = 'yes' } = start;
  const image = imageOf(start.files, { embeddedPaths: (program) => embedded[program] });
  const inputs = testInputs();
  const { tree } = simulate(image, mode, inputs);
  const names = readUnitNames(tree, inputs);
  const fileAt = (path: string): LoadedFile[] => {
    const content = tree.lookup(path)?.content;
    if (content?.kind !== 'bytes') return [];
    const text = decodeText(content.bytes);
    return [{ path, document: parseUnit(text, inputs.systemd), lines: new LineIndex(text) }];
  };
  const load = (name: string): Unit | undefined => {
    const fragment = findFragment(names, name);
    if (fragment.kind !== 'found') return undefined;
    const dropIns = findDropIns(tree, fragment.names, inputs);
    const files = [...fileAt(fragment.path), ...dropIns.flatMap((dropIn) => fileAt(dropIn.path))];
    const unit = { name, names: fragment.names, type: 'service', loadState: 'loaded', files } as const;
    const instance = /@(.*)\.service$/.exec(name)?.[1] ?? '';
    return new Unit({ ...unit, fragmentPath: fragment.path }, (_unit, text) => ({
      kind: 'value',
      value: text.replaceAll('%i', instance).replaceAll('%%', '%'),
    }));
  };
  return { view: openProgramView(image, inputs, tree), load };
}

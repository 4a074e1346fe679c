/** Loading single units of a tree for tests: fragment and drop-ins, without dependencies. */

import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { parseUnit } from '../../src/core/formats/unit/parse.ts';
import { parseUnitName, unescapeUnitName, unescapeUnitPath } from '../../src/core/formats/unit/settings/unit-name.ts';
import { findDropIns, findFragment, readUnitNames } from '../../src/core/layering/unit-files.ts';
import type { Expansion } from '../../src/core/specifier/specifier.ts';
import { decodeText } from '../../src/core/text/bytes.ts';
import { LineIndex } from '../../src/core/text/source-text.ts';
import type { Tree } from '../../src/core/tree/tree.ts';
import { type LoadedFile, Unit } from '../../src/core/units/unit.ts';

/** Loads units by any of their names; each only once. */
export function unitLoader(tree: Tree, inputs: BootInputs): (name: string) => Unit {
  const names = readUnitNames(tree, inputs);
  const loaded = new Map<string, Unit>();
  const read = (path: string): LoadedFile | undefined => {
    const inode = tree.lookup(path);
    if (inode?.type !== 'file' || inode.content.kind !== 'bytes') return undefined;
    const text = decodeText(inode.content.bytes);
    return { path, document: parseUnit(text, inputs.systemd), lines: new LineIndex(text) };
  };
  return (name) => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const type = parseUnitName(name)?.type ?? 'service';
    const fragment = findFragment(names, name);
    const unit =
      fragment.kind === 'found'
        ? new Unit(
            {
              name,
              names: fragment.names,
              type,
              loadState: 'loaded',
              fragmentPath: fragment.path,
              files: [fragment.path, ...findDropIns(tree, fragment.names, inputs).map(({ path }) => path)].flatMap(
                (path) => read(path) ?? [],
              ),
            },
            expand,
          )
        : new Unit(
            { name, names: [name], type, loadState: fragment.kind === 'masked' ? 'masked' : 'not-found' },
            expand,
          );
    loaded.set(name, unit);
    return unit;
  };
}

const directories: Readonly<Record<string, string>> = {
  t: '/run',
  S: '/var/lib',
  C: '/var/cache',
  L: '/var/log',
  E: '/etc',
  T: '/tmp',
  V: '/var/tmp',
  h: '/root',
};

function expand(unit: Unit, text: string): Expansion {
  const parsed = parseUnitName(unit.name);
  const prefix = parsed?.prefix ?? '';
  const instance = parsed?.instance ?? '';
  const values: Readonly<Record<string, string | undefined>> = {
    ...directories,
    '%': '%',
    n: unit.name,
    N: unit.name.replace(/\.[a-z]+$/, ''),
    p: prefix,
    i: instance,
    I: unescapeUnitName(instance),
    j: prefix.slice(prefix.lastIndexOf('-') + 1),
    f: unescapeUnitPath(instance === '' ? prefix : instance),
  };
  let failed: Expansion | undefined;
  const value = text.replace(/%(.)/g, (all, letter: string, at: number) => {
    const found = values[letter];
    if (found === undefined) failed ??= { kind: 'unknowable', at, letter };
    return found ?? all;
  });
  return failed ?? { kind: 'value', value };
}

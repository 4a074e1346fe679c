/** PROVISIONAL */
import { decodeText } from '../text/bytes.ts';
import { joinPath } from '../tree/tree.ts';
import type { UnitStore } from './load-units.ts';
export function findActivators(store: UnitStore): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (name: string, by: string) => found.set(name, [...(found.get(name) ?? []), by]);
  for (const unit of [...store.loaded])
    for (const { kind, target } of unit.dependencies) if (kind === 'Triggers') add(store.load(target).name, unit.name);
  const directory = store.tree.lookup('/usr/share/dbus-1/system-services');
  for (const name of directory?.type === 'directory' ? directory.names() : []) {
    const content = store.tree.lookup(joinPath('/usr/share/dbus-1/system-services', name))?.content;
    const service =
      content?.kind === 'bytes' ? /^SystemdService=(\S+)/m.exec(decodeText(content.bytes))?.[1] : undefined;
    if (service !== undefined) add(service, name);
  }
  return found;
}

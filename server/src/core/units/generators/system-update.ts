/** systemd-system-update-generator(8): a boot that only installs updates. */

import { type GeneratorRun, type GeneratorVerdict, nothing, replayed } from './generator-output.ts';

export function runSystemUpdate({ tree, output, vendorDirectory }: GeneratorRun): GeneratorVerdict {
  const file = ['/system-update', '/etc/system-update'].find(
    (path) => tree.lookup(path, { follow: false }) !== undefined,
  );
  if (file === undefined) return nothing('there is no /system-update');
  output.link('early', 'default.target', `${vendorDirectory}/system-update.target`, { file });
  return replayed;
}

/** systemd-rc-local-generator(8): /etc/rc.local. */

import { type GeneratorRun, type GeneratorVerdict, nothing, replayed } from './generator-output.ts';

export function runLocal({ tree, output, vendorDirectory }: GeneratorRun): GeneratorVerdict {
  const file = '/etc/rc.local';
  const inode = tree.lookup(file);
  if (inode?.type !== 'file') return nothing('there is no /etc/rc.local');
  if (inode.mode !== undefined && (inode.mode & 0o111) === 0) return nothing('/etc/rc.local is not executable');
  const unit = 'rc-local.service';
  output.link('normal', `multi-user.target.wants/${unit}`, `${vendorDirectory}/${unit}`, { file });
  return replayed;
}

/** What the settings of mount, automount and swap units say about them (systemd.mount(5)). */

import { unescapeUnitPath } from '../formats/unit/settings/unit-name.ts';
import type { Unit } from './unit.ts';

/** Where a mount or automount unit mounts: Where= or, without it, what its name stands for. */
export function mountPoint(unit: Unit): string | undefined {
  const written = unit.text(unit.ownSection, 'Where');
  const expanded = written === undefined ? undefined : unit.expand(written);
  if (expanded?.kind === 'value') return expanded.value;
  return unescapeUnitPath(unit.name.slice(0, unit.name.lastIndexOf('.')));
}

/** What a mount or swap unit mounts; a swap unit without What= means the path it is named after. */
export function mountSource(unit: Unit): string | undefined {
  const written = unit.text(unit.ownSection, 'What');
  if (written === undefined && unit.type === 'swap') {
    return unescapeUnitPath(unit.name.slice(0, unit.name.lastIndexOf('.')));
  }
  const expanded = written === undefined ? undefined : unit.expand(written);
  return expanded?.kind === 'value' ? expanded.value : undefined;
}

export function mountOptions(unit: Unit): readonly string[] {
  const written = unit.text(unit.ownSection, 'Options');
  const expanded = written === undefined ? undefined : unit.expand(written);
  return expanded?.kind === 'value' ? expanded.value.split(',').map((option) => option.trim()) : [];
}

/** File systems that come over the network, as systemd knows them. */
export const networkTypes: ReadonlySet<string> = new Set([
  'afs',
  'ceph',
  'cifs',
  'davfs',
  'gfs',
  'gfs2',
  'glusterfs',
  'lustre',
  'ncp',
  'ncpfs',
  'nfs',
  'nfs4',
  'ocfs2',
  'orangefs',
  'pvfs2',
  'sshfs',
  'fuse.sshfs',
  'smb3',
  'smbfs',
  'fuse.glusterfs',
  'fuse.ceph',
  'fuse.davfs',
  '9p',
  'fuse.curlftpfs',
]);

export function isNetworkMount(unit: Unit): boolean {
  if (mountOptions(unit).includes('_netdev')) return true;
  return networkTypes.has(unit.text(unit.ownSection, 'Type') ?? '');
}

export function isBindMount(unit: Unit): boolean {
  if (['bind', 'rbind'].includes(unit.text(unit.ownSection, 'Type') ?? '')) return true;
  return mountOptions(unit).some((option) => option === 'bind' || option === 'rbind');
}

export function isLoopMount(unit: Unit): boolean {
  return mountOptions(unit).some((option) => option === 'loop' || option.startsWith('loop='));
}

/** True for mounts that stay as long as the system runs; they get no default dependencies and no slice of their own. */
export function isExtrinsicMount(unit: Unit): boolean {
  const where = mountPoint(unit);
  if (where === undefined || where === '/' || where === '/usr') return true;
  return ['/proc', '/sys', '/dev', '/run/initramfs', '/run/nextroot'].some(
    (path) => where === path || where.startsWith(`${path}/`),
  );
}

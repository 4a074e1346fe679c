/** Units that are active before PID 1 starts anything: it makes them from what it finds mounted and from itself. */

import type { BootInputs } from './boot-inputs.ts';
import type { VolatileMode } from './skeleton.ts';

/** On every system: the root file system and PID 1's own scope (systemd.special(7)). */
const always: readonly string[] = ['-.mount', 'init.scope'];

/** What systemd-nspawn mounts over parts of /proc and /sys (seen in boots of 257 and 262 under nspawn 252). */
const inContainer: readonly string[] = [
  'proc-acpi.mount',
  'proc-bus.mount',
  'proc-fs.mount',
  'proc-irq.mount',
  'proc-sys-net.mount',
  'sys-block.mount',
  'sys-bus.mount',
  'sys-class.mount',
  'sys-dev.mount',
  'sys-devices.mount',
  'sys-kernel.mount',
];

/** What a volatile mode mounts besides the root (systemd-nspawn(1), --volatile=). */
const byMode: Readonly<Record<VolatileMode, readonly string[]>> = {
  yes: ['usr.mount'],
  state: ['var.mount'],
  no: [],
  overlay: [],
};

/** Names of the units that are active from the beginning. */
export function mountedUnits(inputs: BootInputs, volatile: VolatileMode): readonly string[] {
  return [...always, ...byMode[volatile], ...(inputs.environment.container ? inContainer : [])];
}

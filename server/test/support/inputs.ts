/** Boot inputs for tests: everything fixed. */

import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { buildOf, Systemd } from '../../src/core/versions/systemd.ts';

export function testInputs(version = 257, changes: Partial<BootInputs> = {}): BootInputs {
  return {
    systemd: new Systemd(version, buildOf(['debian'], version)),
    semantics: 'boot',
    rootPrefix: '',
    machine: { architecture: 'x86-64', home: '/root', temporary: '/tmp', persistentTemporary: '/var/tmp' },
    credentials: new Map(),
    day: 20_000,
    environment: {},
    mayMakeDevices: true,
    ...changes,
  };
}

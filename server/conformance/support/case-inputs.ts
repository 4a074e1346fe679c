/** Boot inputs for a generated case: what the real tool sees of this machine when it runs with --root. */

import { readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { encodeText } from '../../src/core/text/bytes.ts';
import { buildOf, Systemd } from '../../src/core/versions/systemd.ts';
import type { Case } from './differential.ts';
import type { RealSystemd } from './real-systemd.ts';

/** `more` overrides; the day is 1970-01-01 unless it says otherwise. */
export function caseInputs(
  real: RealSystemd,
  oneCase: Case,
  rootPrefix: string,
  more: Partial<BootInputs> = {},
): BootInputs {
  return {
    systemd: new Systemd(real.version, buildOf(['debian'], real.version)),
    semantics: 'offline',
    rootPrefix,
    machine: {
      architecture: 'x86-64',
      hostName: hostname(),
      kernelRelease: release(),
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', ''),
      home: '/root',
      temporary: '/tmp',
      persistentTemporary: '/var/tmp',
    },
    credentials: new Map(Object.entries(oneCase.credentials ?? {}).map(([name, text]) => [name, encodeText(text)])),
    day: 0,
    environment: {},
    mayMakeDevices: true,
    ...more,
  };
}

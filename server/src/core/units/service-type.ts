/** What the type of a service is when it is not written (systemd.service(5), Type=). */

import type { Unit } from './unit.ts';

export function serviceType(unit: Unit): string {
  const written = unit.text('Service', 'Type');
  if (written !== undefined) return written;
  if (unit.last('Service', 'BusName') !== undefined) return 'dbus';
  return unit.list('Service', 'ExecStart').length > 0 ? 'simple' : 'oneshot';
}

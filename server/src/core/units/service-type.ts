/** What the type of a service is when it is not written (systemd.service(5), Type=). */

import type { SettingValue, Unit } from './unit.ts';

/** The bus name that counts: names that D-Bus does not allow are ignored. */
export function busName(unit: Unit): SettingValue | undefined {
  const value = unit.last('Service', 'BusName');
  const expanded = value === undefined ? undefined : unit.expand(value.entry.value);
  if (expanded?.kind !== 'value') return undefined;
  return /^[A-Za-z_-][A-Za-z0-9_-]*(\.[A-Za-z_-][A-Za-z0-9_-]*)+$/.test(expanded.value) ? value : undefined;
}

export function serviceType(unit: Unit): string {
  const written = unit.text('Service', 'Type');
  if (written !== undefined) return written;
  if (busName(unit) !== undefined) return 'dbus';
  return unit.usable('Service', 'ExecStart').length > 0 ? 'simple' : 'oneshot';
}

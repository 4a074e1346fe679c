/** What a failing service's restarts lead to (systemd.service(5), Restart=; systemd.unit(5), StartLimitIntervalSec=). */

import { parseTimeSpan } from '../../text/time-span.ts';
import type { Unit } from '../../units/unit.ts';
import type { Obstacle } from './obstacle.ts';

/** Values of Restart= that take an exit status other than success for a reason. */
const restartingValues: ReadonlySet<string> = new Set(['always', 'on-failure']);

/** Microseconds. DefaultRestartSec=, DefaultStartLimitIntervalSec= of systemd-system.conf(5). */
const DEFAULT_RESTART_DELAY = 100_000n;
const DEFAULT_INTERVAL = 10_000_000n;
const DEFAULT_BURST = 5;

/**
 * True if a service that fails for an obstacle is restarted until it meets its start limit. Its sockets and paths then fail
 * too (`service-start-limit-hit`); without restarts they stay and would start it again.
 */
export function givesUpAfterRestarts(service: Unit, obstacle: Obstacle | undefined): boolean {
  const restart = service.last('Service', 'Restart')?.entry.value ?? 'no';
  if (!restartingValues.has(restart)) return false;
  const status = /^\d+/.exec(obstacle?.result ?? '')?.[0];
  const prevented = service
    .list('Service', 'RestartPreventExitStatus')
    .flatMap((value) => value.entry.value.split(/\s+/));
  if (status !== undefined && prevented.includes(status)) return false;
  const interval =
    time(service, 'Unit', 'StartLimitIntervalSec') ?? time(service, 'Unit', 'StartLimitInterval') ?? DEFAULT_INTERVAL;
  const burst = Number(
    (service.last('Unit', 'StartLimitBurst') ?? service.last('Service', 'StartLimitBurst'))?.entry.value ??
      DEFAULT_BURST,
  );
  if (interval === 0n || !Number.isInteger(burst) || burst <= 0) return false;
  const delay = time(service, 'Service', 'RestartSec') ?? DEFAULT_RESTART_DELAY;
  return delay * BigInt(burst) < interval;
}

function time(unit: Unit, section: string, key: string): bigint | undefined {
  const value = unit.last(section, key)?.entry.value;
  return value === undefined ? undefined : parseTimeSpan(value);
}

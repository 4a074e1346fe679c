import type { ObstacleCode } from '../boot/start/obstacle.ts';

/** Obstacles that are a path which a setting of systemd.exec(5) needs. */
export const startPathCodes: readonly ObstacleCode[] = [
  'working-directory-missing',
  'namespace-path-missing',
  'network-namespace-missing',
  'standard-input-missing',
  'standard-output-parent-missing',
  'standard-error-parent-missing',
  'open-file-missing',
  'directory-occupied',
  'directory-read-only',
  'mount-destination-read-only',
];

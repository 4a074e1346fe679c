/** `systemd --test`: the manager of a tree loads its units, computes the first transaction, prints both and exits. */

import { spawnSync } from 'node:child_process';

export interface DumpedUnit {
  readonly name: string;
  readonly loadState: string;
  /** Names by kind. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
}

export interface TestModeDump {
  readonly units: ReadonlyMap<string, DumpedUnit>;
  /** Units with start jobs. */
  readonly jobs: readonly string[];
  /** Whether the manager takes the machine for a container. */
  readonly isContainer: boolean;
}

/** It does not run as root; the mounts vanish with the namespace. */
const script = `
set -e
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
mkdir "$work/upper" "$work/work" "$work/root"
mount -t overlay overlay -o "lowerdir=$2:$1,upperdir=$work/upper,workdir=$work/work" "$work/root"
cd "$work/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs -o mode=777 tmpfs run
mount -t tmpfs tmpfs dev
mknod -m 666 dev/null c 1 3
mount -t cgroup2 none sys/fs/cgroup
SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console chroot . setpriv --reuid=65534 --clear-groups \\
  /usr/lib/systemd/systemd --test --system --no-pager
`;

export function runTestMode(base: string, files: string): TestModeDump {
  const run = spawnSync('unshare', ['--mount', '--propagation', 'private', 'bash', '-c', script, 'bash', base, files], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  if (run.status !== 0) throw new Error(`systemd --test failed: ${run.stderr.slice(-500)}`);
  const container = /Found container virtualization (\S+)\./.exec(run.stderr)?.[1] ?? 'none';
  const cut = run.stdout.indexOf('-> By jobs:');
  const jobs = [...run.stdout.slice(cut).matchAll(/Action: (\S+) -> start$/gm)].map((match) => match[1] ?? '');
  const units = new Map<string, DumpedUnit>();
  for (const block of run.stdout
    .slice(0, cut)
    .split(/^\t(?:→|->) Unit /m)
    .slice(1)) {
    const unit = readBlock(block);
    if (unit !== undefined) units.set(unit.name, unit);
  }
  return { units, jobs, isContainer: container !== 'none' };
}

function readBlock(block: string): DumpedUnit | undefined {
  const [head = '', ...lines] = block.split('\n');
  const dependencies = new Map<string, string[]>();
  let loadState = '';
  for (const line of lines) {
    const match = /^\t\t([A-Za-z ]+): (\S+)/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    if (match[1] === 'Unit Load State') loadState = match[2];
    else if (/\((origin|destination)-/.test(line)) {
      const known = dependencies.get(match[1]);
      if (known === undefined) dependencies.set(match[1], [match[2]]);
      else known.push(match[2]);
    }
  }
  // Aliases that were merged into another unit.
  if (loadState === '' || loadState === 'merged') return undefined;
  return { name: head.replace(/:$/, ''), loadState, dependencies };
}

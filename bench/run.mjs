// Benchmarks: ratios within one run, never absolute promises. `--bases DIRECTORY` holds debootstrapped trees (see
// scripts/bases.sh); without it, or without root, the comparison with the real tools is left out and said to be.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: { bases: { type: 'string', default: '.cache/bases' }, rounds: { type: 'string', default: '11' } },
});
const work = mkdtempSync(join(tmpdir(), 'stateless-boot-bench-'));
const rounds = Number(values.rounds);

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const spread = (numbers) =>
  `${median(numbers).toFixed(2)} (${Math.min(...numbers).toFixed(2)}–${Math.max(...numbers).toFixed(2)})`;

/** Wall and CPU time (ms) and peak memory (KiB) of a Node process. */
function runNode(words) {
  const usage = join(work, 'usage');
  const began = performance.now();
  const done = spawnSync(process.execPath, ['--require', './bench/report-usage.cjs', ...words], {
    env: { ...process.env, BENCH_USAGE: usage },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const wall = performance.now() - began;
  if (done.status !== 0) throw new Error(`${words.join(' ')} ended with ${done.status}`);
  const [cpu, memory] = readFileSync(usage, 'utf8').split(' ').map(Number);
  return { wall, cpu, memory };
}

/** The three real tools one after the other on a fresh root with only /usr, inside the tree that they come from. */
function runReal(base) {
  const script = `
    set -e
    mount -t proc proc "$1/proc"; mount -t tmpfs -o mode=0755 tmpfs "$1/mnt"
    mkdir "$1/mnt/usr"; mount --bind "$1/usr" "$1/mnt/usr"
    for l in bin sbin lib lib64; do ln -s usr/$l "$1/mnt/$l"; done
    mkdir -p "$1"/mnt/etc "$1"/mnt/var "$1"/mnt/run "$1"/mnt/tmp
    TIMEFORMAT='%3R %3U %3S'
    time chroot "$1" sh -c 'systemctl --root=/mnt preset-all; systemd-sysusers --root=/mnt; systemd-tmpfiles --root=/mnt --create --remove --boot -E; true' >/dev/null 2>&1
  `;
  const done = spawnSync('unshare', ['--mount', '--propagation', 'private', 'bash', '-c', script, '-', base], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`the real tools could not be run: ${done.stderr}`);
  const [wall, user, system] = done.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

try {
  const base = join(values.bases, 'trixie');
  const image = existsSync(join(base, 'usr')) ? base : 'test-fixtures/example-image';
  // What the three tools do; starting units has no counterpart.
  const simulate = ['dist/cli.js', 'simulate', image, '--until', 'tmpfiles'];
  const canRunReal = image === base && process.getuid?.() === 0;
  const figures = { empty: [], ours: [], real: [] };
  for (let i = 0; i < rounds; i++) {
    figures.empty.push(runNode(['-e', '0']));
    figures.ours.push(runNode(simulate));
    if (canRunReal) figures.real.push(runReal(base));
  }
  const ratios = (a, b, what) => a.map((figure, i) => figure[what] / b[i][what]);
  console.log(
    `whole process, simulate of ${image === base ? 'a debootstrapped trixie' : 'the example image'}, ${rounds} rounds, median (min–max)`,
  );
  console.log(`  CPU against node -e 0       ${spread(ratios(figures.ours, figures.empty, 'cpu'))}`);
  if (canRunReal) {
    console.log(`  wall against the real tools ${spread(ratios(figures.ours, figures.real, 'wall'))}`);
    console.log(`  CPU against the real tools  ${spread(ratios(figures.ours, figures.real, 'cpu'))}`);
  } else console.log('  against the real tools: left out (needs root and --bases)');
  console.log(
    `  peak memory                 ${(median(figures.ours.map((figure) => figure.memory)) / 1024).toFixed(0)} MiB (node -e 0: ${(median(figures.empty.map((figure) => figure.memory)) / 1024).toFixed(0)} MiB)`,
  );
  await build({
    entryPoints: ['bench/parsers.ts'],
    outfile: 'dist/test/bench.cjs',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
  // Collecting garbage in further threads would count as CPU time of the parser, more or less by chance. Growth is measured
  // with room for what the larger text leaves behind, and collects itself between the turns.
  const nursery = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'];
  const runs = [
    ['--single-threaded-gc', 'dist/test/bench.cjs', 'throughput'],
    ['--single-threaded-gc', ...nursery, 'dist/test/bench.cjs', 'growth'],
  ].map((words) => spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1);
  process.exitCode = Math.max(...runs);
} finally {
  rmSync(work, { recursive: true, force: true });
}

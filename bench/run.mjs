// Benchmarks: ratios within one run, never absolute promises. `--bases DIRECTORY` holds debootstrapped trees (see
// scripts/bases.sh); without it, or without root, the comparison with the real tools is left out and said to be.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** A root with n further services beside those of the example image. */
function rootWithServices(count) {
  const root = join(work, `services-${count}`);
  cpSync('test-fixtures/example-image', root, { recursive: true, verbatimSymlinks: true });
  const units = join(root, 'usr/lib/systemd/system');
  writeFileSync(join(root, 'usr/lib/systemd/system-preset/10-all.preset'), 'enable service-*\n');
  for (let i = 0; i < count; i++) {
    const lines = [
      '[Unit]',
      `After=service-${(i * 7) % count}.service`,
      `Wants=service-${(i + 1) % count}.service`,
      `ConditionPathExists=!/etc/stop-${i}`,
      '[Service]',
      `ExecStart=/usr/bin/tidewatch --config /etc/service/${i}.conf`,
      `StateDirectory=service/${i}`,
      `ReadWritePaths=/var/lib/service/${i}`,
      '[Install]',
      'WantedBy=multi-user.target',
    ];
    writeFileSync(join(units, `service-${i}.service`), `${lines.join('\n')}\n`);
  }
  return root;
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
  const predict = (root) => runNode(['dist/cli.js', 'simulate', root, '--section', 'units', '--format', 'json']);
  const [few, many] = [rootWithServices(100), rootWithServices(1000)];
  const units = { image: [], few: [], many: [] };
  for (let i = 0; i < Math.min(rounds, 5); i++) {
    units.image.push(predict(image));
    units.few.push(predict(few));
    units.many.push(predict(many));
  }
  console.log(`  with units, against node    ${spread(ratios(units.image, figures.empty, 'cpu'))}`);
  console.log(`  1000 services against 100   ${spread(ratios(units.many, units.few, 'cpu'))}`);
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

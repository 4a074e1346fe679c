// Benchmarks: ratios within one run, never absolute promises. `--bases DIRECTORY` holds debootstrapped trees (see
// scripts/bases.sh); without it, or without root, the comparison with the real tools is left out and said to be. `--image
// PATH` is one more image, a directory or an archive, to simulate with its units.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    bases: { type: 'string', default: '.cache/bases' },
    image: { type: 'string' },
    rounds: { type: 'string', default: '11' },
  },
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

const withUnits = ['--section', 'tree,users,units', '--format', 'json'];

/** Writes files, given by path, below a new directory. */
function writeRoot(name, files) {
  const root = join(work, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o755 });
  }
  return root;
}

const bareRoot = {
  'usr/lib/os-release': 'ID=bench\n',
  'usr/lib/systemd/libsystemd-shared-257.so': '',
  ...Object.fromEntries(
    ['default', 'sysinit', 'basic', 'shutdown', 'sockets', 'timers', 'time-set', 'time-sync', 'paths'].map((name) => [
      `usr/lib/systemd/system/${name}.target`,
      `[Unit]\nDefaultDependencies=no\n${name === 'default' ? 'Requires=sysinit.target\nAfter=sysinit.target\n' : ''}`,
    ]),
  ),
};

/** Units of several types that depend on each other, have drop-ins and make directories: `count` sets of four. */
function unitFiles(count) {
  const files = {};
  const names = [];
  for (let i = 0; i < count; i++) {
    const unit = (type, text) => {
      files[`usr/lib/systemd/system/set${i}.${type}`] = text;
      names.push(`set${i}.${type}`);
    };
    unit(
      'service',
      `[Unit]\nAfter=set${Math.max(0, i - 1)}.service network.target\nWants=set${i >> 1}.target\nConditionPathExists=/usr/lib\n` +
        `[Service]\nType=notify\nUser=set${i}\nEnvironmentFile=-/etc/default/set${i}\nStateDirectory=set${i}\nPrivateTmp=yes\nExecStart=/usr/bin/set${i} --config /etc/set${i}/main.conf\n` +
        '[Install]\nWantedBy=default.target\n',
    );
    unit('socket', `[Socket]\nListenStream=/run/set${i}/socket\n[Install]\nWantedBy=sockets.target\n`);
    unit('timer', '[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n');
    unit('target', `[Unit]\nBefore=set${i}.timer\n`);
    files[`usr/lib/systemd/system/set${i}.service.d/local.conf`] = '[Service]\nEnvironment=A=1\n';
    files[`usr/bin/set${i}`] = `#!/bin/sh -e\n[ -f /etc/set${i}/main.conf ] || exit 1\nexec /usr/bin/env\n`;
  }
  files['usr/lib/systemd/system/default.target.d/all.conf'] = `[Unit]\nWants=${names.join(' ')}\n`;
  return files;
}

/** What a program of the given size costs: its paths are looked for in all of its bytes. */
function programFiles(megabytes) {
  const bytes = Buffer.alloc(Math.max(4096, megabytes * 1024 * 1024));
  let random = 1;
  for (let at = 0; at < bytes.length; at += 4) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(random, at);
  }
  for (let at = 4096; at < bytes.length; at += 65536) bytes.write('\0/etc/demo/main.conf\0', at - 64, 'latin1');
  bytes.write('\x7fELF', 0, 'latin1');
  return {
    'usr/bin/demo': bytes,
    'usr/lib/systemd/system/demo.service': '[Service]\nExecStart=/usr/bin/demo\n',
    'usr/lib/systemd/system/default.target.d/demo.conf': '[Unit]\nWants=demo.service\n',
  };
}

/** CPU time of simulations with units, in alternation: one list of figures a root. */
function simulateEach(roots, turns) {
  const figures = roots.map(() => []);
  for (let i = 0; i < turns; i++) {
    roots.forEach((root, at) => {
      figures[at].push(runNode(['dist/cli.js', 'simulate', root, ...withUnits]).cpu);
    });
  }
  return figures;
}

try {
  const base = join(values.bases, 'trixie');
  const image = existsSync(join(base, 'usr')) ? base : 'test-fixtures/example-image';
  // What the three tools do; starting units has no counterpart.
  const simulate = ['dist/cli.js', 'simulate', image, '--until', 'tmpfiles'];
  const canRunReal = image === base && process.getuid?.() === 0;
  const figures = { empty: [], ours: [], units: [], image: [], real: [] };
  for (let i = 0; i < rounds; i++) {
    figures.empty.push(runNode(['-e', '0']));
    figures.ours.push(runNode(simulate));
    figures.units.push(runNode(['dist/cli.js', 'simulate', image, ...withUnits]));
    if (values.image !== undefined)
      figures.image.push(runNode(['dist/cli.js', 'simulate', values.image, ...withUnits]));
    if (canRunReal) figures.real.push(runReal(base));
  }
  const ratios = (a, b, what) => a.map((figure, i) => figure[what] / b[i][what]);
  console.log(
    `whole process, simulate of ${image === base ? 'a debootstrapped trixie' : 'the example image'}, ${rounds} rounds, median (min–max)`,
  );
  console.log(`  CPU against node -e 0       ${spread(ratios(figures.ours, figures.empty, 'cpu'))}`);
  console.log(`  the same with its units     ${spread(ratios(figures.units, figures.empty, 'cpu'))}`);
  if (values.image !== undefined) {
    const { length } = figures.image;
    const memory = (median(figures.image.map((figure) => figure.memory)) / 1024).toFixed(0);
    console.log(
      `  ${basename(values.image).padEnd(27)} ${spread(ratios(figures.image, figures.empty, 'cpu'))}, ${memory} MiB, ${length} rounds`,
    );
  }
  if (canRunReal) {
    console.log(`  wall against the real tools ${spread(ratios(figures.ours, figures.real, 'wall'))}`);
    console.log(`  CPU against the real tools  ${spread(ratios(figures.ours, figures.real, 'cpu'))}`);
  } else console.log('  against the real tools: left out (needs root and --bases)');
  console.log(
    `  peak memory                 ${(median(figures.ours.map((figure) => figure.memory)) / 1024).toFixed(0)} MiB (node -e 0: ${(median(figures.empty.map((figure) => figure.memory)) / 1024).toFixed(0)} MiB)`,
  );
  const turns = Math.min(rounds, 5);
  const roots = [0, 100, 1000].map((count) => writeRoot(`units-${count}`, { ...bareRoot, ...unitFiles(count) }));
  const [none, few, many] = simulateEach(roots, turns);
  const growth = many.map((cpu, i) => (cpu - none[i]) / (few[i] - none[i]));
  console.log(`  10 times the units (4,000)  ${spread(growth)} times the CPU; at most 11 is right`);
  const scanned = 128;
  const programs = [0, scanned].map((size) => writeRoot(`scan-${size}`, { ...bareRoot, ...programFiles(size) }));
  const [small, large] = simulateEach(programs, turns);
  console.log(
    `  looking into programs       ${spread(large.map((cpu, i) => (cpu - small[i]) / scanned))} ms CPU a MiB`,
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

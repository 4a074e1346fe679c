// Compares `simulate --volatile yes` with recorded runs of the real tools: `recorded.mjs DIRECTORY`, which holds one
// directory an image with snapshot.tar.zst and offline/{host,trixie,sid} (systemd 252, 257, 262). Compared: every entry under
// /etc and /var and wherever else something was made, passwd and group byte for byte (shadow and gshadow by their hashes),
// which lines were complained about, and the exit statuses. Prints `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory, ...only] = process.argv.slice(2);
const versions = { host: 252, trixie: 257, sid: 262 };
const types = { f: 'file', d: 'directory', l: 'symlink', c: 'char', b: 'block', p: 'fifo', s: 'socket' };
/** The day that the recorded shadow databases carry. */
const recordedDay = 20_780;
const skeleton = new Set([
  '/',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/lib32',
  '/dev',
  '/proc',
  '/sys',
  '/run',
  '/tmp',
  '/usr',
  '/etc',
  '/var',
  '/root',
]);
let passed = 0;
let failed = 0;
function report(what, differences) {
  if (differences.length === 0) passed += 1;
  else {
    failed += 1;
    console.log(`${what}: ${differences.length} differ`);
    for (const line of differences.slice(0, 20)) console.log(`  ${line}`);
  }
}

const describe = (entry) =>
  entry === undefined
    ? 'missing'
    : [
        entry.type,
        entry.type === 'symlink' ? '' : entry.mode,
        `${entry.uid}:${entry.gid}`,
        entry.target ?? '',
        entry.sha256 ?? '',
      ].join(' ');

/** `booted`: paths of the real boot, which has a /proc to copy from and an id; what is there is not made up. */
function compareTrees(recorded, entries, booted) {
  const real = new Map(
    recorded
      .filter((entry) => !skeleton.has(entry.path))
      .map(({ type, link, ...rest }) => [rest.path, { ...rest, type: types[type], target: link }]),
  );
  const ours = new Map(entries.filter((entry) => !skeleton.has(entry.path)).map((entry) => [entry.path, entry]));
  const differences = [];
  for (const path of [...new Set([...real.keys(), ...ours.keys()])].sort()) {
    if (!real.has(path) && booted.has(path)) continue;
    const [a, b] = [describe(real.get(path)), describe(ours.get(path))];
    if (a !== b) differences.push(`${path}: recorded ${a}, ours ${b}`);
  }
  return differences;
}

const readLines = (path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

for (const name of readdirSync(directory).sort()) {
  const snapshot = join(directory, name, 'snapshot.tar.zst');
  if (!existsSync(snapshot) || (only.length > 0 && !only.includes(name))) continue;
  const booted = new Set(readLines(join(directory, name, 'yes', 'fs.jsonl')).map((line) => JSON.parse(line).path));
  for (const [build, version] of Object.entries(versions)) {
    const recorded = join(directory, name, 'offline', build);
    const words = [
      'dist/cli.js',
      'simulate',
      snapshot,
      '--volatile',
      'yes',
      '--systemd-version',
      String(version),
      '--format',
      'json',
    ];
    const run = spawnSync(process.execPath, words, {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
      env: { ...process.env, SOURCE_DATE_EPOCH: String(recordedDay * 86_400) },
    });
    const label = `${name} ${version}`;
    if (run.status !== 0) {
      report(label, [`exit ${run.status}: ${run.stderr}`]);
      continue;
    }
    const simulation = JSON.parse(run.stdout);
    report(
      `${label} tree`,
      compareTrees(
        readLines(join(recorded, 'fs.jsonl')).map((line) => JSON.parse(line)),
        simulation.tree.filter((entry) => entry.phase !== 'start'),
        booted,
      ),
    );
    const { exit } = JSON.parse(readFileSync(join(recorded, 'result.json'), 'utf8'));
    const statuses = ['preset', 'sysusers', 'tmpfiles'].flatMap((tool) => {
      const ours = simulation.phases[tool].exitStatus;
      return ours === exit[tool] ? [] : [`${tool}: recorded ${exit[tool]}, ours ${ours}`];
    });
    report(`${label} exit statuses`, statuses);
    for (const tool of ['sysusers', 'tmpfiles']) {
      const real = new Set(
        readLines(join(recorded, `${tool}.stderr`)).flatMap((line) => /^ROOT(\/[^:]+:\d+): /.exec(line)?.[1] ?? []),
      );
      const ours = new Set(
        simulation.messages
          .filter((message) => message.phase === tool && message.line !== undefined && message.severity !== 'info')
          .map((message) => `${message.file}:${message.line}`),
      );
      const differences = [...new Set([...real, ...ours])].filter((line) => real.has(line) !== ours.has(line));
      report(
        `${label} ${tool} lines`,
        differences.map((line) => `${line}: ${real.has(line) ? 'only recorded' : 'only ours'}`),
      );
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

// The proof by boot: `boot-proof.mjs [--only PATTERN] [--verbose] [--journal FILE] TREE...` boots each tree (scripts/bases.sh
// makes some) once with systemd-nspawn and compares what becomes of the units in server/conformance/boot/probes.ts with our
// prediction. Needs root. Prints `N passed, M failed`.
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

await build({
  stdin: {
    contents:
      "import { main } from './server/conformance/boot/main.ts';\nawait main('server/conformance/boot/collect.sh');",
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  outfile: 'dist/test/boot-proof.mjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: 'inline',
  logLevel: 'warning',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
const run = spawnSync(
  process.execPath,
  ['--enable-source-maps', 'dist/test/boot-proof.mjs', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
process.exit(run.status ?? 1);

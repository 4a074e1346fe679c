// The proof by `systemd --test`: `units-proof.mjs [--seed N] [--rounds N] [--units N] TREE...` lays random units over each
// tree (scripts/bases.sh makes some), has the tree's own systemd load them and plan its transaction, and compares load states,
// all dependencies and start jobs with ours. Needs root; boots nothing. Prints `N passed, M failed`.
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

await build({
  stdin: {
    contents: "import { main } from './server/conformance/units/main.ts';\nawait main();",
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  outfile: 'dist/test/units-proof.mjs',
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
  ['--enable-source-maps', 'dist/test/units-proof.mjs', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
process.exit(run.status ?? 1);

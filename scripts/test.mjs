// Bundles every unit test into one file and runs it as one process: on Node 20 `node --test` pays a process a file.
// Arguments are substrings of test file names; without any, all tests run.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { build } from 'esbuild';
import { findTestFiles } from './test-files.mjs';
import { textAssets } from './text-assets.mjs';

// The command line is tested as it is shipped.
await import('./build.mjs');

const wanted = process.argv.slice(2);
const files = findTestFiles('server/test').filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(' ')}`);
  process.exit(2);
}
mkdirSync('dist/test', { recursive: true });
await build({
  stdin: {
    contents: files.map((file) => `import ${JSON.stringify(`./${file}`)};`).join('\n'),
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  outfile: 'dist/test/unit.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  external: ['esbuild'],
  plugins: [textAssets],
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, ['--enable-source-maps', '--test-reporter=spec', 'dist/test/unit.cjs'], {
  stdio: 'inherit',
});
process.exit(run.status ?? 1);

// Bundles and runs the differential tests: every server/conformance/*.tool.ts exports one `tool`. Arguments go to
// server/conformance/main.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { build } from 'esbuild';

const tools = readdirSync('server/conformance')
  .filter((name) => name.endsWith('.tool.ts'))
  .sort();
const imports = tools.map((name, i) => `import { tool as tool${i} } from './server/conformance/${name}';`);
const list = tools.map((_, i) => `tool${i}`).join(', ');

await build({
  stdin: {
    contents: `import { main } from './server/conformance/main.ts';\n${imports.join('\n')}\nawait main([${list}]);`,
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  outfile: 'dist/test/conformance.mjs',
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
  ['--enable-source-maps', 'dist/test/conformance.mjs', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(run.status ?? 1);

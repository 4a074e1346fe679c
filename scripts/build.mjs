// Bundles what is shipped: the command line tool, its HTML reports and the extension. A build takes well under a second.
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';
import { textAssets } from './text-assets.mjs';

// The HTML report has its own bundle, which the command line tool loads when it is asked for one.
const reportApart = {
  name: 'report-apart',
  setup(build) {
    build.onResolve({ filter: /\/html-report\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './html-report.js', external: true } : undefined,
    );
  },
};

const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

mkdirSync('dist', { recursive: true });
await build({
  ...common,
  entryPoints: { cli: 'server/src/cli/main.ts' },
  plugins: [reportApart],
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync('dist/cli.js', 0o755);
await build({
  ...common,
  entryPoints: { 'html-report': 'server/src/cli/report/html/html-report.ts' },
  plugins: [textAssets],
});
copyFileSync('node_modules/vscode-oniguruma/release/onig.wasm', 'dist/onig.wasm');
await build({ ...common, entryPoints: { client: 'client/src/extension.ts' }, external: ['vscode'] });

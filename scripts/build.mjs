// Bundles what is shipped: the command line tool, the parts that it loads on demand and the extension. A build takes well
// under a second.
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { textAssets } from './text-assets.mjs';

// What most runs do not need has a bundle of its own, so that they need not read it. A part carries its own copy of the
// modules that it shares with the tool: objects of the tool may be handed to it, but it cannot know them by `instanceof`.
const parts = [
  'server/src/report/html/html-report.ts',
  'server/src/cli/rules.ts',
  'server/src/host/archive-image.ts',
  'server/src/host/source-repository.ts',
  'server/src/host/generic-base.ts',
];

// The language server holds all that it needs: it runs long, and the extension starts it by itself.
const server = 'server/src/lsp/node-server.ts';

const partsApart = {
  name: 'parts-apart',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path, kind }) => {
      const name = basename(path, '.ts');
      if (kind === 'dynamic-import' && path.endsWith('/lsp/node-server.ts'))
        return { path: './server.js', external: true };
      const isPart = kind === 'dynamic-import' && parts.some((part) => basename(part, '.ts') === name);
      return isPart ? { path: `./${name}.js`, external: true } : undefined;
    });
  },
};

const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // import() of what is loaded on demand becomes require(): Node's loader of modules takes longer to start than most of it.
  supported: { 'dynamic-import': false },
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

mkdirSync('dist', { recursive: true });
await build({
  ...common,
  entryPoints: { cli: 'server/src/cli/main.ts' },
  plugins: [partsApart],
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync('dist/cli.js', 0o755);
await build({
  ...common,
  entryPoints: Object.fromEntries(parts.map((part) => [basename(part, '.ts'), part])),
  plugins: [partsApart, textAssets],
});
await build({ ...common, entryPoints: { server }, plugins: [partsApart] });
copyFileSync('node_modules/vscode-oniguruma/release/onig.wasm', 'dist/onig.wasm');
await build({ ...common, entryPoints: { client: 'client/src/extension.ts' }, external: ['vscode'] });

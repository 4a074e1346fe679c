// Bundles a piece of TypeScript and runs it with this process's arguments; its exit status becomes ours.
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

/** `contents` may import what lies below the repository's root; `name` is the bundle's, below dist/test. */
export async function runBundled(name, contents) {
  const outfile = `dist/test/${name}.mjs`;
  await build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    logLevel: 'warning',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const words = ['--enable-source-maps', outfile, ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1);
}

// The proof by editing: `editor-proof.mjs [--edits N] [--seed N] [TREE]` edits copies of a tree's configuration through the
// language server and compares the diagnostics at the end with those of a fresh start. Prints `N passed, M failed`.
import { runBundled } from './run-bundled.mjs';

await import('./build.mjs');
await runBundled('editor-proof', "import { main } from './server/conformance/editor/main.ts';\nawait main();");

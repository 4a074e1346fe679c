// The proof by boot (docs/proof.md): `boot-proof.mjs [--only PATTERN] [--probes|--rules] [--alone] [--volatile yes|state]
// [--verbose] [--journal FILE] TREE...` boots each tree (scripts/bases.sh makes some) with systemd-nspawn and compares what
// becomes of probes and rule examples with our prediction. Needs root. Prints `N passed, M failed`.
import { runBundled } from './run-bundled.mjs';

await runBundled(
  'boot-proof',
  "import { main } from './server/conformance/boot/main.ts';\nawait main('server/conformance/boot/collect.sh');",
);

// The proof by `systemd --test` (docs/proof.md): `units-proof.mjs [--seed N] [--rounds N] [--units N] TREE...` lays random
// units over each tree (scripts/bases.sh makes some), has the tree's own systemd load them and plan its transaction, and
// compares load states, all dependencies and start jobs with ours. Needs root; boots nothing. Prints `N passed, M failed`.
import { runBundled } from './run-bundled.mjs';

await runBundled('units-proof', "import { main } from './server/conformance/units/main.ts';\nawait main();");

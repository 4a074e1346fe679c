// The main job on the bundled example image: what the boot makes of it, and what breaks.
import { spawnSync } from 'node:child_process';

const image = 'test-fixtures/example-image';
const run = (words) => {
  console.log(`\n$ stateless-boot ${words.join(' ')}\n`);
  return spawnSync(process.execPath, ['dist/cli.js', ...words], { stdio: 'inherit' }).status;
};

const simulated = run(['simulate', image, '--section', 'tree,users']);
const checked = run(['check', image]);
// The example is broken on purpose, so findings (exit status 1) are what is expected here.
process.exit(simulated === 0 && checked === 1 ? 0 : 1);

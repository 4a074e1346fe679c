// The main job on the bundled example image: what the boot makes of it, what starts, what breaks, and the same as a page.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

const image = 'test-fixtures/example-image';
const page = 'dist/example-report.html';
const run = (words, output) => {
  console.log(`\n$ stateless-boot ${words.join(' ')}${output === undefined ? '' : ` > ${output}`}\n`);
  const file = output === undefined ? 'inherit' : openSync(output, 'w');
  const done = spawnSync(process.execPath, ['dist/cli.js', ...words], { stdio: ['ignore', file, 'inherit'] });
  if (output !== undefined) closeSync(file);
  return done.status;
};

const simulated = run(['simulate', image, '--section', 'tree,users,units']);
const checked = run(['check', image]);
const drawn = run(['simulate', image, '--format', 'html'], page);
console.log(`Open ${page} in a browser to look at the same boot as a picture.`);
// The example is broken on purpose, so findings (exit status 1) are what is expected here.
process.exit(simulated === 0 && checked === 1 && drawn === 0 ? 0 : 1);

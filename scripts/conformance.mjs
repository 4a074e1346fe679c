// The differential tests: every server/conformance/*.tool.ts exports one `tool`. Arguments go to server/conformance/main.ts.
import { readdirSync } from 'node:fs';
import { runBundled } from './run-bundled.mjs';

const tools = readdirSync('server/conformance')
  .filter((name) => name.endsWith('.tool.ts'))
  .sort();
const imports = tools.map((name, i) => `import { tool as tool${i} } from './server/conformance/${name}';`);
const list = tools.map((_, i) => `tool${i}`).join(', ');
await runBundled(
  'conformance',
  `import { main } from './server/conformance/main.ts';\n${imports.join('\n')}\nawait main([${list}]);`,
);

// Writes docs/rules from the rules' own pages; a test compares them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  stdin: {
    contents: `export { rules } from './server/src/core/rules/registry.ts'; export { ruleMarkdown } from './server/src/report/rule-page.ts';`,
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const { rules, ruleMarkdown } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
);
rmSync('docs/rules', { recursive: true, force: true });
mkdirSync('docs/rules', { recursive: true });
for (const rule of rules) writeFileSync(`docs/rules/${rule.id}.md`, ruleMarkdown(rule));
console.log(`${rules.length} rules`);

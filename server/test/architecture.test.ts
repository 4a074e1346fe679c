import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';

const source = 'server/src';

/** What each folder may import, besides itself; docs/architecture.md says the same in words. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'core/text': [],
  'core/problems': ['core/text'],
  'core/pattern': ['core/text'],
  'core/versions': ['core/text'],
  'core/accounts': ['core/text'],
  'core/image': ['core/text'],
  'core/tree': ['core/text', 'core/image', 'core/problems'],
  'core/specifier': ['core/text', 'core/image', 'core/tree', 'core/versions'],
  'core/formats': ['core/text', 'core/image', 'core/problems', 'core/specifier', 'core/versions'],
  'core/layering': ['core/text', 'core/problems', 'core/tree', 'core/versions', 'core/formats'],
  'core/units': [
    'core/text',
    'core/problems',
    'core/pattern',
    'core/image',
    'core/tree',
    'core/accounts',
    'core/specifier',
    'core/versions',
    'core/formats',
    'core/layering',
  ],
  'core/programs': [
    'core/text',
    'core/problems',
    'core/pattern',
    'core/image',
    'core/tree',
    'core/accounts',
    'core/units',
    'core/formats',
    'core/layering',
    'core/versions',
  ],
  'core/boot': ['core/'],
  'core/rules': ['core/'],
  host: ['core/image', 'core/text'],
  workspace: ['core/', 'host'],
  features: ['core/', 'workspace'],
  report: ['core/', 'host'],
  lsp: ['core/', 'host', 'workspace', 'features', 'report', 'cli'],
  cli: ['core/', 'host', 'lsp', 'report'],
};

/** Nothing but the command line stands above the rules, nothing but the rules above the boot. */
const forbidden: Readonly<Record<string, readonly string[]>> = { 'core/boot': ['core/rules'] };

/** core/boot/boot-inputs.ts is types only: what specifier and layering may know of the boot. */
const typesOnly = 'core/boot/boot-inputs.ts';

function folderOf(file: string): string {
  const parts = file.split('/');
  return parts[0] === 'core' ? `${parts[0]}/${parts[1]}` : (parts[0] ?? '');
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}

test('every import follows the arrows of docs/architecture.md', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  assert.ok(files.length > 20, 'the source tree was found');
  const violations: string[] = [];
  for (const file of files) {
    const folder = folderOf(file);
    const mayImport = allowed[folder];
    assert.ok(mayImport !== undefined, `${file} lies in a folder that docs/architecture.md does not know`);
    for (const target of importsOf(readFileSync(join(source, file), 'utf8'))) {
      if (!target.startsWith('.')) {
        if (folder.startsWith('core/')) violations.push(`${file} imports ${target}`);
        continue;
      }
      const path = posix.normalize(posix.join(dirname(file), target));
      if (path.startsWith('..') || path === typesOnly) continue;
      const other = folderOf(path);
      if (forbidden[folder]?.includes(other)) violations.push(`${file} imports ${path}`);
      if (
        other !== folder &&
        !mayImport.some((prefix) => other === prefix || (prefix.endsWith('/') && other.startsWith(prefix)))
      ) {
        violations.push(`${file} imports ${path}`);
      }
    }
  }
  assert.deepEqual(violations, []);
});

test('the core reads no clock, no environment and no process', () => {
  const violations: string[] = [];
  for (const file of readdirSync(`${source}/core`, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(source, 'core', file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    if (/\b(process\.|Date\.now|new Date\(|Math\.random|Buffer\b|require\()/.test(text)) violations.push(file);
  }
  assert.deepEqual(violations, []);
});

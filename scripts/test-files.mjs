// Finds test files: every *.test.ts below a directory, sorted.
import { readdirSync } from 'node:fs';

export function findTestFiles(directory) {
  return readdirSync(directory, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${directory}/${name}`)
    .sort();
}

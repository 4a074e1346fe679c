/**
 * Edits like a person's, thousands of them, on the configuration of a real system: inserting, removing, undoing, redoing, saving
 * under the server's feet, opening and closing. At the end the diagnostics have to be those of a fresh start, nothing may have
 * been logged, and the server's memory must not have grown.
 */

import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LanguageClient } from '../../test/support/language-client.ts';
import { mutants, Random } from '../../test/support/mutate.ts';

/** Directories of a tree whose files are edited, and the most that is taken from each. */
const sources = [
  ['usr/lib/tmpfiles.d', 80],
  ['usr/lib/sysusers.d', 80],
  ['usr/lib/systemd/system', 160],
  ['usr/lib/systemd/system-preset', 10],
] as const;

interface Edit {
  readonly start: number;
  readonly removed: string;
  readonly inserted: string;
}

/** `--edits N` (default 10,000), `--seed N`, then a tree; without one the bundled example image. */
export async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { edits: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
  });
  const tree = positionals[0] ?? 'test-fixtures/example-image';
  const edits = Number(values.edits);
  const random = new Random(Number(values.seed));
  const folder = mkdtempSync(join(tmpdir(), 'stateless-boot-edits-'));
  try {
    const files = copyFiles(tree, folder);
    console.log(`editor: ${files.length} files of ${tree}, ${edits} edits, seed ${values.seed}`);
    const began = Date.now();
    const client = await LanguageClient.startOn(folder);
    // Memory is compared with all files open, so that only what piles up shows.
    const open = new Set(files);
    for (const file of files) await client.open(file, readFileSync(join(folder, file), 'utf8'));
    await edit(client, files, open, Math.min(200, edits), random);
    await client.settled();
    const before = await client.memory();
    await edit(client, files, open, edits, random);
    await client.settled();
    const after = await client.memory();
    const found = allDiagnostics(client, files);
    const texts = new Map(files.map((file) => [file, client.text(file)]));
    await client.stop();

    // What is open counts, so the fresh start gets it as files.
    for (const [file, text] of texts) if (text !== undefined) writeFileSync(join(folder, file), text);
    const fresh = await LanguageClient.startOn(folder);
    await fresh.settled();
    for (const [file, text] of texts) if (text !== undefined) await fresh.open(file, text);
    await fresh.settled();
    const expected = allDiagnostics(fresh, files);
    await fresh.stop();

    let failed = 0;
    for (const file of files) {
      if (JSON.stringify(found.get(file)) === JSON.stringify(expected.get(file))) continue;
      failed += 1;
      console.log(
        `differs: ${file}\n  edited: ${JSON.stringify(found.get(file))}\n  fresh:  ${JSON.stringify(expected.get(file))}`,
      );
    }
    const growth = after / before;
    console.log(`memory after the edits: ${growth.toFixed(2)} of before (${(after / 1e6).toFixed(0)} MB)`);
    console.log(`${((Date.now() - began) / 1000).toFixed(0)} s`);
    console.log(`${files.length - failed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyFiles(tree: string, folder: string): string[] {
  const files: string[] = [];
  for (const [directory, most] of sources) {
    const from = join(tree, directory);
    if (!existsSync(from)) continue;
    mkdirSync(join(folder, directory), { recursive: true });
    const names = readdirSync(from)
      .filter((name) => statSync(join(from, name), { throwIfNoEntry: false })?.isFile() === true)
      .sort();
    const step = Math.max(1, names.length / most);
    for (let at = 0; at < names.length; at += step) {
      const name = names[Math.floor(at)];
      if (name === undefined) continue;
      cpSync(join(from, name), join(folder, directory, name), { dereference: true });
      files.push(`/${directory}/${name}`);
    }
  }
  mkdirSync(join(folder, 'usr/lib'), { recursive: true });
  writeFileSync(join(folder, 'usr/lib/os-release'), 'ID=edits\n');
  assert.ok(files.length > 0, `${tree} has configuration`);
  return files;
}

async function edit(
  client: LanguageClient,
  files: readonly string[],
  open: Set<string>,
  count: number,
  random: Random,
): Promise<void> {
  const done = new Map<string, Edit[]>();
  const undone = new Map<string, Edit[]>();
  const pick = () => files[random.below(files.length)] ?? '';
  let current = pick();
  for (let i = 0; i < count; i++) {
    // Work stays in a file for a while.
    if (random.below(12) === 0) current = pick();
    if (!open.has(current)) {
      open.add(current);
      await client.open(current, readFileSync(join(client.folder, current), 'utf8'));
    }
    const text = client.text(current) ?? '';
    const history = listOf(done, current);
    const future = listOf(undone, current);
    const choice = random.below(20);
    const last = history.at(-1);
    const next = future.at(-1);
    if (choice < 5 && last !== undefined) {
      history.pop();
      future.push(last);
      await client.change(current, last.removed, last.start, last.start + last.inserted.length);
    } else if (choice < 8 && next !== undefined) {
      future.pop();
      history.push(next);
      await client.change(current, next.inserted, next.start, next.start + next.removed.length);
    } else if (choice === 8 && open.size > 3) {
      // Saved and closed: the same text counts from the disk.
      writeFileSync(join(client.folder, current), text);
      await client.close(current);
      open.delete(current);
      done.delete(current);
      undone.delete(current);
      await client.changed(current);
    } else {
      const change = randomEdit(text, random);
      future.length = 0;
      history.push(change);
      if (history.length > 50) history.shift();
      await client.change(current, change.inserted, change.start, change.start + change.removed.length);
    }
    // Now and then the typing pauses, so that simulations happen between the edits, too.
    if (random.below(40) === 0) await client.settled();
  }
}

function randomEdit(text: string, random: Random): Edit {
  const start = random.below(text.length + 1);
  if (random.below(4) === 0) {
    const end = Math.min(text.length, start + random.below(30));
    return { start, removed: text.slice(start, end), inserted: '' };
  }
  if (random.below(6) === 0) {
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    const [mutant = ''] = mutants([line === '' ? 'd /run/x 0755 root root -' : line], random.below(2 ** 31), 1);
    return { start, removed: '', inserted: `\n${plain(mutant.slice(0, 200))}\n` };
  }
  const letters = 'abcdefgh /=-%"\\\n#[]0123456789.:@';
  let inserted = '';
  for (let i = random.below(4); i >= 0; i--) inserted += letters.charAt(random.below(letters.length));
  return { start, removed: '', inserted };
}

/** Half characters cannot be saved. */
function plain(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '?');
}

function listOf(map: Map<string, Edit[]>, key: string): Edit[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

function allDiagnostics(client: LanguageClient, files: readonly string[]): Map<string, unknown> {
  const folder = client.uri('');
  return new Map(
    files.map((file) => [
      file,
      // The folder's name is another one, the order of equal places is not promised.
      client
        .diagnostics(file)
        .map((diagnostic) => JSON.stringify(diagnostic).replaceAll(folder, ''))
        .sort(),
    ]),
  );
}

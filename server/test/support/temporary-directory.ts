/** A directory that lives as long as a test. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function withTemporaryDirectory(run: (path: string) => void | Promise<void>): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'stateless-boot-'));
  chmodSync(path, 0o755);
  try {
    await run(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

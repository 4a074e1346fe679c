/** Opening whatever the user named as an image: decides what it is and leaves the work to the host that knows it. */

import { statSync } from 'node:fs';
import { openDirectory } from './directory-image.ts';
import type { OpenResult } from './open-result.ts';
import { describeSystemError } from './system-error.ts';

export interface OpenOptions {
  /** What a source repository is laid over: the path of an image, or `none`. Default: the bundled generic base. */
  readonly base?: string;
}

/** Opens an image. It never throws and writes nothing. */
export async function openImage(path: string, _options: OpenOptions = {}): Promise<OpenResult> {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return openDirectory(path);
    if (!stats.isFile()) return { kind: 'failed', message: `${path}: is neither a directory nor a regular file` };
  } catch (error) {
    return { kind: 'failed', message: `${path}: ${describeSystemError(error)}` };
  }
  const { openArchive } = await import('./archive-image.ts');
  return openArchive(path);
}

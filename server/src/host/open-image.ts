/** Opening whatever the user named as an image: decides what it is and leaves the work to the host that knows it. */

import { statSync } from 'node:fs';
import type { Image } from '../core/image/image.ts';
import { openDirectory } from './directory-image.ts';
import { directoryKindOf } from './directory-kind.ts';
import type { OpenResult } from './open-result.ts';
import { describeSystemError } from './system-error.ts';

export interface OpenOptions {
  /** What a source repository is laid over: the path of an image, or `none`. Default: the bundled generic base. */
  readonly base?: string;
  /** `root`: a directory is a root whatever it holds, with its owners as they are, as `--root=` of systemd's tools takes it. */
  readonly directoryIs?: 'root';
}

/** Opens an image. It never throws and writes nothing. */
export async function openImage(path: string, options: OpenOptions = {}): Promise<OpenResult> {
  try {
    const stats = statSync(path);
    if (!stats.isDirectory()) {
      if (!stats.isFile()) return { kind: 'failed', message: `${path}: is neither a directory nor a regular file` };
      const { openArchive } = await import('./archive-image.ts');
      return await openArchive(path);
    }
  } catch (error) {
    return { kind: 'failed', message: `${path}: ${describeSystemError(error)}` };
  }
  const opened = openDirectory(path, { ownerIsRoot: options.directoryIs !== 'root' });
  if (opened.kind === 'failed' || options.directoryIs === 'root') return opened;
  const kind = directoryKindOf(opened.image.root);
  if (kind === 'root') return opened;
  if (kind === 'oci-layout') return { kind: 'failed', message: `${path}: OCI images are not supported yet` };
  return openRepository(opened.image, options.base);
}

async function openRepository(directory: Image, basePath: string | undefined): Promise<OpenResult> {
  const { openSourceRepository } = await import('./source-repository.ts');
  if (basePath === 'none') return openSourceRepository(directory);
  if (basePath !== undefined) {
    const base = await openImage(basePath, { directoryIs: 'root' });
    return base.kind === 'failed' ? base : openSourceRepository(directory, { base: base.image });
  }
  const { openBase } = await import('./generic-base.ts');
  return openSourceRepository(directory, { base: openBase() });
}

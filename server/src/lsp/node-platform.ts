/** The language server on Node: folders are directories of this machine. */

import { isAbsolute, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { URI } from 'vscode-uri';
import type { ImageNode } from '../core/image/image.ts';
import { openDirectory } from '../host/directory-image.ts';
import { openBase } from '../host/generic-base.ts';
import { openImage } from '../host/open-image.ts';
import type { FolderHost } from '../workspace/workspace-folder.ts';
import type { OpenedBase, Platform } from './platform.ts';

const DAY = 86_400_000;

/** Node's platform. `date` stands for today where the day must not matter (tests). */
export function nodePlatform(day?: number): Platform {
  return {
    openFolder(uri) {
      const parsed = URI.parse(uri);
      return parsed.scheme === 'file' ? directoryHost(parsed.fsPath) : undefined;
    },
    async openBase(base, folder): Promise<OpenedBase> {
      if (base === 'none') return { image: undefined };
      if (base === undefined || base === '' || base === 'generic') return { image: openBase() };
      const parent = folder === undefined ? undefined : URI.parse(folder).fsPath;
      const path = isAbsolute(base) || parent === undefined ? base : join(parent, base);
      const opened = await openImage(path, { directoryIs: 'root' });
      return opened.kind === 'opened' ? { image: opened.image } : { image: openBase(), problem: opened.message };
    },
    async reportPage(input) {
      const { htmlReport } = await import('../report/html/html-report.ts');
      return htmlReport(input);
    },
    memory() {
      globalThis.gc?.();
      return { heapUsed: process.memoryUsage().heapUsed };
    },
    today: () => day ?? Math.floor(Date.now() / DAY),
    now: () => performance.now(),
    gunzip: unpack,
  };
}

function unpack(bytes: Uint8Array, most: number): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch {
    return undefined;
  }
}

function directoryHost(path: string): FolderHost | undefined {
  const open = (below: readonly string[]) => {
    const opened = openDirectory(join(path, ...below), { ownerIsRoot: true });
    return opened.kind === 'opened' ? opened.image : undefined;
  };
  const image = open([]);
  if (image === undefined) return undefined;
  return {
    root: () => image.root,
    fresh(file): ImageNode | undefined {
      // A symlink on the way must not lead out of the folder, so the way is walked again from the top.
      let node: ImageNode | undefined = open([])?.root;
      for (const name of file) node = node?.child(name);
      return node;
    },
    embeddedPaths: (directory) => open(directory === '' ? [] : directory.split('/'))?.embeddedPaths,
  };
}

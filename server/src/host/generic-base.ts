/**
 * The bundled base: what a plain systemd installation declares, for loose files to be laid over. It is partial: what it
 * does not have may exist all the same.
 */

import type { Image } from '../core/image/image.ts';
import { emptyRoot, MemoryNode, memoryImage, placeNode } from '../core/image/memory-image.ts';
import { baseEntries } from './base.generated.ts';

/** Where `~` of the generated entries stands. */
const UNITS = '/usr/lib/systemd/system/';

/** The bundled base as an image. None of its paths counts as the user's own. */
export function openBase(): Image {
  const root = emptyRoot();
  let path = '';
  let content = '';
  const finishFile = () => {
    if (path !== '') placeNode(root, path, new MemoryNode('file', { mode: 0o644, uid: 0, gid: 0, content }));
    path = '';
    content = '';
  };
  for (const line of baseEntries.split('\n')) {
    const kind = line.charAt(0);
    if (kind !== '=' && kind !== '@' && kind !== '?') {
      if (line !== '') content += `${line}\n`;
      continue;
    }
    finishFile();
    const entry = line.slice(1);
    if (kind === '=') {
      path = expand(entry);
    } else if (kind === '@') {
      const blank = entry.indexOf(' ');
      const target = expand(entry.slice(blank + 1));
      placeNode(
        root,
        expand(entry.slice(0, blank)),
        new MemoryNode('symlink', { mode: 0o777, uid: 0, gid: 0, target }),
      );
    } else {
      const unknown = { kind: 'unknown', reason: 'the bundled base does not hold it' } as const;
      placeNode(root, expand(entry), new MemoryNode('file', { uid: 0, gid: 0, content: unknown }));
    }
  }
  finishFile();
  return memoryImage('bundled base', root, { completeness: 'partial', isOwn: () => false });
}

function expand(path: string): string {
  return path.startsWith('~') ? UNITS + path.slice(1) : path;
}

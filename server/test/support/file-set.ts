/** Several files in one text: `--- /path` starts a file, `--- /path/` is a directory, `--- /path -> target` a link. */

import type { Image } from '../../src/core/image/image.ts';
import { emptyRoot, ensureDirectory, MemoryNode, memoryImage, placeNode } from '../../src/core/image/memory-image.ts';

/**
 * An image from such a text. After the path may stand `mode uid:gid`, for example `--- /var/lib/x/ 0750 106:106`;
 * default: 0755 for directories, 0644 for files, 0:0.
 */
export function imageOf(text: string, options: Partial<Image> = {}): Image {
  const root = emptyRoot();
  ensureDirectory(root, '/usr/lib');
  ensureDirectory(root, '/etc');
  ensureDirectory(root, '/var');
  for (const part of ` \n${text}`.split(/\n--- (?=\/)/).slice(1)) {
    const end = part.indexOf('\n');
    const head = end === -1 ? part : part.slice(0, end);
    const content = end === -1 ? '' : part.slice(end + 1);
    const link = /^(\S+) -> (\S+)$/.exec(head);
    if (link?.[1] !== undefined && link[2] !== undefined) {
      placeNode(root, link[1], new MemoryNode('symlink', { mode: 0o777, uid: 0, gid: 0, target: link[2] }));
      continue;
    }
    const [path = '', mode, owner = '0:0'] = head.trim().split(/\s+/);
    const [uid, gid] = owner.split(':').map(Number);
    const isDirectory = path.endsWith('/');
    const rights = { mode: mode === undefined ? (isDirectory ? 0o755 : 0o644) : Number.parseInt(mode, 8), uid, gid };
    if (isDirectory) placeNode(root, path.slice(0, -1), new MemoryNode('directory', rights));
    else
      placeNode(
        root,
        path,
        new MemoryNode('file', {
          ...rights,
          content: content.endsWith('\n') || content === '' ? content : `${content}\n`,
        }),
      );
  }
  return memoryImage('example', root, options);
}

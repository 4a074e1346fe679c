/** Several files in one text: `--- /path` starts a file, `--- /path/` is a directory, `--- /path -> target` a link. */

import type { Image } from '../../src/core/image/image.ts';
import { emptyRoot, ensureDirectory, MemoryNode, memoryImage, placeNode } from '../../src/core/image/memory-image.ts';

/** One inode of such a text. */
export interface FileSetEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Content of a file, target of a link. */
  readonly text: string;
}

/**
 * Reads such a text. After the path may stand `mode uid:gid`, for example `--- /var/lib/x/ 0750 106:106`; default: 0755 for
 * directories, 0644 for files, 0:0.
 */
export function parseFileSet(text: string): readonly FileSetEntry[] {
  const entries: FileSetEntry[] = [];
  for (const part of ` \n${text}`.split(/\n--- (?=\/)/).slice(1)) {
    const end = part.indexOf('\n');
    const head = end === -1 ? part : part.slice(0, end);
    const content = end === -1 ? '' : part.slice(end + 1);
    const link = /^(\S+) -> (\S+)$/.exec(head);
    if (link?.[1] !== undefined && link[2] !== undefined) {
      entries.push({ path: link[1], type: 'symlink', mode: 0o777, uid: 0, gid: 0, text: link[2] });
      continue;
    }
    const [path = '', mode, owner = '0:0'] = head.trim().split(/\s+/);
    const [uid = 0, gid = 0] = owner.split(':').map(Number);
    const isDirectory = path.endsWith('/');
    entries.push({
      path: isDirectory ? path.slice(0, -1) : path,
      type: isDirectory ? 'directory' : 'file',
      mode: mode === undefined ? (isDirectory ? 0o755 : 0o644) : Number.parseInt(mode, 8),
      uid,
      gid,
      text: isDirectory || content.endsWith('\n') || content === '' ? content : `${content}\n`,
    });
  }
  return entries;
}

/** An image from such a text, with /usr/lib, /etc and /var. */
export function imageOf(text: string, options: Partial<Image> = {}): Image {
  const root = emptyRoot();
  ensureDirectory(root, '/usr/lib');
  ensureDirectory(root, '/etc');
  ensureDirectory(root, '/var');
  for (const { path, type, mode, uid, gid, text: content } of parseFileSet(text)) {
    const more = type === 'symlink' ? { target: content } : type === 'file' ? { content } : {};
    placeNode(root, path, new MemoryNode(type, { mode, uid, gid, ...more }));
  }
  return memoryImage('example', root, options);
}

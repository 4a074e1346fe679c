/** An image's tree as lines, for comparing. */

import type { Image, ImageNode } from '../../src/core/image/image.ts';
import { compareBytes, decodeText } from '../../src/core/text/bytes.ts';

/** One line a node: `path type mode uid:gid [-> target] ["content"]`, sorted; unknown attributes are `?`. */
export function listNodes(image: Image): string[] {
  const lines: string[] = [];
  const visit = (node: ImageNode, path: string) => {
    const mode = node.mode === undefined ? '?' : node.mode.toString(8);
    const target = node.target === undefined ? '' : ` -> ${node.target}`;
    lines.push(
      `${path === '' ? '/' : path} ${node.type} ${mode} ${node.uid ?? '?'}:${node.gid ?? '?'}${target}${contentText(node)}`,
    );
    for (const name of [...node.names()].sort(compareBytes)) {
      const child = node.child(name);
      if (child !== undefined) visit(child, `${path}/${name}`);
    }
  };
  visit(image.root, '');
  return lines;
}

/** The node at an absolute path, symlinks not followed. */
export function nodeAt(image: Image, path: string): ImageNode | undefined {
  let node: ImageNode | undefined = image.root;
  for (const name of path.split('/')) if (name !== '') node = node?.child(name);
  return node;
}

function contentText(node: ImageNode): string {
  if (node.type !== 'file') return '';
  const content = node.read();
  return content.kind === 'bytes' ? ` ${JSON.stringify(decodeText(content.bytes))}` : ` (${content.kind})`;
}

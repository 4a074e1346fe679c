/** One image over another: directories are merged, anything else above hides what is below. */

import type { FileContent, Image, ImageNode, InodeType } from './image.ts';

/** Lays `upper` over `lower`. Paths of the upper image are its own; the whole is complete only if both are. */
export function layerImages(upper: Image, lower: Image): Image {
  const root = layerNodes(upper.root, lower.root);
  return {
    label: upper.label,
    root,
    completeness: upper.completeness === 'complete' ? lower.completeness : 'partial',
    isOwn: (path) => upper.isOwn(path) && hasPath(upper.root, path),
    problems: () => [...upper.problems(), ...lower.problems()],
    embeddedPaths: (program) =>
      hasPath(upper.root, program) ? upper.embeddedPaths?.(program) : lower.embeddedPaths?.(program),
  };
}

function layerNodes(upper: ImageNode, lower: ImageNode | undefined): ImageNode {
  return upper.type === 'directory' && lower?.type === 'directory' ? new LayeredDirectory(upper, lower) : upper;
}

/** True if the image itself has the path, symlinks not followed. */
function hasPath(root: ImageNode, path: string): boolean {
  let node: ImageNode | undefined = root;
  for (const name of path.split('/')) if (name !== '') node = node?.child(name);
  return node !== undefined;
}

/** Attributes are the upper directory's where it tells them. */
class LayeredDirectory implements ImageNode {
  readonly type: InodeType = 'directory';
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly size: undefined;
  readonly modified: bigint | undefined;
  readonly #upper: ImageNode;
  readonly #lower: ImageNode;
  readonly #children = new Map<string, ImageNode>();

  constructor(upper: ImageNode, lower: ImageNode) {
    this.mode = upper.mode ?? lower.mode;
    this.uid = upper.uid ?? lower.uid;
    this.gid = upper.gid ?? lower.gid;
    this.modified = upper.modified ?? lower.modified;
    this.#upper = upper;
    this.#lower = lower;
  }

  names(): readonly string[] {
    return [...new Set([...this.#upper.names(), ...this.#lower.names()])];
  }

  child(name: string): ImageNode | undefined {
    const known = this.#children.get(name);
    if (known !== undefined) return known;
    const above = this.#upper.child(name);
    const below = this.#lower.child(name);
    const node = above === undefined ? below : layerNodes(above, below);
    if (node !== undefined) this.#children.set(name, node);
    return node;
  }

  read(): FileContent {
    return this.#upper.read();
  }
}

/** What a generator writes (systemd.generator(7)): units and links in one of three directories, each with what it came from. */

import type { BootInputs } from '../../boot/boot-inputs.ts';
import type { Place } from '../../problems/problem.ts';
import { encodeText } from '../../text/bytes.ts';
import { Inode, type NewInode } from '../../tree/inode.ts';
import { baseName, joinPath, parentPath, type Tree } from '../../tree/tree.ts';

/** The three directories that a generator is given; their places in the search path differ. */
export type GeneratorDirectory = 'normal' | 'early' | 'late';

const directories: Readonly<Record<GeneratorDirectory, string>> = {
  normal: '/run/systemd/generator',
  early: '/run/systemd/generator.early',
  late: '/run/systemd/generator.late',
};

export class GeneratorOutput {
  /** The input of each file and link, by path. */
  readonly sources = new Map<string, Place>();
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Writes a unit file or drop-in, unless another generator has made it. */
  write(directory: GeneratorDirectory, name: string, lines: readonly string[], source: Place): void {
    const content = { kind: 'bytes', bytes: encodeText(`${lines.join('\n')}\n`) } as const;
    this.#place(directory, name, { type: 'file', mode: 0o644, content }, source);
  }

  /** Makes a link, for example `getty.target.wants/console-getty.service`. */
  link(directory: GeneratorDirectory, name: string, target: string, source: Place): void {
    this.#place(directory, name, { type: 'symlink', mode: 0o777, target }, source);
  }

  /** True if a generator has made this file or link already. */
  has(directory: GeneratorDirectory, name: string): boolean {
    return this.sources.has(joinPath(directories[directory], name));
  }

  #place(directory: GeneratorDirectory, name: string, start: NewInode, source: Place): void {
    const path = joinPath(directories[directory], name);
    const cause = { ...source, phase: 'start', action: 'created' } as const;
    const parent = this.#tree.ensureDirectory(parentPath(path), cause);
    if (parent === undefined || this.sources.has(path)) return;
    parent.set(baseName(path), Inode.create({ ...start, cause }));
    this.sources.set(path, source);
  }
}

/** What a generator that we replay gets. */
export interface GeneratorRun {
  readonly tree: Tree;
  readonly inputs: BootInputs;
  readonly output: GeneratorOutput;
  /** The generator's own file. */
  readonly place: Place;
  /** Where the vendor's units are, for links to them. */
  readonly vendorDirectory: string;
}

/** What a replayed generator says about itself. */
export type GeneratorVerdict =
  | { readonly kind: 'replayed' }
  /** It makes nothing here, for a reason. */
  | { readonly kind: 'nothing'; readonly reason: string }
  /** What it makes depends on something that nobody knows. */
  | { readonly kind: 'unknown'; readonly reason: string };

export const replayed: GeneratorVerdict = { kind: 'replayed' };

export function nothing(reason: string): GeneratorVerdict {
  return { kind: 'nothing', reason };
}

export function unknown(reason: string): GeneratorVerdict {
  return { kind: 'unknown', reason };
}

/** What a start is judged by: the tree of its moment and everything that says why something is not there any more. */

import type { Image } from '../../image/image.ts';
import { Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import type { BootInputs } from '../boot-inputs.ts';
import { SystemAccounts } from './system-accounts.ts';

export interface StartContext {
  /** As it stands when the start job runs; `applyStart` changes it. */
  readonly tree: Tree;
  /** The image as shipped, before /etc and /var were emptied. */
  readonly shipped: Tree;
  readonly inputs: BootInputs;
  /** True if the image shows only a part of the system, so that absence proves nothing (Image.completeness). */
  readonly isPartial: boolean;
  readonly accounts: SystemAccounts;
  /** Those of the image as shipped: whether an account was lost. */
  readonly shippedAccounts: SystemAccounts;
  /** A unit by any of its names, `not-found` ones too; undefined: nobody can tell. */
  readonly findUnit: (name: string) => Unit | undefined;
}

/** A context for the starts of one boot. */
export function startContext(start: {
  readonly tree: Tree;
  readonly image: Image;
  readonly inputs: BootInputs;
  readonly findUnit?: (name: string) => Unit | undefined;
}): StartContext {
  const { tree, image, inputs } = start;
  const shipped = new Tree(image.root);
  return {
    tree,
    shipped,
    inputs,
    isPartial: image.completeness === 'partial',
    accounts: new SystemAccounts(tree, inputs),
    shippedAccounts: new SystemAccounts(shipped, inputs),
    findUnit: start.findUnit ?? (() => undefined),
  };
}

/** What is known when a unit starts: the image as shipped, which is the same for all units, and the tree of that moment. */

import type { BootInputs } from '../boot/boot-inputs.ts';
import type { Image } from '../image/image.ts';
import { Tree } from '../tree/tree.ts';
import { type AccountLookup, accountLookup } from './account-lookup.ts';
import { type PackageIndex, readPackages } from './package-index.ts';

export interface ProgramView {
  readonly image: Image;
  readonly inputs: BootInputs;
  /** The image as shipped. */
  readonly shipped: Tree;
  readonly shippedAccounts: AccountLookup;
  readonly packages: PackageIndex;
  /** The simulated tree at the moment of the start. */
  readonly tree: Tree;
  /** The accounts of that moment. */
  readonly accounts: AccountLookup;
}

/** A view of an image with everything that does not change from unit to unit; nothing is read before it is asked for. */
export function openProgramView(image: Image, inputs: BootInputs, tree: Tree): ProgramView {
  const shipped = new Tree(image.root);
  return {
    image,
    inputs,
    shipped,
    shippedAccounts: accountLookup(shipped),
    packages: readPackages(shipped),
    tree,
    accounts: accountLookup(tree),
  };
}

/** The same view at another moment. `accounts` may be passed on if they have not changed since. */
export function viewAt(view: ProgramView, tree: Tree, accounts = accountLookup(tree)): ProgramView {
  return { ...view, tree, accounts };
}

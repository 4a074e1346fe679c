/** What is known when a unit starts: the image as shipped, which is the same for all units, and the tree of that moment. */

import type { BootInputs } from '../boot/boot-inputs.ts';
import type { Image } from '../image/image.ts';
import { decodeText } from '../text/bytes.ts';
import { Tree } from '../tree/tree.ts';
import { type AccountLookup, accountLookup } from './account-lookup.ts';
import { type PackageIndex, readPackages } from './package-index.ts';
import { parseShell, type ShellNode } from './shell-syntax.ts';

export interface ProgramView {
  readonly image: Image;
  readonly inputs: BootInputs;
  /** The image as shipped. */
  readonly shipped: Tree;
  readonly shippedAccounts: AccountLookup;
  readonly packages: PackageIndex;
  /** Paths below /run that tmpfiles.d files of the shipped image make, with the file that says so. */
  readonly runtimeDeclarations: ReadonlyMap<string, string>;
  /** A shell script's syntax; many units run the same script, and source the same files. */
  readonly parseScript: (text: string) => ShellNode;
  /** The simulated tree at the moment of the start. */
  readonly tree: Tree;
  /** The accounts of that moment. */
  readonly accounts: AccountLookup;
}

/** A view of an image with everything that does not change from unit to unit; nothing is read before it is asked for. */
export function openProgramView(image: Image, inputs: BootInputs, tree: Tree): ProgramView {
  const shipped = new Tree(image.root);
  let declarations: ReadonlyMap<string, string> | undefined;
  const scripts = new Map<string, ShellNode>();
  return {
    image,
    inputs,
    shipped,
    shippedAccounts: accountLookup(shipped),
    packages: readPackages(shipped),
    get runtimeDeclarations() {
      declarations ??= readRuntimeDeclarations(shipped);
      return declarations;
    },
    parseScript: (text) => {
      let script = scripts.get(text);
      if (script === undefined) {
        script = parseShell(text);
        scripts.set(text, script);
      }
      return script;
    },
    tree,
    accounts: accountLookup(tree),
  };
}

/** The same view at another moment. `accounts` may be passed on if they have not changed since. */
export function viewAt(view: ProgramView, tree: Tree, accounts = accountLookup(tree)): ProgramView {
  return {
    image: view.image,
    inputs: view.inputs,
    shipped: view.shipped,
    shippedAccounts: view.shippedAccounts,
    packages: view.packages,
    // Passed on without reading it.
    get runtimeDeclarations() {
      return view.runtimeDeclarations;
    },
    parseScript: view.parseScript,
    tree,
    accounts,
  };
}

function readRuntimeDeclarations(shipped: Tree): ReadonlyMap<string, string> {
  const declarations = new Map<string, string>();
  for (const directory of ['/etc/tmpfiles.d', '/usr/lib/tmpfiles.d']) {
    const inode = shipped.lookup(directory);
    if (inode?.type !== 'directory') continue;
    for (const name of inode.names()) {
      const content = name.endsWith('.conf') ? inode.child(name)?.content : undefined;
      if (content?.kind !== 'bytes') continue;
      const file = `${directory}/${name}`;
      for (const match of decodeText(content.bytes).matchAll(
        /^[dDfFvqQpLC][-+!=~^$?]*[ \t]+((?:\/var)?\/run\/[^\s%*?"]+)/gm,
      )) {
        const path = match[1]?.replace(/^\/var\/run\//, '/run/').replace(/\/+$/, '');
        if (path !== undefined && !declarations.has(path)) declarations.set(path, file);
      }
    }
  }
  return declarations;
}

/**
 * Which generators a tree has, what those that we know make of it, and which others may make units that nobody can know
 * (systemd.generator(7)).
 */

import type { BootInputs } from '../../boot/boot-inputs.ts';
import { isNullOrEmpty } from '../../layering/unit-files.ts';
import type { Place } from '../../problems/problem.ts';
import { compareBytes, decodeText } from '../../text/bytes.ts';
import { baseName, joinPath, type Tree } from '../../tree/tree.ts';
import { runCryptsetup, runIntegritysetup, runVeritysetup } from './crypt-devices.ts';
import { runDebug } from './debug.ts';
import { runFstab } from './fstab.ts';
import { GeneratorOutput, type GeneratorRun, type GeneratorVerdict, nothing, unknown } from './generator-output.ts';
import { runGetty } from './getty.ts';
import { runLocal } from './rc-local.ts';
import { runSsh } from './ssh.ts';
import { runSystemUpdate } from './system-update.ts';
import { runSysv } from './sysv.ts';

/** Generators of systemd itself: what each does, replayed or in words. */
const knownGenerators: Readonly<Record<string, (run: GeneratorRun) => GeneratorVerdict>> = {
  'systemd-bless-boot-generator': () => nothing('only a boot loader that counts boot attempts makes it act'),
  'systemd-cryptsetup-generator': runCryptsetup,
  'systemd-debug-generator': runDebug,
  'systemd-factory-reset-generator': () => nothing('only a requested factory reset makes it act'),
  'systemd-fstab-generator': runFstab,
  'systemd-getty-generator': runGetty,
  'systemd-gpt-auto-generator': ({ inputs }) =>
    inputs.environment.container
      ? nothing('a container has no partition table of its own')
      : unknown('it mounts what the partition table of the root disk names'),
  'systemd-hibernate-resume-generator': () => nothing('it acts in an initrd only'),
  'systemd-import-generator': ({ inputs }) =>
    hasWord(inputs, 'systemd.pull=')
      ? unknown('systemd.pull= asks for a download')
      : nothing('nobody asks for a download'),
  'systemd-integritysetup-generator': runIntegritysetup,
  'systemd-rc-local-generator': runLocal,
  'systemd-run-generator': ({ inputs }) =>
    hasWord(inputs, 'systemd.run=')
      ? unknown('systemd.run= runs a command instead')
      : nothing('there is no systemd.run='),
  'systemd-ssh-generator': runSsh,
  'systemd-system-update-generator': runSystemUpdate,
  'systemd-sysv-generator': runSysv,
  'systemd-tpm2-generator': ({ inputs }) =>
    inputs.environment.container
      ? nothing('a container has no firmware')
      : nothing('it only waits for a TPM that the firmware saw'),
  'systemd-veritysetup-generator': runVeritysetup,
};

/** Where generators lie, best directory first. A name counts once, as in a search path. */
const generatorDirectories = [
  '/run/systemd/system-generators',
  '/etc/systemd/system-generators',
  '/usr/local/lib/systemd/system-generators',
  '/lib/systemd/system-generators',
  '/usr/lib/systemd/system-generators',
];

/** One generator of the tree. */
export interface Generator {
  readonly name: string;
  readonly path: string;
  readonly verdict: GeneratorVerdict;
}

export interface GeneratorReport {
  readonly generators: readonly Generator[];
  /** Paths of generators that may make units nobody can know. */
  readonly unknown: readonly string[];
  /** What each file and link in /run/systemd/generator* was made from, by its path. */
  readonly sources: ReadonlyMap<string, Place>;
}

/** Runs the generators of a tree; what they make is put into it, below /run. */
export function runGenerators(tree: Tree, inputs: BootInputs): GeneratorReport {
  const output = new GeneratorOutput(tree);
  const vendorDirectory = inputs.systemd.build.splitUsr ? '/lib/systemd/system' : '/usr/lib/systemd/system';
  const generators = findGenerators(tree).map(({ name, path }): Generator => {
    const run =
      Object.hasOwn(knownGenerators, name) && path.startsWith('/usr/lib/') ? knownGenerators[name] : undefined;
    const verdict =
      run === undefined
        ? unknown('it is no generator of systemd')
        : run({ tree, inputs, output, place: { file: path }, vendorDirectory });
    return { name, path, verdict };
  });
  const known = (generator: Generator) => Object.hasOwn(knownGenerators, generator.name);
  return {
    generators,
    unknown: generators
      .filter((generator) => generator.verdict.kind === 'unknown' && !known(generator))
      .map(({ path }) => path),
    sources: output.sources,
  };
}

/** The generators that run, sorted by name: executable files that nothing masks. */
function findGenerators(tree: Tree): { readonly name: string; readonly path: string }[] {
  const found = new Map<string, string | undefined>();
  for (const directory of generatorDirectories) {
    const walked = tree.walk(directory);
    if (walked.kind !== 'found' || walked.inode.type !== 'directory') continue;
    for (const name of walked.inode.names()) {
      if (found.has(name)) continue;
      const path = joinPath(walked.path, name);
      const inode = tree.lookup(path);
      const isMask = inode === undefined || inode.type === 'char';
      const runs = !isMask && inode.type === 'file' && (!isNullOrEmpty(inode) || inode.size === undefined);
      const isExecutable = inode?.mode === undefined || (inode.mode & 0o111) !== 0;
      // An empty file may be a program whose content the image leaves out; only links to /dev/null are sure masks.
      const isPlaceholder = inode?.type === 'file' && directory.endsWith('/lib/systemd/system-generators');
      found.set(name, (runs || isPlaceholder) && isExecutable ? path : undefined);
    }
  }
  return [...found]
    .flatMap(([name, path]) => (path === undefined ? [] : [{ name, path }]))
    .sort((a, b) => compareBytes(a.name, b.name));
}

function hasWord(inputs: BootInputs, start: string): boolean {
  return (inputs.environment.kernelCommandLine ?? '').split(/\s+/).some((word) => word.startsWith(start));
}

/** Paths named in a script: what stands behind a quote, blank, `=` or bracket and holds no variable. */
const namedPath = /(?<![\w./-])\/(?:etc|var)\/[\w.+@-]+(?:\/[\w.+@-]+)*/g;

/** More are never of use, and a generated script may name any number. */
const inputsMaximum = 500;

/**
 * Paths below /etc and /var that a generator names: read in a script, taken from the image's list for a program. Where such a
 * path is gone, what the generator made of it is gone too.
 */
export function generatorInputs(
  tree: Tree,
  path: string,
  embeddedPaths?: (program: string) => readonly string[] | undefined,
): readonly string[] {
  const inode = tree.lookup(path);
  const found = new Set<string>();
  const content = inode?.type === 'file' ? inode.content : undefined;
  if (content?.kind === 'bytes' && content.bytes[0] === 35 && content.bytes[1] === 33) {
    for (const match of decodeText(content.bytes).matchAll(namedPath)) {
      if (found.size >= inputsMaximum) break;
      found.add(match[0].replace(/[.]+$/, ''));
    }
  }
  for (const embedded of embeddedPaths?.(path) ?? []) {
    if (found.size < inputsMaximum && /^\/(etc|var)\/./.test(embedded)) found.add(embedded);
  }
  return [...found].filter((one) => baseName(one) !== '').sort(compareBytes);
}

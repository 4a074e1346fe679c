/**
 * What the program of a unit will miss although the manager starts it: everything that its programs refer to, compared with
 * what the shipped image has and the tree of the moment lacks. How much each piece of evidence counts stands in weights.ts.
 */

import type { RelatedPlace } from '../problems/problem.ts';
import { baseName, parentPath } from '../tree/tree.ts';
import type { Unit } from '../units/unit.ts';
import { textAt } from './exec-commands.ts';
import { carriesName, hasName, type Identity, isMainFile, type Relation, relationOf } from './identity.ts';
import { type Loss, lossOf, settledPath } from './loss.ts';
import type { NeedKind, ProgramNeed } from './program-need.ts';
import type { ProgramView } from './program-view.ts';
import { collectReferences, type PathReference, type References } from './references.ts';
import { isSystemPath } from './system-files.ts';
import { mayCreateIn, pathsMadeBy } from './unit-rights.ts';
import {
  accountWeights,
  configurationFactors,
  configurationWeights,
  otherWeights,
  runtimeWeights,
  stateFactors,
  stateWeights,
} from './weights.ts';

/** The needs of a unit's program that the tree of the moment does not meet, the heaviest first. */
export function findProgramNeeds(unit: Unit, view: ProgramView): readonly ProgramNeed[] {
  if (unit.type !== 'service') return [];
  const references = collectReferences(unit, view);
  const judge = new Judge(unit, view, references);
  judge.paths();
  judge.ownConfiguration();
  judge.preparedDirectories();
  judge.accounts();
  judge.options();
  judge.busPolicy();
  return judge.needs();
}

interface Evidence {
  readonly need: ProgramNeed;
  /** Evidence of this kind adds up over different paths. */
  readonly addsUp: boolean;
}

class Judge {
  readonly #unit: Unit;
  readonly #view: ProgramView;
  readonly #references: References;
  readonly #identity: Identity;
  readonly #made: ReadonlySet<string>;
  /** By what is lost: several paths below one lost directory are one need. */
  readonly #evidence = new Map<string, Map<string, Evidence>>();

  constructor(unit: Unit, view: ProgramView, references: References) {
    this.#unit = unit;
    this.#view = view;
    this.#references = references;
    this.#identity = references.identity;
    this.#made = pathsMadeBy(unit, view);
  }

  needs(): readonly ProgramNeed[] {
    const needs: ProgramNeed[] = [];
    for (const evidence of this.#evidence.values()) {
      const all = [...evidence.values()].sort((a, b) => b.need.weight - a.need.weight);
      const [best] = all;
      if (best === undefined) continue;
      let rest = 1;
      for (const { need, addsUp } of all) if (addsUp) rest *= 1 - need.weight;
      needs.push({ ...best.need, weight: round(Math.max(best.need.weight, 1 - rest)) });
    }
    return needs.sort((a, b) => b.weight - a.weight);
  }

  /** `path` is the one that is asked for, where what is missed is a directory above it. */
  #add(lost: string, need: ProgramNeed, addsUp = false, path = need.subject): void {
    if (need.weight <= 0) return;
    const known = this.#evidence.get(lost) ?? new Map<string, Evidence>();
    this.#evidence.set(lost, known);
    const before = known.get(path);
    if (before === undefined || before.need.weight < need.weight) known.set(path, { need, addsUp });
  }

  paths(): void {
    const embedded = new Set<string>();
    for (const { source, path } of this.#references.paths) if (source === 'embedded') embedded.add(settledPath(path));
    for (const reference of this.#references.paths) {
      if (/^\/(?:var\/)?run\//.test(reference.path)) this.#runtime(reference);
      const loss = lossOf(reference.path, this.#view);
      if (loss === undefined || this.#made.has(loss.subject) || this.#made.has(loss.lost)) continue;
      if (reference.source === 'shell-run') {
        this.#command(reference, loss);
        continue;
      }
      if (isSystemPath(loss.lost) || isSystemPath(loss.subject)) continue;
      if (loss.lost.startsWith('/etc/')) this.#configuration(reference, loss);
      else if (loss.lost.startsWith('/var/') || loss.lost.startsWith('/srv/')) this.#state(reference, loss, embedded);
    }
  }

  /** A path below /run that a tmpfiles.d line would have made, and did not: its owner is gone, or the line itself. */
  #runtime(reference: PathReference): void {
    const path = settledPath(reference.path);
    const made = [path, parentPath(path)].find((at) => this.#view.runtimeDeclarations.has(at));
    if (made === undefined || this.#view.tree.lookup(made) !== undefined || this.#made.has(made)) return;
    const declared = this.#view.runtimeDeclarations.get(made) ?? '';
    const isOwn = relationOf(declared, this.#identity, this.#view) !== 'foreign' || carriesName(made, this.#identity);
    if (!isOwn) return;
    const weight = reference.source === 'embedded' ? runtimeWeights.embedded.weight : runtimeWeights.named.weight;
    const end = { file: declared, message: `would make ${made} at boot, but could not` };
    this.#add(made, {
      kind: 'runtime',
      subject: path,
      weight,
      place: reference.place,
      chain: [...reference.chain, end],
    });
  }

  #command(reference: PathReference, loss: Loss): void {
    const { isSure, isFatal } = reference;
    const table = configurationWeights;
    const row = isFatal ? (isSure ? 'shell-run' : 'shell-unsure') : 'shell-run-survives';
    this.#add(loss.subject, this.#need('command', reference, loss, table[row].weight * (isFatal || isSure ? 1 : 0.5)));
  }

  #configuration(reference: PathReference, loss: Loss): void {
    const relation = relationOf(loss.lost, this.#identity, this.#view);
    let weight = this.#configurationWeight(reference, loss, relation);
    // A script's own words count whoever owns the file.
    if (relation === 'foreign' && !reference.source.startsWith('shell-')) weight *= configurationFactors.foreign.weight;
    if (relation === 'named') weight *= configurationFactors.named.weight;
    if (loss.type === 'directory' && loss.below === 0) {
      const isAsked = reference.source === 'option' || reference.source.startsWith('shell-');
      const isDropIn = /(?:\.d|conf\.d|-enabled|-available)$/.test(loss.subject);
      if (isDropIn) weight *= configurationFactors['drop-in-directory'].weight;
      else if (!isAsked && !(reference.source === 'embedded' && this.#holdsMainFile(loss.subject)))
        weight *= configurationFactors.directory.weight;
    }
    if (loss.below > 0) weight *= configurationFactors['never-shipped'].weight;
    if (reference.source === 'embedded' && this.#saysNothing(loss))
      weight *= configurationFactors['all-comments'].weight;
    if (this.#hasVendorTwin(loss.subject)) weight *= configurationFactors['vendor-twin'].weight;
    this.#add(loss.subject, this.#need('configuration', reference, loss, weight));
  }

  #configurationWeight({ source, isSure, isFatal }: PathReference, loss: Loss, relation: Relation): number {
    const table = configurationWeights;
    switch (source) {
      case 'shell-require':
        return isSure ? table['shell-require'].weight : table['shell-unsure'].weight;
      case 'shell-source':
        if (!isFatal) return table['shell-source-survives'].weight * (isSure ? 1 : 0.5);
        return isSure ? table['shell-source'].weight : table['shell-unsure'].weight;
      case 'shell-argument':
      case 'option':
      case 'configuration':
        return table[source].weight;
      case 'environment':
      case 'script':
        return isMainFile(loss.subject, this.#identity) ? table[`${source}-main`].weight : table[source].weight;
      case 'argument': {
        // Nothing is known of a wrapper that cannot be read; it may well do without.
        const isOpaque =
          relation === 'named' && this.#references.programs.every((program) => program.kind === 'opaque');
        return table.argument.weight * (isOpaque ? configurationFactors.opaque.weight : 1);
      }
      case 'embedded':
        return isMainFile(loss.subject, this.#identity)
          ? table['embedded-main'].weight
          : table['embedded-other'].weight;
      case 'mounts-for':
      case 'shell-run':
        return 0;
    }
  }

  /** True if nothing but comments and section headers stands in the shipped file: it shows defaults, and needs none. */
  #saysNothing(loss: Loss): boolean {
    const text = loss.type === 'file' && loss.below === 0 ? textAt(this.#view.shipped, loss.lost) : undefined;
    return text !== undefined && !/^\s*[^\s#;[/!]/m.test(text);
  }

  /** True if a directory that the program names holds its main configuration, and the program names no file in it. */
  #holdsMainFile(directory: string): boolean {
    const inode = this.#view.shipped.lookup(directory);
    if (
      inode?.type !== 'directory' ||
      this.#view.tree.lookup(`/usr/lib${directory.slice('/etc'.length)}`) !== undefined
    ) {
      return false;
    }
    const isFileNamed = this.#references.paths.some(({ path }) => path.startsWith(`${directory}/`));
    return !isFileNamed && inode.names().some((name) => isMainFile(`${directory}/${name}`, this.#identity));
  }

  /** True if the file, or drop-ins to it, are below /usr/lib or /usr/etc as well. */
  #hasVendorTwin(path: string): boolean {
    const rest = path.slice('/etc'.length);
    const stem = rest.replace(/\.[^./]*$/, '');
    const candidates = [rest, `${rest}.d`, `${stem}.conf.d`, `${parentPath(rest)}/conf.d`];
    return candidates.some(
      (candidate) =>
        candidate.split('/').length > 2 &&
        ['/usr/lib', '/usr/etc'].some((vendor) => this.#view.tree.lookup(vendor + candidate) !== undefined),
    );
  }

  #state(reference: PathReference, found: Loss, embedded: ReadonlySet<string>): void {
    let loss = found;
    // A file whose directory is gone with it: the directory is what is missed, but not all of /var/lib.
    while (loss.above > 0 && loss.lost.split('/').length > 4) {
      loss = { ...loss, lost: parentPath(loss.lost), type: 'directory', below: loss.below + 1, above: loss.above - 1 };
    }
    const relation = relationOf(loss.lost, this.#identity, this.#view);
    const isLog = loss.lost.startsWith('/var/log/');
    const mayMake = mayCreateIn(parentPath(loss.lost), this.#unit, this.#view, this.#made);
    let weight = this.#stateWeight(reference, { loss, found }, embedded, isLog, mayMake);
    if (relation === 'foreign') weight *= stateFactors.foreign.weight;
    if (relation === 'named' && this.#isHome(loss.lost)) weight *= stateFactors.named.weight;
    const need = { ...this.#need(isLog ? 'log' : 'state', reference, loss, weight), subject: loss.lost };
    this.#add(loss.lost, need, reference.source === 'configuration' && relation !== 'foreign', loss.subject);
  }

  #stateWeight(
    { source, isFatal, isSure }: PathReference,
    { loss, found }: { readonly loss: Loss; readonly found: Loss },
    embedded: ReadonlySet<string>,
    isLog: boolean,
    mayMake: boolean,
  ): number {
    const table = stateWeights;
    if (loss.type !== 'directory') return table.file.weight;
    const directories = [loss, ...(found.type === 'directory' ? [found] : [])].map(({ lost }) =>
      this.#view.shipped.lookup(lost),
    );
    const hasOwner = directories.some((directory) => (directory?.uid ?? 0) !== 0);
    const isPrepared = hasOwner || directories.some((directory) => (directory?.gid ?? 0) !== 0);
    const notCreatable = hasOwner ? table['not-creatable'].weight : table['not-creatable-foreign'].weight;
    switch (source) {
      case 'configuration':
        if (isLog) return table['configuration-log'].weight;
        if (!mayMake) return Math.max(notCreatable, table['configuration-state'].weight);
        if (!isPrepared) return table['configuration-directory'].weight;
        return loss.below > 0 ? table['configuration-state'].weight : table['configuration-prepared'].weight;
      case 'argument':
      case 'option':
      case 'environment':
        return table.argument.weight;
      case 'mounts-for':
        return isPrepared ? table['mounts-for-prepared'].weight : table['mounts-for'].weight;
      case 'embedded': {
        if (!mayMake) return notCreatable;
        if (loss.below > 0 && !embedded.has(loss.lost)) return table['embedded-below'].weight;
        return hasOwner ? table['embedded-prepared'].weight : table['embedded-directory'].weight;
      }
      default:
        return isFatal && isSure ? table['shell-fatal'].weight : table.script.weight;
    }
  }

  #isHome(path: string): boolean {
    const { shippedAccounts } = this.#view;
    return (
      (this.#view.shipped.lookup(path)?.uid ?? 0) === 0 ||
      shippedAccounts.users.some((user) => shippedAccounts.homeOf(user) === path)
    );
  }

  #need(kind: NeedKind, reference: PathReference, loss: Loss, weight: number): ProgramNeed {
    return {
      kind,
      subject: loss.subject,
      weight,
      place: reference.place,
      chain: this.#chain(reference, loss.subject, loss.lost),
    };
  }

  /** The way to the path, what names it, and what became of it. */
  #chain(
    reference: { readonly chain: readonly RelatedPlace[] },
    subject: string,
    lost: string,
  ): readonly RelatedPlace[] {
    const [owner] = this.#view.packages.ownersOf(lost);
    const whose = owner === undefined ? '' : ` by ${owner}`;
    const steps = [...reference.chain];
    if (steps.at(-1)?.message.includes(subject) !== true) {
      const last = steps.at(-1);
      if (last !== undefined) steps.push({ file: last.file, message: `names ${subject}` });
    }
    return [
      ...steps,
      { file: lost, message: `is shipped in the image${whose}, gone after the reset, and nothing brings it back` },
    ];
  }

  /** The main configuration of an interpreted program whose modules cannot be read, known by its name alone. */
  ownConfiguration(): void {
    const script = this.#references.programs.find((program) => program.kind === 'script');
    if (script === undefined || this.#hasConfigurationEvidence()) return;
    const [owner] = this.#view.packages.ownersOf(script.path);
    if (owner === undefined || !this.#identity.packages.has(owner)) return;
    for (const path of this.#view.packages.filesOf(owner)) {
      if (!path.startsWith('/etc/') || isSystemPath(path)) continue;
      const stem = baseName(path).replace(/\.[^.]*$/, '');
      if (!hasName(stem, this.#identity) || !/\.(?:conf|cfg|ini|ya?ml|toml|json)$/.test(path)) continue;
      const loss = lossOf(path, this.#view);
      if (loss === undefined || loss.below > 0 || loss.type === 'directory' || this.#hasVendorTwin(path)) continue;
      const chain = this.#chain(
        { chain: [{ file: script.path, message: `${baseName(script.path)} is run` }] },
        path,
        loss.lost,
      );
      const { weight } = configurationWeights['own-file-unseen'];
      this.#add(path, { kind: 'configuration', subject: path, weight, place: script.place, chain });
      return;
    }
  }

  #hasConfigurationEvidence(): boolean {
    for (const evidence of this.#evidence.values()) {
      for (const { need } of evidence.values()) if (need.kind === 'configuration' && need.weight >= 0.5) return true;
    }
    return false;
  }

  /**
   * Directories that the unit's package made for an account of its own, even if nobody is seen to name them: the paths may be
   * put together at run time, stand in a library, or in configuration that cannot be read. Several of them add up.
   */
  preparedDirectories(): void {
    const program = this.#references.programs.find(
      ({ path, kind }) => kind !== 'shell' && ['own', 'sibling'].includes(relationOf(path, this.#identity, this.#view)),
    );
    if (program === undefined) return;
    const unread = this.#references.unread.find(
      ({ path }) => !isSystemPath(path) && relationOf(path, this.#identity, this.#view) !== 'foreign',
    );
    const found: { path: string; weight: number }[] = [];
    for (const base of ['/var/lib', '/var/log', '/var/cache', '/var/spool']) {
      const directory = this.#view.shipped.lookup(base);
      if (directory?.type !== 'directory') continue;
      for (const name of directory.names()) {
        const path = `${base}/${name}`;
        const inode = directory.child(name);
        // Groups below 100 (adm, for one) come with the system and are for reading along only.
        if (inode?.type !== 'directory' || ((inode.uid ?? 0) === 0 && (inode.gid ?? 0) < 100)) continue;
        if (this.#made.has(path) || relationOf(path, this.#identity, this.#view) === 'foreign') continue;
        if (this.#view.tree.lookup(path) !== undefined) continue;
        const weight = this.#preparedWeight(path, inode.uid ?? 0, base === '/var/log', unread !== undefined);
        found.push({ path, weight });
      }
    }
    const heaviest = found.sort((a, b) => b.weight - a.weight)[0];
    if (heaviest === undefined) return;
    const { path } = heaviest;
    const weight = round(1 - found.reduce((rest, each) => rest * (1 - each.weight), 1));
    const first: RelatedPlace = { file: program.path, message: `${baseName(program.path)} is run` };
    const second: RelatedPlace =
      unread === undefined
        ? { file: path, message: `${path} was made for an account of its own when the package was installed` }
        : {
            file: unread.path,
            message: `is its configuration, which cannot be read here; ${path} was made for an account of its own`,
          };
    const kind = path.startsWith('/var/log/') ? 'log' : 'state';
    const chain = this.#chain({ chain: [first, second] }, path, path);
    this.#add(path, { kind, subject: path, weight, place: program.place, chain });
  }

  #preparedWeight(path: string, uid: number, isLog: boolean, isUnread: boolean): number {
    if (uid === 0) return stateWeights['prepared-group'].weight;
    if (isUnread) return stateWeights['configuration-unread'].weight;
    if (isLog) return stateWeights['prepared-log'].weight;
    return this.#isHome(path) ? stateWeights['prepared-home'].weight : stateWeights['prepared-state'].weight;
  }

  accounts(): void {
    const { accounts, shippedAccounts } = this.#view;
    const isGone = (kind: 'user' | 'group', name: string) =>
      kind === 'user' ? !accounts.hasUser(name) : !accounts.hasGroup(name);
    for (const { source, kind, name, place, chain } of this.#references.accounts) {
      if (source === 'embedded' || !isGone(kind, name)) continue;
      this.#account(kind, name, accountWeights[source].weight, place, chain);
    }
    // Who sets User= has the manager change to it.
    const section = this.#unit.ownSection;
    if (this.#unit.last(section, 'User') !== undefined || this.#unit.last(section, 'DynamicUser') !== undefined) return;
    const program = this.#references.programs.find(
      ({ path, kind }) =>
        kind === 'binary' && ['own', 'sibling'].includes(relationOf(path, this.#identity, this.#view)),
    );
    if (program === undefined) return;
    for (const name of shippedAccounts.users) {
      if (!hasName(name, this.#identity) || accounts.hasUser(name) || !this.#isMadeByPackage(name)) continue;
      const chain = [{ file: program.path, message: `${baseName(program.path)} is run as root` }];
      this.#account('user', name, accountWeights['own-name'].weight, program.place, chain);
    }
  }

  #isMadeByPackage(account: string): boolean {
    const pattern = new RegExp(`(?<![\\w-])${account.replace(/[^\w-]/g, '\\$&')}(?![\\w-])`);
    return [...this.#identity.packages].some((name) => pattern.test(this.#view.packages.installScriptOf(name)));
  }

  #account(
    kind: 'user' | 'group',
    name: string,
    weight: number,
    place: ProgramNeed['place'],
    chain: readonly RelatedPlace[],
  ): void {
    const file = kind === 'user' ? '/etc/passwd' : '/etc/group';
    const end = { file, message: `has the ${kind} ${name} in the image; after the reset nothing makes it` };
    this.#add(`${kind}:${name}`, {
      kind: kind === 'user' ? 'account' : 'group',
      subject: name,
      weight,
      place,
      chain: [...chain, end],
    });
  }

  /** Variables of the command line that only a lost environment file sets. */
  options(): void {
    for (const command of this.#references.commands) {
      for (const { variable, value, file, place, isOptionValue } of command.lost) {
        const { weight } = isOptionValue ? otherWeights['options-value'] : otherWeights.options;
        const chain = [
          { ...command.place, message: `takes ${variable} from ${file}` },
          { file, message: `set it to "${value.slice(0, 60)}" in the image and is gone after the reset` },
        ];
        this.#add(`options:${file}`, { kind: 'options', subject: file, weight, place, chain });
      }
    }
  }

  /** A bus name whose policy was in /etc alone. */
  busPolicy(): void {
    const setting = this.#unit.last('Service', 'BusName');
    if (setting === undefined || this.#unit.last('Service', 'Type')?.entry.value !== 'dbus') return;
    const name = setting.entry.value;
    if (this.#policyFor(name, '/usr/share/dbus-1/system.d', 'tree') !== undefined) return;
    if (this.#policyFor(name, '/etc/dbus-1/system.d', 'tree') !== undefined) return;
    const lost = this.#policyFor(name, '/etc/dbus-1/system.d', 'shipped');
    if (lost === undefined) return;
    const place = this.#unit.place(setting);
    const chain = [
      { ...place, message: `takes the bus name ${name}` },
      { file: lost, message: 'allows it in the image, is gone after the reset, and nothing brings it back' },
    ];
    this.#add(lost, { kind: 'bus-policy', subject: lost, weight: otherWeights['bus-policy'].weight, place, chain });
  }

  #policyFor(name: string, directory: string, tree: 'tree' | 'shipped'): string | undefined {
    const inode = this.#view[tree].lookup(directory);
    if (inode?.type !== 'directory') return undefined;
    for (const file of inode.names()) {
      const path = `${directory}/${file}`;
      if (file.endsWith('.conf') && textAt(this.#view[tree], path)?.includes(`"${name}"`)) return path;
    }
    return undefined;
  }
}

function round(weight: number): number {
  return Math.round(weight * 1000) / 1000;
}

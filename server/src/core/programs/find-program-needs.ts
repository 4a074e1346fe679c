/**
 * What the program of a unit will miss although the manager starts it: everything that its programs refer to, compared with
 * what the shipped image has and the tree of the moment lacks. How much each piece of evidence counts stands in weights.ts.
 */

import type { RelatedPlace } from '../problems/problem.ts';
import { baseName, parentPath } from '../tree/tree.ts';
import type { Unit } from '../units/unit.ts';
import { textAt } from './exec-commands.ts';
import { carriesName, hasName, type Identity, isMainFile, namesMatch, type Relation, relationOf } from './identity.ts';
import { type Loss, lossOf, settledPath } from './loss.ts';
import type { NeedKind, ProgramNeed } from './program-need.ts';
import type { ProgramView } from './program-view.ts';
import { collectReferences, type PathReference, type ProgramKind, type References } from './references.ts';
import { isSystemPath } from './system-files.ts';
import { mayCreateIn, pathsMadeFor } from './unit-rights.ts';
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
  if (judge.isAskedBefore()) return [];
  judge.paths();
  judge.ownConfiguration();
  judge.ownDirectory();
  judge.preparedDirectories();
  judge.ownTrees();
  judge.accounts();
  judge.options();
  judge.busPolicy();
  return judge.needs();
}

/** Groups below that (adm, for one) come with the system and are for reading along only. */
const ownGroupMin = 100;

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
    this.#made = pathsMadeFor(unit, view, references.made);
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
    const embedded = this.#namedPaths('embedded');
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
    const row = reference.source === 'embedded' ? 'embedded' : 'named';
    const end = { file: declared, message: `would make ${made} at boot, but could not` };
    this.#add(made, {
      kind: 'runtime',
      subject: path,
      evidence: `runtime-${row}`,
      weight: runtimeWeights[row].weight,
      place: reference.place,
      chain: [...reference.chain, end],
    });
  }

  #command(reference: PathReference, loss: Loss): void {
    const { isSure, isFatal } = reference;
    const table = configurationWeights;
    const row = isFatal ? (isSure ? 'shell-run' : 'shell-unsure') : 'shell-run-survives';
    const weight = table[row].weight * (isFatal || isSure ? 1 : 0.5);
    this.#add(loss.subject, this.#need('command', reference, loss, { evidence: row, weight }));
  }

  #configuration(reference: PathReference, loss: Loss): void {
    const relation = relationOf(loss.lost, this.#identity, this.#view);
    const row = this.#configurationRow(reference, loss);
    let { weight } = configurationWeights[row];
    if (row === 'shell-source-survives' && !reference.isSure) weight *= 0.5;
    // Nothing is known of a wrapper that cannot be read; it may well do without.
    const isOpaque = relation === 'named' && this.#references.programs.every((program) => program.kind === 'opaque');
    if (row === 'argument' && isOpaque) weight *= configurationFactors.opaque.weight;
    // A script's own words count whoever owns the file.
    if (relation === 'foreign' && !reference.source.startsWith('shell-')) weight *= configurationFactors.foreign.weight;
    if (relation === 'named') weight *= configurationFactors.named.weight;
    let evidence: string = row;
    if (loss.type === 'directory' && loss.below === 0) {
      const isAsked = reference.source === 'option' || reference.source.startsWith('shell-');
      const isDropIn = /(?:\.d|conf\.d|-enabled|-available)$/.test(loss.subject);
      if (isDropIn) weight *= configurationFactors['drop-in-directory'].weight;
      else if (!isAsked && row !== 'embedded-directory') weight *= configurationFactors.directory.weight;
    }
    if (loss.below > 0) weight *= configurationFactors['never-shipped'].weight;
    if (reference.source === 'embedded' && this.#saysNothing(loss)) {
      weight *= configurationFactors['all-comments'].weight;
      evidence += ' all-comments';
    }
    if (this.#hasVendorTwin(loss)) weight *= configurationFactors['vendor-twin'].weight;
    this.#add(loss.subject, this.#need('configuration', reference, loss, { evidence, weight }));
  }

  #configurationRow({ source, isSure, isFatal }: PathReference, loss: Loss): keyof typeof configurationWeights {
    switch (source) {
      case 'shell-require':
        return isSure ? 'shell-require' : 'shell-unsure';
      case 'shell-source':
        if (!isFatal) return 'shell-source-survives';
        return isSure ? 'shell-source' : 'shell-unsure';
      case 'environment':
      case 'script':
        return isMainFile(loss.subject, this.#identity) ? `${source}-main` : source;
      case 'embedded':
        if (loss.type === 'directory' && loss.below === 0 && this.#holdsMainFile(loss.subject)) {
          return this.#isOneshot() || this.#isOnBus() ? 'embedded-other' : 'embedded-directory';
        }
        return isMainFile(loss.subject, this.#identity) ? 'embedded-main' : 'embedded-other';
      case 'shell-argument':
      case 'option':
      case 'argument':
      case 'configuration':
        return source;
      case 'mounts-for':
      case 'shell-run':
        return 'mounted';
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
    if (inode?.type !== 'directory') return false;
    const isFileNamed = this.#references.paths.some(
      ({ source, path }) =>
        source === 'embedded' &&
        path.startsWith(`${directory}/`) &&
        this.#view.shipped.lookup(settledPath(path))?.type === 'file',
    );
    const vendor = `/usr/lib${directory.slice('/etc'.length)}`;
    return (
      !isFileNamed &&
      inode
        .names()
        .some(
          (name) =>
            inode.child(name)?.type === 'file' &&
            isMainFile(`${directory}/${name}`, this.#identity) &&
            this.#view.tree.lookup(`${vendor}/${name}`) === undefined,
        )
    );
  }

  /** True if the file, or drop-ins to it, are below /usr/lib or /usr/etc as well; a directory there holds all sorts of things. */
  #hasVendorTwin({ subject, type, below }: Loss): boolean {
    if (type === 'directory' && below === 0) return false;
    const rest = subject.slice('/etc'.length);
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
    const row = this.#stateRow(reference, { loss, found }, embedded, isLog, mayMake);
    let { weight } = stateWeights[row];
    if (relation === 'foreign') weight *= stateFactors.foreign.weight;
    if (relation === 'named' && ((this.#view.shipped.lookup(loss.lost)?.uid ?? 0) === 0 || this.#isHome(loss.lost)))
      weight *= stateFactors.named.weight;
    if (this.#isShared(loss.lost, relation)) weight *= stateFactors.shared.weight;
    const need = {
      ...this.#need(isLog ? 'log' : 'state', reference, loss, { evidence: row, weight }),
      subject: loss.lost,
    };
    this.#add(loss.lost, need, reference.source === 'configuration' && relation !== 'foreign', loss.subject);
  }

  /** True if packages of several sources ship it and it goes by the name of another one. */
  #isShared(path: string, relation: Relation): boolean {
    if (relation !== 'own' || carriesName(path, this.#identity)) return false;
    const { packages } = this.#view;
    return packages.ownersOf(path).some((owner) => !this.#identity.sources.has(packages.sourceOf(owner)));
  }

  #stateRow(
    { source, isFatal, isSure, key }: PathReference,
    { loss, found }: { readonly loss: Loss; readonly found: Loss },
    embedded: ReadonlySet<string>,
    isLog: boolean,
    mayMake: boolean,
  ): keyof typeof stateWeights {
    if (loss.type !== 'directory') return 'file';
    const directories = [loss, ...(found.type === 'directory' ? [found] : [])].map(({ lost }) =>
      this.#view.shipped.lookup(lost),
    );
    const hasOwner = directories.some((directory) => (directory?.uid ?? 0) !== 0);
    const isPrepared = hasOwner || directories.some((directory) => (directory?.gid ?? 0) !== 0);
    const notCreatable = hasOwner ? 'not-creatable' : 'not-creatable-foreign';
    switch (source) {
      case 'configuration':
        if (isLog && !mayMake) return 'not-creatable';
        if (isLog) return this.#opensLogFirst() ? 'configuration-log' : 'configuration-log-simple';
        if (!mayMake) return hasOwner ? 'not-creatable' : 'configuration-state';
        if (key !== undefined && /chroot/i.test(key)) return 'configuration-root';
        if (!isPrepared) return 'configuration-directory';
        // A home is made with its account, whether the program needs it or not.
        if (loss.below === 0 && hasOwner && this.#isHome(loss.lost)) return 'configuration-directory';
        return loss.below > 0 ? 'configuration-state' : 'configuration-prepared';
      case 'argument':
      case 'option':
      case 'environment':
        return isLog ? 'argument-log' : 'argument';
      case 'mounts-for':
        return isPrepared ? 'mounts-for-prepared' : 'mounts-for';
      case 'embedded': {
        if (!mayMake) return notCreatable;
        if (loss.below > 0 && !embedded.has(loss.lost)) return 'embedded-below';
        return hasOwner || this.#holdsPrepared(loss.lost) ? 'embedded-prepared' : 'embedded-directory';
      }
      default:
        return isFatal && isSure ? 'shell-fatal' : 'script';
    }
  }

  /** True if a directory, or one right below it, belongs to an account of a daemon. */
  #holdsPrepared(path: string): boolean {
    const directory = this.#view.shipped.lookup(path);
    if (directory?.type !== 'directory') return false;
    if ((directory.gid ?? 0) >= ownGroupMin) return true;
    return directory.names().some((name) => {
      const child = directory.child(name);
      return child?.type === 'directory' && (child.uid ?? 0) !== 0;
    });
  }

  /** Services of desktops are on the bus, and start with what they find. */
  #isOnBus(): boolean {
    return this.#unit.last('Service', 'Type')?.entry.value === 'dbus';
  }

  #isOneshot(): boolean {
    return this.#unit.last('Service', 'Type')?.entry.value === 'oneshot';
  }

  /**
   * True if the manager waits for the program to be ready, for it has opened what it works with by then. Interpreted programs
   * make their directories or open logs when there is something to say.
   */
  #opensLogFirst(): boolean {
    const type = this.#unit.last('Service', 'Type')?.entry.value ?? '';
    if (!['notify', 'notify-reload', 'forking', 'dbus'].includes(type)) return false;
    return this.#ownProgram((kind) => kind !== 'shell')?.kind === 'binary';
  }

  #isHome(path: string): boolean {
    const { shippedAccounts } = this.#view;
    return shippedAccounts.users.some((user) => shippedAccounts.homeOf(user) === path);
  }

  #need(
    kind: NeedKind,
    reference: PathReference,
    loss: Loss,
    { evidence, weight }: Pick<ProgramNeed, 'evidence' | 'weight'>,
  ): ProgramNeed {
    return {
      kind,
      subject: loss.subject,
      evidence,
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
    for (const path of this.#view.packages.stateFilesOf(owner)) {
      if (!path.startsWith('/etc/') || isSystemPath(path)) continue;
      const stem = baseName(path).replace(/\.[^.]*$/, '');
      if (!hasName(stem, this.#identity) || !/\.(?:conf|cfg|ini|ya?ml|toml|json)$/.test(path)) continue;
      const loss = lossOf(path, this.#view);
      if (loss === undefined || loss.below > 0 || loss.type === 'directory' || this.#hasVendorTwin(loss)) continue;
      const chain = this.#chain(
        { chain: [{ file: script.path, message: `${baseName(script.path)} is run` }] },
        path,
        loss.lost,
      );
      const evidence = 'own-file-unseen';
      const { weight } = configurationWeights[evidence];
      this.#add(path, { kind: 'configuration', subject: path, evidence, weight, place: script.place, chain });
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
    const embedded = this.#namedPaths('embedded');
    const found: { path: string; row: keyof typeof stateWeights; weight: number }[] = [];
    for (const base of ['/var/lib', '/var/log', '/var/cache', '/var/spool']) {
      const directory = this.#view.shipped.lookup(base);
      if (directory?.type !== 'directory') continue;
      for (const name of directory.names()) {
        const path = `${base}/${name}`;
        const inode = directory.child(name);
        if (inode?.type !== 'directory' || ((inode.uid ?? 0) === 0 && (inode.gid ?? 0) < ownGroupMin)) continue;
        if (this.#made.has(path) || embedded.has(path)) continue;
        if (relationOf(path, this.#identity, this.#view) === 'foreign') continue;
        if (this.#view.tree.lookup(path) !== undefined) continue;
        const relation = relationOf(path, this.#identity, this.#view);
        const row = this.#preparedRow(path, inode.uid ?? 0, relation, unread !== undefined, program.kind === 'binary');
        const shared = this.#isShared(path, relation) ? stateFactors.shared.weight : 1;
        found.push({ path, row, weight: stateWeights[row].weight * shared });
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
    this.#add(path, { kind, subject: path, evidence: heaviest.row, weight, place: program.place, chain });
  }

  #preparedRow(
    path: string,
    uid: number,
    relation: Relation,
    isUnread: boolean,
    isBinary: boolean,
  ): keyof typeof stateWeights {
    if (uid === 0) return 'prepared-group';
    if (isUnread) return 'configuration-unread';
    const isLog = path.startsWith('/var/log/');
    if (relation !== 'own' && (isLog || this.#isHome(path))) return isLog ? 'installed-log' : 'installed-home';
    return isLog ? 'prepared-log' : isBinary ? 'prepared-unnamed' : 'prepared-unseen';
  }

  /**
   * A whole tree below /var that the unit's package ships, directories in a directory, and whose root the program does not
   * name: who wants to make it by itself has to.
   */
  ownTrees(): void {
    if (this.#isOneshot() || this.#isOnBus()) return;
    const program = this.#ownProgram((kind) => kind !== 'shell');
    if (program === undefined) return;
    const named = this.#namedPaths();
    for (const name of this.#identity.packages) {
      for (const path of this.#view.packages.stateFilesOf(name)) {
        const root = /^\/var\/(?:lib|spool)\/[^/]+(?=\/)/.exec(path)?.[0];
        if (root === undefined || named.has(root) || this.#made.has(root)) continue;
        if (this.#view.shipped.lookup(path)?.type !== 'directory' || this.#view.tree.lookup(root) !== undefined)
          continue;
        named.add(root);
        if (this.#isShared(root, 'own')) continue;
        const message = `${baseName(program.path)} is run, and its package ships directories in ${root}`;
        const chain = this.#chain({ chain: [{ file: program.path, message }] }, root, root);
        const { weight } = stateWeights['own-tree'];
        this.#add(root, { kind: 'state', subject: root, evidence: 'own-tree', weight, place: program.place, chain });
      }
    }
  }

  /** The very paths that something names: their evidence is judged by itself. */
  #namedPaths(only?: PathReference['source']): Set<string> {
    const named = new Set<string>();
    for (const { source, path } of this.#references.paths) {
      if (only === undefined || source === only) named.add(settledPath(path));
    }
    return named;
  }

  /** A program of the unit's own package, or of one of the same source. */
  #ownProgram(isLooked: (kind: ProgramKind) => boolean = () => true): References['programs'][number] | undefined {
    return this.#references.programs.find(
      ({ path, kind }) => isLooked(kind) && ['own', 'sibling'].includes(relationOf(path, this.#identity, this.#view)),
    );
  }

  /**
   * True if a program of the package is asked whether the service shall start (ExecCondition=), and the package's directory
   * in /etc is gone: the service is then skipped as not configured.
   */
  isAskedBefore(): boolean {
    for (const setting of this.#unit.list('Service', 'ExecCondition')) {
      const program = /^[-@:+!|]*(\/\S+)/.exec(setting.entry.value)?.[1];
      if (program === undefined) continue;
      const isOwn = ['own', 'sibling'].includes(relationOf(program, this.#identity, this.#view));
      if (isOwn && this.#lostDirectory(program) !== undefined) return true;
    }
    return false;
  }

  /** The directory in /etc with the files of an interpreted program whose modules cannot be read. */
  ownDirectory(): void {
    if (this.#hasConfigurationEvidence() || this.#isOneshot()) return;
    const program = this.#ownProgram();
    if (program === undefined || (program.kind !== 'script' && program.kind !== 'opaque')) return;
    const directory = this.#lostDirectory(program.path);
    if (directory === undefined || !this.#isTheirs(directory)) return;
    const message = `${baseName(program.path)} is run, and its package has its configuration in ${directory}`;
    const chain = this.#chain({ chain: [{ file: program.path, message }] }, directory, directory);
    const evidence = 'own-directory-unseen';
    const { weight } = configurationWeights[evidence];
    this.#add(directory, { kind: 'configuration', subject: directory, evidence, weight, place: program.place, chain });
  }

  /** False if the directory may be another service's of the same package: it does not go by this one's name. */
  #isTheirs(directory: string): boolean {
    const name = baseName(directory);
    const stems = [...this.#unit.names, ...this.#references.programs.map(({ path }) => baseName(path))];
    if (stems.some((stem) => namesMatch(stem.replace(/(?:@.*)?\.[a-z]+$/, ''), name))) return true;
    const services = [...this.#identity.packages]
      .flatMap((owner) => this.#view.packages.filesOf(owner))
      .filter((path) => /\/systemd\/system\/[^/]+\.service$/.test(path));
    return services.length < 2;
  }

  /** A directory of the unit's name right below /etc that is gone and that its packages shipped files in. */
  #lostDirectory(program: string): string | undefined {
    for (const name of this.#packagesOfSource(program)) {
      for (const path of this.#view.packages.stateFilesOf(name)) {
        const directory = /^\/etc\/[^/]+(?=\/)/.exec(path)?.[0];
        if (directory === undefined || isSystemPath(directory) || !hasName(baseName(directory), this.#identity))
          continue;
        if (this.#view.tree.lookup(directory) !== undefined) continue;
        if (this.#view.shipped.lookup(path)?.type === 'file') return directory;
      }
    }
    return undefined;
  }

  /** The unit's packages and those that the program's script takes its configuration from: the ones of the same source. */
  #packagesOfSource(program: string): readonly string[] {
    const { packages } = this.#view;
    const names = new Set([...this.#identity.packages, ...packages.ownersOf(program)]);
    for (const source of this.#identity.sources) for (const name of packages.packagesOf(source)) names.add(name);
    return [...names];
  }

  accounts(): void {
    const { accounts, shippedAccounts } = this.#view;
    const isGone = (kind: 'user' | 'group', name: string) =>
      kind === 'user' ? !accounts.hasUser(name) : !accounts.hasGroup(name);
    for (const { source, kind, name, place, chain } of this.#references.accounts) {
      if (source === 'embedded' || !isGone(kind, name)) continue;
      this.#account(kind, name, source, place, chain);
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
      this.#account('user', name, 'own-name', program.place, chain);
    }
  }

  #isMadeByPackage(account: string): boolean {
    const pattern = new RegExp(`(?<![\\w-])${account.replace(/[^\w-]/g, '\\$&')}(?![\\w-])`);
    return [...this.#identity.packages].some((name) => pattern.test(this.#view.packages.installScriptOf(name)));
  }

  #account(
    kind: 'user' | 'group',
    name: string,
    row: keyof typeof accountWeights,
    place: ProgramNeed['place'],
    chain: readonly RelatedPlace[],
  ): void {
    const file = kind === 'user' ? '/etc/passwd' : '/etc/group';
    const end = { file, message: `has the ${kind} ${name} in the image; after the reset nothing makes it` };
    this.#add(`${kind}:${name}`, {
      kind: kind === 'user' ? 'account' : 'group',
      subject: name,
      evidence: `account-${row}`,
      weight: accountWeights[row].weight,
      place,
      chain: [...chain, end],
    });
  }

  /** Variables of the command line that only a lost environment file sets. */
  options(): void {
    for (const command of this.#references.commands) {
      for (const { variable, value, file, place, isOptionValue } of command.lost) {
        const evidence = isOptionValue ? 'options-value' : 'options';
        const { weight } = otherWeights[evidence];
        const chain = [
          { ...command.place, message: `takes ${variable} from ${file}` },
          { file, message: `set it to "${value.slice(0, 60)}" in the image and is gone after the reset` },
        ];
        this.#add(`options:${file}`, { kind: 'options', subject: file, evidence, weight, place, chain });
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
    const evidence = 'bus-policy';
    this.#add(lost, {
      kind: 'bus-policy',
      subject: lost,
      evidence,
      weight: otherWeights[evidence].weight,
      place,
      chain,
    });
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

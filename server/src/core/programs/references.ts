/** Everything that a unit's programs refer to, with the way that leads there. Nothing is judged here. */

import { fnmatch } from '../pattern/fnmatch.ts';
import type { Place, RelatedPlace } from '../problems/problem.ts';
import { decodeText } from '../text/bytes.ts';
import type { Inode } from '../tree/inode.ts';
import { baseName, joinPath, parentPath } from '../tree/tree.ts';
import type { Unit } from '../units/unit.ts';
import { readConfigText } from './config-text.ts';
import { mendEmbedded } from './embedded-text.ts';
import { type ArgumentWord, commandsOf, type ProgramCommand, readUnitEnvironment, textAt } from './exec-commands.ts';
import { carriesName, hasName, type Identity, identityOf, isMainFile, relationOf } from './identity.ts';
import { settledPath } from './loss.ts';
import type { ProgramView } from './program-view.ts';
import { runShell, type ShellReference } from './shell-run.ts';
import { isSystemPath } from './system-files.ts';

/**
 * `mounts-for`: RequiresMountsFor=; `argument`: a word of the command line; `option`: the value of an option that names a configuration file; `environment`:
 * the value of a variable; `shell-…`: what a shell script does with it; `script`: stands in quotes in the text of another
 * script; `embedded`: stands in the executable; `configuration`: named in a configuration file that is still there.
 */
export type ReferenceSource =
  | 'argument'
  | 'option'
  | 'environment'
  | 'mounts-for'
  | 'shell-require'
  | 'shell-run'
  | 'shell-source'
  | 'shell-argument'
  | 'script'
  | 'embedded'
  | 'configuration';

export interface PathReference {
  readonly source: ReferenceSource;
  readonly path: string;
  readonly place: Place;
  readonly chain: readonly RelatedPlace[];
  /** False if something that cannot be known decides whether it is reached. */
  readonly isSure: boolean;
  /** For shell scripts: whether the script fails with it. */
  readonly isFatal: boolean;
  /** For configuration: the word in front of it. */
  readonly key?: string;
}

export interface AccountReference {
  readonly source: 'option' | 'configuration' | 'embedded';
  readonly kind: 'user' | 'group';
  readonly name: string;
  readonly place: Place;
  readonly chain: readonly RelatedPlace[];
}

export interface References {
  readonly identity: Identity;
  readonly commands: readonly ProgramCommand[];
  readonly paths: readonly PathReference[];
  readonly accounts: readonly AccountReference[];
  /** Configuration that is there but whose text is not known. */
  readonly unread: readonly PathReference[];
  /** Directories that mkdir(1) or install(1) makes when a command of the unit or a script runs it. */
  readonly made: ReadonlySet<string>;
  /** The programs that run, wrappers and scripts included, with how they can be looked into. */
  readonly programs: readonly { readonly path: string; readonly kind: ProgramKind; readonly place: Place }[];
}

/** `opaque`: neither its text nor the paths embedded in it are known. */
export type ProgramKind = 'shell' | 'script' | 'binary' | 'opaque';

const pathMax = 512;
const pathsMax = 3000;
const programsMax = 12;
const configFilesMax = 80;
const depthMax = 2;
const includeDepthMax = 3;

export function collectReferences(unit: Unit, view: ProgramView): References {
  const environment = readUnitEnvironment(unit, view);
  const commands = commandsOf(unit, view, environment);
  const identity = identityOf(
    unit,
    commands.map((command) => command.program),
    view,
  );
  const collector = new Collector(view, identity);
  for (const [name, { value, place }] of environment.values) {
    if (!value.startsWith('/')) continue;
    collector.path('environment', value, place, []);
    collector.directories.set(name, value);
  }
  const variables = new Map([...environment.values].map(([name, { value }]) => [name, value]));
  for (const command of commands) {
    collector.command(command.program, command.words, command.place, [], 0, variables);
  }
  for (const setting of unit.list('Unit', 'RequiresMountsFor')) {
    for (const word of setting.entry.value.split(/\s+/)) {
      const expansion = unit.expand(word.replace(/^-/, ''));
      if (expansion.kind === 'value') collector.path('mounts-for', expansion.value, unit.place(setting), []);
    }
  }
  collector.followConfiguration(conditionPaths(unit));
  return {
    identity,
    commands,
    paths: collector.paths,
    accounts: collector.accounts,
    unread: collector.unread,
    made: collector.made,
    programs: collector.programs,
  };
}

/** Files that the unit's conditions ask for: as it starts, they are there, and they are what it works by. */
function conditionPaths(unit: Unit): readonly PathReference[] {
  const references: PathReference[] = [];
  for (const key of ['ConditionPathExists', 'AssertPathExists', 'ConditionFileNotEmpty', 'AssertFileNotEmpty']) {
    for (const setting of unit.list('Unit', key)) {
      const expansion = unit.expand(setting.entry.value.replace(/^\|/, ''));
      if (expansion.kind !== 'value' || !expansion.value.startsWith('/etc/')) continue;
      const place = unit.place(setting);
      references.push({ source: 'option', path: expansion.value, place, chain: [], isSure: true, isFatal: false });
    }
  }
  return references;
}

/** Options whose value is a configuration file, in the forms of getopt(3). */
const configOption =
  /^--?(?:c|C|f|cfg|conf|config|config[-_]?file|conf[-_]?file|configuration|fpm-config|defaults-file)$/i;
const userOption =
  /^(?:--?)(?:u|U|user|uid|setuid|username|run-as|runas|chuid|reuid|owner|o|unprivileged-user|drop-privileges-to)$/i;
const groupOption = /^(?:--?)(?:g|G|group|gid|setgid|regid|groupname)$/i;

/** Options of install(1) and mkdir(1). */
const directoryOption = /^(?:-[a-zA-Z]*d[a-zA-Z]*|--directory)$/;
const parentsOption = /^(?:-[a-zA-Z]*p[a-zA-Z]*|--parents)$/;

const searchPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

function candidatesOf(program: string): readonly string[] {
  if (program.startsWith('/')) return [program];
  return program.includes('/') ? [] : searchPath.map((directory) => joinPath(directory, program));
}

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'busybox', 'zsh']);

class Collector {
  readonly paths: PathReference[] = [];
  readonly accounts: AccountReference[] = [];
  readonly unread: PathReference[] = [];
  readonly programs: { path: string; kind: ProgramKind; place: Place }[] = [];
  readonly made = new Set<string>();
  readonly #view: ProgramView;
  readonly #identity: Identity;
  readonly #seenPrograms = new Set<string>();
  /** Variables with paths that scripts and the unit set: configuration may refer to them. */
  readonly directories = new Map<string, string>();
  #ownPathList: readonly string[] | undefined;

  constructor(view: ProgramView, identity: Identity) {
    this.#view = view;
    this.#identity = identity;
  }

  path(
    source: ReferenceSource,
    path: string,
    place: Place,
    chain: readonly RelatedPlace[],
    more: { readonly isSure?: boolean; readonly isFatal?: boolean; readonly key?: string } = {},
  ): void {
    if (!/^\/(?:etc|var|run|srv|opt|usr\/share)\//.test(path)) return;
    if (path.length > pathMax || this.paths.length >= pathsMax) return;
    const { isSure = true, isFatal = false, key } = more;
    this.paths.push({ source, path, place, chain, isSure, isFatal, ...(key === undefined ? {} : { key }) });
  }

  command(
    program: string,
    words: readonly ArgumentWord[],
    place: Place,
    chain: readonly RelatedPlace[],
    depth: number,
    variables: ReadonlyMap<string, string>,
  ): void {
    this.#arguments(words, chain);
    const found = this.#find(program);
    if (found === undefined || depth > depthMax || this.programs.length >= programsMax) return;
    const texts = words.map((word) => word.text);
    this.#makesDirectories(baseName(found.path), texts);
    const key = [found.path, ...texts].join('\0');
    if (this.#seenPrograms.has(key)) return;
    this.#seenPrograms.add(key);
    const inlineAt = texts.findIndex((text) => /^-[a-z]*c$/.test(text));
    const inline = shells.has(baseName(found.path)) && inlineAt !== -1 ? words[inlineAt + 1] : undefined;
    if (inline !== undefined) {
      const steps = [...chain, { ...inline.place, message: `runs a script with ${baseName(found.path)} -c` }];
      this.#shell(inline.text, ['sh', ...texts.slice(inlineAt + 2)], '', inline.place, steps, depth, variables, true);
      return;
    }
    this.#look(found.path, found.inode, texts, place, chain, depth, variables);
    // A program that is started by another one: env, setpriv, start-stop-daemon, an interpreter.
    const inner = words.findIndex((word) => this.#isProgram(word.text));
    const word = words[inner];
    if (word !== undefined) this.command(word.text, words.slice(inner + 1), word.place, chain, depth + 1, variables);
  }

  #arguments(words: readonly ArgumentWord[], chain: readonly RelatedPlace[]): void {
    words.forEach((word, index) => {
      const before = words[index - 1]?.text ?? '';
      const steps = word.from === undefined ? chain : [...chain, variableStep(word.from)];
      const match = /^(--?[\w-]+)=(.+)$/.exec(word.text);
      const option = match?.[1] ?? (before.startsWith('-') ? before : '');
      const value = match?.[2] ?? word.text;
      const glued = /^-[A-Za-z](\/.+)$/.exec(word.text)?.[1];
      const path = glued ?? (value.startsWith('/') ? value : /^[\w.-]+[=:](\/[^:]+)$/.exec(value)?.[1]);
      if (path !== undefined) {
        const isOption = configOption.test(option) || (glued !== undefined && configOption.test(word.text.slice(0, 2)));
        this.path(isOption ? 'option' : 'argument', path, word.place, steps);
      } else if (!value.includes('/')) this.#accountOption(option, value, word.place, steps);
    });
  }

  /** `--user NAME`, `-u USER:GROUP` and the like; only names that the shipped image knows count. */
  #accountOption(option: string, value: string, place: Place, chain: readonly RelatedPlace[]): void {
    const isUser = userOption.test(option);
    if (!isUser && !groupOption.test(option)) return;
    const [first = '', second] = value.split(/[:.]/);
    this.account(isUser ? 'user' : 'group', first, 'option', place, chain);
    if (isUser && second !== undefined) this.account('group', second, 'option', place, chain);
  }

  account(
    kind: 'user' | 'group',
    name: string,
    source: AccountReference['source'],
    place: Place,
    chain: readonly RelatedPlace[],
  ): void {
    const { shippedAccounts } = this.#view;
    const isKnown = kind === 'user' ? shippedAccounts.hasUser(name) : shippedAccounts.hasGroup(name);
    if (isKnown) this.accounts.push({ source, kind, name, place, chain });
  }

  #find(program: string): { readonly path: string; readonly inode: Inode } | undefined {
    const candidates = program.startsWith('/')
      ? [program]
      : searchPath.map((directory) => joinPath(directory, program));
    for (const candidate of candidates) {
      const found = this.#view.tree.walk(candidate);
      if (found.kind === 'found' && found.inode.type === 'file') return found;
    }
    return undefined;
  }

  #isProgram(text: string): boolean {
    if (!/^\/(?:usr\/|s?bin\/|lib\/|opt\/)/.test(text)) return false;
    const inode = this.#view.tree.lookup(text);
    return inode?.type === 'file' && ((inode.mode ?? 0) & 0o111) !== 0;
  }

  /** Looks into a program file. */
  #look(
    path: string,
    inode: Inode,
    texts: readonly string[],
    place: Place,
    chain: readonly RelatedPlace[],
    depth: number,
    variables: ReadonlyMap<string, string>,
  ): void {
    const { content } = inode;
    const steps = [...chain, { file: path, message: `${baseName(path)} is run` }];
    const isScript = content.kind === 'bytes' && content.bytes[0] === 0x23 && content.bytes[1] === 0x21;
    if (isScript) {
      const text = decodeText(content.bytes.subarray(0, 512 * 1024));
      const head = text.slice(0, Math.max(0, text.indexOf('\n')));
      const interpreter = /^#!\s*(?:\S*\/env\s+(?:-\S+\s+)*)?(\S+)/.exec(head)?.[1] ?? '';
      if (shells.has(baseName(interpreter))) {
        this.programs.push({ path, kind: 'shell', place });
        const isStrict = baseName(interpreter) !== 'bash';
        this.#shell(text, [path, ...texts], head, place, steps, depth, variables, isStrict);
        return;
      }
      this.programs.push({ path, kind: 'script', place });
      this.#scriptText(path, text, place, steps);
      this.#modules(path, text, place, steps);
      return;
    }
    const embedded = this.#view.image.embeddedPaths?.(path);
    this.programs.push({ path, kind: embedded === undefined ? 'opaque' : 'binary', place });
    if (embedded === undefined) return;
    const { shipped } = this.#view;
    const isShipped = (name: string) => shipped.lookup(name) !== undefined;
    for (const name of mendEmbedded(embedded, { isShipped, ownPaths: this.#ownPaths() })) {
      this.path('embedded', name, place, steps);
    }
  }

  #ownPaths(): readonly string[] {
    this.#ownPathList ??= [...this.#identity.packages].flatMap((name) => this.#view.packages.stateFilesOf(name));
    return this.#ownPathList;
  }

  #scriptText(path: string, text: string, place: Place, chain: readonly RelatedPlace[]): void {
    for (const { path: name, line } of readConfigText(text, { quoted: true }).paths) {
      this.path('script', name, place, [...chain, { file: path, line, message: `names ${name}` }]);
    }
  }

  /** Modules of the script's own package that it loads, one level on: their texts name what the script opens. */
  #modules(path: string, text: string, place: Place, chain: readonly RelatedPlace[]): void {
    const [owner] = this.#view.packages.ownersOf(path);
    if (owner === undefined) return;
    const names = new Set<string>();
    for (const match of text.matchAll(/^\s*(?:from|import|use|require|require_relative)\s+['"]?([\w.:/-]+)/gm)) {
      if (match[1] !== undefined) names.add(match[1].replaceAll('::', '/').replaceAll('.', '/'));
    }
    if (names.size === 0) return;
    let count = 0;
    for (const file of this.#view.packages.filesOf(owner)) {
      if (count >= 40 || !/\.(?:py|pm|pl|rb)$/.test(file)) continue;
      const isLoaded = [...names].some(
        (name) => file.includes(`/${name}.`) || file.includes(`/${name.split('/')[0]}/`),
      );
      if (!isLoaded) continue;
      count += 1;
      const module = textAt(this.#view.tree, file);
      if (module !== undefined) this.#scriptText(file, module, place, [...chain, { file, message: 'is loaded' }]);
    }
  }

  #shell(
    text: string,
    positional: readonly string[],
    head: string,
    place: Place,
    chain: readonly RelatedPlace[],
    depth: number,
    variables: ReadonlyMap<string, string>,
    isStrict: boolean,
  ): void {
    const { tree } = this.#view;
    const file = positional[0]?.startsWith('/') ? positional[0] : undefined;
    const { references, variables: left } = runShell(
      { text, positional, environment: variables, exitsOnError: /^#!\s*\S+\s+-\w*e/.test(head), isStrict },
      {
        test: (operator, path) => testFile(operator, path, this.#view),
        sourceText: (path) => textAt(tree, path),
        parse: (script) => this.#view.parseScript(script),
      },
    );
    for (const [name, value] of left) if (value.startsWith('/')) this.directories.set(name, value);
    for (const reference of references) {
      const at: RelatedPlace = {
        ...(file === undefined ? place : { file, line: reference.line }),
        message: useText(reference),
      };
      this.#shellReference(reference, place, [...chain, at], depth, variables);
    }
  }

  #shellReference(
    reference: ShellReference,
    place: Place,
    chain: readonly RelatedPlace[],
    depth: number,
    variables: ReadonlyMap<string, string>,
  ): void {
    const { isSure, isFatal, path } = reference;
    switch (reference.use) {
      case 'require':
        this.path('shell-require', path, place, chain, { isSure, isFatal });
        return;
      case 'source':
        this.path('shell-source', path, place, chain, { isSure, isFatal });
        return;
      case 'argument':
      case 'read':
      case 'write':
        this.path('shell-argument', path, place, chain, { isSure, isFatal });
        return;
      case 'run': {
        this.#shellCommand(reference, place, chain, depth, variables);
      }
    }
  }

  #shellCommand(
    { path: name, arguments: given = [], isSure, isFatal }: ShellReference,
    place: Place,
    chain: readonly RelatedPlace[],
    depth: number,
    variables: ReadonlyMap<string, string>,
  ): void {
    const words = given.flatMap((text) => (text === undefined ? [] : [{ text, place }]));
    this.#makesDirectories(baseName(name), given);
    const found = this.#find(name);
    if (found === undefined) {
      const path = candidatesOf(name).find((candidate) => this.#view.shipped.lookup(candidate) !== undefined);
      if (path !== undefined) this.paths.push({ source: 'shell-run', path, place, chain, isSure, isFatal });
      return;
    }
    const isOwn = this.#isOwnFile(found.path);
    // What the script hands to programs of its own package counts as theirs; common tools get their options looked at only.
    if (isOwn && isSure) this.command(name, words, place, chain, depth + 1, variables);
    else if (isSure || isOwn) this.#accountsOnly(words, chain);
    if (isOwn) return;
    // start-stop-daemon, setpriv and the like run the program that they are handed.
    const inner = words.findIndex((word) => this.#isProgram(word.text) && this.#isOwnFile(word.text));
    const program = words[inner];
    if (program !== undefined && isSure) {
      const behind = words.slice(inner + 1);
      const separator = behind.findIndex((word) => word.text === '--');
      this.command(program.text, behind.slice(separator + 1), place, chain, depth + 1, variables);
    }
  }

  /** Whether a script really comes to it does not matter: somebody has thought of the directory. */
  #makesDirectories(program: string, texts: readonly (string | undefined)[]): void {
    const isMaker =
      program === 'mkdir' || (program === 'install' && texts.some((text) => directoryOption.test(text ?? '')));
    if (!isMaker) return;
    const withParents = program === 'install' || texts.some((text) => parentsOption.test(text ?? ''));
    for (const text of texts) {
      if (text?.startsWith('/') !== true) continue;
      let path = settledPath(text);
      if (!withParents && this.#view.tree.lookup(parentPath(path)) === undefined && !this.made.has(parentPath(path)))
        continue;
      for (; path !== '/' && !this.made.has(path); path = parentPath(path)) this.made.add(path);
    }
  }

  #isOwnFile(path: string): boolean {
    const relation = relationOf(path, this.#identity, this.#view);
    return relation === 'own' || relation === 'sibling';
  }

  #accountsOnly(words: readonly ArgumentWord[], chain: readonly RelatedPlace[]): void {
    words.forEach((word, index) => {
      const match = /^(--?[\w-]+)=(.+)$/.exec(word.text);
      const option = match?.[1] ?? words[index - 1]?.text ?? '';
      this.#accountOption(option, match?.[2] ?? word.text, word.place, chain);
    });
  }

  /** Reads the configuration that is still there and belongs to the unit, and what that names. */
  followConfiguration(conditions: readonly PathReference[]): void {
    const seen = new Set<string>();
    const queue: { reference: PathReference; depth: number }[] = [];
    const add = (reference: PathReference, depth: number) => {
      for (const file of this.#configFiles(reference.path)) {
        if (seen.size >= configFilesMax || seen.has(file)) continue;
        seen.add(file);
        queue.push({ reference: { ...reference, path: file }, depth });
      }
    };
    for (const reference of [...this.paths, ...conditions]) if (this.#mayBeConfiguration(reference)) add(reference, 0);
    // Nobody names its configuration, so that of its package counts: it is read by modules or libraries.
    if (queue.length === 0) for (const reference of this.#ownMainFiles()) add(reference, 0);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { reference, depth } = next;
      const text = textAt(this.#view.tree, reference.path);
      if (text === undefined) this.unread.push(reference);
      if (text === undefined || text.startsWith('#!')) continue;
      const { paths, accounts } = readConfigText(this.#expandVariables(text));
      const chain = [...reference.chain, { file: reference.path, message: 'is read as configuration' }];
      for (const { path, line, key } of paths) {
        const step = { file: reference.path, line, message: `names ${path}` };
        this.path('configuration', path, reference.place, [...reference.chain, step], { key });
        const named: PathReference = { ...reference, source: 'configuration', path, chain };
        if (depth < includeDepthMax && this.#mayBeConfiguration(named)) add(named, depth + 1);
      }
      for (const { kind, name, line } of accounts) {
        const step = { file: reference.path, line, message: `names the ${kind} ${name}` };
        this.account(kind, name, 'configuration', reference.place, [...reference.chain, step]);
      }
    }
  }

  /** Configuration with the variables of the environment in it: `${LOG_DIR}/error.log`. */
  #expandVariables(text: string): string {
    if (this.directories.size === 0 || !text.includes('${')) return text;
    return text.replace(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => this.directories.get(name) ?? whole);
  }

  #ownMainFiles(): readonly PathReference[] {
    const program = this.programs.find(({ path, kind }) => kind !== 'shell' && this.#isOwnFile(path));
    if (program === undefined) return [];
    const references: PathReference[] = [];
    for (const name of this.#identity.packages) {
      for (const path of this.#view.packages.stateFilesOf(name)) {
        if (!path.startsWith('/etc/') || isSystemPath(path) || !isMainFile(path, this.#identity)) continue;
        // What lies in the directories of other programs (logrotate.d, cron.daily) is theirs.
        const directory = parentPath(path);
        if (directory !== '/etc' && !carriesName(directory, this.#identity)) continue;
        const chain = [{ file: program.path, message: `${baseName(program.path)} is run` }];
        references.push({ source: 'script', path, place: program.place, chain, isSure: true, isFatal: false });
      }
    }
    // A wrapper that nobody can look into takes its variables from there, whoever wrote the file.
    if (program.kind === 'opaque') {
      const directory = this.#view.shipped.lookup('/etc/default');
      for (const name of directory?.type === 'directory' ? directory.names() : []) {
        if (!hasName(name, this.#identity)) continue;
        const chain = [{ file: program.path, message: `${baseName(program.path)} is run` }];
        const path = `/etc/default/${name}`;
        references.push({ source: 'script', path, place: program.place, chain, isSure: true, isFatal: false });
      }
    }
    return references;
  }

  #mayBeConfiguration({ source, path }: PathReference): boolean {
    if (!path.startsWith('/etc/') && !path.startsWith('/usr/share/')) return false;
    // A shell script that hands it to grep(1) does not work by it.
    if (source.startsWith('shell-')) return false;
    if (source === 'option' || source === 'configuration') return path.startsWith('/etc/') || source === 'option';
    if (source === 'argument' || source === 'environment') return true;
    return relationOf(path, this.#identity, this.#view) !== 'foreign';
  }

  /** The files that a path of a configuration stands for: itself, those that a pattern matches, those of a `.d` directory. */
  #configFiles(path: string): readonly string[] {
    const { tree } = this.#view;
    if (/[*?]/.test(baseName(path))) {
      const directory = parentPath(path);
      const inode = /[*?]/.test(directory) ? undefined : tree.lookup(directory);
      if (inode?.type !== 'directory') return [];
      return inode
        .names()
        .filter((name) => fnmatch(baseName(path), name))
        .map((name) => joinPath(directory, name))
        .sort();
    }
    const inode = tree.lookup(path);
    if (inode?.type === 'file') return [path];
    if (inode?.type !== 'directory') return [];
    const directory = path.replace(/\/+$/, '');
    const files = inode.names().map((name) => joinPath(directory, name));
    if (/(?:\.d|conf|conf\.d|-enabled)$/.test(directory)) return files.sort();
    return files.filter((file) => /\.(?:conf|cf|cfg|cnf|ini)$/.test(file) || isMainFile(file, this.#identity)).sort();
  }
}

function variableStep({ variable, place }: { readonly variable: string; readonly place: Place }): RelatedPlace {
  return { ...place, message: `sets ${variable}` };
}

function useText(reference: ShellReference): string {
  const texts: Readonly<Record<ShellReference['use'], string>> = {
    run: 'runs',
    source: 'sources',
    argument: 'hands on',
    read: 'reads',
    write: 'writes',
    require: 'ends with an error without',
  };
  return `${texts[reference.use]} ${reference.path}`;
}

/** test(1) on the tree of the moment. What a start before this one may have made below /run cannot be known. */
function testFile(operator: string, path: string, view: ProgramView): boolean | undefined {
  const inode = view.tree.lookup(path, { follow: operator !== 'L' && operator !== 'h' });
  if (inode === undefined) return /^\/(?:run|tmp|dev|proc|sys)\//.test(path) ? undefined : false;
  switch (operator) {
    case 'e':
    case 'r':
    case 'w':
      return true;
    case 'f':
      return inode.type === 'file';
    case 'd':
      return inode.type === 'directory';
    case 'L':
    case 'h':
      return inode.type === 'symlink';
    case 's':
      return inode.type === 'file' ? (inode.size === undefined ? undefined : inode.size > 0) : true;
    case 'x':
      return inode.mode === undefined ? undefined : (inode.mode & 0o111) !== 0;
    case 'S':
    case 'p':
    case 'b':
    case 'c':
      return false;
    default:
      return undefined;
  }
}

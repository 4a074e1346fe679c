/** systemd-sysusers(8): reads sysusers.d, gives out ids and rewrites the account databases of a tree. */

import { indexGroups, indexUsers } from '../../accounts/account-index.ts';
import type { GroupEntry } from '../../accounts/group.ts';
import type { PasswdEntry } from '../../accounts/passwd.ts';
import {
  type ExpandWord,
  interpretSysusersWords,
  parseSysusers,
  parseSysusersLine,
} from '../../formats/sysusers/parse.ts';
import type { SysusersLine } from '../../formats/sysusers/syntax.ts';
import { type ConfigFile, findConfigFiles } from '../../layering/config-files.ts';
import { insertReplacement } from '../../layering/replacement.ts';
import type { Cause, Message, Place } from '../../problems/problem.ts';
import { expandSpecifiers, type SpecifierContext, specifierContext } from '../../specifier/specifier.ts';
import { decodeText } from '../../text/bytes.ts';
import { Inode } from '../../tree/inode.ts';
import type { Tree } from '../../tree/tree.ts';
import { walkFromOutside } from '../../tree/walk-from-outside.ts';
import type { BootInputs, GivenFile } from '../boot-inputs.ts';
import { type Allocation, allocateIds, type IdChoice } from './allocate.ts';
import { type Declaration, Declarations } from './declarations.ts';
import { databaseFailure, makeFileIn, readGroup, readPasswd, writeDatabases } from './write-databases.ts';

export interface SysusersOptions {
  /** --replace=: the given files or lines are read where this path would be. */
  readonly replace?: string;
  /** Configuration files given as arguments. */
  readonly given: readonly GivenFile[];
  /** Lines given as arguments of --inline. */
  readonly inline: readonly string[];
}

/** A user of the resulting passwd file. */
interface SysusersUser {
  readonly entry: PasswdEntry;
  /** The line that created it; undefined if the file had it before. */
  readonly cause: Cause | undefined;
  /** True if no line declares it but an `m` line names it. */
  readonly isImplied: boolean;
  readonly isLocked: boolean;
  readonly id: IdChoice | undefined;
}

/** A group of the resulting group file. */
interface SysusersGroup {
  readonly entry: GroupEntry;
  /** The line that created it; undefined if the file had it before. */
  readonly cause: Cause | undefined;
  readonly isImplied: boolean;
  readonly id: IdChoice | undefined;
  /** The lines that made members, by member. */
  readonly memberCauses: ReadonlyMap<string, Cause>;
}

export interface SysusersResult {
  readonly exitStatus: 0 | 1;
  readonly messages: readonly Message[];
  /** As the files stand after the run. */
  readonly users: readonly SysusersUser[];
  readonly groups: readonly SysusersGroup[];
}

/** Where lines given with --inline stand, as the tool calls it. */
const INLINE_FILE = '(argument)';
const LOCK_FILE = '/etc/.pwd.lock';

/** Runs systemd-sysusers on a tree, which it changes. Never throws for anything that the tree holds. */
export function runSysusers(tree: Tree, inputs: BootInputs, options: SysusersOptions): SysusersResult {
  const reader = new Reader(tree, inputs, options);
  const { messages, declarations } = reader;
  const failed = (): SysusersResult => ({ exitStatus: 1, messages, users: [], groups: [] });
  if (!reader.read()) return failed();

  const { systemIds } = inputs.systemd.build;
  if (declarations.ranges.isEmpty) declarations.ranges.add(systemIds.from, systemIds.to);
  declarations.addImplied();

  const lockProblem = takeLock(tree, inputs);
  if (lockProblem !== undefined) {
    messages.push({
      code: 'lock-failed',
      severity: 'error',
      phase: 'sysusers',
      text: `${LOCK_FILE} cannot be opened: ${lockProblem}; nothing is written at all`,
      place: { file: LOCK_FILE },
      subject: LOCK_FILE,
    });
    return failed();
  }
  const passwd = readPasswd(tree, inputs);
  if ('failure' in passwd) {
    messages.push(databaseFailure('/etc/passwd', passwd.failure));
    return failed();
  }
  const group = readGroup(tree, inputs);
  if ('failure' in group) {
    messages.push(databaseFailure('/etc/group', group.failure));
    return failed();
  }
  const database = { users: indexUsers(passwd.entries), groups: indexGroups(group.entries) };
  const allocation = allocateIds(tree, inputs, declarations, database, messages);
  const written = writeDatabases(tree, inputs, declarations, allocation, passwd, group, messages);
  const result = written.kind === 'written' ? written : { users: passwd.entries, groups: group.entries };
  return {
    exitStatus: written.kind === 'written' ? 0 : 1,
    messages,
    users: describeUsers(result.users, allocation, written.kind === 'written'),
    groups: describeGroups(result.groups, allocation, declarations),
  };
}

/** Reads all configuration into declarations. */
class Reader {
  readonly messages: Message[] = [];
  readonly declarations: Declarations;
  readonly #tree: Tree;
  readonly #inputs: BootInputs;
  readonly #options: SysusersOptions;
  readonly #context: SpecifierContext;

  constructor(tree: Tree, inputs: BootInputs, options: SysusersOptions) {
    this.#tree = tree;
    this.#inputs = inputs;
    this.#options = options;
    this.declarations = new Declarations(tree, inputs.systemd);
    this.#context = specifierContext(tree, inputs);
  }

  /** False if an argument cannot be used, which ends the run before anything is touched. */
  read(): boolean {
    const { replace, given, inline } = this.#options;
    if (replace === undefined && given.length + inline.length > 0) {
      if (!this.#readArguments()) return false;
    } else {
      const found = findConfigFiles(this.#tree, 'sysusers', this.#inputs);
      this.messages.push(...found.messages);
      for (const slot of insertReplacement(found, 'sysusers', replace, this.#tree, this.#inputs)) {
        if (slot === 'arguments') {
          if (!this.#readArguments()) return false;
        } else this.#readConfigFile(slot);
      }
    }
    const extra = this.#inputs.credentials.get('sysusers.extra');
    if (extra !== undefined) this.#readText('$CREDENTIALS_DIRECTORY/sysusers.extra', decodeText(extra));
    return true;
  }

  #readConfigFile(file: ConfigFile): void {
    if (file.text !== undefined) {
      this.#readText(file.path, file.text);
      return;
    }
    this.messages.push({
      code: 'config-unknown',
      severity: 'info',
      phase: 'sysusers',
      text: `the content of ${file.path} is not known, so what it declares is not known either`,
      place: { file: file.path },
      subject: file.path,
    });
  }

  /** All lines of one argument are read, but the first argument with a bad line is the last. */
  #readArguments(): boolean {
    for (const [i, text] of this.#options.inline.entries()) {
      const line = parseSysusersLine(text, { start: 0, end: text.length }, i + 1, this.#inputs.systemd);
      if (!this.#readLine(INLINE_FILE, line)) return false;
    }
    return this.#options.given.every((file) => this.#readText(file.name, file.text));
  }

  /** False if a line is refused or the reading ends early. */
  #readText(path: string, text: string): boolean {
    const { nodes, failure } = parseSysusers(text, this.#inputs.systemd);
    let isGood = true;
    for (const node of nodes) if (node.kind === 'line' && !this.#readLine(path, node)) isGood = false;
    if (failure === undefined) return isGood;
    this.messages.push({
      code: failure.code,
      severity: 'error',
      phase: 'sysusers',
      text: failure.message,
      place: { file: path, span: failure.span },
      subject: path,
    });
    return false;
  }

  #readLine(path: string, line: SysusersLine): boolean {
    const place: Place = { file: path, line: line.number, span: line.span };
    const meaning =
      line.hasSpecifiers && line.words !== undefined
        ? interpretSysusersWords(line.words, this.#inputs.systemd, this.#expand)
        : line.meaning;
    switch (meaning.kind) {
      case 'entry': {
        const conflict = this.declarations.add(meaning.entry, place);
        if (conflict !== undefined) this.messages.push(conflict);
        return true;
      }
      case 'refused':
        this.messages.push({
          code: meaning.problem.code,
          severity: 'error',
          phase: 'sysusers',
          text: meaning.problem.message,
          place: { ...place, span: meaning.problem.span },
          ...(line.words?.name === undefined ? {} : { subject: line.words.name.value }),
        });
        return false;
      case 'unknown':
        this.messages.push({
          code: 'specifier-unknown',
          severity: 'info',
          phase: 'sysusers',
          text: `the ${meaning.column} holds a specifier whose value only the running system knows`,
          place,
        });
        return true;
      default:
        return meaning satisfies never;
    }
  }

  readonly #expand: ExpandWord = (text, maximum) => {
    const expanded = expandSpecifiers(text, 'sysusers', this.#context, maximum);
    switch (expanded.kind) {
      case 'value':
        return expanded;
      case 'unknowable':
        return { kind: 'unknown' };
      case 'too-long':
        return { kind: 'refused', code: 'text-too-long', message: 'the text is too long' };
      case 'unknown-specifier':
        return {
          kind: 'refused',
          code: 'unknown-specifier',
          message: `sysusers.d has no specifier "%${expanded.letter}"`,
        };
      case 'no-information':
        return {
          kind: 'refused',
          code: 'specifier-without-value',
          message: `nothing tells what "%${expanded.letter}" stands for on this system`,
        };
      case 'invalid-information':
        return {
          kind: 'refused',
          code: 'specifier-without-value',
          message: `the file that tells what "%${expanded.letter}" stands for is not valid`,
        };
      default:
        return expanded satisfies never;
    }
  };
}

/** Opens the lock file, making it if need be. Returns why it cannot be opened. */
function takeLock(tree: Tree, inputs: BootInputs): string | undefined {
  const cause: Cause = { phase: 'sysusers', file: LOCK_FILE, action: 'created' };
  const walk = () => (inputs.semantics === 'boot' ? tree.walk('/etc') : walkFromOutside(tree, '/etc'));
  let etc = walk();
  const root = tree.root;
  if (etc.kind === 'missing' && root.child('etc') === undefined && inputs.systemd.has('sysusers-makes-etc')) {
    if (tree.isReadOnly('/')) return 'the file system is read-only';
    const made = Inode.create({ type: 'directory', mode: 0o755, cause: { ...cause, action: 'parent' } });
    root.set('etc', made);
    etc = walk();
  }
  if (etc.kind === 'outside') return '/etc leads out of the root';
  if (etc.kind !== 'found') return 'there is no /etc';
  if (etc.inode.type !== 'directory') return '/etc is not a directory';
  const lock = etc.inode.child('.pwd.lock');
  if (lock === undefined) {
    if (tree.isReadOnly(etc.path)) return 'the file system is read-only';
    const content = { kind: 'bytes' as const, bytes: new Uint8Array() };
    etc.inode.set('.pwd.lock', makeFileIn(etc.inode, 0o600, content, [cause]));
    return undefined;
  }
  if (lock.type === 'symlink' || lock.type === 'directory' || lock.type === 'socket') return `it is a ${lock.type}`;
  return tree.isReadOnly(etc.path) ? 'the file system is read-only' : undefined;
}

function describeUsers(
  entries: readonly PasswdEntry[],
  allocation: Allocation,
  isWritten: boolean,
): readonly SysusersUser[] {
  return entries.map((entry) => {
    const declared = isWritten && entry.line === undefined ? allocation.users.get(entry.uid) : undefined;
    return {
      entry,
      cause: declared === undefined ? undefined : creation(declared),
      isImplied: declared?.isImplied ?? false,
      isLocked: declared?.entry.kind === 'user' && declared.entry.isLocked,
      id: declared === undefined ? undefined : allocation.userIds.get(declared),
    };
  });
}

function describeGroups(
  entries: readonly GroupEntry[],
  allocation: Allocation,
  declarations: Declarations,
): readonly SysusersGroup[] {
  return entries.map((entry) => {
    const declared = entry.line === undefined ? allocation.groups.get(entry.gid) : undefined;
    const members = new Set(entry.members);
    const memberCauses = new Map<string, Cause>();
    for (const [user, place] of declarations.members.get(entry.name) ?? []) {
      if (members.has(user)) memberCauses.set(user, { ...place, phase: 'sysusers', action: 'changed' });
    }
    return {
      entry,
      cause: declared === undefined ? undefined : creation(declared),
      isImplied: declared?.isImplied ?? false,
      id: declared === undefined ? undefined : allocation.groupIds.get(declared),
      memberCauses,
    };
  });
}

function creation(declared: Declaration): Cause {
  return { ...declared.place, phase: 'sysusers', action: 'created' };
}

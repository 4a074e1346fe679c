/**
 * Reading and writing /etc/passwd, group, shadow and gshadow in the tree: what the new files hold, their rights and their
 * backups. All four are prepared before any of them is written, so a refusal leaves everything as it was.
 */

import { type AccountFile, isNisName } from '../../accounts/fields.ts';
import { type GroupEntry, parseGroup, printGroup } from '../../accounts/group.ts';
import { type GshadowEntry, parseGshadow, printGshadow } from '../../accounts/gshadow.ts';
import { type PasswdEntry, parsePasswd, printPasswd } from '../../accounts/passwd.ts';
import { parseShadow, printShadow, type ShadowEntry } from '../../accounts/shadow.ts';
import type { UserEntry } from '../../formats/sysusers/syntax.ts';
import { isShell, simplifyPath } from '../../formats/sysusers/values.ts';
import type { FileContent } from '../../image/image.ts';
import type { Cause, Message, Place } from '../../problems/problem.ts';
import { compareBytes, decodeText, encodeText } from '../../text/bytes.ts';
import { Inode } from '../../tree/inode.ts';
import { baseName, type Tree } from '../../tree/tree.ts';
import { walkFromOutside } from '../../tree/walk-from-outside.ts';
import type { BootInputs } from '../boot-inputs.ts';
import type { Allocation } from './allocate.ts';
import type { Declaration, Declarations } from './declarations.ts';

/** A database as it stands before the run. */
interface DatabaseFile<Entry> {
  readonly path: string;
  /** Undefined if there is no such file. */
  readonly inode: Inode | undefined;
  readonly entries: readonly Entry[];
  /** False if its content was left out of the image. */
  readonly isKnown: boolean;
}

/** A database that cannot be read ends the run. */
interface DatabaseFailure {
  readonly failure: string;
}

/** Reads a database as the tool opens it. */
function readDatabase<Entry>(
  tree: Tree,
  inputs: BootInputs,
  path: string,
  parse: (text: string) => AccountFile<Entry>,
): DatabaseFile<Entry> | DatabaseFailure {
  const found = inputs.semantics === 'boot' ? tree.walk(path) : walkFromOutside(tree, path);
  const missing = { path, inode: undefined, entries: [], isKnown: true };
  switch (found.kind) {
    case 'missing':
    // What the calling system has there is unknown; most likely nothing.
    case 'outside':
      return missing;
    case 'not-a-directory':
      return { failure: `${found.path} is not a directory` };
    case 'found':
      break;
    default:
      return { failure: 'too many symbolic links' };
  }
  const { inode } = found;
  if (inode.type === 'char') return { path, inode, entries: [], isKnown: true };
  if (inode.type !== 'file') return { failure: `it is a ${inode.type}` };
  const content = inode.content;
  if (content.kind === 'unreadable') return { failure: content.reason };
  if (content.kind === 'unknown') return { path, inode, entries: [], isKnown: false };
  return { path, inode, entries: parse(decodeText(content.bytes)).entries, isKnown: true };
}

export function readPasswd(tree: Tree, inputs: BootInputs): DatabaseFile<PasswdEntry> | DatabaseFailure {
  return readDatabase(tree, inputs, '/etc/passwd', parsePasswd);
}

export function readGroup(tree: Tree, inputs: BootInputs): DatabaseFile<GroupEntry> | DatabaseFailure {
  return readDatabase(tree, inputs, '/etc/group', parseGroup);
}

/** The new databases, or why there are none. */
type WriteResult =
  | {
      readonly kind: 'written';
      readonly users: readonly PasswdEntry[];
      readonly groups: readonly GroupEntry[];
    }
  | { readonly kind: 'failed' };

interface Prepared {
  readonly file: DatabaseFile<unknown>;
  /** Mode if there is no file to take the rights from. */
  readonly newMode: number;
  readonly content: FileContent;
  /** The lines that are the reason for the change. */
  readonly places: readonly Place[];
}

/** Prepares all four files, and if all can be written, writes those that change. */
export function writeDatabases(
  tree: Tree,
  inputs: BootInputs,
  declarations: Declarations,
  allocation: Allocation,
  passwd: DatabaseFile<PasswdEntry>,
  group: DatabaseFile<GroupEntry>,
  messages: Message[],
): WriteResult {
  const writer = new Writer(tree, inputs, declarations, allocation, messages);
  const users = writer.prepareGroups(group) && writer.preparePasswd(passwd);
  if (!users) return { kind: 'failed' };
  if (!writer.prepared.every((prepared) => writer.backUp(prepared))) {
    return { kind: 'failed' };
  }
  for (const prepared of writer.prepared) writer.replace(prepared);
  return { kind: 'written', users: writer.users, groups: writer.groups };
}

class Writer {
  readonly prepared: Prepared[] = [];
  users: readonly PasswdEntry[] = [];
  groups: readonly GroupEntry[] = [];
  readonly #tree: Tree;
  readonly #inputs: BootInputs;
  readonly #declarations: Declarations;
  readonly #allocation: Allocation;
  readonly #messages: Message[];

  constructor(tree: Tree, inputs: BootInputs, declarations: Declarations, allocation: Allocation, messages: Message[]) {
    this.#tree = tree;
    this.#inputs = inputs;
    this.#declarations = declarations;
    this.#allocation = allocation;
    this.#messages = messages;
  }

  /** Group and gshadow. False: the run ends. */
  prepareGroups(file: DatabaseFile<GroupEntry>): boolean {
    const { groups } = this.#allocation;
    this.groups = file.entries;
    if (groups.size === 0 && this.#declarations.members.size === 0) return true;
    const places: Place[] = [];
    let hasChanged = groups.size > 0;
    const [before, nis] = splitAtNis(file.entries);
    const entries: GroupEntry[] = before.map((entry) => {
      const members = this.#extendMembers(entry, places);
      if (members === undefined) return entry;
      hasChanged = true;
      return { ...entry, members };
    });
    for (const item of groups.values()) {
      places.push(item.place);
      const entry = { name: item.name, password: 'x', gid: item.gid ?? 0, members: [], line: undefined };
      entries.push({ ...entry, members: this.#extendMembers(entry, places) ?? [] });
    }
    const all = [...entries, ...nis];
    if (!this.#prepare({ file, newMode: 0o644, places, hasChanged, entries: all, print: printGroup })) return false;
    if (hasChanged) this.groups = all;
    return this.#prepareGshadow();
  }

  #prepareGshadow(): boolean {
    const file = readDatabase(this.#tree, this.#inputs, '/etc/gshadow', parseGshadow);
    if ('failure' in file) return this.#fail('/etc/gshadow', file.failure);
    const { groups } = this.#allocation;
    const places: Place[] = [];
    let hasChanged = false;
    const entries: GshadowEntry[] = [];
    const keepsStaleRows = this.#inputs.systemd.has('sysusers-keeps-stale-gshadow');
    const waiting = new Set(groups.values());
    for (const entry of file.entries) {
      // Only groups of lines of their own are compared; those that come along with a user get a second row.
      const declared = this.#declarations.groups.get(entry.name);
      if (declared?.createsGroup && keepsStaleRows) waiting.delete(declared);
      else if (declared?.createsGroup) {
        this.#messages.push({
          code: 'stale-gshadow-row',
          severity: 'error',
          phase: 'sysusers',
          text: `/etc/gshadow has a row for group "${entry.name}" that /etc/group lacks, so nothing is written at all`,
          place: declared.place,
          related: [
            { file: '/etc/gshadow', ...(entry.line === undefined ? {} : { line: entry.line }), message: 'the row' },
          ],
          subject: entry.name,
        });
        return false;
      }
      const members = this.#extendMembers(entry, places);
      if (members !== undefined) hasChanged = true;
      entries.push(members === undefined ? entry : { ...entry, members });
    }
    for (const item of waiting) {
      hasChanged = true;
      places.push(item.place);
      const entry = { name: item.name, password: '!*', administrators: [], members: [], line: undefined };
      entries.push({ ...entry, members: this.#extendMembers(entry, places) ?? [] });
    }
    return this.#prepare({ file, newMode: 0, places, hasChanged, entries, print: printGshadow });
  }

  /** Passwd and shadow. False: the run ends. */
  preparePasswd(file: DatabaseFile<PasswdEntry>): boolean {
    const { users } = this.#allocation;
    this.users = file.entries;
    if (users.size === 0) return true;
    const places = [...users.values()].map((item) => item.place);
    const [before, nis] = splitAtNis(file.entries);
    const entries: PasswdEntry[] = [...before];
    let unknown: string | undefined;
    for (const item of users.values()) {
      const { entry } = item;
      if (entry.kind !== 'user') continue;
      const shell = this.#shellOf(item, entry);
      if (shell === undefined) return false;
      const [column] = entry.unknown;
      if (column !== undefined) unknown ??= `the ${column} of user "${item.name}" depends on the running system`;
      entries.push({
        name: item.name,
        password: 'x',
        uid: item.uid ?? 0,
        gid: item.gid ?? 0,
        gecos: entry.gecos ?? '',
        home: entry.home ?? '/',
        shell,
        line: undefined,
      });
    }
    const all = [...entries, ...nis];
    const table = { file, newMode: 0o644, places, hasChanged: true, entries: all, print: printPasswd };
    if (!this.#prepare(unknown === undefined ? table : { ...table, unknown })) return false;
    this.users = all;
    return this.#prepareShadow(places);
  }

  #prepareShadow(places: readonly Place[]): boolean {
    const file = readDatabase(this.#tree, this.#inputs, '/etc/shadow', parseShadow);
    if ('failure' in file) return this.#fail('/etc/shadow', file.failure);
    const { day: lastChange, credentials } = this.#inputs;
    const waiting = new Set(this.#allocation.users.values());
    const entries: ShadowEntry[] = [];
    const [before, nis] = splitAtNis(file.entries);
    for (const entry of before) {
      const declared = this.#declarations.users.get(entry.name);
      if (declared === undefined || !waiting.delete(declared)) {
        entries.push(entry);
        continue;
      }
      entries.push({ ...entry, lastChange });
      this.#messages.push({
        code: 'stale-shadow-row',
        severity: 'info',
        phase: 'sysusers',
        text: `/etc/shadow has a row for user "${entry.name}" already, so its password stays as it is`,
        place: declared.place,
        related: [
          { file: '/etc/shadow', ...(entry.line === undefined ? {} : { line: entry.line }), message: 'the row' },
        ],
        subject: entry.name,
      });
    }
    let unknown: string | undefined;
    for (const item of this.#allocation.users.values()) {
      if (!waiting.has(item)) continue;
      const hashedName = `passwd.hashed-password.${item.name}`;
      const hashed = this.#credential(hashedName);
      if (!credentials.has(hashedName) && this.#credential(`passwd.plaintext-password.${item.name}`) !== undefined) {
        unknown ??= `the password of user "${item.name}" is hashed with a random salt`;
      }
      const isRoot = item.name === 'root' && this.#inputs.systemd.has('sysusers-root-unprovisioned');
      entries.push({
        name: item.name,
        password: hashed ?? (isRoot ? '!unprovisioned' : '!*'),
        lastChange,
        minimum: undefined,
        maximum: undefined,
        warning: undefined,
        inactive: undefined,
        // Day 1 is long past, which locks the account however one tries to log in.
        expiration: item.entry.kind === 'user' && item.entry.isLocked ? 1 : undefined,
        flag: undefined,
        line: undefined,
      });
    }
    const all = [...entries, ...nis];
    const table = { file, newMode: 0, places, hasChanged: true, entries: all, print: printShadow };
    return this.#prepare(unknown === undefined ? table : { ...table, unknown });
  }

  /** The members with those added that lines want; undefined if there is nothing to add. */
  #extendMembers(
    entry: { readonly name: string; readonly members: readonly string[] },
    places: Place[],
  ): readonly string[] | undefined {
    const wanted = this.#declarations.members.get(entry.name);
    if (wanted === undefined) return undefined;
    const members = new Set(entry.members);
    const before = members.size;
    for (const [user, place] of wanted) {
      if (members.has(user)) continue;
      members.add(user);
      places.push(place);
    }
    return members.size === before ? undefined : [...members].sort(compareBytes);
  }

  #prepare<Entry extends { readonly name: string; readonly line: number | undefined }>(table: {
    readonly file: DatabaseFile<unknown>;
    readonly newMode: number;
    readonly places: readonly Place[];
    readonly hasChanged: boolean;
    readonly entries: readonly Entry[];
    readonly print: (entry: Entry) => string | undefined;
    /** Why the content cannot be known. */
    readonly unknown?: string;
  }): boolean {
    const { file, newMode, places, hasChanged } = table;
    const lines: string[] = [];
    for (const entry of table.entries) {
      const line = table.print(entry);
      if (line === undefined) {
        this.#messages.push({
          code: 'unwritable-account',
          severity: 'error',
          phase: 'sysusers',
          text: `${file.path}: the entry of "${entry.name}" holds a character that no field may hold, so nothing is written at all`,
          place: { file: file.path, ...(entry.line === undefined ? {} : { line: entry.line }) },
          subject: entry.name,
        });
        return false;
      }
      lines.push(line);
    }
    if (!hasChanged) return true;
    const reason = file.isKnown ? table.unknown : `the content of ${file.path} is not known`;
    const content: FileContent =
      reason === undefined ? { kind: 'bytes', bytes: encodeText(lines.join('')) } : { kind: 'unknown', reason };
    this.prepared.push({ file, newMode, content, places });
    return true;
  }

  #fail(path: string, reason: string): false {
    this.#messages.push(databaseFailure(path, reason));
    return false;
  }

  /** Undefined if a credential gives a shell that cannot be one, which ends the run. */
  #shellOf(item: Declaration, entry: UserEntry): string | undefined {
    const name = `passwd.shell.${item.name}`;
    const given = this.#credential(name);
    const { systemd } = this.#inputs;
    if (given === undefined) return this.#declarations.shellOf(entry, item.uid);
    if (!systemd.has('sysusers-checks-shell-credential')) return given;
    const shell = simplifyPath(given, systemd);
    if (isShell(shell, systemd)) return shell;
    this.#messages.push({
      code: 'invalid-shell-credential',
      severity: 'error',
      phase: 'sysusers',
      text: `the credential ${name} holds "${given}", which cannot be a shell, so nothing is written at all`,
      subject: item.name,
    });
    return undefined;
  }

  /** Text of a credential. One that holds a NUL byte counts as absent. */
  #credential(name: string): string | undefined {
    const bytes = this.#inputs.credentials.get(name);
    return bytes === undefined || bytes.includes(0) ? undefined : decodeText(bytes);
  }

  /** Copies the file that is about to be replaced to its name with a dash. False: the run ends. */
  backUp({ file, places }: Prepared): boolean {
    const { inode } = file;
    const directory = this.#directory();
    if (inode === undefined || directory === undefined) return true;
    const path = `${file.path}-`;
    if (directory.child(baseName(path))?.type === 'directory') {
      const endsRun = this.#inputs.systemd.has('sysusers-notices-failed-backup');
      this.#messages.push({
        code: 'backup-failed',
        severity: endsRun ? 'error' : 'info',
        phase: 'sysusers',
        text: `${path} is a directory, so ${file.path} cannot be backed up${endsRun ? '; no database is written' : ''}`,
        place: { file: path },
        subject: path,
      });
      return !endsRun;
    }
    const content: FileContent = inode.type === 'file' ? inode.content : emptyContent;
    directory.set(baseName(path), this.#makeFile(inode, content, causes(places, 'copied')));
    return true;
  }

  replace({ file, newMode, content, places }: Prepared): void {
    const directory = this.#directory();
    if (directory === undefined) return;
    const { inode } = file;
    const made =
      inode === undefined
        ? makeFileIn(directory, newMode, content, causes(places, 'created'))
        : this.#makeFile(inode, content, [...inode.causes, ...causes(places, 'changed')]);
    directory.set(baseName(file.path), made);
  }

  /** A new file with the rights of another. */
  #makeFile(rights: Inode, content: FileContent, reasons: readonly Cause[]): Inode {
    const made = Inode.create({ type: 'file', content });
    made.mode = rights.mode;
    made.uid = rights.uid;
    made.gid = rights.gid;
    made.causes = reasons;
    return made;
  }

  #directory(): Inode | undefined {
    return this.#tree.lookup('/etc');
  }
}

const emptyContent: FileContent = { kind: 'bytes', bytes: new Uint8Array() };

/** A new root-owned file; a directory with the setgid bit passes on its group. */
export function makeFileIn(directory: Inode, mode: number, content: FileContent, reasons: readonly Cause[]): Inode {
  const made = Inode.create({ type: 'file', mode, content });
  if (((directory.mode ?? 0) & 0o2000) !== 0) made.gid = directory.gid;
  made.causes = reasons;
  return made;
}

/** The message for a database that ends the run because it cannot be read. */
export function databaseFailure(path: string, reason: string): Message {
  return {
    code: 'database-unreadable',
    severity: 'error',
    phase: 'sysusers',
    text: `${path} cannot be read: ${reason}; nothing is written at all`,
    place: { file: path },
    subject: path,
  };
}

/** One cause a line, in the order of the lines' first mention. */
function causes(places: readonly Place[], action: Cause['action']): Cause[] {
  const seen = new Set<string>();
  const found: Cause[] = [];
  for (const place of places) {
    const key = `${place.file}:${place.line}`;
    if (seen.has(key)) continue;
    seen.add(key);
    found.push({ ...place, phase: 'sysusers', action });
  }
  return found;
}

/** The entries before the first NIS line, and those from it on: new ones go between. */
function splitAtNis<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
): readonly [readonly Entry[], readonly Entry[]] {
  const at = entries.findIndex((entry) => isNisName(entry.name));
  return at === -1 ? [entries, []] : [entries.slice(0, at), entries.slice(at)];
}

/**
 * Turns one parsed line into an item, in the order of the tool's checks (semantics 2.2): the text's own problems are met
 * where their stage stands, and between the stages what needs the tree, the accounts or the credentials.
 */

import { decodeBase64 } from '../../formats/tmpfiles/base64.ts';
import { defaultMode, type LineType } from '../../formats/tmpfiles/line-types.ts';
import type { Owner, Stage, TmpfilesLine } from '../../formats/tmpfiles/syntax.ts';
import type { FileContent } from '../../image/image.ts';
import type { Message, MessageSeverity } from '../../problems/problem.ts';
import { type Expansion, expandSpecifiers, type SpecifierContext } from '../../specifier/specifier.ts';
import { decodeText, encodeText } from '../../text/bytes.ts';
import { unescapeC, type Word } from '../../text/words.ts';
import { pathComponents, type Tree } from '../../tree/tree.ts';
import type { Systemd } from '../../versions/systemd.ts';
import type { BootInputs } from '../boot-inputs.ts';
import type { AccountLookup } from './account-lookup.ts';
import type { Item, ItemOwner } from './item.ts';
import { isNameTooLong } from './new-inode.ts';
import { walkAsProcess } from './process-paths.ts';

/** Why a line does nothing although nothing is wrong with it. */
export type SkipReason =
  | 'not-boot'
  | 'outside-prefixes'
  | 'no-information'
  | 'unknowable'
  | 'source-missing'
  | 'credential-missing'
  | 'duplicate';

export type ReadLine =
  | { readonly kind: 'item'; readonly item: Item }
  /** `refused` makes the exit status 65; `dropped` only counts in a file that the command line names. */
  | { readonly kind: 'refused' | 'dropped'; readonly code: string; readonly path?: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly path?: string };

export interface LineOptions {
  readonly boot: boolean;
  readonly graceful: boolean;
  readonly prefixes: readonly string[];
  readonly excludePrefixes: readonly string[];
}

/** What reading lines needs; one for a whole run. */
export interface LineContext {
  readonly tree: Tree;
  readonly inputs: BootInputs;
  readonly specifiers: SpecifierContext;
  readonly accounts: AccountLookup;
  readonly options: LineOptions;
  readonly messages: Message[];
}

/** Reads one line of a file. */
export function readLine(context: LineContext, file: string, line: TmpfilesLine): ReadLine {
  return new Reader(context, file, line).read();
}

const FACTORY = '/usr/share/factory';

/** Thrown inside the reader only, to leave the chain of checks. */
class Stop {
  readonly result: ReadLine;
  constructor(result: ReadLine) {
    this.result = result;
  }
}

class Reader {
  readonly #context: LineContext;
  readonly #file: string;
  readonly #line: TmpfilesLine;
  #path: string | undefined;

  constructor(context: LineContext, file: string, line: TmpfilesLine) {
    this.#context = context;
    this.#file = file;
    this.#line = line;
  }

  read(): ReadLine {
    try {
      return { kind: 'item', item: this.#readItem() };
    } catch (stop) {
      if (stop instanceof Stop) return stop.result;
      throw stop;
    }
  }

  #readItem(): Item {
    const line = this.#line;
    const { options } = this.#context;
    this.#meet('words');
    this.#meet('modifiers');
    if (line.modifiers.has('boot') && !options.boot) throw new Stop({ kind: 'skipped', reason: 'not-boot' });
    this.#meet('path');
    const path = this.#expandPath();
    this.#meet('type');
    const type = line.type;
    if (type === undefined) throw new Error('A line without a known type was not refused.');
    if (!isIncluded(path, options)) this.#skip('outside-prefixes');
    const xattrs = this.#expandXattrs();
    let argument = this.#expandArgument(type);
    this.#meet('source');
    if (type.argument === 'target') argument ??= FACTORY + path;
    if (type.argument === 'source') argument = this.#checkSource(argument, path);
    const content = this.#readContent(argument);
    this.#meet('content');
    const user = this.#resolve(line.user, 'user');
    const group = this.#resolve(line.group, 'group');
    this.#meet('mode');
    let createMode = line.mode?.bits ?? defaultMode(type);
    if ((line.user !== undefined && user === undefined) || (line.group !== undefined && group === undefined)) {
      // --graceful could not find an owner, so the inode must not run as somebody else's.
      createMode &= 0o777;
    }
    this.#meet('age');
    const parsed = line.parsedArgument;
    return {
      type,
      line,
      file: this.#file,
      path,
      argument,
      content,
      device: parsed?.kind === 'device' ? { major: parsed.major, minor: parsed.minor } : undefined,
      xattrs,
      acl: parsed?.kind === 'acl' ? parsed.acl : undefined,
      mode: line.mode === undefined ? undefined : { ...line.mode, bits: createMode },
      createMode,
      user,
      group,
      age: line.age,
      done: new Set(),
      effects: [],
    };
  }

  /** Reports the text's problems of a stage; stops at one that costs the line. */
  #meet(stage: Stage): void {
    for (const problem of this.#line.problems) {
      if (problem.stage !== stage) continue;
      this.#say(problem.severity, problem.code, problem.message, problem);
      if (problem.effect !== 'none') this.#drop(problem.effect, problem.code);
    }
  }

  #say(severity: MessageSeverity, code: string, text: string, word: Pick<Word, 'span'> = this.#line): void {
    const subject = this.#path ?? this.#line.path?.value;
    this.#context.messages.push({
      code,
      severity,
      phase: 'tmpfiles',
      text,
      place: { file: this.#file, line: this.#line.line, span: word.span },
      ...(subject === undefined ? {} : { subject }),
    });
  }

  #withPath(): { readonly path?: string } {
    return this.#path === undefined ? {} : { path: this.#path };
  }

  #drop(kind: 'refused' | 'dropped', code: string): never {
    throw new Stop({ kind, code, ...this.#withPath() });
  }

  #refuse(code: string, text: string, word?: Pick<Word, 'span'>): never {
    this.#say('error', code, text, word);
    this.#drop('refused', code);
  }

  #skip(reason: SkipReason): never {
    throw new Stop({ kind: 'skipped', reason, ...this.#withPath() });
  }

  #expand(text: string, word: Pick<Word, 'span'>, maximum?: number): string {
    const expansion: Expansion = expandSpecifiers(text, 'tmpfiles', this.#context.specifiers, maximum);
    switch (expansion.kind) {
      case 'value':
        return expansion.value;
      case 'unknown-specifier':
        return this.#refuse('unknown-specifier', `there is no specifier "%${expansion.letter}" in tmpfiles.d`, word);
      case 'no-information': {
        const text = `"%${expansion.letter}" cannot be resolved yet, so the line is skipped`;
        this.#say('notice', 'specifier-unresolved', text, word);
        return this.#skip('no-information');
      }
      case 'unknowable':
        this.#say('info', 'specifier-unknowable', `the files do not tell what "%${expansion.letter}" is`, word);
        return this.#skip('unknowable');
      case 'invalid-information': {
        const text = `the file that "%${expansion.letter}" is read from is malformed`;
        this.#say('error', 'specifier-source-malformed', text, word);
        const isRefused = this.#context.inputs.systemd.has('tmpfiles-invalid-machine-id-refuses');
        return this.#drop(isRefused ? 'refused' : 'dropped', 'specifier-source-malformed');
      }
      case 'too-long':
        this.#say('error', 'expansion-too-long', 'the expanded text is longer than a path may be', word);
        return this.#drop('dropped', 'expansion-too-long');
      default:
        return expansion satisfies never;
    }
  }

  #expandPath(): string {
    const word = this.#line.path;
    if (word === undefined) throw new Error('A line without a path was not refused.');
    let path = this.#expand(word.value, word);
    const rest = /^\/+(?:\.\/+)*var\/+(?:\.\/+)*run\/+(?:\.\/+)*(.+)$/s.exec(path)?.[1];
    if (rest !== undefined && this.#simplify(rest) !== '/') {
      const legacy = path;
      path = `/run/${rest}`;
      const isShown =
        this.#context.inputs.semantics === 'boot' ||
        this.#context.inputs.systemd.has('tmpfiles-var-run-notice-offline');
      const text = `"${legacy}" lies below the legacy directory /var/run; "${this.#simplify(path)}" is used instead`;
      this.#say(isShown ? 'notice' : 'info', 'legacy-var-run', text, word);
    }
    if (!path.startsWith('/')) this.#refuse('path-not-absolute', `the path "${path}" is not absolute`, word);
    path = this.#simplify(path);
    this.#path = path;
    return path;
  }

  #simplify(path: string): string {
    return simplifyPath(path, this.#context.inputs.systemd);
  }

  #expandXattrs(): (readonly [string, string])[] {
    const parsed = this.#line.parsedArgument;
    const word = this.#line.argument;
    if (parsed?.kind !== 'xattrs' || word === undefined) return [];
    const unlimited = Number.POSITIVE_INFINITY;
    return parsed.pairs.map(([name, value]) => [
      this.#expand(name, word, unlimited),
      this.#expand(value, word, unlimited),
    ]);
  }

  #expandArgument(type: LineType): string | undefined {
    const word = this.#line.argument;
    this.#meet('argument');
    if (word === undefined) return undefined;
    if (!type.expandsArgument || this.#line.modifiers.has('base64')) return word.value;
    const unescaped = unescapeC(word.value);
    return 'value' in unescaped ? this.#expand(unescaped.value, word) : word.value;
  }

  #checkSource(argument: string | undefined, path: string): string {
    const source = argument ?? FACTORY + path;
    const word = this.#line.argument ?? this.#line;
    if (!source.startsWith('/')) this.#refuse('source-not-absolute', `the source "${source}" is not absolute`, word);
    const simple = this.#simplify(source);
    const { tree, inputs } = this.#context;
    const found = walkAsProcess(tree, inputs, simple, { follow: false });
    if (found.kind === 'absent' || found.kind === 'no-entry' || found.kind === 'outside') {
      this.#say('info', 'source-missing', `there is no "${simple}" to copy, so the line is skipped`, word);
      this.#skip('source-missing');
    }
    return simple;
  }

  #readContent(argument: string | undefined): FileContent {
    const { modifiers, parsedArgument } = this.#line;
    const word = this.#line.argument ?? this.#line;
    if (!modifiers.has('credential')) {
      if (parsedArgument?.kind === 'base64') return { kind: 'bytes', bytes: parsedArgument.bytes };
      return { kind: 'bytes', bytes: encodeText(argument ?? '') };
    }
    if (argument === undefined) {
      this.#say(
        'error',
        'credential-name-missing',
        'the modifier "^" needs the name of a credential as argument',
        word,
      );
      this.#drop('dropped', 'credential-name-missing');
    }
    if (!isCredentialName(argument)) {
      this.#say('error', 'credential-name-invalid', `"${argument}" cannot be the name of a credential`, word);
      this.#drop('dropped', 'credential-name-invalid');
    }
    const bytes = this.#context.inputs.credentials.get(argument);
    if (bytes === undefined) {
      this.#say('info', 'credential-missing', `there is no credential "${argument}", so the line is skipped`, word);
      this.#skip('credential-missing');
    }
    if (!modifiers.has('base64')) return { kind: 'bytes', bytes };
    const decoded = decodeBase64(decodeText(bytes));
    if (decoded !== undefined) return { kind: 'bytes', bytes: decoded };
    this.#say('error', 'invalid-base64', `the credential "${argument}" is not base64`, word);
    return this.#drop('dropped', 'invalid-base64');
  }

  /** Undefined: no owner is set, or --graceful ignores that it is unknown. */
  #resolve(owner: Owner | undefined, kind: 'user' | 'group'): ItemOwner | undefined {
    if (owner === undefined) return undefined;
    const { accounts, options } = this.#context;
    const found = kind === 'user' ? accounts.user(owner.name) : accounts.group(owner.name);
    if (found.kind === 'found') return { id: found.id, onlyCreate: owner.onlyCreate };
    if (found.kind === 'unknown') {
      this.#say('info', 'owner-unknowable', `the files do not tell the id of ${kind} "${owner.name}"`, owner);
      return { id: undefined, onlyCreate: owner.onlyCreate };
    }
    if (options.graceful) {
      this.#say('info', `unknown-${kind}-ignored`, `there is no ${kind} "${owner.name}"; the owner is left`, owner);
      return undefined;
    }
    return this.#refuse(`unknown-${kind}`, `there is no ${kind} "${owner.name}"`, owner);
  }
}

/** filename_is_valid and fdname_is_valid in systemd. */
function isCredentialName(name: string): boolean {
  return /^[ -9;-~]{1,255}$/.test(name) && !name.includes('/') && name !== '.' && name !== '..';
}

/** Without empty components and `.`; `..` stays, but for newer versions not at the root (path_simplify in systemd). */
function simplifyPath(path: string, systemd: Systemd): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  let first = 0;
  if (systemd.has('simplified-path-drops-leading-parents')) while (names[first] === '..') first += 1;
  return `/${names.slice(first).join('/')}`;
}

function isIncluded(path: string, options: LineOptions): boolean {
  if (options.excludePrefixes.some((prefix) => startsWithPath(path, prefix))) return false;
  return options.prefixes.length === 0 || options.prefixes.some((prefix) => startsWithPath(path, prefix));
}

/**
 * True if a path is a prefix or lies below it, component by component. A name too long for any file never matches, not even
 * just below the prefix (path_startswith in systemd).
 */
function startsWithPath(path: string, prefix: string): boolean {
  if (!prefix.startsWith('/')) return false;
  const wanted = pathComponents(prefix);
  const names = pathComponents(path).slice(0, wanted.length + 1);
  return wanted.every((name, i) => names[i] === name) && !names.some(isNameTooLong);
}

/** systemd-tmpfiles as a function of a tree: which files are read, what each line does, in which order. */

import { parseTmpfiles } from '../../formats/tmpfiles/parse.ts';
import type { TmpfilesDocument, TmpfilesLine } from '../../formats/tmpfiles/syntax.ts';
import { findConfigFiles } from '../../layering/config-files.ts';
import { insertReplacement } from '../../layering/replacement.ts';
import type { Message, Place } from '../../problems/problem.ts';
import { specifierContext } from '../../specifier/specifier.ts';
import { decodeText } from '../../text/bytes.ts';
import type { Tree } from '../../tree/tree.ts';
import type { BootInputs, GivenFile } from '../boot-inputs.ts';
import { resolveAcl } from './access-control.ts';
import { AccountLookup } from './account-lookup.ts';
import { createItem } from './create.ts';
import { type Effect, type Item, type ItemOwner, type Operation, placeOf } from './item.ts';
import { type PathItems, Plan } from './plan.ts';
import { type LineContext, type LineOptions, readLine, type SkipReason } from './read-line.ts';
import { cleanItem, purgeItem, removeItem } from './remove.ts';
import { Run } from './run.ts';

export interface TmpfilesOptions extends LineOptions {
  readonly create: boolean;
  readonly remove: boolean;
  readonly clean: boolean;
  readonly purge: boolean;
  /** Path whose place in the order the given files take; absent: only the given files are read, if there are any. */
  readonly replace?: string;
  readonly given: readonly GivenFile[];
}

/** What became of one line. */
export interface LineOutcome {
  readonly file: string;
  readonly node: TmpfilesLine;
  readonly place: Place;
  /** Specifiers replaced, simplified; undefined if it did not come to that. */
  readonly path: string | undefined;
  readonly result:
    | { readonly kind: 'refused' | 'dropped'; readonly code: string }
    | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly earlier?: Place }
    | {
        readonly kind: 'applied';
        readonly user: ItemOwner | undefined;
        readonly group: ItemOwner | undefined;
        /** Target or source with its default; content of other lines as text. */
        readonly argument: string | undefined;
        /** In the order in which they happened; none if there was nothing to do. */
        readonly effects: readonly Effect[];
      };
}

export interface TmpfilesResult {
  /** Undefined: it depends on what the files do not tell, such as the drivers of devices that lines write to. */
  readonly exitStatus: number | undefined;
  readonly messages: readonly Message[];
  /** In reading order. */
  readonly outcomes: readonly LineOutcome[];
}

const EXIT_FAILURE = 1;
const EX_DATAERR = 65;
const EX_CANTCREAT = 73;

interface ConfigText {
  readonly path: string;
  readonly text: string;
  /** Named on the command line: an error that is not one of syntax ends the run. */
  readonly isGiven: boolean;
}

/** Runs the tool on a tree, which it changes. */
export function runTmpfiles(tree: Tree, inputs: BootInputs, options: TmpfilesOptions): TmpfilesResult {
  const messages: Message[] = [];
  const outcomes: LineOutcome[] = [];
  const accounts = new AccountLookup(tree, inputs);
  const context: LineContext = {
    tree,
    inputs,
    specifiers: specifierContext(tree, inputs),
    accounts,
    options,
    messages,
  };
  const plan = new Plan();
  let hasRefused = false;
  for (const file of configTexts(tree, inputs, options, messages)) {
    const document = parseTmpfiles(file.text, inputs.systemd);
    const read = readDocument(context, plan, file.path, document, outcomes);
    hasRefused ||= read.hasRefused;
    if (file.isGiven && read.hasDropped) return { exitStatus: EXIT_FAILURE, messages, outcomes };
    plan.inheritAges();
  }
  plan.linkParents();
  const run = new Run(tree, inputs, plan, messages);
  for (const operations of phases) {
    const wanted = operations.filter((operation) => options[operation]);
    if (wanted.length === 0) continue;
    for (const table of [plan.literals, plan.globs]) {
      for (const entry of table.values()) processPath(run, entry, wanted);
    }
  }
  return { exitStatus: hasRefused ? EX_DATAERR : statusOf(run), messages, outcomes };
}

function statusOf(run: Run): number | undefined {
  if (run.hasFailed) return EX_CANTCREAT;
  return run.mayHaveFailed ? undefined : 0;
}

/** What is removed goes first, so that the rest builds on a clean ground. */
const phases: readonly (readonly Operation[])[] = [['purge'], ['remove', 'clean'], ['create']];

const steps: Readonly<Record<Operation, (run: Run, item: Item) => void>> = {
  create: createItem,
  remove: removeItem,
  clean: cleanItem,
  purge: purgeItem,
};

function processPath(run: Run, entry: PathItems, operations: readonly Operation[]): void {
  if (operations.includes('create')) {
    // An ancestor goes first; each line runs once, so this ends.
    if (entry.parent !== undefined) processPath(run, entry.parent, operations);
  } else for (const child of entry.children) processPath(run, child, operations);
  for (const item of entry.items) {
    for (const operation of operations) {
      if (item.done.has(operation)) continue;
      item.done.add(operation);
      run.operation = operation;
      steps[operation](run, item);
    }
  }
}

function readDocument(
  context: LineContext,
  plan: Plan,
  file: string,
  document: TmpfilesDocument,
  outcomes: LineOutcome[],
): { readonly hasRefused: boolean; readonly hasDropped: boolean } {
  let hasRefused = false;
  let hasDropped = false;
  for (const node of document.nodes) {
    if (node.kind === 'unread') {
      hasDropped = true;
      context.messages.push({
        code: 'line-too-long',
        severity: 'error',
        phase: 'tmpfiles',
        text: 'this line is too long, so the rest of the file is not read',
        place: { file, line: node.line, span: node.span },
      });
    }
    if (node.kind !== 'line') continue;
    const place = { file, line: node.line, span: node.span };
    const read = readLine(context, file, node);
    if (read.kind !== 'item') {
      hasRefused ||= read.kind === 'refused';
      hasDropped ||= read.kind === 'dropped';
      const result =
        read.kind === 'skipped' ? { kind: read.kind, reason: read.reason } : { kind: read.kind, code: read.code };
      outcomes.push({ file, node, place, path: read.path, result });
      continue;
    }
    const item = withResolvedAcl(context, read.item);
    const rival = plan.add(item);
    if (rival !== undefined) {
      const earlier = placeOf(rival);
      reportDuplicate(context.messages, item, earlier);
      outcomes.push({ file, node, place, path: item.path, result: { kind: 'skipped', reason: 'duplicate', earlier } });
      continue;
    }
    const { user, group, argument, effects } = item;
    outcomes.push({ file, node, place, path: item.path, result: { kind: 'applied', user, group, argument, effects } });
  }
  return { hasRefused, hasDropped };
}

function withResolvedAcl(context: LineContext, item: Item): Item {
  if (item.acl === undefined) return item;
  const acl = resolveAcl(item.acl, context.accounts);
  if (acl === undefined) {
    context.messages.push({
      code: 'acl-principal-unknown',
      severity: 'warning',
      phase: 'tmpfiles',
      text: `"${item.argument ?? ''}" names a user or group that does not exist, so no access control list is set`,
      place: { ...placeOf(item), span: item.line.argument?.span ?? item.line.span },
      subject: item.path,
    });
  }
  return { ...item, acl };
}

function reportDuplicate(messages: Message[], item: Item, earlier: Place): void {
  messages.push({
    code: 'duplicate-line',
    severity: 'notice',
    phase: 'tmpfiles',
    text: `an earlier line for "${item.path}" says something else, so this one is ignored`,
    place: placeOf(item),
    related: [{ ...earlier, message: 'the earlier line' }],
    subject: item.path,
  });
}

/** The texts to read, in their order. */
function configTexts(tree: Tree, inputs: BootInputs, options: TmpfilesOptions, messages: Message[]): ConfigText[] {
  const given = options.given.map((file) => ({ path: file.name, text: file.text, isGiven: true }));
  const texts = options.replace === undefined && given.length > 0 ? given : [];
  if (texts.length === 0) {
    const found = findConfigFiles(tree, 'tmpfiles', inputs);
    messages.push(...found.messages);
    for (const slot of insertReplacement(found, 'tmpfiles', options.replace, tree, inputs)) {
      if (slot === 'arguments') texts.push(...given);
      else if (slot.text !== undefined) texts.push({ path: slot.path, text: slot.text, isGiven: false });
      else messages.push(unknownContent(slot.path));
    }
  }
  const extra = inputs.credentials.get('tmpfiles.extra');
  if (extra !== undefined) {
    texts.push({ path: '$CREDENTIALS_DIRECTORY/tmpfiles.extra', text: decodeText(extra), isGiven: false });
  }
  return texts;
}

function unknownContent(path: string): Message {
  return {
    code: 'config-content-unknown',
    severity: 'info',
    phase: 'tmpfiles',
    text: 'the content of this file is not known, so its lines are left out',
    place: { file: path },
    subject: path,
  };
}

/** What all actions of one run share: the tree, the inputs, what has been said and whether anything failed. */

import { type GlobFileSystem, glob } from '../../pattern/glob.ts';
import type { Message, MessageSeverity, RelatedPlace } from '../../problems/problem.ts';
import type { Inode } from '../../tree/inode.ts';
import type { Tree, WalkResult } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';
import { type Effect, type Item, type Operation, placeOf } from './item.ts';
import type { Plan } from './plan.ts';
import { globFileSystem, type ProcessWalk, walkAsProcess } from './process-paths.ts';

export class Run {
  readonly tree: Tree;
  readonly inputs: BootInputs;
  readonly plan: Plan;
  readonly messages: Message[];
  readonly #files: GlobFileSystem;
  /** What is being done, so that a forgiven failure can be told from one that counts. */
  operation: Operation = 'create';
  hasFailed = false;
  /** Something may have failed that only the machine knows, for example the driver of a device. */
  mayHaveFailed = false;

  constructor(tree: Tree, inputs: BootInputs, plan: Plan, messages: Message[]) {
    this.tree = tree;
    this.inputs = inputs;
    this.plan = plan;
    this.messages = messages;
    this.#files = globFileSystem(tree, inputs);
  }

  /** Paths that the path of a line matches. */
  matches(item: Item): string[] {
    return glob(this.#files, item.path);
  }

  walk(path: string, options: { readonly follow: boolean }): ProcessWalk {
    return walkAsProcess(this.tree, this.inputs, path, options);
  }

  /** Walks inside the root by the safe rule, as systemd does before it touches anything. */
  walkSafely(path: string, options: { readonly follow: boolean }): WalkResult {
    const linksOwnSteps = this.inputs.systemd.has('safe-walk-judges-from-links');
    return this.tree.walk(path, { ...options, safe: true, linksOwnSteps });
  }

  say(
    item: Item,
    severity: MessageSeverity,
    code: string,
    text: string,
    more: { readonly related?: readonly RelatedPlace[]; readonly subject?: string } = {},
  ): void {
    const subject = more.subject ?? item.path;
    const related = more.related === undefined ? {} : { related: more.related };
    this.messages.push({ code, severity, phase: 'tmpfiles', text, place: placeOf(item), subject, ...related });
  }

  /** A failed action (exit status 73), unless the line forgives it. Always false, for `return run.fail(…)`. */
  fail(item: Item, path: string, code: string, text: string, related?: readonly RelatedPlace[]): false {
    const isForgiven = this.#forgives(item);
    if (!isForgiven) this.hasFailed = true;
    const more = related === undefined ? { subject: path } : { subject: path, related };
    this.say(item, isForgiven ? 'info' : 'error', code, text, more);
    this.note(item, { kind: 'failed', path, code });
    return false;
  }

  /** An action of which nobody can tell from files whether it fails. */
  leaveOpen(item: Item, path: string, code: string, text: string): void {
    if (!this.#forgives(item)) this.mayHaveFailed = true;
    this.say(item, 'info', code, text, { subject: path });
    this.note(item, { kind: 'unknown', path, code });
  }

  #forgives(item: Item): boolean {
    return this.operation === 'create' && item.line.modifiers.has('allowFailure');
  }

  note(item: Item, effect: Effect): void {
    item.effects.push(effect);
  }

  isReadOnly(path: string): boolean {
    return this.tree.isReadOnly(path);
  }

  /** Where an inode in the way comes from, for messages about it. */
  originOf(inode: Inode): readonly RelatedPlace[] | undefined {
    const cause = inode.causes.at(-1);
    return cause === undefined ? undefined : [{ ...cause, message: `the ${inode.type} comes from here` }];
  }
}

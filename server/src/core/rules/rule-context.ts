/** What rules may look at: the simulation, the image as shipped, the texts, and who refers to what. */

import type { SimulationResult } from '../boot/simulate.ts';
import type { Message } from '../problems/problem.ts';
import { decodeText } from '../text/bytes.ts';
import { SourceText } from '../text/source-text.ts';
import { Tree } from '../tree/tree.ts';
import { UnitReferences } from './unit-references.ts';

export class RuleContext {
  readonly simulation: SimulationResult;
  /** The image as it was shipped, /etc and /var included. Not to be changed. */
  readonly shipped: Tree;
  readonly #sources = new Map<string, SourceText | undefined>();
  readonly #messages = new Map<string, Message[]>();
  #references: UnitReferences | undefined;

  constructor(simulation: SimulationResult) {
    this.simulation = simulation;
    this.shipped = new Tree(simulation.image.root);
    for (const message of simulation.messages) {
      const same = this.#messages.get(message.code);
      if (same === undefined) this.#messages.set(message.code, [message]);
      else same.push(message);
    }
  }

  /** The messages with one of the codes, in the order of the codes, then of the phases. */
  messages(...codes: readonly string[]): Message[] {
    return codes.flatMap((code) => this.#messages.get(code) ?? []);
  }

  /** The text of a file: as the phases saw it, else as it was shipped. Undefined if it cannot be read. */
  source(path: string): SourceText | undefined {
    if (!this.#sources.has(path)) this.#sources.set(path, this.#read(path));
    return this.#sources.get(path);
  }

  /** Which units name which paths, users and groups. Read at the first use. */
  get references(): UnitReferences {
    this.#references ??= new UnitReferences(this);
    return this.#references;
  }

  #read(path: string): SourceText | undefined {
    for (const tree of [this.simulation.tree, this.shipped]) {
      const inode = tree.lookup(path);
      if (inode?.type !== 'file') continue;
      const content = inode.content;
      if (content.kind === 'bytes') return new SourceText(path, decodeText(content.bytes));
    }
    return undefined;
  }
}

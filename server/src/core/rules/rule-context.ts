/** What rules may look at: the simulation, the image as shipped, the texts, and who refers to what. */

import { parseGroup } from '../accounts/group.ts';
import { parsePasswd } from '../accounts/passwd.ts';
import type { SimulationResult } from '../boot/simulate.ts';
import type { LineOutcome } from '../boot/tmpfiles/run-tmpfiles.ts';
import { parsePreset } from '../formats/preset/parse.ts';
import type { PresetRule } from '../formats/preset/syntax.ts';
import { parseSysusers } from '../formats/sysusers/parse.ts';
import type { SysusersLine } from '../formats/sysusers/syntax.ts';
import { findConfigFiles } from '../layering/config-files.ts';
import type { Message, Place } from '../problems/problem.ts';
import { decodeText } from '../text/bytes.ts';
import { SourceText } from '../text/source-text.ts';
import { Tree } from '../tree/tree.ts';
import { SuppressionIndex } from './suppression-index.ts';
import { UnitReferences } from './unit-references.ts';

export class RuleContext {
  readonly simulation: SimulationResult;
  /** The image as it was shipped, /etc and /var included. Not to be changed. */
  readonly shipped: Tree;
  readonly #sources = new Map<string, SourceText | undefined>();
  readonly #messages = new Map<string, Message[]>();
  readonly #sysusers = new Map<string, readonly SysusersLine[]>();
  #suppressions: SuppressionIndex | undefined;
  #presets: readonly { readonly rule: PresetRule; readonly place: Place }[] | undefined;
  #references: UnitReferences | undefined;
  #users: ReadonlyMap<number, string> | undefined;
  #groups: ReadonlyMap<number, string> | undefined;

  constructor(simulation: SimulationResult) {
    this.simulation = simulation;
    this.shipped = new Tree(simulation.image.root);
    for (const message of simulation.messages) {
      const same = this.#messages.get(message.code);
      if (same === undefined) this.#messages.set(message.code, [message]);
      else same.push(message);
    }
  }

  /** What comments silence. Set by `check`; without it they silence nothing. */
  get suppressions(): SuppressionIndex {
    this.#suppressions ??= new SuppressionIndex(this, new Set());
    return this.#suppressions;
  }

  set suppressions(index: SuppressionIndex) {
    this.#suppressions = index;
  }

  /** The messages with one of the codes, in the order of the codes, then of the phases. */
  messages(...codes: readonly string[]): Message[] {
    return codes.flatMap((code) => this.#messages.get(code) ?? []);
  }

  /** The text of a file as its author has it: as shipped, else as a phase made it. Undefined if it cannot be read. */
  source(path: string): SourceText | undefined {
    if (!this.#sources.has(path)) this.#sources.set(path, this.#read(path));
    return this.#sources.get(path);
  }

  /** Names of the shipped /etc/passwd by id. */
  get shippedUsers(): ReadonlyMap<number, string> {
    this.#users ??= new Map(
      parsePasswd(this.shippedText('/etc/passwd') ?? '').entries.map(({ uid, name }) => [uid, name]),
    );
    return this.#users;
  }

  /** Names of the shipped /etc/group by id. */
  get shippedGroups(): ReadonlyMap<number, string> {
    this.#groups ??= new Map(
      parseGroup(this.shippedText('/etc/group') ?? '').entries.map(({ gid, name }) => [gid, name]),
    );
    return this.#groups;
  }

  /** Which units name which paths, users and groups. Read at the first use. */
  get references(): UnitReferences {
    this.#references ??= new UnitReferences(this);
    return this.#references;
  }

  /** The text of a file of the image as shipped; undefined if there is none or it is not known. */
  shippedText(path: string): string | undefined {
    return textOf(this.shipped, path);
  }

  /** The text of a file as it stands after the boot. */
  simulatedText(path: string): string | undefined {
    return textOf(this.simulation.tree, path);
  }

  /** What became of each tmpfiles.d line. */
  tmpfilesOutcomes(): readonly LineOutcome[] {
    const { tmpfiles } = this.simulation;
    return tmpfiles.kind === 'ran' ? tmpfiles.result.outcomes : [];
  }

  /** The line of text at a place, blanks at both ends removed; empty if it cannot be read. */
  lineText(place: Place | undefined): string {
    const source = place === undefined ? undefined : this.source(place.file);
    const span = place?.line === undefined ? undefined : source?.lines.lineSpan(place.line);
    return source === undefined || span === undefined ? '' : source.slice(span).trim();
  }

  /** A line of a sysusers.d file by its number. */
  sysusersLine(file: string, number: number): SysusersLine | undefined {
    const source = this.source(file);
    if (source === undefined) return undefined;
    let lines = this.#sysusers.get(file);
    if (lines === undefined) {
      lines = parseSysusers(source.text, this.simulation.inputs.systemd).nodes.filter((node) => node.kind === 'line');
      this.#sysusers.set(file, lines);
    }
    return lines.find((line) => line.number === number);
  }

  /** The rules of all preset files that were read, in reading order. */
  presetRules(): readonly { readonly rule: PresetRule; readonly place: Place }[] {
    const { tree, inputs } = this.simulation;
    this.#presets ??= findConfigFiles(tree, 'preset', inputs).files.flatMap(({ path, text }) =>
      parsePreset(text ?? '', inputs.systemd).rules.map((rule) => ({
        rule,
        place: { file: path, line: rule.line, span: rule.pattern?.span ?? rule.span },
      })),
    );
    return this.#presets;
  }

  #read(path: string): SourceText | undefined {
    const text = textOf(this.shipped, path) ?? textOf(this.simulation.tree, path);
    return text === undefined ? undefined : new SourceText(path, text);
  }
}

function textOf(tree: Tree, path: string): string | undefined {
  const inode = tree.lookup(path);
  if (inode?.type !== 'file') return undefined;
  const content = inode.content;
  return content.kind === 'bytes' ? decodeText(content.bytes) : undefined;
}

/**
 * The examples of the rules' manual pages as files for a real boot. Most of them stand side by side in one image, so each
 * gets names and ids of its own.
 */

import { rules } from '../../src/core/rules/registry.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { parseFileSet } from '../../test/support/file-set.ts';
import { type BootedProof, type BootName, type RuleProof, ruleProofs } from './rule-examples.ts';

export interface RuleExample {
  readonly rule: Rule;
  readonly side: 'bad' | 'good';
  readonly proof: BootedProof;
  /** What the names of its files, units and accounts begin with. */
  readonly tag: string;
  readonly files: string;
  /** What has to be true after the boot, in the same names. */
  readonly claims: readonly string[];
}

/** Words that the examples give as names to what is theirs. */
const vocabulary = '(?:lantern|harbor|mooring|boat|tide|lamp|quay|wick|torch|light)';
const nameStart = new RegExp(`(?<![A-Za-z])(?=${vocabulary}(?:ship)?s?d?(?![A-Za-z]))`, 'gi');
const anyName = new RegExp(vocabulary, 'gi');

/** Ids in sysusers.d lines, account databases and owners. */
const accountId = /(?<![\w.])(?:1\d\d|9\d\d)(?![\w.])/g;

/** The ids that the examples get; systemd hands out its own from 999 downwards (sysusers.d(5)). */
const FIRST_ID = 300;

/** Files whose rows are put together. */
const databases = ['/etc/passwd', '/etc/group', '/etc/gshadow'];

/** The examples of all rules that a boot of this version shows. */
export function ruleExamples(version: number): readonly RuleExample[] {
  let nextId = FIRST_ID;
  const examples: RuleExample[] = [];
  rules.forEach((rule, index) => {
    const proof = proofOf(rule);
    if ('notByBoot' in proof) return;
    for (const side of ['bad', 'good'] as const) {
      const tag = `r${index}${side.charAt(0)}`;
      const ids = new Map<string, string>();
      const rename = (text: string) => {
        const named = text.replace(nameStart, tag);
        if (proof.keepsIds === true) return named;
        return named.replace(accountId, (id) => {
          const own = ids.get(id) ?? String(nextId++);
          ids.set(id, own);
          return own;
        });
      };
      const example = {
        rule,
        side,
        proof,
        tag,
        files: rename(rule.manual[side]),
        // Modes of files look like ids.
        claims: proof[side].map((claim) => (claim.startsWith('/') ? claim.replace(nameStart, tag) : rename(claim))),
      };
      checkNames(example);
      if (isForVersion(example, version)) examples.push(example);
    }
  });
  return examples;
}

export function proofOf(rule: Rule): RuleProof {
  const proof = ruleProofs[rule.id];
  if (proof === undefined) throw new Error(`${rule.id} has no row in rule-examples.ts`);
  return proof;
}

/** Nothing may keep a name that another example could have too. */
function checkNames({ rule, side, tag, files, claims, proof }: RuleExample): void {
  const text = [files, ...claims].join('\n');
  for (const { index } of text.matchAll(anyName)) {
    const word = text.slice(0, index).match(/[A-Za-z0-9]*$/)?.[0] ?? '';
    if (!word.endsWith(tag) && !/[a-z]$/i.test(word))
      throw new Error(`${rule.id} (${side}): "${text.slice(index, index + 20)}" is not renamed`);
  }
  for (const { path } of parseFileSet(files)) {
    const isOwn = [tag, ...databases, ...(proof.names ?? [])].some((part) => path.includes(part));
    if (!isOwn) throw new Error(`${rule.id} (${side}): ${path} is not a name of its own`);
  }
}

function isForVersion({ rule, proof }: RuleExample, version: number): boolean {
  const { since = 0, until = Number.POSITIVE_INFINITY } = proof;
  return since <= version && version < until && (rule.manual.exampleVersion ?? version) === version;
}

/** Which image an example goes into: the name of a boot, or a name that is its own. */
export function imageOfExample({ rule, side, proof }: RuleExample, version: number): { boot: BootName; image: string } {
  const boot = proof.boots?.[side] ?? 'shared';
  const isAlone = proof.isAloneBefore253 === true && version < 253;
  return { boot, image: isAlone ? `${rule.id} (${side})` : boot };
}

/** Several examples as one set of files. `shipped` gives the text of a file of the base. */
export function joinExamples(examples: readonly RuleExample[], shipped: (path: string) => string | undefined): string {
  const rows = new Map<string, string>();
  const parts = new Set<string>();
  for (const { files: text } of examples) {
    for (const part of `\n${text}`.split(/\n--- (?=\/)/).slice(1)) {
      const end = part.indexOf('\n');
      const path = (end === -1 ? part : part.slice(0, end)).trim();
      if (!databases.includes(path)) parts.add(part.trimEnd());
      else rows.set(path, `${rows.get(path) ?? shipped(path) ?? ''}${part.slice(end + 1).trimEnd()}\n`);
    }
  }
  const tables = [...rows].map(([path, text]) => `${path}\n${text}`);
  return `${[...tables, ...parts].map((part) => `\n--- ${part}`).join('')}\n`;
}

/** Names of the units in an example's files and claims. */
export function unitsOf({ files, claims }: RuleExample): readonly string[] {
  const isUnit = /^[^/\s]+\.(?:service|socket|mount|path|timer|target)$/;
  const shipped = parseFileSet(files).map(({ path }) => /\/systemd\/system\/([^/]+)$/.exec(path)?.[1] ?? '');
  const claimed = claims.map((claim) => claim.split(' ')[0] ?? '');
  return [...new Set([...shipped, ...claimed])].filter((name) => isUnit.test(name) && !/@\.[a-z]+$/.test(name));
}

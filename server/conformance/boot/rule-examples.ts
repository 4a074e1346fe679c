/**
 * The examples of the rules' manual pages as files for a real boot. Most of them stand side by side in one image, each under
 * names and ids of its own; those that would disturb the others are booted alone.
 */

import { rules } from '../../src/core/rules/registry.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { parseFileSet } from '../../test/support/file-set.ts';

export interface RuleExample {
  readonly rule: Rule;
  readonly side: 'bad' | 'good';
  /** What the names of its files, units and accounts begin with. */
  readonly tag: string;
  readonly files: string;
}

/** The names that examples give to what is theirs. */
const ownName =
  /(?<![A-Za-z])(?=(?:lantern|harbor|mooring|boat|tide|lamp|quay|wick|torch|light)s?d?\b|(?:lantern|harbor|mooring|boat|tide|lamp|quay|wick|torch|light)[-_@.])/gi;
const hasOwnName = /r\d+[bg](?:lantern|harbor|mooring|boat|tide|lamp|quay|wick|torch|light)/i;

/** Ids in sysusers.d lines, account databases and owners. */
const accountId = /(?<![\w.])(?:1\d\d|9\d\d)(?![\w.])/g;

/** Files that all examples may share: their rows are put together. */
const databases: ReadonlySet<string> = new Set(['/etc/passwd', '/etc/group']);

/** What works on the whole system although its files have names of their own, with the reason. */
const disturbing: Readonly<Record<string, string>> = {
  'sysusers-pool-exhausted': "its range would be everybody's",
  'ordering-cycle': 'systemd may drop the job of any unit',
  'copy-destination-occupied': 'it copies into /etc/systemd',
  'preset-line-rejected': 'a rejected line may end all presets',
};

/** Before systemd 253 a unit that cannot be enabled ends the presets of all others. */
const disturbingBefore253: ReadonlySet<string> = new Set([
  'install-setting-rejected',
  'preset-alias-collision',
  'unit-symlink-dangling',
]);

/** What no boot with an empty /etc and /var shows, with the reason. */
export const notByBoot: Readonly<Record<string, string>> = {
  'floating-id-owns-state': 'it shows at the next update only, with a /var that is kept',
  'floating-id-in-usr': 'ownership of /usr does not change at a boot; only the names of its ids do',
  'machine-id-populated': 'a boot with an empty /etc does not see it',
  'well-known-alias-unprovided': 'without default.target the system reaches nothing that could tell',
  'golden-identity-leak': 'it compares machines, not boots',
  'link-destination-occupied': 'it is about an image whose /etc is kept',
  'needs-update-hygiene': 'whether the stamp comes first is a race',
  'sysusers-shadow-stale': 'it is about databases that an image keeps',
  'tmpfiles-defeats-state-reown': 'it shows at the next update only, with a /var that is kept',
  'udev-owner-undeclared': 'a container has no udev',
  'usr-not-merged': 'systemd-nspawn refuses such a tree before anything boots',
  'tmpfiles-feature-too-new': 'its example is for systemd 252',
  'sysusers-feature-too-new': 'its example is for systemd 252',
  'config-file-unreadable': 'a tree on disk has no content that the image leaves out',
};

/** Versions that the examples are true for, where they are not for all. */
const versions: Readonly<Record<string, { readonly since?: number; readonly until?: number }>> = {
  // Before 254 the job of such a unit is kept (behaviour transaction-drops-refused-jobs).
  'required-unit-missing': { since: 254 },
  // Init scripts are not read any more.
  'generator-input-lost': { until: 260 },
};

/** True if an example is to be booted with a version. */
export function isForVersion({ rule }: RuleExample, version: number): boolean {
  const { since = 0, until = Number.POSITIVE_INFINITY } = versions[rule.id] ?? {};
  return since <= version && version < until && (rule.manual.exampleVersion ?? version) === version;
}

/** The examples of all rules that a boot can show, with names of their own. */
export function ruleExamples(): readonly RuleExample[] {
  return rules.flatMap((rule, index) =>
    Object.hasOwn(notByBoot, rule.id)
      ? []
      : (['bad', 'good'] as const).map((side) => {
          const tag = `r${index}${side.charAt(0)}`;
          const base = 3000 + index * 200 + (side === 'good' ? 100 : 0);
          const files = rule.manual[side]
            .replace(ownName, tag)
            .replace(accountId, (id) => String(base + (Number(id) % 100)));
          return { rule, side, tag, files };
        }),
  );
}

/** True if an example may stand beside others. */
export function isSharable({ rule, files }: RuleExample, version: number): boolean {
  if (Object.hasOwn(disturbing, rule.id) || (version < 253 && disturbingBefore253.has(rule.id))) return false;
  return parseFileSet(files).every(({ path }) => databases.has(path) || hasOwnName.test(path));
}

/** Several examples as one set of files. */
export function joinExamples(examples: readonly RuleExample[]): string {
  const rows = new Map<string, string>([
    ['/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'],
    ['/etc/group', 'root:x:0:\n'],
  ]);
  let files = '';
  for (const { files: text } of examples) {
    for (const part of `\n${text}`.split(/\n--- (?=\/)/).slice(1)) {
      const end = part.indexOf('\n');
      const path = (end === -1 ? part : part.slice(0, end)).trim();
      const known = rows.get(path);
      if (known === undefined) files += `\n--- ${part}`;
      else rows.set(path, `${known}${part.slice(end + 1).trimEnd()}\n`);
    }
  }
  return `${[...rows].map(([path, text]) => `\n--- ${path}\n${text}`).join('')}${files}\n`;
}

/** Names of the units in an example's files. */
export function unitsOf({ files }: RuleExample): readonly string[] {
  const names = parseFileSet(files).flatMap(({ path }) => {
    const name = /\/systemd\/system\/([^/]+\.(?:service|socket|mount|path|timer|target))$/.exec(path)?.[1];
    return name === undefined || /@\.[a-z]+$/.test(name) ? [] : [name];
  });
  return [...new Set(names)];
}

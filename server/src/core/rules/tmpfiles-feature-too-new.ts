import { findingFromMessage, type Rule } from './rule.ts';

/** What later versions added, by what the line shows. */
const additions: readonly { readonly pattern: RegExp; readonly since: number; readonly what: string }[] = [
  { pattern: /^\S\S*\$/, since: 256, what: 'the modifier "$"' },
  { pattern: /^L\S*\?/, since: 257, what: 'the modifier "?"' },
  { pattern: /^[kK]/, since: 261, what: 'this line type' },
];

/** Lines that only a later systemd accepts. */
export const tmpfilesFeatureTooNew: Rule = {
  id: 'tmpfiles-feature-too-new',
  severity: 'error',
  phase: 'tmpfiles',
  title: 'a line needs a later systemd',
  manual: {
    what: 'Modifiers and line types that the image\'s systemd does not know but a later one does: "$" (256), "?" (257), k and K (261).',
    why: 'The older systemd-tmpfiles drops the line, so its path is not made.',
    fix: 'Leave the modifier out, or raise the systemd version that the package requires.',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf
d$ /var/lib/lantern 0755 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0755 root root -
`,
    exampleVersion: 252,
    references: ['tmpfiles.d(5)', 'systemd/systemd#35013'],
  },
  *check(context) {
    const { version } = context.simulation.inputs.systemd;
    for (const message of context.messages('unknown-modifier', 'unknown-line-type')) {
      if (message.phase !== 'tmpfiles') continue;
      const addition = tooNew(context.lineText(message.place), version);
      if (addition === undefined) continue;
      const finding = findingFromMessage(message, {
        consequence: `systemd ${version} drops the line`,
        help: `${addition.what} needs systemd ${addition.since}`,
      });
      if (finding !== undefined) yield finding;
    }
  },
};

function tooNew(line: string, version: number): (typeof additions)[number] | undefined {
  return additions.find(({ pattern, since }) => version < since && pattern.test(line));
}

/** True if a refused line is this rule's. */
export function isTooNew(line: string, version: number): boolean {
  return tooNew(line, version) !== undefined;
}

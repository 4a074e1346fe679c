import { findingFromMessage, type Rule } from './rule.ts';

/** Lines that only a later systemd accepts. */
export const sysusersFeatureTooNew: Rule = {
  id: 'sysusers-feature-too-new',
  severity: 'error',
  phase: 'sysusers',
  title: 'a line needs a later systemd',
  manual: {
    what: "Line types with modifiers that the image's systemd does not know, such as u! before version 257.",
    why: 'The older systemd-sysusers ignores the line, so the account does not exist.',
    fix: 'Use the plain type, or raise the systemd version that the package requires.',
    bad: `--- /usr/lib/sysusers.d/lantern.conf
u! lantern - "Lantern keeper"
`,
    good: `--- /usr/lib/sysusers.d/lantern.conf
u lantern - "Lantern keeper"
`,
    exampleVersion: 252,
    references: ['sysusers.d(5)', 'firezone/firezone#10802', 'systemd/systemd#34876'],
  },
  *check(context) {
    const { version } = context.simulation.inputs.systemd;
    for (const message of context.messages('unknown-modifier')) {
      if (message.phase !== 'sysusers') continue;
      const finding = findingFromMessage(message, {
        consequence: `systemd ${version} ignores the line: the account will not exist`,
        help: 'u! needs systemd 257; write u',
      });
      if (finding !== undefined) yield finding;
    }
  },
};

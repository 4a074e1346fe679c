import type { Message } from '../problems/problem.ts';
import { findingFromMessage, type Rule } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Lines that write where nothing can be written. */
export const tmpfilesReadonlyTarget: Rule = {
  id: 'tmpfiles-readonly-target',
  severity: 'error',
  phase: 'tmpfiles',
  title: 'a line writes to a read-only file system',
  manual: {
    what: 'Lines that make or change something below /usr, or, with --volatile=state, in /etc, when that is mounted read-only.',
    why: 'The line fails with 73 at every boot and its path is not there.',
    fix: 'Ship the path in the image, or move it to /etc, /var or /run.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
d /usr/local/harbor 0755 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
d /var/lib/harbor 0755 root root -
`,
    references: ['tmpfiles.d(5)', 'openbmc/openbmc#2231', 'LibreELEC/LibreELEC.tv#10179'],
  },
  *check(context) {
    for (const message of context.messages('read-only', 'parent-missing')) {
      if (!isReadOnlyFailure(message, context)) continue;
      const path = message.subject ?? '';
      const isExpected = context.simulation.volatile === 'state' && !path.startsWith('/usr/');
      const finding = findingFromMessage(message, {
        // With --volatile=state every line for /etc fails, which the vendor cannot mend; it matters if a unit needs it.
        severity: isExpected && context.references.needing(path).length === 0 ? 'info' : 'error',
        consequence: 'the line fails (exit status 73)',
        help: 'ship the path in the image, or move it to /var or /run',
        affects: [...new Set(context.references.needing(path).map(({ unit }) => unit))],
      });
      if (finding !== undefined) yield finding;
    }
  },
};

/** True if a message is about a read-only file system: the path itself, or a parent that cannot be made for it. */
export function isReadOnlyFailure(message: Message, context: RuleContext): boolean {
  if (message.code === 'read-only') return true;
  return message.code === 'parent-missing' && context.simulation.tree.isReadOnly(message.subject ?? '/');
}

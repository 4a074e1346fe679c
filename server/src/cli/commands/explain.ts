import { nearestName } from '../../core/text/nearest-name.ts';
import { formatRulePage } from '../../report/rule-page.ts';
import { styleFor } from '../../report/style.ts';
import { parseArguments, positionals, UsageError, wantsColour } from '../arguments.ts';
import type { Command } from './command.ts';

/** `stateless-boot explain RULE`. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'the page of a rule: what it looks for, why, how to mend it',
  help: `usage: stateless-boot explain RULE

Prints what a rule looks for, what happens at boot, how to mend it, and an example of each.

example:
  stateless-boot explain tmpfiles-owner-unresolvable
`,
  async run(words, streams) {
    const args = parseArguments(words, {});
    const [id] = positionals(args, 1, 'explain takes one rule');
    if (id === undefined) throw new UsageError('explain takes the id of a rule; "stateless-boot rules" lists them');
    const { findRule, rules } = await import('../rules.ts');
    const rule = findRule(id);
    if (rule === undefined) {
      const near = nearestName(
        id,
        rules.map((known) => known.id),
      );
      throw new UsageError(`no rule "${id}"${near === undefined ? '' : `; did you mean ${near}?`}`);
    }
    streams.out(formatRulePage(rule, styleFor(streams, wantsColour(args))));
    return 0;
  },
};

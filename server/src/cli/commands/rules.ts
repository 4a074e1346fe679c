import { formatJson, schemaVersion } from '../../report/json.ts';
import { styleFor } from '../../report/style.ts';
import { paintSeverity } from '../../report/text-findings.ts';
import { choiceOption, parseArguments, positionals, wantsColour } from '../arguments.ts';
import type { Command } from './command.ts';

/** `stateless-boot rules`. */
export const rulesCommand: Command = {
  name: 'rules',
  summary: 'all rules, a line each',
  help: `usage: stateless-boot rules [--format text|json]

Lists the rules with their severity and the phase of boot they are about.
`,
  async run(words, streams) {
    const args = parseArguments(words, { format: { type: 'string' } });
    positionals(args, 0, 'rules takes no argument');
    const { rules } = await import('../rules.ts');
    if (choiceOption(args, 'format', ['text', 'json'] as const, 'text') === 'json') {
      const list = rules.map(({ id, severity, phase, title, manual }) => ({
        id,
        severity,
        phase,
        title,
        what: manual.what,
        why: manual.why,
        fix: manual.fix,
        references: manual.references,
      }));
      streams.out(formatJson({ schemaVersion, rules: list }));
      return 0;
    }
    const style = styleFor(streams, wantsColour(args));
    const width = Math.max(0, ...rules.map((rule) => rule.id.length));
    for (const rule of rules) {
      const severity = paintSeverity(rule.severity, style)(rule.severity.padEnd(7));
      streams.out(`${rule.id.padEnd(width)}  ${severity}  ${rule.phase.padEnd(8)}  ${rule.title}\n`);
    }
    return 0;
  },
};

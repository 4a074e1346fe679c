/** A rule's page for the terminal. docs/rules holds the same text as Markdown. */

import type { Rule } from '../core/rules/rule.ts';
import type { Style } from './style.ts';
import { paintSeverity, wrap } from './text-findings.ts';

const WIDTH = 88;

export function formatRulePage(rule: Rule, style: Style): string {
  const { manual } = rule;
  const parts = [
    `${paintSeverity(rule.severity, style)(`${rule.severity}[${rule.id}]`)} ${style.bold(rule.title)}`,
    paragraph('What', manual.what, style),
    paragraph('At boot', manual.why, style),
    paragraph('Fix', manual.fix, style),
    example('Wrong', manual.bad, style),
    example('Right', manual.good, style),
  ];
  if (manual.references.length > 0) parts.push(`${style.bold('See also')}\n  ${manual.references.join(', ')}`);
  return `${parts.join('\n\n')}\n`;
}

function paragraph(title: string, text: string, style: Style): string {
  return [style.bold(title), ...wrap(text, WIDTH).map((line) => `  ${line}`)].join('\n');
}

function example(title: string, files: string, style: Style): string {
  return [
    style.bold(title),
    ...files
      .trim()
      .split('\n')
      .map((line) => `  ${line}`),
  ].join('\n');
}

/** The same page as Markdown, for docs/rules. */
export function ruleMarkdown(rule: Rule): string {
  const { manual } = rule;
  const references = manual.references.map((reference) => `- ${reference}`).join('\n');
  return `# ${rule.id}

${rule.title}.

Severity: ${rule.severity}. Phase: ${rule.phase}.

## What

${manual.what}

## At boot

${manual.why}

## Fix

${manual.fix}

## Wrong

\`\`\`
${manual.bad.trim()}
\`\`\`

## Right

\`\`\`
${manual.good.trim()}
\`\`\`
${references === '' ? '' : `\n## See also\n\n${references}\n`}`;
}

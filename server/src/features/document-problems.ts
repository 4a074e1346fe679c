/** What can be said of a file from its own text, at once and without the rest of the system. */

import { checkUnit } from '../core/formats/unit/check.ts';
import type { Problem } from '../core/problems/problem.ts';
import { ruleOfProblem } from '../core/rules/problem-rules.ts';
import { isAbout, readSuppressions } from '../core/rules/suppressions.ts';
import { hasPlaceholder } from '../workspace/document-kind.ts';
import type { FeatureDocument } from './feature-document.ts';

/** The problems of a file in the order of its text. In templates, lines with placeholders are left out: nobody knows yet. */
export function documentProblems(document: FeatureDocument): readonly Problem[] {
  const problems = notSilenced(document, problemsOf(document));
  if (!document.isTemplate) return problems;
  return problems.filter(({ span }) => {
    const line = document.lines.lineSpan(document.lines.position(span.start).line);
    return line === undefined || !hasPlaceholder(document.text.slice(line.start, line.end));
  });
}

/** Without the problems that comments in the file silence. */
function notSilenced(document: FeatureDocument, problems: readonly Problem[]): readonly Problem[] {
  if (problems.length === 0) return problems;
  const { format } = document.kind;
  const { entries } = readSuppressions(document.text, format);
  if (entries.length === 0) return problems;
  return problems.filter(
    (problem) => !entries.some((entry) => isAbout(entry, ruleOfProblem(format, problem), problem.span)),
  );
}

function problemsOf(document: FeatureDocument): readonly Problem[] {
  const { parsed } = document;
  if (parsed.format !== 'unit') return parsed.tree.problems;
  const { type, unit } = parsed;
  // A drop-in of a whole type is checked as one of any unit of that type.
  return checkUnit(parsed.tree, unit ?? (type === undefined ? undefined : `any.${type}`), document.systemd);
}

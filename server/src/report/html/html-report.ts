/** The program part that makes HTML reports. It is bundled apart (dist/html-report.js), so that nothing else pays for it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Grammars, loadGrammars } from './grammars.ts';
import type { ReportInput } from './input.ts';
import { buildModel } from './model.ts';
import { renderPage } from './page.ts';
import { Quotes } from './quotes.ts';

/** The page for a simulation, its quotes coloured by the grammars where those can be loaded. */
export async function htmlReport(input: ReportInput): Promise<string> {
  return formatHtml(input, await loadShippedGrammars());
}

/** The page; without grammars its quotes have no colours. The same input gives the same bytes. */
export function formatHtml(input: ReportInput, grammars: Grammars | undefined): string {
  return renderPage(buildModel(input, new Quotes(input.findings.context, grammars)));
}

/** Oniguruma lies beside the bundle. */
async function loadShippedGrammars(): Promise<Grammars | undefined> {
  try {
    return await loadGrammars(readFileSync(join(__dirname, 'onig.wasm')));
  } catch {
    // Colours are a convenience: a report without them is better than none.
    return undefined;
  }
}

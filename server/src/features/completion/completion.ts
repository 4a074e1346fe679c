/** What can be written at a place of a file, the likely ones first. */

import { type CompletionRequest, type Completions, none } from './candidate.ts';
import { presetCompletions } from './preset.ts';
import { sysusersCompletions } from './sysusers.ts';
import { tmpfilesCompletions } from './tmpfiles.ts';
import { unitCompletions } from './unit.ts';

const byFormat: Readonly<Record<string, (request: CompletionRequest) => Completions>> = {
  tmpfiles: tmpfilesCompletions,
  sysusers: sysusersCompletions,
  preset: presetCompletions,
  unit: unitCompletions,
};

export function completionsAt(request: CompletionRequest): Completions {
  return byFormat[request.context.document.kind.format]?.(request) ?? none;
}

/** The TextMate grammars of syntaxes/, the same that colour the files in an editor, run without one. */

import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { type IGrammar, parseRawGrammar, Registry } from 'vscode-textmate';
import preset from '../../../../syntaxes/preset.tmLanguage.json';
import sysusers from '../../../../syntaxes/sysusers.tmLanguage.json';
import tmpfiles from '../../../../syntaxes/tmpfiles.tmLanguage.json';
import unit from '../../../../syntaxes/unit.tmLanguage.json';

const languages = { preset, sysusers, tmpfiles, unit } as const;

/** What a grammar is for. */
export type Language = keyof typeof languages;

export type Grammars = Readonly<Record<Language, IGrammar>>;

let loading: Promise<unknown> | undefined;

/** Loads the grammars. `wasm` is Oniguruma's program; it is used by the first call only, as there is one engine a process. */
export async function loadGrammars(wasm: Uint8Array): Promise<Grammars> {
  loading ??= loadWASM({ data: wasm });
  await loading;
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    // A grammar that includes another one would ask here; ours do not.
    loadGrammar: () => Promise.resolve(null),
  });
  const load = (language: Language) => {
    const { scopeName } = languages[language];
    return registry.addGrammar(parseRawGrammar(JSON.stringify(languages[language]), `${scopeName}.json`));
  };
  return {
    preset: await load('preset'),
    sysusers: await load('sysusers'),
    tmpfiles: await load('tmpfiles'),
    unit: await load('unit'),
  };
}

/** The language of a configuration file by its path inside an image. */
export function languageOf(path: string): Language | undefined {
  if (/\/(user-)?tmpfiles\.d\/[^/]+\.conf$|\.tmpfiles$/.test(path)) return 'tmpfiles';
  if (/\/sysusers\.d\/[^/]+\.conf$|\.sysusers$/.test(path)) return 'sysusers';
  if (/\.preset$/.test(path)) return 'preset';
  const types = `(?:${unit.fileTypes.join('|')})`;
  return new RegExp(`\\.${types}$|[./]${types}\\.d/[^/]+\\.conf$`).test(path) ? 'unit' : undefined;
}

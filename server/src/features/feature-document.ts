/** A file as the features see it: its text and kind, parsed once for its version, and the set that it belongs to. */

import { parsePreset } from '../core/formats/preset/parse.ts';
import type { PresetDocument } from '../core/formats/preset/syntax.ts';
import { parseSysusers } from '../core/formats/sysusers/parse.ts';
import type { SysusersDocument } from '../core/formats/sysusers/syntax.ts';
import { parseTmpfiles } from '../core/formats/tmpfiles/parse.ts';
import type { TmpfilesDocument } from '../core/formats/tmpfiles/syntax.ts';
import type { UnitType } from '../core/formats/unit/directives.ts';
import { parseUnit } from '../core/formats/unit/parse.ts';
import type { UnitDocument } from '../core/formats/unit/syntax.ts';
import { LineIndex } from '../core/text/source-text.ts';
import type { Systemd } from '../core/versions/systemd.ts';
import { type DocumentKind, isTemplate } from '../workspace/document-kind.ts';

/** The syntax tree of a file with its format. */
export type ParsedDocument =
  | { readonly format: 'tmpfiles'; readonly tree: TmpfilesDocument }
  | { readonly format: 'sysusers'; readonly tree: SysusersDocument }
  | { readonly format: 'preset'; readonly tree: PresetDocument }
  | {
      readonly format: 'unit';
      readonly tree: UnitDocument;
      readonly type: UnitType | undefined;
      readonly unit: string | undefined;
      readonly isDropIn: boolean;
    };

export class FeatureDocument {
  /** Relative to its folder, or whatever names it. */
  readonly file: string;
  readonly text: string;
  readonly kind: DocumentKind;
  readonly systemd: Systemd;
  readonly lines: LineIndex;
  readonly isTemplate: boolean;
  #parsed: ParsedDocument | undefined;

  constructor(file: string, text: string, kind: DocumentKind, systemd: Systemd) {
    this.file = file;
    this.text = text;
    this.kind = kind;
    this.systemd = systemd;
    this.lines = new LineIndex(text);
    this.isTemplate = isTemplate(file, text);
  }

  get parsed(): ParsedDocument {
    this.#parsed ??= parseDocument(this.text, this.kind, this.systemd);
    return this.#parsed;
  }
}

function parseDocument(text: string, kind: DocumentKind, systemd: Systemd): ParsedDocument {
  switch (kind.format) {
    case 'tmpfiles':
      return { format: 'tmpfiles', tree: parseTmpfiles(text, systemd) };
    case 'sysusers':
      return { format: 'sysusers', tree: parseSysusers(text, systemd) };
    case 'preset':
      return { format: 'preset', tree: parsePreset(text, systemd) };
    case 'unit': {
      const { type, unit, isDropIn } = kind;
      return { format: 'unit', tree: parseUnit(text, systemd), type, unit, isDropIn };
    }
  }
}

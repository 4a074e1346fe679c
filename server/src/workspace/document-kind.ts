/**
 * What a file is, by its path first, then its name, then its content: one of the four kinds that this tool reads, or nothing
 * of ours. Quadlet, networkd, udev and other files that merely look alike are not claimed.
 */

import { type UnitType, unitTypes } from '../core/formats/unit/directives.ts';
import { baseName } from '../core/tree/tree.ts';
import { installedPath, type RepositoryNames } from '../host/installed-path.ts';

export type DocumentKind =
  | { readonly format: 'tmpfiles' | 'sysusers' | 'preset' }
  | {
      readonly format: 'unit';
      readonly type: UnitType | undefined;
      /** Name of the unit it belongs to; undefined for drop-ins of a whole type. */
      readonly unit: string | undefined;
      readonly isDropIn: boolean;
    };

const types = unitTypes.join('|');
const DROP_IN = new RegExp(`(?:^|/)(?:([^/]+)\\.)?(${types})\\.d/[^/]+\\.conf$`);
const UNIT_NAME = new RegExp(`^[\\w:.\\\\@-]+\\.(${types})$`);
const UNIT_DIRECTORY =
  /(?:^|\/)systemd\/(?:system|user|initrd|transient|system\.control)\/(?:[^/]+\.(?:wants|requires|upholds)\/)?[^/]+$/;
const UNIT_SECTION = /^\[(?:Unit|Service|Socket|Mount|Automount|Swap|Path|Timer|Slice|Scope|Install)\]/m;
/** A header that is still being typed decides nothing. */
const ANY_SECTION = /^[^\S\n]*\[[^\]\n]+\]/m;
/** systemctl(1), edit: the file is edited under a hidden name with sixteen random digits. */
const EDITED = /^\.#(.+?)[0-9a-f]{16}$/;
/** Suffixes of files that a build step fills in. */
const TEMPLATE_SUFFIX = /(?:\.in|\.j2|\.jinja2?|\.tmpl|\.template|\.tpl|\.erb|\.m4|\.cmake)+$/;
/** `@NAME@`, `{{ name }}`, `{% … %}`, `<%= name %>`. */
const PLACEHOLDER = /@[A-Za-z_][A-Za-z0-9_-]*@|\{\{|\{%|<%/;

/** Ids of our own languages, and of those that other extensions claim for units. */
const languages: Readonly<Record<string, 'tmpfiles' | 'sysusers' | 'preset' | 'unit'>> = {
  'systemd-tmpfiles': 'tmpfiles',
  'systemd-sysusers': 'sysusers',
  'systemd-preset': 'preset',
  'systemd-unit': 'unit',
  'systemd-unit-file': 'unit',
  systemd: 'unit',
  systemdunit: 'unit',
};

const anyNames: RepositoryNames = { main: 'local', packages: [] };

/**
 * The kind of a file; undefined for what is not ours.
 * @param path with `/` between its parts, absolute or relative to the folder
 * @param text its content; called only if the path does not decide
 * @param language the editor's id of its language; decides for files that have no name yet
 */
export function documentKindOf(
  path: string,
  text: () => string | undefined,
  language?: string,
  names: RepositoryNames = anyNames,
): DocumentKind | undefined {
  const directories = path.split('/').filter((part) => part !== '');
  const last = directories.pop() ?? '';
  const name = (EDITED.exec(last)?.[1] ?? last).replace(TEMPLATE_SUFFIX, '');
  const clean = [...directories, name].join('/');
  if (/(?:^|\/)(?:user-)?tmpfiles\.d\/[^/]+\.conf$/.test(clean)) return { format: 'tmpfiles' };
  if (/(?:^|\/)sysusers\.d\/[^/]+\.conf$/.test(clean)) return { format: 'sysusers' };
  if (name.endsWith('.preset')) return { format: 'preset' };
  const dropIn = DROP_IN.exec(clean);
  if (dropIn !== null)
    return unitKind(dropIn[2], dropIn[1] === undefined ? undefined : `${dropIn[1]}.${dropIn[2]}`, true);
  const unit = UNIT_NAME.exec(name);
  if (unit !== null) {
    if (UNIT_DIRECTORY.test(`/${clean}`)) return unitKind(unit[1], name, false);
    const content = text() ?? '';
    // A new file has nothing yet; one with other sections is something else (D-Bus, Docker, desktop files).
    return UNIT_SECTION.test(content) || !ANY_SECTION.test(content) ? unitKind(unit[1], name, false) : undefined;
  }
  const installed = installedPath({ directories, name: last, text }, names);
  if (installed?.startsWith('/usr/lib/tmpfiles.d/')) return { format: 'tmpfiles' };
  if (installed?.startsWith('/usr/lib/sysusers.d/')) return { format: 'sysusers' };
  if (installed?.startsWith('/usr/lib/systemd/system/')) {
    const installedName = baseName(installed);
    return unitKind(UNIT_NAME.exec(installedName)?.[1], installedName, false);
  }
  const format = language === undefined || !Object.hasOwn(languages, language) ? undefined : languages[language];
  if (format === undefined) return undefined;
  return format === 'unit' ? unitKind(undefined, undefined, false) : { format };
}

function unitKind(type: string | undefined, unit: string | undefined, isDropIn: boolean): DocumentKind {
  return { format: 'unit', type: unitTypes.find((known) => known === type), unit, isDropIn };
}

/** True for a file that a build step fills in: what its placeholders hide is unknown, not wrong. */
export function isTemplate(path: string, text: string): boolean {
  return TEMPLATE_SUFFIX.test(path) || /@[A-Z_][A-Z0-9_]*@|\{\{[^}\n]*\}\}|\{%/.test(text);
}

/** True for a line of such a file whose meaning a placeholder hides. */
export function hasPlaceholder(line: string): boolean {
  return PLACEHOLDER.test(line);
}

/** HTML as a value: whatever is put into a template is escaped, except HTML. */

import { printable } from '../style.ts';

export interface Html {
  readonly html: string;
}

export type Insertion = string | number | Html | readonly Insertion[] | undefined | false;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of an image: control characters become visible, so that nothing in it acts on the page or its reader. */
export function escapeText(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** A template: html`<b>${name}</b>`. Attribute values must stand in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Insertion[]): Html {
  let text = parts[0] ?? '';
  for (const [i, value] of values.entries()) text += render(value) + (parts[i + 1] ?? '');
  return { html: text };
}

/** HTML that we wrote ourselves, and nobody else. */
export function trusted(text: string): Html {
  return { html: text };
}

function render(value: Insertion): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map(render).join('');
  return value.html;
}

function isList(value: Html | readonly Insertion[]): value is readonly Insertion[] {
  return Array.isArray(value);
}

/** JSON that may stand inside a script element: nothing in it can end the element or begin a comment. */
export function jsonForScript(value: unknown): Html {
  return {
    html: JSON.stringify(value)
      .replaceAll('<', '\\u003c')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029'),
  };
}

/** A path with places where it may break. */
export function breakable(path: string): Html {
  return {
    html: escapeText(path)
      .replaceAll('/', '/<wbr>')
      .replace(/^\/<wbr>/, '/'),
  };
}

/** Words of a sentence; code is set apart. */
export type Words = readonly (string | { readonly code: string })[];

export function words(text: Words): Html[] {
  return text.map((part) => (typeof part === 'string' ? html`${part}` : html`<code>${part.code}</code>`));
}

/** `a`, `a and b`, `a, b and c`; beyond `limit` the rest is counted. */
export function listed(names: readonly string[], limit = 4): Words {
  const shown = names.length > limit ? names.slice(0, limit - 1) : names;
  const rest = names.length - shown.length;
  const parts: (string | { code: string })[] = [];
  for (const [i, name] of shown.entries()) {
    if (i > 0) parts.push(rest === 0 && i === shown.length - 1 ? ' and ' : ', ');
    parts.push({ code: name });
  }
  if (rest > 0) parts.push(` and ${rest} more`);
  return parts;
}

export function counted(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** 12,345 */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The resulting tree for people: names, modes, owners and what made each entry. */

import type { Cause } from '../core/problems/problem.ts';
import { modeText } from '../core/tree/mode-text.ts';
import { baseName, parentPath } from '../core/tree/tree.ts';
import { printable, type Style } from './style.ts';
import type { ReportEntry } from './tree-entries.ts';

interface Branch {
  readonly entry: ReportEntry | undefined;
  readonly name: string;
  readonly children: Branch[];
}

/** Lines of the tree; runs of a preset's links are summed up unless `verbose`. */
export function formatTree(
  entries: readonly ReportEntry[],
  style: Style,
  options: { readonly verbose: boolean },
): string[] {
  const root = buildBranches(entries);
  const rows: Row[] = [];
  for (const branch of root.children) collectRows(branch, '', '/', rows, style, options.verbose);
  const nameWidth = Math.min(48, Math.max(0, ...rows.map((row) => row.width)));
  const ownerWidth = Math.min(32, Math.max(0, ...rows.map((row) => row.owner.length)));
  return rows.map((row) => {
    const padding = ' '.repeat(Math.max(1, nameWidth - row.width + 1));
    return `${row.name}${padding}${style.dim(row.mode.padEnd(10))} ${row.owner.padEnd(ownerWidth)} ${style.dim(row.detail)}`.trimEnd();
  });
}

interface Row {
  readonly name: string;
  /** Width of the name without colour codes. */
  readonly width: number;
  readonly mode: string;
  readonly owner: string;
  readonly detail: string;
}

function buildBranches(entries: readonly ReportEntry[]): Branch {
  const root: Branch = { entry: undefined, name: '/', children: [] };
  const byPath = new Map<string, Branch>([['/', root]]);
  const branchAt = (path: string): Branch => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const branch: Branch = { entry: undefined, name: baseName(path), children: [] };
    byPath.set(path, branch);
    branchAt(parentPath(path)).children.push(branch);
    return branch;
  };
  for (const entry of entries) {
    const parent = branchAt(parentPath(entry.path));
    const known = byPath.get(entry.path);
    const branch: Branch = { entry, name: baseName(entry.path), children: known?.children ?? [] };
    if (known !== undefined) parent.children[parent.children.indexOf(known)] = branch;
    else parent.children.push(branch);
    byPath.set(entry.path, branch);
  }
  return root;
}

function collectRows(branch: Branch, indent: string, glyph: string, rows: Row[], style: Style, verbose: boolean): void {
  const links = branch.children.filter((child) => child.entry?.type === 'symlink' && child.entry.phase === 'preset');
  const isSummed = !verbose && links.length > 3 && links.length === branch.children.length;
  const isDirectory = branch.entry === undefined || branch.entry.type === 'directory';
  const name = `${printable(branch.name)}${isDirectory ? '/' : ''}`;
  rows.push({
    name: `${style.dim(indent + glyph)}${isDirectory ? style.bold(name) : name}`,
    width: indent.length + glyph.length + name.length,
    mode: branch.entry === undefined ? '' : symbolicMode(branch.entry),
    owner: branch.entry === undefined ? '' : ownerOf(branch.entry),
    detail: isSummed ? `${links.length} links  preset` : detailOf(branch.entry),
  });
  if (isSummed) return;
  const below = glyph === '/' ? indent : `${indent}${glyph === '└─ ' ? '   ' : '│  '}`;
  for (const [i, child] of branch.children.entries()) {
    collectRows(child, below, i === branch.children.length - 1 ? '└─ ' : '├─ ', rows, style, verbose);
  }
}

/** Type and rights as ls(1) writes them; unknown rights as question marks. */
export function symbolicMode(entry: ReportEntry): string {
  return modeText(entry.type, entry.mode === undefined ? undefined : Number.parseInt(entry.mode, 8));
}

function ownerOf(entry: ReportEntry): string {
  const user = entry.user ?? entry.uid ?? '?';
  const group = entry.group ?? entry.gid ?? '?';
  return printable(`${user} ${group}`);
}

function detailOf(entry: ReportEntry | undefined): string {
  if (entry === undefined) return '';
  const what = entry.type === 'symlink' ? `→ ${printable(entry.target ?? '?')}  ` : '';
  const cause = entry.origin.at(-1);
  return `${what}${cause === undefined ? '' : shortCause(entry.origin[0] ?? cause)}`;
}

/** A cause in a few characters: `tmp.conf:11`, with what is special about it. */
export function shortCause(cause: Cause): string {
  const where = cause.line === undefined ? wholePhase(cause) : `${printable(baseName(cause.file))}:${cause.line}`;
  switch (cause.action) {
    case 'parent':
      return `${where} (missing parent)`;
    case 'copied':
      return `${where} (copied)`;
    default:
      return where;
  }
}

/** What stands for a cause that is no line of a file. */
function wholePhase(cause: Cause): string {
  return cause.phase === 'skeleton' ? 'base' : cause.phase;
}

/** Paths of the image and of the system after the boot, one directory at a time. */

import { compareBytes } from '../../core/text/bytes.ts';
import type { Inode } from '../../core/tree/inode.ts';
import { joinPath, type Tree } from '../../core/tree/tree.ts';
import type { CheckedSet } from '../../workspace/checked-set.ts';
import { plainPath } from '../occurrences.ts';
import { type Candidate, type Completions, mostCandidates, none } from './candidate.ts';
import { offersOf } from './set-offers.ts';

export interface TypedPath {
  /** Up to the cursor. */
  readonly before: string;
  /** Where it begins in the text, and where what is replaced ends at most. */
  readonly start: number;
  readonly end: number;
}

export interface PathWish {
  readonly to: 'file' | 'directory' | 'any';
  /** Only files that may be executed. */
  readonly isProgram?: true;
  /** Specifiers stand in the text, so that a percent sign is written twice. */
  readonly hasSpecifiers?: boolean;
}

/** Where typing a path may begin when nothing is typed yet; in the order in which they are likely. */
const commonRoots = ['/usr', '/etc', '/var', '/run', '/srv', '/opt', '/home', '/dev', '/tmp'];

/** Entries of the directory that is typed. Before the first slash those of /, whole. */
export function pathCompletions(
  set: CheckedSet | undefined,
  text: string,
  typed: TypedPath,
  wish: PathWish,
): Completions {
  if (set === undefined || (typed.before !== '' && !/^[/%]/.test(typed.before))) return none;
  const slash = typed.before.lastIndexOf('/');
  if (slash === -1 && typed.before !== '') return none;
  const directory = slash <= 0 ? '/' : plainPath(typed.before.slice(0, slash));
  if (directory === undefined) return none;
  const isBare = typed.before === '';
  const cursor = typed.start + typed.before.length;
  const rest = /^[^/:\s"']*/.exec(text.slice(cursor, typed.end))?.[0].length ?? 0;
  const span = { start: typed.start + slash + 1, end: cursor + rest };
  const { entries, isIncomplete } = entriesOf(set, directory, typed.before.slice(slash + 1));
  const candidates: Candidate[] = [];
  for (const entry of entries) {
    const isDirectory = entry.type === 'directory';
    if (!isDirectory && (wish.to === 'directory' || (wish.isProgram === true && !entry.isExecutable))) continue;
    const name = wish.hasSpecifiers === false ? entry.name : entry.name.replaceAll('%', '%%');
    const insert = isBare ? `/${name}` : name;
    candidates.push({
      label: isDirectory ? `${insert}/` : insert,
      insert,
      filter: insert,
      span,
      kind: isDirectory ? 'directory' : 'file',
      detail: entry.detail,
    });
  }
  if (isBare) {
    const rank = (candidate: Candidate) => {
      const at = commonRoots.indexOf(candidate.insert ?? '');
      return at === -1 ? commonRoots.length : at;
    };
    candidates.sort((a, b) => rank(a) - rank(b));
  }
  return { candidates, isIncomplete };
}

/** Programs of the search path whose names begin as typed, with their whole paths (systemd.service(5), Command Lines). */
export function programCompletions(set: CheckedSet | undefined, typed: TypedPath): Completions {
  if (set === undefined || typed.before === '' || /[/%$]/.test(typed.before)) return none;
  const candidates: Candidate[] = [];
  const span = { start: typed.start, end: typed.end };
  for (const directory of ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/usr/libexec']) {
    for (const { name, type, isExecutable, detail } of entriesOf(set, directory, typed.before, true).entries) {
      if (type === 'directory' || !isExecutable) continue;
      const label = joinPath(directory, name);
      candidates.push({ label, filter: name, insert: label, span, kind: 'file', detail });
    }
  }
  return { candidates: candidates.slice(0, mostCandidates), isIncomplete: true };
}

interface PathEntry {
  readonly name: string;
  /** Of a link to a directory as well `directory`. */
  readonly type: 'directory' | 'other';
  readonly isExecutable: boolean;
  readonly detail: string;
}

function entriesOf(
  set: CheckedSet,
  directory: string,
  typed: string,
  onlyTyped = false,
): { readonly entries: readonly PathEntry[]; readonly isIncomplete: boolean } {
  const after = set.simulation.units.finalTree;
  const { shipped } = offersOf(set);
  const afterDirectory = directoryAt(after, directory);
  const shippedDirectory = directoryAt(shipped, directory);
  let names = [...new Set([...(afterDirectory?.names() ?? []), ...(shippedDirectory?.names() ?? [])])];
  // Names that would have to be quoted or escaped are left to the person.
  names = names.filter((name) => !/[\s"'\\\p{Cc}\p{Cs}]/u.test(name));
  const isIncomplete = names.length > mostCandidates;
  if (isIncomplete || onlyTyped) names = names.filter((name) => name.startsWith(typed));
  if (!typed.startsWith('.')) names = [...names.filter((name) => !isHidden(name)), ...names.filter(isHidden)];
  names = names.slice(0, mostCandidates);
  names.sort((a, b) => Number(isHidden(a)) - Number(isHidden(b)) || compareBytes(a, b));
  const entries: PathEntry[] = [];
  for (const name of names) {
    const path = joinPath(directory, name);
    const afterBoot = afterDirectory?.child(name);
    const inode = afterBoot ?? shippedDirectory?.child(name);
    if (inode === undefined) continue;
    const target = inode.type === 'symlink' ? (afterBoot === undefined ? shipped : after).lookup(path) : inode;
    entries.push({
      name,
      type: target?.type === 'directory' ? 'directory' : 'other',
      isExecutable: target?.type === 'file' && (target.mode === undefined || (target.mode & 0o111) !== 0),
      detail: detailOf(inode, afterBoot),
    });
  }
  return { entries, isIncomplete };
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}

function directoryAt(tree: Tree, path: string): Inode | undefined {
  const inode = tree.lookup(path);
  return inode?.type === 'directory' ? inode : undefined;
}

/** `0750 directory, made by /usr/lib/tmpfiles.d/x.conf`, `file, gone after the boot`. */
function detailOf(inode: Inode, afterBoot: Inode | undefined): string {
  const what = inode.type === 'symlink' ? `link to ${inode.target ?? '?'}` : inode.type;
  const mode =
    inode.mode === undefined || inode.type === 'symlink' ? '' : `${inode.mode.toString(8).padStart(4, '0')} `;
  if (afterBoot === undefined) return `${mode}${what}, gone with an empty /etc and /var`;
  const cause = afterBoot.causes.find(({ action }) => action === 'created' || action === 'copied');
  return cause === undefined ? `${mode}${what}` : `${mode}${what}, made by ${cause.file}`;
}

/** The line types of tmpfiles.d(5): one row each, for the parser, the simulation, completion and hover. */

import type { InodeType } from '../../image/image.ts';
import type { Behaviour, Systemd } from '../../versions/systemd.ts';

/** What the argument column of a type means. */
export type ArgumentKind =
  | 'none'
  | 'content'
  | 'target'
  | 'source'
  | 'device'
  | 'xattrs'
  | 'acl'
  | 'attributes'
  | 'capabilities';

export interface LineType {
  readonly letter: string;
  /** Absent: every known version has it. */
  readonly needs?: Behaviour;
  /** One line for people. */
  readonly what: string;
  /** `glob`: the path is a pattern, and the line comes after all `literal` ones. */
  readonly path: 'literal' | 'glob';
  readonly argument: ArgumentKind;
  /** A line without an argument is refused. */
  readonly requiresArgument: boolean;
  /** C escapes and specifiers in the argument are replaced. */
  readonly expandsArgument: boolean;
  /** The modifier `~` is refused. */
  readonly refusesBase64: boolean;
  /** Two lines of such types on one path must agree, else the later one is dropped. */
  readonly owns: boolean;
  /** The modifier `$` is allowed. */
  readonly purgeable: boolean;
  /** Type of the inode that it makes, if it makes one. */
  readonly makes?: InodeType;
  /** Works on the whole tree below each match. */
  readonly recursive: boolean;
  /** Of the columns mode, user and group, those it uses. */
  readonly uses: readonly ('mode' | 'user' | 'group' | 'age')[];
}

const OWNER = ['mode', 'user', 'group'] as const;
const OWNER_AND_AGE = ['mode', 'user', 'group', 'age'] as const;

/** What most rows have in common; a row names what is different. */
const common = {
  path: 'literal',
  argument: 'none',
  requiresArgument: false,
  expandsArgument: false,
  refusesBase64: false,
  owns: true,
  purgeable: true,
  recursive: false,
  uses: OWNER,
} as const;

const globbing = { ...common, path: 'glob', owns: false, purgeable: false } as const;
const needsText = { ...globbing, requiresArgument: true, refusesBase64: true, uses: [] } as const;

export const lineTypes: readonly LineType[] = [
  {
    ...common,
    letter: 'f',
    what: 'Make a file with the argument as content, unless it exists; with `+` empty and rewrite an existing one.',
    argument: 'content',
    expandsArgument: true,
    makes: 'file',
  },
  {
    ...common,
    letter: 'F',
    what: 'Make a file, or empty and rewrite an existing one; the old spelling of `f+`.',
    argument: 'content',
    expandsArgument: true,
    makes: 'file',
  },
  {
    ...common,
    letter: 'w',
    path: 'glob',
    what: 'Write the argument to existing files without shortening them; with `+` at their end.',
    argument: 'content',
    requiresArgument: true,
    expandsArgument: true,
  },
  {
    ...common,
    letter: 'd',
    what: 'Make a directory; an age cleans what is in it.',
    makes: 'directory',
    uses: OWNER_AND_AGE,
  },
  {
    ...common,
    letter: 'D',
    what: 'As `d`, and --remove empties it, which every boot does.',
    makes: 'directory',
    uses: OWNER_AND_AGE,
  },
  {
    ...common,
    letter: 'e',
    path: 'glob',
    what: 'Adjust rights and owner of existing directories; an age cleans what is in them.',
    uses: OWNER_AND_AGE,
  },
  {
    ...common,
    letter: 'v',
    what: 'Make a subvolume where / is a btrfs subvolume, else a directory.',
    makes: 'directory',
    uses: OWNER_AND_AGE,
  },
  {
    ...common,
    letter: 'q',
    what: 'As `v`, in the quota groups of the parent subvolume.',
    makes: 'directory',
    uses: OWNER_AND_AGE,
  },
  {
    ...common,
    letter: 'Q',
    what: 'As `v`, in a quota group of its own.',
    makes: 'directory',
    uses: OWNER_AND_AGE,
  },
  { ...common, letter: 'p', what: 'Make a named pipe; with `+` in place of anything else.', makes: 'fifo' },
  {
    ...common,
    letter: 'L',
    what: 'Make a symlink to the argument (by default the factory copy); with `+` in place of whatever is there.',
    argument: 'target',
    expandsArgument: true,
    refusesBase64: true,
    makes: 'symlink',
    uses: ['user', 'group'],
  },
  {
    ...common,
    letter: 'c',
    what: 'Make a character device node MAJOR:MINOR; with `+` in place of anything else.',
    argument: 'device',
    requiresArgument: true,
    refusesBase64: true,
    makes: 'char',
  },
  {
    ...common,
    letter: 'b',
    what: 'Make a block device node MAJOR:MINOR; with `+` in place of anything else.',
    argument: 'device',
    requiresArgument: true,
    refusesBase64: true,
    makes: 'block',
  },
  {
    ...common,
    letter: 'C',
    what: 'Copy a file or a tree from the argument (by default the factory copy), unless something is there.',
    argument: 'source',
    expandsArgument: true,
    refusesBase64: true,
    uses: OWNER_AND_AGE,
  },
  {
    ...globbing,
    letter: 'x',
    owns: true,
    what: 'Leave the path and all below it alone when cleaning by age.',
    uses: ['age'],
  },
  {
    ...globbing,
    letter: 'X',
    owns: true,
    what: 'Leave the path alone when cleaning by age, but not what is below it.',
    uses: ['age'],
  },
  { ...globbing, letter: 'r', owns: true, what: 'Remove a file or an empty directory with --remove.', uses: ['age'] },
  {
    ...globbing,
    letter: 'R',
    owns: true,
    what: 'Remove a path and all below it with --remove.',
    recursive: true,
    uses: ['age'],
  },
  { ...globbing, letter: 'z', what: 'Adjust rights, owner and security label of what exists.' },
  { ...globbing, letter: 'Z', what: 'As `z`, for whole trees.', recursive: true },
  { ...globbing, letter: 'm', what: 'As `z`; kept for old files.' },
  { ...needsText, letter: 't', what: 'Set extended attributes, NAME=VALUE.', argument: 'xattrs' },
  { ...needsText, letter: 'T', what: 'As `t`, for whole trees.', argument: 'xattrs', recursive: true },
  { ...needsText, letter: 'h', what: 'Set file attributes as chattr(1) does.', argument: 'attributes' },
  { ...needsText, letter: 'H', what: 'As `h`, for whole trees.', argument: 'attributes', recursive: true },
  { ...needsText, letter: 'a', what: 'Set the access control list; with `+` add to it.', argument: 'acl' },
  { ...needsText, letter: 'A', what: 'As `a`, for whole trees.', argument: 'acl', recursive: true },
  {
    ...needsText,
    letter: 'k',
    needs: 'tmpfiles-type-capabilities',
    what: 'Set file capabilities.',
    argument: 'capabilities',
  },
  {
    ...needsText,
    letter: 'K',
    needs: 'tmpfiles-type-capabilities',
    what: 'As `k`, for whole trees.',
    argument: 'capabilities',
    recursive: true,
  },
];

const rowsByLetter = new Map(lineTypes.map((row) => [row.letter, row]));

/** The row of a letter, if the version knows it. */
export function findLineType(letter: string, systemd: Systemd): LineType | undefined {
  const row = rowsByLetter.get(letter);
  return row?.needs !== undefined && !systemd.has(row.needs) ? undefined : row;
}

/** Mode of an inode that a line makes without naming one. */
export function defaultMode(type: LineType): number {
  return type.makes === 'directory' ? 0o755 : 0o644;
}

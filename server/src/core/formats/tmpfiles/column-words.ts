/** What the columns of a tmpfiles.d(5) line and the parts of its age mean, for hover and completion. */

import type { ArgumentKind } from './line-types.ts';

export type TmpfilesColumn = 'type' | 'path' | 'mode' | 'user' | 'group' | 'age' | 'argument';

/** In the order in which they are written. */
export const tmpfilesColumns: Readonly<Record<TmpfilesColumn, string>> = {
  type: 'What the line does: a letter, perhaps with modifiers behind it.',
  path: 'Absolute path that the line is about; specifiers are replaced.',
  mode: 'Access rights in octal; `~` in front masks them by the rights that are there, `:` keeps them to new inodes.',
  user: 'Owner, by name or id; `-` means root for new inodes. `:` in front keeps it to new inodes.',
  group: 'Owning group, by name or id; `-` means root for new inodes. `:` in front keeps it to new inodes.',
  age: 'How old files must be for the regular cleaning to remove them; `-` cleans nothing.',
  argument: 'What else the type needs: the rest of the line, blanks included.',
};

/** What the argument is, by what the line type takes. */
export const argumentWords: Readonly<Record<ArgumentKind, string>> = {
  none: 'The type takes no argument.',
  content: 'Text for the file; C escapes and specifiers are replaced.',
  target: 'Where the symlink points; without it to the same path below /usr/share/factory.',
  source: 'File or directory to copy; without it the same path below /usr/share/factory.',
  device: 'Numbers of the device node, MAJOR:MINOR.',
  xattrs: 'Extended attributes, NAME=VALUE, with blanks between them.',
  acl: 'Entries of the access control list with commas between them, as setfacl(1) takes them.',
  attributes: 'Letters of chattr(1) behind `+`, `-` or `=`.',
  capabilities: 'File capabilities as setcap(8) takes them.',
};

/** The signs that may stand before the span of an age. */
export const ageWords: Readonly<Record<string, string>> = {
  '~': 'Spares what lies directly in the directory.',
  a: 'Files count by their last access.',
  b: 'Files count by their creation.',
  c: 'Files count by the last change of their status.',
  m: 'Files count by the last change of their content.',
  A: 'Directories count by their last access.',
  B: 'Directories count by their creation.',
  C: 'Directories count by the last change of their status.',
  M: 'Directories count by the last change of their entries.',
};

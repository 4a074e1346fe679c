/** Types and rights of inodes as ls(1) writes them. */

import type { InodeType } from '../image/image.ts';

const typeLetters: Readonly<Record<InodeType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  char: 'c',
  block: 'b',
  fifo: 'p',
  socket: 's',
};

/** Type and rights; what is unknown as question marks. */
export function modeText(type: InodeType | undefined, mode: number | undefined): string {
  const letter = type === undefined ? '?' : typeLetters[type];
  // The rights of a symlink are never asked for.
  return `${letter}${rightsText(type === 'symlink' ? 0o777 : mode)}`;
}

/** The nine letters of the rights, `rwxr-x---`. */
export function rightsText(mode: number | undefined): string {
  if (mode === undefined) return '?????????';
  const triple = (bits: number, special: boolean, letters: string): string => {
    const execute = (bits & 1) !== 0;
    const last = special ? letters.charAt(execute ? 0 : 1) : execute ? 'x' : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  };
  return [
    triple((mode >> 6) & 7, (mode & 0o4000) !== 0, 'sS'),
    triple((mode >> 3) & 7, (mode & 0o2000) !== 0, 'sS'),
    triple(mode & 7, (mode & 0o1000) !== 0, 'tT'),
  ].join('');
}

/** The errors of file system calls in words for people, without paths and stack traces. */

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ELOOP: 'is a symbolic link or goes through too many of them',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'is not a directory',
  ENXIO: 'no such device',
  EIO: 'input/output error',
  EPERM: 'operation not permitted',
};

/** The code of a Node system error, for example `ENOENT`; undefined for any other value. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The reason that a caught error gives, as half a sentence. */
export function describeSystemError(error: unknown): string {
  const code = systemErrorCode(error);
  const meaning = code === undefined ? undefined : MEANINGS[code];
  if (meaning !== undefined) return meaning;
  if (code !== undefined && error instanceof Error && 'syscall' in error) return code;
  return error instanceof Error ? error.message : String(error);
}

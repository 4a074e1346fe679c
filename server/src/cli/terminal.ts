/**
 * Standard output and error, written at once and without Node's streams, which take longer to load than most files to write.
 * Terminals and pipes that do not block are left to the streams.
 */

import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { systemErrorCode } from '../host/system-error.ts';

/** The numbers of the two files (stdout(3)). */
export const standardOutput = 1;
export const standardError = 2;

type StandardFile = typeof standardOutput | typeof standardError;

/** Files that a stream has taken over, because they did not take everything at once. */
const streams = new Map<StandardFile, NodeJS.WriteStream>();

/** Whether the file is a terminal. */
export function isTerminal(file: StandardFile): boolean {
  try {
    const stats = fstatSync(file);
    // Only the stream can tell a terminal from other devices; /dev/null is none.
    if (!stats.isCharacterDevice() || stats.rdev === statSync(devNull).rdev) return false;
    return streamOf(file).isTTY === true;
  } catch {
    return false;
  }
}

/** Writes a text, in whole and in order. `fail` is told, now or later, that the file takes nothing any more. */
export function write(file: StandardFile, text: string, fail: (error: unknown) => void): void {
  let rest: Uint8Array = Buffer.from(text);
  if (!streams.has(file) && !isTerminal(file)) {
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(file, rest));
      return;
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') {
        fail(error);
        return;
      }
    }
  }
  let stream = streams.get(file);
  if (stream === undefined) {
    stream = streamOf(file);
    streams.set(file, stream);
    stream.on('error', fail);
  }
  stream.write(rest);
}

function streamOf(file: StandardFile): NodeJS.WriteStream {
  return file === standardOutput ? process.stdout : process.stderr;
}

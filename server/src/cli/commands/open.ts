/** Opening the image that a command was given, with its progress and its complaints. */

import type { Image } from '../../core/image/image.ts';
import { type OpenOptions, openImage } from '../../host/open-image.ts';
import { printable } from '../../report/style.ts';
import { type Arguments, flag, textOption, UsageError } from '../arguments.ts';
import { isTerminal, standardError } from '../terminal.ts';
import type { Streams } from './command.ts';

/** Opens an image or throws UsageError with the host's sentence. */
export async function openForCommand(path: string, args: Arguments, options: OpenOptions = {}): Promise<Image> {
  const base = textOption(args, 'base');
  const stopProgress = showProgress(`reading ${path}`, args);
  const opened = await openImage(path, base === undefined ? options : { ...options, base });
  stopProgress();
  if (opened.kind === 'failed') throw new UsageError(printable(opened.message));
  return opened.image;
}

/** A line on a terminal while something takes longer than a moment; returns what takes the line away. */
function showProgress(text: string, args: Arguments): () => void {
  if (!isTerminal(standardError) || flag(args, 'quiet')) return () => {};
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    process.stderr.write(`${printable(text)} …`);
  }, 300);
  return () => {
    clearTimeout(timer);
    // Carriage return and "erase to the end of the line" (ECMA-48, EL).
    if (isShown) process.stderr.write('\r\u001b[K');
  };
}

/** Says once for each thing that could not be read; to be called after the work, when all problems are known. */
export function reportImageProblems(image: Image, args: Arguments, streams: Streams): void {
  const problems = image.problems();
  if (problems.length === 0 || flag(args, 'quiet')) return;
  const limit = flag(args, 'verbose') ? problems.length : 5;
  for (const problem of problems.slice(0, limit)) {
    streams.error(`stateless-boot: ${printable(problem.path)}: ${printable(problem.message)}\n`);
  }
  if (problems.length > limit) streams.error(`stateless-boot: ${problems.length - limit} more (-v shows all)\n`);
}

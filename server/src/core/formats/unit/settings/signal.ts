/** Signal names and numbers. */

import { badValue, quoted, type SettingGrammar } from './grammar.ts';
import { parseInteger } from './number.ts';

/** In the order of their numbers, without SIG. */
export const signalNames =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );
const firstRealTime = 34;
const lastRealTime = 64;

/** The number of a signal, named with or without SIG, as RTMIN+n or RTMAX-n, or by its number. */
export function parseSignal(text: string): number | undefined {
  const number = parseInteger(text);
  if (number !== undefined) return number > 0n && number <= 64n ? Number(number) : undefined;
  const name = text.startsWith('SIG') ? text.slice(3) : text;
  const index = signalNames.indexOf(name);
  if (index !== -1) return index + 1;
  const range = BigInt(lastRealTime - firstRealTime);
  if (name === 'RTMIN') return firstRealTime;
  if (name === 'RTMAX') return lastRealTime;
  const offset = /^RTM(IN\+|AX-)/.test(name) ? parseInteger(name.slice(5)) : undefined;
  if (offset === undefined) return undefined;
  if (name.startsWith('RTMIN')) return offset >= 0n && offset <= range ? firstRealTime + Number(offset) : undefined;
  return offset <= 0n && offset >= -range ? lastRealTime + Number(offset) : undefined;
}

export const signalGrammar: SettingGrammar = (value) =>
  parseSignal(value) === undefined ? [badValue('unknown-signal', value, `${quoted(value)} is no signal`)] : [];

/** `LimitNOFILE=` and the other resource limits: one value, or a soft and a hard one with a colon between them. */

import { parseTimeSpan } from '../../../text/time-span.ts';
import { badValue, quoted, type SettingGrammar } from './grammar.ts';
import { parseInteger, parseSize } from './number.ts';

type LimitKind = 'number' | 'size' | 'seconds' | 'microseconds' | 'nice';

const kinds: Readonly<Record<string, LimitKind>> = {
  LimitFSIZE: 'size',
  LimitDATA: 'size',
  LimitSTACK: 'size',
  LimitCORE: 'size',
  LimitRSS: 'size',
  LimitAS: 'size',
  LimitMEMLOCK: 'size',
  LimitMSGQUEUE: 'size',
  LimitCPU: 'seconds',
  LimitRTTIME: 'microseconds',
  LimitNICE: 'nice',
};

/** The value of one limit, `infinity` as the largest; undefined if it is none. */
function parseLimit(text: string, kind: LimitKind): bigint | undefined {
  const infinity = (1n << 64n) - 1n;
  if (text === 'infinity' && kind !== 'nice') return infinity;
  const value = readLimit(text, kind);
  return value === undefined || value < 0n || value >= infinity ? undefined : value;
}

function readLimit(text: string, kind: LimitKind): bigint | undefined {
  switch (kind) {
    case 'number':
      return parseInteger(text);
    case 'size':
      return parseSize(text, 1024);
    case 'seconds':
    case 'microseconds':
      return parseTimeSpan(text, kind === 'seconds' ? 1_000_000n : 1n);
    case 'nice': {
      const sign = /^[+-]/.exec(text)?.[0];
      const number = parseInteger(sign === undefined ? text : text.slice(1));
      if (number === undefined || number < 0n) return undefined;
      if (sign === '+') return number < 20n ? 20n - number : undefined;
      if (sign === '-') return number <= 20n ? 20n + number : undefined;
      return number <= 40n ? number : undefined;
    }
    default:
      return kind satisfies never;
  }
}

export const resourceLimitGrammar: SettingGrammar = (value, context) => {
  const kind = kinds[context.key] ?? 'number';
  const [soft = '', hard, ...more] = value.split(':');
  const low = parseLimit(soft, kind);
  const high = hard === undefined ? low : parseLimit(hard, kind);
  if (low === undefined || high === undefined || more.length > 0) {
    return [badValue('invalid-limit', value, `${quoted(value)} is no limit`)];
  }
  return low > high ? [badValue('limit-order', value, `The soft limit ${quoted(soft)} is above the hard one`)] : [];
};

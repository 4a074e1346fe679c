/** `ListenStream=` and the other addresses of sockets (systemd.socket(5)). */

import { encodeText } from '../../../text/bytes.ts';
import {
  badValue,
  checkPath,
  hasSpecifier,
  listed,
  quoted,
  type SettingGrammar,
  unknownSpecifier,
  wholeSpan,
} from './grammar.ts';
import { parseInteger } from './number.ts';
import { legacyRunDirectory } from './paths.ts';

/** What an address is. `unknown`: only the running system can tell. */
export type ListenAddress =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'abstract'; readonly name: string }
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'internet'; readonly address: string; readonly port: number }
  | { readonly kind: 'vsock' }
  | { readonly kind: 'unknown' };

/** Reads the address of `ListenStream=`, `ListenDatagram=`, `ListenSequentialPacket=`; undefined if it is none. */
export function parseListenAddress(value: string): ListenAddress | undefined {
  if (/^%[A-Za-z]/.test(value)) return { kind: 'unknown' };
  if (value.startsWith('/') || value.startsWith('@')) {
    // sun_path has 108 bytes; a path needs one for its end, an abstract name one for its beginning.
    if (!hasSpecifier(value) && encodeText(value).length > (value.startsWith('/') ? 107 : 108)) return undefined;
    if (value === '@') return undefined;
    return value.startsWith('/') ? { kind: 'path', path: value } : { kind: 'abstract', name: value.slice(1) };
  }
  if (/^vsock(-stream|-dgram|-seqpacket)?:/.test(value)) return { kind: 'vsock' };
  if (hasSpecifier(value) || /^[[0-9.].*:[0-9]+%[^ \t]/.test(value)) return { kind: 'unknown' };
  const number = parsePort(value);
  if (number !== undefined) return { kind: 'port', port: number };
  const match = /^(?:\[([^\]]*)\]|([0-9.]+)):([^ \t].*)$/.exec(value);
  if (match === null) return undefined;
  const [, six, four, digits = ''] = match;
  const port = parsePort(digits);
  if (port === undefined || !(six === undefined ? isIPv4(four ?? '') : isIPv6(six))) return undefined;
  return { kind: 'internet', address: six ?? four ?? '', port };
}

/** A port as any whole number: `0x50` is one, `080` is octal and none. */
function parsePort(text: string): number | undefined {
  const port = /^[0-9+]/.test(text) ? parseInteger(text) : undefined;
  return port !== undefined && port >= 1n && port <= 65535n ? Number(port) : undefined;
}

function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [at, part] of parts.entries()) {
      const isLast = index === halves.length - 1 && at === parts.length - 1;
      if (isLast && part.includes('.')) {
        if (!isIPv4(part)) return false;
        groups += 2;
      } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}

export const listenGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined) return [specifier];
  const address = parseListenAddress(value);
  if (address === undefined) {
    return [badValue('invalid-listen-address', value, `${quoted(value)} is no address that a socket can listen on`)];
  }
  if (address.kind === 'path') return listed([legacyRunDirectory(value, wholeSpan(value), context)]);
  if (context.key === 'ListenSequentialPacket' && (address.kind === 'port' || address.kind === 'internet')) {
    const message = `${quoted(value)} is an internet address, which ListenSequentialPacket= does not take`;
    return [badValue('invalid-listen-address', value, message)];
  }
  return [];
};

/** `ListenFIFO=`, `ListenSpecial=`, `ListenMessageQueue=`, `ListenUSBFunction=`: absolute paths. */
export const listenPathGrammar: SettingGrammar = (value, context) => {
  if (value === '') return [];
  const specifier = unknownSpecifier(value, context);
  if (specifier !== undefined) return [specifier];
  const outsideApiFileSystems = context.key !== 'ListenSpecial' && context.systemd.has('unit-refuses-api-paths');
  const problem = checkPath(value, wholeSpan(value), { kind: 'absolute', outsideApiFileSystems }, context);
  if (problem !== undefined || context.key !== 'ListenFIFO') return listed([problem]);
  return listed([legacyRunDirectory(value, wholeSpan(value), context)]);
};

/**
 * The records of a pax extended header as bytes. tar-stream reads them too, but decodes values that are not UTF-8 with
 * replacement characters; this is only for those.
 */

import { decodeText } from '../core/text/bytes.ts';

const BLOCK = 512;
const LOWER_X = 0x78;

/** The records of the extended headers (type `x`) in a run of header and data blocks; later ones win. */
export function readPaxRecords(blocks: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at + BLOCK <= blocks.length; ) {
    const size = Number.parseInt(decodeText(blocks.subarray(at + 124, at + 136)), 8) || 0;
    const data = blocks.subarray(at + BLOCK, at + BLOCK + size);
    if (blocks[at + 156] === LOWER_X) readRecords(data, records);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return records;
}

/** Records are `LENGTH KEY=VALUE\n`, the length counting all of it (pax(1), "pax Extended Header"). */
function readRecords(data: Uint8Array, records: Map<string, string>): void {
  for (let at = 0; at < data.length; ) {
    const blank = data.indexOf(0x20, at);
    const length = blank === -1 ? 0 : Number.parseInt(decodeText(data.subarray(at, blank)), 10);
    if (!(length > 0)) return;
    const record = data.subarray(blank + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    if (equals > 0) records.set(decodeText(record.subarray(0, equals)), decodeText(record.subarray(equals + 1)));
    at += length;
  }
}

/** Parser throughput with ranges, and growth: time(4n) / time(n), on ordinary and on hostile text. */

import { parsePreset } from '../server/src/core/formats/preset/parse.ts';
import { parseSysusers } from '../server/src/core/formats/sysusers/parse.ts';
import { parseTmpfiles } from '../server/src/core/formats/tmpfiles/parse.ts';
import { parseUnit } from '../server/src/core/formats/unit/parse.ts';
import { Systemd } from '../server/src/core/versions/systemd.ts';
import { corpus } from './corpora.ts';

const systemd = new Systemd(257);

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  units: parseUnit,
  tmpfiles: (text) => parseTmpfiles(text, systemd),
  sysusers: (text) => parseSysusers(text, systemd),
  presets: (text) => parsePreset(text, systemd),
};

/** Texts that make naive parsers quadratic. */
const hostile: Readonly<Record<string, (size: number) => string>> = {
  'one line': (size) => 'a '.repeat(size / 2),
  quotes: (size) => 'd "'.repeat(size / 3),
  backslashes: (size) => '\\'.repeat(size),
  'continued lines': (size) => `[Service]\nExecStart=${'x \\\n'.repeat(size / 4)}`,
  'empty lines': (size) => '\n'.repeat(size),
  percents: (size) => 'd /%%%%%%%%%%%%%%%%\n'.repeat(size / 20),
};

/**
 * Fastest of several runs, in milliseconds of CPU time: noise only ever adds. What takes less than a few milliseconds is run
 * several times at once, since CPU time is counted in steps.
 */
function measure(run: () => unknown): number {
  let repeats = 1;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 9; i++) {
    const before = process.cpuUsage();
    for (let n = 0; n < repeats; n++) run();
    const used = process.cpuUsage(before);
    const time = (used.user + used.system) / 1000;
    if (time < 5 && repeats < 10_000) {
      repeats *= Math.max(2, Math.ceil(6 / Math.max(time, 0.01)));
      i = -1;
      continue;
    }
    best = Math.min(best, time / repeats);
  }
  return best;
}

const MEGABYTE = 1_000_000;
const FILE = 40_000;
/** So small that neither size reaches the mebibyte at which systemd gives a line up. */
const SMALL = 80_000;

function showThroughput(format: string, parse: (text: string) => unknown): void {
  const text = corpus(format, MEGABYTE);
  const bytes = Buffer.byteLength(text);
  const time = measure(() => parse(text));
  // Nearly all real files are small; what is kept of one large text costs the collector more than the parser.
  const file = corpus(format, FILE);
  const fileTime = measure(() => parse(file));
  const raw = measure(() => text.split('\n').length);
  const speed = (size: number, taken: number) => `${(size / 1e6 / (taken / 1000)).toFixed(0)} MB/s`;
  console.log(
    `parse ${format.padEnd(9)} ${speed(bytes, time)} in one text of 1 MB, ${speed(FILE, fileTime)} in files of 40 KB; ${(time / raw).toFixed(1)} times splitting into lines`,
  );
}

function showGrowth(format: string, parse: (text: string) => unknown): void {
  const texts = { ordinary: (size: number) => corpus(format, size), ...hostile };
  const ratios = Object.entries(texts).map(([name, make]) => {
    const [large, small] = [make(SMALL * 4), make(SMALL)];
    return `${name} ${(measure(() => parse(large)) / measure(() => parse(small))).toFixed(1)}`;
  });
  console.log(`growth ${format.padEnd(9)} time(4n)/time(n): ${ratios.join(', ')}`);
}

const show = process.argv[2] === 'growth' ? showGrowth : showThroughput;
for (const [format, parse] of Object.entries(parsers)) show(format, parse);

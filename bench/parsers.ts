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

/** CPU time of some work in milliseconds. */
function cpuTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

function repeat(times: number, run: () => unknown): () => void {
  return () => {
    for (let i = 0; i < times; i++) run();
  };
}

/** How often something has to be run so that counting CPU time in steps does not matter; warms it up meanwhile. */
function repeatsFor(run: () => unknown, least: number): number {
  for (let repeats = 1; ; repeats *= 2) {
    let time = 0;
    for (let i = 0; i < 3; i++) time = cpuTime(repeat(repeats, run));
    if (time >= least || repeats > 100_000) return repeats;
  }
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

interface Times {
  /** Noise only ever adds; but what runs fast enough gets between two collections of garbage. */
  readonly fastest: number;
  readonly median: number;
}

/** Milliseconds of CPU time of one run. */
function measure(run: () => unknown): Times {
  const repeats = repeatsFor(run, 5);
  const times = Array.from({ length: 21 }, () => cpuTime(repeat(repeats, run)) / repeats);
  return { fastest: Math.min(...times), median: median(times) };
}

const MEGABYTE = 1_000_000;
const FILE = 40_000;
/** So small that neither size reaches the mebibyte at which systemd gives a line up. */
const SMALL = 80_000;
const FACTOR = 4;

function showThroughput(format: string, parse: (text: string) => unknown): void {
  const text = corpus(format, MEGABYTE);
  const whole = measure(() => parse(text));
  // Nearly all real files are small.
  const file = corpus(format, FILE);
  const small = measure(() => parse(file));
  const raw = measure(() => text.split('\n').length);
  const speed = (size: number, taken: number) => `${(size / 1e6 / (taken / 1000)).toFixed(0)} MB/s`;
  const show = (size: number, { fastest, median }: Times) =>
    `${speed(size, fastest)} at best, ${speed(size, median)} in the median`;
  console.log(
    `parse ${format.padEnd(9)} one text of 1 MB: ${show(Buffer.byteLength(text), whole)}; files of 40 KB: ${show(FILE, small)}; ${(whole.fastest / raw.fastest).toFixed(1)} times splitting into lines`,
  );
}

/**
 * How the time grows: the larger text against as many bytes in smaller texts, in turns, so that both meet the same machine, the
 * same compiled code and leave the same garbage. It is collected before each turn and fits into the nursery: where a collection
 * falls, or that all texts above some size outlive one, are steps in the time that are no growth.
 */
function growth(parse: (text: string) => unknown, make: (size: number) => string): readonly number[] {
  const [large, small] = [make(SMALL * FACTOR), make(SMALL)];
  const repeats = repeatsFor(() => parse(large), 10);
  const turns = [repeat(repeats, () => parse(large)), repeat(repeats * FACTOR, () => parse(small))] as const;
  const collected = (turn: () => void) => {
    globalThis.gc?.({ type: 'minor' });
    return cpuTime(turn);
  };
  for (let i = 0; i < 3; i++) for (const turn of turns) collected(turn);
  return Array.from({ length: 11 }, () => (collected(turns[0]) / collected(turns[1])) * FACTOR);
}

function showGrowth(format: string, parse: (text: string) => unknown): void {
  const texts = { ordinary: (size: number) => corpus(format, size), ...hostile };
  const ratios = Object.entries(texts).map(([name, make]) => {
    const found = growth(parse, make);
    return `${name} ${median(found).toFixed(1)} (${Math.min(...found).toFixed(1)}–${Math.max(...found).toFixed(1)})`;
  });
  console.log(`growth ${format.padEnd(9)} time(4n)/time(n): ${ratios.join(', ')}`);
}

const show = process.argv[2] === 'growth' ? showGrowth : showThroughput;
for (const [format, parse] of Object.entries(parsers)) show(format, parse);

/**
 * Runs the differential tests of the tools that scripts/conformance.mjs found (every `*.tool.ts` beside this file). Prints
 * one line a tool and version, then `N passed, N failed`.
 */

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runDifferential, type ToolUnderTest } from './support/differential.ts';
import { findRealSystemds } from './support/real-systemd.ts';

export async function main(tools: readonly ToolUnderTest[]): Promise<void> {
  const { values } = parseArgs({
    options: {
      bases: { type: 'string', default: '.cache/bases' },
      count: { type: 'string', default: '3000' },
      seed: { type: 'string' },
      tool: { type: 'string', multiple: true },
      version: { type: 'string', multiple: true },
      show: { type: 'string', default: '5' },
      /** Fail unless all three versions can be run. */
      'require-all': { type: 'boolean', default: false },
    },
  });

  if (process.getuid?.() !== 0 || !existsSync('/proc/self')) {
    console.error('The differential tests need root on Linux: they make inodes of every type and owner.');
    process.exit(2);
  }
  const reals = findRealSystemds(values.bases);
  if (values['require-all'] && reals.length < 3) {
    console.error(
      `Only systemd ${reals.map((real) => real.version).join(', ')} can be run; scripts/bases.sh makes the others.`,
    );
    process.exit(2);
  }
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
  let passed = 0;
  let failed = 0;
  for (const real of reals) {
    if (values.version !== undefined && !values.version.includes(String(real.version))) continue;
    for (const tool of tools) {
      if (values.tool !== undefined && !values.tool.includes(tool.name)) continue;
      const began = Date.now();
      const tally = await runDifferential(tool, real, {
        count: Math.ceil(Number(values.count) * (tool.share ?? 1)),
        seed,
        show: Number(values.show),
        log: (text) => console.log(text),
      });
      const excused = [...tally.excused].sort().map(([name, count]) => `${count} ${name}`);
      const excusedCount = [...tally.excused.values()].reduce((sum, count) => sum + count, 0);
      passed += tally.compared - tally.different - excusedCount;
      failed += tally.different;
      const setAside = excused.length === 0 ? '' : `, set aside: ${excused.join(', ')}`;
      const unknown = tally.partlyUnknown === 0 ? '' : `, ${tally.partlyUnknown} partly unknown`;
      const seconds = ((Date.now() - began) / 1000).toFixed(0);
      console.log(
        `${tool.name} ${real.version}: ${tally.compared} cases, ${tally.different} differ${unknown}${setAside}, seed ${seed}, ${seconds} s`,
      );
    }
    real.remove();
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

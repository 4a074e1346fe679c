// Preloaded into a measured process: writes its CPU time (ms) and peak memory (KiB) to the file $BENCH_USAGE.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(process.env.BENCH_USAGE, `${(userCPUTime + systemCPUTime) / 1000} ${maxRSS}`);
});

import { type SimulationResult, simulate } from '../../core/boot/simulate.ts';
import type { Outcome } from '../../core/boot/start/unit-outcome.ts';
import type { Severity } from '../../core/problems/problem.ts';
import type { CheckResult } from '../../core/rules/check.ts';
import { nearestName } from '../../core/text/nearest-name.ts';
import { formatJson, schemaVersion } from '../../report/json.ts';
import { describeImage, describeMode, findingsToJson, imageToJson } from '../../report/simulation.ts';
import { type Style, styleFor } from '../../report/style.ts';
import { formatFindings, paintSeverity } from '../../report/text-findings.ts';
import {
  type Arguments,
  choiceOption,
  failOnOption,
  flag,
  listOption,
  parseArguments,
  positionals,
  UsageError,
  volatileOption,
  wantsColour,
} from '../arguments.ts';
import { bootInputs, chooseSystemd, requireTarget } from '../boot-inputs.ts';
import { type Command, type Streams, sharedHelp } from './command.ts';
import { openForCommand, reportImageProblems } from './open.ts';

/** `stateless-boot check`. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'what breaks at the boot, as findings',
  help: `usage: stateless-boot check [IMAGE...] [OPTION...]

Simulates the boot of each image and reports what goes wrong, with the line to blame. IMAGE is a root directory, a
tar, tar.gz or tar.zst of a root, or a source directory with loose unit, tmpfiles.d and sysusers.d files; without one,
the current directory.

  --volatile MODE         yes: /etc and /var start empty (default); state: only /var; no: as shipped; overlay
  --format text|json
  --fail-on LEVEL         exit with 1 from this severity on: error (default), warning, info, never
  --select RULE,...       only these rules
  --ignore RULE,...       all but these
${sharedHelp}
Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the run could not be done.

examples:
  stateless-boot check image/
  stateless-boot check --volatile state --fail-on warning root.tar.zst
  stateless-boot check --select tmpfiles-owner-unresolvable,tmpfiles-line-rejected .
`,
  async run(words, streams) {
    const args = parseArguments(words, {
      volatile: { type: 'string' },
      format: { type: 'string' },
      'fail-on': { type: 'string' },
    });
    const format = choiceOption(args, 'format', ['text', 'json'] as const, 'text');
    const failOn = failOnOption(args);
    const { check, isAtLeast, rules } = await import('../rules.ts');
    const known = rules.map((rule) => rule.id);
    const select = ruleIds(args, 'select', known);
    const ignore = ruleIds(args, 'ignore', known);
    const volatile = volatileOption(args);
    const paths = args.positionals.length === 0 ? ['.'] : positionals(args, Number.POSITIVE_INFINITY, '');
    const style = styleFor(streams, wantsColour(args));
    const reports: object[] = [];
    let worst: Severity | undefined;
    for (const path of paths) {
      const began = performance.now();
      const image = await openForCommand(path, args);
      const systemd = chooseSystemd(image, args);
      const simulation = simulate(image, volatile, bootInputs(systemd, args, streams.environment));
      requireTarget(simulation);
      const result = check(simulation, {
        ...(select.size === 0 ? {} : { select }),
        ignore,
      });
      reportFailures(result, streams);
      for (const finding of result.findings) {
        if (worst === undefined || !isAtLeast(worst, finding.severity)) worst = finding.severity;
      }
      if (format === 'json') {
        reports.push({ image: imageToJson(simulation, systemd), volatile, findings: findingsToJson(result) });
      } else {
        if (paths.length > 1) streams.out(`${style.bold(path)}\n\n`);
        streams.out(formatText(simulation, result, args, style));
        if (streams.isTerminal) streams.out(style.dim(`  ${((performance.now() - began) / 1000).toFixed(2)} s\n`));
        if (flag(args, 'verbose')) streams.out(`  systemd ${systemd.version}: ${systemd.evidence}\n`);
      }
      reportImageProblems(image, args, streams);
    }
    if (format === 'json') {
      const [only] = reports;
      streams.out(formatJson(reports.length === 1 ? { schemaVersion, ...only } : { schemaVersion, reports }));
    }
    return failOn !== 'never' && worst !== undefined && isAtLeast(worst, failOn) ? 1 : 0;
  },
};

function ruleIds(args: Arguments, option: string, known: readonly string[]): ReadonlySet<string> {
  const ids = listOption(args, option);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const near = nearestName(id, known);
    throw new UsageError(`--${option}: no rule "${id}"${near === undefined ? '' : `; did you mean ${near}?`}`);
  }
  return new Set(ids);
}

function formatText(simulation: SimulationResult, result: CheckResult, args: Arguments, style: Style): string {
  const verbose = flag(args, 'verbose');
  const blocks = flag(args, 'quiet') ? [] : formatFindings(result.findings, result.context, style, { verbose });
  const head = `${describeImage(simulation)}, ${describeMode(simulation.volatile)}`;
  blocks.push(`${head}: ${summarizeUnits(simulation, style)}\n  ${summarize(result, style)}`);
  return `${blocks.join('\n\n')}\n`;
}

/** How many of the units that the boot starts fail. */
function summarizeUnits({ units }: SimulationResult, style: Style): string {
  const count = (...outcomes: readonly Outcome[]) =>
    units.outcomes.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const failed = count('failed', 'dep-failed', 'assert-failed');
  const started = failed + count('active', 'ran');
  if (started === 0) return 'no unit is started';
  if (failed === 0) return style.good(`all ${started} units start`);
  return style.error(`${failed} of ${started} units ${failed === 1 ? 'fails' : 'fail'}`);
}

function summarize(result: CheckResult, style: Style): string {
  const { findings } = result;
  if (findings.length === 0) return style.good('nothing to report');
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    const word = severity === 'info' ? 'note' : severity;
    return count === 0 ? [] : [paintSeverity(severity, style)(`${count} ${word}${count === 1 ? '' : 's'}`)];
  });
  const files = new Set(findings.map((finding) => finding.place.file)).size;
  return `${counts.join(', ')} in ${files} file${files === 1 ? '' : 's'}`;
}

function reportFailures(result: CheckResult, streams: Streams): void {
  for (const failure of result.failures) {
    streams.error(`stateless-boot: the rule ${failure.rule} failed, please report it: ${failure.message}\n`);
  }
}

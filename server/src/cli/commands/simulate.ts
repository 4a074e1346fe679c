import { type PhaseOutcome, type SimulationResult, simulate } from '../../core/boot/simulate.ts';
import type { UnitOutcome } from '../../core/boot/start/unit-outcome.ts';
import type { CheckResult } from '../../core/rules/check.ts';
import { compareBytes } from '../../core/text/bytes.ts';
import { accountsToJson, presetsToJson, usersAndGroups } from '../../report/accounts.ts';
import { entryToJson, formatJson, messageToJson, schemaVersion } from '../../report/json.ts';
import { formatMtree } from '../../report/mtree.ts';
import { ownerNames } from '../../report/owner-names.ts';
import { phaseSummary } from '../../report/phase-summary.ts';
import { describeImage, describeMode, findingsToJson, imageToJson } from '../../report/simulation.ts';
import { type Style, styleFor } from '../../report/style.ts';
import { formatFindings } from '../../report/text-findings.ts';
import { type EntryOptions, loadSha256, type ReportEntry, reportEntries } from '../../report/tree-entries.ts';
import { formatTree } from '../../report/tree-text.ts';
import { unitsToJson } from '../../report/units-json.ts';
import { formatUnits, unitsSummary } from '../../report/units-text.ts';
import {
  type Arguments,
  choiceOption,
  flag,
  listOption,
  parseArguments,
  positionals,
  textOption,
  UsageError,
  volatileOption,
  wantsColour,
} from '../arguments.ts';
import { bootInputs, chooseSystemd, requireTarget } from '../boot-inputs.ts';
import { type Command, sharedHelp } from './command.ts';
import { openForCommand, reportImageProblems } from './open.ts';

const sections = ['tree', 'users', 'units', 'findings'] as const;
type Section = (typeof sections)[number];

/** `stateless-boot simulate`. */
export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'the tree, users and links as they stand after the boot',
  help: `usage: stateless-boot simulate [IMAGE] [OPTION...]

Replays presets, systemd-sysusers and systemd-tmpfiles on what a volatile boot leaves of the image, starts the units of its
default target, and shows what was made, what starts, what fails and why. The tree is the one that stands when
systemd-tmpfiles-setup.service has finished.

  --volatile MODE         yes: /etc and /var start empty (default); state: only /var; no: as shipped; overlay
  --format tree|mtree|json|html
  --section tree,users,units,findings   only these parts (default: all)
  --until tmpfiles        stop when the tree is rebuilt: no unit is started after that
${sharedHelp}
examples:
  stateless-boot simulate image/
  stateless-boot simulate image/ --format html > report.html
  stateless-boot simulate image.tar.gz --format mtree | mtree -f - -p /mnt
  stateless-boot simulate --volatile state --section users image/
`,
  async run(words, streams) {
    const args = parseArguments(words, {
      volatile: { type: 'string' },
      format: { type: 'string' },
      section: { type: 'string', multiple: true },
      until: { type: 'string' },
    });
    const format = choiceOption(args, 'format', ['tree', 'mtree', 'json', 'html'] as const, 'tree');
    const wanted = wantedSections(args);
    if (textOption(args, 'until') === 'tmpfiles') {
      // Findings are about the whole boot.
      wanted.delete('units');
      wanted.delete('findings');
    }
    const volatile = volatileOption(args);
    const [path = '.'] = positionals(args, 1, 'simulate takes one image');
    const image = await openForCommand(path, args);
    const systemd = chooseSystemd(image, args);
    const inputs = bootInputs(systemd, args, streams.environment);
    const until = choiceOption(args, 'until', ['tmpfiles', 'units'] as const, 'units');
    if (until === 'tmpfiles' && (format === 'html' || listOption(args, 'section').includes('units'))) {
      throw new UsageError('--until tmpfiles starts no units, so there is nothing to say about them');
    }
    const simulation = simulate(image, volatile, inputs, { until });
    requireTarget(simulation);
    // Only a comparison with the boot of the image as it is tells what is lost and what is new.
    const today =
      volatile !== 'no' && (format === 'html' || (format === 'tree' && wanted.has('units')))
        ? simulate(image, 'no', inputs).units.outcomes
        : undefined;
    const isListed = (wanted.has('tree') && format !== 'html') || format === 'mtree';
    const sha256 = format === 'tree' ? undefined : await loadSha256();
    const entries = isListed ? simulatedEntries(simulation, sha256) : [];
    const result = wanted.has('findings') && format !== 'mtree' ? await findingsOf(simulation) : undefined;
    switch (format) {
      case 'mtree':
        streams.out(formatMtree(entries));
        break;
      case 'json':
        streams.out(
          formatJson({
            schemaVersion,
            image: imageToJson(simulation, systemd),
            volatile,
            phases: phasesToJson(simulation),
            ...(wanted.has('tree') ? { tree: entries.map((entry) => entryToJson(entry, { withChange: false })) } : {}),
            ...(wanted.has('users') ? accountsToJson(simulation) : {}),
            ...(wanted.has('units') ? { units: unitsToJson(simulation.units.outcomes) } : {}),
            presets: presetsToJson(simulation),
            messages: simulation.messages.map(messageToJson),
            ...(result === undefined ? {} : { findings: findingsToJson(result) }),
          }),
        );
        break;
      case 'html': {
        const { htmlReport } = await import('../../report/html/html-report.ts');
        streams.out(
          await htmlReport({
            simulation,
            tree: simulation.units.finalTree,
            units: simulation.units.outcomes,
            order: simulation.units.transaction.order.map(({ unit }) => unit.name),
            findings: result ?? (await findingsOf(simulation)),
            systemd,
            ...(today === undefined ? {} : { today }),
          }),
        );
        break;
      }
      case 'tree': {
        const style = styleFor(streams, wantsColour(args));
        streams.out(formatText(simulation, today, entries, result, wanted, args, style));
        break;
      }
      default:
        format satisfies never;
    }
    reportImageProblems(image, args, streams);
    return 0;
  },
};

async function findingsOf(simulation: SimulationResult): Promise<CheckResult> {
  const { check } = await import('../rules.ts');
  return check(simulation);
}

function wantedSections(args: Arguments): Set<Section> {
  const names = listOption(args, 'section');
  if (names.length === 0) return new Set(sections);
  return new Set(
    names.map((name) => {
      const section = sections.find((known) => known === name);
      if (section === undefined) throw new UsageError(`--section knows ${sections.join(', ')}, not "${name}"`);
      return section;
    }),
  );
}

/**
 * Everything below /etc and /var, elsewhere what the phases made or changed, as it stands when systemd-tmpfiles has run; and
 * what starting units add to it later.
 */
function simulatedEntries(simulation: SimulationResult, sha256: EntryOptions['sha256']): ReportEntry[] {
  const { tree } = simulation;
  const options = { names: ownerNames(tree), ...(sha256 === undefined ? {} : { sha256 }) };
  const state = ['/etc', '/var'].flatMap((from) => reportEntries(tree, { ...options, from, all: true }));
  const others = reportEntries(tree, { ...options, all: false }).filter(
    ({ path, phase, type }) =>
      !/^\/(etc|var)\//.test(path) && type !== undefined && phase !== 'skeleton' && phase !== 'image',
  );
  const known = new Set([...state, ...others].map(({ path }) => path));
  const started = reportEntries(simulation.units.finalTree, { ...options, all: false }).filter(
    ({ path, phase }) => phase === 'start' && !known.has(path),
  );
  return [...state, ...others, ...started].sort((a, b) => compareBytes(a.path, b.path));
}

function phasesToJson(simulation: SimulationResult): object {
  const { failure } = simulation.units.transaction;
  const describe = (phase: PhaseOutcome<{ readonly exitStatus: number | undefined }>) =>
    phase.kind === 'ran' ? { ran: true, exitStatus: phase.result.exitStatus } : { ran: false, reason: phase.reason };
  return {
    firstBoot: simulation.isFirstBoot,
    preset: describe(simulation.presets),
    sysusers: describe(simulation.sysusers),
    tmpfiles: describe(simulation.tmpfiles),
    units: failure === undefined ? { ran: true } : { ran: false, reason: failure },
  };
}

function formatText(
  simulation: SimulationResult,
  today: readonly UnitOutcome[] | undefined,
  entries: readonly ReportEntry[],
  result: CheckResult | undefined,
  wanted: ReadonlySet<Section>,
  args: Arguments,
  style: Style,
): string {
  const blocks = [`${style.bold(describeMode(simulation.volatile))} · ${describeImage(simulation)}`];
  const { outcomes } = simulation.units;
  const summary = phaseSummary(simulation, style);
  if (wanted.has('units')) summary.push(unitsSummary(outcomes, style, today));
  const { failure } = simulation.units.transaction;
  if (failure !== undefined) summary.push(`    ${style.error(failure)}`);
  blocks.push(summary.join('\n'));
  if (wanted.has('units')) {
    const verbose = flag(args, 'verbose');
    const lines = formatUnits(outcomes, style, { verbose, ...(today === undefined ? {} : { today }) });
    blocks.push(lines.join('\n').replace(/^\n+/, ''));
  }
  if (wanted.has('users')) blocks.push(usersAndGroups(simulation, style).join('\n'));
  if (wanted.has('tree')) blocks.push(formatTree(entries, style, { verbose: flag(args, 'verbose') }).join('\n'));
  if (result !== undefined && result.findings.length > 0) {
    blocks.push(...formatFindings(result.findings, result.context, style, { verbose: flag(args, 'verbose') }));
  }
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** The command `stateless-boot`: finds the subcommand, turns failures into one line and an exit status. */

import { setFlagsFromString } from 'node:v8';
import { systemErrorCode } from '../host/system-error.ts';
import { UsageError } from './arguments.ts';
import { checkCommand } from './commands/check.ts';
import type { Command, Streams } from './commands/command.ts';
import { dryRunCommand } from './commands/dry-run.ts';
import { explainCommand } from './commands/explain.ts';
import { lspCommand } from './commands/lsp.ts';
import { rulesCommand } from './commands/rules.ts';
import { simulateCommand } from './commands/simulate.ts';
import { isTerminal, standardError, standardOutput, write } from './terminal.ts';
import { version } from './version.ts';

const commands: readonly Command[] = [
  checkCommand,
  simulateCommand,
  dryRunCommand,
  explainCommand,
  rulesCommand,
  lspCommand,
];

// A run is over before code that was optimised after a few calls pays for its compilation: that was a third of a run's CPU
// time. V8 counts executed bytes of code; at this many, only loops that run on (unpacking, scanning) are worth it. This is for
// the V8 of Node 20: newer ones wait longer by themselves, do not know the flag and complain of it on standard error.
if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--interrupt-budget=1000000');

/** Exit status of a run that could not be done. */
const UNUSABLE = 2;

async function run(words: readonly string[], streams: Streams): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    streams.out(overview());
    return name === undefined ? UNUSABLE : 0;
  }
  if (name === '--version' || name === '-V') {
    streams.out(`stateless-boot ${version}\n`);
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    throw new UsageError(`no command "${name}"; the commands are ${commands.map((known) => known.name).join(', ')}`);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    streams.out(command.help);
    return 0;
  }
  return command.run(rest, streams);
}

function overview(): string {
  const lines = commands.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`);
  return `stateless-boot ${version}: what a Linux system looks like, and what breaks, when it boots with empty /etc and /var

usage: stateless-boot COMMAND [ARGUMENT...]

${lines.join('\n')}

stateless-boot COMMAND --help tells more. Nothing of an image is ever written or run.
`;
}

const streams: Streams = {
  out: (text) => write(standardOutput, text, endOfOutput),
  error: (text) => write(standardError, text, () => process.exit(UNUSABLE)),
  isTerminal: isTerminal(standardOutput),
  environment: process.env,
};

/** A reader that stops early (`| head`) is no failure. */
function endOfOutput(error: unknown): never {
  process.exit(systemErrorCode(error) === 'EPIPE' ? 0 : UNUSABLE);
}

run(process.argv.slice(2), streams).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const isExpected = error instanceof UsageError;
    const text = error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
    streams.error(
      isExpected ? `stateless-boot: ${text}\n` : `stateless-boot: internal error, please report it: ${text}\n`,
    );
    process.exitCode = UNUSABLE;
  },
);

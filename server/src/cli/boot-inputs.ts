/** Boot inputs from the command line, the environment and what the image tells. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { arch, homedir, hostname, release } from 'node:os';
import { join } from 'node:path';
import type { BootEnvironment, BootInputs, Machine } from '../core/boot/boot-inputs.ts';
import { type DetectedSystemd, detectSystemd } from '../core/boot/detect-systemd.ts';
import type { SimulationResult } from '../core/boot/simulate.ts';
import { parseUnitName } from '../core/formats/unit/settings/unit-name.ts';
import type { Image } from '../core/image/image.ts';
import { Tree } from '../core/tree/tree.ts';
import { Systemd } from '../core/versions/systemd.ts';
import { type Arguments, flag, textOption, UsageError, versionOption } from './arguments.ts';

const DAY = 86_400;

/** The systemd to judge by: what was asked for, else what the image has. */
export function chooseSystemd(image: Image, args: Arguments): DetectedSystemd {
  return detectSystemd(new Tree(image.root), versionOption(args));
}

/** Inputs of a simulated boot. What only the real machine knows stays unknown. */
export function bootInputs(systemd: DetectedSystemd, args: Arguments, environment: NodeJS.ProcessEnv): BootInputs {
  const architecture = textOption(args, 'arch');
  if (flag(args, 'container') && flag(args, 'no-container')) {
    throw new UsageError('--container and --no-container exclude each other');
  }
  return {
    systemd: new Systemd(systemd.version, systemd.build),
    semantics: 'boot',
    rootPrefix: '',
    machine: {
      ...(architecture === undefined ? {} : { architecture }),
      home: '/root',
      temporary: '/tmp',
      persistentTemporary: '/var/tmp',
    },
    credentials: new Map(),
    day: dayOf(environment),
    environment: surroundings(args),
    mayMakeDevices: !flag(args, 'container'),
  };
}

/** The target that was asked for has to exist: a boot into nothing would look like a good one. */
export function requireTarget({ inputs, units }: SimulationResult): void {
  const { target } = inputs.environment;
  const { failure } = units.transaction;
  if (target !== undefined && failure !== undefined) throw new UsageError(`--target: ${failure}`);
}

function surroundings(args: Arguments): BootEnvironment {
  const target = textOption(args, 'target');
  if (target !== undefined && parseUnitName(target) === undefined) {
    throw new UsageError(`--target: "${target}" is no unit name; did you mean ${target}.target?`);
  }
  return {
    ...(flag(args, 'container') ? { container: true } : flag(args, 'no-container') ? { container: false } : {}),
    ...(target === undefined ? {} : { target }),
  };
}

/** Inputs of a dry run: the tools look at the calling machine, as `--root=` does. */
export function offlineInputs(
  systemd: DetectedSystemd,
  rootPrefix: string,
  environment: NodeJS.ProcessEnv,
  architecture: string | undefined,
): BootInputs {
  return {
    systemd: new Systemd(systemd.version, systemd.build),
    semantics: 'offline',
    rootPrefix,
    machine: callingMachine(environment, architecture),
    credentials: readCredentials(environment),
    day: dayOf(environment),
    now: BigInt(Date.now()) * 1_000_000n,
    environment: {},
    mayMakeDevices: true,
  };
}

/** systemd's names of the architectures that Node can run on. */
const architectures: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'x86',
  loong64: 'loongarch64',
  mips: 'mips',
  mipsel: 'mips-le',
  ppc64: 'ppc64-le',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x86-64',
};

function callingMachine(environment: NodeJS.ProcessEnv, wanted: string | undefined): Machine {
  const architecture = wanted ?? architectures[arch()];
  const bootId = readFirstLine('/proc/sys/kernel/random/boot_id')?.replaceAll('-', '');
  return {
    hostName: hostname(),
    kernelRelease: release(),
    ...(architecture === undefined ? {} : { architecture }),
    ...(bootId === undefined ? {} : { bootId }),
    home: environment.HOME ?? homedir(),
    // With --root= the tools do not look at $TMPDIR.
    temporary: '/tmp',
    persistentTemporary: '/var/tmp',
  };
}

function readFirstLine(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n', 1)[0] : undefined;
}

function readCredentials(environment: NodeJS.ProcessEnv): ReadonlyMap<string, Uint8Array> {
  const directory = environment.CREDENTIALS_DIRECTORY;
  if (directory === undefined || directory === '' || !existsSync(directory)) return new Map();
  return new Map(
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [entry.name, readFileSync(join(directory, entry.name))]),
  );
}

/** Days since 1970: of SOURCE_DATE_EPOCH (reproducible-builds.org) if it is set, else today. */
function dayOf(environment: NodeJS.ProcessEnv): number {
  const epoch = environment.SOURCE_DATE_EPOCH;
  if (epoch === undefined || epoch === '') return Math.floor(Date.now() / 1000 / DAY);
  if (!/^\d{1,12}$/.test(epoch)) throw new UsageError(`SOURCE_DATE_EPOCH must be seconds since 1970, not "${epoch}"`);
  return Math.floor(Number(epoch) / DAY);
}

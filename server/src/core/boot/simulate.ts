/** The boot up to the end of systemd-tmpfiles-setup.service, in the order in which PID 1 has it done. */

import type { Image } from '../image/image.ts';
import type { Message } from '../problems/problem.ts';
import { encodeText } from '../text/bytes.ts';
import { Inode } from '../tree/inode.ts';
import type { Tree } from '../tree/tree.ts';
import type { BootInputs } from './boot-inputs.ts';
import { isFirstBoot } from './first-boot.ts';
import { type PresetResult, runPresets } from './preset/run-presets.ts';
import { type BootPhase, runUnits, type SimulatedUntil, type UnitsRun } from './run-units.ts';
import { apiFileSystems, makeSkeleton, type VolatileMode } from './skeleton.ts';
import { runSysusers, type SysusersResult } from './sysusers/run-sysusers.ts';
import { runTmpfiles, type TmpfilesOptions, type TmpfilesResult } from './tmpfiles/run-tmpfiles.ts';

/** A phase that ran, or why the boot passes it over. */
export type PhaseOutcome<Result> =
  | { readonly kind: 'ran'; readonly result: Result }
  | { readonly kind: 'skipped'; readonly reason: string };

export interface SimulationResult {
  readonly image: Image;
  readonly inputs: BootInputs;
  readonly volatile: VolatileMode;
  readonly isFirstBoot: boolean;
  /** As it stands when systemd-tmpfiles-setup.service has finished. */
  readonly tree: Tree;
  readonly presets: PhaseOutcome<PresetResult>;
  readonly sysusers: PhaseOutcome<SysusersResult>;
  readonly tmpfiles: PhaseOutcome<TmpfilesResult>;
  /** What the start of default.target, or the target asked for, does with every unit. */
  readonly units: UnitsRun;
  /** Of all phases, in their order. */
  readonly messages: readonly Message[];
}

/** What systemd-tmpfiles-setup.service runs; /dev has services of its own. */
const setupOptions: TmpfilesOptions = {
  create: true,
  remove: true,
  clean: false,
  purge: false,
  boot: true,
  graceful: false,
  prefixes: [],
  excludePrefixes: apiFileSystems,
  given: [],
};

/** Simulates a boot of an image. Never throws for anything that the image holds. */
export function simulate(
  image: Image,
  volatile: VolatileMode,
  inputs: BootInputs,
  options: { readonly until?: SimulatedUntil } = {},
): SimulationResult {
  const { tree, isMerged } = makeSkeleton(image.root, volatile);
  const messages: Message[] = [];
  if (volatile === 'yes' && !isMerged) {
    messages.push({
      code: 'usr-not-merged',
      severity: 'error',
      phase: 'skeleton',
      text: '/bin, /sbin or /lib is a directory of its own, so nothing of it is left when only /usr survives',
      subject: '/usr',
    });
  }
  const firstBoot = isFirstBoot(tree);
  if (firstBoot && !tree.isReadOnly('/etc')) markUninitialized(tree);

  const presets: PhaseOutcome<PresetResult> = firstBoot
    ? ran(runPresets(tree, inputs, { mode: inputs.systemd.build.firstBootFullPreset ? 'full' : 'enable-only' }))
    : skipped('/etc/machine-id is there, so this is not a first boot');
  let sysusers: PhaseOutcome<SysusersResult> | undefined;
  let tmpfiles: PhaseOutcome<TmpfilesResult> | undefined;
  const phases: readonly BootPhase[] = [
    {
      unit: 'systemd-sysusers.service',
      run: () => {
        sysusers = ran(runSysusers(tree, inputs, { given: [], inline: [] }));
      },
      skip: (reason) => {
        sysusers = skipped(reason);
      },
    },
    {
      unit: 'systemd-tmpfiles-setup.service',
      run: () => {
        tmpfiles = ran(runTmpfiles(tree, inputs, setupOptions));
      },
      skip: (reason) => {
        tmpfiles = skipped(reason);
      },
    },
  ];
  const units = runUnits(
    { tree, image, inputs, isFirstBoot: firstBoot, volatile, until: options.until ?? 'units' },
    phases,
  );
  sysusers ??= skipped('nothing runs it');
  tmpfiles ??= skipped('nothing runs it');
  const all = [
    messages,
    ...[presets, sysusers, tmpfiles].map((phase) => (phase.kind === 'ran' ? phase.result.messages : [])),
  ];
  return {
    image,
    inputs,
    volatile,
    isFirstBoot: firstBoot,
    tree,
    presets,
    sysusers,
    tmpfiles,
    units,
    messages: all.flat(),
  };
}

function ran<Result>(result: Result): PhaseOutcome<Result> {
  return { kind: 'ran', result };
}

function skipped(reason: string): { readonly kind: 'skipped'; readonly reason: string } {
  return { kind: 'skipped', reason };
}

/** On a first boot PID 1 leaves this file under the bind-mounted transient id (machine-id(5), First Boot Semantics). */
function markUninitialized(tree: Tree): void {
  const etc = tree.lookup('/etc');
  if (etc?.type !== 'directory') return;
  const shipped = etc.child('machine-id');
  etc.set(
    'machine-id',
    Inode.create({
      type: 'file',
      // A file that is there is written to.
      mode: shipped?.type === 'file' ? (shipped.mode ?? 0o444) : 0o444,
      content: { kind: 'bytes', bytes: encodeText('uninitialized\n') },
      cause: { phase: 'skeleton', file: '/etc/machine-id', action: 'created' },
    }),
  );
}

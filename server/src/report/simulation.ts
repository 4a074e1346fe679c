/** A simulation as reports present it: who the image is, what each phase made, whom the ids belong to. */

import type { DetectedSystemd } from '../core/boot/detect-systemd.ts';
import type { SimulationResult } from '../core/boot/simulate.ts';
import type { VolatileMode } from '../core/boot/skeleton.ts';
import type { CheckResult } from '../core/rules/check.ts';
import { readOsRelease } from '../core/specifier/specifier.ts';
import { rangeOf } from '../core/text/source-text.ts';
import { Tree } from '../core/tree/tree.ts';
import { findingToJson } from './json.ts';

/** For example `debian 13`; undefined without os-release. */
export function osName(simulation: SimulationResult): string | undefined {
  const fields = readOsRelease(new Tree(simulation.image.root));
  const id = fields?.get('ID');
  if (id === undefined || id === '') return undefined;
  const version = fields?.get('VERSION_ID') ?? fields?.get('VERSION_CODENAME') ?? '';
  return version === '' ? id : `${id} ${version}`;
}

export function describeImage(simulation: SimulationResult): string {
  const isPartial = simulation.image.completeness === 'partial';
  const name = osName(simulation) ?? (isPartial ? 'source files over a generic base' : 'unknown system');
  return `${name}, systemd ${simulation.inputs.systemd.version}`;
}

export function describeMode(mode: VolatileMode): string {
  switch (mode) {
    case 'yes':
      return 'empty /etc and /var';
    case 'state':
      return 'empty /var, read-only /etc';
    case 'no':
      return 'as shipped';
    case 'overlay':
      return 'as shipped, writes are lost';
    default:
      return mode satisfies never;
  }
}

export function imageToJson(simulation: SimulationResult, systemd: DetectedSystemd): object {
  const os = osName(simulation);
  return {
    path: simulation.image.label,
    ...(os === undefined ? {} : { os }),
    systemdVersion: systemd.version,
    systemdVersionFrom: systemd.evidence,
  };
}

export function findingsToJson(result: CheckResult): object[] {
  const { context } = result;
  return result.findings.map((finding) =>
    findingToJson(
      finding,
      (file, line) => rangeOf(context.source(file), line, undefined),
      (file) => context.shipped.lookup(file)?.lower?.origin,
    ),
  );
}

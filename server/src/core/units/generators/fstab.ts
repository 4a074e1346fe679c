/** systemd-fstab-generator(8): mount, automount and swap units for the lines of /etc/fstab. */

import { escapeUnitPath } from '../../formats/unit/settings/unit-name.ts';
import type { Place } from '../../problems/problem.ts';
import { decodeText } from '../../text/bytes.ts';
import { devicePath } from '../implied-dependencies.ts';
import { networkTypes } from '../mount-options.ts';
import {
  type GeneratorOutput,
  type GeneratorRun,
  type GeneratorVerdict,
  nothing,
  replayed,
  unknown,
} from './generator-output.ts';

interface FstabLine {
  readonly what: string;
  readonly where: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly pass: number;
  readonly place: Place;
}

/** systemd mounts these itself; lines for them only set options. */
const apiMountPoints = /^\/(proc|sys|dev|run)(\/|$)/;

const linesMaximum = 1000;

export function runFstab({ tree, inputs, output, place, vendorDirectory }: GeneratorRun): GeneratorVerdict {
  const words = inputs.environment.kernelCommandLine?.split(/\s+/) ?? [];
  // Since 255 the root and /usr are always remounted with their options, whether fstab has them or not.
  if (inputs.systemd.has('fstab-always-remounts')) {
    output.link(
      'normal',
      'local-fs.target.wants/systemd-remount-fs.service',
      `${vendorDirectory}/systemd-remount-fs.service`,
      place,
    );
  }
  if (words.some((word) => /^(systemd[._])?fstab=(0|no|n|false|f|off)$/.test(word)))
    return nothing('fstab=no forbids it');
  const inode = tree.lookup('/etc/fstab');
  if (inode?.type !== 'file') return nothing('there is no /etc/fstab');
  const content = inode.content;
  if (content.kind !== 'bytes') return unknown('the content of /etc/fstab is not known');
  const lines = readFstab(decodeText(content.bytes));
  for (const line of lines) {
    if (line.type === 'swap') writeSwap(output, line);
    else if (line.where === '/' || line.where === '/usr') {
      writeMount(output, line);
      output.link(
        'normal',
        'local-fs.target.wants/systemd-remount-fs.service',
        `${vendorDirectory}/systemd-remount-fs.service`,
        line.place,
      );
    } else if (!apiMountPoints.test(line.where) || line.where.startsWith('/run/')) writeMount(output, line);
  }
  return lines.length === 0 ? nothing('/etc/fstab has no lines') : replayed;
}

/** Lines of fstab(5); octal escapes stand for blanks. */
function readFstab(text: string): readonly FstabLine[] {
  const lines: FstabLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [what, where, type = 'auto', options = 'defaults', , pass = '0'] = line.split(/\s+/).map(unescapeField);
    if (what === undefined || where === undefined) continue;
    const isMountPoint = where.startsWith('/') && !where.split('/').includes('..');
    if (type !== 'swap' && !isMountPoint) continue;
    lines.push({
      what: devicePath(what),
      where: where.replace(/\/+$/, '') || '/',
      type,
      options: options.split(','),
      pass: Number.parseInt(pass, 10) || 0,
      place: { file: '/etc/fstab', line: index + 1 },
    });
    if (lines.length >= linesMaximum) break;
  }
  return lines;
}

function unescapeField(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The values of `x-systemd.NAME=` options. */
function optionValues(line: FstabLine, name: string): readonly string[] {
  const start = `x-systemd.${name}=`;
  return line.options.filter((option) => option.startsWith(start)).map((option) => option.slice(start.length));
}

/** Options that add settings to the unit; paths stand for their mount or device unit. */
const unitOptions: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['requires', ['Requires', 'After'], []],
  ['wants', ['Wants', 'After'], []],
  ['after', ['After'], []],
  ['before', ['Before'], []],
  ['requires-mounts-for', ['RequiresMountsFor'], ['path']],
  ['wants-mounts-for', ['WantsMountsFor'], ['path']],
];

function unitOptionLines(line: FstabLine): readonly string[] {
  return unitOptions.flatMap(([name, settings, kinds]) =>
    optionValues(line, name).flatMap((value) => {
      const unit = kinds.length > 0 || !value.startsWith('/') ? value : pathUnit(value);
      return unit === undefined ? [] : settings.map((setting) => `${setting}=${unit}`);
    }),
  );
}

function pathUnit(path: string): string | undefined {
  const escaped = escapeUnitPath(path);
  if (escaped === undefined) return undefined;
  return `${escaped}.${/^\/(dev|sys)\//.test(path) ? 'device' : 'mount'}`;
}

function specifierSafe(text: string): string {
  return text
    .replaceAll('%', '%%')
    .replace(/[\s\\]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function isNetwork(line: FstabLine): boolean {
  return line.options.includes('_netdev') || networkTypes.has(line.type);
}

function writeMount(output: GeneratorOutput, line: FstabLine): void {
  const escaped = escapeUnitPath(line.where);
  if (escaped === undefined) return;
  const name = `${escaped}.mount`;
  const isRoot = line.where === '/' || line.where === '/usr';
  const isAutomount = line.options.some(
    (option) => option === 'x-systemd.automount' || option === 'comment=systemd.automount',
  );
  const isNoAuto = line.options.includes('noauto');
  const isNoFail = line.options.includes('nofail');
  const target = isNetwork(line) ? 'remote-fs.target' : 'local-fs.target';
  const hasCheck = line.pass > 0 && /^\/dev\//.test(line.what) && !isRoot;
  const check = hasCheck ? `systemd-fsck@${escapeUnitPath(line.what)}.service` : undefined;
  const wantedBy = [
    ...optionValues(line, 'wanted-by').map((unit) => `${unit}.wants`),
    ...optionValues(line, 'required-by').map((unit) => `${unit}.requires`),
  ];
  output.write(
    'normal',
    name,
    [
      '[Unit]',
      'SourcePath=/etc/fstab',
      ...(isAutomount || isNoAuto || isNoFail || isRoot ? [] : [`Before=${target}`]),
      ...unitOptionLines(line),
      ...(check === undefined ? [] : [`Requires=${check}`, `After=${check}`]),
      '[Mount]',
      `What=${specifierSafe(line.what)}`,
      `Where=${specifierSafe(line.where)}`,
      ...(line.type === 'auto' ? [] : [`Type=${line.type}`]),
      ...(line.options.join(',') === 'defaults' ? [] : [`Options=${specifierSafe(line.options.join(','))}`]),
    ],
    line.place,
  );
  if (isRoot && line.where === '/') {
    // fsck of the root is a unit of its own.
    if (line.pass > 0)
      output.link(
        'normal',
        'local-fs.target.wants/systemd-fsck-root.service',
        '/usr/lib/systemd/system/systemd-fsck-root.service',
        line.place,
      );
  }
  if (isAutomount) {
    const automount = `${escaped}.automount`;
    output.write(
      'normal',
      automount,
      [
        '[Unit]',
        'SourcePath=/etc/fstab',
        ...(isNoFail ? [] : [`Before=${target}`]),
        '[Automount]',
        `Where=${specifierSafe(line.where)}`,
      ],
      line.place,
    );
    output.link('normal', `${target}.${isNoFail ? 'wants' : 'requires'}/${automount}`, `../${automount}`, line.place);
    return;
  }
  if (wantedBy.length > 0) {
    for (const directory of wantedBy) output.link('normal', `${directory}/${name}`, `../${name}`, line.place);
    return;
  }
  if (!isNoAuto)
    output.link('normal', `${target}.${isNoFail ? 'wants' : 'requires'}/${name}`, `../${name}`, line.place);
}

function writeSwap(output: GeneratorOutput, line: FstabLine): void {
  const escaped = escapeUnitPath(line.what);
  if (escaped === undefined || !line.what.startsWith('/')) return;
  const name = `${escaped}.swap`;
  const isNoFail = line.options.includes('nofail');
  output.write(
    'normal',
    name,
    [
      '[Unit]',
      'SourcePath=/etc/fstab',
      ...unitOptionLines(line),
      '[Swap]',
      `What=${specifierSafe(line.what)}`,
      `Options=${specifierSafe(line.options.join(','))}`,
    ],
    line.place,
  );
  if (!line.options.includes('noauto')) {
    output.link('normal', `swap.target.${isNoFail ? 'wants' : 'requires'}/${name}`, `../${name}`, line.place);
  }
}

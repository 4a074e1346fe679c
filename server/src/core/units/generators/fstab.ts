/** systemd-fstab-generator(8): mount, automount and swap units for the lines of /etc/fstab. */

import { escapeUnitPath } from '../../formats/unit/settings/unit-name.ts';
import type { Place } from '../../problems/problem.ts';
import { decodeText } from '../../text/bytes.ts';
import { devicePath } from '../implied-dependencies.ts';
import { networkTypes } from '../mount-options.ts';
import { type GeneratorRun, type GeneratorVerdict, nothing, replayed, unknown } from './generator-output.ts';

interface FstabLine {
  readonly what: string;
  readonly where: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly pass: number;
  readonly place: Place;
}

const linesMaximum = 1000;

export function runFstab(run: GeneratorRun): GeneratorVerdict {
  const { tree, inputs, output, place, vendorDirectory } = run;
  const words = inputs.environment.kernelCommandLine?.split(/\s+/) ?? [];
  if (words.some((word) => /^(systemd[._])?fstab=(0|no|n|false|f|off)$/.test(word))) {
    return nothing('fstab=no forbids it');
  }
  const inode = tree.lookup('/etc/fstab');
  const content = inode?.type === 'file' ? inode.content : undefined;
  const isUnknown = content !== undefined && content.kind !== 'bytes';
  const lines = content?.kind === 'bytes' ? readFstab(decodeText(content.bytes)) : [];
  for (const line of lines) {
    if (line.type === 'swap') writeSwap(run, line);
    else if (!isApiMountPoint(line.where)) writeMount(run, line);
  }
  // The root and /usr are remounted with their options, whether fstab has them or not.
  const remount = 'systemd-remount-fs.service';
  output.link('normal', `local-fs.target.wants/${remount}`, `${vendorDirectory}/${remount}`, place);
  if (isUnknown) return unknown('the content of /etc/fstab is not known');
  if (inode?.type !== 'file') return nothing('there is no /etc/fstab');
  return lines.length === 0 ? nothing('/etc/fstab has no lines') : replayed;
}

/** systemd mounts these itself; lines for them only set options. */
function isApiMountPoint(path: string): boolean {
  return path === '/run' || /^\/(proc|sys|dev)(\/|$)/.test(path);
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
  return text.replaceAll('%', '%%');
}

function isNetwork(line: FstabLine): boolean {
  return line.options.includes('_netdev') || networkTypes.has(line.type);
}

/** The order after the set-up of a block device. */
function blockDeviceOrder(what: string): readonly string[] {
  const escaped = /^\/dev\/./.test(what) ? escapeUnitPath(what) : undefined;
  return escaped === undefined ? [] : [`After=blockdev@${escaped}.target`];
}

function writeMount(run: GeneratorRun, line: FstabLine): void {
  const { output, inputs, vendorDirectory } = run;
  const escaped = escapeUnitPath(line.where);
  if (escaped === undefined) return;
  const name = `${escaped}.mount`;
  const isAutomount = line.options.some(
    (option) => option === 'x-systemd.automount' || option === 'comment=systemd.automount',
  );
  const isNoAuto = line.options.includes('noauto');
  const isNoFail = line.options.includes('nofail');
  const target = isNetwork(line) ? 'remote-fs.target' : 'local-fs.target';
  const wantedBy = [
    ...optionValues(line, 'wanted-by').map((unit) => `${unit}.wants`),
    ...optionValues(line, 'required-by').map((unit) => `${unit}.requires`),
  ];
  // Who names other targets says for himself what the mount belongs to (257; in 252 it still belongs to the usual one).
  const isOnItsOwn = wantedBy.length > 0 && inputs.systemd.has('fstab-own-targets-only');
  output.write(
    'normal',
    name,
    [
      '[Unit]',
      'SourcePath=/etc/fstab',
      ...(isOnItsOwn ? ['DefaultDependencies=no', 'Conflicts=umount.target', 'Before=umount.target'] : []),
      ...(isNoFail || isOnItsOwn ? [] : [`Before=${target}`]),
      ...unitOptionLines(line),
      ...fileSystemCheck(run, line),
      ...blockDeviceOrder(line.what),
      '[Mount]',
      `What=${specifierSafe(line.what)}`,
      `Where=${line.where.replaceAll('%', '%%')}`,
      ...(line.type === 'auto' ? [] : [`Type=${line.type}`]),
      ...(line.options.join(',') === 'defaults' ? [] : [`Options=${specifierSafe(line.options.join(','))}`]),
    ],
    line.place,
  );
  if (inputs.systemd.has('fstab-makes-quota-units')) writeQuota(run, line, escaped);
  if (isAutomount) {
    const automount = `${escaped}.automount`;
    const lines = ['[Unit]', 'SourcePath=/etc/fstab', '[Automount]', `Where=${line.where.replaceAll('%', '%%')}`];
    output.write('normal', automount, lines, line.place);
    output.link('normal', `${target}.${isNoFail ? 'wants' : 'requires'}/${automount}`, `../${automount}`, line.place);
  } else if (wantedBy.length > 0) {
    for (const directory of wantedBy) output.link('normal', `${directory}/${name}`, `../${name}`, line.place);
  } else if (!isNoAuto) {
    output.link('normal', `${target}.${isNoFail ? 'wants' : 'requires'}/${name}`, `../${name}`, line.place);
  }
  if (line.where === '/' || line.where === '/usr') {
    const unit = 'systemd-remount-fs.service';
    output.link('normal', `local-fs.target.wants/${unit}`, `${vendorDirectory}/${unit}`, line.place);
  }
}

/** Where checkers of file systems lie. */
const checkerDirectories = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The check before a mount, if the line asks for one and the image has a checker for its type. */
function fileSystemCheck({ tree, output, vendorDirectory }: GeneratorRun, line: FstabLine): readonly string[] {
  if (line.pass <= 0 || !/^\/dev\/./.test(line.what)) return [];
  const hasChecker =
    line.type === 'auto' ||
    checkerDirectories.some((directory) => tree.lookup(`${directory}/fsck.${line.type}`) !== undefined);
  if (!hasChecker) return [];
  if (line.where === '/') {
    const unit = 'systemd-fsck-root.service';
    output.link('normal', `local-fs.target.wants/${unit}`, `${vendorDirectory}/${unit}`, line.place);
    return [];
  }
  const unit = `systemd-fsck@${escapeUnitPath(line.what)}.service`;
  // The mounted /usr stays although its check may have failed.
  return [`${line.where === '/usr' ? 'Wants' : 'Requires'}=${unit}`, `After=${unit}`];
}

function writeQuota({ output, vendorDirectory }: GeneratorRun, line: FstabLine, escaped: string): void {
  const wantsQuota = line.options.some((option) => /^(usr|grp|prj)?j?quota(=.*)?$/.test(option));
  if (!wantsQuota || isNetwork(line) || line.options.includes('bind')) return;
  for (const service of ['systemd-quotacheck', 'quotaon']) {
    const unit = `${service}@${escaped}.service`;
    output.link('normal', `${escaped}.mount.wants/${unit}`, `${vendorDirectory}/${service}@.service`, line.place);
    const target = `local-fs.target.d/50-order-${unit}.conf`;
    output.write('normal', target, ['[Unit]', `After=${unit}`], line.place);
  }
}

function writeSwap({ output }: GeneratorRun, line: FstabLine): void {
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
      ...blockDeviceOrder(line.what),
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

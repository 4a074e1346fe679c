/**
 * systemd-cryptsetup-generator(8), systemd-integritysetup-generator(8), systemd-veritysetup-generator(8): services that set
 * up block devices, one a line of their table in /etc.
 */

import { escapeUnitName, escapeUnitPath } from '../../formats/unit/settings/unit-name.ts';
import { decodeText } from '../../text/bytes.ts';
import { devicePath } from '../implied-dependencies.ts';
import { type GeneratorRun, type GeneratorVerdict, nothing, replayed, unknown } from './generator-output.ts';

interface DeviceTable {
  readonly file: string;
  readonly service: string;
  readonly target: string;
  readonly program: string;
}

export function runCryptsetup(run: GeneratorRun): GeneratorVerdict {
  return runTable(run, {
    file: '/etc/crypttab',
    service: 'systemd-cryptsetup',
    target: 'cryptsetup.target',
    program: 'systemd-cryptsetup',
  });
}

export function runIntegritysetup(run: GeneratorRun): GeneratorVerdict {
  return runTable(run, {
    file: '/etc/integritytab',
    service: 'systemd-integritysetup',
    target: 'integritysetup.target',
    program: 'systemd-integritysetup',
  });
}

export function runVeritysetup(run: GeneratorRun): GeneratorVerdict {
  return runTable(run, {
    file: '/etc/veritytab',
    service: 'systemd-veritysetup',
    target: 'veritysetup.target',
    program: 'systemd-veritysetup',
  });
}

const linesMaximum = 1000;

function runTable({ tree, output }: GeneratorRun, table: DeviceTable): GeneratorVerdict {
  const inode = tree.lookup(table.file);
  if (inode?.type !== 'file') return nothing(`there is no ${table.file}`);
  const content = inode.content;
  if (content.kind !== 'bytes') return unknown(`the content of ${table.file} is not known`);
  let count = 0;
  for (const [index, raw] of decodeText(content.bytes).split('\n').entries()) {
    const [name, device, , options = ''] = raw.trim().split(/\s+/);
    if (name === undefined || name === '' || name.startsWith('#') || device === undefined) continue;
    if (++count > linesMaximum) break;
    const instance = escapeUnitName(name);
    const unit = `${table.service}@${instance}.service`;
    const deviceUnit = escapeUnitPath(devicePath(device));
    const source = { file: table.file, line: index + 1 };
    const flags = options.split(',');
    const isNoFail = flags.includes('nofail');
    const target = flags.includes('_netdev') ? `remote-${table.target}` : table.target;
    output.write(
      'normal',
      unit,
      [
        '[Unit]',
        `SourcePath=${table.file}`,
        'DefaultDependencies=no',
        'IgnoreOnIsolate=true',
        `After=${table.target.replace('.target', '-pre.target')} systemd-udevd-kernel.socket`,
        `Before=blockdev@dev-mapper-${instance}.target`,
        `Wants=blockdev@dev-mapper-${instance}.target`,
        'Conflicts=umount.target',
        'Before=umount.target',
        ...(isNoFail ? [] : [`Before=${target}`]),
        ...(deviceUnit === undefined || !device.startsWith('/dev/')
          ? []
          : [`BindsTo=${deviceUnit}.device`, `After=${deviceUnit}.device`]),
        '[Service]',
        'Type=oneshot',
        'RemainAfterExit=yes',
        `ExecStart=/usr/lib/systemd/${table.program} attach ${instance} ${devicePath(device)}`,
      ],
      source,
    );
    if (!flags.includes('noauto'))
      output.link('normal', `${target}.${isNoFail ? 'wants' : 'requires'}/${unit}`, `../${unit}`, source);
  }
  return count === 0 ? nothing(`${table.file} has no lines`) : replayed;
}

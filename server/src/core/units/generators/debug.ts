/** systemd-debug-generator(8): masks and wishes on the kernel's command line. */

import { parseUnitName } from '../../formats/unit/settings/unit-name.ts';
import { type GeneratorRun, type GeneratorVerdict, nothing, replayed, unknown } from './generator-output.ts';

export function runDebug({ inputs, output, place, vendorDirectory }: GeneratorRun): GeneratorVerdict {
  const { container, kernelCommandLine: line, target } = inputs.environment;
  // A container's manager has only its own arguments, and those who give none mean none.
  if (line === undefined)
    return container ? nothing('there are no arguments') : unknown('the kernel command line is not known');
  let isUsed = false;
  for (const word of line.split(/\s+/)) {
    const cut = word.indexOf('=');
    const key = (cut === -1 ? word : word.slice(0, cut)).replaceAll('_', '-');
    const value = cut === -1 ? '' : word.slice(cut + 1).replace(/^"(.*)"$/, '$1');
    const name = parseUnitName(value)?.name ?? parseUnitName(`${value}.service`)?.name;
    if (key === 'systemd.mask' && name !== undefined) output.link('early', name, '/dev/null', place);
    else if (key === 'systemd.wants' && name !== undefined) {
      output.link('early', `${target ?? 'default.target'}.wants/${name}`, `${vendorDirectory}/${name}`, place);
    } else if (/^systemd\.(debug-shell|default-debug-tty)$/.test(key) && !/^(0|no|n|false|f|off)$/.test(value)) {
      output.link(
        'early',
        `${target ?? 'default.target'}.wants/debug-shell.service`,
        `${vendorDirectory}/debug-shell.service`,
        place,
      );
    } else continue;
    isUsed = true;
  }
  return isUsed ? replayed : nothing('the command line holds no systemd.mask= and no systemd.wants=');
}

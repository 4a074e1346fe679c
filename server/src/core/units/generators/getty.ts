/** systemd-getty-generator(8): logins on consoles. */

import { type GeneratorRun, type GeneratorVerdict, nothing, replayed, unknown } from './generator-output.ts';

export function runGetty({ inputs, output, place, vendorDirectory }: GeneratorRun): GeneratorVerdict {
  const words = inputs.environment.kernelCommandLine?.split(/\s+/) ?? [];
  const setting = words.findLast((word) => /^systemd[._]getty[._-]auto(=|$)/.test(word));
  if (setting !== undefined && /=(0|no|n|false|f|off)$/.test(setting)) return nothing('systemd.getty_auto= forbids it');
  if (inputs.environment.container === undefined) return unknown('a container gets console-getty.service');
  // Elsewhere it enables serial consoles that the kernel uses, and getty@tty1.service comes from the presets.
  if (!inputs.environment.container) return unknown('serial and other consoles of the kernel get a login');
  const unit = 'console-getty.service';
  output.link('normal', `getty.target.wants/${unit}`, `${vendorDirectory}/${unit}`, place);
  return replayed;
}

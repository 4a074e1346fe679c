/** systemd-ssh-generator(8): sockets for local and virtual-machine access to sshd (since 256). */

import { type GeneratorRun, type GeneratorVerdict, nothing, replayed } from './generator-output.ts';

const searchPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

export function runSsh({ tree, inputs, output, place, vendorDirectory }: GeneratorRun): GeneratorVerdict {
  const words = inputs.environment.kernelCommandLine?.split(/\s+/) ?? [];
  if (words.some((word) => /^systemd[._]ssh[._-]auto=(0|no|n|false|f|off)$/.test(word))) {
    return nothing('systemd.ssh_auto= forbids it');
  }
  const program = searchPath
    .map((directory) => `${directory}/sshd`)
    .find((path) => {
      const inode = tree.lookup(path);
      return inode?.type === 'file' && (inode.mode === undefined || (inode.mode & 0o111) !== 0);
    });
  if (program === undefined) return nothing('there is no sshd');
  const template = `${vendorDirectory}/sshd@.service`;
  const hasTemplate = tree.lookup(template)?.type === 'file';
  if (!hasTemplate) {
    output.write(
      'normal',
      'sshd-generated@.service',
      [
        '[Unit]',
        'Description=OpenSSH Per-Connection Server Daemon',
        'After=auditd.service',
        '[Service]',
        `ExecStart=-${program} -i`,
        'StandardInput=socket',
      ],
      place,
    );
  }
  output.link('normal', 'sshd-unix-local@.service', hasTemplate ? template : 'sshd-generated@.service', place);
  output.write(
    'normal',
    'sshd-unix-local.socket',
    [
      '[Unit]',
      'Description=OpenSSH Server Socket (local)',
      '[Socket]',
      'ListenStream=/run/ssh-unix-local/socket',
      'Accept=yes',
    ],
    place,
  );
  output.link('normal', 'sockets.target.wants/sshd-unix-local.socket', '../sshd-unix-local.socket', place);
  return replayed;
}

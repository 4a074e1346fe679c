/** Conditions on the machine, the kernel, the manager and the operating system. */

import { parseBoolean } from '../../formats/unit/settings/boolean.ts';
import { quoted } from '../../formats/unit/settings/grammar.ts';
import { fnmatch } from '../../pattern/fnmatch.ts';
import { readOsRelease } from '../../specifier/specifier.ts';
import { decodeText } from '../../text/bytes.ts';
import { readWord } from '../../text/words.ts';
import { needsUpdate } from '../needs-update.ts';
import { type Answer, answer, type ConditionContext, unknown } from './answer.ts';
import { compareBy, operatorAt } from './compare-versions.ts';
import { hasCapabilityInContainer } from './container-facts.ts';

type Test = (argument: string, context: ConditionContext) => Answer;

/** An argument that the test cannot use counts as not met (condition_test_list of systemd). */
function unusable(argument: string): Answer {
  return answer(false, `${quoted(argument)} is no argument that systemd understands there`);
}

/** A word of the kernel's command line that sets a condition's answer; undefined: not set or not known. */
function forcedByKernel(name: string, context: ConditionContext): Answer | undefined {
  for (const word of kernelWords(context) ?? []) {
    const equals = word.indexOf('=');
    const key = (equals === -1 ? word : word.slice(0, equals)).replaceAll('_', '-');
    if (key !== name) continue;
    const forced = equals === -1 ? true : parseBoolean(word.slice(equals + 1));
    if (forced !== undefined) return answer(forced, `the kernel command line says ${quoted(word)}`);
  }
  return undefined;
}

export const needsUpdateCondition: Test = (argument, context) => {
  const forced = forcedByKernel('systemd.condition-needs-update', context);
  if (forced !== undefined) return forced;
  const directory = argument.length > 1 ? argument.replace(/\/+$/, '') : argument;
  if (context.isStamped === true && /^\/(?:etc|var)$/.test(directory))
    return answer(false, `systemd-update-done.service has written ${directory}/.updated by then`);
  const { value, reason } = needsUpdate(context.tree, directory);
  return answer(value, reason);
};

export const firstBoot: Test = (argument, context) => {
  const wanted = parseBoolean(argument);
  if (wanted === undefined) return unusable(argument);
  const forced = forcedByKernel('systemd.condition-first-boot', context);
  const is = forced === undefined ? context.isFirstBoot : forced.value === 'true';
  return answer(is === wanted, `this is ${is ? 'a' : 'not a'} first boot`);
};

const containerNames: ReadonlySet<string> = new Set(
  'openvz lxc lxc-libvirt systemd-nspawn docker podman rkt wsl proot pouch'.split(' '),
);

export const virtualization: Test = (argument, context) => {
  const { container } = context.inputs.environment;
  const wanted = parseBoolean(argument);
  if (argument === 'private-users') return unknown('nobody can tell whether users are mapped', false);
  if (container === undefined) {
    return unknown('nobody can tell where the system will run', wanted === undefined ? false : undefined);
  }
  const here = container ? 'the system runs in a container' : 'the system does not run in a container';
  if (argument === 'container') return answer(container, here);
  if (containerNames.has(argument)) return answer(container && argument === 'systemd-nspawn', here);
  if (container) return answer(wanted ?? false, here);
  return unknown('nobody can tell whether the machine is a virtual one');
};

function kernelWords(context: ConditionContext): readonly string[] | undefined {
  const text = context.inputs.environment.kernelCommandLine;
  if (text === undefined) return undefined;
  const words: string[] = [];
  for (let at = 0; ; ) {
    const read = readWord(text, at, text.length, { backslash: 'keep' });
    if (read.kind !== 'word') return words;
    words.push(read.value);
    at = read.next;
  }
}

export const kernelCommandLine: Test = (argument, context) => {
  const words = kernelWords(context);
  if (words === undefined) return unknown('the kernel command line is not known', false);
  const found = words.find((word) =>
    argument.includes('=') ? word === argument : word === argument || word.startsWith(`${argument}=`),
  );
  return answer(
    found !== undefined,
    `${quoted(argument)} is ${found === undefined ? 'not ' : ''}on the kernel command line`,
  );
};

/** `=` and `!=` compare texts there; a word without operator is a pattern (systemd.unit(5), ConditionKernelVersion=). */
function compareExpressions(text: string, actual: string): boolean {
  let rest = text.trim();
  while (rest !== '') {
    const operator = operatorAt(rest) ?? '$=';
    const after = operatorAt(rest) === undefined ? rest : rest.slice(operator.length).trimStart();
    const read = readWord(after, 0, after.length, { backslash: 'keep' });
    if (read.kind !== 'word') return false;
    if (!compareBy(operator, actual, read.value, true)) return false;
    rest = after.slice(read.next);
  }
  return true;
}

export const softwareVersion: Test = (argument, context) => {
  const match = /^(kernel|systemd|glibc)(?=[ \t]|$)/.exec(argument);
  const software = match?.[1] ?? 'kernel';
  const expression = argument.slice(match?.[0].length ?? 0);
  const versions: Readonly<Record<string, string | undefined>> = {
    kernel: context.inputs.machine.kernelRelease,
    systemd: String(context.inputs.systemd.version),
  };
  const actual = versions[software];
  if (actual === undefined) return unknown(`the version of the ${software} is not known`);
  return answer(compareExpressions(expression, actual), `the version of the ${software} is ${actual}`);
};

export const architecture: Test = (argument, context) => {
  if (argument === 'native') return answer(true, 'systemd runs on the architecture that it was built for');
  const actual = context.inputs.machine.architecture;
  if (actual === undefined) return unknown('the architecture is not known');
  return answer(actual === argument, `the architecture is ${actual}`);
};

export const host: Test = (argument, context) => {
  const id = argument.replaceAll('-', '').toLowerCase();
  if (/^[0-9a-f]{32}$/.test(id)) {
    const { machineId } = context.inputs.machine;
    return machineId === id
      ? answer(true, 'that is the machine id')
      : unknown('the ids of the machine are not known', false);
  }
  const hostName = staticHostName(context) ?? context.inputs.machine.hostName;
  if (hostName === undefined) return unknown('the host name is not known');
  return answer(fnmatch(argument.toLowerCase(), hostName.toLowerCase()), `the host name is ${quoted(hostName)}`);
};

/** What /etc/hostname says goes before what the container manager or the kernel set (hostname(5)). */
function staticHostName(context: ConditionContext): string | undefined {
  const inode = context.tree.lookup('/etc/hostname');
  if (inode?.type !== 'file' || inode.content.kind !== 'bytes') return undefined;
  const lines = decodeText(inode.content.bytes).split('\n');
  return lines.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('#'));
}

export const acPower: Test = (argument) => {
  const wanted = parseBoolean(argument);
  return wanted === undefined ? unusable(argument) : unknown('nobody can tell where the power comes from', wanted);
};

export const capability: Test = (argument, context) => {
  const name = argument.toUpperCase();
  const has = context.inputs.environment.container === true ? hasCapabilityInContainer(name) : undefined;
  if (has === undefined) return unknown(`nobody can tell whether the manager has ${name}`, true);
  return answer(has, `a container ${has ? 'keeps' : 'has no'} ${name}`);
};

/** What is never there in a container, because the firmware and its TPM are the host's (is_efi_boot, tpm2_support). */
const firmwareSecurity: ReadonlySet<string> = new Set(['uefi-secureboot', 'tpm2', 'measured-uki', 'measured-os']);

export const security: Test = (argument, context) => {
  const isContainer = context.inputs.environment.container === true;
  if (isContainer && firmwareSecurity.has(argument)) return answer(false, `a container has no ${argument}`);
  // The audit netlink is closed to other namespaces than the host's.
  if (isContainer && argument === 'audit') return answer(false, 'the audit subsystem is closed to containers');
  return unknown(`nobody can tell whether ${quoted(argument)} is on`, false);
};

export const firmware: Test = (argument, context) => {
  if (context.inputs.environment.container === true && argument === 'uefi') {
    return answer(false, 'a container has no firmware');
  }
  return unknown('the firmware is not known');
};

/** PID 1 runs as root. A name that is not root's cannot be its user. */
export const user: Test = (argument) => answer(['root', '0', '@system'].includes(argument), 'the manager runs as root');

export const group: Test = (argument) =>
  answer(['root', '0'].includes(argument), 'the manager runs with the group root');

export const osRelease: Test = (argument, context) => {
  const fields = readOsRelease(context.tree);
  if (fields === undefined) {
    return context.isPartial ? unknown('os-release is not known') : answer(false, 'there is no os-release');
  }
  for (let at = 0; at < argument.length; ) {
    const read = readWord(argument, at, argument.length, { backslash: 'keep' });
    if (read.kind === 'end') break;
    if (read.kind === 'problem') return unusable(argument);
    at = read.next;
    const key = /^[A-Za-z_0-9]*/.exec(read.value)?.[0] ?? '';
    const operator = operatorAt(read.value.slice(key.length));
    if (key === '' || operator === undefined) return unusable(argument);
    const wanted = read.value.slice(key.length + operator.length);
    const actual = fields.get(key) ?? '';
    if (!compareBy(operator, actual, wanted, true)) return answer(false, `os-release says ${key}=${actual}`);
  }
  return answer(true, 'os-release says so');
};

export const credential: Test = (argument, context) => {
  if (context.inputs.credentials.has(argument)) return answer(true, `the credential ${quoted(argument)} is passed`);
  if (context.inputs.environment.container === true)
    return answer(false, `no credential ${quoted(argument)} is passed`);
  return unknown(`nobody can tell whether a credential ${quoted(argument)} is passed`, false);
};

export const controlGroupController: Test = (argument, context) => {
  // systemd 258 knows the unified hierarchy alone (NEWS).
  if (context.inputs.systemd.version >= 258 && (argument === 'v2' || argument === 'v1')) {
    return answer(argument === 'v2', 'this systemd knows control groups v2 only');
  }
  return unknown('the control groups of the machine are not known', argument !== 'v1');
};

/** Conditions that only the running machine can answer. */
export function machineOnly(what: string, usual?: boolean): Test {
  return () => unknown(`${what} is not known`, usual);
}

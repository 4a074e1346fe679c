import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BootInputs } from '../src/core/boot/boot-inputs.ts';
import { compareVersions } from '../src/core/boot/conditions/compare-versions.ts';
import { evaluateConditions } from '../src/core/boot/conditions/evaluate-conditions.ts';
import type { ConditionVerdict } from '../src/core/boot/start/unit-outcome.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';
import { unitLoader } from './support/load-unit.ts';

interface Setting {
  readonly version?: number;
  readonly inputs?: Partial<BootInputs>;
  readonly firstBoot?: boolean;
  readonly readOnly?: readonly string[];
  readonly mounts?: readonly string[];
  readonly isPartial?: boolean;
}

const files = `
--- /etc/file
x
--- /etc/empty
--- /etc/dangling -> nothing
--- /etc/link -> directory
--- /etc/directory/a.conf
--- /etc/hidden/.x
--- /etc/hidden/x~
--- /etc/program 0755
--- /etc/loop -> loop
--- /etc/os-release -> ../usr/lib/os-release
--- /usr/lib/os-release
ID=debian
VERSION_ID="13"
VARIANT=
--- /etc/to-kernel -> /proc/x
--- /run/
--- /usr/bin/true 0755
--- /bin -> usr/bin
`;

function evaluate(lines: string, setting: Setting = {}): ConditionVerdict {
  const unit = `--- /usr/lib/systemd/system/a@b.service\n[Unit]\n${lines.replaceAll('; ', '\n')}\n`;
  const tree = new Tree(imageOf(files + unit).root);
  tree.readOnly = setting.readOnly ?? [];
  const inputs = testInputs(setting.version ?? 257, setting.inputs);
  return evaluateConditions(unitLoader(tree, inputs)('a@b.service'), {
    tree,
    inputs,
    isFirstBoot: setting.firstBoot ?? false,
    isPartial: setting.isPartial ?? false,
    ...(setting.mounts === undefined ? {} : { mountPoints: new Set(setting.mounts) }),
  });
}

type Case = readonly [lines: string, expected: string, setting?: Setting];

/** `true`, `false`, `unknown`; then the usual answer; `env` if the surroundings decide, `assert` for an assertion. */
function checkAll(cases: readonly Case[]): void {
  for (const [lines, expected, setting] of cases) {
    const verdict = evaluate(lines, setting);
    const actual = [
      verdict.value,
      ...(verdict.usual === undefined ? [] : [verdict.usual]),
      ...(verdict.isEnvironmental === true ? ['env'] : []),
      ...(verdict.isAssert === true ? ['assert'] : []),
    ].join(' ');
    assert.equal(actual, expected, `${lines} ${JSON.stringify(setting ?? {})}: ${verdict.reason ?? ''}`);
  }
}

/** Each condition and its negation. */
function checkBoth(cases: readonly (readonly [condition: string, value: boolean, setting?: Setting])[]): void {
  for (const [condition, value, setting] of cases) {
    const message = `${condition} ${JSON.stringify(setting ?? {})}`;
    assert.equal(evaluate(`Condition${condition}`, setting).value, String(value), message);
    assert.equal(evaluate(`Condition${condition.replace('=', '=!')}`, setting).value, String(!value), `not ${message}`);
  }
}

const container: Setting = { inputs: { environment: { container: true } } };
const machine: Setting = { inputs: { environment: { container: false } } };

test('conditions on paths', () => {
  checkBoth([
    ['PathExists=/etc/file', true],
    ['PathExists=/etc/none', false],
    ['PathExists=/etc/dangling', false],
    ['PathExists=/etc/loop', false],
    ['PathExists=/etc/file/x', false],
    ['PathExists=/etc/link/a.conf', true],
    ['PathExistsGlob=/etc/direc*/*.conf', true],
    ['PathExistsGlob=/etc/*.none', false],
    ['PathExistsGlob=/bin/tru*', true],
    ['PathExistsGlob=/etc/{none,file}', true],
    ['PathIsDirectory=/etc/link', true],
    ['PathIsDirectory=/etc/file', false],
    ['PathIsSymbolicLink=/etc/dangling', true],
    ['PathIsSymbolicLink=/etc/directory', false],
    ['PathIsSymbolicLink=/etc/none', false],
    ['DirectoryNotEmpty=/etc/directory', true],
    ['DirectoryNotEmpty=/etc/hidden', false],
    ['DirectoryNotEmpty=/etc/none', false],
    ['DirectoryNotEmpty=/etc/file', false],
    ['FileNotEmpty=/etc/file', true],
    ['FileNotEmpty=/etc/empty', false],
    ['FileNotEmpty=/etc/directory', false],
    ['FileIsExecutable=/etc/program', true],
    ['FileIsExecutable=/etc/file', false],
    ['FileIsExecutable=/etc/directory', false],
    ['PathIsEncrypted=/etc/none', false],
    ['PathIsSocket=/etc/file', false, { version: 262 }],
  ]);
  checkAll([
    ['ConditionPathIsEncrypted=/etc', 'unknown false env'],
    // A condition that the version does not know is no condition.
    ['ConditionPathIsSocket=/etc/file', 'true', { version: 257 }],
    ['ConditionPathExists=/etc/to-kernel', 'unknown'],
    ['ConditionPathExists=/usr/none', 'unknown', { isPartial: true }],
    ['ConditionPathExists=/etc/none', 'false', { isPartial: true }],
  ]);
});

test('mount points and read-only file systems', () => {
  checkBoth([
    ['PathIsMountPoint=/', true],
    ['PathIsMountPoint=/run', true],
    ['PathIsMountPoint=/usr', true, { readOnly: ['/usr'] }],
    ['PathIsMountPoint=/etc/none', false],
    ['PathIsMountPoint=/etc', false, { mounts: [] }],
    ['PathIsMountPoint=/etc', true, { mounts: ['/etc'] }],
    ['PathIsReadWrite=/etc', true],
    ['PathIsReadWrite=/usr', false, { readOnly: ['/usr'] }],
    ['PathIsReadWrite=/bin', false, { readOnly: ['/usr'] }],
    ['PathIsReadWrite=/etc/none', false],
  ]);
  checkAll([
    ['ConditionPathIsMountPoint=/etc', 'unknown false'],
    ['ConditionPathIsReadWrite=/sys', 'false env', container],
    ['ConditionPathIsReadWrite=/sys', 'true', machine],
    ['ConditionPathIsReadWrite=/proc/sys', 'false env', container],
    ['ConditionPathIsReadWrite=/proc/sys/net', 'unknown true env', container],
    ['ConditionPathIsReadWrite=/sys', 'unknown env'],
  ]);
});

test("the kernel's paths are unknown, but for what is certain in a container", () => {
  checkAll([
    ['ConditionPathExists=/proc/x', 'unknown env'],
    ['ConditionPathExists=/dev/tty0', 'false env', container],
    ['ConditionPathExists=!/dev/tty0', 'true', container],
    ['ConditionPathExists=/dev/null', 'true', container],
    ['ConditionPathExists=/dev/tty0', 'unknown env', machine],
    ['ConditionPathExists=/sys/firmware/efi/efivars/x', 'unknown false env', machine],
    ['ConditionPathExists=/sys/fs/fuse/connections', 'unknown false env', container],
    ['ConditionPathExistsGlob=/dev/*', 'unknown env'],
  ]);
});

test('updates and first boots', () => {
  checkBoth([
    ['NeedsUpdate=/etc', true],
    ['NeedsUpdate=/etc', false, { readOnly: ['/'] }],
    ['NeedsUpdate=/var', true],
    ['NeedsUpdate=/srv', true],
    ['FirstBoot=yes', true, { firstBoot: true }],
    ['FirstBoot=no', false, { firstBoot: true }],
    ['FirstBoot=no', true],
  ]);
  const forced = (words: string): Setting => ({
    inputs: { environment: { kernelCommandLine: words } },
    firstBoot: true,
  });
  checkAll([
    ['ConditionFirstBoot=maybe', 'false'],
    ['ConditionFirstBoot=yes', 'false', forced('systemd.condition_first_boot=no')],
    ['ConditionFirstBoot=yes', 'true', forced('quiet')],
    ['ConditionNeedsUpdate=/etc', 'false', forced('systemd.condition-needs-update=0')],
  ]);
});

test('where the system runs', () => {
  checkBoth([
    ['Virtualization=container', true, container],
    ['Virtualization=systemd-nspawn', true, container],
    ['Virtualization=docker', false, container],
    ['Virtualization=yes', true, container],
    ['Virtualization=no', false, container],
    ['Virtualization=vm', false, container],
    ['Virtualization=kvm', false, container],
    ['Virtualization=container', false, machine],
    ['Virtualization=lxc', false, machine],
    ['Capability=CAP_SYS_ADMIN', true, container],
    ['Capability=CAP_SYS_MODULE', false, container],
    ['Capability=CAP_SYS_TIME', false, container],
    ['Security=tpm2', false, container],
    ['Security=measured-uki', false, container],
    ['Security=audit', false, container],
    ['Firmware=uefi', false, container],
    ['Credential=x', false, container],
    ['Credential=x', true, { inputs: { credentials: new Map([['x', new Uint8Array()]]) } }],
    ['Architecture=x86-64', true],
    ['Architecture=arm64', false],
    ['Architecture=native', true],
    ['ControlGroupController=v2', true, { version: 262 }],
  ]);
  checkAll([
    ['ConditionVirtualization=vm', 'unknown env', machine],
    ['ConditionVirtualization=container', 'unknown false env'],
    ['ConditionVirtualization=!container', 'unknown true env'],
    ['ConditionVirtualization=private-users', 'unknown false env', container],
    ['ConditionCapability=CAP_NET_ADMIN', 'unknown true env', container],
    ['ConditionSecurity=selinux', 'unknown false env', container],
    ['ConditionACPower=true', 'unknown true env'],
    ['ConditionACPower=false', 'unknown false env'],
    ['ConditionMemory=>1G', 'unknown env'],
    ['ConditionEnvironment=X', 'unknown false env'],
    ['ConditionMemoryPressure=10%', 'unknown true env'],
    ['ConditionKernelModuleLoaded=loop', 'unknown env', { version: 262 }],
    ['ConditionCredential=x', 'unknown false env'],
    ['ConditionControlGroupController=cpu', 'unknown true env'],
  ]);
});

test('the kernel command line, versions, host names', () => {
  const words: Setting = { inputs: { environment: { kernelCommandLine: 'a b=c "d=e f"' } } };
  checkBoth([
    ['KernelCommandLine=a', true, words],
    ['KernelCommandLine=b', true, words],
    ['KernelCommandLine=b=c', true, words],
    ['KernelCommandLine=b=d', false, words],
    ['KernelCommandLine=d=e f', true, words],
    ['KernelCommandLine=x', false, words],
  ]);
  const kernel: Setting = {
    version: 262,
    inputs: { machine: { ...testInputs().machine, kernelRelease: '6.12.1-amd64', hostName: 'Web1' } },
  };
  checkBoth([
    ['KernelVersion=>=6.1', true, kernel],
    ['KernelVersion=>= 6.1 <6.2', false, kernel],
    ['KernelVersion=6.*', true, kernel],
    ['Version=systemd >= 258', true, kernel],
    ['Version=kernel <6', false, kernel],
    ['Version=>=6.12', true, kernel],
    ['Host=web*', true, kernel],
    ['Host=db*', false, kernel],
  ]);
  checkAll([
    ['ConditionKernelCommandLine=x', 'unknown false env'],
    ['ConditionKernelCommandLine=!x', 'unknown true env'],
    ['ConditionKernelVersion=>=6', 'unknown env'],
    ['ConditionVersion=glibc >= 2', 'unknown env', kernel],
    ['ConditionHost=web', 'unknown env'],
    ['ConditionHost=0123456789abcdef0123456789abcdef', 'unknown false env'],
  ]);
});

test('the operating system and the manager', () => {
  checkBoth([
    ['OSRelease=ID=debian', true],
    ['OSRelease=ID=fedora', false],
    ['OSRelease=VERSION_ID>=12', true],
    ['OSRelease=VERSION_ID<12 ID=debian', false],
    ['OSRelease=ID$=deb*', true],
    ['OSRelease=NONE=', true],
    ['User=root', true],
    ['User=0', true],
    ['User=@system', true],
    ['User=app', false],
    ['Group=root', true],
    ['Group=@system', false],
  ]);
  checkAll([
    ['ConditionOSRelease=ID = debian', 'false'],
    ['ConditionOSRelease="open', 'false'],
  ]);
});

test('all must hold, and of those with `|` one', () => {
  const [good, bad, open] = ['PathExists=/etc/file', 'PathExists=/etc/none', 'ACPower=true'];
  const either = (...names: string[]) => names.map((name) => `Condition${name.replace('=', '=|')}`).join('; ');
  checkAll([
    [`Condition${good}; Condition${bad}`, 'false'],
    [`Condition${bad}; Condition${open}`, 'false'],
    [`Condition${good}; Condition${open}`, 'unknown true env'],
    [either(good, bad), 'true'],
    [either(bad, bad), 'false'],
    [either(bad, open), 'unknown true env'],
    [either(open, good), 'true'],
    [`${either(good)}; Condition${bad}`, 'false'],
    [`${either(bad)}; Condition${good}`, 'false'],
    ['ConditionPathExists=|!/etc/file; ConditionPathExists=|!/etc/none', 'true'],
    ['ConditionVirtualization=| ! container', 'unknown true env'],
    [either('Virtualization=docker', 'Capability=CAP_SYS_TIME'), 'false env', container],
    [either('Virtualization=docker', bad), 'false', container],
  ]);
});

test('an empty assignment forgets the conditions of all kinds before it, and not the assertions', () => {
  checkAll([
    ['ConditionPathExists=/etc/none; ConditionFirstBoot=', 'true'],
    ['ConditionPathExists=/etc/none; ConditionFirstBoot=; ConditionPathExists=/etc/none', 'false'],
    ['AssertPathExists=/etc/none; ConditionFirstBoot=', 'false assert'],
    ['AssertPathExists=/etc/none; AssertUser=', 'true'],
    // A line that does not load is none.
    ['ConditionPathExists=relative', 'true'],
    ['ConditionPathExists=/etc/../none', 'true'],
  ]);
});

test('assertions come after conditions', () => {
  checkAll([
    ['AssertPathExists=/etc/none', 'false assert'],
    ['AssertPathExists=/etc/file', 'true'],
    ['AssertPathExists=/etc/none; ConditionPathExists=/etc/none', 'false'],
    ['AssertACPower=true; ConditionPathExists=/etc/file', 'unknown true env assert'],
  ]);
});

test('specifiers are expanded', () => {
  checkAll([
    ['ConditionPathExists=%E/file', 'true'],
    ['ConditionPathExists=/etc/%i', 'false'],
    ['ConditionPathExists=/etc/%b', 'unknown'],
  ]);
});

test('a verdict names the line and the reason', () => {
  const verdict = evaluate('ConditionPathExists=/etc/file; ConditionPathExists=!/etc/file');
  assert.equal(verdict.text, 'ConditionPathExists=!/etc/file');
  assert.equal(verdict.reason, '"/etc/file" exists');
  assert.equal(verdict.place?.line, 3);
});

test('versions compare as the version format says', () => {
  const order = ['~1', '', '0', '1~rc1', '1', '1-1', '1^1', '1.1', '1.2', '1.2a', '1.2b', '1.10', '2', '122.1'];
  for (const [index, version] of order.entries()) {
    assert.equal(compareVersions(version, version), 0, version);
    for (const later of order.slice(index + 1)) {
      assert.equal(compareVersions(version, later), -1, `${version} < ${later}`);
      assert.equal(compareVersions(later, version), 1, `${later} > ${version}`);
    }
  }
  assert.equal(compareVersions('1.01', '1.1'), 0);
  assert.equal(compareVersions('1_2', '12'), -1);
});

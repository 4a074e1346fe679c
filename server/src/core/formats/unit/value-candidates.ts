/** How the values of settings complete: the words of a list, or a kind of thing that the image or the editor can list. */

import { type Behaviour, behaviours, type Systemd } from '../../versions/systemd.ts';
import { type Directive, type UnitType, unitTypes } from './directives.ts';
import { calendarShorthands } from './settings/calendar.ts';
import { keywordRows } from './settings/keyword.ts';
import { signalNames } from './settings/signal.ts';
import {
  capabilityWords,
  exitStatusWords,
  fileSystemGroupWords,
  systemCallGroupWords,
  valueWordsRows,
} from './value-words.ts';

export interface CandidateValue {
  readonly value: string;
  /** First version that is known to take it; absent: 252 has it. */
  readonly since?: number;
}

/** What can stand in a value; `values` are those that the version takes. */
export type ValueCandidates =
  | {
      readonly kind: 'keywords';
      readonly values: readonly CandidateValue[];
      /** Several, with blanks between them. */
      readonly isList: boolean;
      /** `~` in front turns the list round. */
      readonly mayInvert: boolean;
      /** Nothing but the values is good, apart from numbers and emptiness that some lists take. */
      readonly isClosed: boolean;
    }
  | {
      readonly kind: 'capability' | 'system-call' | 'file-system' | 'signal' | 'exit-status' | 'calendar';
      readonly values: readonly CandidateValue[];
    }
  | { readonly kind: 'boolean'; readonly values: readonly CandidateValue[] }
  | { readonly kind: 'unit'; readonly types: readonly UnitType[]; readonly isList: boolean }
  | { readonly kind: 'path'; readonly to: 'file' | 'directory' | 'any'; readonly isList: boolean }
  | { readonly kind: OtherKind };

type OtherKind =
  | 'user'
  | 'group'
  | 'group-list'
  | 'command'
  | 'time'
  | 'size'
  | 'number'
  | 'mode'
  | 'cpu'
  | 'limit'
  | 'environment'
  | 'credential'
  | 'address'
  | 'device'
  | 'network-interface'
  | 'unit-directory'
  | 'documentation'
  | 'text';

const booleanWords = 'yes no';

/** Booleans that systemd types otherwise. */
const otherBooleans = 'PrivateMounts MountAPIVFS SetLoginEnvironment MemoryKSM BindLogSockets PrivatePIDs PrivateBPF';

/** Kinds by name; a name means the same in every section that has it. */
const kindRows: readonly (readonly [ValueCandidates, string])[] = [
  [{ kind: 'user' }, 'User SocketUser'],
  [{ kind: 'group' }, 'Group SocketGroup ConditionGroup AssertGroup'],
  [{ kind: 'group-list' }, 'SupplementaryGroups'],
  [{ kind: 'unit', types: ['service'], isList: false }, 'Service'],
  [{ kind: 'unit', types: ['socket'], isList: true }, 'Sockets'],
  [{ kind: 'unit', types: ['slice'], isList: false }, 'Slice'],
  [{ kind: 'unit', types: unitTypes.filter((type) => type !== 'timer'), isList: false }, 'Unit'],
  [{ kind: 'unit', types: unitTypes, isList: true }, 'WantedBy RequiredBy UpheldBy Also Alias'],
  [
    { kind: 'path', to: 'directory', isList: false },
    'WorkingDirectory RootDirectory RootMStack Where ConditionPathIsDirectory AssertPathIsDirectory ConditionPathIsMountPoint AssertPathIsMountPoint ConditionDirectoryNotEmpty AssertDirectoryNotEmpty DirectoryNotEmpty',
  ],
  [
    { kind: 'path', to: 'file', isList: false },
    'RootImage RootHash RootHashSignature RootVerity EnvironmentFile PIDFile SourcePath USBFunctionDescriptors USBFunctionStrings OpenFile ConditionFileNotEmpty AssertFileNotEmpty ConditionFileIsExecutable AssertFileIsExecutable',
  ],
  [
    { kind: 'path', to: 'any', isList: false },
    'What TTYPath NetworkNamespacePath IPCNamespacePath UserNamespacePath PathExists PathExistsGlob PathChanged PathModified IPIngressFilterPath IPEgressFilterPath ConditionPathExists AssertPathExists ConditionPathExistsGlob AssertPathExistsGlob ConditionPathIsSymbolicLink AssertPathIsSymbolicLink ConditionPathIsReadWrite AssertPathIsReadWrite ConditionPathIsEncrypted AssertPathIsEncrypted ConditionPathIsSocket AssertPathIsSocket',
  ],
  [
    { kind: 'path', to: 'any', isList: true },
    'ReadWritePaths ReadOnlyPaths InaccessiblePaths ReadWriteDirectories ReadOnlyDirectories InaccessibleDirectories ExecPaths NoExecPaths BindPaths BindReadOnlyPaths Symlinks RequiresMountsFor WantsMountsFor ExtensionImages MountImages',
  ],
  [{ kind: 'path', to: 'directory', isList: true }, 'ExecSearchPath TemporaryFileSystem ExtensionDirectories'],
  [{ kind: 'address' }, 'ListenStream ListenDatagram ListenSequentialPacket IPAddressAllow IPAddressDeny'],
  [{ kind: 'cpu' }, 'CPUAffinity AllowedCPUs StartupAllowedCPUs'],
  [{ kind: 'environment' }, 'Environment PassEnvironment UnsetEnvironment ConditionEnvironment AssertEnvironment'],
  [
    { kind: 'credential' },
    'LoadCredential LoadCredentialEncrypted SetCredential SetCredentialEncrypted ImportCredential ConditionCredential AssertCredential',
  ],
  [
    { kind: 'device' },
    'DeviceAllow IODeviceWeight IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax',
  ],
  [{ kind: 'network-interface' }, 'BindToDevice RestrictNetworkInterfaces BindNetworkInterface'],
  [{ kind: 'unit-directory' }, 'RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory'],
  [{ kind: 'path', to: 'file', isList: false }, 'ListenFIFO ListenSpecial'],
  [
    { kind: 'number' },
    'Nice OOMScoreAdjust IOSchedulingPriority CPUSchedulingPriority TTYRows TTYColumns FailureActionExitStatus SuccessActionExitStatus MessageQueueMaxMessages MessageQueueMessageSize CPUWeight StartupCPUWeight IOWeight StartupIOWeight ConcurrencySoftMax ConcurrencyHardMax ActivatingConcurrencyMax ConditionCPUs AssertCPUs Priority',
  ],
  [{ kind: 'limit' }, 'TasksMax CPUQuota'],
  [{ kind: 'size' }, 'ReceiveBuffer SendBuffer PipeSize ConditionMemory AssertMemory'],
  [
    { kind: 'time' },
    'TimeoutSec TimeoutStopSec TimeoutAbortSec TimeoutIdleSec JobTimeoutSec JobRunningTimeoutSec OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec CPUQuotaPeriodSec DeferTriggerMaxSec TimerSlackNSec ManagedOOMMemoryPressureDurationSec',
  ],
];

const kindsByType: Readonly<Record<string, ValueCandidates>> = {
  'UNIT [...]': { kind: 'unit', types: unitTypes, isList: true },
  'PATH [ARGUMENT [...]]': { kind: 'command' },
  MODE: { kind: 'mode' },
  SECONDS: { kind: 'time' },
  LIMIT: { kind: 'limit' },
  UNSIGNED: { kind: 'number' },
  INTEGER: { kind: 'number' },
  URL: { kind: 'documentation' },
};

/** Lists of names that a kind offers, by the settings or types that take it. */
const namedRows: readonly (readonly ['capability' | 'system-call' | 'file-system' | 'exit-status', string, string])[] =
  [
    ['capability', capabilityWords, 'CapabilityBoundingSet AmbientCapabilities ConditionCapability AssertCapability'],
    ['system-call', systemCallGroupWords, 'SystemCallFilter SystemCallLog'],
    ['file-system', fileSystemGroupWords, 'RestrictFileSystems'],
    ['exit-status', exitStatusWords, 'SuccessExitStatus RestartPreventExitStatus RestartForceExitStatus'],
  ];

/** How a setting's value completes in a version. Settings of which nothing is known take text. */
export function valueCandidates(directive: Directive, systemd: Systemd): ValueCandidates {
  const { name, section, type } = directive;
  // The only name whose meaning depends on the section: here a type of file systems, in services a keyword.
  if (section === 'Mount' && name === 'Type') return { kind: 'text' };
  const words = wordCandidates(name, systemd);
  if (words !== undefined) return words;
  for (const [kind, list, settings] of namedRows) {
    if (has(settings, name)) return { kind, values: usable(list, systemd) };
  }
  if (type === 'SIGNAL') return { kind: 'signal', values: signalNames.map((signal) => ({ value: `SIG${signal}` })) };
  if (name === 'OnCalendar') return { kind: 'calendar', values: [...calendarShorthands].map((value) => ({ value })) };
  for (const [candidates, settings] of kindRows) if (has(settings, name)) return candidates;
  if (type === 'BOOLEAN' || has(otherBooleans, name)) {
    return { kind: 'boolean', values: usable(booleanWords, systemd) };
  }
  return (Object.hasOwn(kindsByType, type) ? kindsByType[type] : undefined) ?? { kind: 'text' };
}

function has(settings: string, name: string): boolean {
  return settings.split(' ').includes(name);
}

function wordCandidates(name: string, systemd: Systemd): ValueCandidates | undefined {
  const keywords = keywordRows.find((row) => row.settings.includes(name));
  if (keywords !== undefined) {
    const values = keywords.words.split(' ').map((value) => {
      const needed =
        keywords.later !== undefined && Object.hasOwn(keywords.later, value) ? keywords.later[value] : undefined;
      const since = needed === undefined ? undefined : sinceOf(needed);
      return since === undefined ? { value } : { value, since };
    });
    const booleans = keywords.orBoolean ? usable(booleanWords, systemd) : [];
    const all = [...booleans, ...values.filter((value) => (value.since ?? 0) <= systemd.version)];
    return { kind: 'keywords', values: all, isList: false, mayInvert: false, isClosed: true };
  }
  const tested = name.replace(/^Assert/, 'Condition');
  const row = valueWordsRows.find(({ settings }) => has(settings, tested));
  if (row === undefined) return undefined;
  return {
    kind: 'keywords',
    values: [...(row.orBoolean ? usable(booleanWords, systemd) : []), ...usable(row.words, systemd)],
    isList: row.isList === true,
    mayInvert: row.mayInvert === true,
    isClosed: row.isOpen !== true,
  };
}

function sinceOf(behaviour: Behaviour): number | undefined {
  const row: { readonly since?: number; readonly what: string } = behaviours[behaviour];
  return row.since;
}

/** The words of a list that a version takes; a number behind the last colon is the first version. */
function usable(list: string, systemd: Systemd): readonly CandidateValue[] {
  const values: CandidateValue[] = [];
  for (const word of list.split(' ')) {
    const match = /^(.+):([0-9]+)$/.exec(word);
    const value = match?.[1] ?? word;
    const since = match === null ? undefined : Number(match[2]);
    if (value === '' || (since ?? 0) > systemd.version) continue;
    values.push(since === undefined ? { value } : { value, since });
  }
  return values;
}

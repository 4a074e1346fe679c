/** Which grammar checks which setting: one row a grammar. Settings without a row are not checked, never called bad. */

import type { Directive } from '../directives.ts';
import { booleanGrammar, optionalBooleanGrammar } from './boolean.ts';
import { calendarGrammar } from './calendar.ts';
import { conditionGrammar } from './condition.ts';
import { importCredentialGrammar, loadCredentialGrammar, setCredentialGrammar } from './credential.ts';
import { environmentGrammar, variableNamesGrammar, variablesOrAssignmentsGrammar } from './environment.ts';
import { execGrammar } from './exec-line.ts';
import type { SettingGrammar } from './grammar.ts';
import { keywordGrammar, keywordRows } from './keyword.ts';
import { listenGrammar, listenPathGrammar } from './listen-address.ts';
import {
  cpuPriorityGrammar,
  cpuQuotaGrammar,
  exitStatusGrammar,
  integerSettingGrammar,
  ioPriorityGrammar,
  longGrammar,
  memoryLimitGrammar,
  modeGrammar,
  niceGrammar,
  oomScoreGrammar,
  optionalUnsignedGrammar,
  sizeGrammar,
  swapPriorityGrammar,
  tasksMaxGrammar,
  unsignedGrammar,
  weightGrammar,
} from './number.ts';
import {
  bindPathsGrammar,
  colonPathsGrammar,
  environmentFileGrammar,
  mountsForGrammar,
  pathGrammar,
  pathListGrammar,
  pidFileGrammar,
  prefixedPathsGrammar,
  swapDeviceGrammar,
  temporaryFileSystemsGrammar,
  unitDirectoriesGrammar,
  vitalPathGrammar,
  workingDirectoryGrammar,
} from './paths.ts';
import { resourceLimitGrammar } from './resource-limit.ts';
import { signalGrammar } from './signal.ts';
import { optionalTimeGrammar, timeGrammar, timerGrammar } from './time.ts';
import { documentationGrammar, socketListGrammar, textGrammar, unitListGrammar, unitNameGrammar } from './unit-list.ts';
import { groupListGrammar, userGrammar } from './user-name.ts';

/** By systemd's own type, where all settings of a type have one grammar. */
const byType: Readonly<Record<string, SettingGrammar>> = {
  BOOLEAN: booleanGrammar,
  CONDITION: conditionGrammar,
  'UNIT [...]': unitListGrammar,
  'PATH [ARGUMENT [...]]': execGrammar,
  MODE: modeGrammar,
  SECONDS: timeGrammar,
  UNSIGNED: unsignedGrammar,
  SIGNAL: signalGrammar,
};

/** Before the type: settings by name. A name has the same meaning in every section that has it. */
const byName: readonly (readonly [SettingGrammar, string])[] = [
  [
    execGrammar,
    'ExecStart ExecStartPre ExecStartPost ExecCondition ExecReload ExecReloadPost ExecStop ExecStopPre ExecStopPost',
  ],
  [optionalBooleanGrammar, 'SetLoginEnvironment MountAPIVFS PrivateMounts MemoryKSM BindLogSockets'],
  [userGrammar, 'User Group SocketUser SocketGroup'],
  [groupListGrammar, 'SupplementaryGroups'],
  [vitalPathGrammar, 'RootDirectory RootImage RootVerity'],
  [workingDirectoryGrammar, 'WorkingDirectory'],
  [pidFileGrammar, 'PIDFile'],
  [
    pathGrammar,
    'SourcePath TTYPath NetworkNamespacePath IPCNamespacePath USBFunctionDescriptors USBFunctionStrings Where PathExists PathExistsGlob PathChanged PathModified DirectoryNotEmpty',
  ],
  [environmentFileGrammar, 'EnvironmentFile'],
  [
    prefixedPathsGrammar,
    'ReadWritePaths ReadOnlyPaths InaccessiblePaths ExecPaths NoExecPaths ReadWriteDirectories ReadOnlyDirectories InaccessibleDirectories ExtensionDirectories',
  ],
  [colonPathsGrammar, 'ExecSearchPath'],
  [pathListGrammar, 'Symlinks'],
  [mountsForGrammar, 'RequiresMountsFor WantsMountsFor'],
  [unitDirectoriesGrammar, 'RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory'],
  [bindPathsGrammar, 'BindPaths BindReadOnlyPaths'],
  [temporaryFileSystemsGrammar, 'TemporaryFileSystem'],
  [environmentGrammar, 'Environment'],
  [variableNamesGrammar, 'PassEnvironment'],
  [variablesOrAssignmentsGrammar, 'UnsetEnvironment'],
  [loadCredentialGrammar, 'LoadCredential LoadCredentialEncrypted'],
  [setCredentialGrammar, 'SetCredential SetCredentialEncrypted'],
  [importCredentialGrammar, 'ImportCredential'],
  [documentationGrammar, 'Documentation'],
  [socketListGrammar, 'Sockets'],
  [unitNameGrammar, 'Unit Service'],
  [textGrammar, 'Description SyslogIdentifier UtmpIdentifier PAMName Options Type ExtraOptions What'],
  [listenGrammar, 'ListenStream ListenDatagram ListenSequentialPacket'],
  [listenPathGrammar, 'ListenFIFO ListenSpecial ListenMessageQueue ListenUSBFunction'],
  [calendarGrammar, 'OnCalendar'],
  [timerGrammar, 'OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec'],
  [
    timeGrammar,
    'TimeoutSec TimeoutStartSec TimeoutStopSec JobTimeoutSec JobRunningTimeoutSec TimeoutIdleSec MemoryPressureThresholdSec',
  ],
  [optionalTimeGrammar, 'TimeoutAbortSec CPUQuotaPeriodSec'],
  [niceGrammar, 'Nice'],
  [oomScoreGrammar, 'OOMScoreAdjust'],
  [ioPriorityGrammar, 'IOSchedulingPriority'],
  [cpuPriorityGrammar, 'CPUSchedulingPriority'],
  [exitStatusGrammar, 'FailureActionExitStatus SuccessActionExitStatus'],
  [optionalUnsignedGrammar, 'TTYRows TTYColumns'],
  [integerSettingGrammar, 'IPTTL Mark'],
  [longGrammar, 'MessageQueueMaxMessages MessageQueueMessageSize'],
  [sizeGrammar, 'ReceiveBuffer SendBuffer PipeSize'],
  [
    memoryLimitGrammar,
    'MemoryMin MemoryLow MemoryHigh MemoryMax MemorySwapMax MemoryZSwapMax StartupMemoryLow StartupMemoryHigh StartupMemoryMax StartupMemorySwapMax StartupMemoryZSwapMax DefaultMemoryMin DefaultMemoryLow',
  ],
  [tasksMaxGrammar, 'TasksMax'],
  [cpuQuotaGrammar, 'CPUQuota'],
  [weightGrammar, 'CPUWeight StartupCPUWeight IOWeight StartupIOWeight'],
  [
    resourceLimitGrammar,
    'LimitCPU LimitFSIZE LimitDATA LimitSTACK LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC LimitMEMLOCK LimitLOCKS LimitSIGPENDING LimitMSGQUEUE LimitNICE LimitRTPRIO LimitRTTIME',
  ],
];

/** Grammars that may find a value so bad that systemd refuses the unit. */
const stoppingGrammars: ReadonlySet<SettingGrammar> = new Set([
  execGrammar,
  userGrammar,
  groupListGrammar,
  vitalPathGrammar,
  workingDirectoryGrammar,
  pidFileGrammar,
]);

/** False if no value of the setting keeps the unit from being loaded. */
export function mayStopUnit(directive: Directive): boolean {
  if (directive.name === 'DynamicUser') return true;
  const grammar = grammarOf(directive);
  return grammar !== undefined && stoppingGrammars.has(grammar);
}

/** Names that mean different things in different sections. */
const bySection: Readonly<Record<string, Readonly<Record<string, SettingGrammar>>>> = {
  Swap: { Priority: swapPriorityGrammar, What: swapDeviceGrammar },
  Socket: { Priority: integerSettingGrammar },
  Mount: { Type: textGrammar },
};

let grammars: Map<string, SettingGrammar> | undefined;

function namedGrammars(): Map<string, SettingGrammar> {
  if (grammars === undefined) {
    grammars = new Map();
    for (const [grammar, names] of byName) for (const name of names.split(' ')) grammars.set(name, grammar);
    for (const row of keywordRows) for (const name of row.settings) grammars.set(name, keywordGrammar(row));
  }
  return grammars;
}

/** The grammar of a setting; undefined if we have none. The [Install] section is read by other code and has none. */
export function grammarOf(directive: Directive): SettingGrammar | undefined {
  if (directive.section === 'Install') return undefined;
  const own = bySection[directive.section];
  if (own !== undefined && Object.hasOwn(own, directive.name)) return own[directive.name];
  return (
    namedGrammars().get(directive.name) ?? (Object.hasOwn(byType, directive.type) ? byType[directive.type] : undefined)
  );
}

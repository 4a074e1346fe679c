/** What the settings of systemd.exec(5) do: a line each, the name and its sentences. */

export const execWords = `
WorkingDirectory Directory in which the commands run; "~" is the user's home. If it is missing they fail with 200/CHDIR, unless "-" stands in front.
RootDirectory Directory that the commands see as /. If it is missing they do not start.
RootImage Disk image whose file system the commands see as /.
RootImageOptions Mount options of the partitions of RootImage=.
RootHash Hash of the Verity data of RootImage=, or the file that has it.
RootHashSignature Signature of the root hash of RootImage=.
RootVerity File with the Verity data of RootImage=.
RootImagePolicy Which partitions RootImage= may or must have, and how protected.
RootEphemeral Runs on a copy of RootDirectory= or RootImage= that is thrown away.
RootMStack Stack of layers that together are the commands' /.
ExtensionDirectories Directories with system extensions, laid over /usr, /opt and /etc of the unit.
ExtensionImages Disk images with system extensions, laid over /usr, /opt and /etc of the unit.
ExtensionImagePolicy Which partitions ExtensionImages= may or must have, and how protected.
MountImages Disk images that are mounted for the unit only. A missing image fails the start with 226/NAMESPACE, unless "-" stands in front.
MountImagePolicy Which partitions MountImages= may or must have, and how protected.
User User as whom the commands run. If nobody declares it for an empty /etc they fail with 217/USER.
Group Group with which the commands run. If nobody declares it for an empty /etc they fail with 216/GROUP.
SupplementaryGroups Further groups of the commands. A group missing from an empty /etc fails them with 216/GROUP.
DynamicUser Gives the unit a user of its own while it runs. Nothing in /etc is needed, and state directories move to /var/lib/private.
SetLoginEnvironment Whether HOME, LOGNAME, SHELL and USER are set.
Nice Nice level of the commands, from -20 (first) to 19 (last).
OOMScoreAdjust How readily the kernel kills the commands for lack of memory, from -1000 (never) to 1000.
CoredumpFilter Which kinds of memory a core dump contains.
IOSchedulingClass Class in which the commands compete for disk access.
IOSchedulingPriority Rank within the class of disk access, from 0 (first) to 7.
CPUSchedulingPolicy Policy by which the kernel gives processor time to the commands.
CPUSchedulingPriority Rank within a real-time policy, from 1 to 99 (first).
CPUSchedulingResetOnFork Keeps children from inheriting a raised policy or rank.
CPUAffinity Processors on which the commands may run.
NUMAPolicy From which memory nodes the commands are given memory.
NUMAMask Memory nodes to which NUMAPolicy= applies.
UMask Access rights that new files of the commands do not get.
Environment Variables for the commands, NAME=VALUE.
EnvironmentFile File with variables for the commands. If it is missing, as in an empty /etc, the start fails, unless "-" stands in front.
PassEnvironment Variables of the manager that the commands get too.
UnsetEnvironment Variables that the commands do not get, whoever set them.
RemoveIPC Removes IPC objects of the unit's user and group when it stops.
StandardInput Where the commands read from.
StandardOutput Where ordinary output goes. The directory of a log file must exist; none is made in an empty /var.
StandardError Where error output goes. As for StandardOutput=, no directory of a log file is made.
StandardInputText Text that StandardInput=data gives to the commands.
StandardInputData Base64 data that StandardInput=data gives to the commands.
TTYPath Terminal for the settings that connect to one.
TTYReset Resets the terminal before and after.
TTYVHangup Hangs up everybody on the terminal before and after.
TTYVTDisallocate Clears the virtual terminal and its scrollback before and after.
TTYRows Height of the terminal.
TTYColumns Width of the terminal.
SyslogIdentifier Name before each logged line, instead of that of the program.
SyslogFacility Facility of logged lines.
SyslogLevel Level of logged lines that name none.
SyslogLevelPrefix Whether "<N>" at the beginning of a line sets its level.
LogLevelMax Least important level that is still logged.
LogRateLimitIntervalSec Length of the window in which LogRateLimitBurst= counts messages.
LogRateLimitBurst How many messages of the unit are logged in the window; the rest is dropped.
LogExtraFields Fields, FIELD=VALUE, that each log entry of the unit gets.
LogFilterPatterns Patterns that log messages must, or with "~" must not, match.
LogNamespace Separate journal for the unit.
SecureBits Flags that say how a change of user id affects capabilities.
CapabilityBoundingSet Capabilities that the commands can ever have; "~" lists those they cannot.
AmbientCapabilities Capabilities that the commands keep although they do not run as root.
TimerSlackNSec How far the kernel may move timers of the commands, to wake less often.
NoNewPrivileges Keeps programs from gaining rights by set-user-id bits or file capabilities.
KeyringMode Which kernel keyring the unit gets.
ProtectProc Hides processes of other users in /proc.
ProcSubset Hides everything in /proc but processes.
SystemCallFilter System calls and groups that are allowed; "~" lists forbidden ones.
SystemCallArchitectures Architectures whose system calls are allowed.
SystemCallErrorNumber Error that a forbidden system call returns instead of killing the caller.
SystemCallLog System calls and groups that are logged.
MemoryDenyWriteExecute Forbids memory that is writable and executable.
RestrictNamespaces Kinds of namespaces that the commands may make or enter; none with "yes".
RestrictRealtime Forbids real-time scheduling.
RestrictSUIDSGID Forbids setting the set-user-id and set-group-id bits of files.
RestrictAddressFamilies Families of sockets that the commands may make; "~" lists forbidden ones.
RestrictFileSystems Types of file systems that the commands may open; "~" lists forbidden ones.
LockPersonality Forbids changing the execution domain.
LimitCPU Limit of processor time that each process may use.
LimitFSIZE Limit of the size of files that are written.
LimitDATA Limit of a process's data segment.
LimitSTACK Limit of a process's stack.
LimitCORE Limit of the size of core dumps.
LimitRSS Limit of resident memory; Linux does not enforce it.
LimitNOFILE Limit of file descriptors that each process may hold open.
LimitAS Limit of the address space that each process may have.
LimitNPROC Limit of the number of processes of the user.
LimitMEMLOCK Limit of memory that a process may lock.
LimitLOCKS Limit of file locks; Linux does not enforce it.
LimitSIGPENDING Limit of queued signals of the user.
LimitMSGQUEUE Limit of bytes in message queues of the user.
LimitNICE Best nice level that a process may give itself.
LimitRTPRIO Highest real-time priority that a process may give itself.
LimitRTTIME Limit of real-time processor time without a blocking call.
ReadWriteDirectories Old name of ReadWritePaths=.
ReadOnlyDirectories Old name of ReadOnlyPaths=.
InaccessibleDirectories Old name of InaccessiblePaths=.
ReadWritePaths Paths that stay writable where others are not. One that is missing fails the start with 226/NAMESPACE, unless "-" stands in front.
ReadOnlyPaths Paths that are read-only for the unit. A missing path without "-" in front fails the start with 226/NAMESPACE.
InaccessiblePaths Paths that the unit cannot see into. If one is missing and has no "-" in front, the start fails with 226/NAMESPACE.
ExecPaths Paths below which programs may be executed, among those of NoExecPaths=.
NoExecPaths Paths below which no program may be executed.
ExecSearchPath Directories in which programs without a path are looked for.
BindPaths Paths that appear at other places for the unit. A missing source fails the start with 226/NAMESPACE, unless "-" stands in front.
BindReadOnlyPaths As BindPaths=, but read-only. A source that is not there fails the start with 226/NAMESPACE, unless "-" stands in front.
TemporaryFileSystem Paths over which an empty temporary file system is mounted for the unit.
PrivateTmp Gives the unit /tmp and /var/tmp of its own.
PrivateDevices Gives the unit a /dev with pseudo devices only.
ProtectKernelTunables Makes kernel variables in /proc and /sys read-only.
ProtectKernelModules Forbids loading and unloading kernel modules.
ProtectKernelLogs Forbids reading and writing the kernel log.
ProtectClock Forbids setting the clock.
ProtectControlGroups Makes the control group hierarchy read-only.
ProtectHostname Forbids changing the host name.
NetworkNamespacePath Network namespace to enter. If nothing stands at the path the start fails.
IPCNamespacePath IPC namespace to enter. Recent versions fail the start if nothing stands at the path.
UserNamespacePath User namespace to enter.
PrivateNetwork Gives the unit a network of its own, with a loopback interface only.
PrivateUsers Gives the unit user and group ids of its own.
PrivateMounts Keeps mounts that the unit makes from showing elsewhere.
PrivateIPC Gives the unit System V and POSIX IPC objects of its own.
PrivatePIDs Gives the unit process ids of its own.
PrivateBPF Mounts a separate BPF file system for the unit.
BPFDelegateCommands Commands of bpf(2) that the unit may use without rights of its own.
BPFDelegateMaps Types of BPF maps that the unit may make.
BPFDelegatePrograms Types of BPF programs that the unit may load.
BPFDelegateAttachments Points to which the unit may attach BPF programs.
DelegateNamespaces Kinds of namespaces that belong to the unit's own user namespace.
BindLogSockets Whether the sockets of the journal are visible below a root of its own.
ProtectSystem Makes /usr and the boot loader, with "full" /etc too and with "strict" everything, read-only.
ProtectHome Hides home directories or makes them read-only.
MountFlags How mounts spread between the unit and the rest of the system.
MountAPIVFS Mounts /proc, /sys, /dev and /run below a root of its own.
Personality Architecture that uname(2) reports to the commands.
RuntimeDirectory Directories below /run, made for the unit's user at the start and removed at the stop.
RuntimeDirectoryMode Access mode of the directories of RuntimeDirectory=.
RuntimeDirectoryPreserve Whether the directories of RuntimeDirectory= outlast a stop or a restart.
StateDirectory Directories below /var/lib, made for the unit's user at the start. An empty /var needs no other line for them.
StateDirectoryMode Access mode of the directories of StateDirectory=.
StateDirectoryAccounting Counts the disk space of the directories of StateDirectory=.
StateDirectoryQuota Limit of the disk space of the directories of StateDirectory=.
CacheDirectory Directories below /var/cache, made for the unit's user at the start, in an empty /var too.
CacheDirectoryMode Access mode of the directories of CacheDirectory=.
CacheDirectoryAccounting Counts the disk space of the directories of CacheDirectory=.
CacheDirectoryQuota Limit of the disk space of the directories of CacheDirectory=.
LogsDirectory Directories below /var/log, made for the unit's user at the start, in an empty /var as well.
LogsDirectoryMode Access mode of the directories of LogsDirectory=.
LogsDirectoryAccounting Counts the disk space of the directories of LogsDirectory=.
LogsDirectoryQuota Limit of the disk space of the directories of LogsDirectory=.
ConfigurationDirectory Directories below /etc, made at the start if missing. In an empty /etc they are empty: the configuration does not come back.
ConfigurationDirectoryMode Access mode of the directories of ConfigurationDirectory=.
SetCredential Credential with its data, ID:DATA; used if no other setting gives one of that id.
SetCredentialEncrypted As SetCredential=, with encrypted data. The key in /var does not outlive an empty /var, that of a TPM does.
LoadCredential Credential read from a file, socket or the manager, ID:PATH. If a path is missing the start fails with 243/CREDENTIALS, unless SetCredential= has the id.
LoadCredentialEncrypted As LoadCredential=, with an encrypted source. A key kept in /var/lib/systemd is lost with an empty /var.
ImportCredential Credentials of the system whose names match; none is no failure.
TimeoutCleanSec How long "systemctl clean" may take.
PAMName PAM service by which a session is opened. A stack kept in /etc only is lost: the start fails with 224/PAM.
IgnoreSIGPIPE Whether the commands ignore SIGPIPE.
UtmpIdentifier Id of the terminal entry in utmp and wtmp.
UtmpMode Kind of entry in utmp and wtmp.
SELinuxContext SELinux context of the commands.
AppArmorProfile AppArmor profile of the commands. If it is not loaded they fail with 231/APPARMOR, unless "-" stands in front.
SmackProcessLabel SMACK label of the commands.
MemoryKSM Lets the kernel merge equal memory pages of the commands.
MemoryTHP Whether the kernel gives the commands huge memory pages.
`;

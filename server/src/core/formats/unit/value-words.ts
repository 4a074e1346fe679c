/**
 * Words that settings without a keyword row of `settings/keyword.ts` take, one row a list. They were tried with
 * systemd-analyze(1) of 252, 257 and 262; `word:VERSION` came with that version, or is seen with it first.
 */

export interface ValueWordsRow {
  /** Names in every section that has them; `Condition…=` stands for `Assert…=` too. */
  readonly settings: string;
  readonly words: string;
  /** Booleans are good too. */
  readonly orBoolean?: true;
  /** Several words, with blanks between them. */
  readonly isList?: true;
  /** `~` in front turns the list round. */
  readonly mayInvert?: true;
  /** Other values than the words are good too. */
  readonly isOpen?: true;
}

const architectures =
  'alpha arc arc-be arm arm-be arm64 arm64-be cris ia64 loongarch64 m68k mips mips-le mips64 mips64-le nios2 parisc parisc64 ppc ppc-le ppc64 ppc64-le riscv32 riscv64 s390 s390x sh sh64 sparc sparc64 tilegx x86 x86-64';

export const valueWordsRows: readonly ValueWordsRow[] = [
  { settings: 'LogLevelMax', words: 'emerg alert crit err warning notice info debug', isOpen: true },
  { settings: 'IPTOS', words: 'low-delay throughput reliability low-cost', isOpen: true },
  { settings: 'BindIPv6Only', words: 'default both ipv6-only' },
  { settings: 'Timestamping', words: 'off us ns' },
  { settings: 'SocketProtocol', words: 'udplite sctp mptcp:257' },
  { settings: 'DeferTrigger', words: 'patient', orBoolean: true },
  { settings: 'IOSchedulingClass', words: 'none realtime best-effort idle' },
  { settings: 'CPUSchedulingPolicy', words: 'other batch idle fifo rr ext:262' },
  {
    settings: 'NUMAPolicy',
    words: 'default preferred bind interleave local preferred-many:262 weighted-interleave:262',
  },
  { settings: 'StandardInput', words: 'null tty tty-force tty-fail data socket fd: file:', isOpen: true },
  {
    settings: 'StandardOutput StandardError',
    words: 'inherit null tty journal kmsg journal+console kmsg+console socket file: append: truncate: fd:',
    isOpen: true,
  },
  {
    settings: 'SecureBits',
    words: 'keep-caps keep-caps-locked no-setuid-fixup no-setuid-fixup-locked noroot noroot-locked',
    isList: true,
  },
  {
    settings: 'RestrictNamespaces',
    words: 'cgroup ipc net mnt pid time user uts',
    orBoolean: true,
    isList: true,
    mayInvert: true,
  },
  {
    settings: 'DelegateNamespaces',
    words: 'cgroup ipc net mnt pid time uts',
    orBoolean: true,
    isList: true,
    mayInvert: true,
  },
  { settings: 'MountFlags', words: 'shared slave private' },
  { settings: 'OOMPolicy', words: 'continue stop kill' },
  {
    settings: 'Delegate',
    words:
      'cpu cpuset io memory pids bpf-firewall bpf-devices bpf-foreign bpf-socket-bind bpf-restrict-network-interfaces',
    orBoolean: true,
    isList: true,
  },
  { settings: 'DisableControllers', words: 'cpu cpuset io memory pids', isList: true },
  { settings: 'ManagedOOMSwap ManagedOOMMemoryPressure', words: 'auto kill' },
  { settings: 'ManagedOOMPreference', words: 'none avoid omit' },
  { settings: 'MemoryPressureWatch CPUPressureWatch IOPressureWatch', words: 'auto skip', orBoolean: true },
  { settings: 'CPUSetPartition', words: 'member root isolated' },
  { settings: 'MemoryTHP', words: 'inherit disable madvise system' },
  { settings: 'ProtectControlGroups', words: 'private:257 strict:257', orBoolean: true },
  { settings: 'ProtectHostname', words: 'private:258 private::258', orBoolean: true, isOpen: true },
  { settings: 'PrivateUsers', words: 'self:257 identity:257 full:258 managed:260', orBoolean: true },
  {
    settings: 'CoredumpFilter',
    words:
      'private-anonymous shared-anonymous private-file-backed shared-file-backed elf-headers private-huge shared-huge private-dax shared-dax default all',
    isList: true,
    isOpen: true,
  },
  { settings: 'RefreshOnReload', words: 'extensions credentials', orBoolean: true, isList: true, mayInvert: true },
  { settings: 'Personality', words: 'x86 x86-64', isOpen: true },
  {
    settings: 'SystemCallArchitectures',
    words:
      'native x86 x86-64 x32 arm arm64 loongarch64:257 mips mips-le mips64 mips64-le mips64-n32 mips64-le-n32 parisc parisc64 ppc ppc64 ppc64-le riscv64 s390 s390x',
    isList: true,
  },
  {
    settings: 'RestrictAddressFamilies',
    words:
      'none AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_ALG AF_BLUETOOTH AF_BRIDGE AF_CAN AF_KCM AF_KEY AF_MCTP AF_NFC AF_QIPCRTR AF_RDS AF_SMC AF_TIPC AF_VSOCK AF_XDP',
    isList: true,
    mayInvert: true,
    isOpen: true,
  },
  { settings: 'SystemCallErrorNumber', words: 'kill EPERM EACCES ENOSYS EUCLEAN', isOpen: true },
  { settings: 'ConditionArchitecture', words: `native ${architectures}` },
  { settings: 'ConditionFirmware', words: 'uefi device-tree device-tree-compatible( smbios-field(', isOpen: true },
  {
    settings: 'ConditionVirtualization',
    words:
      'vm container private-users none kvm amazon qemu bochs xen uml vmware oracle microsoft zvm parallels bhyve qnx acrn powervm apple sre google vm-other systemd-nspawn lxc-libvirt lxc openvz docker podman rkt wsl proot pouch container-other',
    orBoolean: true,
  },
  {
    settings: 'ConditionSecurity',
    words: 'selinux apparmor tomoyo ima smack audit uefi-secureboot tpm2 cvm:254 measured-uki:255 measured-os:261',
  },
  { settings: 'ConditionNeedsUpdate', words: '/etc /var', isOpen: true },
  {
    settings: 'ConditionControlGroupController',
    words: 'v1 v2 cpu cpuset io memory pids',
    isList: true,
    isOpen: true,
  },
  { settings: 'ConditionFirstBoot ConditionACPower', words: '', orBoolean: true },
  { settings: 'ConditionUser', words: 'root @system', isOpen: true },
  { settings: 'ConditionVersion', words: 'kernel systemd glibc', isOpen: true },
];

/** Names of capabilities(7), oldest first. systemd 252 to 262 know the same. */
export const capabilityWords =
  'CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK CAP_IPC_OWNER CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL CAP_SETFCAP CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON CAP_BPF CAP_CHECKPOINT_RESTORE';

/** Groups of system calls; each stands for many. */
export const systemCallGroupWords =
  '@system-service @aio @basic-io @chown @clock @cpu-emulation @debug @default @file-system @io-event @ipc @keyring @known @memlock @module @mount @network-io @obsolete @pkey @privileged @process @raw-io @reboot @resources @sandbox:257 @setuid @signal @swap @sync @timer';

/** Groups of file system types for `RestrictFileSystems=`; the tool that lists them came after 252. */
export const fileSystemGroupWords =
  '@basic-api @anonymous @application @auxiliary-api @common-block @historical-block @known @network @privileged-api @security @temporary';

/** Exit statuses by name. */
export const exitStatusWords =
  'SUCCESS FAILURE INVALIDARGUMENT NOTIMPLEMENTED NOPERMISSION NOTINSTALLED NOTCONFIGURED NOTRUNNING USAGE DATAERR NOINPUT NOUSER NOHOST UNAVAILABLE SOFTWARE OSERR OSFILE CANTCREAT IOERR TEMPFAIL PROTOCOL NOPERM CONFIG CHDIR NICE FDS EXEC MEMORY LIMITS OOM_ADJUST SIGNAL_MASK STDIN STDOUT CHROOT IOPRIO TIMERSLACK SECUREBITS SETSCHEDULER CPUAFFINITY GROUP USER CAPABILITIES CGROUP SETSID CONFIRM STDERR PAM NETWORK NAMESPACE NO_NEW_PRIVILEGES SECCOMP SELINUX_CONTEXT PERSONALITY APPARMOR ADDRESS_FAMILIES RUNTIME_DIRECTORY CHOWN SMACK_PROCESS_LABEL KEYRING STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY CONFIGURATION_DIRECTORY NUMA_POLICY CREDENTIALS BPF KSM:257 MEMORY_THP:262 EXCEPTION';

/**
 * What is certain in a container as systemd-nspawn makes it (systemd-nspawn(1), "Description"; the mount table of
 * nspawn-mount): which kernel paths are there, which are read-only, which capabilities are left.
 */

/** Device nodes that nspawn makes; /dev/console only with a terminal, which `-b` always has. */
const devices: ReadonlySet<string> = new Set(
  '/dev /dev/console /dev/core /dev/fd /dev/full /dev/mqueue /dev/null /dev/ptmx /dev/pts /dev/random /dev/shm /dev/stderr /dev/stdin /dev/stdout /dev/tty /dev/urandom /dev/zero'.split(
    ' ',
  ),
);

/** Devices of real hardware and of drivers that containers are not let near. */
const hardware =
  /^\/dev\/(autofs|btrfs-control|dri|hpet|input|kmsg|mem|rfkill|rtc\d*|snd|tpm\w*|tty(S|USB|ACM)?\d+|uinput|vcsa?\d*|watchdog\d*)(\/|$)/;

/** Mounted read-only (nspawn without SYSTEMD_NSPAWN_API_VFS_WRITABLE). */
const readOnly: readonly string[] = ['/proc/sys', '/sys'];

/** What may be writable all the same: network settings with a private network, the control groups. */
const writableInside: readonly string[] = ['/proc/sys/net', '/sys/fs/cgroup'];

/** What the kernel always has there. */
const always: ReadonlySet<string> = new Set(
  '/proc /proc/cmdline /proc/cpuinfo /proc/self /proc/swaps /proc/sys /proc/sys/kernel /proc/sys/net /proc/version /sys /sys/block /sys/bus /sys/class /sys/dev /sys/devices /sys/kernel'.split(
    ' ',
  ),
);

/** Whether a kernel path exists in a container; undefined: the host's kernel decides. */
export function existsInContainer(path: string): boolean | undefined {
  if (always.has(path) || devices.has(path)) return true;
  return hardware.test(path) ? false : undefined;
}

/** What is usual of kernel paths that are not certain: on a machine with an ordinary kernel, and in a container. */
const usualPaths: readonly (readonly [pattern: RegExp, machine: boolean | undefined, container: boolean])[] = [
  // Left over from a hibernation only.
  [/^\/sys\/firmware\/efi\/efivars\/./, false, false],
  // With a private network nspawn shows only parts of /sys.
  [/^\/sys\/(firmware|fs|module)(\/|$)/, undefined, false],
  [/^\/proc\/sys\/fs\/binfmt_misc(\/|$)/, true, false],
  [/^\/proc\/sys(\/|$)/, true, true],
  [/^\/sys\/kernel(\/|$)/, true, true],
];

/** The usual answer to whether a kernel path exists or is a mount point; undefined: there is none. */
export function usuallyExists(path: string, isContainer: boolean): boolean | undefined {
  const row = usualPaths.find(([pattern]) => pattern.test(path));
  return isContainer ? row?.[2] : row?.[1];
}

/** Whether a kernel path is writable in a container; undefined: not certain. */
export function isWritableInContainer(path: string): boolean | undefined {
  if (writableInside.some((other) => isAtOrBelow(path, other))) return undefined;
  if (readOnly.some((other) => isAtOrBelow(path, other))) return false;
  return isAtOrBelow(path, '/dev') ? true : undefined;
}

function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** What nspawn leaves of the capabilities by default (systemd-nspawn(1), --capability=). */
const kept: ReadonlySet<string> = new Set(
  (
    'AUDIT_CONTROL AUDIT_WRITE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_OWNER KILL LEASE LINUX_IMMUTABLE ' +
    'MKNOD NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_NICE ' +
    'SYS_PTRACE SYS_RESOURCE SYS_TTY_CONFIG'
  )
    .split(' ')
    .map((name) => `CAP_${name}`),
);

/** Those it takes away. */
const dropped: ReadonlySet<string> = new Set(
  'AUDIT_READ BLOCK_SUSPEND BPF CHECKPOINT_RESTORE IPC_LOCK MAC_ADMIN MAC_OVERRIDE PERFMON SYSLOG SYS_MODULE SYS_PACCT SYS_RAWIO SYS_TIME WAKE_ALARM'
    .split(' ')
    .map((name) => `CAP_${name}`),
);

/** Whether PID 1 of a container has a capability; undefined: it depends on options (CAP_NET_ADMIN: a private network). */
export function hasCapabilityInContainer(name: string): boolean | undefined {
  if (kept.has(name)) return true;
  return dropped.has(name) ? false : undefined;
}

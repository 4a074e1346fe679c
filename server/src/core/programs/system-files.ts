/**
 * Files that any program may come to look at through a library everybody uses. Their loss has consequences of its own, but it
 * is no evidence that a certain program will not start.
 */

/** Path → who reads it. */
export const systemFiles: ReadonlyMap<string, string> = new Map([
  ['/etc/passwd', 'getpwnam(3)'],
  ['/etc/group', 'getgrnam(3)'],
  ['/etc/shadow', 'getspnam(3)'],
  ['/etc/gshadow', 'getsgnam(3)'],
  ['/etc/nsswitch.conf', 'nsswitch.conf(5)'],
  ['/etc/host.conf', 'host.conf(5)'],
  ['/etc/hosts', 'hosts(5)'],
  ['/etc/networks', 'networks(5)'],
  ['/etc/protocols', 'protocols(5)'],
  ['/etc/services', 'services(5)'],
  ['/etc/rpc', 'rpc(5)'],
  ['/etc/ethers', 'ethers(5)'],
  ['/etc/resolv.conf', 'resolver(5)'],
  ['/etc/gai.conf', 'getaddrinfo(3)'],
  ['/etc/aliases', 'aliases(5)'],
  ['/etc/localtime', 'tzset(3)'],
  ['/etc/timezone', 'tzset(3)'],
  ['/etc/locale.conf', 'locale.conf(5)'],
  ['/etc/locale.alias', 'setlocale(3)'],
  ['/etc/ld.so.cache', 'ld.so(8)'],
  ['/etc/ld.so.conf', 'ldconfig(8)'],
  ['/etc/ld.so.preload', 'ld.so(8)'],
  ['/etc/mtab', 'getmntent(3)'],
  ['/etc/fstab', 'getfsent(3)'],
  ['/etc/shells', 'getusershell(3)'],
  ['/etc/login.defs', 'login.defs(5)'],
  ['/etc/environment', 'pam_env(8)'],
  ['/etc/pam.conf', 'pam(3)'],
  ['/etc/machine-id', 'machine-id(5)'],
  ['/etc/hostname', 'hostname(5)'],
  ['/etc/os-release', 'os-release(5)'],
  ['/etc/lsb-release', 'lsb_release(1)'],
  ['/etc/hosts.allow', 'hosts_access(5)'],
  ['/etc/hosts.deny', 'hosts_access(5)'],
  ['/etc/motd', 'motd(5)'],
  ['/etc/issue', 'issue(5)'],
  ['/var/run/utmp', 'utmp(5)'],
  ['/var/log/wtmp', 'utmp(5)'],
  ['/var/log/btmp', 'utmp(5)'],
  ['/var/log/lastlog', 'lastlog(8)'],
]);

/** Directories whose content is for everybody. */
export const systemDirectories: readonly string[] = [
  '/etc/ssl',
  '/etc/pki',
  '/etc/ca-certificates',
  '/etc/pam.d',
  '/etc/security',
  '/etc/ld.so.conf.d',
  '/etc/alternatives',
  '/etc/default',
  '/etc/skel',
  '/etc/profile.d',
  '/etc/fonts',
];

/** True for what every program may look at. */
export function isSystemPath(path: string): boolean {
  return (
    systemFiles.has(path) ||
    systemDirectories.some((directory) => path === directory || path.startsWith(`${directory}/`))
  );
}

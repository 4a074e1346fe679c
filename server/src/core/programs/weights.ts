/**
 * How much each kind of evidence counts: about the share of services that really end without such a path, as the recorded
 * boots tell and as the reasons say. A need has the weight of its best evidence; what configuration names adds up.
 *
 * "5 of 6" behind a reason: of six services in recorded boots of twelve Debian images that had lost something of this kind (no
 * factor lowered it) and that the manager itself let start, five failed. In all 226 starts that failed and 207 that did not
 * have been counted; a service in two modes counts twice.
 */

/** Needs of this weight or more are reported as likely failures. */
export const failureThreshold = 0.7;

export interface WeightRow {
  readonly weight: number;
  readonly reason: string;
}

/** Files that are gone from /etc and that the program reads. */
export const configurationWeights = {
  'shell-require': {
    weight: 0.95,
    reason: 'the script itself ends with an error if the test of the file fails (5 of 5)',
  },
  'shell-source': {
    weight: 0.95,
    reason: 'a shell ends when a file that it sources is missing (POSIX, special built-ins) (2 of 2)',
  },
  'shell-source-survives': { weight: 0.3, reason: 'bash goes on behind a missing file that it sources' },
  'shell-run': { weight: 0.95, reason: 'the script stops at the missing command (set -e, exec)' },
  'shell-run-survives': { weight: 0.5, reason: 'the script goes on behind the missing command' },
  'shell-unsure': { weight: 0.6, reason: 'the script may not come to it at all' },
  'shell-argument': { weight: 0.4, reason: 'many tools in scripts forgive a missing file' },
  option: {
    weight: 0.9,
    reason: 'a configuration file that the command line asks for with an option is not optional (15 of 16)',
  },
  argument: { weight: 0.8, reason: 'a file on the command line is nearly always opened' },
  environment: { weight: 0.65, reason: 'a variable may be there for overriding only' },
  'environment-main': {
    weight: 0.75,
    reason: 'a variable with the path of the main configuration is there for reading it',
  },
  'embedded-main': {
    weight: 0.85,
    reason:
      'a file compiled in and called like the program is its main configuration, and few start without one (27 of 29)',
  },
  'embedded-other': {
    weight: 0.5,
    reason:
      'further files are mostly optional: lists, keys, tables (8 of 10, of which most had lost their main configuration too)',
  },
  'embedded-directory': {
    weight: 0.72,
    reason: 'the program puts the path of its main configuration together from the directory (6 of 7)',
  },
  script: { weight: 0.5, reason: 'interpreted programs often test for their files first' },
  'script-main': {
    weight: 0.75,
    reason: 'as for executables, a little less because scripts test for files more often',
  },
  'own-file-unseen': {
    weight: 0.75,
    reason:
      'nobody can look into the modules of the interpreted program, but its package has such a main configuration (5 of 5)',
  },
  'own-directory-unseen': {
    weight: 0.8,
    reason: 'as nobody can look into the interpreted program: its files lie in a directory of its name (2 of 2)',
  },
  mounted: { weight: 0, reason: 'says where something is mounted only' },
  configuration: { weight: 0.4, reason: 'what configuration includes is often a pattern or optional' },
} as const satisfies Readonly<Record<string, WeightRow>>;

/** What lowers the weight of a file in /etc. */
export const configurationFactors = {
  'drop-in-directory': { weight: 0.1, reason: 'a lost drop-in directory means defaults' },
  directory: { weight: 0.35, reason: 'a directory that is named is mostly looked through, not required' },
  'never-shipped': { weight: 0.2, reason: 'the file was not there in the shipped image either, only its directory' },
  'vendor-twin': { weight: 0.5, reason: 'the same file or its drop-ins are below /usr/lib, so /etc only overrides' },
  'all-comments': { weight: 0.7, reason: 'a file of nothing but comments only shows the defaults' },
  foreign: { weight: 0.3, reason: 'files of other packages are read if they are there' },
  system: { weight: 0.05, reason: 'every program may look at it through the C library or PAM' },
  named: { weight: 0.95, reason: 'no package owns it; only its name tells whose it is' },
  opaque: { weight: 0.85, reason: 'nothing tells what kind of program this is' },
} as const satisfies Readonly<Record<string, WeightRow>>;

/** Paths below /var that are gone. */
export const stateWeights = {
  'configuration-directory': {
    weight: 0.6,
    reason: 'a program that starts as root may make the directories that its configuration names (2 of 7)',
  },
  'configuration-prepared': {
    weight: 0.8,
    reason:
      'it has an owner or group of its own in the image, so it is made once at installation, not by the program (1 of 1)',
  },
  'configuration-state': {
    weight: 0.75,
    reason: 'a file in a directory that is gone cannot be written or read (2 of 2)',
  },
  'configuration-root': { weight: 0.85, reason: 'chroot(2) does not make its directory (1 of 1)' },
  'configuration-log': {
    weight: 0.75,
    reason: 'a program that reports when it is ready opens its log before, and ends if it cannot (4 of 4)',
  },
  'configuration-log-simple': { weight: 0.6, reason: 'some programs go on without their log (0 of 2)' },
  'argument-log': { weight: 0.72, reason: 'the same, but some programs go on without their log' },
  argument: { weight: 0.75, reason: 'what the command line names is opened (3 of 3)' },
  'mounts-for': { weight: 0.6, reason: 'RequiresMountsFor= says that the service works on it' },
  'mounts-for-prepared': { weight: 0.8, reason: 'the same, and it is made once at installation' },
  'embedded-below': {
    weight: 0.75,
    reason:
      'the program opens files in a directory that its package made for it and that it does not name itself (16 of 18)',
  },
  'embedded-prepared': {
    weight: 0.72,
    reason: 'the directory belongs to an account of the daemon, so somebody else made it before (8 of 8)',
  },
  'embedded-directory': {
    weight: 0.3,
    reason: 'a program that names the directory itself mostly makes it if it can (0 of 6 that had no other reason)',
  },
  'not-creatable': {
    weight: 0.8,
    reason: "the directory belongs to the unit's user, who may not make it where only root may write (8 of 11)",
  },
  'not-creatable-foreign': {
    weight: 0.6,
    reason: 'the program may not make it, but the directory was not made for its user either (0 of 2)',
  },
  'configuration-unread': {
    weight: 0.72,
    reason:
      'its configuration is there but cannot be read, and its package made it a directory for an account of its own (4 of 4)',
  },
  'prepared-unnamed': {
    weight: 0.4,
    reason:
      'its package made it for an account of its own, but neither executable nor configuration names it (2 of 6, both for other reasons)',
  },
  'prepared-unseen': {
    weight: 0.72,
    reason: 'the same, where nobody can look into the program and it may well name it (5 of 6)',
  },
  'installed-home': {
    weight: 0.4,
    reason: 'not the package but its installation made it: mostly a home that stays empty (3 of 6, for other reasons)',
  },
  'installed-log': { weight: 0.3, reason: 'the same for logs' },
  'own-tree': {
    weight: 0.6,
    reason: 'the package ships a tree of directories, and the program does not name its root (4 of 7)',
  },
  'prepared-log': {
    weight: 0.5,
    reason: 'the same, but some programs go on without their log (6 of 6, most for other reasons)',
  },
  'prepared-group': { weight: 0.5, reason: 'only its group is of its own: for others to read along' },
  'shell-fatal': { weight: 0.75, reason: 'the script stops when the command that works on it fails (set -e) (2 of 2)' },
  file: { weight: 0.2, reason: 'files in a directory that is there are made when they are needed' },
  script: { weight: 0.3, reason: 'scripts make what they need or test for it' },
} as const satisfies Readonly<Record<string, WeightRow>>;

export const stateFactors = {
  named: {
    weight: 0.9,
    reason: 'no package owns it; only its name tells whose it is, and homes of accounts are often empty',
  },
  shared: { weight: 0.5, reason: 'several packages ship it, and it is called like another one' },
  foreign: { weight: 0.3, reason: 'directories of other packages are for working with those' },
} as const satisfies Readonly<Record<string, WeightRow>>;

/** Paths below /run that a tmpfiles.d line of the image would make and did not. */
export const runtimeWeights = {
  named: {
    weight: 0.75,
    reason: 'command line or configuration name it, and whoever wrote the line knew that it is needed',
  },
  embedded: { weight: 0.5, reason: 'many programs make their own runtime directory' },
} as const satisfies Readonly<Record<string, WeightRow>>;

/** A service that needs another one of its package to run. */
export const neededServiceWeights = {
  'same-source': { weight: 0.5, reason: 'both come from one source package, and the unit is ordered behind the other' },
  'name-extends': { weight: 0.35, reason: "its name is the other one's with something added: it is a tool for it" },
  'shares-directory': { weight: 0.4, reason: "it works in a directory that carries the other one's name" },
} as const satisfies Readonly<Record<string, WeightRow>>;

/** Accounts that the shipped image has and the rebuilt one lacks. */
export const accountWeights = {
  option: { weight: 0.95, reason: 'an account on the command line is looked up (3 of 3)' },
  configuration: { weight: 0.85, reason: 'an account that configuration names is looked up at start' },
  'own-name': {
    weight: 0.75,
    reason:
      "the package makes an account of the program's name, and the unit lets it start as root: it changes to it itself (14 of 16)",
  },
} as const satisfies Readonly<Record<string, WeightRow>>;

export const otherWeights = {
  'bus-policy': { weight: 0.9, reason: 'the bus gives no name away without a policy (dbus-daemon(1))' },
  'options-value': { weight: 0.75, reason: 'an option gets an empty argument in place of the lost value (1 of 1)' },
  options: {
    weight: 0.45,
    reason: 'most programs run without the options of /etc/default (3 of 4, all for other reasons)',
  },
} as const satisfies Readonly<Record<string, WeightRow>>;

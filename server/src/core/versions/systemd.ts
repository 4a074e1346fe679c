/**
 * Which systemd does what. Code asks for a named behaviour, never for a number, so that every difference between versions
 * stands in one table with its evidence. Verified versions: 252.39, 257.13, 262.1 (Debian builds); between them a
 * behaviour begins with the version that its manual page or NEWS names.
 */

interface BehaviourRow {
  /** First version that has it; absent: always. */
  readonly since?: number;
  /** First version that no longer has it; absent: still there. */
  readonly until?: number;
  readonly what: string;
}

/** One row a difference. `since` and `until` are systemd versions. */
export const behaviours = {
  'tmpfiles-c-escapes': { since: 253, what: 'Words of a tmpfiles.d line know the C escapes and refuse others.' },
  'tmpfiles-modifier-purge': {
    since: 257,
    what: 'The modifier `$`, without which --purge spares a line (NEWS of 257).',
  },
  'tmpfiles-modifier-conditional-link': { since: 257, what: 'The modifier `?` on L lines.' },
  'tmpfiles-graceful': { since: 254, what: 'The option --graceful.' },
  'tmpfiles-purge': { since: 256, what: 'The option --purge.' },
  'tmpfiles-copy-merge': { since: 254, what: '`C+` merges into an existing directory.' },
  'tmpfiles-refuse-argument': {
    since: 262,
    what: 'An argument on a line type that takes none drops the line (exit 65).',
  },
  'tmpfiles-type-capabilities': { since: 261, what: 'Line types k and K.' },
  'tmpfiles-age-on-remove': { since: 262, what: 'r and R lines with an age also work under --clean.' },
  'tmpfiles-os-image-specifiers': { since: 253, what: '`%A` and `%M` in tmpfiles.d.' },
  'specifier-data-directory': { since: 262, what: '`%D` (/usr/share) in tmpfiles.d (NEWS of 262).' },
  'tmpfiles-remove-honours-lines': {
    since: 256,
    what: 'R, D and purge spare what has a line of its own, sticky files, devices.',
  },
  'tmpfiles-conditional-link-trailing-slash': {
    since: 258,
    what: 'A target of `L?` that ends in a slash or a dot has to be a directory, else the line fails (not in 257, in 262).',
  },
  'tmpfiles-clean-failure-counts': {
    since: 258,
    what: 'What --clean cannot do for a line with a literal path makes the run fail (73) (not in 257, in 262).',
  },
  'tmpfiles-conditional-link-from-link': { since: 258, what: 'A relative target of `L?` is looked up from the link.' },
  'tmpfiles-copy-type-clash-fails': {
    since: 258,
    what: 'C of a directory onto a file fails (73); a dangling source link does not.',
  },
  'tmpfiles-prefixed-directories': { until: 258, what: '%S %C %L %t carry the root directory under --root.' },
  'tmpfiles-var-run-notice-offline': { since: 253, what: 'The /var/run notice is shown under --root.' },
  'tmpfiles-invalid-machine-id-refuses': {
    until: 253,
    what: 'A line whose `%m` meets a malformed machine-id counts as invalid (65); later it is only dropped.',
  },
  'simplified-path-drops-leading-parents': {
    since: 256,
    what: '`..` at the root is removed from a configured path; before, such a line fails (73).',
  },
  'safe-walk-judges-from-links': {
    until: 253,
    what: 'The owner of a relative symlink decides whether the step after it is safe.',
  },
  'tmpfiles-recursive-walks-safely': {
    since: 258,
    what: 'The types that work on whole trees reach each match by the safe rule (not in 257, in 262).',
  },
  'tmpfiles-link-replaces-by-whole-path': {
    until: 258,
    what: 'L+ over a directory makes the link by its whole path once more (in 252 and 257, not in 262).',
  },
  'tmpfiles-clean-matches-x': { since: 256, what: '--clean takes the path of an x line with an age as a pattern.' },
  'acl-conditional-execute': { since: 254, what: '`X` in ACL entries.' },
  'dangling-config-link-masks': { until: 258, what: 'A dangling link still owns its basename in a .d directory.' },
  'sysusers-locked-user': { since: 257, what: 'The type `u!`.' },
  'sysusers-root-unprovisioned': { since: 254, what: 'The shadow password of a new root is `!unprovisioned`.' },
  'sysusers-makes-etc': { since: 253, what: 'A missing /etc is made (NEWS 253).' },
  'sysusers-group-takes-user-id': { since: 257, what: 'A group created for an existing user takes that user id.' },
  'sysusers-id-path-in-root': {
    since: 258,
    what: 'The path of an id column is resolved inside the root; before, an absolute symlink led out of it.',
  },
  'sysusers-checks-shell-credential': {
    since: 258,
    what: 'An invalid passwd.shell.* credential ends the run, a valid one is simplified.',
  },
  'sysusers-keeps-stale-gshadow': {
    since: 258,
    what: 'A gshadow row of a group that is only now created stays; before, it ended the run.',
  },
  'sysusers-notices-failed-backup': {
    since: 258,
    what: 'A backup that cannot be renamed into place ends the run; before, nothing noticed it.',
  },
  'sysusers-shell-is-no-directory': { since: 254, what: '`/` is refused as a shell.' },
  'replace-needs-directory': {
    since: 258,
    what: '--replace= of a path whose directory does not exist counts as lowest priority; links to /dev/null give way.',
  },
  'paths-drop-leading-dot-dot': { since: 254, what: 'Simplifying an absolute path drops `..` at its beginning.' },
  'preset-ignore': { since: 254, what: 'Preset lines `ignore`.' },
  'upheld-by': { since: 254, what: 'UpheldBy= in [Install].' },
  'preset-dangling-alias-aborts': { until: 253, what: 'A dangling alias link in a unit directory ends preset-all.' },
  'preset-goes-on-after-failure': {
    since: 253,
    until: 258,
    what: 'A unit that cannot be judged does not end preset-all before anything is written (verified: 257 only).',
  },
  'preset-gathers-failures': {
    since: 253,
    what: 'A failed WantedBy= counts even if an Alias= of the unit has succeeded.',
  },
  'preset-replaces-dangling-alias': {
    since: 253,
    what: 'An Alias= replaces a dangling link; one that is taken is no failure of preset-all.',
  },
  'preset-alias-of-linked-unit': {
    since: 253,
    what: 'An Alias= of a linked unit points to the link in /etc, not to the file.',
  },
  'preset-exit-status-lost': {
    since: 253,
    until: 258,
    what: 'preset-all with --root returns 0 whatever happened (verified: 257 only).',
  },
  'circular-config-link-passed-over': {
    since: 258,
    what: 'A preset file or drop-in that is a link in circles is passed over, the next one of its name counts; before, it is an error.',
  },
  'offline-link-to-empty-unit-masks': {
    since: 258,
    what: 'With --root too, a link to an empty unit file is itself a mask; before, it is an alias of a masked unit.',
  },
  'install-list-all-or-nothing': {
    since: 253,
    what: 'A quote that is not closed loses the whole value of WantedBy= and the like, not only its rest.',
  },
  'preset-initrd-directory': { since: 258, what: 'In an initrd, initrd-preset directories are read instead.' },
  'unit-specifier-data-directory': { since: 256, what: '`%D` (/usr/share) in unit files.' },
  'unit-soft-reboot-action': { since: 254, what: 'The emergency actions `soft-reboot` and `soft-reboot-force`.' },
  'unit-kexec-halt-actions': { since: 255, what: 'The emergency actions `kexec…` and `halt…`.' },
  'unit-job-mode-restart-dependencies': { since: 254, what: 'The job mode `restart-dependencies`.' },
  'unit-type-notify-reload': { since: 253, what: '`Type=notify-reload`.' },
  'unit-restart-mode-debug': { since: 257, what: '`RestartMode=debug`.' },
  'unit-exec-shell-prefix': { since: 258, what: 'The prefix `|` of command lines.' },
  'unit-exec-ambient-prefix-removed': {
    since: 258,
    what: 'The prefix `!!` of command lines is ignored with a warning.',
  },
  'unit-exec-refuses-dots': { since: 253, what: 'A program whose path ends in `.` or `..` is refused.' },
  'unit-paths-drop-leading-parents': { since: 253, what: '`/../x` in a unit file is `/x`; before, it was refused.' },
  'unit-var-run-notice': {
    since: 253,
    what: 'Paths below /var/run in units give a notice (the Debian build of 252 hides it).',
  },
  'unit-private-mounts-optional': {
    since: 253,
    what: 'An empty `PrivateMounts=` sets it back; before, it was no boolean.',
  },
  'unit-swap-what-any': { since: 253, what: '`What=` of a swap unit need not be an absolute path.' },
  'unit-refuses-api-paths': {
    since: 253,
    what: 'FIFOs, message queues and pid files below /dev, /proc, /sys are refused.',
  },
  'unit-strict-names': {
    since: 262,
    what: 'Section names and programs with `*?[` are refused, and empty section names too.',
  },
  'unit-private-directories-idmapped': {
    since: 257,
    what: 'Private directories of DynamicUser= are idmapped; on disk they belong to nobody (semantics 6.3).',
  },
  'unit-pam-without-user': {
    since: 253,
    what: '`PAMName=` without `User=` opens a session of root (252 asks no PAM, 257 does).',
  },
  'unit-ipc-namespace-needed': {
    since: 253,
    what: 'A missing `IPCNamespacePath=` keeps the service from starting (not in 252, in 257).',
  },
  'unit-working-directory-without-home': {
    since: 253,
    what: '`WorkingDirectory=~` of a user without home is `/` (fails in 252, not in 257).',
  },
  'unit-directory-flags': { since: 257, what: 'Flags behind a second colon in `StateDirectory=` and its kin.' },
  'unit-resource-control-legacy-removed': {
    since: 258,
    what: 'CPUAccounting=, CPUShares=, MemoryLimit=, BlockIO…= and DefaultMemory…= have no effect.',
  },
  'unit-wants-mounts-for': {
    since: 256,
    what: 'WantsMountsFor=; RootDirectory=, RootImage= and PrivateTmp= only want the mounts they need.',
  },
  'unit-private-tmp-disconnected': { since: 257, what: '`PrivateTmp=disconnected`.' },
  'unit-dynamic-user-tmp-disconnected': {
    since: 257,
    what: "DynamicUser= implies PrivateTmp=disconnected, which needs nothing of the system's /tmp (seen on 257).",
  },
  'unit-disconnected-tmp-wants-var': {
    since: 258,
    what: 'PrivateTmp=disconnected needs /var for its mount point (systemd pull request 37271; seen on 262).',
  },
  'unit-early-private-tmp-disconnected': {
    since: 260,
    what: 'PrivateTmp=yes without default dependencies needs no /tmp of the system (systemd pull request 39790; seen on 262).',
  },
  'unit-log-namespace-sync': {
    since: 257,
    what: 'LogNamespace= also needs systemd-journald-sync@.service (seen on 257).',
  },
  'unit-oneshot-may-force-restart': {
    since: 253,
    what: 'RestartForceExitStatus= is allowed with Type=oneshot (not in 252, in 257).',
  },
  'unit-refuses-no-connections': {
    since: 253,
    what: 'MaxConnections=0 is refused without Accept=yes, too (not in 252, in 257).',
  },
  'unit-refuses-home-of-dynamic-user': {
    since: 253,
    what: 'WorkingDirectory=~ with DynamicUser=yes is refused (not in 252, in 257).',
  },
  'unit-mount-what-tags': {
    since: 253,
    what: 'What=UUID=… and the like of a mount unit imply its device (not in 252, in 257).',
  },
  'unit-masked-without-drop-ins': {
    since: 253,
    what: 'Drop-ins and dependency links of a masked unit are not read (read by 252, not by 257).',
  },
  'fstab-own-targets-only': {
    since: 253,
    what: 'x-systemd.wanted-by= and x-systemd.required-by= in fstab leave the mount without default dependencies (not in 252, in 257).',
  },
  'fstab-makes-quota-units': {
    since: 255,
    what: 'Quota services of a mount come from the fstab generator, not from the mount unit (not in 252, in 257).',
  },
  'unit-contexts-verified-first': {
    since: 253,
    what: 'PAMName= with a KillMode= that does not fit is refused before dependencies are implied (not in 252, in 257).',
  },
  'transaction-drops-refused-jobs': {
    since: 254,
    what: 'A job whose requirement cannot be queued is dropped too (systemd pull request 27852); before, it stayed.',
  },
} as const satisfies Record<string, BehaviourRow>;

export type Behaviour = keyof typeof behaviours;

/** What a distribution chose when it built systemd. */
export interface Build {
  /** Value of ID= in os-release, or `generic`. */
  readonly distribution: string;
  /** /lib/systemd and /lib/*.d are searched too, and unit links point there. */
  readonly splitUsr: boolean;
  /** Shell of accounts that may not log in. */
  readonly noLogin: string;
  /** Preferred shell of uid 0, used if it exists in the root; else /bin/sh. */
  readonly rootShell: string;
  /** Ids that automatic allocation may use, inclusive. */
  readonly systemIds: { readonly from: number; readonly to: number };
  /** First boot applies presets in full mode. */
  readonly firstBootFullPreset: boolean;
  /** Group of the account nobody. */
  readonly nobodyGroup: string;
}

/** One systemd: its version and how it was built. */
export class Systemd {
  readonly version: number;
  readonly build: Build;

  constructor(version: number, build: Build = genericBuild) {
    this.version = version;
    this.build = build;
  }

  has(behaviour: Behaviour): boolean {
    const row: BehaviourRow = behaviours[behaviour];
    return (row.since ?? 0) <= this.version && this.version < (row.until ?? Number.POSITIVE_INFINITY);
  }
}

/** The newest version that was verified; used where an image does not tell its own. */
export const newestKnownVersion = 262;

/** systemd's own meson defaults. */
export const genericBuild: Build = {
  distribution: 'generic',
  splitUsr: false,
  noLogin: '/usr/sbin/nologin',
  rootShell: '/bin/bash',
  systemIds: { from: 1, to: 999 },
  firstBootFullPreset: false,
  nobodyGroup: 'nobody',
};

/**
 * The build of a distribution, by os-release's ID and ID_LIKE, for a systemd version. Ids: where a package does not set
 * meson's `system-alloc-uid-min`, it is SYS_UID_MIN of the build system's login.defs(5).
 */
export function buildOf(ids: readonly string[], version: number): Build {
  for (const id of ids) {
    if (id === 'debian' || id === 'ubuntu') {
      // Debian built with split-usr while systemd could (NEWS: support removed in 255; verified on 252, 257 and 262).
      return { ...genericBuild, distribution: id, splitUsr: version < 255, nobodyGroup: 'nogroup' };
    }
    if (id === 'fedora' || id === 'rhel' || id === 'centos') {
      // first-boot-full-preset is an option of 252 (NEWS); Fedora's change "Preset All Systemd Units on First Boot" was made
      // for Fedora 37, and its systemd.spec, which EL 10 shares, sets it. What EL 9 (252) does was not verified.
      const firstBootFullPreset = version >= (id === 'fedora' ? 252 : 257);
      return { ...genericBuild, distribution: id, systemIds: { from: 201, to: 999 }, firstBootFullPreset };
    }
    if (id === 'openmandriva' || id === 'azurelinux') {
      return { ...genericBuild, distribution: id, firstBootFullPreset: true };
    }
    if (id === 'arch') {
      return { ...genericBuild, distribution: id, noLogin: '/usr/bin/nologin', systemIds: { from: 500, to: 999 } };
    }
  }
  return genericBuild;
}

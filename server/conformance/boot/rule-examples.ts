/**
 * How each rule is proved by boot: which boot its wrong and its right example go into, and what has to be there afterwards,
 * in the example's own names. claims.ts says how a claim is written, lay-examples.ts gives the examples names of their own.
 */

import type { BootMode } from './boot-container.ts';

/** One boot of one image. */
export interface BootSetting {
  readonly mode?: BootMode;
  /** Paths of the base that this image lacks. */
  readonly without?: readonly string[];
  readonly files?: string;
  /** True if systemd-nspawn must refuse to boot it. */
  readonly isRefused?: boolean;
}

/** Most examples stand side by side in `shared`; the others need an image that would disturb those. */
export const boots = {
  shared: {},
  // A preset that ends with "disable *".
  'catch-all': {},
  // What a system must have: PAM, os-release, the target of the boot. One image without, one with it.
  // systemd-nspawn asks for an os-release, so this one is where the boot loses it.
  'bare-bad': {
    without: ['/usr/lib/os-release', '/usr/lib/pam.d', '/usr/share/factory/etc/pam.d'],
    files: '--- /etc/os-release\nID=debian\n',
  },
  'bare-good': {},
  // Which job systemd leaves out of a circle may be any unit's.
  cycle: {},
  // One range of ids is everybody's.
  'pool-bad': {},
  'pool-good': {},
  // /etc and /var as the image ships them.
  'kept-bad': { mode: 'no' },
  'kept-good': { mode: 'no' },
  unmerged: { isRefused: true },
} as const satisfies Readonly<Record<string, BootSetting>>;

export type BootName = keyof typeof boots;

/** A rule that a boot shows. */
export interface BootedProof {
  /** What has to be true after the boot with the wrong example, and with the right one. */
  readonly bad: readonly string[];
  readonly good: readonly string[];
  /** Default: `shared` for both. */
  readonly boots?: { readonly bad: BootName; readonly good: BootName };
  /** Before systemd 253 each of the two is booted alone: a unit that cannot be enabled ends the presets of all others. */
  readonly isAloneBefore253?: boolean;
  /** Versions that the rule speaks for. */
  readonly since?: number;
  readonly until?: number;
  /** What else than its own names marks a path or a finding as the example's. */
  readonly names?: readonly string[];
  /** True if the ids in the example matter as they are. */
  readonly keepsIds?: boolean;
  /** A unit that is started when the boot is over, because only that shows it. */
  readonly started?: string;
  /** Why both sides may leave the same behind; before a version, if it is given. Claims about logs do not count then. */
  readonly alike?: { readonly until?: number; readonly reason: string };
}

/** A rule that no boot shows. */
interface Unproved {
  readonly notByBoot: string;
}

export type RuleProof = BootedProof | Unproved;

const wants = '/etc/systemd/system/multi-user.target.wants';

/** One row a rule, in the order of the registry. A test holds it against the registry. */
export const ruleProofs: Readonly<Record<string, RuleProof>> = {
  'account-home-uncreated': {
    bad: ['lantern.service starts', '/var/lib/lantern missing'],
    good: ['lantern.service starts', '/var/lib/lantern d 755 lantern:lantern'],
  },
  'adjust-line-without-creator': {
    bad: ['/var/lib/harbor missing'],
    good: ['/var/lib/harbor d 750 root:root'],
  },
  'condition-never-true': {
    bad: ['lantern.service skipped', '/etc/lantern.conf missing'],
    good: ['lantern.service starts'],
  },
  'config-file-unreadable': { bad: ['/run/lantern missing'], good: ['/run/lantern d'] },
  'configuration-lost': { bad: ['lantern.service fails 1'], good: ['lantern.service starts'] },
  'copy-destination-occupied': {
    bad: ['/etc/systemd d', '/etc/systemd/journald.conf.d/harbor.conf missing'],
    good: ['/etc/systemd/journald.conf.d/harbor.conf f'],
  },
  'credential-source-missing': { bad: ['lantern.service fails 243'], good: ['lantern.service starts'] },
  'dbus-policy-user-undeclared': {
    bad: ['log Unknown username "lantern" in message bus configuration file'],
    good: ['no log Unknown username "lantern"'],
    started: 'dbus.service',
  },
  'early-unit-before-sysusers': {
    bad: ['lantern.service fails 217', 'user lantern'],
    good: ['lantern.service starts', 'user lantern'],
  },
  'early-unit-before-tmpfiles': {
    bad: ['lantern.service fails 200', '/var/lib/lantern d'],
    good: ['lantern.service starts', '/var/lib/lantern d'],
  },
  'enablement-only-in-etc': {
    boots: { bad: 'catch-all', good: 'catch-all' },
    names: ['/90-default.preset'],
    bad: ['mooring.service not started', `${wants}/mooring.service missing`],
    good: ['mooring.service starts', `${wants}/mooring.service links mooring.service`],
  },
  'environment-file-missing': { bad: ['lantern.service fails resources'], good: ['lantern.service starts'] },
  'etc-essential-unprovided': {
    boots: { bad: 'bare-bad', good: 'bare-good' },
    names: ['/etc/pam.d/login', '/pam.d', '/tmpfiles.d/pam.conf'],
    bad: ['/etc/pam.d/login missing'],
    good: ['/etc/pam.d/login f'],
  },
  'executable-missing': { bad: ['lantern.service fails 203'], good: ['lantern.service starts'] },
  'factory-link-dangling': {
    bad: ['/etc/harbor.conf leads nowhere'],
    good: ['/etc/harbor.conf leads to f'],
  },
  'factory-link-loop': {
    bad: ['/etc/harbor.conf leads in a circle'],
    good: ['/etc/harbor.conf leads to f'],
  },
  'factory-source-missing': { bad: ['/etc/harbor missing'], good: ['/etc/harbor/tide.conf f'] },
  'floating-id-in-usr': { bad: ['group lantern is not 120'], good: ['group lantern is 120'] },
  'floating-id-owns-state': { notByBoot: 'it shows at the next update only, with a /var that is kept' },
  'generator-input-lost': {
    until: 260,
    bad: ['lantern.service not there'],
    good: ['lantern.service starts'],
  },
  'golden-identity-leak': { notByBoot: 'it compares machines that are made from one image, not boots' },
  'implicit-parent-root-owned': {
    bad: ['/var/lib/harbor d 755 root:root'],
    good: ['/var/lib/harbor d 755 12:12'],
  },
  'install-setting-rejected': {
    isAloneBefore253: true,
    bad: ['/etc/systemd/system/light.socket missing'],
    good: ['/etc/systemd/system/light.service links lantern.service'],
  },
  'link-destination-occupied': {
    boots: { bad: 'kept-bad', good: 'kept-good' },
    bad: ['/etc/harbor.conf f'],
    good: ['/etc/harbor.conf links harbor.conf'],
  },
  'machine-id-populated': {
    boots: { bad: 'kept-bad', good: 'kept-good' },
    names: ['/etc/machine-id'],
    bad: ['machine id is 5f1c0de05f1c0de05f1c0de05f1c0de0'],
    good: ['machine id is not 5f1c0de05f1c0de05f1c0de05f1c0de0'],
  },
  'mount-point-uncreatable': {
    bad: ['usr-share-lantern.mount fails'],
    good: ['usr-share-lantern.mount starts'],
  },
  'needs-update-hygiene': {
    // Debian's 252 has no systemd-update-done.service.
    since: 253,
    bad: ['lantern-cache.service skipped'],
    good: ['lantern-cache.service starts'],
  },
  'ordering-cycle': {
    boots: { bad: 'cycle', good: 'cycle' },
    bad: ['lantern.service not started'],
    good: ['lantern.service starts'],
  },
  'pam-stack-missing': {
    boots: { bad: 'bare-bad', good: 'bare-good' },
    names: ['/tmpfiles.d/pam.conf'],
    bad: ['lantern.service fails 224'],
    good: ['lantern.service starts', '/etc/pam.d/lantern f'],
  },
  'passwd-entry-without-sysusers': {
    bad: ['no user lantern', 'no group lantern'],
    good: ['user lantern is 106', 'group lantern is 106'],
  },
  'preset-alias-collision': {
    isAloneBefore253: true,
    bad: ['/etc/systemd/system/light.service l'],
    good: ['/etc/systemd/system/light.service links lantern.service'],
    alike: { reason: 'which of the two gets the name is chance' },
  },
  'preset-dangling-reference': {
    bad: ['moorings.socket not there', 'mooring.service starts'],
    good: ['mooring.socket starts', 'mooring.service starts'],
  },
  'preset-line-rejected': {
    bad: ['mooring.service starts', `${wants}/mooring.service links mooring.service`],
    good: ['mooring.service not started', `${wants}/mooring.service missing`],
  },
  'preset-template-without-instance': {
    bad: ['lantern@north.service not started', `${wants}/lantern@north.service missing`],
    good: ['lantern@north.service starts', 'lantern@south.service starts'],
  },
  'preset-unit-not-installable': {
    bad: ['mooring.service not started', `${wants}/mooring.service missing`],
    good: ['mooring.service starts', `${wants}/mooring.service links mooring.service`],
  },
  'preset-verdict-surprise': {
    boots: { bad: 'shared', good: 'catch-all' },
    names: ['/90-default.preset'],
    bad: ['mooring.service starts'],
    good: ['mooring.service not started'],
  },
  'program-account-lost': { bad: ['lantern.service fails 1'], good: ['lantern.service starts'] },
  'program-path-lost': { bad: ['lantern.service fails 2'], good: ['lantern.service starts'] },
  'required-unit-missing': {
    // Before, the job of such a unit is kept (behaviour transaction-drops-refused-jobs).
    since: 254,
    bad: ['lantern.service not started', 'wick.service not there'],
    good: ['lantern.service starts', 'wick.service not there'],
  },
  'socket-owner-undeclared': {
    bad: ['lantern.socket fails exit-code'],
    good: ['lantern.socket starts', '/run/lantern.sock s 666 root:lamps'],
  },
  'start-path-missing': { bad: ['lantern.service fails 226'], good: ['lantern.service starts'] },
  'suppression-unused': { notByBoot: 'it is about comments, which systemd does not read' },
  'sysusers-conflicting-line': {
    bad: ['user lantern is 900', "log Conflict with earlier configuration for user 'lantern'"],
    good: ['user lantern is 900', "no log Conflict with earlier configuration for user 'lantern'"],
  },
  'sysusers-feature-too-new': { bad: ['no user lantern'], good: ['user lantern'] },
  'sysusers-id-path-missing': { bad: ['user lantern is not 900'], good: ['user lantern is 900'] },
  'sysusers-id-taken': {
    bad: ['user lantern is 900', 'user tide is not 900'],
    good: ['user lantern is 900', 'user tide is 901'],
  },
  'sysusers-line-rejected': { bad: ['no user lantern'], good: ['user lantern'] },
  'sysusers-pool-exhausted': {
    boots: { bad: 'pool-bad', good: 'pool-good' },
    keepsIds: true,
    bad: ['no group tide'],
    good: ['group lantern', 'group tide'],
  },
  'sysusers-primary-group-missing': { bad: ['no user lantern'], good: ['user lantern', 'group harbor is 900'] },
  'sysusers-shadow-stale': {
    // Since then the row stays and does no harm (behaviour sysusers-keeps-stale-gshadow).
    until: 258,
    boots: { bad: 'kept-bad', good: 'kept-good' },
    bad: ['no user lantern', 'no group lantern'],
    good: ['user lantern', 'group lantern is 900'],
  },
  'tmpfiles-acl-principal-unknown': {
    bad: ['/var/log/harbor d', 'log Failed to parse ACL "u:lantern:r-x"'],
    good: ['/var/log/harbor d', 'no log Failed to parse ACL "u:lantern:r-x"'],
  },
  'tmpfiles-defeats-state-reown': { notByBoot: 'it shows at the next update only, with a /var that is kept' },
  'tmpfiles-feature-too-new': { bad: ['/var/lib/lantern missing'], good: ['/var/lib/lantern d'] },
  'tmpfiles-glob-in-create-line': {
    bad: ['/run/harbor/*/boats d'],
    good: ['/run/harbor/north/boats d', '/run/harbor/* missing'],
  },
  'tmpfiles-legacy-var-run': {
    bad: ['/run/lantern d', 'log updating /var/run/lantern'],
    good: ['/run/lantern d', 'no log updating /var/run/lantern'],
    alike: { until: 253, reason: "Debian's 252 hides the notice" },
  },
  'tmpfiles-line-rejected': { bad: ['/run/lantern missing'], good: ['/run/lantern d 700'] },
  'tmpfiles-owner-unresolvable': { bad: ['/run/lantern missing'], good: ['/run/lantern d 750 root:lantern'] },
  'tmpfiles-readonly-target': {
    bad: ['log "/usr/local/harbor": Read-only file system'],
    good: ['/var/lib/harbor d'],
  },
  'tmpfiles-shadowed-line': {
    names: ['/10-base.conf'],
    bad: ['/run/lantern d 755'],
    good: ['/run/lantern d 700'],
  },
  'tmpfiles-specifier-unresolved': {
    boots: { bad: 'bare-bad', good: 'bare-good' },
    names: ['/usr/lib/os-release'],
    bad: ['/var/lib/lantern-debian missing', '/var/lib/lantern- missing'],
    good: ['/var/lib/lantern-harbor d'],
  },
  'tmpfiles-type-clash': { bad: ['/run/harbor f'], good: ['/run/harbor/boats d'] },
  'tmpfiles-unsafe-transition': {
    bad: ['/var/lib/harbor/boats/small/list missing'],
    good: ['/var/lib/harbor/boats/small/list f'],
  },
  'udev-owner-undeclared': { notByBoot: 'a container has no udev' },
  'unit-group-undeclared': { bad: ['lantern.service fails 216'], good: ['lantern.service starts'] },
  'unit-not-loadable': { bad: ['lantern.service not loaded'], good: ['lantern.service starts'] },
  'unit-symlink-dangling': {
    isAloneBefore253: true,
    bad: ['light.service not there'],
    good: ['lantern.service not started'],
  },
  'unit-user-undeclared': { bad: ['lantern.service fails 217'], good: ['lantern.service starts'] },
  'usr-not-merged': {
    boots: { bad: 'unmerged', good: 'shared' },
    names: ['/bin', '/usr/bin'],
    bad: ['refused'],
    good: ['/bin l'],
  },
  'var-content-uncovered': {
    bad: ['mooring.service fails 200', '/var/lib/mooring/charts missing'],
    good: ['mooring.service starts', '/var/lib/mooring/charts d'],
  },
  'var-regular-file-shipped': {
    bad: ['/var/lib/mooring d', '/var/lib/mooring/quays.txt missing'],
    good: ['/var/lib/mooring/quays.txt f'],
  },
  'vendor-config-in-etc': { bad: ['/run/lantern missing'], good: ['/run/lantern d'] },
  'vendor-file-replaced': { bad: ['/var/lib/lantern missing'], good: ['/var/lib/lantern d'] },
  'well-known-alias-unprovided': {
    boots: { bad: 'bare-bad', good: 'bare-good' },
    names: ['/default.target', '/graphical.target', '/display-manager.service'],
    bad: ['/etc/systemd/system/display-manager.service missing', 'lightship.service not started'],
    good: ['/etc/systemd/system/display-manager.service links lightship.service', 'lightship.service starts'],
  },
};

/**
 * Which contents of an archive are kept in memory. Names, types, rights and sizes of all members are; of the contents only
 * those that a boot's configuration can be made of, or that a `C` line could copy:
 *
 * 1. configuration (`/etc`, systemd's directories, `*.d` directories of /usr/lib, the factory, dbus, PAM, polkit, package
 *    databases): files up to 1 MiB, package databases up to 16 MiB;
 * 2. documentation, translations, caches, kernel modules, language libraries: nothing;
 * 3. everything else: files up to 128 KiB.
 *
 * ELF programs are never kept. Both kept classes have a budget; what is over it is unknown, not empty.
 */

type ContentClass = 'configuration' | 'package-database' | 'bulk' | 'other';

export const contentLimits: Readonly<Record<ContentClass, number>> = {
  configuration: 1024 * 1024,
  'package-database': 16 * 1024 * 1024,
  bulk: 0,
  other: 128 * 1024,
};

/** Bytes of all contents of a class together. */
export const contentBudgets: Readonly<Record<ContentClass, number>> = {
  configuration: 64 * 1024 * 1024,
  'package-database': 64 * 1024 * 1024,
  bulk: 0,
  other: 48 * 1024 * 1024,
};

const CONFIGURATION = [
  'etc/',
  'run/',
  'usr/etc/',
  'usr/lib/systemd/',
  'usr/lib/os-release',
  'usr/lib/pam.d/',
  'usr/share/factory/',
  'usr/share/dbus-1/',
  'usr/share/polkit-1/',
  'usr/share/pam-configs/',
  'usr/share/user-tmpfiles.d/',
  'usr/local/lib/systemd/',
];

const PACKAGE_DATABASES = ['var/lib/dpkg/', 'var/lib/pacman/local/', 'usr/lib/sysimage/'];

const BULK = [
  'usr/share/doc/',
  'usr/share/fonts/',
  'usr/share/help/',
  'usr/share/i18n/',
  'usr/share/icons/',
  'usr/share/info/',
  'usr/share/javascript/',
  'usr/share/locale/',
  'usr/share/man/',
  'usr/share/mime/',
  'usr/share/themes/',
  'usr/share/zoneinfo/',
  'usr/include/',
  'usr/src/',
  'usr/lib/firmware/',
  'usr/lib/locale/',
  'usr/lib/modules/',
  'usr/lib/node_modules/',
  'usr/lib/debug/',
  'var/cache/',
  'var/lib/apt/',
];

const LANGUAGE_LIBRARY =
  /^usr\/(?:local\/)?(?:lib|lib64|share)\/(?:python|perl|ruby|gcc|x86_64-linux-gnu\/perl|go|rustlib)/;
const CONFIGURATION_DIRECTORY = /^usr\/(?:local\/)?lib\/[^/]+\.d\//;

/** The class of a file by its path, without a slash in front. A root whose /lib is a directory counts as merged. */
export function contentClassOf(path: string): ContentClass {
  const merged = path.startsWith('lib/') ? `usr/${path}` : path;
  if (PACKAGE_DATABASES.some((prefix) => merged.startsWith(prefix))) return 'package-database';
  if (CONFIGURATION.some((prefix) => merged.startsWith(prefix)) || CONFIGURATION_DIRECTORY.test(merged)) {
    return 'configuration';
  }
  return BULK.some((prefix) => merged.startsWith(prefix)) || LANGUAGE_LIBRARY.test(merged) ? 'bulk' : 'other';
}

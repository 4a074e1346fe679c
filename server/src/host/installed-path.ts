/**
 * Where packaging installs a loose file of a source repository, by its name and the directories it lies in: what
 * debhelper, RPM macros and build systems make of it. Tables; the content is looked at only to tell units from other
 * files with the same suffix.
 */

interface LooseFile {
  /** Directories from the repository's top, and the file's name. */
  readonly directories: readonly string[];
  readonly name: string;
  /** Text of the file; called only if the name alone does not decide. */
  readonly text: () => string | undefined;
}

export interface RepositoryNames {
  /** Name of what is built, for files that are named by their kind alone (`sysusers.conf`, `debian/service`). */
  readonly main: string;
  /** Binary packages of debian/control. */
  readonly packages: readonly string[];
}

const UNIT = /^[\w:.\\@-]+\.(?:service|socket|mount|automount|swap|target|path|timer|slice)$/;
const UNIT_DIRECTORY = /\.(?:service|socket|mount|automount|swap|target|path|timer|slice)\.d$/;
const UNIT_SECTION = /^\[(?:Unit|Service|Socket|Mount|Automount|Swap|Path|Timer|Slice|Install)\]/m;
const BARE_UNIT = /^@?\.?(?:service|socket|mount|automount|target|path|timer)$/;

/** Suffixes of files that a build step fills in; the name without it is what gets installed. */
const TEMPLATE_SUFFIX = /(?:\.in|\.j2|\.jinja2?|\.tmpl|\.template|\.tpl|\.erb|\.m4|\.cmake)+$/;

const USER_DIRECTORIES = new Set([
  'user',
  'systemd-user',
  'user-units',
  'user-preset',
  'user-tmpfiles.d',
  'system-user',
]);

interface ListKind {
  /** Directory below /usr/lib, which also marks files inside a directory of that name. */
  readonly directory: string;
  /** The part of a name that marks the kind: `foo.tmpfiles`, `foo-tmpfiles.conf`, `tmpfiles-foo.conf`, `tmpfiles.conf`. */
  readonly word: string;
}

const listKinds: readonly ListKind[] = [
  { directory: 'tmpfiles.d', word: 'tmpfiles?' },
  { directory: 'sysusers.d', word: 'sysusers?' },
];

/** The absolute path inside the image; undefined for files that are not installed as system configuration. */
export function installedPath(file: LooseFile, names: RepositoryNames): string | undefined {
  const name = file.name.replace(TEMPLATE_SUFFIX, '');
  const parent = file.directories.at(-1) ?? '';
  if (file.directories.some((directory) => USER_DIRECTORIES.has(directory)) || /\.user(?:\.|$)/.test(name)) {
    return undefined;
  }
  if (name.endsWith('.preset')) return `/usr/lib/systemd/system-preset/${name}`;
  for (const kind of listKinds) {
    const installed = listName(kind, name, parent, names);
    if (installed !== undefined) return `/usr/lib/${kind.directory}/${installed}`;
  }
  if (UNIT_DIRECTORY.test(parent)) {
    return name.endsWith('.conf') ? `/usr/lib/systemd/system/${parent}/${name}` : undefined;
  }
  const unit = unitName(name, parent, names);
  if (unit === undefined) return undefined;
  const text = file.text();
  if (text === undefined) return undefined;
  if (/^\[D-BUS Service\]/m.test(text)) {
    // Session services have neither a user nor a unit.
    return /^(?:User|SystemdService)=/m.test(text) ? `/usr/share/dbus-1/system-services/${name}` : undefined;
  }
  return UNIT_SECTION.test(text) ? `/usr/lib/systemd/system/${unit}` : undefined;
}

function listName(kind: ListKind, name: string, parent: string, names: RepositoryNames): string | undefined {
  const { word } = kind;
  if (parent === kind.directory) return name.endsWith('.conf') ? name : undefined;
  if (new RegExp(`^${word}(?:\\.conf)?$`).test(name)) {
    return parent === 'debian' || name.endsWith('.conf') ? `${names.main}.conf` : undefined;
  }
  const ending = new RegExp(`^(.+)[.-]${word}(?:\\.conf|\\.d)?$`).exec(name)?.[1];
  // A name without a dot, `foo-tmpfiles`, is more likely a program.
  if (ending !== undefined && name !== `${ending}-${name.slice(ending.length + 1).split('.')[0]}`) {
    return `${parent === 'debian' ? withoutPackage(ending, names) : ending}.conf`;
  }
  const start = new RegExp(`^${word}[.-](.+)\\.conf$`).exec(name)?.[1];
  return start === undefined ? undefined : `${start}.conf`;
}

function unitName(name: string, parent: string, names: RepositoryNames): string | undefined {
  if (parent === 'debian' && BARE_UNIT.test(name)) {
    return name.startsWith('@') || name.startsWith('.') ? `${names.main}${name}` : `${names.main}.${name}`;
  }
  if (!UNIT.test(name)) return undefined;
  return parent === 'debian' ? withoutPackage(name, names) : name;
}

/** debhelper installs `PACKAGE.NAME.service` as `NAME.service` (dh_installsystemd(1), --name). */
function withoutPackage(name: string, names: RepositoryNames): string {
  for (const packageName of names.packages) {
    const rest = name.startsWith(`${packageName}.`) ? name.slice(packageName.length + 1) : '';
    if (rest.includes('.')) return rest;
  }
  return name;
}

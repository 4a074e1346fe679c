// Writes server/src/host/base.generated.ts, the bundled base that source repositories are laid over, from a root with
// nothing but systemd and what it needs: `node scripts/generate-base.mjs ROOT`. Only facts are taken (names, dependencies,
// conditions, programs, ids, modes) and put down in the smallest form: no comments, descriptions, hardening or prose.
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

const [root] = process.argv.slice(2);
if (root === undefined) {
  console.error('usage: generate-base.mjs ROOT');
  process.exit(2);
}

/** Units of other packages, which a system need not have, and those of initrds, capsules and measured boots. */
const foreignUnits =
  /^(apt-|dpkg-|e2scrub|man-db|logrotate|fstrim|cron|capsule|systemd-pcr|systemd-tpm2|usb-gadget|systemd-bsod)|initrd|factory-reset/;
/** Ordering against these says only how a system goes down. */
const shutdownUnits = new Set(['shutdown.target', 'umount.target', 'initrd-switch-root.target', 'final.target']);
const foreignFiles = new Set(['debian.conf', 'libselinux1.conf', 'passwd.conf', '20-systemd-shell-extra.conf']);

/** Keys that decide whether and when a unit runs, what it needs and what it makes. */
const keptKeys = new RegExp(
  [
    'After|Before|Requires|Requisite|Wants|BindsTo|PartOf|Upholds|Conflicts|RequiresMountsFor|WantsMountsFor|OnFailure',
    'DefaultDependencies|Condition\\w+|Assert\\w+|WantedBy|RequiredBy|UpheldBy|Alias|Also|DefaultInstance',
    'Type|ExecStart|RemainAfterExit|BusName|User|Group|DynamicUser|Sockets|PAMName|EnvironmentFile|WorkingDirectory',
    '(Runtime|State|Cache|Logs|Configuration)Directory|RuntimeDirectoryPreserve|Listen\\w+|Service|Symlinks',
    'On\\w+Sec|OnCalendar|Unit|Path(Exists|ExistsGlob|Changed|Modified)|DirectoryNotEmpty|MakeDirectory|What|Where',
  ]
    .map((keys) => `^(${keys})$`)
    .join('|'),
);
/** Keys whose values add up, so that several lines can be written as one. */
const listKeys =
  /^(After|Before|Requires|Requisite|Wants|BindsTo|PartOf|Upholds|Conflicts|WantedBy|RequiredBy|Alias|Also)$/;

function reduceUnit(text) {
  const sections = new Map();
  let section = '';
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    if (trimmed.startsWith('[')) {
      section = trimmed;
      continue;
    }
    const equals = trimmed.indexOf('=');
    const key = trimmed.slice(0, equals);
    if (equals === -1 || !keptKeys.test(key)) continue;
    const value = trimmed
      .slice(equals + 1)
      .replace(/\s+/g, ' ')
      .trim();
    const keys = sections.get(section) ?? new Map();
    sections.set(section, keys);
    const values = keys.get(key) ?? [];
    keys.set(key, values);
    // Arguments of programs do not matter to any check.
    values.push(key === 'ExecStart' ? value.split(' ')[0] : value);
  }
  let result = '';
  for (const [name, keys] of sections) {
    result += `${name}\n`;
    for (const [key, values] of keys) {
      const words = values.join(' ').split(' ');
      const lines = listKeys.test(key) ? [words.filter((word) => !shutdownUnits.has(word)).join(' ')] : values;
      for (const value of lines) if (value !== '') result += `${key}=${value}\n`;
    }
  }
  return result;
}

/** Lines without comments, columns one blank apart; the free text of the fourth sysusers column is left out. */
function reduceLines(text, isSysusers) {
  let result = '';
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const words = trimmed.match(/"[^"]*"|\S+/g) ?? [];
    if (isSysusers && words.length > 3) words[3] = '-';
    while (words.length > 2 && words.at(-1) === '-') words.pop();
    result += `${words.join(' ')}\n`;
  }
  return result;
}

const entries = [];
function add(path, take) {
  const stats = lstatSync(root + path);
  if (stats.isSymbolicLink()) entries.push(`@${path} ${readlinkSync(root + path)}\n`);
  else if (stats.isFile()) entries.push(`=${path}\n${take(readFileSync(root + path, 'utf8'))}`);
}

for (const path of ['/bin', '/lib', '/lib64', '/sbin']) add(path, () => '');
const units = '/usr/lib/systemd/system';
for (const name of readdirSync(root + units).sort()) {
  const path = `${units}/${name}`;
  if (foreignUnits.test(name)) continue;
  if (!lstatSync(root + path).isDirectory()) add(path, reduceUnit);
  else if (/\.(wants|requires|d)$/.test(name)) {
    for (const entry of readdirSync(root + path).sort()) {
      if (!foreignUnits.test(entry)) add(`${path}/${entry}`, reduceUnit);
    }
  }
}
for (const [directory, isSysusers] of [
  ['/usr/lib/sysusers.d', true],
  ['/usr/lib/tmpfiles.d', false],
]) {
  for (const name of readdirSync(root + directory).sort()) {
    if (name.endsWith('.conf') && !foreignFiles.has(name)) {
      add(`${directory}/${name}`, (text) => reduceLines(text, isSysusers));
    }
  }
}
// What systemd itself looks for; the content stays unknown.
const programs = [
  '/usr/lib/os-release',
  '/usr/bin/bash',
  '/usr/bin/sh',
  '/usr/sbin/nologin',
  '/usr/bin/true',
  '/usr/bin/false',
];
for (const path of programs) entries.push(`?${path}\n`);

const text = entries.join('').replaceAll(`${units}/`, '~');
const escaped = text.replace(/[\\`$]/g, '\\$&');
writeFileSync(
  'server/src/host/base.generated.ts',
  `// Generated by scripts/generate-base.mjs. Lines: \`@link target\`, \`=file\` with its content below, \`?file\` of unknown content; ~ is ${units}/.\nexport const baseEntries = \`${escaped}\`;\n`,
);
console.log(`${entries.length} entries, ${text.length} characters`);

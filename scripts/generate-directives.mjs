// Writes server/src/core/formats/unit/directives.generated.ts from the lists that systemd itself prints.
//
//   node scripts/generate-directives.mjs LISTS [MANUALS]
//
// LISTS is a directory of files systemd-VERSION.txt, each the output of that version's
// `systemd --dump-configuration-items`. MANUALS is the directory man/ of a systemd source tree; from it only the numbers
// "added in version" are read, which tell when a setting came that the lists first show in a later version.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [lists, manuals] = process.argv.slice(2);
if (lists === undefined) {
  console.error('usage: node scripts/generate-directives.mjs LISTS [MANUALS]');
  process.exit(2);
}

const versions = readdirSync(lists)
  .map((name) => /^systemd-(\d+)\.txt$/.exec(name)?.[1])
  .filter((version) => version !== undefined)
  .map(Number)
  .sort((a, b) => a - b);
const oldest = versions[0];
const newest = versions.at(-1);

/** Section → name → { type, seen: versions that list it }. */
const sections = new Map();
for (const version of versions) {
  let section;
  for (const line of readFileSync(join(lists, `systemd-${version}.txt`), 'utf8').split('\n')) {
    const header = /^\[(.+)\]$/.exec(line);
    if (header !== null) {
      section = sections.get(header[1]) ?? new Map();
      sections.set(header[1], section);
      continue;
    }
    const equals = line.indexOf('=');
    if (equals === -1) continue;
    const name = line.slice(0, equals);
    const item = section.get(name) ?? { type: '', seen: [] };
    item.type = line.slice(equals + 1);
    item.seen.push(version);
    section.set(name, item);
  }
}

// Which group of settings a name belongs to follows from the sections that share it.
const inAll = (name, ...wanted) => wanted.every((section) => sections.get(section)?.has(name));
const groups = new Map([...sections.keys()].map((section) => [section, new Map()]));
for (const group of ['exec', 'kill', 'resource-control']) groups.set(group, new Map());
for (const [section, items] of sections) {
  for (const [name, item] of items) {
    let group = section;
    if (section !== 'Unit' && section !== 'Install' && inAll(name, 'Service', 'Socket', 'Mount', 'Swap')) {
      if (inAll(name, 'Slice')) group = 'resource-control';
      else if (inAll(name, 'Scope')) group = 'kill';
      // TimeoutSec= is a setting of its own in each of the four.
      else if (name !== 'TimeoutSec') group = 'exec';
    }
    groups.get(group).set(name, item);
  }
}

const pages = { Unit: 'unit', Install: 'unit', exec: 'exec', kill: 'kill', 'resource-control': 'resource-control' };
const added = manuals === undefined ? () => [] : addedIn(manuals);

/** A function from a group and a name to the version numbers that the manual page gives for the setting. */
function addedIn(directory) {
  const read = new Map();
  return (group, name) => {
    const page = `systemd.${pages[group] ?? group.toLowerCase()}.xml`;
    if (!read.has(page)) read.set(page, readFileSync(join(directory, page), 'utf8').split('<varlistentry'));
    const entries = read.get(page).filter((entry) => entry.includes(`<term><varname>${name}=`));
    return entries.flatMap((entry) => [...entry.matchAll(/xpointer="v(\d+)"/g)].map((match) => Number(match[1])));
  };
}

const types = [
  ...new Set([...groups.values()].flatMap((items) => [...items.values()].map((item) => item.type))),
].sort();

/** `Name,type[,since[,last]]`; since is empty for settings that the oldest list has. */
function encode(group, name, item) {
  const first = item.seen[0];
  const before = versions[versions.indexOf(first) - 1] ?? oldest;
  let since = '';
  if (first !== oldest) {
    const told = added(group, name).filter((version) => version > before && version <= first);
    // Where the manual does not tell, the earliest version that may have it: a setting is not called unknown on a guess.
    since = String(told.length === 0 ? before + 1 : Math.min(...told));
  }
  const last = item.seen.at(-1) === newest ? '' : String(item.seen.at(-1));
  return `${name},${types.indexOf(item.type)}${last !== '' ? `,${since},${last}` : since !== '' ? `,${since}` : ''}`;
}

const lines = [...groups].map(([group, items]) => {
  const text = [...items].map(([name, item]) => encode(group, name, item)).join(' ');
  return `  ${JSON.stringify(group)}: ${JSON.stringify(text)},`;
});

writeFileSync(
  new URL('../server/src/core/formats/unit/directives.generated.ts', import.meta.url),
  `// Generated from the lists of systemd ${versions.join(', ')}; do not edit.
// To regenerate: node scripts/generate-directives.mjs LISTS [MANUALS] (the script says what these are).

/** The oldest version with a list: a setting without \`since\` came with it or before. */
export const oldestListed = ${oldest};

/** Value types as systemd names them; settings refer to them by index. */
export const directiveTypes = ${JSON.stringify(types.join('|'))};

/** Settings by group: \`Name,type[,since[,last]]\`, separated by blanks. */
export const directiveGroups = {
${lines.join('\n')}
};
`,
);

/**
 * systemd-sysv-generator(8): services for init scripts in /etc/init.d that have no unit of their own (removed in 260). The
 * headers of the scripts give the order, the links in /etc/rcN.d say what starts.
 */

import { escapeUnitName, parseUnitName } from '../../formats/unit/settings/unit-name.ts';
import { findFragment, readUnitNames } from '../../layering/unit-files.ts';
import { compareBytes, decodeText } from '../../text/bytes.ts';
import { joinPath } from '../../tree/tree.ts';
import { type GeneratorRun, type GeneratorVerdict, nothing, replayed } from './generator-output.ts';

const scriptDirectory = '/etc/init.d';

/** Runlevels that start something, in the generator's order, and the targets that stand for them. */
const runlevels: readonly (readonly [string, string])[] = [
  ['rc1.d', 'rescue.target'],
  ['rc2.d', 'multi-user.target'],
  ['rc3.d', 'multi-user.target'],
  ['rc4.d', 'multi-user.target'],
  ['rc5.d', 'graphical.target'],
];

/** The facilities of the LSB and the units that stand for them; empty: always there. */
const facilities: Readonly<Record<string, string>> = {
  'boot.localfs': '',
  localhost: '',
  $local_fs: '',
  $network: 'network-online.target',
  $named: 'nss-lookup.target',
  $portmap: 'rpcbind.target',
  $remote_fs: 'remote-fs.target',
  $syslog: '',
  $time: 'time-sync.target',
};

interface Script {
  readonly name: string;
  readonly path: string;
  readonly before: string[];
  readonly after: string[];
  readonly wants: string[];
  readonly wantedBy: string[];
  readonly aliases: string[];
  description: string;
  pidFile: string | undefined;
  hasHeader: boolean;
  reloads: boolean;
  priority: number | undefined;
}

export function runSysv({ tree, inputs, output }: GeneratorRun): GeneratorVerdict {
  const directory = tree.lookup(scriptDirectory);
  if (directory?.type !== 'directory') return nothing('there is no /etc/init.d');
  const native = readUnitNames(tree, inputs);
  const scripts = new Map<string, Script>();
  for (const file of directory.names().sort(compareBytes)) {
    const path = joinPath(scriptDirectory, file);
    const inode = tree.lookup(path);
    if (inode?.type !== 'file' || (inode.mode !== undefined && (inode.mode & 0o100) === 0)) continue;
    const name = serviceName(file);
    if (name === undefined || scripts.has(name)) continue;
    // A masked unit is a unit too.
    if (['found', 'masked'].includes(findFragment(native, name).kind)) continue;
    const content = inode.content;
    scripts.set(name, readScript(name, path, content.kind === 'bytes' ? decodeText(content.bytes) : ''));
  }
  for (const [level, target] of runlevels) {
    const links = tree.lookup(`/etc/${level}`);
    if (links?.type !== 'directory') continue;
    const started = new Set<Script>();
    for (const link of links.names().sort(compareBytes)) {
      const match = /^S([0-9]{2})(.+)$/.exec(link);
      const script = match?.[2] === undefined ? undefined : scripts.get(serviceName(match[2]) ?? '');
      if (script === undefined) continue;
      script.priority = Math.max(Number(match?.[1]), script.priority ?? 0);
      started.add(script);
    }
    for (const script of started) {
      script.before.push(target);
      script.wantedBy.push(target);
    }
  }
  orderByPriority([...scripts.values()]);
  for (const script of scripts.values()) {
    const source = { file: script.path };
    output.write('late', script.name, unitLines(script), source);
    for (const alias of script.aliases) output.link('late', alias, script.name, source);
    for (const target of new Set(script.wantedBy)) {
      output.link('late', `${target}.wants/${script.name}`, `../${script.name}`, source);
    }
  }
  return scripts.size === 0 ? nothing('every init script has a unit of its own') : replayed;
}

/** `foo.sh` → `foo.service`. */
function serviceName(file: string): string | undefined {
  const stem = file.replace(/\.sh$/, '');
  // Characters that unit names do not have are escaped.
  const mangled = /^[0-9A-Za-z:_.\\@-]+$/.test(stem) ? stem : escapeUnitName(stem).replaceAll('\\x2d', '-');
  return parseUnitName(`${mangled}.service`)?.name;
}

/** What stands for a name in an LSB header: a unit, or undefined for what is always there. */
function facilityUnit(word: string): string | undefined {
  if (Object.hasOwn(facilities, word)) return facilities[word] || undefined;
  if (!word.startsWith('$')) return serviceName(word);
  return parseUnitName(`${word.slice(1)}.target`)?.name;
}

function readScript(name: string, path: string, text: string): Script {
  const script: Script = {
    name,
    path,
    before: [],
    after: [],
    wants: [],
    wantedBy: [],
    aliases: [],
    description: '',
    pidFile: undefined,
    hasHeader: false,
    reloads: false,
    priority: undefined,
  };
  let isHeader = false;
  let isUsage = false;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (!line.startsWith('#')) {
      isUsage ||= /usage:/i.test(line);
      if (isUsage && /[{|]reload[|}"]/i.test(line)) script.reloads = true;
      isUsage &&= line.endsWith('\\');
      continue;
    }
    if (line === '### BEGIN INIT INFO') {
      isHeader = true;
      script.hasHeader = true;
    } else if (line === '### END INIT INFO') isHeader = false;
    else if (isHeader) readHeaderLine(script, line);
    else {
      const pidFile = /^#\s*pidfile:\s*(\/\S+)/.exec(line)?.[1];
      if (pidFile !== undefined) script.pidFile = pidFile;
    }
  }
  return script;
}

function readHeaderLine(script: Script, line: string): void {
  const match = /^#\s*([A-Za-z-]+):\s*(.*)$/.exec(line);
  const words = (match?.[2] ?? '').split(/\s+/).filter((word) => word !== '');
  switch (match?.[1]?.toLowerCase()) {
    case 'provides':
      for (const word of words) addProvided(script, facilityUnit(word));
      break;
    case 'required-start':
    case 'should-start':
    case 'x-start-after':
      for (const word of words) addOrder(script, facilityUnit(word), script.after);
      break;
    case 'x-start-before':
      for (const word of words) addOrder(script, facilityUnit(word), script.before);
      break;
    case 'short-description':
      script.description = match?.[2] ?? '';
      break;
    default:
  }
}

/** Services that it provides are other names of it; targets are pulled in by it and come after it. */
function addProvided(script: Script, unit: string | undefined): void {
  if (unit === undefined || unit === script.name) return;
  if (unit.endsWith('.service')) {
    script.aliases.push(unit);
    return;
  }
  script.before.push(unit);
  script.wants.push(unit);
  if (unit === 'network-online.target') {
    script.before.push('network.target');
    script.wants.push('network.target');
  }
}

function addOrder(script: Script, unit: string | undefined, list: string[]): void {
  if (unit === undefined || unit === script.name) return;
  list.push(unit);
  if (unit === 'network-online.target' && list === script.after) script.wants.push(unit);
}

/** More scripts than these have headers; the numbers order the few that have none. */
const priorityMaximum = 200;

/** Scripts of which one has no header are ordered by the numbers of their links. */
function orderByPriority(scripts: readonly Script[]): void {
  const numbered = scripts.filter((script) => script.priority !== undefined).slice(0, priorityMaximum);
  for (const script of numbered) {
    for (const other of numbered) {
      if (script === other || (script.hasHeader && other.hasHeader)) continue;
      const distance = (other.priority ?? 0) - (script.priority ?? 0);
      if (distance < 0) script.after.push(other.name);
      else if (distance > 0) script.before.push(other.name);
    }
  }
}

function unitLines(script: Script): readonly string[] {
  const { path } = script;
  return [
    '[Unit]',
    `SourcePath=${path}`,
    ...(script.hasHeader ? [`Description=LSB: ${script.description}`] : []),
    ...script.before.map((unit) => `Before=${unit}`),
    ...script.after.map((unit) => `After=${unit}`),
    ...script.wants.map((unit) => `Wants=${unit}`),
    '[Service]',
    'Type=forking',
    'Restart=no',
    'TimeoutSec=5min',
    'IgnoreSIGPIPE=no',
    'KillMode=process',
    'GuessMainPID=no',
    `RemainAfterExit=${script.pidFile === undefined ? 'yes' : 'no'}`,
    ...(script.pidFile === undefined ? [] : [`PIDFile=${script.pidFile}`]),
    ...(script.hasHeader ? ['SuccessExitStatus=5 6'] : []),
    `ExecStart=${path} start`,
    `ExecStop=${path} stop`,
    ...(script.reloads ? [`ExecReload=${path} reload`] : []),
  ];
}

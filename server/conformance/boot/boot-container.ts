/**
 * Boots a tree with `systemd-nspawn --volatile=`, starts units in it one by one and reads back what became of them. The
 * tree itself is not changed: it is the lower layer of an overlay. Needs root, systemd-nspawn and overlayfs.
 */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseFileSet } from '../../test/support/file-set.ts';

/** `systemctl show` of a unit, and the exit status of its `systemctl start`. */
export interface BootedUnit {
  readonly properties: ReadonlyMap<string, string>;
  readonly startStatus: number;
}

export interface BootedPath {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly target: string;
}

export interface BootOutcome {
  readonly units: ReadonlyMap<string, BootedUnit>;
  /** Everything outside of /usr and the kernel's file systems. */
  readonly paths: ReadonlyMap<string, BootedPath>;
  readonly journal: string;
  /** The account databases. */
  readonly passwd: string;
  readonly group: string;
}

export interface BootableImage {
  /** The tree with the files laid over it. */
  readonly root: string;
  boot(): BootOutcome | { readonly failure: string };
  remove(): void;
}

/** The words behind the init of the container, as conditions see the kernel's command line. */
export const bootWords: readonly string[] = [
  'systemd.firstboot=off',
  'systemd.log_color=no',
  'systemd.show_status=no',
  'probe.word',
];
export const bootHostName = 'probehost';

const collector = `
--- /usr/lib/systemd/system/proof-collect.service
[Unit]
DefaultDependencies=no
IgnoreOnIsolate=yes
[Service]
ExecStart=/bin/sh /run/proof/collect.sh
StandardOutput=null
StandardError=null
--- /usr/lib/systemd/system/sysinit.target.wants/proof-collect.service -> ../proof-collect.service
`;

/** Units that nothing refers to are forgotten as soon as they are inactive, and with them what became of them. */
function keepLoaded(units: readonly string[]): string {
  const lines = units.map((unit) => `After=${unit}`);
  return `--- /usr/lib/systemd/system/proof-collect.service.d/keep.conf\n[Unit]\n${lines.join('\n')}\n`;
}

/** How a tree is booted; `state` keeps /etc, read-only, and needs a machine id there. */
export type BootMode = 'yes' | 'state';

const machineId = '--- /etc/machine-id\n5a1f0c0de00000000000000000000b07\n';

/** Lays files over a tree. `script` is collect.sh; `units` are started after the boot, `watched` ones are only looked at. */
export function prepareImage(
  base: string,
  files: string,
  units: readonly string[],
  script: string,
  mode: BootMode = 'yes',
  watched: readonly string[] = [],
): BootableImage {
  const work = mkdtempSync(join(tmpdir(), 'boot-proof-'));
  const directories = ['inject', 'upper', 'work', 'root', 'proof'].map((name) => join(work, name));
  for (const directory of directories) mkdirSync(directory);
  const [inject = '', upper = '', workdir = '', root = '', proof = ''] = directories;
  for (const entry of parseFileSet(
    collector + (mode === 'state' ? machineId : '') + keepLoaded([...units, ...watched]) + files,
  )) {
    const path = join(inject, entry.path);
    mkdirSync(dirname(path), { recursive: true });
    if (entry.type === 'directory') mkdirSync(path, { recursive: true });
    else if (entry.type === 'symlink') symlinkSync(entry.text, path);
    else writeFileSync(path, entry.text);
    lchownSync(path, entry.uid, entry.gid);
    if (entry.type !== 'symlink') chmodSync(path, entry.mode);
  }
  const layers = `lowerdir=${inject}:${base},upperdir=${upper},workdir=${workdir}`;
  run(['mount', '-t', 'overlay', 'overlay', '-o', layers, root]);
  return {
    root,
    boot() {
      rmSync(proof, { recursive: true, force: true });
      mkdirSync(proof);
      copyFileSync(script, join(proof, 'collect.sh'));
      writeFileSync(join(proof, 'units.txt'), units.map((unit) => `${unit}\n`).join(''));
      writeFileSync(join(proof, 'watched.txt'), watched.map((unit) => `${unit}\n`).join(''));
      const booted = bootOnce(root, proof, mode);
      if (!existsSync(join(proof, 'done'))) return { failure: booted };
      return readOutcome(proof);
    },
    remove() {
      spawnSync('umount', ['-l', root]);
      rmSync(work, { recursive: true, force: true });
    },
  };
}

function run(words: readonly string[]): void {
  const [program = '', ...args] = words;
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${words.join(' ')}: ${done.stderr}`);
}

/** A control group of its own and the unified hierarchy, which systemd 258 and later need. */
function bootOnce(root: string, proof: string, mode: BootMode): string {
  const script = `
    name=boot-proof-$$
    for hierarchy in systemd unified; do
      group=/sys/fs/cgroup/$hierarchy/$name
      mkdir -p "$group" 2>/dev/null && echo $$ > "$group/cgroup.procs" 2>/dev/null
    done
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_LOCK=0 timeout -k 10 120 systemd-nspawn --quiet --volatile="$3" \\
      --register=no --keep-unit --private-network --machine="$name" --hostname=${bootHostName} --timezone=off \\
      --resolv-conf=off --link-journal=no --console=read-only --bind="$2:/run/proof" -D "$1" -b ${bootWords.join(' ')} 2>&1 </dev/null
    for hierarchy in systemd unified; do
      echo $$ > /sys/fs/cgroup/$hierarchy/cgroup.procs 2>/dev/null
      find "/sys/fs/cgroup/$hierarchy/$name" -depth -type d -exec rmdir {} + 2>/dev/null
    done`;
  return spawnSync('bash', ['-c', script, '-', root, proof, mode], { encoding: 'utf8' }).stdout;
}

function readOutcome(proof: string): BootOutcome {
  const lines = (name: string) =>
    readFileSync(join(proof, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  const statuses = new Map<string, number>();
  for (const line of lines('started.txt')) {
    const space = line.lastIndexOf(' ');
    statuses.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  const units = new Map<string, BootedUnit>();
  for (const block of readFileSync(join(proof, 'show.txt'), 'utf8').split('\n\n')) {
    const properties = new Map<string, string>();
    for (const line of block.split('\n')) {
      const equals = line.indexOf('=');
      if (equals === -1) continue;
      const name = line.slice(0, equals);
      properties.set(
        name,
        [properties.get(name), line.slice(equals + 1)].filter((text) => text !== undefined).join('\n'),
      );
    }
    const id = properties.get('Id');
    if (id !== undefined) units.set(id, { properties, startStatus: statuses.get(id) ?? -1 });
  }
  const paths = new Map<string, BootedPath>();
  for (const line of lines('tree.txt')) {
    const [path = '', type = '', mode = '', uid, gid, target = ''] = line.split('\t');
    paths.set(path, { type, mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid), target });
  }
  const text = (name: string) => readFileSync(join(proof, name), 'utf8');
  return { units, paths, journal: text('journal.txt'), passwd: text('passwd'), group: text('group') };
}

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
  /** The type of what a link leads to; `N` if there is nothing, `L` for a circle. */
  readonly end: string;
}

export interface BootOutcome {
  readonly units: ReadonlyMap<string, BootedUnit>;
  /** Everything outside of /usr and the kernel's file systems. */
  readonly paths: ReadonlyMap<string, BootedPath>;
  readonly journal: string;
  /** The account databases. */
  readonly passwd: string;
  readonly group: string;
  readonly machineId: string;
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

/** A boot takes about five seconds. */
const BOOT_SECONDS = 120;

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

/** How a tree is booted; `state` keeps /etc, read-only, and needs a machine id there; `no` keeps /var, too. */
export type BootMode = 'yes' | 'state' | 'no';

const machineId = '--- /etc/machine-id\n5a1f0c0de00000000000000000000b07\n';

export interface ImageOptions {
  /** Files in the format of server/test/support/file-set.ts. */
  readonly files: string;
  /** The collector's script, collect.sh. */
  readonly script: string;
  readonly mode?: BootMode;
  /** Started one by one when the boot is over. */
  readonly started?: readonly string[];
  /** Only looked at. */
  readonly watched?: readonly string[];
  /** Paths of the tree to leave out. */
  readonly without?: readonly string[];
}

/** What has to be removed when this process is told to end. */
const present = new Set<BootableImage>();

/** Takes away the images that are still there. */
export function removeImages(): void {
  for (const image of present) image.remove();
}

/** Lays files over a tree. */
export function prepareImage(base: string, options: ImageOptions): BootableImage {
  const { files, script, mode = 'yes', started = [], watched = [], without = [] } = options;
  const work = mkdtempSync(join(tmpdir(), 'boot-proof-'));
  const directories = ['inject', 'upper', 'work', 'root', 'proof'].map((name) => join(work, name));
  for (const directory of directories) mkdirSync(directory);
  const [inject = '', upper = '', workdir = '', root = '', proof = ''] = directories;
  for (const entry of parseFileSet(
    collector + (mode === 'state' ? machineId : '') + keepLoaded([...started, ...watched]) + files,
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
  for (const path of without) rmSync(join(root, path), { recursive: true, force: true });
  const image: BootableImage = {
    root,
    boot() {
      rmSync(proof, { recursive: true, force: true });
      mkdirSync(proof);
      copyFileSync(script, join(proof, 'collect.sh'));
      writeFileSync(join(proof, 'units.txt'), started.map((unit) => `${unit}\n`).join(''));
      writeFileSync(join(proof, 'watched.txt'), watched.map((unit) => `${unit}\n`).join(''));
      const booted = bootOnce(root, proof, mode);
      if (!existsSync(join(proof, 'done'))) return { failure: booted };
      return readOutcome(proof);
    },
    remove() {
      present.delete(image);
      spawnSync('umount', ['-l', root]);
      rmSync(work, { recursive: true, force: true });
    },
  };
  present.add(image);
  return image;
}

function run(words: readonly string[]): void {
  const [program = '', ...args] = words;
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${words.join(' ')}: ${done.stderr}`);
}

/**
 * In a control group of its own, which is removed with everything in it, and with the unified hierarchy, which systemd 258
 * and later need. A boot that hangs is ended.
 */
function bootOnce(root: string, proof: string, mode: BootMode): string {
  const script = `
    name=boot-proof-$$
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then hierarchies=/sys/fs/cgroup
    else hierarchies="/sys/fs/cgroup/systemd /sys/fs/cgroup/unified"; fi
    clean() {
      for hierarchy in $hierarchies; do
        [ -d "$hierarchy/$name" ] || continue
        for turn in 1 2 3 4 5; do
          find "$hierarchy/$name" -name cgroup.procs -exec cat {} + | xargs -r kill -KILL 2>/dev/null
          find "$hierarchy/$name" -depth -type d -exec rmdir {} + 2>/dev/null && break
          sleep 0.2
        done
      done
    }
    trap clean EXIT
    (
      for hierarchy in $hierarchies; do
        mkdir "$hierarchy/$name" && echo "$BASHPID" > "$hierarchy/$name/cgroup.procs"
      done 2>/dev/null
      export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_LOCK=0 SYSTEMD_NSPAWN_CHECK_OS_RELEASE=0
      exec timeout -k 10 ${BOOT_SECONDS} systemd-nspawn --quiet --volatile="$3" --register=no --keep-unit --private-network \\
        --machine="$name" --hostname=${bootHostName} --timezone=off --resolv-conf=off --link-journal=no \\
        --console=read-only --bind="$2:/run/proof" -D "$1" -b ${bootWords.join(' ')}
    ) 2>&1 </dev/null
    [ $? = 124 ] && echo "The boot did not end within ${BOOT_SECONDS} seconds."
    exit 0`;
  const done = spawnSync('bash', ['-c', script, '-', root, proof, mode], { encoding: 'utf8' });
  return `${done.stdout}${done.stderr}`;
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
    const [path = '', type = '', mode = '', uid, gid, target = '', end = ''] = line.split('\t');
    paths.set(path, { type, mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid), target, end });
  }
  const text = (name: string) => readFileSync(join(proof, name), 'utf8');
  return {
    units,
    paths,
    journal: text('journal.txt'),
    passwd: text('passwd'),
    group: text('group'),
    machineId: text('machine-id').trim(),
  };
}

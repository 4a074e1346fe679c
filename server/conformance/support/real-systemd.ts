/**
 * Runs the real tools of systemd 252, 257 and 262 on throw-away roots, many in one process start: the machine's own
 * natively, the others by chroot into debootstrapped trees (scripts/bases.sh makes them).
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RealRun {
  /** Words of the command; ROOT in a word stands for the case's root, CASE for the directory that holds it. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface RealOutcome {
  /** Exit status, or 128 + signal. */
  readonly status: number;
  /** Standard error with the root's path replaced by nothing, so that paths are those inside the image. */
  readonly stderr: string;
  readonly stdout: string;
}

export class RealSystemd {
  readonly version: number;
  readonly #base: string | undefined;
  readonly #work: string;

  constructor(version: number, base: string | undefined) {
    this.version = version;
    this.#base = base;
    this.#work = mkdtempSync(join(tmpdir(), `stateless-boot-${version}-`));
  }

  /** Directory on this machine that holds case number `index`; its root is `root` in it. */
  caseDirectory(index: number): string {
    return join(this.#work, String(index));
  }

  rootDirectory(index: number): string {
    return join(this.caseDirectory(index), 'root');
  }

  /** The root as the real tool sees its path. */
  rootAsSeen(index: number): string {
    return this.#base === undefined ? this.rootDirectory(index) : `/mnt/${index}/root`;
  }

  /** Runs one command for each case, one after the other. */
  run(runs: readonly { readonly index: number; readonly run: RealRun }[]): RealOutcome[] {
    const seen = (index: number) => (this.#base === undefined ? this.caseDirectory(index) : `/mnt/${index}`);
    const script = runs.map(({ index, run }) => {
      const here = seen(index);
      const words = run.command.map((word) => quote(word.replaceAll('ROOT', `${here}/root`).replaceAll('CASE', here)));
      const environment = {
        LC_ALL: 'C',
        SYSTEMD_LOG_COLOR: '0',
        HOME: '/root',
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        ...run.environment,
      };
      const assignments = Object.entries(environment).map(
        ([name, text]) => `${name}=${quote(text.replaceAll('CASE', here))}`,
      );
      if (run.input !== undefined) writeFileSync(join(this.caseDirectory(index), 'input'), run.input);
      const input = run.input === undefined ? '/dev/null' : `${here}/input`;
      return `timeout -s KILL 20 env -i ${assignments.join(' ')} ${words.join(' ')} <${input} >${here}/stdout 2>${here}/stderr; echo $? >${here}/status`;
    });
    writeFileSync(join(this.#work, 'run.sh'), `umask 022\n${script.join('\n')}\n`);
    const enter =
      this.#base === undefined
        ? ['sh', join(this.#work, 'run.sh')]
        : [
            'unshare',
            '--mount',
            '--propagation',
            'private',
            'sh',
            '-c',
            'mount -t proc proc "$1/proc" && mount --bind "$2" "$1/mnt" && exec chroot "$1" sh /mnt/run.sh',
            '-',
            this.#base,
            this.#work,
          ];
    const [program = '', ...args] = enter;
    const done = spawnSync(program, args, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`the real tools could not be run: ${done.stderr}`);
    return runs.map(({ index }) => {
      const directory = this.caseDirectory(index);
      const read = (name: string) => readFileSync(join(directory, name), 'utf8').replaceAll(this.rootAsSeen(index), '');
      return { status: Number(read('status')), stderr: read('stderr'), stdout: read('stdout') };
    });
  }

  prepareCase(index: number): void {
    rmSync(this.caseDirectory(index), { recursive: true, force: true });
    mkdirSync(this.caseDirectory(index), { recursive: true });
  }

  remove(): void {
    rmSync(this.#work, { recursive: true, force: true });
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The versions that can be run here. `bases` is the directory with the debootstrapped trees `trixie` and `sid`. */
export function findRealSystemds(bases: string): RealSystemd[] {
  const found: RealSystemd[] = [];
  const own = versionOf([]);
  if (own !== undefined) found.push(new RealSystemd(own, undefined));
  for (const suite of ['trixie', 'sid']) {
    const base = join(bases, suite);
    const version = existsSync(join(base, 'usr/bin/systemctl')) ? versionOf(['chroot', base]) : undefined;
    if (version !== undefined) found.push(new RealSystemd(version, base));
  }
  return found;
}

function versionOf(enter: readonly string[]): number | undefined {
  const [program = '', ...args] = [...enter, 'systemctl', '--version'];
  const text = spawnSync(program, args, { encoding: 'utf8' }).stdout ?? '';
  const version = /^systemd (\d+)/.exec(text)?.[1];
  return version === undefined ? undefined : Number(version);
}

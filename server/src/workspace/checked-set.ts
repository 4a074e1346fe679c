/**
 * What is judged as one system: a root in the workspace, the loose files of a folder over a base, or one file alone over the
 * base. Simulated once, and only when somebody asks; features, diagnostics and previews all read that one result.
 */

import type { BootInputs } from '../core/boot/boot-inputs.ts';
import { detectSystemd } from '../core/boot/detect-systemd.ts';
import { type SimulationResult, simulate } from '../core/boot/simulate.ts';
import type { VolatileMode } from '../core/boot/skeleton.ts';
import type { Image } from '../core/image/image.ts';
import { type CheckResult, check } from '../core/rules/check.ts';
import { Tree } from '../core/tree/tree.ts';
import { Systemd } from '../core/versions/systemd.ts';

/** How a set is judged. What is left out is read from the image. */
export interface SetOptions {
  readonly volatile: VolatileMode;
  readonly systemdVersion?: number;
  readonly target?: string;
  readonly container?: boolean;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly ignore?: ReadonlySet<string>;
}

export type SetKind = 'root' | 'repository' | 'document';

export class CheckedSet {
  readonly kind: SetKind;
  /** Directory of a root inside the folder, empty for the folder itself; parts joined by `/`. */
  readonly directory: string;
  readonly image: Image;
  readonly options: SetOptions;
  /** Milliseconds that the simulation and its rules took; undefined before. */
  duration: number | undefined;
  #inputs: BootInputs | undefined;
  #simulation: SimulationResult | undefined;
  #result: CheckResult | undefined;
  readonly #files: ReadonlyMap<string, string> | undefined;
  readonly #others = new Map<VolatileMode, CheckedSet>();
  #installed: ReadonlyMap<string, string> | undefined;

  /** @param files of a repository: path relative to the folder by the path in the image. */
  constructor(
    kind: SetKind,
    directory: string,
    image: Image,
    options: SetOptions,
    files: ReadonlyMap<string, string> | undefined,
  ) {
    this.kind = kind;
    this.directory = directory;
    this.image = image;
    this.options = options;
    this.#files = files;
  }

  get inputs(): BootInputs {
    this.#inputs ??= bootInputs(this.image, this.options);
    return this.#inputs;
  }

  get systemd(): Systemd {
    return this.inputs.systemd;
  }

  get simulation(): SimulationResult {
    this.#simulation ??= simulate(this.image, this.options.volatile, this.inputs);
    return this.#simulation;
  }

  /** Findings on the set's own files. */
  get result(): CheckResult {
    this.#result ??= check(this.simulation, this.options.ignore === undefined ? {} : { ignore: this.options.ignore });
    return this.#result;
  }

  /** Another boot of the same files; simulated once, too. */
  withVolatile(volatile: VolatileMode): CheckedSet {
    if (volatile === this.options.volatile) return this;
    let other = this.#others.get(volatile);
    if (other === undefined) {
      other = new CheckedSet(this.kind, this.directory, this.image, { ...this.options, volatile }, this.#files);
      this.#others.set(volatile, other);
    }
    return other;
  }

  /** True if the other set is another boot of this one's files. */
  isBootOf(other: CheckedSet): boolean {
    return other.image === this.image;
  }

  /** Where in the folder a path of the image lies, parts joined by `/`; undefined for what is only in the base. */
  fileOf(imagePath: string): string | undefined {
    if (this.#files !== undefined) return this.#files.get(imagePath);
    if (!this.image.isOwn(imagePath)) return undefined;
    return this.directory === '' ? imagePath.slice(1) : `${this.directory}${imagePath}`;
  }

  /** Where in the image a file of the folder stands; undefined if it does not belong to this set. */
  imagePathOf(file: string): string | undefined {
    if (this.#files === undefined) {
      if (this.directory === '') return `/${file}`;
      return file.startsWith(`${this.directory}/`) ? file.slice(this.directory.length) : undefined;
    }
    this.#installed ??= new Map([...this.#files].map(([image, path]) => [path, image]));
    return this.#installed.get(file);
  }

  /** The set's own files, as image paths; of a root undefined, since it may have very many. */
  get ownFiles(): ReadonlyMap<string, string> | undefined {
    return this.#files;
  }
}

function bootInputs(image: Image, options: SetOptions): BootInputs {
  const systemd = detectSystemd(new Tree(image.root), options.systemdVersion);
  return {
    systemd: new Systemd(systemd.version, systemd.build),
    semantics: 'boot',
    rootPrefix: '',
    machine: { home: '/root', temporary: '/tmp', persistentTemporary: '/var/tmp' },
    credentials: new Map(),
    day: options.day,
    environment: {
      ...(options.container === undefined ? {} : { container: options.container }),
      ...(options.target === undefined ? {} : { target: options.target }),
    },
    mayMakeDevices: options.container !== true,
  };
}

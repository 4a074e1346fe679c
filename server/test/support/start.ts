/** Judging the start of one unit for tests, on a tree as it stands or after a boot with empty /etc and /var. */

import type { BootInputs } from '../../src/core/boot/boot-inputs.ts';
import { makeSkeleton } from '../../src/core/boot/skeleton.ts';
import { type StartContext, startContext } from '../../src/core/boot/start/start-context.ts';
import { applyStart, judgeStart, type StartResult } from '../../src/core/boot/start/start-unit.ts';
import { listEntries } from '../../src/core/tree/changes.ts';
import { Tree } from '../../src/core/tree/tree.ts';
import type { Unit } from '../../src/core/units/unit.ts';
import { imageOf } from './file-set.ts';
import { testInputs } from './inputs.ts';
import { unitLoader } from './load-unit.ts';

export interface StartSetting {
  readonly version?: number;
  readonly inputs?: Partial<BootInputs>;
  /** Read-only mounts. */
  readonly readOnly?: readonly string[];
  /** Judge after a boot with empty /etc and /var. */
  readonly reset?: boolean;
  readonly isPartial?: boolean;
  /** The unit; default: the first unit file of the text. */
  readonly unit?: string;
}

/** A small system that every example can use: two programs and an account. */
const base = `
--- /usr/bin/true 0755
--- /usr/bin/sleep 0755
--- /usr/bin/sh 0755
--- /bin -> usr/bin
--- /etc/passwd
root:x:0:0::/root:/bin/sh
app:x:100:100::/var/lib/app:/usr/sbin/nologin
homeless:x:101:101::/:/usr/sbin/nologin
--- /etc/group
root:x:0:
app:x:100:
extra:x:200:
team:x:201:app
--- /root/ 0700
--- /run/
--- /tmp/ 1777
--- /var/lib/
--- /var/log/
--- /var/tmp/ 1777
`;

export interface StartCase {
  readonly unit: Unit;
  readonly context: StartContext;
}

/** Unit files may be given by name alone; they go below /usr/lib/systemd/system. */
export function startCase(files: string, setting: StartSetting = {}): StartCase {
  const text = files.replace(/^--- (?!\/)/gm, '--- /usr/lib/systemd/system/');
  const image = imageOf(base + text, setting.isPartial ? { completeness: 'partial' } : {});
  const inputs = testInputs(setting.version ?? 257, setting.inputs);
  const tree = setting.reset ? makeSkeleton(image.root, 'yes').tree : new Tree(image.root);
  if (setting.readOnly !== undefined) tree.readOnly = setting.readOnly;
  const load = unitLoader(tree, inputs);
  const name = setting.unit ?? /^--- \/usr\/lib\/systemd\/system\/(\S+)/m.exec(text)?.[1] ?? '';
  return { unit: load(name), context: startContext({ tree, image, inputs, findUnit: load }) };
}

/** What the start comes to: `starts`, or its kind and the results in order, with `later` if only the unit fails. */
export function outcomeOf(files: string, setting: StartSetting = {}): string {
  const { unit, context } = startCase(files, setting);
  return describeResult(judgeStart(unit, context));
}

export function describeResult(result: StartResult): string {
  const results = result.obstacles.map((obstacle) => obstacle.result ?? '');
  const isLater = result.kind === 'fails' && !result.failsJob;
  return [result.kind, ...results, ...(isLater ? ['later'] : [])].join(' ');
}

/** What a start makes or changes: `TYPE MODE UID:GID PATH [-> TARGET]`, sorted by path. */
export function madeBy(files: string, setting: StartSetting = {}): readonly string[] {
  const { unit, context } = startCase(files, setting);
  applyStart(unit, context);
  const lines: string[] = [];
  for (const { path, inode } of listEntries(context.tree)) {
    if (!inode?.causes.some(({ phase }) => phase === 'start')) continue;
    const mode = inode.type === 'symlink' ? '' : ` ${(inode.mode ?? 0).toString(8).padStart(4, '0')}`;
    const owner = inode.type === 'symlink' ? '' : ` ${inode.uid ?? '?'}:${inode.gid ?? '?'}`;
    lines.push(`${inode.type}${mode}${owner} ${path}${inode.target === undefined ? '' : ` -> ${inode.target}`}`);
  }
  return lines;
}

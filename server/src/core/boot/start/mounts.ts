/** Mount points, swap files and what they are made from (systemd.mount(5), systemd.swap(5), systemd.automount(5)). */

import { quoted } from '../../formats/unit/settings/grammar.ts';
import { unescapeUnitPath } from '../../formats/unit/settings/unit-name.ts';
import type { Tree } from '../../tree/tree.ts';
import type { Unit } from '../../units/unit.ts';
import { isKernelPath } from '../path-facts.ts';
import { makePath } from './make-path.ts';
import { checkMaking, confidenceOf, explainAbsence, pathState } from './missing-path.ts';
import type { Obstacle } from './obstacle.ts';
import type { StartContext } from './start-context.ts';
import { modeOf, type PlacedText, simplified, single } from './unit-settings.ts';

/** What mount(8) says when something is missing. */
const MOUNT_FAILED = 'exit-code';

/** Types whose What= is a device or an image file, when none of the kernel's own. */
const blockTypes: ReadonlySet<string> = new Set(
  'auto btrfs erofs exfat ext2 ext3 ext4 f2fs iso9660 ntfs ntfs3 squashfs udf vfat xfs'.split(' '),
);

function mountPoint(unit: Unit): PlacedText | undefined {
  const where = single(unit, 'Where');
  if (where !== undefined) return { ...where, text: simplified(where.text) };
  const path = unescapeUnitPath(unit.name.replace(/\.[a-z]+$/, ''));
  return path === undefined ? undefined : { text: path, place: unit.filePlace };
}

export function startMount(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  const point = mountPoint(unit);
  const mode = modeOf(unit, 'DirectoryMode', 0o755);
  const what = single(unit, 'What');
  const type = single(unit, 'Type')?.text ?? 'auto';
  const options = (single(unit, 'Options')?.text ?? '').split(',');
  const isBind = type === 'bind' || options.some((option) => option === 'bind' || option === 'rbind');
  if (point !== undefined) {
    const { obstacle, isCanonical } = makeMountPoint(point, mode, context, tree);
    if (obstacle !== undefined) obstacles.push(obstacle);
    if (!isCanonical) return obstacles;
  }
  if (what === undefined || !what.text.startsWith('/') || isKernelPath(what.text)) return obstacles;
  const source = { ...what, text: simplified(what.text) };
  if (isBind) {
    const check = checkMaking(context, tree, source.text, true);
    if (check.kind === 'can') makePath(tree, source.text, { type: 'directory', mode }, source.place, mode);
    else if (check.kind === 'read-only' || check.kind === 'no-parent') {
      const reason = check.kind === 'read-only' ? `${quoted(check.at)} is read-only` : check.reason;
      obstacles.push(sourceMissing(source, `${quoted(source.text)} cannot be made: ${reason}`, context, tree));
    }
  } else if (blockTypes.has(type)) {
    const state = pathState(context, tree, source.text);
    if (state.kind === 'missing')
      obstacles.push(sourceMissing(source, `${state.reason}, which What= needs`, context, tree));
  }
  return obstacles;
}

function sourceMissing(source: PlacedText, message: string, context: StartContext, tree: Tree): Obstacle {
  const absence = explainAbsence(context, tree, source.text);
  return {
    code: 'mount-source-missing',
    cause: absence.cause,
    result: MOUNT_FAILED,
    confidence: confidenceOf(context),
    place: source.place,
    message,
    subject: source.text,
    chain: absence.chain,
  };
}

function makeMountPoint(
  point: PlacedText,
  mode: number,
  context: StartContext,
  tree: Tree,
): { readonly obstacle?: Obstacle; readonly isCanonical: boolean } {
  const obstacle = (what: Pick<Obstacle, 'code' | 'cause' | 'result' | 'message'>): Obstacle => ({
    ...what,
    confidence: confidenceOf(context),
    place: point.place,
    subject: point.text,
    chain: [],
  });
  const found = tree.walk(point.text);
  if (found.kind === 'found' && found.path !== point.text) {
    // unit_fail_if_noncanonical of systemd
    return {
      isCanonical: false,
      obstacle: obstacle({
        code: 'bad-setting',
        cause: 'bad-setting',
        result: 'resources',
        message: `The mount point ${quoted(point.text)} leads through a link to ${quoted(found.path)}, which systemd refuses`,
      }),
    };
  }
  const check = checkMaking(context, tree, point.text, true);
  if (check.kind === 'can') makePath(tree, point.text, { type: 'directory', mode }, point.place, mode);
  if (check.kind !== 'read-only' && check.kind !== 'no-parent') return { isCanonical: true };
  const reason = check.kind === 'read-only' ? `${quoted(check.at)} is read-only` : check.reason;
  return {
    isCanonical: true,
    obstacle: obstacle({
      code: 'mount-point-read-only',
      cause: check.kind === 'read-only' ? 'read-only' : 'other',
      result: MOUNT_FAILED,
      message: `The mount point ${quoted(point.text)} cannot be made: ${reason}`,
    }),
  };
}

export function startAutomount(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  const point = mountPoint(unit);
  if (point === undefined) return [];
  const { obstacle } = makeMountPoint(point, modeOf(unit, 'DirectoryMode', 0o755), context, tree);
  return obstacle === undefined ? [] : [{ ...obstacle, result: 'resources' }];
}

/** In a container swap units are not supported at all, whatever they say (swap_supported of systemd). */
export function startSwap(unit: Unit, context: StartContext, tree: Tree): readonly Obstacle[] {
  if (context.inputs.environment.container === true) return [];
  const what = single(unit, 'What');
  if (what === undefined || !what.text.startsWith('/') || isKernelPath(what.text)) return [];
  const state = pathState(context, tree, what.text);
  return state.kind === 'missing' ? [sourceMissing(what, `${state.reason}, which What= needs`, context, tree)] : [];
}

/** What a single condition's test comes to, before its negation. */

import type { Tree } from '../../tree/tree.ts';
import type { BootInputs } from '../boot-inputs.ts';

/** What conditions are judged by. */
export interface ConditionContext {
  /** As it stands when the start job runs. */
  readonly tree: Tree;
  readonly inputs: BootInputs;
  readonly isFirstBoot: boolean;
  /** True if the image shows only a part of the system, so that absence proves nothing (Image.completeness). */
  readonly isPartial: boolean;
  /** Where something is mounted at this moment, besides what every boot mounts; undefined: not known. */
  readonly mountPoints?: ReadonlySet<string>;
  /** True if systemd-update-done.service has surely written its stamps by then. */
  readonly isStamped?: boolean;
}

export type Answer =
  | { readonly value: 'true' | 'false'; readonly reason: string }
  /** `usual` is what most machines of that kind answer; absent where there is no such thing. */
  | { readonly value: 'unknown'; readonly reason: string; readonly usual?: 'true' | 'false' };

export function answer(value: boolean, reason: string): Answer {
  return { value: value ? 'true' : 'false', reason };
}

export function unknown(reason: string, usual?: boolean): Answer {
  if (usual === undefined) return { value: 'unknown', reason };
  return { value: 'unknown', reason, usual: usual ? 'true' : 'false' };
}

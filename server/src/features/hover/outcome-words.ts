/** The outcome of a unit in a few words. */

import type { Obstacle } from '../../core/boot/start/obstacle.ts';
import type { UnitOutcome } from '../../core/boot/start/unit-outcome.ts';
import { code, plain } from '../markdown.ts';

/** `starts`, `fails: **217/USER**, user "x" will not exist`, `is skipped: …`. */
export function outcomeWords(judged: UnitOutcome): string {
  const { outcome, whenStarted, condition } = judged;
  switch (outcome) {
    case 'active':
      return 'starts';
    case 'ran':
      return 'starts and finishes';
    case 'failed':
    case 'dep-failed':
    case 'assert-failed':
      return `**fails**: ${reasonWords(judged)}`;
    case 'skipped':
      return `is skipped: ${conditionWords(judged)}`;
    case 'absent':
      return 'does not exist';
    case 'masked':
      return 'is masked';
    case 'unknown':
      return `unknown${condition === undefined ? '' : `: it depends on ${conditionWords(judged)}`}`;
    case 'idle':
    case 'unloaded': {
      const idle = 'is not started by the boot';
      if (whenStarted === 'failed') return `${idle}; **fails** when started: ${reasonWords(judged)}`;
      if (whenStarted === 'skipped') return `${idle}; is skipped when started: ${conditionWords(judged)}`;
      return idle;
    }
    default:
      return outcome satisfies never;
  }
}

function conditionWords({ condition }: UnitOutcome): string {
  if (condition === undefined) return 'a condition';
  const { text, reason } = condition;
  return [text === undefined ? undefined : code(text), reason === undefined ? undefined : plain(reason)]
    .filter((part) => part !== undefined)
    .join(', ');
}

function reasonWords(judged: UnitOutcome): string {
  const [first] = judged.obstacles;
  if (first !== undefined) return obstacleWords(first);
  if (judged.becauseOf !== undefined) return `${code(judged.becauseOf)} fails`;
  return judged.condition === undefined ? 'unknown' : conditionWords(judged);
}

export function obstacleWords({ result, message, confidence }: Obstacle): string {
  const sentence = plain(message.charAt(0).toLowerCase() + message.slice(1));
  return `${result === undefined ? '' : `**${plain(result)}**, `}${sentence}${confidence === 'likely' ? ' (likely)' : ''}`;
}

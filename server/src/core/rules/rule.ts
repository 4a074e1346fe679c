/** What a rule is: metadata, its manual page and a pure check. One file a rule; `registry.ts` lists them. */

import type { Message, Phase, Place, RelatedPlace, Severity, Suggestion } from '../problems/problem.ts';
import type { RuleContext } from './rule-context.ts';

/** What a check reports; the registry adds the rule's id and phase. */
export interface RuleFinding {
  /** One sentence that names what is wrong and quotes the offending text. No full stop. */
  readonly message: string;
  readonly place: Place;
  /** Default: the rule's. */
  readonly severity?: Severity;
  /** Default: certain. */
  readonly confidence?: 'certain' | 'likely';
  /** What the boot does because of it. */
  readonly consequence?: string;
  /** How to mend it, in words. */
  readonly help?: string;
  readonly suggestion?: Suggestion;
  readonly affects?: readonly string[];
  readonly related?: readonly RelatedPlace[];
  readonly subject?: string;
}

/** The rule's page: `explain` prints it, docs/rules are made from it, a test runs its examples. */
export interface RuleManual {
  /** What the rule looks for, one or two sentences. */
  readonly what: string;
  /** What happens at boot and why that hurts. */
  readonly why: string;
  /** What to write instead. */
  readonly fix: string;
  /** Files that make the rule speak; `--- /path` starts a file. */
  readonly bad: string;
  /** The same, mended: the rule is silent. */
  readonly good: string;
  /** The mode and version for the examples, where the defaults (`yes`, 257) do not show it. */
  readonly exampleVolatile?: 'yes' | 'state' | 'no' | 'overlay';
  readonly exampleVersion?: number;
  /** Public reports of the problem (owner/repository#number) and manual pages. */
  readonly references: readonly string[];
}

export interface Rule {
  /** Reads after "allow": names the bad pattern. */
  readonly id: string;
  readonly severity: Severity;
  readonly phase: Phase;
  /** One line for lists. */
  readonly title: string;
  readonly manual: RuleManual;
  check(context: RuleContext): Iterable<RuleFinding>;
}

/** A finding from a message that needs no more than its own words. */
export function findingFromMessage(message: Message, extra: Partial<RuleFinding> = {}): RuleFinding | undefined {
  if (message.place === undefined) return undefined;
  return {
    message: message.text,
    place: message.place,
    ...(message.related === undefined ? {} : { related: message.related }),
    ...(message.subject === undefined ? {} : { subject: message.subject }),
    ...extra,
  };
}

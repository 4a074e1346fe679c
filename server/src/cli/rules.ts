/** All that a command needs of the rules. It is bundled apart (dist/rules.js): a simulation without findings does without. */

export { check, isAtLeast } from '../core/rules/check.ts';
export { findRule, rules } from '../core/rules/registry.ts';

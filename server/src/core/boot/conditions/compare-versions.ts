/** Comparisons in conditions: version order as of the UAPI version format specification, and the operators. */

import { fnmatch } from '../../pattern/fnmatch.ts';

/** -1, 0 or 1. Digits compare as numbers, letters by byte; `~` sorts before everything, then `-`, `^`, `.`. */
export function compareVersions(left: string, right: string): number {
  let a = left;
  let b = right;
  while (a !== '' || b !== '') {
    a = a.replace(/^[^A-Za-z0-9\-~^.]+/, '');
    b = b.replace(/^[^A-Za-z0-9\-~^.]+/, '');
    if (a.startsWith('~') || b.startsWith('~')) {
      if (!a.startsWith('~')) return 1;
      if (!b.startsWith('~')) return -1;
      a = a.slice(1);
      b = b.slice(1);
      continue;
    }
    if (a === '' || b === '') return a === b ? 0 : a === '' ? -1 : 1;
    const separator = ['-', '^', '.'].find((sign) => a.startsWith(sign) || b.startsWith(sign));
    if (separator !== undefined) {
      if (!a.startsWith(separator)) return 1;
      if (!b.startsWith(separator)) return -1;
      a = a.slice(1);
      b = b.slice(1);
      continue;
    }
    const isNumber = /^[0-9]/.test(a) || /^[0-9]/.test(b);
    const run = isNumber ? /^[0-9]*/ : /^[A-Za-z]*/;
    const partA = run.exec(a)?.[0] ?? '';
    const partB = run.exec(b)?.[0] ?? '';
    a = a.slice(partA.length);
    b = b.slice(partB.length);
    // A number is greater than letters.
    if (isNumber && (partA === '' || partB === '')) return partA === '' ? -1 : 1;
    const order = isNumber ? compareNumbers(partA, partB) : compareText(partA, partB);
    if (order !== 0) return order;
  }
  return 0;
}

function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length === right.length ? compareText(left, right) : left.length < right.length ? -1 : 1;
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Operators of ConditionOSRelease= and the version conditions, longest first. */
const operators = ['!$=', '$=', '<=', '>=', '<>', '!=', '==', '=', '<', '>'] as const;
export type Operator = (typeof operators)[number];

/** The operator at the beginning of a text. */
export function operatorAt(text: string): Operator | undefined {
  return operators.find((operator) => text.startsWith(operator));
}

/** `=` and `!=` compare the text itself where `isText` says so; otherwise they compare versions like `==` and `<>`. */
export function compareBy(operator: Operator, actual: string, wanted: string, isText: boolean): boolean {
  if (operator === '$=' || operator === '!$=') return fnmatch(wanted, actual) === (operator === '$=');
  if (isText && operator === '=') return actual === wanted;
  if (isText && operator === '!=') return actual !== wanted;
  const order = compareVersions(actual, wanted);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '!=':
    case '<>':
      return order !== 0;
    default:
      return order === 0;
  }
}

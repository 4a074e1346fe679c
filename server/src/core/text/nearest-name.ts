/** The known name that a misspelt one was probably meant to be. */

/**
 * The nearest of some names by optimal string alignment distance (insert, delete, replace, swap neighbours), letters
 * compared without case; undefined if none is near enough (a third of the longer length, at most 3). Ties: the first.
 */
export function nearestName(wrong: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const limit = Math.min(3, Math.floor(Math.max(name.length, wrong.length) / 3), bestDistance - 1);
    if (limit < 0 || Math.abs(name.length - wrong.length) > limit) continue;
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance <= limit) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min((row[j - 1] ?? 0) + 1, (above[j] ?? 0) + 1, (above[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (twoAbove[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    twoAbove = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

const wordLengthMax = 64;
const wordsShownMax = 20;

/** The known word that is most like the given one, or null when none is near enough to be a slip of the finger. */
export function nearest(word: string, known: readonly string[]): string | null {
  const given = word.toLowerCase().slice(0, wordLengthMax);
  const distanceMax = Math.max(1, Math.floor(given.length / 3));
  let best: { word: string; distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(given, candidate.toLowerCase().slice(0, wordLengthMax));
    if (distance <= distanceMax && (best === null || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word ?? null;
}

/** `did you mean "auth"? services: auth, backend`: the hint for a word that names nothing. */
export function hintFor(word: string, known: readonly string[], plural: string): string {
  const near = nearest(word, known);
  const list = `${plural}: ${listed(known)}`;
  return near === null ? list : `did you mean "${near}"? ${list}`;
}

export function listed(words: readonly string[]): string {
  if (words.length === 0) return 'none';
  const left = words.length - wordsShownMax;
  return words.slice(0, wordsShownMax).join(', ') + (left > 0 ? ` and ${left} more` : '');
}

/** Insertions, deletions, replacements and swapped neighbours that turn one word into the other, one row at a time. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? at(before, j - 2) + 1 : replaced;
      next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1));
    }
    before = row;
    row = next;
  }
  return at(row, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}

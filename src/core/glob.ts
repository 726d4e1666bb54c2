/**
 * A matcher for slash paths: `*` and `?` within one folder, `**` over folders; nothing else is special. It takes time in proportion to
 * pattern × path, whatever the pattern: all places in the pattern go on at once, and nothing is tried again.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const parts = partsOf(pattern);
  return (path) => {
    let places = withSkips(parts, [0]);
    for (const character of path) {
      places = withSkips(
        parts,
        places.flatMap((place) => behind(parts[place], place, character)),
      );
    }
    return places.includes(parts.length);
  };
}

/** `folders` is the choice between none and some; `folder` is in the midst of some. */
type Part = 'folders' | 'folder' | 'anything' | 'name' | 'one' | { readonly literal: string };

const wildcards: Readonly<Record<string, readonly Part[]>> = {
  '**/': ['folders', 'folder'],
  '**': ['anything'],
  '*': ['name'],
  '?': ['one'],
};

function partsOf(pattern: string): Part[] {
  const words = pattern.split(/(\*\*\/|\*\*|\*|\?)/);
  return words.flatMap((word): readonly Part[] => wildcards[word] ?? [...word].map((literal) => ({ literal })));
}

/** The places that a character leads to from one place. */
function behind(part: Part | undefined, place: number, character: string): number[] {
  switch (part) {
    case undefined:
    case 'folders':
      return [];
    case 'folder':
      return character === '/' ? [place, place + 1] : [place];
    case 'anything':
      return [place];
    case 'name':
      return character === '/' ? [] : [place];
    case 'one':
      return character === '/' ? [] : [place + 1];
    default:
      return part.literal === character ? [place + 1] : [];
  }
}

/** Each place once, and those behind what may stand for nothing. */
function withSkips(parts: readonly Part[], places: readonly number[]): number[] {
  const found = new Set(places);
  for (const place of found) {
    const part = parts[place];
    if (part === 'folders') found.add(place + 1).add(place + 2);
    if (part === 'anything' || part === 'name') found.add(place + 1);
  }
  return [...found];
}

/**
 * What tells one case of a parametrised test from the others, as runners write it behind the name: `[a-1]` (pytest, JUnit 5,
 * TestNG) or `(a, 1)` (NUnit, xUnit). Null where the name has none. Only a reading of the name: the id keeps it whole.
 */
export function testParameters(name: string): string | null {
  const last = name.at(-1);
  const open = last === ']' ? '[' : last === ')' ? '(' : null;
  if (open === null) return null;
  let depth = 0;
  for (let at = name.length - 1; at >= 0; at -= 1) {
    if (name[at] === last) depth += 1;
    else if (name[at] === open) depth -= 1;
    // Behind a blank it is prose: "it answers (slowly)".
    if (depth === 0)
      return at > 0 && !/\s/.test(name[at - 1] ?? ' ') && at < name.length - 2 ? name.slice(at + 1, -1) : null;
  }
  return null;
}

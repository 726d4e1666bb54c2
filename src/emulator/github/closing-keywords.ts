/** The issues that a pull request's text or a commit message closes when it reaches the default branch: `Fixes #3`, not `Refs #3`. */
export function closedByText(text: string, repository: string): number[] {
  const numbers = new Set<number>();
  for (const match of text.matchAll(keyword)) {
    const [, named, number = ''] = match;
    if (named === undefined || named.toLowerCase() === repository.toLowerCase()) numbers.add(Number(number));
  }
  return [...numbers];
}

const keyword =
  /(?<![\w-])(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+(?:([\w.-]+\/[\w.-]+))?#([1-9]\d{0,8})(?!\w)/gi;

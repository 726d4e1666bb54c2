/** The console of a split suite: one section a piece, each under a line that names it. The attempt's id tells our lines from theirs. */
export function joinSections(
  sections: readonly { readonly title: string; readonly text: string }[],
  id: string,
): string {
  return sections
    .map(({ title, text }, index) => {
      const head = `${mark(id)}${index + 1} of ${sections.length}: ${JSON.stringify(title)}\n`;
      return text === '' || text.endsWith('\n') ? `${head}${text}` : `${head}${text}\n`;
    })
    .join('');
}

/** The text of each section, in order. */
export function sectionsOf(output: string, id: string): string[] {
  const sections: string[][] = [];
  for (const line of output.split('\n')) {
    if (line.startsWith(mark(id))) sections.push([]);
    else sections.at(-1)?.push(line);
  }
  return sections.map((lines) => lines.join('\n'));
}

/** With empty lines in place of ours: what is looked for in a console was not said by it, and line numbers stay. */
export function withoutTitles(output: string, id: string): string {
  return output
    .split('\n')
    .map((line) => (line.startsWith(mark(id)) ? '' : line))
    .join('\n');
}

function mark(id: string): string {
  return `---- attempt ${id}, piece `;
}

import { displayWidth, padEnd, padStart } from '../text-width.ts';

/**
 * A table that also reads well as plain text: columns are padded, columns of figures stand to the right.
 * Cells must be inert Markdown on one line already. The last column is not padded, so that long text makes no trailing space.
 */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((title, index) =>
    column(
      title,
      rows.map((row) => row[index] ?? ''),
      index === head.length - 1,
    ),
  );
  const lines = [head, ...rows].map((row) => line(columns.map((one, index) => one.pad(row[index] ?? ''))));
  const rule = line(columns.map((one) => one.rule));
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function column(title: string, cells: readonly string[], last: boolean) {
  const figures = cells.length > 0 && cells.every((cell) => /^(-|-?[\d,.]+( (%|ms|s|MiB|KiB))?)$/.test(cell));
  const widest = Math.max(3, ...[title, ...cells].map(displayWidth));
  const width = last && !figures ? 3 : widest;
  const rule = figures ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  return { rule, pad: (cell: string) => (figures ? padStart(cell, width) : padEnd(cell, width)) };
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ').trimEnd()} |`;
}

import { terminalLine } from '../terminal-line.ts';
import { displayWidth, padEnd } from '../text-width.ts';

/** Columns padded by spaces, two apart; the last one is not padded. Cells may hold any text: it is made inert here. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(terminalLine));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(0, ...cells.map((row) => displayWidth(row[index] ?? ''))),
  );
  return cells
    .map((row) =>
      row
        .map((cell, index) => padEnd(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
